import { sql } from 'kysely'
import { freeDays, holdDays, type LeaderVocabulary, promiseDays, readCapacity } from '../leaders/index.ts'
import type { Actor } from '../platform/actor.ts'
import type { Db } from '../platform/db.ts'
import { accept, type Decision } from '../platform/decision.ts'

export type DaysAsk = {
  readonly caseId: number
  readonly reference: string
  readonly leader: { readonly id: number; readonly reference: string }
  readonly halfDays: number
  /** Needed when more is taken than is free. */
  readonly reason: string
  readonly today: string
  readonly vocabulary: LeaderVocabulary
  readonly by: Actor
}

/**
 * Holds days for a case in the terms that are not over, the nearest first; what no term has free is taken in the nearest
 * with the reason given (TSI-075). Refusals of the ledger.
 */
export async function holdCaseDays(db: Db, ask: DaysAsk): Promise<Decision<void>> {
  const window = ask.vocabulary.terms.filter((term) => term.to >= ask.today)
  const [capacity] = await readCapacity(db, window, [ask.leader.reference])
  let left = ask.halfDays
  const taken = new Map<string, number>()
  for (const { term, free } of capacity?.capacity ?? []) {
    const take = Math.min(free, left)
    if (take > 0) taken.set(term, take)
    left -= take
  }
  const [first] = window
  if (left > 0 && first) taken.set(first.id, (taken.get(first.id) ?? 0) + left)
  for (const [term, halfDays] of taken) {
    const held = await holdDays(
      { db },
      {
        leader: ask.leader.reference,
        term,
        halfDays,
        takenFor: `Case ${ask.reference}`,
        reason: ask.reason,
        vocabulary: ask.vocabulary,
        by: ask.by,
      },
    )
    if (!held.ok) return held
    await sql`insert into case_days (case_id, leader_id, day_entry_id)
      values (${ask.caseId}, ${ask.leader.id}, ${held.value.id})`.execute(db)
  }
  return accept(undefined)
}

type OpenEntry = { id: number; term: string; kind: 'hold' | 'promise'; half_days: number; taken_for: string }

async function listOpenEntries(db: Db, caseId: number, leaderId: number): Promise<OpenEntry[]> {
  const { rows } = await sql<OpenEntry>`
    select e.id, e.term, e.kind, e.half_days, e.taken_for from case_days d join leader_day_entry e on e.id = d.day_entry_id
    where d.case_id = ${caseId} and d.leader_id = ${leaderId} and e.released_at is null order by e.id`.execute(db)
  return rows
}

/** Between the case and a number, for days that stay taken because they were done. */
export const USED = ', used ('

/** Whether the case holds days of this leader, or was promised some, beside those that were done. */
export async function holdsCaseDays(db: Db, caseId: number, leaderId: number): Promise<boolean> {
  return (await listOpenEntries(db, caseId, leaderId)).some(({ taken_for }) => !taken_for.includes(USED))
}

/** Every hold of the case on this leader becomes a promise. */
export async function promiseCaseDays(db: Db, ask: DaysAsk): Promise<Decision<void>> {
  for (const entry of await listOpenEntries(db, ask.caseId, ask.leader.id)) {
    if (entry.kind !== 'hold') continue
    const promised = await promiseDays(
      { db },
      {
        leader: ask.leader.reference,
        term: entry.term,
        halfDays: entry.half_days,
        takenFor: `Case ${ask.reference}`,
        fromHold: entry.id,
        reason: ask.reason || 'As it was held',
        vocabulary: ask.vocabulary,
        by: ask.by,
      },
    )
    if (!promised.ok) return promised
    await sql`insert into case_days (case_id, leader_id, day_entry_id)
      values (${ask.caseId}, ${ask.leader.id}, ${promised.value.id})`.execute(db)
  }
  return accept(undefined)
}

/** Gives back what the case holds or was promised of a leader. */
export async function freeCaseDays(
  db: Db,
  { caseId, leaderId, reason, by }: { caseId: number; leaderId: number; reason: string; by: Actor },
): Promise<Decision<void>> {
  for (const entry of await listOpenEntries(db, caseId, leaderId)) {
    const freed = await freeDays({ db }, { entryId: entry.id, reason, by })
    if (!freed.ok) return freed
  }
  return accept(undefined)
}
