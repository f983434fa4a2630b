import { sql } from 'kysely'
import type { Actor, Capability } from '../platform/actor.ts'
import { writeAudit } from '../platform/audit.ts'
import type { Clock } from '../platform/clock.ts'
import type { Database, Db } from '../platform/db.ts'
import { accept, type Decision, refuse } from '../platform/decision.ts'
import { runAsMachine } from '../platform/scope.ts'
import { decideGrant, type Grant, isInForce, powersOf } from './grant.ts'
import { handOver, type Leaving, type WorkSource } from './open-work.ts'
import {
  addMember,
  findOrganisation,
  findPersonByEmail,
  insertGrant,
  listGrants,
  listGrantsOfOthers,
  type PersonRow,
} from './person-store.ts'
import type { Role } from './roles.ts'
import { digest, newSecret } from './session.ts'

const INVITATION_DAYS = 14
/** Characters of an address (RFC 5321), and of a name. */
const LONGEST = 254
/** One grant is decided at a time, so that two at once cannot both find a place free. */
const GRANT_LOCK = 7_410_120

export type PeopleParts = {
  readonly database: Database
  readonly clock: Clock
  readonly roles: readonly Role[]
  readonly openWork?: readonly WorkSource[]
}

export type Invitation = {
  readonly name: string
  readonly email: string
  readonly organisationId: number | null
  readonly grant: Grant | null
  readonly by: Actor
}

/**
 * Invites somebody under one address, into an organisation, with a grant or without. Answers the code of the address
 * /invitations/CODE, which is stored nowhere, works once and for 14 days. An address that has an account is invited again.
 */
export async function invite(
  parts: PeopleParts,
  asked: Invitation,
): Promise<Decision<{ readonly personId: number; readonly code: string }>> {
  const email = asked.email.trim()
  const name = (asked.name.trim() || (email.split('@')[0] ?? '')).slice(0, LONGEST).trim()
  if (email.length > LONGEST || !/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(email))
    return refuse({ code: 'email.wrong', field: 'email', message: 'Enter an e-mail address, such as name@example.org' })
  // The page decided who may invite whither; the account may be one that the inviter does not see.
  return inTransaction(parts.database, async (db) => {
    if (asked.organisationId !== null && !(await findOrganisation(db, asked.organisationId)))
      return refuse({
        code: 'organisation.unknown',
        field: 'organisation',
        message: 'Choose one of the organisations',
      })
    const person = await keepPerson(db, { name, email, by: asked.by.name })
    if (asked.grant) {
      const granted = await grantWithin(db, parts.roles, { personId: person.id, grant: asked.grant, by: asked.by })
      if (!granted.ok) throw new Refused(granted)
    }
    if (asked.organisationId !== null)
      await addMember(db, {
        organisationId: asked.organisationId,
        personId: person.id,
        approver: false,
        by: asked.by.name,
      })
    await writeAudit(db, {
      actor: asked.by,
      action: 'Invited',
      record: 'person',
      recordKey: person.id,
      new: { email, organisation: asked.organisationId },
    })
    return accept({
      personId: person.id,
      code: await storeInvitation(db, parts.clock, { person, by: asked.by.name }),
    })
  }).catch(asDecision)
}

/** What an approver does to an account reaches further than what an approver sees. */
function inTransaction<T>({ db }: Pick<Database, 'db'>, work: (db: Db) => Promise<T>): Promise<T> {
  return runAsMachine(() => db.transaction().execute(work))
}

async function keepPerson(
  db: Db,
  { name, email, by }: { name: string; email: string; by: string },
): Promise<PersonRow> {
  await sql`insert into person (name, email, created_by) values (${name}, ${email}, ${by})
    on conflict (lower(email)) do update set state = case person.state when 'removed' then 'invited' else person.state end
  `.execute(db)
  const person = await findPersonByEmail(db, email)
  if (!person) throw new Error('An invited person is not there')
  return person
}

async function storeInvitation(
  db: Db,
  clock: Clock,
  { person, by }: { person: PersonRow; by: string },
): Promise<string> {
  const code = newSecret()
  const now = clock.now()
  await sql`insert into invitation (person_id, email, code_hash, invited_by, created_at, expires_at)
    values (${person.id}, ${person.email}, ${digest(code)}, ${by}, ${now.toString()},
      ${now.add({ hours: 24 * INVITATION_DAYS }).toString()})`.execute(db)
  return code
}

/** A refusal inside a transaction: thrown so that nothing of it is kept. */
class Refused extends Error {
  readonly decision: Decision<never>
  constructor(decision: Decision<never>) {
    super('refused')
    this.decision = decision
  }
}

function asDecision(error: unknown): Decision<never> {
  if (error instanceof Refused) return error.decision
  throw error
}

export async function grantRole(
  { database, roles }: PeopleParts,
  asked: { personId: number; grant: Grant; by: Actor },
): Promise<Decision<Grant>> {
  return inTransaction(database, (db) => grantWithin(db, roles, asked))
}

async function grantWithin(
  db: Db,
  roles: readonly Role[],
  asked: { personId: number; grant: Grant; by: Actor },
): Promise<Decision<Grant>> {
  await sql`select pg_advisory_xact_lock(${GRANT_LOCK})`.execute(db)
  const { programme, role } = asked.grant
  const others = await listGrantsOfOthers(db, { programme, role, personId: asked.personId })
  const own = await listGrants(db, asked.personId)
  const decided = decideGrant(asked.grant, { roles, others, own })
  if (!decided.ok) return decided
  await insertGrant(db, { ...asked, by: asked.by.name })
  await writeAudit(db, {
    actor: asked.by,
    action: 'Role granted',
    record: 'person',
    recordKey: asked.personId,
    new: { ...decided.value },
  })
  return decided
}

