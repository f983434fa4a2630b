import {
  type Beneficiary,
  CATALOGUE_FACTS,
  type Catalogue,
  type CatalogueEntry,
  type CataloguePhase,
  catalogueJudge,
  type Facts,
  type Judge,
  type Pathway,
  type Term,
} from '../programmes/index.ts'
import { type AvailabilityAt, availabilityAt } from './availability.ts'
import type { Circumstances } from './circumstances.ts'

/** What suggestions are asked for: focus areas (any of them is enough), subjects named, and a day. */
export type Asked = {
  readonly areas: readonly { readonly id: string; readonly name: string }[]
  readonly subjects: readonly string[]
  readonly on: string
  readonly terms: readonly Term[]
}

export type WhyNot = {
  readonly code: 'beneficiary' | 'eligibility' | 'phase' | 'availability' | 'area' | 'subject'
  readonly text: string
}

export type Suggested = {
  readonly entry: CatalogueEntry
  readonly reasons: readonly string[]
  /** What must be checked before anybody relies on it: a fact that is not held, or whom it is made for. */
  readonly check: readonly string[]
  readonly extras: readonly string[]
  readonly pathways: readonly Pathway[]
  readonly availability: AvailabilityAt
}
export type NotSuggested = {
  readonly entry: CatalogueEntry
  readonly because: readonly WhyNot[]
  readonly availability: AvailabilityAt
}
export type Suggestions = { readonly suggested: readonly Suggested[]; readonly notSuggested: readonly NotSuggested[] }

/** Every entry either way, each with its reason (TSI-166). The most fitting first, then in the order of the catalogue. */
export function suggest(catalogue: Catalogue, circumstances: Circumstances, asked: Asked): Suggestions {
  const suggested: (Suggested & { rank: number })[] = []
  const notSuggested: NotSuggested[] = []
  for (const entry of catalogue.entries) {
    const standing = standingOf(catalogue, entry, circumstances)
    const match = matchNeeds(catalogue, entry, circumstances.facts, asked)
    const availability = availabilityAt(entry, asked.on, asked.terms)
    const ended: WhyNot[] = availability.state === 'open' ? [] : [{ code: 'availability', text: availability.words }]
    const because = [...standing.not, ...ended, ...match.not]
    if (because.length > 0) notSuggested.push({ entry, because, availability })
    else
      suggested.push({
        entry,
        reasons: [...match.reasons, entry.eligibility.text],
        check: standing.check,
        extras: extrasOf(catalogue, entry, circumstances.facts),
        pathways: pathwaysFor(catalogue, entry, circumstances),
        availability,
        rank: match.rank,
      })
  }
  return { suggested: suggested.toSorted((a, b) => a.rank - b.rank).map(({ rank: _, ...one }) => one), notSuggested }
}

/** Whether an entry is for this school or trust at all: reasons why not, and what is to be checked. */
export function standingOf(
  catalogue: Catalogue,
  { eligibility, phases }: CatalogueEntry,
  circumstances: Circumstances,
): { not: WhyNot[]; check: string[] } {
  const judge = catalogueJudge(catalogue)
  const { facts, beneficiary } = circumstances
  const not: WhyNot[] = []
  const check: string[] = []
  if (!eligibility.for.includes(beneficiary))
    not.push({ code: 'beneficiary', text: `for ${beneficiariesInWords(eligibility.for)} only` })
  const eligible = eligibility.when ? judge(eligibility.when, facts) : 'met'
  if (eligible === 'not-met') {
    const said = eligibility.otherwise?.find(({ when }) => judge(when, facts) === 'met')?.say
    not.push({ code: 'eligibility', text: said ?? `only for: ${eligibility.text}` })
  }
  if (eligible === 'unknown') check.push(`Check suitability: ${missingFacts(eligibility.when ?? '', facts)} not held`)
  if (circumstances.phases === null) check.push('Check suitability: the phase is not held')
  else if (!phases.some((phase) => circumstances.phases?.includes(phase)) && beneficiary !== 'authority') {
    const text = `${phasesInWords(phases)} only`
    if (!not.some((one) => one.text === text)) not.push({ code: 'phase', text })
  }
  if (eligibility.suits && judge(eligibility.suits.when, facts) !== 'met')
    check.push(`Check suitability: ${eligibility.suits.say}`)
  return { not, check }
}

const BENEFICIARY_WORDS = { school: 'schools', trust: 'trusts', authority: 'local authorities' }
const PHASE_WORDS = { nursery: 'nursery', primary: 'primary', secondary: 'secondary', '16 plus': 'college' }

function beneficiariesInWords(kinds: readonly Beneficiary[]): string {
  return listed(kinds.map((kind) => BENEFICIARY_WORDS[kind]))
}

/** "secondary or college". */
export function phasesInWords(phases: readonly CataloguePhase[]): string {
  return new Intl.ListFormat('en-GB', { type: 'disjunction' }).format(phases.map((phase) => PHASE_WORDS[phase]))
}

