import { createHash, randomBytes } from 'node:crypto'
import { sql } from 'kysely'
import type { Actor, Confinement } from '../platform/actor.ts'
import { writeAudit } from '../platform/audit.ts'
import type { Clock } from '../platform/clock.ts'
import type { Database, Db } from '../platform/db.ts'
import { runAsMachine } from '../platform/scope.ts'
import type { Asked } from '../platform/web/server.ts'
import { type Grant, powersOf } from './grant.ts'
import type { Role } from './roles.ts'

const IDLE_MINUTES = 60
const WHOLE_HOURS = 12
/** "Last seen" is written at most this often, so that reading a page seldom writes. */
const SEEN_SECONDS = 60

/** As the API's document names it. */
export const SESSION_COOKIE = 'session'

export type SessionParts = { readonly database: Database; readonly clock: Clock; readonly roles: readonly Role[] }

/** The digest under which a secret is kept; the secret itself is only with its holder. */
export function digest(secret: string): Buffer {
  return createHash('sha256').update(secret).digest()
}

/** 256 random bits, for addresses and cookies. */
export function newSecret(): string {
  return randomBytes(32).toString('base64url')
}

/** `linkId`: the link for one person by which it is opened, which confines it to the link's record. */
type SessionToOpen = {
  readonly personId: number
  readonly browser: string
  readonly through: Pick<Actor, 'door' | 'requestId'>
  readonly linkId?: number
}

/**
 * Opens a session and answers its token, which is stored nowhere. `through` is the request of a visitor, whom the database
 * shows nobody: this is the machine's work.
 */
export function openSession(parts: Pick<SessionParts, 'database' | 'clock'>, session: SessionToOpen): Promise<string> {
  return runAsMachine(() => storeSession(parts, session))
}

function storeSession(
  { database, clock }: Pick<SessionParts, 'database' | 'clock'>,
  session: SessionToOpen,
): Promise<string> {
  return database.db.transaction().execute((db) => insertSession(db, clock.now(), session))
}

/** The same in the caller's transaction, by the machine. */
export async function insertSession(
  db: Db,
  at: Temporal.Instant,
  { personId, browser, through, linkId }: SessionToOpen,
): Promise<string> {
  const token = newSecret()
  const now = at.toString()
  const { rows } = await sql<{ name: string }>`
    with opened as (
      insert into user_session (token_hash, person_id, created_at, seen_at, browser, link_id)
      values (${digest(token)}, ${personId}, ${now}, ${now}, ${browser.slice(0, 200)}, ${linkId ?? null})
    )
    select name from person where id = ${personId}`.execute(db)
  const { door, requestId } = through
  const actor = { personId, name: rows[0]?.name ?? '', door, requestId }
  const action = linkId === undefined ? 'Signed in' : 'Signed in by link'
  await writeAudit(db, { actor, action, record: 'person', recordKey: personId })
  return token
}

type FoundSession = {
  id: number
  person_id: number
  name: string
  stale: boolean
  left: number
  grants: Grant[]
  member_of: number[]
  link: Confinement | null
}

/**
 * The person of a session that is in use: not ended, seen within the hour, not older than 12 hours. One that a link opened has the
 * link's role alone, needs no account that was ever used, and ends with the link, the role or the address that it was sent to.
 */
export function findActor(parts: SessionParts, asked: Asked): Promise<Actor | null> {
  // Whose scope it will be is only known afterwards.
  return runAsMachine(() => readActor(parts, asked))
}

