import { sql } from 'kysely'
import { writeAudit } from '../platform/audit.ts'
import type { Db } from '../platform/db.ts'
import { accept, type Decision } from '../platform/decision.ts'
import { holdCaseDays, holdsCaseDays, promiseCaseDays } from './case-days.ts'
import type { CaseParts, Effect, EffectCall } from './case-parts.ts'
import { readChecks, saveCheck } from './checklist-store.ts'
import { type ChildStep, endChildStep, extendParentDays, leaveStage, startChild } from './child-case.ts'
import { beginPartClaim } from './partial-claim.ts'
import { passSteps } from './pass-steps.ts'
import { setStandingOf } from './standing-effect.ts'
import { freeUnusedDays, listUsedDays } from './subject-change-days.ts'
import { workOf } from './work-facts.ts'

/** Ends a step of another case in the same transaction. */
export type RunStep = (db: Db, ask: ChildStep) => Promise<Decision<unknown>>

/** The effects on a leader's days and on the steps themselves; those on the form stand beside, those on money come from above. */
export function ownEffects(parts: CaseParts, run: RunStep): Record<string, Effect> {
  const { vocabulary } = parts
  const daysAsk = async (call: EffectCall) => ({
    caseId: call.record.id,
    reference: call.record.reference,
    leader: call.leader ?? { id: 0, reference: '' },
    halfDays: await daysLeft(call),
    reason: Object.values(call.reasons).join('; '),
    today: call.today,
    vocabulary: vocabulary(),
    by: call.by,
  })
  return {
    // What a letter asked for is held already where the letter goes a second time.
    'hold-days': async (call) =>
      (await holdsCaseDays(call.db, call.record.id, call.leader?.id ?? 0))
        ? accept(undefined)
        : holdCaseDays(call.db, await daysAsk(call)),
    'promise-days': async (call) => promiseCaseDays(call.db, await daysAsk(call)),
    'set-standing': (call) => setStandingOf(parts, call),
    'start-child': (call) => startChild(call),
    'part-claim': (call) => beginPartClaim(parts, call),
    'decide-child': (call) => leaveStage(call),
    'fill-list': (call) => fillList(call),
    'end-child': (call) => endChildStep(call, (ask) => run(call.db, ask)),
    'extend-days': (call) => extendParentDays(call, vocabulary()),
    'free-others': async (call) => {
      const { rows } = await sql<{ id: number }>`select distinct leader_id as id from case_days
        where case_id = ${call.record.id} and leader_id <> ${call.leader?.id ?? 0}`.execute(call.db)
      const others = rows.map(({ id }) => id)
      return freeOf(parts, call, { leaders: others, reason: 'Another leader agreed first' })
    },
    'free-days': (call) =>
      freeOf(parts, call, { leaders: [call.leader?.id ?? 0], reason: `Case ${call.record.reference}` }),
    assign: async ({ db, record, leader, today }) => {
      await passSteps(db, record, { from: null, to: leader?.id ?? null, today })
      await sql`update support_case set matched_as = coalesce(matched_as, ${leader?.type ?? null})
        where id = ${record.id}`.execute(db)
      return accept(undefined)
    },
    // A day that was set with a reason takes the place of the one that the clock gave.
    'move-due': async ({ db, record, fields, words: [step = '', field = ''] }) => {
      await sql`update case_step set due_on = ${String(fields[field] ?? '')}::date, clock = ${'as set'}
        where case_id = ${record.id} and step = ${step} and state = 'open'`.execute(db)
      return accept(undefined)
    },
    'mark-delay': async ({ db, record, fields }) => {
      await sql`update case_step set delay_to = ${String(fields['until'] ?? '')}::date,
        delay_reason = ${String(fields['why'] ?? '')} where case_id = ${record.id} and state = 'open' and due_on is not null`.execute(
        db,
      )
      return accept(undefined)
    },
  }
}

/** What was entered in a step stands in a list of the case too: `fill-list LIST ITEM FIELD`. What stood there stays in the audit. */
async function fillList({ db, record, words: [list = '', item = '', field = ''], fields, today, by }: EffectCall) {
  const value = String(fields[field] ?? '')
  const old = (await readChecks(db, record.id)).get(list)?.get(item)?.value ?? ''
  const answer = { caseId: record.id, checklist: list, item, value, note: null, today }
  await saveCheck(db, { ...answer, by: by.name, byId: by.personId })
  const title = workOf(record)?.checklists[list]?.title ?? list
  await writeAudit(db, {
    actor: by,
    action: `List answered: ${title}`,
    record: 'case',
    recordKey: record.reference,
    old: { [item]: old },
    new: { [item]: value },
  })
  return accept(undefined)
}

/** Half days done in the case so far, by leader. */
function usedDays({ db, record }: EffectCall): Promise<Map<number, number>> {
  const log = workOf(record)?.log.of ?? ''
  const planned = record.pack.process?.flows?.[record.flow]?.logs?.[log]?.states[0] ?? ''
  return listUsedDays(db, record.id, log, planned)
}

/** What a leader is asked for: the days agreed and approved that nobody has done yet (TSI-081). */
async function daysLeft(call: EffectCall): Promise<number> {
  const { agreedHalfDays, extraHalfDays } = call.record.state
  const used = [...(await usedDays(call)).values()].reduce((sum, one) => sum + one, 0)
  return Math.max(0, agreedHalfDays + extraHalfDays - used)
}

/** Gives the days of leaders back but for those that they did. */
async function freeOf(
  parts: CaseParts,
  call: EffectCall,
  { leaders, reason }: { leaders: readonly number[]; reason: string },
): Promise<Decision<void>> {
  const { db, record, by } = call
  return freeUnusedDays(parts, db, record, { used: await usedDays(call), reason, by, leaders })
}
