import type { Actor } from '../platform/actor.ts'
import { allOrNothing } from '../platform/all-or-nothing.ts'
import { writeAudit } from '../platform/audit.ts'
import type { Db } from '../platform/db.ts'
import { accept, type Decision, type Refusal, refuse } from '../platform/decision.ts'
import { submitOnce } from '../platform/submit-once.ts'
import type { CaseParts } from './case-parts.ts'
import { applyEvent } from './case-state.ts'
import { type CaseRecord, findCase, insertNotice, saveState } from './case-store.ts'
import { flowOf } from './present-case.ts'
import { NO_CASE } from './run-step.ts'
import { type ChangeOption, type Choice, decideSubjectChange, type MoveTarget } from './subject-change.ts'
import { freeUnusedDays } from './subject-change-days.ts'
import { type ChangeDesk, endingEvents, movedRecord, openChangeDesk } from './subject-change-desk.ts'
import { endingChildren } from './subject-change-effects.ts'
import { actsOn, changeRule } from './subject-change-notice.ts'
import { moveCase, setActs, storeDecision } from './subject-change-store.ts'
import { findHat } from './who-acts.ts'

export type SubjectChangeAsk = {
  readonly reference: string
  readonly id: number
  readonly choice: string
  readonly successor: number | null
  readonly reason: string
  readonly seen: string
  readonly by: Actor
  readonly submission?: string | undefined
}

export type SubjectChangeAnswer = {
  readonly reference: string
  readonly choice: Choice
  readonly status: string
  readonly urn: number | null
}

export const NO_CHANGE: Refusal = {
  code: 'subject-change.unknown',
  message: 'The case has no such change of its school',
}

/**
 * Decides how a case goes on after a change of its school: decided, carried out, stored and audited in one transaction. Refusals of
 * `decideSubjectChange` and of the ledger of days; `case.unknown` and `subject-change.unknown` (404).
 */
export function runSubjectChange(parts: CaseParts, ask: SubjectChangeAsk): Promise<Decision<SubjectChangeAnswer>> {
  return allOrNothing(parts.database.db, (db) => submitOnce(db, ask.submission, () => runWithin(parts, db, ask)))
}

async function runWithin(parts: CaseParts, db: Db, ask: SubjectChangeAsk): Promise<Decision<SubjectChangeAnswer>> {
  const record = await findCase(db, ask.reference, true)
  if (!record) return refuse(NO_CASE)
  const desk = await openChangeDesk(parts, db, record, ask)
  if (!desk) return refuse(NO_CHANGE)
  const decided = decideSubjectChange(desk, { ...ask, personId: ask.by.personId })
  if (!decided.ok) return decided
  const { option, again } = decided.value
  const answer = { reference: record.reference, choice: option.choice }
  if (again) return accept({ ...answer, status: record.state.status, urn: record.urn })
  const after = await carryOut(parts, db, { desk, option, ask })
  return after.ok ? accept({ ...answer, status: after.value.state.status, urn: after.value.urn }) : after
}

type Work = { desk: ChangeDesk; option: ChangeOption; ask: SubjectChangeAsk }

async function carryOut(parts: CaseParts, db: Db, work: Work): Promise<Decision<CaseRecord>> {
  const { desk, option, ask } = work
  const { record, change, today } = desk
  const as = findHat(ask.by, change.acts) ?? null
  await storeDecision(db, change.id, { option, reason: ask.reason, today, by: ask.by, as })
  const done = await changeCase(parts, db, work)
  if (!done.ok) return done
  const after = done.value
  for (const party of changeRule(flowOf(record)).tell ?? [])
    await insertNotice(db, {
      caseId: record.id,
      party,
      acts: await actsOn(db, after, party, today),
      words: noticeWords(record, option, ask.reason),
      on: today,
    })
  await writeAudit(db, {
    actor: ask.by,
    action: ACTIONS[option.choice],
    record: 'case',
    recordKey: record.reference,
    ...(option.choice === 'move' && { old: subjectOf(record) }),
    new: option.choice === 'move' ? subjectOf(after) : { subject: record.name, urn: record.urn },
    reason: ask.reason,
  })
  await parts.onEvents?.(db, after, [], ask.by)
  return accept(after)
}

const ACTIONS: Readonly<Record<Choice, string>> = {
  move: 'Case moved to another school',
  end: 'Case ended after a change of its school',
  keep: 'Case kept after a change of its school',
}

function subjectOf({ name, urn, kind, trustName, authorityName, region }: CaseRecord) {
  return { subject: name, urn, kind, trust: trustName, authority: authorityName, region }
}

function noticeWords({ name }: CaseRecord, { choice, target }: ChangeOption, reason: string): string {
  const what =
    choice === 'move'
      ? `The case moved from ${name} to ${target?.name}`
      : choice === 'end'
        ? `The case of ${name} ended`
        : `The case stays with ${name}`
  return `${what}: ${reason}`
}

function changeCase(parts: CaseParts, db: Db, { desk, option, ask }: Work): Promise<Decision<CaseRecord>> {
  if (option.choice === 'move' && option.target) return move(db, desk, option.target)
  if (option.choice === 'end') return end(parts, db, desk, ask)
  return Promise.resolve(accept(desk.record))
}

/** The case is about the successor from now on, and open steps wait for whoever has the role there. */
async function move(db: Db, { record, today }: ChangeDesk, target: MoveTarget): Promise<Decision<CaseRecord>> {
  await moveCase(db, record.id, target)
  const beside = record.children.filter(({ status }) => status !== 'closed')
  for (const reference of [record.reference, ...beside.map((one) => one.reference)]) {
    const moved = await findCase(db, reference)
    if (moved) await giveStepsToNewPeople(db, moved, today)
  }
  return accept(movedRecord(record, target))
}

async function giveStepsToNewPeople(db: Db, record: CaseRecord, today: string): Promise<void> {
  const flow = flowOf(record)
  for (const { seq, step, state, leaderId } of record.state.steps) {
    const owner = flow.steps[step]?.owner
    if (state !== 'open' || !owner) continue
    await setActs(db, record.id, seq, await actsOn(db, record, owner, today, leaderId ?? record.state.leaderId))
  }
}

/** Ends as a step that leads to the end does; days that were not used go back to their leaders. */
async function end(
  parts: CaseParts,
  db: Db,
  { record, used, today }: ChangeDesk,
  { by, reason }: SubjectChangeAsk,
): Promise<Decision<CaseRecord>> {
  const after = await close(db, record, { by, today })
  const freed = await freeUnusedDays(parts, db, record, { used, reason, by })
  if (!freed.ok) return freed
  for (const reference of endingChildren(record)) {
    const child = await findCase(db, reference, true)
    if (!child) continue
    await close(db, child, { by, today })
    await writeAudit(db, {
      actor: by,
      action: 'Ended with its case',
      record: 'case',
      recordKey: reference,
      new: { about: record.reference },
      reason,
    })
  }
  return accept(after)
}

async function close(db: Db, record: CaseRecord, { by, today }: { by: Actor; today: string }): Promise<CaseRecord> {
  const state = endingEvents(record, today).reduce(applyEvent, record.state)
  await saveState(db, record.state, state, { done: { by, as: null, at: today }, actsOf: () => [] })
  return { ...record, state, closedOn: today }
}
