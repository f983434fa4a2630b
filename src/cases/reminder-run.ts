import type { ComposedMessage } from '../messages/index.ts'
import { queueMessage, type Undelivered } from '../messages/index.ts'
import { type Actor, isMachine, machineActor } from '../platform/actor.ts'
import { allOrNothing } from '../platform/all-or-nothing.ts'
import { writeAudit } from '../platform/audit.ts'
import type { Db } from '../platform/db.ts'
import { accept, type Decision, type Refusal, refuse } from '../platform/decision.ts'
import { runAsMachine } from '../platform/scope.ts'
import { submitOnce } from '../platform/submit-once.ts'
import { englandCalendar, isWorkingDay, type Reminders } from '../programmes/index.ts'
import type { CaseParts, ReminderLetter } from './case-parts.ts'
import { type CaseRecord, findCase, insertNotice } from './case-store.ts'
import { findBlocker } from './decide-step.ts'
import { inOneTransaction } from './late-steps.ts'
import { flowOf, type OpenStep, openStepsOf, partyTitle } from './present-case.ts'
import { findSeenCase, type SeenCase } from './read-case.ts'
import { placeOf } from './read-facts.ts'
import { decideReminder, type ReminderFacts } from './reminder.ts'
import { findReminded, insertReminder, listReminders, listUnreminded, type StoredReminder } from './reminder-store.ts'
import { letterCall, NO_CASE, openDesk, type StepDesk } from './run-step.ts'
import { actKeys } from './who-acts.ts'
import { hatInCase } from './who-sees.ts'

const BY_ITSELF = machineActor('Alongside', 'system')

export type ReminderAsk = {
  readonly reference: string
  readonly step: string
  readonly key: string
  readonly by: Actor
  readonly submission?: string | undefined
}

/** An open step with everything that its reminder is decided and written by. */
export type ReminderDesk = {
  readonly record: CaseRecord
  readonly seq: number
  readonly open: OpenStep
  readonly desk: StepDesk
  readonly facts: ReminderFacts
  readonly sent: readonly StoredReminder[]
  readonly letter: ReminderLetter | undefined
}

export const NOT_OPEN: Refusal = {
  code: 'step.not-open',
  message: 'This step is not open any more; nobody waits for it',
}

/** The roles that may remind by hand in a programme; none where it has no reminders. */
export function remindersOf({ pack }: Pick<CaseRecord, 'pack'>): Reminders | undefined {
  return pack.process?.reminders
}

/** Undefined where the step is not open. */
export async function openReminder(
  parts: CaseParts,
  db: Db,
  record: CaseRecord,
  { step, key, by }: Pick<ReminderAsk, 'step' | 'key' | 'by'>,
): Promise<ReminderDesk | undefined> {
  const desk = await openDesk(parts, db, record, { step, key, body: {}, by })
  const today = parts.clock.today().toString()
  const state = desk?.open
  const open = state && openStepsOf(record, today).find((one) => one.step === state.step && one.key === state.key)
  if (!desk || !state || !open) return undefined
  const sent = await listReminders(db, record.id, state.seq)
  const call = letterCall(db, desk, { body: {}, by })
  const letter = await parts.letters?.remind(call, { ...open, acts: state.acts })
  const facts: ReminderFacts = {
    policy: remindersOf(record),
    status: record.state.status,
    waits: waitsFor(desk, open),
    dueOn: open.dueOn,
    delayTo: open.delayTo,
    sent,
    today,
  }
  return { record, seq: state.seq, open, desk, facts, sent, letter }
}

function waitsFor({ context, record }: StepDesk, { step, title }: OpenStep): string | null {
  const blocker = findBlocker(context.flow, record.state, step)
  if (blocker) return `${title} has to wait: ${blocker.title} is open`
  const waits = context.undecided.length > 0 && context.flow['subject-changes']?.blocks?.includes(step)
  return waits ? `${title} has to wait. ${context.undecided.join('. ')}` : null
}

/** Whether somebody who sees a case may remind in it by hand. */
export function mayRemind(actor: Actor, seen: SeenCase): boolean {
  const by = remindersOf(seen.record)?.by ?? []
  return isMachine(actor) ? by.length > 0 : hatInCase(actor, seen, by) !== undefined
}

/** Why this person may not remind of this step now, if so. */
export function barredFrom(actor: Actor, seen: SeenCase, { open, desk, facts }: ReminderDesk): Refusal[] {
  const policy = facts.policy
  if (policy && !mayRemind(actor, seen)) {
    const who = policy.by.map((party) => partyTitle(seen.record, party)).join(', ')
    return [{ code: 'not-responsible', message: `Not yours to do. Reminders are sent by: ${who}` }]
  }
  const isOwn = !isMachine(actor) && desk.context.may
  if (isOwn) return [{ code: 'reminder.own', message: `${open.title} is yours to do: nobody else is waited for` }]
  const decided = decideReminder(facts, 'by-hand')
  return decided.ok ? [] : [...decided.refusals]
}

export type Reminded = {
  readonly message: number
  readonly to: readonly { readonly name: string; readonly because: string }[]
}

