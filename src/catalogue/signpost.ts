import { accept, type Decision, type Refusal, refuse } from '../platform/decision.ts'
import { type Catalogue, type CatalogueEntry, catalogueJudge, type Pathway, type Term } from '../programmes/index.ts'
import { availabilityAt } from './availability.ts'
import { pounds } from './calculate.ts'
import type { Circumstances } from './circumstances.ts'
import { standingOf, whyNoPathway } from './suggest.ts'

export const SIGNPOST_KINDS = ['signposted', 'in-use', 'not-relevant', 'note'] as const
export type SignpostKind = (typeof SIGNPOST_KINDS)[number]

/**
 * What a leader decides about one entry for a school or trust. It says nothing about any person: only the role that was
 * told, never who uses an offer (TSI-192).
 */
export type SignpostCommand = {
  readonly kind: SignpostKind
  readonly entry: string
  /** ISO date of the decision. */
  readonly on: string
  readonly area?: string | undefined
  readonly told?: string | undefined
  readonly pathway?: string | undefined
  /** Planned working days. */
  readonly days?: number | undefined
  /** Source of the school's own share. */
  readonly funding?: string | undefined
  readonly fixedPrice?: number | undefined
  readonly confirmed?: boolean | undefined
  readonly hub?: string | undefined
  readonly reason?: string | undefined
  /** Answers to the entry's questions, by id. */
  readonly answers?: Readonly<Record<string, string>> | undefined
  /** One of the entry's own notes, with its answer and words. */
  readonly note?: { readonly id: string; readonly answer?: string; readonly words?: string } | undefined
}

export type SignpostFacts = {
  readonly circumstances: Circumstances
  readonly terms: readonly Term[]
  /** How often this entry was signposted to the same school before, over all its cases. */
  readonly earlier: number
}

/** What is to be stored, with the way in as it was shown; `warnings` bar nothing. */
export type Signpost = {
  readonly kind: SignpostKind
  readonly entry: string
  readonly on: string
  readonly area: string | null
  readonly told: string | null
  readonly route: readonly string[]
  readonly details: Readonly<Record<string, string | number | boolean>>
  readonly reason: string | null
  readonly warnings: readonly Refusal[]
}

/** All broken rules at once (TSI-023, 160, 165, 178 to 181, 187, 191, 205). */
export function decideSignpost(
  catalogue: Catalogue,
  command: SignpostCommand,
  facts: SignpostFacts,
): Decision<Signpost> {
  const entry = catalogue.entries.find((one) => one.id === command.entry)
  if (!entry)
    return refuse(fault('entry.unknown', `There is no programme "${command.entry}" in this catalogue`, 'entry'))
  const refusals = refusalsFor(catalogue, entry, command, facts)
  return refusals.length > 0 ? refuse(...refusals) : accept(signpostOf(entry, command, facts))
}

function refusalsFor(
  catalogue: Catalogue,
  entry: CatalogueEntry,
  command: SignpostCommand,
  facts: SignpostFacts,
): Refusal[] {
  switch (command.kind) {
    case 'in-use':
      return []
    case 'not-relevant':
      return command.reason?.trim() ? [] : [fault('reason.missing', 'Say why it is not relevant', 'reason')]
    case 'note':
      return [...standingFaults(catalogue, entry, facts), ...noteFaults(entry, command)]
    case 'signposted':
      return [
        ...standingFaults(catalogue, entry, facts),
        ...availabilityFaults(entry, command, facts),
        ...pathwayFaults(catalogue, entry, command, facts),
        ...moneyFaults(entry, command),
        ...questionFaults(entry, command),
      ]
  }
}

function fault(code: string, message: string, field: string): Refusal {
  return { code, message, field }
}

function standingFaults(catalogue: Catalogue, entry: CatalogueEntry, { circumstances }: SignpostFacts): Refusal[] {
  return standingOf(catalogue, entry, circumstances).not.map(({ text }) =>
    fault('entry.not-for', `${entry.title}: ${text}`, 'entry'),
  )
}

function availabilityFaults(entry: CatalogueEntry, { on }: SignpostCommand, { terms }: SignpostFacts): Refusal[] {
  const { state, words } = availabilityAt(entry, on, terms)
  return state === 'open' ? [] : [fault(`entry.${state}`, `${entry.title}: ${words}`, 'entry')]
}

