import { type RawBuilder, sql } from 'kysely'
import type { Db } from '../platform/db.ts'
import type { MessageState, RecipientState } from './states.ts'

export type MessageRow = {
  readonly id: number
  readonly dated: string
  readonly title: string
  readonly subject: string
  readonly record: string
  readonly recordKey: string
  readonly label: string
  readonly href: string
  readonly queuedAt: Date
  readonly to: readonly { readonly name: string; readonly email: string; readonly roleTitle: string }[]
  readonly cc: readonly { readonly name: string; readonly email: string; readonly roleTitle: string }[]
  readonly state: MessageState
  readonly perhapsTwice: boolean
}

export type MessagesAsked = {
  readonly text: string
  /** A state, `perhaps-twice`, or empty for all. */
  readonly state: string
  readonly oldestFirst: boolean
  readonly limit: number | null
  readonly offset: number
}

/** Worst first: one recipient who did not get it counts more than all who did. Trouble of one that is tried again is `failing`. */
const STATE = sql<MessageState>`case
  when bool_or(r.state = 'given-up') then 'given-up' when bool_or(r.state = 'bounced') then 'bounced'
  when bool_or(r.state = 'unknown') then 'unknown' when bool_or(r.state = 'queued' and r.trouble is not null) then 'failing'
  when bool_or(r.state = 'queued') then 'queued' when bool_or(r.state = 'handed-over') then 'handed-over'
  else 'delivered' end`

function partAs(part: 'to' | 'cc') {
  return sql`coalesce(jsonb_agg(jsonb_build_object('name', r.name, 'email', r.email, 'roleTitle', r.role_title)
    order by r.position) filter (where r.part = ${part}), '[]')`
}

function messagesWhere(where: RawBuilder<unknown>) {
  return sql`select m.id, m.dated, m.title, m.subject, m.record, m.record_key as "recordKey", m.record_label as label,
      m.record_href as href, m.queued_at as "queuedAt", ${partAs('to')} as "to", ${partAs('cc')} as cc, ${STATE} as state,
      bool_or(r.perhaps_twice) as "perhapsTwice"
    from message m join message_recipient r on r.message_id = m.id
    where ${where} group by m.id`
}

/** The outbox as one person sees it: newest first unless asked otherwise, with how many there are in all. */
export async function listMessages(
  db: Db,
  { text, state, oldestFirst, limit, offset }: MessagesAsked,
): Promise<{ rows: MessageRow[]; total: number }> {
  const pattern = `%${text.replaceAll(/[\\%_]/g, '\\$&')}%`
  const words = text
    ? sql`(m.subject || ' ' || m.record_label || ' ' || m.title ilike ${pattern} or exists (
        select from message_recipient x where x.message_id = m.id and x.name || ' ' || x.email ilike ${pattern}))`
    : sql`true`
  const inState =
    state === '' ? sql`true` : state === 'perhaps-twice' ? sql`found."perhapsTwice"` : sql`found.state = ${state}`
  const found = sql`(${messagesWhere(words)}) found where ${inState}`
  const order = oldestFirst ? sql`id` : sql`id desc`
  const { rows } = await sql<MessageRow & { total: number }>`select found.*, (count(*) over ())::integer as total
    from ${found} order by ${order} limit ${limit}::integer offset ${offset}::integer`.execute(db)
  if (rows.length > 0 || offset === 0) return { rows, total: rows[0]?.total ?? 0 }
  const counted = await sql<{ total: number }>`select count(*)::integer as total from ${found}`.execute(db)
  return { rows, total: counted.rows[0]?.total ?? 0 }
}

export type RecipientRow = {
  readonly id: number
  readonly part: 'to' | 'cc'
  readonly personId: number | null
  readonly roleTitle: string
  readonly placeName: string
  readonly name: string
  readonly email: string
  readonly because: string
  readonly state: RecipientState
  readonly stateAt: Date
  readonly tries: number
  readonly nextTryAt: Date | null
  readonly trouble: string | null
  readonly perhapsTwice: boolean
}