/** Sends the reminder of an open step by hand. Refusals: see `barredFrom`, and what the letter lacks (`letter.…`). */
export function remindByHand(parts: CaseParts, ask: ReminderAsk): Promise<Decision<Reminded>> {
  return allOrNothing(parts.database.db, (db) =>
    submitOnce(db, ask.submission, async () => {
      const seen = await findSeenCase(db, ask.by, ask.reference, true)
      if (!seen?.whole) return refuse(NO_CASE)
      const reminder = await openReminder(parts, db, seen.record, ask)
      if (!reminder) return refuse(NOT_OPEN)
      const barred = barredFrom(ask.by, seen, reminder)
      if (barred.length > 0) return refuse(...barred)
      const { composed } = reminder.letter ?? { composed: refuse(NO_LETTER) }
      return composed.ok ? accept(await send(db, reminder, composed.value, ask.by)) : composed
    }),
  )
}

const NO_LETTER: Refusal = { code: 'reminder.none', message: 'Here no letters are sent' }

async function send(db: Db, reminder: ReminderDesk, message: ComposedMessage, by: Actor): Promise<Reminded> {
  const { record, seq, facts, letter } = reminder
  if (!letter) throw new Error('A reminder without its letter')
  const id = await queueMessage(db, { message, about: letter.about, by })
  await insertReminder(db, { caseId: record.id, seq, on: facts.today, ofItself: by === BY_ITSELF, by, messageId: id })
  await auditReminder(db, reminder, { by, action: 'Reminder sent', note: `To: ${reminder.open.partyTitle}` })
  return { message: id, to: message.recipients.map(({ name, because }) => ({ name, because })) }
}

async function auditReminder(
  db: Db,
  { record, open }: ReminderDesk,
  { by, action, note }: { by: Actor; action: string; note: string },
): Promise<void> {
  await writeAudit(db, {
    actor: by,
    action,
    record: 'case',
    recordKey: record.reference,
    new: { about: open.title, note },
  })
}

/**
 * Reminds, once a day at most and as often as the pack says, whoever a late step of an open case waits for. Where nobody can be
 * written to, that is kept and told instead. Answers how many letters went.
 */
export function remindOfLateSteps(parts: CaseParts): Promise<number> {
  return runAsMachine(async () => {
    const today = parts.clock.today()
    if (!parts.letters || !isWorkingDay(today, englandCalendar)) return 0
    let sent = 0
    for (const late of await listUnreminded(parts.database.db, today.toString()))
      await inOneTransaction(parts.database.db, async (db) => {
        if (await remindOfOne(parts, db, late)) sent += 1
      })
    return sent
  })
}

async function remindOfOne(parts: CaseParts, db: Db, late: { reference: string; seq: number }): Promise<boolean> {
  const reminder = await openBySeq(parts, db, late)
  if (!reminder?.letter || !decideReminder(reminder.facts, 'of-itself').ok) return false
  const { composed } = reminder.letter
  if (composed.ok) {
    await send(db, reminder, composed.value, BY_ITSELF)
    return true
  }
  const trouble = troubleOf(reminder, composed.refusals)
  const { record, seq, facts } = reminder
  await insertReminder(db, { caseId: record.id, seq, on: facts.today, ofItself: true, by: BY_ITSELF, trouble })
  await auditReminder(db, reminder, { by: BY_ITSELF, action: 'Nobody could be reminded', note: trouble })
  await tellRunners(db, reminder, `Nobody could be reminded: ${reminder.open.title}. ${trouble}`)
  return false
}

function troubleOf({ open }: ReminderDesk, refusals: readonly Refusal[]): string {
  if (refusals.some(({ code }) => code === 'letter.no-contact')) return `No address is held for: ${open.partyTitle}`
  return refusals.map(({ message }) => message).join('. ')
}

async function openBySeq(
  parts: CaseParts,
  db: Db,
  { reference, seq }: { reference: string; seq: number },
): Promise<ReminderDesk | undefined> {
  const record = await findCase(db, reference, true)
  const state = record?.state.steps.find((one) => one.seq === seq && one.state === 'open')
  return record && state && openReminder(parts, db, record, { step: state.step, key: state.key, by: BY_ITSELF })
}

/** Those who run the case are told what did not work. */
async function tellRunners(db: Db, { record, desk, facts }: ReminderDesk, words: string): Promise<void> {
  for (const party of facts.policy?.tell ?? [])
    await insertNotice(db, {
      caseId: record.id,
      party,
      acts: actKeys(record.pack, party, placeOf(record, desk.leader), desk.facts),
      words,
      on: facts.today,
    })
}

/** A reminder that did not arrive, while its step is still open: those who run the case are told. */
export async function tellLostReminder(parts: CaseParts, db: Db, told: Undelivered): Promise<void> {
  const reminded = told.state === 'failing' ? undefined : await findReminded(db, told.messageId)
  const reminder = reminded && (await openBySeq(parts, db, reminded))
  if (!reminder) return
  const words = `Reminder of “${reminder.open.title}” not delivered to ${told.name}. ${told.detail}`
  await tellRunners(db, reminder, words)
}

/** The title of a flow's step that was reminded of, also when it is done by now. */
export function titleOfStep(record: CaseRecord, step: string): string {
  return flowOf(record).steps[step]?.title ?? step
}