async function readActor(parts: SessionParts, asked: Asked): Promise<Actor | null> {
  const token = asked.cookies[SESSION_COOKIE]
  if (!token) return null
  const now = parts.clock.now()
  const today = parts.clock.today().toString()
  const { rows } = await parts.database.pool.query<FoundSession>({
    name: 'find-actor',
    text: `
      select s.id, s.person_id, p.name, s.seen_at < $2::timestamptz - make_interval(secs => ${SEEN_SECONDS}) as stale,
        floor(extract(epoch from least(make_interval(mins => ${IDLE_MINUTES}),
          s.created_at + make_interval(hours => ${WHOLE_HOURS}) - $2::timestamptz)))::integer as left,
        coalesce((
          select jsonb_agg(jsonb_build_object('programme', programme, 'role', role, 'scopeKind', scope_kind,
            'scopeValues', scope_values, 'from', from_date, 'to', to_date) order by g.id)
          from role_grant g where g.person_id = p.id and from_date <= $3 and (to_date is null or to_date >= $3)
            and (l.id is null or (g.programme = l.programme and g.role = l.role))
        ), '[]') as grants,
        array(select organisation_id from organisation_member m where m.person_id = p.id and m.left_at is null
          and l.id is null order by 1) as member_of,
        case when l.id is not null then jsonb_build_object('link', l.id, 'href', l.record_href) end as link
      from user_session s join person p on p.id = s.person_id left join one_time_link l on l.id = s.link_id
      where s.token_hash = $1 and s.ended_at is null
        and (p.state = 'active' or (p.state = 'invited' and l.id is not null))
        and (l.id is null or (l.ended_at is null and lower(l.email) = lower(p.email)))
        and s.created_at > $2::timestamptz - make_interval(hours => ${WHOLE_HOURS})
        and s.seen_at > $2::timestamptz - make_interval(mins => ${IDLE_MINUTES})`,
    values: [digest(token), now.toString(), today],
  })
  const [found] = rows
  if (!found || (found.link && found.grants.length === 0)) return null
  if (found.stale)
    await parts.database.pool.query('update user_session set seen_at = $2 where id = $1', [found.id, now.toString()])
  const { door, requestId } = asked
  const { person_id: personId, name, left: sessionSeconds, member_of: memberOf } = found
  const powers = powersOf(found.grants, parts.roles)
  const actor = { personId, name, memberOf, door, requestId, sessionSeconds, ...powers }
  if (!found.link) return actor
  // What is done so is kept as done by link: the audit names the role in which somebody acts.
  const hats = powers.hats.map((hat) => ({ ...hat, title: `${hat.title}, by link` }))
  return { ...actor, hats, confinedTo: found.link }
}

/** Sessions that are in use now, and the people whose they are. */
export async function countSessions({
  database,
  clock,
}: Pick<SessionParts, 'database' | 'clock'>): Promise<{ sessions: number; people: number }> {
  const { rows } = await database.pool.query<{ sessions: number; people: number }>(
    `select count(*)::int as sessions, count(distinct person_id)::int as people from user_session
     where ended_at is null and created_at > $1::timestamptz - make_interval(hours => ${WHOLE_HOURS})
       and seen_at > $1::timestamptz - make_interval(mins => ${IDLE_MINUTES})`,
    [clock.now().toString()],
  )
  return rows[0] ?? { sessions: 0, people: 0 }
}

/** Also for a session that timed out, which a visitor brings: having its token is enough. */
export function endSession(
  { database, clock }: Pick<SessionParts, 'database' | 'clock'>,
  { token, by }: { token: string; by: Actor },
): Promise<void> {
  const end = async (db: Db) => {
    const { rows } = await sql<{ person_id: number }>`
      update user_session set ended_at = ${clock.now().toString()}, ended_by = ${by.name}
      where token_hash = ${digest(token)} and ended_at is null returning person_id`.execute(db)
    const [ended] = rows
    if (ended) await writeAudit(db, { actor: by, action: 'Signed out', record: 'person', recordKey: ended.person_id })
  }
  return runAsMachine(() => database.db.transaction().execute(end))
}

/** Ends one session of a person, or all of them without `id`. Answers how many ended. */
export async function revokeSessions(
  { database, clock }: Pick<SessionParts, 'database' | 'clock'>,
  { personId, id = null, by }: { personId: number; id?: number | null; by: Actor },
): Promise<number> {
  return database.db.transaction().execute(async (db) => {
    const { rows } = await sql`
      update user_session set ended_at = ${clock.now().toString()}, ended_by = ${by.name}
      where person_id = ${personId} and ended_at is null and (${id}::integer is null or id = ${id}) returning id`.execute(
      db,
    )
    if (rows.length > 0)
      await writeAudit(db, {
        actor: by,
        action: 'Sessions ended',
        record: 'person',
        recordKey: personId,
        new: { sessions: rows.length },
      })
    return rows.length
  })
}

export type SessionRow = {
  readonly id: number
  readonly created_at: Date
  readonly seen_at: Date
  readonly browser: string
  readonly current: boolean
}

/** The sessions in use of a person, newest first; `token` tells which of them asks. */
export async function listSessions(
  { database, clock }: Pick<SessionParts, 'database' | 'clock'>,
  { personId, token = '' }: { personId: number; token?: string },
): Promise<SessionRow[]> {
  const { rows } = await sql<SessionRow>`
    select id, created_at, seen_at, browser, token_hash = ${digest(token)} as current
    from user_session
    where person_id = ${personId} and ended_at is null
      and created_at > ${clock.now().toString()}::timestamptz - make_interval(hours => ${WHOLE_HOURS})
      and seen_at > ${clock.now().toString()}::timestamptz - make_interval(mins => ${IDLE_MINUTES})
    order by id desc`.execute(database.db)
  return rows
}
