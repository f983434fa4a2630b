import { longDate } from '../platform/words.ts'
import { describeStudies } from './describe-study.ts'
import { describeLetters } from './letters.ts'
import { type EligibilityRow, isRuleRow, originsOf, type Pack, packRef } from './pack-schema.ts'

/** "A programme in plain words": finished strings with their sources, ready for a template to print. */
export type PackDescription = {
  readonly ref: string
  readonly title: string
  readonly summary: string
  readonly issued: string
  readonly year: string
  /** What of it this release does not run, in a sentence; empty where everything runs. */
  readonly notRun: string
  readonly criteria: { readonly lead: string; readonly rows: readonly Cited[]; readonly trusts?: Cited }
  readonly settings: readonly Cited[]
  readonly entitlements: readonly Cited[]
  readonly roles: readonly Cited[]
  readonly terms: readonly Cited[]
  /** What a limit in days counts. */
  readonly calendar: Cited
  readonly focusAreas: readonly string[]
  readonly values: readonly Cited[]
  readonly matching: readonly Cited[]
  readonly letters: readonly Cited[]
  readonly studies: readonly Cited[]
  readonly words: readonly { readonly word: string; readonly meaning: string }[]
}
/** One statement of policy; `cites` are requirement ids, or "setting: …" for a number of our own. */
export type Cited = { readonly id: string; readonly text: string; readonly cites: readonly string[] }

const SCOPE_IN_WORDS: { readonly [scope: string]: string } = {
  all: 'everything',
  region: 'the region',
  authority: 'the local authority',
  alliance: 'the alliance',
  network: 'the network',
  own: 'the own school or trust',
  division: 'the division',
  phase: 'the phase',
  'subject-area': 'the subject area',
  assigned: 'the cases assigned',
  self: 'the own record',
  named: 'what is shared by name',
}
const HIT_IN_WORDS = {
  any: 'Any one of these is enough.',
  all: 'All of these must hold.',
  priority: 'The first of these that holds decides.',
}

export function describePack(pack: Pack): PackDescription {
  const year = pack['academic-year']
  const trusts = pack.eligibility.trusts
  const terms = pack.terms.default.map((term) => `${term.name}: ${longDate(term.from)} to ${longDate(term.to)}`)
  return {
    ref: packRef(pack),
    title: pack.title,
    summary: pack.summary.trim(),
    issued: `Version ${pack.version}, issued ${monthInWords(pack.issued)}`,
    year: `Academic year ${year.name}: ${longDate(year.from)} to ${longDate(year.to)}`,
    notRun: notRunInWords(pack),
    criteria: {
      lead: [HIT_IN_WORDS[pack.eligibility.hit], pack.eligibility.none && `Where none holds: ${pack.eligibility.none}.`]
        .filter(Boolean)
        .join(' '),
      rows: pack.eligibility.rows.map((row) => ({ id: row.id, text: describeRow(row, pack), cites: row.cites })),
      ...(trusts && { trusts: { id: 'trusts', text: describeTrusts(trusts, pack), cites: trusts.cites } }),
    },
    settings: describeSettings(pack),
    entitlements: Object.entries(pack.entitlements ?? {}).map(([id, entitlement]) => ({
      id,
      text: describeEntitlement(entitlement, pack),
      cites: entitlement.cites,
    })),
    roles: describeRoles(pack),
    terms: terms.map((text, index) => ({ id: pack.terms.default[index]?.id ?? '', text, cites: pack.terms.cites })),
    calendar: { id: 'calendar', text: daysInWords(pack.calendar), cites: pack.calendar.cites },
    focusAreas: pack['focus-areas']?.areas.map((area) => area.name) ?? [],
    values: Object.entries(pack.values ?? {}).map(([id, value]) => ({
      id,
      text: `${value.title}, one for each ${listInWords(value.by)}, kept by: ${roleTitle(value.edit, pack)}`,
      cites: value.cites,
    })),
    matching: describeMatching(pack),
    letters: describeLetters(pack),
    studies: describeStudies(pack),
    words: Object.entries(pack.words ?? {}).map(([word, meaning]) => ({ word, meaning })),
  }
}

function describeRow(row: EligibilityRow, pack: Pack): string {
  if (isRuleRow(row)) return `${row.title}.`
  const judges = listInWords(
    row['judged-by'].map((role) => roleTitle(role, pack)),
    'or',
  )
  const roles = originsOf(row).flatMap((origin) => [...origin['asked-by'], ...(origin['asked-for-by'] ?? [])])
  const askers = listInWords(
    [...new Set(roles)].map((role) => roleTitle(role, pack)),
    'or',
  )
  return `${row.title}. Decided by: ${judges}.${askers && ` May be asked for by: ${askers}.`}`
}

function describeTrusts(trusts: NonNullable<Pack['eligibility']['trusts']>, pack: Pack): string {
  const titles = trusts.through.map((id) => pack.eligibility.rows.find((row) => row.id === id)?.title ?? id)
  return `A trust qualifies through a school of its own: ${listInWords(titles.map(lowerFirst), 'or')}.`
}

function describeSettings(pack: Pack): Cited[] {
  return Object.entries(pack.eligibility.parameters ?? {}).map(([id, parameter]) => ({
    id,
    text: `${parameter.title}: ${parameter.value}`,
    cites: parameter.cites,
  }))
}

