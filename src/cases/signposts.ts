import {
  type Circumstances,
  countEarlierSignposts,
  type DecidedSignpost,
  decideSignpost,
  findSchoolCircumstances,
  findTrustCircumstances,
  listSignposts,
  listUndecided,
  readCommand,
  type SignpostKind,
  type StoredSignpost,
  standingOf,
  storeSignpost,
  suggest,
} from '../catalogue/index.ts'
import { accept, type Decision, type Refusal, refuse } from '../platform/decision.ts'
import { runAsMachine } from '../platform/scope.ts'
import { type CatalogueEntry, getTerms } from '../programmes/index.ts'
import type { CaseParts } from './case-parts.ts'
import { formOf } from './form-facts.ts'
import { currentPlan } from './form-state.ts'
import { findForm } from './form-store.ts'
import type { LogAsk } from './log-run.ts'
import { dateParts } from './plan-run.ts'
import { isDay } from './read-answers.ts'
import { changeWork, notYours, type WorkDesk } from './work-desk.ts'

/** What the leader decided about a programme of the catalogue, as everybody sees it who sees the case (TSI-023, TSI-165). */
export type Signpost = {
  readonly id: number
  readonly kind: SignpostKind
  /** The same in words: a note says which, what was answered and what was written; a request says whom it goes to. */
  readonly kindInWords: string
  readonly programme: string
  readonly title: string
  readonly area: string | null
  readonly toldOn: string
  readonly toldWhom: string | null
  /** The way in as it was shown on that day. */
  readonly access: string
  readonly reason: string | null
  readonly details: Readonly<Record<string, string | number | boolean>>
  readonly madeBy: string
}

/** What the catalogue offers for the areas in focus: `decided` says what the leader did with it; null while nothing. */
export type Suggestion = {
  readonly programme: string
  readonly title: string
  readonly reasons: readonly string[]
  readonly decided: SignpostKind | null
}

export async function readSignposts({ db, record }: Pick<WorkDesk, 'db' | 'record'>): Promise<Signpost[]> {
  const stored = await runAsMachine(() => listSignposts(db, { record: 'case', recordKey: record.reference }))
  const entries = record.pack.catalogue?.entries ?? []
  return stored.map(({ id, kind, entry, on, area, told, route, details, reason, by }) => ({
    id,
    kind,
    kindInWords: kindInWords({ kind, entry, details }, entries),
    programme: entry,
    title: entries.find((one) => one.id === entry)?.title ?? entry,
    area,
    toldOn: on,
    toldWhom: told,
    access: route.join('; '),
    reason,
    details,
    madeBy: by,
  }))
}

export const KIND_WORDS: Readonly<Record<SignpostKind, string>> = {
  signposted: 'The school was told',
  'in-use': 'In use already',
  'not-relevant': 'Not relevant',
  note: 'Noted',
}

function kindInWords(
  { kind, entry, details }: Pick<StoredSignpost, 'kind' | 'entry' | 'details'>,
  entries: readonly CatalogueEntry[],
): string {
  if (kind !== 'note') return KIND_WORDS[kind]
  const known = entries.find(({ id }) => id === entry)?.notes?.find(({ id }) => id === details['note'])
  const answer = known?.answers?.find(({ id }) => id === details['answer'])?.name
  const what = details['noteKind'] === 'request' ? 'Support request' : (known?.title ?? KIND_WORDS.note)
  const to = details['mailbox'] ? `to ${details['mailbox']}` : ''
  return [what, to, answer, details['words']].filter(Boolean).join(' · ')
}

/** The subject of the case as the catalogue judges it; undefined where the register no longer holds it. */
export function circumstancesOf({ db, record }: Pick<WorkDesk, 'db' | 'record'>): Promise<Circumstances | undefined> {
  return record.trustUid !== null && record.urn === null
    ? findTrustCircumstances(db, record.trustUid)
    : findSchoolCircumstances(db, record.urn ?? 0)
}

/** The focus areas that the form names; none before its section is filled. */
async function areasInFocus({ db, record }: Pick<WorkDesk, 'db' | 'record'>) {
  const found = formOf(record)
  const stored = found && (await findForm(db, record.id, record.state.leaderId))
  if (!found || !stored) return []
  return currentPlan(found.form, stored, record.pack).map(({ key, title }) => ({ id: key, name: title }))
}

/** Suggestions for the areas in focus, and which of them nobody has decided on yet: told, never a bar (TSI-165). */
export async function readSuggestions(
  desk: WorkDesk,
  decided: readonly Signpost[],
): Promise<{ readonly suggested: readonly Suggestion[]; readonly undecided: readonly string[] }> {
  const { catalogue, terms } = desk.record.pack
  const circumstances = catalogue && (await circumstancesOf(desk))
  const areas = await areasInFocus(desk)
  if (!catalogue || !circumstances || areas.length === 0) return { suggested: [], undecided: [] }
  const asked = { areas, subjects: [], on: desk.today, terms: terms?.default ?? [] }
  const found = suggest(catalogue, circumstances, asked)
  const done = decided.filter(({ kind }) => kind !== 'note').map(({ programme }) => ({ entry: programme }))
  return {
    suggested: found.suggested.map(({ entry, reasons }) => ({
      programme: entry.id,
      title: entry.title,
      reasons,
      decided: decided.findLast(({ programme, kind }) => programme === entry.id && kind !== 'note')?.kind ?? null,
    })),
    undecided: listUndecided(found, done).map(({ title }) => title),
  }
}

