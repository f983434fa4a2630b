import { sql } from 'kysely'
import type { Actor } from '../platform/actor.ts'
import { writeAudit } from '../platform/audit.ts'
import type { Clock } from '../platform/clock.ts'
import type { Database, Db } from '../platform/db.ts'
import { accept, type Decision, type Refusal, refuse } from '../platform/decision.ts'
import { runAsMachine } from '../platform/scope.ts'
import type { Asked } from '../platform/web/server.ts'
import { decideGrant, type Grant, powersOf } from './grant.ts'
import type { Role } from './roles.ts'
import { digest, findActor, newSecret } from './session.ts'

type Parts = { readonly database: Database; readonly clock: Clock; readonly roles: readonly Role[] }

/** Marks a token as ours, so that one that lies about somewhere is recognised. */
const PREFIX = 'alongside_'
const MOST_DAYS = 366
/** "Last used" is written at most this often. */
const USED_SECONDS = 60

/** A token of an organisation's program, without the token itself, which is stored nowhere. */
export type TokenRow = {
  readonly id: number
  readonly name: string
  readonly grant: Grant
  readonly madeBy: string
  readonly madeAt: Date
  /** ISO date: the last day on which it works. */
  readonly lastDay: string
  readonly lastUsedAt: Date | null
  readonly revokedAt: Date | null
  readonly revokedBy: string | null
}

/** All tokens of an organisation, newest first; at most one of them is not revoked. */
export async function listTokens(db: Db, organisationId: number): Promise<TokenRow[]> {
  const { rows } = await sql<TokenRow>`
    select id, name, jsonb_build_object('programme', programme, 'role', role, 'scopeKind', scope_kind,
        'scopeValues', scope_values, 'from', (made_at at time zone 'Europe/London')::date, 'to', last_day) as grant,
      made_by as "madeBy", made_at as "madeAt", last_day as "lastDay", last_used_at as "lastUsedAt",
      revoked_at as "revokedAt", revoked_by as "revokedBy"
    from service_token where organisation_id = ${organisationId} order by id desc`.execute(db)
  return rows
}

export type AskedToken = {
  readonly organisationId: number
  readonly name: string
  /** Its last day is the token's; null when none was given. */
  readonly grant: Grant | null
  readonly by: Actor
}

/** A token acts in a role of a programme, never as an administrator, for a year at most. */
export function decideToken(
  { name, grant }: Pick<AskedToken, 'name' | 'grant'>,
  { roles, today }: { roles: readonly Role[]; today: string },
): Decision<Grant & { readonly to: string }> {
  const refusals: Refusal[] = []
  if (name === '' || name.length > 100)
    refusals.push({
      code: 'token.name',
      field: 'name',
      message: 'Say what the token is for, in 100 characters at most',
    })
  if (!grant || grant.programme === null)
    return refuse(...refusals, { code: 'grant.role', field: 'role', message: 'Choose a role of a programme' })
  const decided = decideGrant(grant, { roles, others: [] })
  if (!decided.ok) refusals.push(...decided.refusals)
  const latest = Temporal.PlainDate.from(today).add({ days: MOST_DAYS }).toString()
  const { to } = grant
  if (to === null || to < today || to > latest)
    refusals.push({ code: 'token.last-day', field: 'to', message: 'Give a last day, from today to a year from now' })
  return to === null || refusals.length > 0 ? refuse(...refusals) : accept({ ...grant, to })
}