function describeEntitlement(entitlement: NonNullable<Pack['entitlements']>[string], pack: Pack): string {
  const levels = entitlement['by-level']
  if (levels) return describeLevels(entitlement, levels, pack)
  const { unit, grant, min, max } = entitlement
  const range = min !== undefined && max !== undefined && max > grant ? `, from ${min} to ${max}` : ''
  const parts = [
    `${entitlement.title}: ${grant} ${unit}${grant === 1 ? '' : 's'} for each ${entitlement.per}${range}, in steps of ${entitlement.step}`,
    entitlement.extra && `at most ${entitlement.extra.max} more when approved`,
    entitlement.rate !== undefined &&
      `£${entitlement.rate} a ${entitlement.unit}${entitlement['all-in'] ? ', all costs included' : ''}`,
  ]
  return `${parts.filter(Boolean).join('; ')}.`
}

type Entitlement = NonNullable<Pack['entitlements']>[string]

function describeLevels(
  entitlement: Entitlement,
  { standing, levels }: NonNullable<Entitlement['by-level']>,
  pack: Pack,
) {
  const order = pack.process?.standings?.[standing]?.order ?? []
  const amounts = Object.entries(levels).map(([level, { per, grant, min, max }]) => {
    const range =
      max === undefined ? ', and no upper limit' : min !== undefined && min < max ? `, from ${min} to ${max}` : ''
    return `${order.find(({ id }) => id === level)?.title ?? level} ${grant} a ${per}${range}`
  })
  return `${entitlement.title}, in ${entitlement.unit}s: ${amounts.join('; ')}.`
}

/** "described, not run by this release": the whole pack, or the parts that no release runs yet. */
export function notRunInWords(pack: Pick<Pack, 'not-run-yet' | 'runs' | 'process'>): string {
  if (pack.runs)
    return `Run by this release: ${listInWords(titlesRun(pack))}. Everything else of this programme is described, not run: no other case of it can begin, and nothing else falls due.`
  if (pack['not-run-yet'])
    return 'This programme is described, not run by this release: no case of it can begin, nothing falls due and nobody is told. Its roles can be granted and do not let anybody do anything yet.'
  const parts = (['standings', 'triggers', 'duties'] as const).filter((part) => pack.process?.[part] !== undefined)
  return parts.length > 0 ? `Described, not run by this release: ${listInWords(parts)}.` : ''
}

function titlesRun({ runs = {}, process }: Pick<Pack, 'runs' | 'process'>): string[] {
  return (['standings', 'flows', 'duties'] as const).flatMap((part) =>
    (runs[part] ?? []).map((id) => {
      const title = process?.[part]?.[id]?.title ?? id
      return /^[A-Z][a-z]/.test(title) ? lowerFirst(title) : title
    }),
  )
}

function daysInWords(calendar: Pack['calendar']): string {
  return calendar['short-days'] === 'working days'
    ? 'A limit in days counts working days: no weekends, no bank holidays of England.'
    : 'A limit in days counts every day; one in working days leaves out weekends and bank holidays of England.'
}

function describeRoles(pack: Pack): Cited[] {
  return Object.entries(pack.roles).map(([id, role]) => {
    const scope = listInWords(role.scope.map((name) => SCOPE_IN_WORDS[name] ?? name))
    const single = role.holders === 'one' ? '; one holder at a time' : ''
    const stand = role.vacant ? `; while vacant: ${roleTitle(role.vacant, pack)}` : ''
    const apart = role['conflicts-with']?.map((other) => roleTitle(other, pack)) ?? []
    const never = apart.length > 0 ? `; never the same person as: ${listInWords(apart, 'or')}` : ''
    const text = `${role.title}: sees ${scope}${single}${stand}${never}. Granted by: ${roleTitle(role['granted-by'], pack)}.`
    return { id, text, cites: role.cites }
  })
}

function describeMatching(pack: Pack): Cited[] {
  const matching = pack.matching
  if (!matching) return []
  const types = [...matching['leader-types'].types].sort((a, b) => a.rank - b.rank).map((type) => type.name)
  const cited = (
    entries: { [id: string]: { title: string; cites: string[] } },
    words: (id: string) => string,
  ): Cited[] => Object.entries(entries).map(([id, { title, cites }]) => ({ id, text: `${title}: ${words(id)}`, cites }))
  return [
    { id: 'leader-types', text: `Order of leaders: ${types.join(', then ')}`, cites: matching['leader-types'].cites },
    ...cited(matching.weights, (id) => `weight ${matching.weights[id]?.weight}`),
    ...cited(matching.limits, (id) => `${matching.limits[id]?.value} ${matching.limits[id]?.unit}`),
    ...cited(matching.conflicts, (id) => (matching.conflicts[id]?.active ? 'counts as a conflict' : 'is no conflict')),
  ]
}

function roleTitle(role: string, pack: Pack): string {
  return pack.roles[role]?.title ?? role
}

function monthInWords(issued: string): string {
  const day = issued.length > 7
  return day ? longDate(issued) : longDate(`${issued}-01`).replace(/^1 /, '')
}

function listInWords(items: readonly string[], joiner: 'and' | 'or' = 'and'): string {
  return new Intl.ListFormat('en-GB', { type: joiner === 'and' ? 'conjunction' : 'disjunction' }).format(items)
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1)
}
