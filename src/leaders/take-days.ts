import { sql } from 'kysely'
import type { Actor } from '../platform/actor.ts'
import type { Database, Db } from '../platform/db.ts'
import { accept, type Decision, type Refusal, refuse } from '../platform/decision.ts'
import { recordHistory } from './leader-history.ts'
import { findLeader, lockLeaders, readLeave, touchLeader } from './leader-store.ts'
import { inTransaction, type LedgerEntry, leaderDb } from './leader-tables.ts'
import { daysInWords, decideTake, isBlocked, NO_DAYS, type TermBalance } from './ledger.ts'
import type { LeaderVocabulary } from './vocabulary.ts'

/** Days of one leader in one term, in whole half days. `takenFor` names the proposal or case and is unique while open. */
export type DaysAsked = {
  readonly leader: string
  readonly term: string
  readonly halfDays: number
  readonly takenFor: string
  /** Needed when more is asked than is free (TSI-069, TSI-075), or the leader is paused. */
  readonly reason?: string
  readonly vocabulary: LeaderVocabulary
  readonly by: Actor
}

/** Holds days while a proposal waits for answers. Joins the caller's transaction when `db` is one. */
export function holdDays(database: Pick<Database, 'db'>, asked: DaysAsked): Promise<Decision<LedgerEntry>> {
  return inTransaction(database.db, (db) => takeDays(db, 'hold', asked, undefined))
}

/** Promises days for good: out of an open hold, which ends with it, or afresh. Joins the caller's transaction. */
export function promiseDays(
  database: Pick<Database, 'db'>,
  asked: DaysAsked & { readonly fromHold?: number },
): Promise<Decision<LedgerEntry>> {
  return inTransaction(database.db, (db) => takeDays(db, 'promise', asked, asked.fromHold))
}

/** Gives an open hold or promise back. Refuses what is already released. Joins the caller's transaction. */
export function freeDays(
  database: Pick<Database, 'db'>,
  { entryId, reason, by }: { entryId: number; reason: string; by: Actor },
): Promise<Decision<LedgerEntry>> {
  return inTransaction(database.db, async (db) => {
    const found = await findOpenEntry(db, entryId)
    if (!found) return refuse(NOT_OPEN)
    await lockLeaders(db, [found.leader_id])
    const entry = await release(db, entryId, reason, by)
    if (!entry) return refuse(NOT_OPEN)
    await recordHistory(db, by, [
      { leaderId: entry.leader_id, what: 'Days released', before: inHistory(entry), after: {}, reason },
    ])
    await touchLeader(db, entry.leader_id)
    return accept(entry)
  })
}

const NOT_OPEN: Refusal = { code: 'entry.not-open', message: 'These days were already given back' }

async function takeDays(
  db: Db,
  kind: LedgerEntry['kind'],
  asked: DaysAsked,
  fromHold: number | undefined,
): Promise<Decision<LedgerEntry>> {
  const reason = asked.reason?.trim() ?? ''
  const found = await findLeader(db, asked.leader)
  if (!found) return refuse({ code: 'not-found', message: `There is no leader ${asked.leader}` })
  await lockLeaders(db, [found.id])
  // Read again: only now can nobody else change the leader.
  const state = await stateOf(db, found.id)
  const refusal = decideWhether(asked, state, reason)
  if (refusal) return refuse(refusal)

  const hold = fromHold === undefined ? undefined : await findOpenEntry(db, fromHold)
  if (fromHold !== undefined && !(hold?.kind === 'hold' && hold.leader_id === found.id && hold.term === asked.term))
    return refuse(NOT_OPEN)
  const balance = await readBalance(db, found.id, asked)
  const decision = decideTake({ ...balance, held: balance.held - (hold?.half_days ?? 0) }, { ...asked, reason })
  if (!decision.ok) return decision
  if (await isTaken(db, kind, found.id, asked)) return refuse(alreadyTaken(asked))
  if (hold) await release(db, hold.id, 'Became a promise', asked.by)
  return accept(
    await store(db, { leaderId: found.id, kind, asked, fromHold, overReason: decision.value.over ? reason : null }),
  )
}

