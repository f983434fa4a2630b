import type { Actor } from '../platform/actor.ts'
import { writeAudits } from '../platform/audit.ts'
import type { Db } from '../platform/db.ts'

export type HistoryEntry = {
  readonly leaderId: number
  readonly what: string
  readonly before?: Record<string, unknown>
  readonly after?: Record<string, unknown>
  readonly reason?: string
}

/** Stores what was changed, in the transaction of the change. */
export function recordHistory(db: Db, by: Actor, entries: readonly HistoryEntry[]): Promise<void> {
  return writeAudits(
    db,
    entries.map(({ leaderId, what, before, after, reason }) => ({
      actor: by,
      action: what,
      record: 'leader',
      recordKey: leaderId,
      old: before ?? {},
      new: after ?? {},
      reason: reason ?? null,
    })),
  )
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
