import type { Db } from '../platform/db.ts'
import type { Leader } from './leader.ts'
import { readLeaders, readLeave } from './leader-store.ts'
import { leaderDb } from './leader-tables.ts'
import { freeHalfDays, isBlocked, type Leave, NO_DAYS, overHalfDays, type TermBalance } from './ledger.ts'
import type { TermWord } from './vocabulary.ts'

/** Half days of one term; `free` and `over` follow from the others. */
export type TermCapacity = TermBalance & { readonly term: string; readonly free: number; readonly over: number }

export type LeaderCapacity = Leader & {
  readonly id: number
  /** Counts every change of the leader, the days, leave or interests. */
  readonly version: number
  /** Counts the changes of the record alone. */
  readonly editVersion: number
  readonly leave: readonly (Leave & { id: number })[]
  /** One entry for each term of the window, in its order. */
  readonly capacity: readonly TermCapacity[]
  /** Free half days over the whole window. */
  readonly freeHalfDays: number
}

/**
 * Leaders with their balance in every term of a window, by reference. Without `references` all of the roster, whatever
 * their state. Four queries, however many leaders.
 */
export async function readCapacity(
  db: Db,
  window: readonly TermWord[],
  references?: readonly string[],
): Promise<LeaderCapacity[]> {
  const stored = await readLeaders(db, references)
  const ids = stored.map(({ id }) => id)
  const leave = await readLeave(db, ids)
  const rows = await leaderDb(db)
    .selectFrom('leader_term')
    .selectAll()
    .where('leader_id', 'in', ids.length > 0 ? ids : [0])
    .execute()
  const balances = new Map(rows.map((row) => [`${row.leader_id} ${row.term}`, row]))
  return stored.map(({ id, version, editVersion, leader }) => {
    const away = leave.get(id) ?? []
    const capacity = window.map((term) => {
      const row = balances.get(`${id} ${term.id}`)
      const counted = row && {
        available: row.available_half_days,
        held: row.held_half_days,
        promised: row.promised_half_days,
      }
      const balance = { ...NO_DAYS, ...counted, blocked: isBlocked(term, away) }
      return { ...balance, term: term.id, free: freeHalfDays(balance), over: overHalfDays(balance) }
    })
    return {
      ...leader,
      id,
      version,
      editVersion,
      leave: away,
      capacity,
      freeHalfDays: capacity.reduce((sum, one) => sum + one.free, 0),
    }
  })
}
