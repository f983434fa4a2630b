import { sql } from 'kysely'
import { writeAudit } from '../platform/audit.ts'
import type { Db } from '../platform/db.ts'
import { accept, type Decision, type Refusal, refuse } from '../platform/decision.ts'
import { longDate } from '../platform/words.ts'
import type { CaseParts } from './case-parts.ts'
import type { LogAsk } from './log-run.ts'
import { dateParts } from './plan-run.ts'
import { isDay } from './read-answers.ts'
import { changeWork, notYours, type WorkDesk } from './work-desk.ts'

export type VisitState = 'draft' | 'sent' | 'answered' | 'final'

type Judgement = {
  readonly place: number
  readonly words: string
  readonly reply: string | null
  readonly repliedBy: string | null
}

/** A note as it was when the school called it not accurate, before it was corrected. */
type EarlierNote = Pick<VisitNote, 'visitedOn' | 'seen' | 'agreed' | 'version' | 'sentOn'> &
  Pick<VisitNote, 'comment' | 'answeredOn' | 'answeredBy' | 'judgements'>

/**
 * A note of visit: written, sent, answered by the school, final. What is judged has the school's own words beside it. Where the
 * school called it not accurate and it was corrected, `earlier` tells how it was and what the school said, oldest first.
 */
export type VisitNote = {
  readonly id: number
  readonly leaderId: number
  readonly visitedOn: string
  readonly seen: string
  readonly agreed: string | null
  readonly state: VisitState
  readonly version: number
  readonly writtenBy: string
  readonly sentOn: string | null
  readonly accurate: boolean | null
  readonly comment: string | null
  readonly answeredOn: string | null
  readonly answeredBy: string | null
  readonly finalOn: string | null
  readonly judgements: readonly Judgement[]
  readonly earlier: readonly EarlierNote[]
}

/** The notes of a case that the asker may read: a draft is its writer's alone, others read the note as it was before. */
export async function readVisitNotes(desk: WorkDesk): Promise<VisitNote[]> {
  const { rows } = await sql<
    Omit<VisitNote, 'judgements'>
  >`select id, leader_id as "leaderId", visited_on as "visitedOn", seen, agreed,
    state, version, written_by as "writtenBy", sent_on as "sentOn", accurate, comment, answered_on as "answeredOn",
    answered_by as "answeredBy", final_on as "finalOn", earlier from case_visit_note
    where case_id = ${desk.record.id} order by visited_on, id`.execute(desk.db)
  const judgements = await readJudgements(desk.db, desk.record.id)
  const isWriter = desk.isOf(desk.work.visits['written-by'])
  return rows
    .map((note) => ({ ...note, judgements: judgements.get(note.id) ?? [] }))
    .flatMap((note) => (note.state !== 'draft' || isWriter ? [note] : beforeCorrection(note)))
}

/** What is being corrected, as everybody but its writer still reads it; nothing for a note that was never sent. */
function beforeCorrection(note: VisitNote): VisitNote[] {
  const last = note.earlier.at(-1)
  return last ? [{ ...note, ...last, state: 'answered', accurate: false, earlier: note.earlier.slice(0, -1) }] : []
}

async function readJudgements(db: Db, caseId: number): Promise<Map<number, Judgement[]>> {
  const { rows } = await sql<Judgement & { noteId: number }>`
    select j.note_id as "noteId", j.place, j.words, j.reply, j.replied_by as "repliedBy" from case_visit_judgement j
    join case_visit_note n on n.id = j.note_id where n.case_id = ${caseId} order by j.note_id, j.place`.execute(db)
  const byNote = new Map<number, Judgement[]>()
  for (const { noteId, ...judgement } of rows) byNote.set(noteId, [...(byNote.get(noteId) ?? []), judgement])
  return byNote
}

type Saved = { readonly id: number; readonly state: VisitState }
export type VisitAsk = LogAsk & { readonly id: number }

/**
 * Writes a note of visit, or changes one (`id` 0: a new one): a draft, or one that the school called not accurate, which is a
 * draft again then. Judgements are sent as a list, or one a line.
 */
