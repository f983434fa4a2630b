import { sql } from 'kysely'
import type { Actor } from '../platform/actor.ts'
import type { Db } from '../platform/db.ts'
import { type CaseRecord, findCase } from './case-store.ts'
import { findOwnClaim } from './part-of-case.ts'
import { type OpenStep, openStepsOf } from './present-case.ts'
import { findHat } from './who-acts.ts'
import { seesCase } from './who-sees.ts'

export type CaseLeader = {
  readonly reference: string
  readonly name: string
  readonly type: string
  readonly organisation: string
  readonly region: string
}

/** How much of a case somebody sees: all of it, or only the steps that wait for them (TSI-071). */
export type SeenCase = { readonly record: CaseRecord; readonly leader: CaseLeader | null; readonly whole: boolean }

/**
 * A case that this person may see, locked if asked; undefined for one that is not there or that is nobody's business of theirs. Who
 * left a case as its leader gets the own claim beside it: `record` is then another than the one asked for.
 */
export async function findSeenCase(
  db: Db,
  actor: Actor,
  reference: string,
  lock = false,
): Promise<SeenCase | undefined> {
  const record = await findCase(db, reference, lock)
  if (!record) return undefined
  const leader = await findCaseLeader(db, record.state.leaderId)
  if (seesCase(actor, record, leader?.reference ?? null)) return { record, leader, whole: true }
  if (await isMember(db, actor, record)) return { record, leader, whole: true }
  const { rows } = await sql<{ acts: string[] }>`
    select acts from case_step where case_id = ${record.id} and state = 'open'`.execute(db)
  if (rows.some(({ acts }) => findHat(actor, acts))) return { record, leader, whole: false }
  // Whoever left the case as its leader is shown the own claim in its place (TSI-081).
  const own = await findOwnClaim(db, actor, record)
  return own ? findSeenCase(db, actor, own, lock) : undefined
}

/** The open steps of a case that somebody may end: all that is shown to whoever does not see the case whole. */
export function ownOpenSteps(record: CaseRecord, actor: Actor, today: string): OpenStep[] {
  const isOwn = ({ step, key }: OpenStep) =>
    record.state.steps.some(
      (one) => one.state === 'open' && one.step === step && one.key === key && findHat(actor, one.acts),
    )
  return openStepsOf(record, today).filter(isOwn)
}

/** A member of the leader's team sees the case while in it (TSI-060). */
async function isMember(db: Db, { personId, hats }: Actor, { id, programme }: CaseRecord): Promise<boolean> {
  if (!hats.some((hat) => hat.programme === programme && hat.scopeKind === 'named')) return false
  const { rows } = await sql`select from case_member
    where case_id = ${id} and person_id = ${personId} and ended_on is null`.execute(db)
  return rows.length > 0
}

export async function findCaseLeader(db: Db, id: number | null): Promise<CaseLeader | null> {
  if (id === null) return null
  const { rows } = await sql<CaseLeader>`
    select l.reference, coalesce(l.name, l.reference) as name, l.type, l.region,
      coalesce(e.name, g.name, l.organisation_name) as organisation
    from leader l left join establishment e on e.id = l.organisation_establishment_id
      left join establishment_group g on g.uid = l.organisation_trust_uid where l.id = ${id}`.execute(db)
  return rows[0] ?? null
}