/** Makes a token and answers it, once. One that the organisation had ends at the same moment. */
export async function createToken(
  { database, clock, roles }: Parts,
  asked: AskedToken,
): Promise<Decision<{ readonly id: number; readonly token: string }>> {
  const decided = decideToken(asked, { roles, today: clock.today().toString() })
  if (!decided.ok) return decided
  const { programme, role, scopeKind, scopeValues, to } = decided.value
  const { organisationId, name, by } = asked
  const token = PREFIX + newSecret()
  const now = clock.now().toString()
  return database.db.transaction().execute(async (db) => {
    await sql`select from organisation where id = ${organisationId} for update`.execute(db)
    const ended = await revokeWithin(db, { organisationId, now, by })
    const { rows } = await sql<{ id: number }>`
      insert into service_token (organisation_id, name, token_hash, programme, role, scope_kind, scope_values, made_by, made_at,
        last_day)
      values (${organisationId}, ${name}, ${digest(token)}, ${programme}, ${role}, ${scopeKind}, ${[...scopeValues]},
        ${by.name}, ${now}, ${to}) returning id`.execute(db)
    const id = rows[0]?.id ?? 0
    const made = {
      token: id,
      name,
      role,
      scope: scopeKind,
      values: scopeValues,
      lastDay: to,
      takesPlaceOf: ended ?? null,
    }
    await auditToken(db, by, { organisationId, action: 'Token made', new: made })
    return accept({ id, token })
  })
}

/** Ends the token that an organisation has. Refusal `token.none`. */
export async function revokeToken(
  { database, clock }: Pick<Parts, 'database' | 'clock'>,
  { organisationId, by }: { organisationId: number; by: Actor },
): Promise<Decision<{ id: number }>> {
  return database.db.transaction().execute(async (db) => {
    const id = await revokeWithin(db, { organisationId, now: clock.now().toString(), by })
    if (id === undefined) return refuse({ code: 'token.none', message: 'The organisation has no token that works' })
    await auditToken(db, by, { organisationId, action: 'Token revoked', new: { token: id } })
    return accept({ id })
  })
}

async function revokeWithin(
  db: Db,
  { organisationId, now, by }: { organisationId: number; now: string; by: Actor },
): Promise<number | undefined> {
  const { rows } = await sql<{ id: number }>`
    update service_token set revoked_at = ${now}, revoked_by = ${by.name}
    where organisation_id = ${organisationId} and revoked_at is null returning id`.execute(db)
  return rows[0]?.id
}

function auditToken(
  db: Db,
  actor: Actor,
  entry: { organisationId: number; action: string; new: Record<string, unknown> },
): Promise<void> {
  const { organisationId, action } = entry
  return writeAudit(db, { actor, action, record: 'organisation', recordKey: organisationId, new: entry.new })
}

/** Who sends a request: a program by its token, at the API only, else the person of the session. */
export function authenticate(parts: Parts, asked: Asked): Promise<Actor | null> {
  if (asked.bearer === undefined) return findActor(parts, asked)
  return asked.door === 'API'
    ? runAsMachine(() => findTokenActor(parts, asked.bearer ?? '', asked.requestId))
    : Promise.resolve(null)
}

type FoundToken = { id: number; name: string; organisation: string; stale: boolean; grant: Grant }

/** The organisation acts, in the one role of the token; no person does. Null for one that is unknown, revoked or over. */
async function findTokenActor(
  { database, clock, roles }: Parts,
  token: string,
  requestId: string,
): Promise<Actor | null> {
  const now = clock.now().toString()
  const { rows } = await sql<FoundToken>`
    select t.id, t.name, o.name as organisation,
      (t.last_used_at is null or t.last_used_at < ${now}::timestamptz - make_interval(secs => ${USED_SECONDS})) as stale,
      jsonb_build_object('programme', t.programme, 'role', t.role, 'scopeKind', t.scope_kind, 'scopeValues', t.scope_values,
        'from', (t.made_at at time zone 'Europe/London')::date, 'to', t.last_day) as grant
    from service_token t join organisation o on o.id = t.organisation_id
    where t.token_hash = ${digest(token)} and t.revoked_at is null and t.last_day >= ${clock.today().toString()}::date`.execute(
    database.db,
  )
  const [found] = rows
  if (!found) return null
  if (found.stale) await sql`update service_token set last_used_at = ${now} where id = ${found.id}`.execute(database.db)
  const name = `${found.organisation} (${found.name})`
  return { personId: null, name, door: 'API', requestId, ...powersOf([found.grant], roles) }
}