/** A signposting without a pathway is allowed (TSI-173); days need one whose range they can be held against. */
function pathwayFaults(
  catalogue: Catalogue,
  entry: CatalogueEntry,
  command: SignpostCommand,
  { circumstances }: SignpostFacts,
): Refusal[] {
  const { days } = command
  if (!command.pathway) {
    const dated = entry.pathways.some((one) => one.days)
    return days === undefined || !dated ? [] : [fault('pathway.missing', 'Choose the pathway of these days', 'pathway')]
  }
  const pathway = entry.pathways.find((one) => one.id === command.pathway)
  if (!pathway) return [fault('pathway.unknown', `${entry.title} has no pathway "${command.pathway}"`, 'pathway')]
  const why = whyNoPathway(pathway, circumstances, catalogueJudge(catalogue))
  return [
    ...(why ? [fault('pathway.not-for', `${pathway.name}: ${why}`, 'pathway')] : []),
    ...(pathway.closed ? [fault('pathway.closed', `${pathway.name}: ${pathway.closed}`, 'pathway')] : []),
    ...rangeFaults(pathway, days),
    ...(pathway.ask && command.confirmed && !command.hub?.trim()
      ? [fault('hub.missing', `${pathway.name} can be confirmed only with the name of the hub`, 'hub')]
      : []),
  ]
}

function rangeFaults({ name, days: range }: Pathway, days: number | undefined): Refusal[] {
  if (days === undefined || !range || (days >= range.min && days <= range.max)) return []
  return [fault('days.out-of-range', `${name} takes ${range.min}-${range.max} days`, 'days')]
}

function moneyFaults({ cost, title }: CatalogueEntry, { funding, fixedPrice }: SignpostCommand): Refusal[] {
  const refusals: Refusal[] = []
  if (fixedPrice !== undefined && cost.kind === 'set-by-hub')
    refusals.push(fault('price.fixed', `${title}: no price can be fixed here. ${cost.text}`, 'fixedPrice'))
  if (!funding || !cost.sources) return refusals
  const barred = cost.sources.refused.find(({ id }) => id === funding)
  if (barred) refusals.push(fault('funding.refused', `${barred.name}: ${barred.because}`, 'funding'))
  else if (!cost.sources.accepted.some(({ id }) => id === funding)) {
    const names = cost.sources.accepted.map(({ name }) => name).join(' or ')
    refusals.push(fault('funding.unknown', `The school's own share comes from: ${names}`, 'funding'))
  }
  return refusals
}

function questionFaults({ questions = [] }: CatalogueEntry, { answers = {} }: SignpostCommand): Refusal[] {
  return questions
    .filter(({ id }) => answers[id] !== 'yes' && answers[id] !== 'no')
    .map(({ id, text }) => fault('answer.missing', `Answer yes or no: ${text}`, `answer-${id}`))
}

function noteFaults({ notes = [], title }: CatalogueEntry, { note }: SignpostCommand): Refusal[] {
  const known = notes.find(({ id }) => id === note?.id)
  if (!note || !known) return [fault('note.unknown', `${title} has no such note`, 'note')]
  if (known.kind !== 'answer') return []
  const refusals: Refusal[] = []
  if (!known.answers?.some(({ id }) => id === note.answer))
    refusals.push(fault('answer.missing', `${known.title} Choose an answer`, 'answer'))
  if (known['words-for']?.includes(note.answer ?? '') && !note.words?.trim())
    refusals.push(fault('words.missing', 'Say in a note why', 'words'))
  return refusals
}

function signpostOf(entry: CatalogueEntry, command: SignpostCommand, { terms, earlier }: SignpostFacts): Signpost {
  const { pathway, days, funding, confirmed, hub, answers, note } = command
  const known = entry.notes?.find(({ id }) => id === note?.id)
  const { nextStart } = availabilityAt(entry, command.on, terms)
  const details = {
    pathway,
    days,
    funding,
    confirmed,
    hub,
    ...answers,
    ...(note && { note: note.id, noteKind: known?.kind, answer: note.answer, words: note.words }),
    ...(known?.kind === 'request' && { mailbox: entry.access.mailbox }),
    ...(command.kind === 'signposted' && { nextStart: nextStart ?? undefined, cost: entry.cost.text }),
  }
  return {
    kind: command.kind,
    entry: entry.id,
    on: command.on,
    area: command.area ?? null,
    told: command.told ?? null,
    route: entry.access.route,
    details: Object.fromEntries(
      Object.entries(details).flatMap(([key, value]) => (value === undefined ? [] : [[key, value]])),
    ),
    reason: command.reason?.trim() || null,
    warnings: warningsFor(entry, command, earlier),
  }
}

/** A second grant for the same school may be right: it is said, not barred (TSI-191). */
function warningsFor({ cost, title }: CatalogueEntry, { kind }: SignpostCommand, earlier: number): Refusal[] {
  if (kind !== 'signposted' || cost.once === undefined || earlier === 0) return []
  const amount = cost.amount === undefined ? 'The grant' : `The grant of ${pounds(cost.amount)}`
  return [fault('grant.second', `${title}: ${amount} is paid once for each school, and one was noted before`, 'entry')]
}