const NOTHING: ReadonlySet<Capability> = new Set()

/** What a person can still do today without one of the grants held. */
export async function keepsWithout(
  db: Db,
  { roles, clock }: Pick<PeopleParts, 'roles' | 'clock'>,
  { personId, id }: { personId: number; id: number },
): Promise<ReadonlySet<Capability>> {
  const today = clock.today().toString()
  const rest = (await listGrants(db, personId)).filter((grant) => grant.id !== id && isInForce(grant, today))
  return powersOf(rest, roles).capabilities
}

function handOverWithin(db: Db, parts: PeopleParts, leaving: Leaving): Promise<Decision<number>> {
  const { openWork = [], roles, clock } = parts
  return handOver(db, { sources: openWork, roles, today: clock.today().toString() }, leaving)
}

/**
 * The grant's last day becomes `on`; one that has not begun by then never counts. Refusals: `grant.none`, and those of the
 * hand-over where the person can no longer do open work (`work.open`, `successor.wrong`).
 */
export async function endGrant(
  parts: PeopleParts,
  asked: { personId: number; id: number; on: string; successor: number | null; by: Actor },
): Promise<Decision<'ended'>> {
  const { personId, id, on, successor, by } = asked
  return inTransaction(parts.database, async (db) => {
    const keeps = await keepsWithout(db, parts, { personId, id })
    const handed = await handOverWithin(db, parts, { personId, keeps, successor, by })
    if (!handed.ok) return handed
    const { rows } = await sql<{ role: string; to_date: string }>`
      update role_grant set to_date = greatest(from_date, ${on}::date), ended_by = ${by.name}
      where person_id = ${personId} and id = ${id} and (to_date is null or to_date > ${on}::date)
      returning role, to_date`.execute(db)
    const [ended] = rows
    if (!ended) return refuse({ code: 'grant.none', message: 'There is no such grant, or it has ended' })
    const change = { new: { role: ended.role, to: ended.to_date } }
    await writeAudit(db, { actor: by, action: 'Role ended', record: 'person', recordKey: personId, ...change })
    return accept('ended' as const)
  })
}

/**
 * Closes an account: nobody signs in with it, its sessions end at once, its grants end, its history stays. Open work goes to
 * the successor; without one it is refused (`work.open`).
 */
export async function removePerson(
  parts: PeopleParts,
  { personId, successor, by }: { personId: number; successor: number | null; by: Actor },
): Promise<Decision<'removed'>> {
  return inTransaction(parts.database, async (db) => {
    const handed = await handOverWithin(db, parts, { personId, keeps: NOTHING, successor, by })
    if (!handed.ok) return handed
    await removeWithin(db, parts.clock, { personId, by })
    return accept('removed' as const)
  })
}

async function removeWithin(db: Db, clock: Clock, { personId, by }: { personId: number; by: Actor }): Promise<void> {
  const now = clock.now().toString()
  const today = clock.today().toString()
  await sql`update person set state = 'removed' where id = ${personId}`.execute(db)
  await sql`update user_session set ended_at = ${now}, ended_by = ${by.name}
    where person_id = ${personId} and ended_at is null`.execute(db)
  await sql`update organisation_member set left_at = ${now}, removed_by = ${by.name}
    where person_id = ${personId} and left_at is null`.execute(db)
  await sql`update role_grant set to_date = greatest(from_date, ${today}::date), ended_by = ${by.name}
    where person_id = ${personId} and (to_date is null or to_date > ${today}::date)`.execute(db)
  await writeAudit(db, { actor: by, action: 'Account closed', record: 'person', recordKey: personId })
}

type Membership = { readonly organisationId: number; readonly personId: number; readonly by: Actor }

/** Takes somebody out of one organisation. Whoever is in no other one loses the account, and hands over as then. */
export async function removeMember(
  parts: PeopleParts,
  { organisationId, personId, successor, by }: Membership & { readonly successor: number | null },
): Promise<Decision<'removed'>> {
  const { database, clock } = parts
  return inTransaction(database, async (db) => {
    await sql`update organisation_member set left_at = ${clock.now().toString()}, removed_by = ${by.name}
      where organisation_id = ${organisationId} and person_id = ${personId} and left_at is null`.execute(db)
    const change = { old: { organisation: organisationId } }
    await writeAudit(db, { actor: by, action: 'Left', record: 'person', recordKey: personId, ...change })
    const { rows } = await sql`select from organisation_member
      where person_id = ${personId} and left_at is null limit 1`.execute(db)
    if (rows.length === 0) {
      const handed = await handOverWithin(db, parts, { personId, keeps: NOTHING, successor, by })
      if (!handed.ok) throw new Refused(handed)
      await removeWithin(db, clock, { personId, by })
    }
    return accept('removed' as const)
  }).catch(asDecision)
}

/** The yearly review: the approver has looked at this person and the account is still right. */
export async function reviewMember(
  { database, clock }: Pick<PeopleParts, 'database' | 'clock'>,
  { organisationId, personId, by }: Membership,
): Promise<void> {
  const on = clock.today().toString()
  await inTransaction(database, async (db) => {
    await sql`update organisation_member set reviewed_on = ${on}, reviewed_by = ${by.name}
      where organisation_id = ${organisationId} and person_id = ${personId} and left_at is null`.execute(db)
    const change = { new: { organisation: organisationId, reviewed: on } }
    await writeAudit(db, { actor: by, action: 'Reviewed', record: 'person', recordKey: personId, ...change })
  })
}
