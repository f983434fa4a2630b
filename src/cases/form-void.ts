import type { Actor } from '../platform/actor.ts'
import { writeAudit } from '../platform/audit.ts'
import type { Db } from '../platform/db.ts'
import type { FormSignature } from '../programmes/index.ts'
import { applyEvent, type CaseEvent, type CaseState, findOpen, findStep } from './case-state.ts'
import { insertNotice, saveState } from './case-store.ts'
import type { FormDesk } from './form-desk.ts'
import { stateOfSignature } from './form-desk.ts'
import { voidSignature } from './form-store.ts'
import { openSteps } from './open-steps.ts'
import { flowOf } from './present-case.ts'
import { placeOf } from './read-facts.ts'
import { actKeys } from './who-acts.ts'

/** Which signatures a change of a section takes away: those over it, and of those after them only what covers it too. */
export function signaturesOver(signatures: readonly FormSignature[], section: string): FormSignature[] {
  return signatures.filter(({ covers, also = [] }) => covers.includes(section) || also.includes(section))
}

/**
 * Voids signatures because what they cover has changed, and asks again: the case returns to the first step whose signature
 * fell, unless only what stands beside the covered sections changed. Answers the titles of those voided.
 */
export async function voidSignatures(
  db: Db,
  desk: FormDesk,
  {
    signatures,
    section,
    by,
    reason,
  }: { signatures: readonly FormSignature[]; section: string; by: Actor; reason: string },
): Promise<string[]> {
  const { record, stored } = desk
  const fallen = signatures.filter((one) => stateOfSignature(desk, one).row?.voidedAt === null)
  if (fallen.length === 0) return []
  for (const { id } of fallen)
    await voidSignature(db, { formId: stored.id, signature: id, leaderKey: stored.leaderKey, by, reason })
  await writeAudit(db, {
    actor: by,
    action: 'Signatures void',
    record: 'case',
    recordKey: record.reference,
    new: { signatures: fallen.map(({ title }) => title) },
    reason,
  })
  const back = fallen.find(({ covers }) => covers.includes(section))
  if (back) await returnToStep(db, desk, back, by)
  for (const { by: party, title } of fallen)
    await insertNotice(db, {
      caseId: record.id,
      party,
      acts: actKeys(record.pack, party, placeOf(record, desk.leader), desk.facts),
      words: `${title} is void and asked for again: ${reason}`,
      on: desk.today,
    })
  return fallen.map(({ title }) => title)
}

async function returnToStep(db: Db, desk: FormDesk, { step, keeps }: FormSignature, by: Actor): Promise<void> {
  const { record, leader, facts, today } = desk
  const { state } = record
  if (findOpen(state, step) || findStep(state, step)?.state !== 'done') return
  const flow = flowOf(record)
  const context = { pack: record.pack, flow, state, today, opening: { bodies: [], leader: '' } }
  const events: CaseEvent[] = openSteps(context, [], { back: step, ...(keeps && { keeps }) }, state.leaderId)
  const after: CaseState = events.reduce(applyEvent, state)
  await saveState(db, state, after, {
    done: { by, as: null, at: today },
    actsOf: (one) => {
      const owner = flow.steps[one.step]?.owner
      return owner ? actKeys(record.pack, owner, placeOf(record, leader), facts) : []
    },
  })
}
