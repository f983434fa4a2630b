import type { Db } from '../platform/db.ts'
import { leaderDb } from './leader-tables.ts'

/** Who acts, and through which door. Until sign-in exists `who` is a role at this machine. */
export type Actor = { readonly who: string; readonly door: 'page' | 'API' | 'command line' | 'file' | 'world' }

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
        who: by.who,
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
