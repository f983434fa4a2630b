import { sql } from 'kysely'
import type { Actor } from '../platform/actor.ts'
import type { Database, Db } from '../platform/db.ts'
import { accept, type Decision, type Refusal, refuse } from '../platform/decision.ts'
import { EMPTY_FIELDS, type Organisation } from './leader.ts'
import { recordHistory } from './leader-history.ts'
import { findLeader, lockLeaders, touchLeader } from './leader-store.ts'
import { inTransaction, leaderDb } from './leader-tables.ts'
import { resolvePlaces } from './register-facts.ts'
import { yearInWords } from './vocabulary.ts'

export type Interest = {
  readonly id: number
  readonly year: number
  readonly kind: 'school' | 'trust' | 'nothing'
  /** URN or trust uid; null for "nothing to declare". */
  readonly key: string | null
  readonly name: string | null
  readonly nature: string | null
  /** The day of the service on which it was declared, an ISO date; the instant is when that was entered. */
  readonly declaredOn: string
  readonly declaredAt: Date
  readonly declaredBy: string
  readonly withdrawnOn: string | null
  readonly withdrawnAt: Date | null
  readonly withdrawnBy: string | null
  readonly withdrawnReason: string | null
}

/** Not answered is a state of its own and never counts as nothing. */
export type DeclarationState = 'not-declared' | 'nothing' | 'declared'

/** How the interests of one academic year (the year it begins in) stand. */
export function declarationState(interests: readonly Interest[], year: number): DeclarationState {
  const open = interests.filter((one) => one.year === year && one.withdrawnAt === null)
  if (open.length === 0) return 'not-declared'
  return open.every((one) => one.kind === 'nothing') ? 'nothing' : 'declared'
}

export type DeclareInterest = {
  readonly leader: string
  readonly year: number
  /** A URN or a trust's number; ignored when `nothing`. */
  readonly target: string
  readonly nature: string
  readonly nothing: boolean
  readonly today: string
  readonly by: Actor
}

/** Adds one interest, or the explicit answer that there is nothing to declare for a year. */
export function declareInterest(
  { db }: Pick<Database, 'db'>,
  asked: DeclareInterest,
): Promise<Decision<{ id: number }>> {
  return inTransaction(db, async (transaction) => {
    const found = await findLeader(transaction, asked.leader)
    if (!found) return refuse({ code: 'not-found', message: `There is no leader ${asked.leader}` })
    await lockLeaders(transaction, [found.id])
    const places = asked.nothing
      ? undefined
      : await resolvePlaces(transaction, [{ ...EMPTY_FIELDS, organisation: asked.target }])
    const target = places?.organisations.get(asked.target)
    const existing = await readInterests(transaction, found.id)
    const refusals = checkDeclaration(asked, target, existing)
    if (refusals.length > 0) return refuse(...refusals)
    return accept({ id: await storeInterest(transaction, found.id, asked, target) })
  })
}

function checkDeclaration(
  asked: DeclareInterest,
  target: Organisation | undefined,
  existing: readonly Interest[],
): Refusal[] {
  const open = existing.filter((one) => one.year === asked.year && one.withdrawnAt === null)
  const refusals: Refusal[] = []
  const fault = (code: string, message: string, field: string) => refusals.push({ code, message, field })
  if (!Number.isInteger(asked.year) || asked.year < 2000 || asked.year > 2100)
    fault('year.wrong', 'Choose an academic year', 'year')
  if (asked.nothing) {
    if (open.length > 0)
      fault('interest.held', `Interests for ${yearInWords(asked.year)} are declared. Withdraw them first`, 'nothing')
    return refusals
  }
  if (!asked.target) fault('target.missing', 'Enter the URN of a school or the number of a trust', 'target')
  else if (!target) fault('target.unknown', `There is no school or trust "${asked.target}" in the register`, 'target')
  if (!asked.nature) fault('nature.missing', 'Say what the interest is', 'nature')
  if (target && open.some((one) => one.kind === target.kind && one.key === target.key))
    fault('interest.held', `An interest in ${target.name} is already declared for ${yearInWords(asked.year)}`, 'target')
  return refusals
}

