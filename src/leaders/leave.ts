import type { Actor } from '../platform/actor.ts'
import type { Database } from '../platform/db.ts'
import { accept, type Decision, type Refusal, refuse } from '../platform/decision.ts'
import { recordHistory } from './leader-history.ts'
import { findLeader, lockLeaders, readLeave, touchLeader } from './leader-store.ts'
import { inTransaction, leaderDb } from './leader-tables.ts'

/** Dates are ISO plain dates, both days included; an empty text is a date that was not given or is none. */
export type AskedLeave = { readonly from: string; readonly to: string }

function checkLeave({ from, to }: AskedLeave, held: readonly AskedLeave[]): Refusal[] {
  const refusals: Refusal[] = []
  if (!from)
    refusals.push({ code: 'leave.from', message: 'Enter the first day of the leave, like 15 4 2024', field: 'from' })
  if (!to) refusals.push({ code: 'leave.to', message: 'Enter the last day of the leave, like 23 7 2024', field: 'to' })
  if (from && to && to < from)
    refusals.push({ code: 'leave.order', message: 'The last day must be the first day or later', field: 'to' })
  if (held.some((one) => one.from === from && one.to === to))
    refusals.push({ code: 'leave.exists', message: 'This leave is already on record', field: 'from' })
  return refusals
}

/** Enters a leave. Days already held or promised stand; a term that the leave covers wholly has no free days. */
export function addLeave(
  { db }: Pick<Database, 'db'>,
  { leader, leave, by }: { leader: string; leave: AskedLeave; by: Actor },
): Promise<Decision<{ id: number }>> {
  return inTransaction(db, async (transaction) => {
    const found = await findLeader(transaction, leader)
    if (!found) return refuse({ code: 'not-found', message: `There is no leader ${leader}` })
    await lockLeaders(transaction, [found.id])
    const held = (await readLeave(transaction, [found.id])).get(found.id) ?? []
    const refusals = checkLeave(leave, held)
    if (refusals.length > 0) return refuse(...refusals)
    const { id } = await leaderDb(transaction)
      .insertInto('leader_leave')
      .values({ leader_id: found.id, from_on: leave.from, to_on: leave.to })
      .returning('id')
      .executeTakeFirstOrThrow()
    await recordHistory(transaction, by, [{ leaderId: found.id, what: 'Leave entered', after: { ...leave } }])
    await touchLeader(transaction, found.id)
    return accept({ id })
  })
}

export function removeLeave(
  { db }: Pick<Database, 'db'>,
  { leader, id, by }: { leader: string; id: number; by: Actor },
): Promise<Decision<{ id: number }>> {
  return inTransaction(db, async (transaction) => {
    const found = await findLeader(transaction, leader)
    if (!found) return refuse({ code: 'not-found', message: `There is no leader ${leader}` })
    await lockLeaders(transaction, [found.id])
    const removed = await leaderDb(transaction)
      .deleteFrom('leader_leave')
      .where('id', '=', id)
      .where('leader_id', '=', found.id)
      .returning(['from_on', 'to_on'])
      .executeTakeFirst()
    if (!removed) return refuse({ code: 'not-found', message: 'This leave is no longer on record' })
    const before = { from: removed.from_on, to: removed.to_on }
    await recordHistory(transaction, by, [{ leaderId: found.id, what: 'Leave removed', before, after: {} }])
    await touchLeader(transaction, found.id)
    return accept({ id })
  })
}
