import { sql } from 'kysely'
import { promiseDays } from '../leaders/index.ts'
import type { Actor } from '../platform/actor.ts'
import type { Db } from '../platform/db.ts'
import { accept, type Decision } from '../platform/decision.ts'
import { freeCaseDays, USED } from './case-days.ts'
import type { CaseParts } from './case-parts.ts'
import type { CaseRecord } from './case-store.ts'

/** What a case holds or was promised of a leader in a term, in half days. */
export type TakenDays = {
  readonly leaderId: number
  readonly leader: string
  readonly name: string
  readonly term: string
  readonly halfDays: number
}

/** Open entries of every leader, in the order in which they were taken. */
export async function listTakenDays(db: Db, caseId: number): Promise<TakenDays[]> {
  const { rows } = await sql<TakenDays>`
    select e.leader_id as "leaderId", l.reference as leader, coalesce(l.name, l.reference) as name, e.term, e.half_days as "halfDays"
    from case_days d join leader_day_entry e on e.id = d.day_entry_id join leader l on l.id = e.leader_id
    where d.case_id = ${caseId} and e.released_at is null order by e.id`.execute(db)
  return rows
}

/** Half days of each leader that the log shows as done, by who answers for them. */
export async function listUsedDays(db: Db, caseId: number, log: string, planned: string): Promise<Map<number, number>> {
  const { rows } = await sql<{ leaderId: number; used: number }>`
    select leader_id as "leaderId", sum(half_days)::int as used from case_log_item
    where case_id = ${caseId} and log = ${log} and state <> ${planned} and withdrawn_on is null and external is null
      and leader_id is not null
    group by 1`.execute(db)
  return new Map(rows.map(({ leaderId, used }) => [leaderId, used]))
}

/** Of what was taken, the days that were used, in the terms in which they were taken first. */
export function keptDays(taken: readonly TakenDays[], used: ReadonlyMap<number, number>): TakenDays[] {
  const left = new Map(used)
  return taken.flatMap((one) => {
    const keep = Math.min(one.halfDays, left.get(one.leaderId) ?? 0)
    left.set(one.leaderId, (left.get(one.leaderId) ?? 0) - keep)
    return keep > 0 ? [{ ...one, halfDays: keep }] : []
  })
}

/**
 * Gives back every day that the case took of leaders, or of those named, and did not use; what was used stays taken. Refusals of
 * the ledger.
 */
export async function freeUnusedDays(
  { vocabulary }: Pick<CaseParts, 'vocabulary'>,
  db: Db,
  record: CaseRecord,
  {
    used,
    reason,
    by,
    leaders,
  }: { used: ReadonlyMap<number, number>; reason: string; by: Actor; leaders?: readonly number[] },
): Promise<Decision<void>> {
  const all = await listTakenDays(db, record.id)
  const taken = leaders ? all.filter(({ leaderId }) => leaders.includes(leaderId)) : all
  const kept = keptDays(taken, used)
  for (const leaderId of new Set(taken.map((one) => one.leaderId))) {
    const freed = await freeCaseDays(db, { caseId: record.id, leaderId, reason, by })
    if (!freed.ok) return freed
  }
  for (const [place, one] of kept.entries()) {
    const promised = await promiseDays(
      { db },
      {
        leader: one.leader,
        term: one.term,
        halfDays: one.halfDays,
        takenFor: `Case ${record.reference}${USED}${place + 1})`,
        reason: 'Days that were done',
        vocabulary: vocabulary(),
        by,
      },
    )
    // Who has left the roster gives no days any more: nothing is to be kept of theirs.
    if (!promised.ok && promised.refusals.some(({ code }) => code === 'leader.left')) continue
    if (!promised.ok) return promised
    await sql`insert into case_days (case_id, leader_id, day_entry_id)
      values (${record.id}, ${one.leaderId}, ${promised.value.id})`.execute(db)
  }
  return accept(undefined)
}