function listed(words: readonly string[]): string {
  return new Intl.ListFormat('en-GB').format(words)
}

/** The facts of the register that a condition names and that are not held. */
function missingFacts(condition: string, facts: Facts): string {
  const named = Object.entries(CATALOGUE_FACTS).filter(
    ([name]) => facts[name] === undefined && new RegExp(`\\b${name}\\b`).test(condition),
  )
  return listed(named.map(([, { title }]) => title)) || 'what it depends on is'
}

type Match = { readonly not: WhyNot[]; readonly reasons: string[]; readonly rank: number }

/** Areas are alternatives; a subject narrows, lifts, or is enough alone. Lower ranks stand first. */
function matchNeeds(catalogue: Catalogue, entry: CatalogueEntry, facts: Facts, asked: Asked): Match {
  const judge = catalogueJudge(catalogue)
  const { subjects } = entry
  const named = namedSubjects(catalogue, asked.subjects)
  const hits = (ids: readonly string[] | undefined) => (ids ?? []).filter((id) => named.has(id))
  const areas = entry.areas === 'all' ? [] : asked.areas.filter(({ id }) => entry.areas.includes(id))
  const alone = hits(subjects?.alone)
  const byFact = subjects?.['or-when'] !== undefined && judge(subjects['or-when'], facts) === 'met'
  const subjectHits = [...hits(subjects?.first), ...hits(subjects?.needed), ...alone]
  const reasons = [
    ...(entry.areas === 'all' ? ['Whatever the focus area'] : []),
    ...areas.map(({ name }) => `${name} is in focus`),
    ...subjectHits.map((id) => `Subject: ${titleOf(catalogue.subjects, id)}`),
    ...(byFact ? [sentence(subjects?.['or-say'] ?? '')] : []),
  ]
  const enough = entry.areas === 'all' || areas.length > 0 || alone.length > 0 || byFact
  if (!enough) return { not: [{ code: 'area', text: areaWords(entry) }], reasons, rank: 0 }
  if (subjects?.needed && hits(subjects.needed).length === 0 && !byFact) {
    const titles = subjects.needed.map((id) => titleOf(catalogue.subjects, id))
    return { not: [{ code: 'subject', text: `only where a subject is named: ${listed(titles)}` }], reasons, rank: 0 }
  }
  return { not: [], reasons, rank: rankOf(entry, areas, subjectHits.length > 0 || byFact) }
}

function rankOf(entry: CatalogueEntry, areas: Asked['areas'], bySubject: boolean): number {
  if (bySubject) return 0
  if (areas.some(({ id }) => entry.leads?.includes(id))) return 1
  if (entry.areas === 'all') return 3
  return entry.subjects?.first ? 4 : 2
}

function areaWords(entry: CatalogueEntry): string {
  return entry.areas.length === 0 ? 'its parts are suggested one by one' : 'none of its areas is in focus'
}

/** The subjects asked for, each with the wider one that it belongs to. */
function namedSubjects({ subjects }: Catalogue, asked: readonly string[]): Set<string> {
  const wider = asked.flatMap((id) => subjects.find((subject) => subject.id === id)?.of ?? [])
  return new Set([...asked, ...wider])
}

function extrasOf(catalogue: Catalogue, entry: CatalogueEntry, facts: Facts): string[] {
  const judge = catalogueJudge(catalogue)
  return (entry.extras ?? []).filter(({ when }) => judge(when, facts) === 'met').map(({ say }) => say)
}

/** The ways through an entry that are open to this school or trust; one whose facts are unknown stays shown. */
export function pathwaysFor(catalogue: Catalogue, entry: CatalogueEntry, circumstances: Circumstances): Pathway[] {
  const judge = catalogueJudge(catalogue)
  return entry.pathways.filter((pathway) => whyNoPathway(pathway, circumstances, judge) === undefined)
}

/** Why a pathway is not for this school or trust; undefined when it is. */
export function whyNoPathway(pathway: Pathway, circumstances: Circumstances, judge: Judge): string | undefined {
  const { beneficiary, phases, facts } = circumstances
  if (pathway.for && !pathway.for.includes(beneficiary)) return `for ${beneficiariesInWords(pathway.for)} only`
  if (pathway.phases && phases && !pathway.phases.some((phase) => phases.includes(phase)))
    return `${phasesInWords(pathway.phases)} only`
  if (pathway.when && judge(pathway.when, facts) === 'not-met') return 'not for this school'
  return undefined
}

function titleOf(words: readonly { readonly id: string; readonly name: string }[], id: string): string {
  return words.find((word) => word.id === id)?.name ?? id
}

function sentence(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}

/** Suggestions on which nobody has decided yet: a warning where a case is handed in, never a bar (TSI-165). */
export function listUndecided(
  { suggested }: Pick<Suggestions, 'suggested'>,
  decided: readonly { readonly entry: string }[],
): CatalogueEntry[] {
  const done = new Set(decided.map(({ entry }) => entry))
  return suggested.map(({ entry }) => entry).filter(({ id, group }) => group !== undefined && !done.has(id))
}
