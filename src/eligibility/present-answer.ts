import { type ListColumn, type ListQuery, PAGE_SIZE, presentList } from '../platform/web/list.ts'
import { countOf, longDate } from '../platform/words.ts'
import { describePack, isRuleRow, type Pack, packRef } from '../programmes/index.ts'
import { getEnglandMap } from '../register/index.ts'
import { chooseSchools, countBy, latestJudgement } from './answer-list.ts'
import { markInWords, marksOf } from './evaluate.ts'
import type { JudgedRegister, JudgedSchool } from './judge-register.ts'
import { summaryOf } from './judged-summary.ts'
import { CHANGED_PREFIX, type Question } from './question.ts'

const COLUMNS: readonly ListColumn[] = [
  { id: 'name', text: 'School', sortable: true },
  { id: 'why', text: 'Why' },
  { id: 'latest', text: 'Latest judgement', sortable: true },
  { id: 'authority', text: 'Authority', sortable: true },
  { id: 'region', text: 'Region', sortable: true },
  { id: 'phase', text: 'Phase', sortable: true },
]

/**
 * The reasons of a school's outcome in one line: the evidence of what is met, else of what cannot be told; and what of the
 * school is a correction of the register.
 */
export function reasonOf({ evaluation, school }: Pick<JudgedSchool, 'evaluation' | 'school'>): string {
  const rows = evaluation.rows.filter((row) => row.result === 'met')
  const deciding = rows.length > 0 ? rows : evaluation.rows.filter((row) => row.result === 'unknown')
  const shown = deciding.length > 0 ? deciding : evaluation.rows.filter((row) => row.result === 'not-met')
  const corrected = school.corrected ? [`On corrected facts: ${school.corrected}.`] : []
  return [...shown.map((row) => row.evidence), ...corrected].join(' ')
}

/** One line of the list, also the line of its CSV and ODS. */
export function toLine(one: JudgedSchool) {
  const { school, evaluation } = one
  return {
    urn: school.urn,
    name: school.name,
    why: reasonOf(one),
    criteria: evaluation.rows
      .filter((row) => row.result === 'met')
      .map((row) => row.title)
      .join('; '),
    basis: basisInWords(one),
    marks: marksOf(evaluation).map(markInWords).join('; '),
    latest: latestJudgement(evaluation.rows) ?? '',
    authority: school.authority ?? 'not held',
    region: school.region ?? 'not held',
    phase: school.phase ?? 'not held',
    trust: school.trust ?? '',
    outcome: outcomeInWords(one),
  }
}

export function outcomeInWords({ evaluation }: Pick<JudgedSchool, 'evaluation'>): string {
  if (evaluation.outcome === 'eligible') return 'Qualifies'
  return evaluation.outcome === 'not-categorised' ? 'Cannot be told' : 'Does not qualify'
}

function basisInWords({ evaluation }: JudgedSchool): string {
  switch (evaluation.basis) {
    case 'chain':
      return 'with its predecessor’s inspections'
    case 'filed-later':
      return 'with an inspection filed under a later URN'
    default:
      return ''
  }
}

type Parts = {
  question: Question
  judged: JudgedRegister
  asIf: JudgedRegister
  asked: ListQuery
  runs: readonly unknown[]
}

/** Everything that the page "who qualifies" prints. `judged` is by the edition itself, `asIf` by its changed settings. */
export function presentAnswer({ question, judged, asIf, asked, runs }: Parts) {
  const { pack, on } = question
  const path = `/eligibility/${packRef(pack)}`
  const chosen = chooseSchools(asIf, asked)
  const { eligible, cannotTell, metBy } = summaryOf(asIf)
  const kept = {
    on,
    ...Object.fromEntries(Object.entries(question.changed).map(([id, value]) => [CHANGED_PREFIX + id, String(value)])),
  }
  const listed = { ...asked, filters: { ...kept, ...asked.filters } }
  const list = presentList(path, listed, COLUMNS, chosen.length, filterWords(pack, asIf, asked))
  return {
    path,
    ref: packRef(pack),
    on,
    day: longDate(on),
    description: describePack(pack),
    eligibleCount: eligible.length,
    consideredCount: asIf.schools.length,
    unknownCount: cannotTell.length,
    criteria: pack.eligibility.rows.map((row) => ({
      id: row.id,
      title: row.title,
      cites: row.cites.join(', '),
      byPerson: !isRuleRow(row),
      count: metBy.get(row.id) ?? 0,
    })),
    snapshots: asIf.snapshots.map((one) => ({ ...one, lacking: one.lacks.join(', ') })),
    list: {
      ...list,
      chips: list.chips.filter(
        (_, index) =>
          !(Object.keys(listed.filters)[index] ?? '').startsWith('on') &&
          !(Object.keys(listed.filters)[index] ?? '').startsWith(CHANGED_PREFIX),
      ),
    },
    counted: countOf(chosen.length, 'school'),
    lines: chosen.slice((asked.page - 1) * PAGE_SIZE, asked.page * PAGE_SIZE).map(toLine),
    filters: presentFilters(asIf, asked, pack),
    kept,
    whatIf: presentWhatIf(question, judged, asIf),
    settings: presentSettings(question),
    regions: countBy(eligible, (one) => one.school.region),
    phases: countBy(eligible, (one) => one.school.phase),
    map: presentMap(chosen),
    runs,
  }
}