async function storeInterest(
  db: Db,
  leaderId: number,
  asked: DeclareInterest,
  target: Organisation | undefined,
): Promise<number> {
  // An interest ends the answer that there is none.
  if (target)
    await leaderDb(db)
      .updateTable('leader_interest')
      .set({
        withdrawn_on: asked.today,
        withdrawn_at: new Date(),
        withdrawn_by: asked.by.name,
        withdrawn_reason: 'An interest was declared',
      })
      .where('leader_id', '=', leaderId)
      .where('year', '=', asked.year)
      .where('kind', '=', 'nothing')
      .where('withdrawn_at', 'is', null)
      .execute()
  const { id } = await leaderDb(db)
    .insertInto('leader_interest')
    .values({
      leader_id: leaderId,
      year: asked.year,
      kind: target?.kind === 'trust' ? 'trust' : target ? 'school' : 'nothing',
      establishment_id: target?.establishmentId ?? null,
      trust_uid: target?.kind === 'trust' ? target.key : null,
      nature: target ? asked.nature : null,
      declared_on: asked.today,
      declared_by: asked.by.name,
    })
    .returning('id')
    .executeTakeFirstOrThrow()
  const after = { year: yearInWords(asked.year), interest: target?.key ?? 'nothing to declare' }
  await recordHistory(db, asked.by, [{ leaderId, what: 'Interest declared', after }])
  await touchLeader(db, leaderId)
  return id
}

/** Withdraws an interest with a reason; it stays on the record. */
export function withdrawInterest(
  { db }: Pick<Database, 'db'>,
  { leader, id, reason, today, by }: { leader: string; id: number; reason: string; today: string; by: Actor },
): Promise<Decision<{ id: number }>> {
  return inTransaction(db, async (transaction) => {
    if (!reason)
      return refuse({ code: 'reason.missing', message: 'Say why the interest is withdrawn', field: 'reason' })
    const found = await findLeader(transaction, leader)
    if (!found) return refuse({ code: 'not-found', message: `There is no leader ${leader}` })
    await lockLeaders(transaction, [found.id])
    const interest = (await readInterests(transaction, found.id)).find((one) => one.id === id)
    if (!interest) return refuse({ code: 'not-found', message: 'There is no such interest' })
    if (interest.withdrawnAt)
      return refuse({ code: 'interest.withdrawn', message: 'This interest was already withdrawn' })
    await leaderDb(transaction)
      .updateTable('leader_interest')
      .set({ withdrawn_on: today, withdrawn_at: new Date(), withdrawn_by: by.name, withdrawn_reason: reason })
      .where('id', '=', id)
      .execute()
    const before = { year: yearInWords(interest.year), interest: interest.key ?? 'nothing to declare' }
    await recordHistory(transaction, by, [
      { leaderId: found.id, what: 'Interest withdrawn', before, after: {}, reason },
    ])
    await touchLeader(transaction, found.id)
    return accept({ id })
  })
}

/** All declarations of a leader, newest year first, the withdrawn ones too. */
export async function readInterests(db: Db, leaderId: number): Promise<Interest[]> {
  const { rows } = await sql<Interest>`
    select i.id, i.year, i.kind, coalesce(e.urn::text, i.trust_uid) as key, coalesce(e.name, g.name) as name, i.nature,
      i.declared_on as "declaredOn", i.declared_at as "declaredAt", i.declared_by as "declaredBy",
      i.withdrawn_on as "withdrawnOn", i.withdrawn_at as "withdrawnAt", i.withdrawn_by as "withdrawnBy", i.withdrawn_reason as "withdrawnReason"
    from leader_interest i
      left join establishment e on e.id = i.establishment_id
      left join establishment_group g on g.uid = i.trust_uid
    where i.leader_id = ${leaderId} order by i.year desc, i.withdrawn_at is not null, i.id`.execute(db)
  return rows
}
