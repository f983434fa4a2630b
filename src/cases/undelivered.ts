import { listLinks } from '../accounts/index.ts'
import type { Arrived, Undelivered, UndeliveredHandler } from '../messages/index.ts'
import { machineActor } from '../platform/actor.ts'
import type { Db } from '../platform/db.ts'
import { CLOSE, findLetter, type Step } from '../programmes/index.ts'
import type { CaseParts } from './case-parts.ts'
import { applyEvent, type CaseEvent, findOpen, findStep, type StepState } from './case-state.ts'
import { type CaseRecord, findCase, insertNotice, saveState } from './case-store.ts'
import { findSender } from './letters-of-step.ts'
import { openSteps } from './open-steps.ts'
import { flowOf, partyOf } from './present-case.ts'
import { findLeaderAtHand, placeOf } from './read-facts.ts'
import { tellLostReminder } from './reminder-run.ts'
import { openDesk, type StepDesk } from './run-step.ts'
import { actKeys } from './who-acts.ts'

const BY = machineActor('Mail', 'system')

/**
 * A letter that does not get through: whoever sent it is told, and the step that sends it is open again until it arrives or is
 * sent anew (TSI-095). A step that decides or records stays done; its letters are seen to by themselves.
 */
export function caseUndelivered(parts: CaseParts): UndeliveredHandler {
  return {
    async undelivered(db, told) {
      await tellLostReminder(parts, db, told)
      const found = await findSending(parts, db, told)
      if (!found) return tellLinkSenders(parts, db, told)
      await tellOwner(db, found, told)
      if (told.isLatest && told.part === 'to') await reopen(db, found)
    },
    async arrived(db, told) {
      const found = await findSending(parts, db, told)
      if (found && told.isLatest) await endAgain(db, found)
    },
  }
}

/** A step, or an action, which has no kind and is never open again. */
type Sender = Pick<Step, 'owner' | 'next'> & { readonly kind?: Step['kind']; readonly stage?: string | undefined }
type Sending = {
  readonly record: CaseRecord
  readonly id: string
  readonly step: Sender
  readonly desk: StepDesk
  readonly key: string
}

/** The step of the case that sent a letter, with everything that its case is judged by. */
async function findSending(
  parts: CaseParts,
  db: Db,
  { record: kind, recordKey, letter, leaders }: Pick<Arrived, 'record' | 'recordKey' | 'letter' | 'leaders'>,
): Promise<Sending | undefined> {
  if (kind !== 'case') return undefined
  const record = await findCase(db, recordKey, true)
  const sender = record && findSender(flowOf(record), letter)
  if (!record || !sender) return undefined
  const { id, step } = sender
  const key = 'each' in step && step.each === 'leader' ? (leaders[0] ?? '') : ''
  const desk = await openDesk(parts, db, record, { step: id, key, body: {}, by: BY })
  return desk && { record, id, step, desk, key }
}

/** "School email failed: Deployment letter … has not reached Maud Bridgewell (Chief executive of the trust)." */
async function tellOwner(db: Db, { record, step, desk }: Sending, told: Undelivered): Promise<void> {
  await insertNotice(db, {
    caseId: record.id,
    party: partyOf(step.owner),
    acts: actKeys(record.pack, step.owner, placeOf(record, desk.leader), desk.facts),
    words: failedWords(record, told),
    on: desk.context.today,
  })
}

function failedWords({ pack }: CaseRecord, told: Undelivered): string {
  const letter = findLetter(pack, told.letter)
  const failed = letter?.failed ?? `${letter?.title ?? told.letter} failed`
  const next = told.state === 'failing' ? 'It is tried again by itself' : 'It is not tried any more'
  return `${failed}: not delivered to ${told.name} (${told.roleTitle}). ${told.detail}. ${next}`
}

/** No step sends a link for one person; its step waits all the same. Whoever may send links is told. */
async function tellLinkSenders(parts: CaseParts, db: Db, told: Undelivered): Promise<void> {
  const record = told.record === 'case' ? await findCase(db, told.recordKey, true) : undefined
  const letter = record && findLetter(record.pack, told.letter)
  const links = letter?.link ? await listLinks(db, { record: 'case', key: told.recordKey }) : []
  const link = links.find(({ messageId }) => messageId === told.messageId)
  const step = record?.state.steps.find(({ seq }) => seq === link?.part)
  if (!record || !letter?.link || !step) return
  const desk = await openDesk(parts, db, record, { step: step.step, key: step.key, body: {}, by: BY })
  if (!desk) return
  const leader = await findLeaderAtHand(db, record, { id: record.state.leaderId })
  for (const party of letter.link.by)
    await insertNotice(db, {
      caseId: record.id,
      party,
      acts: actKeys(record.pack, party, placeOf(record, leader), desk.facts),
      words: failedWords(record, told),
      on: desk.context.today,
    })
}

/** Only while nothing that followed was done: what people did since stands, whatever became of the letter. */
async function reopen(db: Db, sending: Sending): Promise<void> {
  const { record, id, step, key } = sending
  const done = findStep(record.state, id, key)
  if (step.kind !== 'send' || done?.state !== 'done' || record.state.status !== 'open') return
  const followed = followersOf(record, step, done)
  if (followed.some(({ state }) => state === 'done')) return
  const open = followed.filter(({ state }) => state === 'open').map(({ seq }) => seq)
  await store(db, sending, [
    ...(open.length > 0 ? [{ type: 'steps-withdrawn', seqs: open } as const] : []),
    {
      type: 'step-opened',
      step: id,
      key,
      stage: step.stage ?? null,
      leaderId: done.leaderId,
      on: sending.desk.context.today,
      // the day by which it had to go stays what it was
      due: done.dueOn,
      clock: done.clock,
      calendar: done.calendar,
    },
  ])
}

/** The openings that came of a step's end: of the steps that it opens, since it was opened itself. */
function followersOf({ state }: CaseRecord, { next = [] }: Sender, { seq }: StepState): StepState[] {
  return state.steps.filter(
    (one) => next.includes(one.step) && one.seq > seq && !one.superseded && one.state !== 'withdrawn',
  )
}

/** The letter got through: the step that was open again for it ends by itself, with what it opens. */
async function endAgain(db: Db, sending: Sending): Promise<void> {
  const { record, id, step, key, desk } = sending
  const open = findOpen(record.state, id, key)
  if (step.kind !== 'send' || !open || record.state.status !== 'open') return
  const before = record.state.steps.findLast((one) => one.step === id && one.key === key && one.state === 'done')
  const ended: CaseEvent = {
    type: 'step-ended',
    seq: open.seq,
    outcome: before?.outcome ?? '',
    fields: before?.fields ?? {},
    reasons: before?.reasons ?? {},
    note: 'The letter arrived after all',
    on: desk.context.today,
  }
  const next = (step.next ?? []).filter((one) => one !== CLOSE)
  await store(db, sending, [ended, ...openSteps(desk.context, [ended], { next }, open.leaderId)])
}

async function store(db: Db, { record, desk }: Sending, events: readonly CaseEvent[]): Promise<void> {
  const flow = flowOf(record)
  await saveState(db, record.state, events.reduce(applyEvent, record.state), {
    done: { by: BY, as: null, at: desk.context.today },
    actsOf: ({ step }) => {
      const owner = flow.steps[step]?.owner
      return owner ? actKeys(record.pack, owner, placeOf(record, desk.leader), desk.facts) : []
    },
  })
}