function decideWhether(asked: DaysAsked, state: string, reason: string): Refusal | undefined {
  if (!asked.takenFor.trim())
    return { code: 'taken-for.missing', message: 'Say what the days are for', field: 'takenFor' }
  if (!asked.vocabulary.terms.some((term) => term.id === asked.term))
    return { code: 'days.unknown-term', message: `There is no term "${asked.term}"`, field: 'term' }
  if (state === 'left') return { code: 'leader.left', message: `${asked.leader} has left the roster` }
  if (state === 'paused' && !reason)
    return { code: 'leader.paused', message: `${asked.leader} is paused. Give a reason to go on`, field: 'reason' }
  return undefined
}

async function stateOf(db: Db, leaderId: number): Promise<string> {
  const row = await leaderDb(db)
    .selectFrom('leader')
    .select('state')
    .where('id', '=', leaderId)
    .executeTakeFirstOrThrow()
  return row.state
}

async function readBalance(db: Db, leaderId: number, { term, vocabulary }: DaysAsked): Promise<TermBalance> {
  const row = await leaderDb(db)
    .selectFrom('leader_term')
    .selectAll()
    .where('leader_id', '=', leaderId)
    .where('term', '=', term)
    .executeTakeFirst()
  const leave = (await readLeave(db, [leaderId])).get(leaderId) ?? []
  const dates = vocabulary.terms.find((one) => one.id === term)
  return {
    ...NO_DAYS,
    ...(row && { available: row.available_half_days, held: row.held_half_days, promised: row.promised_half_days }),
    blocked: dates !== undefined && isBlocked(dates, leave),
  }
}

async function isTaken(db: Db, kind: LedgerEntry['kind'], leaderId: number, asked: DaysAsked): Promise<boolean> {
  const row = await leaderDb(db)
    .selectFrom('leader_day_entry')
    .select('id')
    .where('leader_id', '=', leaderId)
    .where('term', '=', asked.term)
    .where('kind', '=', kind)
    .where('taken_for', '=', asked.takenFor)
    .where('released_at', 'is', null)
    .executeTakeFirst()
  return row !== undefined
}

function alreadyTaken(asked: DaysAsked): Refusal {
  return {
    code: 'entry.exists',
    message: `Days for ${asked.takenFor} are already taken in this term`,
    field: 'takenFor',
  }
}

type NewEntry = {
  readonly leaderId: number
  readonly kind: LedgerEntry['kind']
  readonly asked: DaysAsked
  readonly fromHold: number | undefined
  readonly overReason: string | null
}

async function store(db: Db, { leaderId, kind, asked, fromHold, overReason }: NewEntry): Promise<LedgerEntry> {
  await sql`insert into leader_term (leader_id, term, over_reason) values (${leaderId}, ${asked.term}, ${overReason})
    on conflict (leader_id, term) do update set over_reason = coalesce(excluded.over_reason, leader_term.over_reason)`.execute(
    db,
  )
  const entry = await leaderDb(db)
    .insertInto('leader_day_entry')
    .values({
      leader_id: leaderId,
      term: asked.term,
      kind,
      half_days: asked.halfDays,
      taken_for: asked.takenFor.trim(),
      over_reason: overReason,
      from_hold_id: fromHold ?? null,
      made_by: asked.by.name,
      door: asked.by.door,
    })
    .returningAll()
    .executeTakeFirstOrThrow()
  const what = kind === 'hold' ? 'Days held' : 'Days promised'
  await recordHistory(db, asked.by, [{ leaderId, what, after: inHistory(entry), reason: overReason ?? '' }])
  await touchLeader(db, leaderId)
  return entry
}

async function findOpenEntry(db: Db, id: number): Promise<LedgerEntry | undefined> {
  return leaderDb(db)
    .selectFrom('leader_day_entry')
    .selectAll()
    .where('id', '=', id)
    .where('released_at', 'is', null)
    .executeTakeFirst()
}

async function release(db: Db, id: number, reason: string, by: Actor): Promise<LedgerEntry | undefined> {
  return leaderDb(db)
    .updateTable('leader_day_entry')
    .set({ released_at: new Date(), released_by: by.name, release_reason: reason || null })
    .where('id', '=', id)
    .where('released_at', 'is', null)
    .returningAll()
    .executeTakeFirst()
}

function inHistory(entry: LedgerEntry): Record<string, unknown> {
  return { term: entry.term, days: daysInWords(entry.half_days), for: entry.taken_for }
}