export function writeVisitNote(parts: CaseParts, ask: VisitAsk): Promise<Decision<Saved>> {
  return changeWork(parts, ask, async (desk) => {
    const who = notYours(desk, [desk.work.visits['written-by']])
    if (who) return refuse(who)
    const { leaderId } = desk.record.state
    if (leaderId === null) return refuse({ code: 'leader.none', message: 'This case has no leader at present' })
    const read = readNote(desk, ask.body)
    if (!read.ok) return read
    if (ask.id === 0) {
      const id = await insertNote(desk, leaderId, read.value)
      await audit(desk, 'Note of visit written', { day: read.value.on })
      return accept({ id, state: 'draft' })
    }
    const note = await findNote(desk, ask.id)
    if (!note || !mayChange(note)) return refuse(NOT_A_DRAFT)
    await changeNote(desk, note, read.value)
    await audit(desk, `Note of visit ${note.state === 'draft' ? 'changed' : 'corrected'}`, { day: read.value.on })
    return accept({ id: note.id, state: 'draft' })
  })
}

/** Whether its writer may change a note: until it is sent, and where the school calls it not accurate. */
export function mayChange({ state, accurate }: Pick<VisitNote, 'state' | 'accurate'>): boolean {
  return state === 'draft' || (state === 'answered' && accurate === false)
}

const NOT_A_DRAFT: Refusal = {
  code: 'visit.not-a-draft',
  message: 'Only a draft can be changed, and a note that the school calls not accurate until it is final',
}
const NOT_TO_SEND: Refusal = { code: 'visit.not-a-draft', message: 'Only a draft is sent to the school' }
type Written = { on: string; seen: string; agreed: string | null; judgements: string[] }

function readNote({ today }: WorkDesk, body: LogAsk['body']): Decision<Written> {
  const on = String(body['date'] ?? '').trim() || dateParts(body, 'date')
  const seen = String(body['seen'] ?? '').trim()
  const given = body['judgements']
  const judgements = (Array.isArray(given) ? given.map(String) : String(given ?? '').split('\n')).map((one) =>
    one.trim(),
  )
  const refusals: Refusal[] = []
  if (!isDay(on))
    refusals.push({
      code: 'field.not-a-date',
      message: 'Date of the visit must be a real date, such as 27 3 2024',
      field: 'date',
    })
  else if (on > today)
    refusals.push({ code: 'field.in-future', message: 'Date of the visit must be today or in the past', field: 'date' })
  if (!seen) refusals.push({ code: 'field.missing', message: 'Say what was seen and done', field: 'seen' })
  if (refusals.length > 0) return refuse(...refusals)
  return accept({
    on,
    seen,
    agreed: String(body['agreed'] ?? '').trim() || null,
    judgements: judgements.filter(Boolean),
  })
}

async function insertNote({ db, record, by }: WorkDesk, leaderId: number, note: Written): Promise<number> {
  const { rows } = await sql<{ id: number }>`
    insert into case_visit_note (case_id, leader_id, visited_on, seen, agreed, written_by, written_by_id)
    values (${record.id}, ${leaderId}, ${note.on}, ${note.seen}, ${note.agreed}, ${by.name}, ${by.personId}) returning id`.execute(
    db,
  )
  const id = rows[0]?.id ?? 0
  await storeJudgements(db, id, note.judgements)
  return id
}

/** What the school said of a note that is changed now stays with it; its answer to the corrected note is still to come. */
async function changeNote({ db }: WorkDesk, note: VisitNote, written: Written): Promise<void> {
  const earlier = note.state === 'draft' ? note.earlier : [...note.earlier, asItWas(note)]
  await sql`update case_visit_note set visited_on = ${written.on}, seen = ${written.seen}, agreed = ${written.agreed},
    state = 'draft', sent_on = null, accurate = null, comment = null, answered_on = null, answered_by = null,
    earlier = ${JSON.stringify(earlier)}::jsonb, version = version + 1 where id = ${note.id}`.execute(db)
  await sql`delete from case_visit_judgement where note_id = ${note.id}`.execute(db)
  await storeJudgements(db, note.id, written.judgements)
}

function asItWas(note: VisitNote): EarlierNote {
  const { visitedOn, seen, agreed, version, sentOn, comment, answeredOn, answeredBy, judgements } = note
  return { visitedOn, seen, agreed, version, sentOn, comment, answeredOn, answeredBy, judgements }
}

async function storeJudgements(db: Db, noteId: number, judgements: readonly string[]): Promise<void> {
  for (const [at, words] of judgements.entries())
    await sql`insert into case_visit_judgement (note_id, place, words) values (${noteId}, ${at + 1}, ${words})`.execute(
      db,
    )
}

