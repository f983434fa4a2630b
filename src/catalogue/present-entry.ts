import { countOf } from '../platform/words.ts'
import { type CatalogueEntry, type CatalogueRule, catalogueJudge, type Pathway, packRef } from '../programmes/index.ts'
import { availabilityAt } from './availability.ts'
import type { CatalogueContext } from './context.ts'
import { findContact } from './local-places.ts'
import { pathwaysFor, phasesInWords, standingOf } from './suggest.ts'

/** One entry as the API answers it and the pages print it, as it stands on the day and for the school, if one is named. */
export function presentEntry(context: CatalogueContext, entry: CatalogueEntry) {
  const { pack, catalogue, on, circumstances, terms } = context
  const standing = circumstances ? standingOf(catalogue, entry, circumstances) : null
  const barred = standing !== null && standing.not.length > 0
  const pathways = circumstances && !barred ? pathwaysFor(catalogue, entry, circumstances) : entry.pathways
  const parts = catalogue.entries.filter(({ of }) => of === entry.id)
  return {
    id: entry.id,
    title: entry.title,
    href: entryHref(context, entry.id),
    ...headingOf(context, entry),
    of: partOf(context, entry),
    type: entry.type ?? null,
    eligibility: entry.eligibility.text,
    phases: entry.phases,
    areas: entry.areas === 'all' ? ['All'] : namesOf(pack['focus-areas']?.areas ?? [], entry.areas),
    ...presentCost(entry),
    access: presentAccess(context, entry),
    offer: entry.offer,
    pathways: pathways.map(presentPathway),
    availability: availabilityAt(entry, on, terms),
    ...presentMore(context, entry),
    ...presentForSchool(entry, barred),
    parts: parts.map(({ id, title, type }) => ({ id, title, type: type ?? null, href: entryHref(context, id) })),
    partsInWords: partsInWords(parts),
    standing: standing && { why: standing.not.map(({ text }) => text), check: standing.check },
    sourceVersion: sourceOf(context),
    cites: entry.cites,
  }
}
export type PresentedEntry = ReturnType<typeof presentEntry>

export function entryHref({ pack, circumstances, on, typed }: CatalogueContext, id: string): string {
  const query = new URLSearchParams()
  if (circumstances) query.set(circumstances.beneficiary, circumstances.key)
  if (typed.on) query.set('on', on)
  const address = `/programmes/${packRef(pack)}/catalogue/${id}`
  return query.size > 0 ? `${address}?${query}` : address
}

function headingOf({ catalogue }: CatalogueContext, entry: CatalogueEntry) {
  const at = catalogue.groups.findIndex(({ id }) => id === entry.group)
  const kind = catalogue.kinds.find(({ id }) => id === entry.kind)
  const group = catalogue.groups[at]
  return { group: group ? { number: at + 1, name: group.name } : null, kind: kind?.name ?? null }
}

function partOf(context: CatalogueContext, { of }: CatalogueEntry) {
  const whole = context.catalogue.entries.find(({ id }) => id === of)
  return whole ? { id: whole.id, title: whole.title, href: entryHref(context, whole.id) } : null
}

/** "5 specialist, 4 leadership", where parts are of several types. */
function partsInWords(parts: readonly CatalogueEntry[]): string | null {
  const byType = Map.groupBy(parts, ({ type }) => type)
  if (parts.length === 0) return null
  return [...byType]
    .map(([type, list]) => (type ? `${list.length} ${type.toLowerCase()}` : countOf(list.length, 'part')))
    .join(', ')
}

function presentPathway(pathway: Pathway) {
  const { id, name, text, days, years, closed, ask, phases } = pathway
  return {
    id,
    name,
    text: text ?? null,
    days: days ? { min: days.min, max: days.max, words: `${days.min}-${days.max} days` } : null,
    duration: years === undefined ? null : `typically ${countOf(years, 'year')}`,
    only: phases ? `${phasesInWords(phases)} only` : null,
    availability: closed ? `closed: ${closed}` : (ask ?? null),
    open: closed === undefined,
  }
}

function presentCost({ cost }: CatalogueEntry) {
  const { kind, text, amount, history, sources } = cost
  const refused = sources?.refused.map(({ id, name, because }) => ({ id, name, because })) ?? []
  return {
    cost: { kind, text, amount: amount ?? null, history: history ?? [] },
    fundingSources: sources ? { accepted: sources.accepted, refused } : null,
  }
}

function presentAccess({ catalogue, mapped, circumstances }: CatalogueContext, { access }: CatalogueEntry) {
  const { route, application, mailbox, link, local, contact } = access
  return {
    route,
    routeInWords: route.map((step, at) => (at === 0 ? step : lowerFirst(step))).join(', then '),
    application,
    mailbox: mailbox ?? null,
    link: link ?? null,
    local: findContact(catalogue, local, mapped, circumstances),
    contact: findContact(catalogue, contact, mapped, circumstances),
  }
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1)
}

function presentMore({ catalogue }: CatalogueContext, entry: CatalogueEntry) {
  const {
    topics = [],
    stages = [],
    subjects = {},
    figures = [],
    guidance = [],
    questions = [],
    calculators = [],
  } = entry
  const { first = [], needed = [], alone = [] } = subjects
  return {
    topics,
    stages: namesOf(catalogue.stages, stages),
    subjects: namesOf(catalogue.subjects, [...first, ...needed, ...alone]),
    figures,
    guidance,
    questions,
    calculators: calculators.map((id) => ({ id, title: catalogue.calculators[id]?.title ?? id })),
  }
}

/** What is asked or noted of a school that the entry is for; absent for any other (TSI-205). */
function presentForSchool({ conditions = [], notes = [] }: CatalogueEntry, barred: boolean) {
  if (barred) return { conditions: [], notes: [] }
  return { conditions, notes: notes.map(({ id, kind, title, answers = [] }) => ({ id, kind, title, answers })) }
}

function namesOf(words: readonly { readonly id: string; readonly name: string }[], ids: readonly string[]): string[] {
  return ids.map((id) => words.find((word) => word.id === id)?.name ?? id)
}

/** The document that an entry rests on, with its version: the pack's own year is told beside it. */
export function sourceOf({ catalogue: { source } }: Pick<CatalogueContext, 'catalogue'>): string {
  return `${source.title}, version ${source.version}, ${monthInWords(source.issued)}`
}

function monthInWords(month: string): string {
  return Temporal.PlainYearMonth.from(month)
    .toPlainDate({ day: 1 })
    .toLocaleString('en-GB', { month: 'long', year: 'numeric' })
}

/** Rules to read: with a school, in the words of its setting; without one, or where the setting is not held, in all. */
export function presentRules({ catalogue, circumstances }: CatalogueContext, entry?: string) {
  const judge = catalogueJudge(catalogue)
  const byWords = ({ by = [] }: CatalogueRule) => {
    const met = circumstances ? by.filter(({ when }) => judge(when, circumstances.facts) === 'met') : []
    return (met.length > 0 ? met : by).map(({ say }) => say)
  }
  return catalogue.rules
    .filter(({ entries }) => entry === undefined || entries?.includes(entry))
    .map((rule) => ({ id: rule.id, title: rule.title, text: [...rule.text, ...byWords(rule)], cites: rule.cites }))
}