/** The programmes that this school or trust may be told of, by title. */
export async function offeredEntries(desk: WorkDesk): Promise<{ readonly id: string; readonly title: string }[]> {
  const { catalogue } = desk.record.pack
  const circumstances = catalogue && (await circumstancesOf(desk))
  if (!catalogue || !circumstances) return []
  return catalogue.entries
    .filter((entry) => standingOf(catalogue, entry, circumstances).not.length === 0)
    .map(({ id, title }) => ({ id, title }))
    .toSorted((one, other) => one.title.localeCompare(other.title, 'en-GB'))
}

/** Where the school's own share may come from, over all programmes; each programme says which of them it takes (TSI-160). */
export function fundingOf({ pack }: WorkDesk['record']): { readonly id: string; readonly title: string }[] {
  const sources = (pack.catalogue?.entries ?? []).flatMap(({ cost }) => [
    ...(cost.sources?.accepted ?? []),
    ...(cost.sources?.refused ?? []),
  ])
  return [...new Map(sources.map(({ id, name }) => [id, { id, title: name }])).values()]
}

type Asked = Readonly<Record<string, string>>

/** `entry/note`, as the form asks, in the words of the use case; other fields stay. */
function notedFields(typed: Asked): Asked {
  const { about = '' } = typed
  if (about === '') return typed
  const [programme = '', note = ''] = about.split('/')
  return { ...typed, programme, note, kind: 'note' }
}

/**
 * Keeps what the leader decided about a programme of the catalogue: that the school was told of it, uses it already, or that it
 * is not relevant, with the way in as shown that day. It says nothing about any person but the role that was told (TSI-192).
 * Codes are those of `decideSignpost`, and `field.missing`.
 */
export function addSignpost(
  parts: CaseParts,
  ask: LogAsk,
): Promise<Decision<{ id: number; warnings: readonly string[] }>> {
  return changeWork(parts, ask, async (desk) => {
    const who = notYours(desk, [desk.work.signposts.by])
    if (who) return refuse(who)
    const told = await decideTold(parts, desk, ask)
    if (!told.ok) return told
    const { signpost, subject } = told.value
    const at = { record: 'case', recordKey: desk.record.reference }
    const id = await runAsMachine(() => storeSignpost(desk.db, desk.record.pack, at, { signpost, subject, by: ask.by }))
    return accept({ id, warnings: signpost.warnings.map(({ message }) => message) })
  })
}

/** What is to be stored, or every reason why not: the catalogue's rules and those of a case, at once. */
async function decideTold(
  { database }: CaseParts,
  desk: WorkDesk,
  { body }: LogAsk,
): Promise<Decision<{ signpost: DecidedSignpost; subject: Circumstances }>> {
  const { db, record, today } = desk
  const { pack } = record
  const subject = pack.catalogue && (await circumstancesOf(desk))
  if (!pack.catalogue || !subject)
    return refuse({ code: 'entry.unknown', message: 'There is no catalogue for this case', field: 'programme' })
  const sent = textsOf(body)
  if (sent['about'] === '') return refuse({ code: 'field.missing', message: 'Choose what you note', field: 'about' })
  const typed = notedFields(sent)
  const on = typed['date'] || dateParts(body, 'date')
  const command = readCommand(typed, typed['programme'] ?? '', on)
  if (!command.ok) return command
  const { terms } = await getTerms(database, pack, subject.authority?.code ?? null)
  const earlier = await runAsMachine(() => countEarlierSignposts(db, pack, command.value.entry, subject))
  const asked = { ...command.value, area: typed['area'] || undefined }
  const decided = decideSignpost(pack.catalogue, asked, { circumstances: subject, terms, earlier })
  const own = ownFaults(desk, typed, on, today)
  if (!decided.ok) return refuse(...decided.refusals.map(atProgramme), ...own)
  if (own.length > 0) return refuse(...own)
  const more = Object.entries(typed).filter(([name, value]) => value && (name === 'key-action' || name === 'expected'))
  const details = { ...decided.value.details, ...Object.fromEntries(more) }
  return accept({ signpost: { ...decided.value, details }, subject })
}

function textsOf(body: LogAsk['body']): Asked {
  const texts = Object.entries(body).filter(([, value]) => typeof value === 'string' || typeof value === 'number')
  return Object.fromEntries(texts.map(([name, value]) => [name, String(value).trim()]))
}

/** The catalogue speaks of an entry where the form of a case asks for a programme. */
function atProgramme(refusal: Refusal): Refusal {
  return refusal.field === 'entry' ? { ...refusal, field: 'programme' } : refusal
}

function ownFaults({ record }: WorkDesk, { area, told, kind = '' }: Asked, on: string, today: string): Refusal[] {
  const areas = record.pack['focus-areas']?.areas ?? []
  const wrong = (field: string, message: string): Refusal => ({ code: 'field.missing', message, field })
  const isTold = kind === '' || kind === 'signposted'
  return [
    ...(areas.some(({ id }) => id === area) || (kind === 'note' && !area)
      ? []
      : [{ ...wrong('area', 'Choose a focus area'), allowed: areas.map(({ id }) => id) }]),
    ...(told || !isTold ? [] : [wrong('told', 'Say who was told')]),
    ...(isDay(on) && on <= today ? [] : [wrong('date', 'Give the day, today or in the past, such as 27 3 2024')]),
  ]
}