export type AttemptRow = {
  readonly name: string
  readonly channel: string
  readonly begunAt: Date
  readonly endedAt: Date | null
  readonly outcome: string | null
  readonly detail: string
}

export type StoredMessage = MessageRow & {
  readonly programme: string
  readonly edition: string
  readonly packVersion: string
  readonly letter: string
  readonly letterDigest: string
  readonly body: string
  readonly queuedBy: string
  readonly recipients: readonly RecipientRow[]
  readonly attempts: readonly AttemptRow[]
}

/** A message as it was sent, its recipients and tries; undefined when there is none that this person may see. */
export async function findMessage(db: Db, id: number): Promise<StoredMessage | undefined> {
  const { rows } = await sql<Omit<StoredMessage, 'recipients' | 'attempts'>>`
    select found.*, m.programme, m.edition, m.pack_version as "packVersion", m.letter, m.letter_digest as "letterDigest",
      m.body, m.queued_by as "queuedBy"
    from (${messagesWhere(sql`m.id = ${id}`)}) found join message m on m.id = found.id`.execute(db)
  const [message] = rows
  if (!message) return undefined
  const recipients = await sql<RecipientRow>`
    select id, part, person_id as "personId", role_title as "roleTitle", place_name as "placeName", name, email, because, state,
      state_at as "stateAt", tries, next_try_at as "nextTryAt", trouble, perhaps_twice as "perhapsTwice"
    from message_recipient where message_id = ${id} order by part desc, position`.execute(db)
  const attempts = await sql<AttemptRow>`
    select r.name, a.channel, a.begun_at as "begunAt", a.ended_at as "endedAt", a.outcome, a.detail
    from message_attempt a join message_recipient r on r.id = a.recipient_id
    where r.message_id = ${id} order by a.id desc limit 200`.execute(db)
  return { ...message, recipients: recipients.rows, attempts: attempts.rows }
}

/** The messages about some records, newest first. For other slices, which ask permission themselves. */
export async function readMessagesAbout(
  db: Db,
  { record, keys }: { record: string; keys: readonly string[] },
): Promise<StoredMessage[]> {
  const { rows } = await sql<{ id: number }>`select id from message
    where record = ${record} and record_key = any (${[...keys]}::text[]) order by id desc`.execute(db)
  const messages: StoredMessage[] = []
  for (const { id } of rows) {
    const message = await findMessage(db, id)
    if (message) messages.push(message)
  }
  return messages
}

/** How the messages of some records stand, for whoever waits for them: per recipient, in the order of their messages. */
export type DeliveryState = {
  readonly messageId: number
  readonly letter: string
  readonly title: string
  readonly dated: string
  readonly part: 'to' | 'cc'
  readonly role: string | null
  readonly roleTitle: string
  readonly name: string
  readonly state: RecipientState
  /** Why the last try failed; null where none has. */
  readonly trouble: string | null
}

/** Everything that was queued about a record, as far as it got. For other slices, which ask permission themselves. */
export async function readDelivery(db: Db, about: { record: string; key: string | number }): Promise<DeliveryState[]> {
  const { rows } = await sql<DeliveryState>`
    select m.id as "messageId", m.letter, m.title, m.dated, r.part, r.role, r.role_title as "roleTitle", r.name, r.state,
      r.trouble
    from message m join message_recipient r on r.message_id = m.id
    where m.record = ${about.record} and m.record_key = ${String(about.key)}
    order by m.id, r.part desc, r.position`.execute(db)
  return rows
}

/** Messages that wait while the service has no way to send them. */
export async function countWaiting(db: Db): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    select count(distinct message_id)::integer as count from message_recipient where state = 'queued'`.execute(db)
  return rows[0]?.count ?? 0
}