function filterWords(pack: Pack, asIf: JudgedRegister, asked: ListQuery): Record<string, string> {
  const { q, row, authority, trust, show } = asked.filters
  const school = asIf.schools.find(
    (one) => one.school.authorityCode === authority || one.school.trustUid === trust,
  )?.school
  return {
    ...(q && { q: `“${q}”` }),
    ...(row && { row: pack.eligibility.rows.find((one) => one.id === row)?.title ?? row }),
    ...(authority && { authority: school?.authority ?? authority }),
    ...(trust && { trust: school?.trust ?? trust }),
    ...(show && { show: show === 'all' ? 'All schools considered' : 'Cannot be told' }),
  }
}

function presentFilters(asIf: JudgedRegister, asked: ListQuery, pack: Pack) {
  const options = (values: readonly { value: string; text: string }[], chosen: string | undefined, none: string) => [
    { value: '', text: none },
    ...values.map((one) => ({ ...one, selected: one.value === chosen })),
  ]
  const { regions, authorities, phases } = summaryOf(asIf)
  const rules = pack.eligibility.rows.map((row) => ({ value: row.id, text: row.title }))
  return {
    q: asked.filters.q ?? '',
    region: options(regions, asked.filters.region, 'All regions'),
    authority: options(authorities, asked.filters.authority, 'All authorities'),
    phase: options(phases, asked.filters.phase, 'All phases'),
    row: options(rules, asked.filters.row, 'Any criterion'),
    show: options(
      [
        { value: 'cannot-tell', text: 'Cannot be told' },
        { value: 'all', text: 'All considered' },
      ],
      asked.filters.show,
      'Schools that qualify',
    ),
  }
}

function presentSettings({ pack, changed }: Question) {
  return Object.entries(pack.eligibility.parameters ?? {}).map(([id, parameter]) => ({
    name: CHANGED_PREFIX + id,
    title: parameter.title,
    own: parameter.value,
    value: changed[id] ?? parameter.value,
    cites: parameter.cites.join(', '),
  }))
}

/** Who would enter and who would leave with the changed settings; null when nothing is changed. */
function presentWhatIf({ changed }: Question, judged: JudgedRegister, asIf: JudgedRegister) {
  if (Object.keys(changed).length === 0) return null
  const now = new Set(summaryOf(judged).eligible.map((one) => one.school.id))
  const then = new Set(summaryOf(asIf).eligible.map((one) => one.school.id))
  const entering = summaryOf(asIf).eligible.filter((one) => !now.has(one.school.id))
  const leaving = asIf.schools.filter((one) => now.has(one.school.id) && !then.has(one.school.id))
  return { now: now.size, changed: then.size, entering: entering.map(toLine), leaving: leaving.map(toLine) }
}

const MOST_DOTS = 2000

function presentMap(chosen: readonly JudgedSchool[]) {
  const { place, ...map } = getEnglandMap()
  const dots = chosen.flatMap(({ school: { easting, northing } }) =>
    easting !== null && northing !== null ? [place({ easting, northing })] : [],
  )
  return {
    ...map,
    dots: dots.slice(0, MOST_DOTS),
    withoutPlace: chosen.length - dots.length,
    cut: Math.max(0, dots.length - MOST_DOTS),
  }
}