/** Sends a draft to the school; it is not changed any more unless the school calls it not accurate. */
export function sendVisitNote(parts: CaseParts, ask: VisitAsk): Promise<Decision<Saved>> {
  return changeWork(parts, ask, async (desk) => {
    const { visits } = desk.work
    const note = await findNote(desk, ask.id)
    const refusal = notYours(desk, [visits['written-by']]) ?? (note?.state === 'draft' ? undefined : NOT_TO_SEND)
    if (refusal) return refuse(refusal)
    await sql`update case_visit_note set state = 'sent', sent_on = ${desk.today} where id = ${ask.id}`.execute(desk.db)
    const what = note?.earlier.length ? 'Corrected note' : 'Note'
    const words = `${what} of the visit of ${longDate(note?.visitedOn ?? null)}: is it accurate?`
    await desk.tell(visits['answered-by'], words, `/visit-notes/${ask.id}`)
    await audit(desk, 'Note of visit sent', { day: note?.visitedOn })
    return accept({ id: ask.id, state: 'sent' })
  })
}

/** The school says whether a note is accurate, with a comment where it is not, and may reply to each judgement. */
export function answerVisitNote(parts: CaseParts, ask: VisitAsk): Promise<Decision<Saved>> {
  return changeWork(parts, ask, async (desk) => {
    const { visits } = desk.work
    const note = await findNote(desk, ask.id)
    const accurate = String(ask.body['accurate'] ?? '')
    const comment = String(ask.body['comment'] ?? '').trim()
    const refusal = notYours(desk, [visits['answered-by']]) ?? answerFault(note, accurate, comment)
    if (refusal || !note) return refuse(refusal ?? NOT_SENT)
    await storeReplies(desk, note, ask.body)
    await sql`update case_visit_note set state = 'answered', accurate = ${accurate === 'yes'}, comment = ${comment || null},
      answered_on = ${desk.today}, answered_by = ${ask.by.name} where id = ${note.id}`.execute(desk.db)
    await desk.tell(
      visits['written-by'],
      `Note of the visit of ${longDate(note.visitedOn)}: ${accurate === 'yes' ? 'accurate' : 'not accurate'}`,
      `/visit-notes/${note.id}`,
    )
    await audit(desk, 'Note of visit answered', { accurate: accurate === 'yes' })
    return accept({ id: note.id, state: 'answered' })
  })
}

async function storeReplies({ db, by }: WorkDesk, note: VisitNote, body: LogAsk['body']): Promise<void> {
  for (const { place } of note.judgements) {
    const reply = String(body[`reply-${place}`] ?? '').trim()
    if (reply)
      await sql`update case_visit_judgement set reply = ${reply}, replied_by = ${by.name}
        where note_id = ${note.id} and place = ${place}`.execute(db)
  }
}

const NOT_SENT: Refusal = { code: 'visit.not-sent', message: 'This note waits for no answer' }

function answerFault(note: VisitNote | undefined, accurate: string, comment: string): Refusal | undefined {
  if (note?.state !== 'sent') return NOT_SENT
  if (accurate !== 'yes' && accurate !== 'no')
    return {
      code: 'field.not-a-choice',
      message: 'Say whether the note is accurate',
      field: 'accurate',
      allowed: ['yes', 'no'],
    }
  if (accurate === 'no' && !comment)
    return { code: 'field.missing', message: 'Say what is not accurate', field: 'comment' }
  return undefined
}

/** Makes an answered note final; the school's words stay beside it and nothing is changed any more. */
export function finishVisitNote(parts: CaseParts, ask: VisitAsk): Promise<Decision<Saved>> {
  return changeWork(parts, ask, async (desk) => {
    const note = await findNote(desk, ask.id)
    const refusal = notYours(desk, [desk.work.visits['written-by']])
    if (refusal) return refuse(refusal)
    if (note?.state !== 'answered')
      return refuse({ code: 'visit.not-answered', message: 'A note is final when the school has answered it' })
    await sql`update case_visit_note set state = 'final', final_on = ${desk.today} where id = ${ask.id}`.execute(
      desk.db,
    )
    await audit(desk, 'Note of visit final', { day: note.visitedOn })
    return accept({ id: ask.id, state: 'final' })
  })
}

async function findNote(desk: WorkDesk, id: number): Promise<VisitNote | undefined> {
  return (await readVisitNotes(desk)).find((note) => note.id === id)
}

function audit({ db, by, record }: WorkDesk, action: string, values: Record<string, unknown>): Promise<void> {
  return writeAudit(db, { actor: by, action, record: 'case', recordKey: record.reference, new: values })
}
