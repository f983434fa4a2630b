import type { Actor } from '../platform/actor.ts'
import type { Db } from '../platform/db.ts'
import { leaderDb } from './leader-tables.ts'

export type HistoryEntry = {
  readonly leaderId: number
  readonly what: string
  readonly before?: Record<string, unknown>
  readonly after?: Record<string, unknown>
  readonly reason?: string
}

/** Stores what was changed, in the transaction of the change. */
export async function recordHistory(db: Db, by: Actor, entries: readonly HistoryEntry[]): Promise<void> {
  if (entries.length === 0) return
  await leaderDb(db)
    .insertInto('leader_history')
    .values(
      entries.map((entry) => ({
        leader_id: entry.leaderId,
        who: by.name,
        door: by.door,
        what: entry.what,
        old_values: JSON.stringify(entry.before ?? {}),
        new_values: JSON.stringify(entry.after ?? {}),
        reason: entry.reason || null,
      })),
    )
    .execute()
}

/** Only the keys whose values differ, on both sides. */
export function differences(
  before: Record<string, unknown>,
  after: Record<string, unknown>,
): { before: Record<string, unknown>; after: Record<string, unknown> } {
  const changed = Object.keys(after).filter((key) => JSON.stringify(before[key]) !== JSON.stringify(after[key]))
  const pick = (values: Record<string, unknown>) => Object.fromEntries(changed.map((key) => [key, values[key] ?? null]))
  return { before: pick(before), after: pick(after) }
}
