import { sql } from 'kysely'
import type { Db } from '../platform/db.ts'
import { type LeaderCapacity, readCapacity } from './capacity.ts'
import { type LedgerEntry, leaderDb } from './leader-tables.ts'
import type { LeaderVocabulary } from './vocabulary.ts'

export type LeaderRecord = { readonly leader: LeaderCapacity; readonly entries: readonly LedgerEntry[] }

export type LeaderChange = {
  readonly at: Date
  readonly who: string
  readonly door: string
  readonly what: string
  readonly old_values: Record<string, unknown>
  readonly new_values: Record<string, unknown>
  readonly reason: string | null
}

/** One leader with the balance of every term and what the days were taken for, newest first. */
export async function findLeaderRecord(
  db: Db,
  reference: string,
  { terms }: LeaderVocabulary,
): Promise<LeaderRecord | undefined> {
  const [leader] = await readCapacity(db, terms, [reference])
  if (!leader) return undefined
  const entries = await leaderDb(db)
    .selectFrom('leader_day_entry')
    .selectAll()
    .where('leader_id', '=', leader.id)
    .orderBy('id', 'desc')
    .execute()
  return { leader, entries }
}

/** Every change of a leader, newest first. */
export async function readHistory(db: Db, leaderId: number): Promise<LeaderChange[]> {
  const { rows } = await sql<LeaderChange>`
    select at, who, door, what, old_values, new_values, reason from leader_history
    where leader_id = ${leaderId} order by id desc`.execute(db)
  return rows
}
