import type { Db } from '../platform/db.ts'
import { type LeaderCapacity, readCapacity } from './capacity.ts'
import { type LedgerEntry, leaderDb } from './leader-tables.ts'
import type { LeaderVocabulary } from './vocabulary.ts'

export type LeaderRecord = { readonly leader: LeaderCapacity; readonly entries: readonly LedgerEntry[] }

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
