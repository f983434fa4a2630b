import { type RawBuilder, sql } from 'kysely'
import type { Actor } from '../platform/actor.ts'
import type { Db } from '../platform/db.ts'
import { type LinkFacts, MOST_WRONG_TRIES } from './one-time-link.ts'
import { digest, newSecret } from './session.ts'

// Links belong to nobody's scope: all of this is the machine's work, and the use cases above ask who may.

/** A link for one person to what one record asks of them; nothing of it opens it. `part`: which opening within the record. */
export type OneTimeLink = {
  readonly id: number
  readonly record: string
  readonly recordKey: string
  readonly recordHref: string
  readonly part: number
  readonly personId: number
  readonly personName: string
  readonly programme: string
  readonly role: string
  readonly placeKind: string
  readonly placeKey: string
  readonly email: string
  readonly messageId: number
  /** ISO dates: the day of its letter and the last on which it works. */
  readonly madeOn: string
  readonly lastDay: string
  readonly madeBy: string
  readonly madeAs: string
  readonly usedAt: Date | null
  readonly endedBecause: LinkFacts['endedBecause']
  readonly isSent: boolean
}

export type LinkToMake = Pick<
  OneTimeLink,
  | 'record'
  | 'recordKey'
  | 'recordHref'
  | 'part'
  | 'personId'
  | 'programme'
  | 'role'
  | 'placeKind'
  | 'placeKey'
  | 'email'
  | 'messageId'
  | 'madeOn'
  | 'lastDay'
  | 'madeAs'
> & { readonly by: Actor; readonly at: Temporal.Instant }

/** Keeps a link in the transaction of its letter; one to the same for the same person ends. Answers its number. */
export async function makeLink(db: Db, link: LinkToMake): Promise<number> {
  const at = link.at.toString()
  await sql`update one_time_link set ended_at = ${at}, ended_because = 'replaced', ended_by = ${link.by.name}
    where record = ${link.record} and record_key = ${link.recordKey} and part = ${link.part}
      and person_id = ${link.personId} and used_at is null and ended_at is null`.execute(db)
  const { rows } = await sql<{ id: number }>`
    insert into one_time_link (record, record_key, record_href, part, person_id, programme, role, place_kind, place_key, email,
      message_id, made_on, made_at, made_by, made_as, last_day)
    values (${link.record}, ${link.recordKey}, ${link.recordHref}, ${link.part}, ${link.personId}, ${link.programme},
      ${link.role}, ${link.placeKind}, ${link.placeKey}, ${link.email}, ${link.messageId}, ${link.madeOn}, ${at},
      ${link.by.name}, ${link.madeAs}, ${link.lastDay})
    returning id`.execute(db)
  return rows[0]?.id ?? 0
}

/**
 * A token for the letter of a link as it is handed over, in the transaction that opens the try; only its digest is kept. Null where
 * the link ended before, or the letter has none: then it must not go.
 */
export async function newLinkToken(db: Db, messageId: number): Promise<string | null> {
  const token = newSecret()
  const { rows } = await sql`
    insert into one_time_link_token (token_hash, link_id)
    select ${digest(token)}, id from one_time_link
    where message_id = ${messageId} and used_at is null and ended_at is null returning link_id`.execute(db)
  return rows.length > 0 ? token : null
}

/** The link behind a token; locked if asked, so that of many who open it at once one does. */
export async function findLinkByToken(db: Db, token: string, lock = false): Promise<OneTimeLink | undefined> {
  const { rows } = await readLinks(
    sql`l.id = (select link_id from one_time_link_token where token_hash = ${digest(token)})`,
    lock,
  ).execute(db)
  return rows[0]
}

/** Every link to a record, newest first. */
export async function listLinks(db: Db, about: { record: string; key: string }): Promise<OneTimeLink[]> {
  const { rows } = await readLinks(sql`l.record = ${about.record} and l.record_key = ${about.key}`).execute(db)
  return rows
}

function readLinks(where: RawBuilder<unknown>, lock = false) {
  return sql<OneTimeLink>`
    select l.id, l.record, l.record_key as "recordKey", l.record_href as "recordHref", l.part, l.person_id as "personId",
      p.name as "personName", l.programme, l.role, l.place_kind as "placeKind", l.place_key as "placeKey", l.email,
      l.message_id as "messageId", l.made_on as "madeOn", l.last_day as "lastDay", l.made_by as "madeBy",
      l.made_as as "madeAs", l.used_at as "usedAt", l.ended_because as "endedBecause",
      exists (select from one_time_link_token t where t.link_id = l.id) as "isSent"
    from one_time_link l join person p on p.id = l.person_id where ${where} order by l.id desc
    ${lock ? sql`for update of l` : sql``}`
}

/** Counts a wrong address at a locked link; the last one that is allowed ends it. Answers whether it ended. */
export async function countWrongAddress(db: Db, id: number, at: Temporal.Instant): Promise<boolean> {
  const isLast = sql`wrong_tries + 1 >= ${MOST_WRONG_TRIES}`
  const { rows } = await sql<{ ended: boolean }>`
    update one_time_link set wrong_tries = wrong_tries + 1,
      ended_at = case when ${isLast} then ${at.toString()}::timestamptz end,
      ended_because = case when ${isLast} then 'wrong-address' end, ended_by = case when ${isLast} then 'Alongside' end
    where id = ${id} and used_at is null and ended_at is null returning ended_at is not null as ended`.execute(db)
  return rows[0]?.ended ?? true
}

/** Marks a locked link as used. */
export async function useLink(db: Db, id: number, at: Temporal.Instant): Promise<void> {
  await sql`update one_time_link set used_at = ${at.toString()}
    where id = ${id} and used_at is null and ended_at is null`.execute(db)
}

/** Ends a link by hand, and the session that it opened. Answers whether there was something to end. */
export async function revokeLink(
  db: Db,
  { id, by, at }: { id: number; by: Actor; at: Temporal.Instant },
): Promise<boolean> {
  const now = at.toString()
  const { rows } = await sql`
    update one_time_link set ended_at = ${now}, ended_because = 'revoked', ended_by = ${by.name}
    where id = ${id} and ended_at is null returning id`.execute(db)
  await sql`update user_session set ended_at = ${now}, ended_by = ${by.name}
    where link_id = ${id} and ended_at is null`.execute(db)
  return rows.length > 0
}
