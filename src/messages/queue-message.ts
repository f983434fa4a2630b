import { sql } from 'kysely'
import type { Actor } from '../platform/actor.ts'
import { writeAudit } from '../platform/audit.ts'
import type { Db } from '../platform/db.ts'
import type { ChosenRecipient, ComposedMessage } from './compose.ts'

/** The record that a message is about, as the audit and people call it, and where it lies: that decides who may read it. */
export type MessageSubject = {
  readonly record: string
  readonly key: string | number
  /** What people call it, such as the case's number. */
  readonly label: string
  readonly href: string
  readonly region?: string | null
  readonly authority?: string | null
  readonly organisations?: readonly string[]
  readonly urns?: readonly number[]
  readonly leaders?: readonly string[]
}

export type QueueMessage = { readonly message: ComposedMessage; readonly about: MessageSubject; readonly by: Actor }

/**
 * Stores a composed letter in the transaction of the step that sends it: both are kept or neither, and it leaves after the
 * transaction ended. Answers the message's number. Throws without a transaction.
 */
export async function queueMessage(db: Db, { message, about, by }: QueueMessage): Promise<number> {
  if (!db.isTransaction) throw new Error('A message is queued in the transaction of its step')
  if (message.recipients.length === 0) throw new Error('A message without recipients')
  const id = await insertMessage(db, { message, about, by })
  await insertRecipients(db, id, message.recipients)
  await writeAudit(db, {
    actor: by,
    action: 'Letter queued',
    record: 'message',
    recordKey: id,
    new: { letter: message.title, about: about.label, to: rolesOf(message, 'to'), copies: rolesOf(message, 'cc') },
  })
  return id
}

/** The audit says which roles got it; names and addresses stand with the message. */
function rolesOf({ recipients }: ComposedMessage, part: 'to' | 'cc'): string[] {
  return recipients.filter((one) => one.part === part).map(({ roleTitle }) => roleTitle)
}

async function insertMessage(db: Db, { message, about, by }: QueueMessage): Promise<number> {
  const { rows } = await sql<{ id: number }>`
    insert into message (programme, edition, pack_version, letter, letter_digest, title, subject, body, record, record_key,
      record_label, record_href, region, authority, organisations, urns, leaders, dated, queued_by)
    values (${message.programme}, ${message.edition}, ${message.packVersion}, ${message.letter}, ${message.letterDigest},
      ${message.title}, ${message.subject}, ${message.body}, ${about.record}, ${String(about.key)}, ${about.label},
      ${about.href}, ${about.region ?? null}, ${about.authority ?? null}, ${[...(about.organisations ?? [])]},
      ${[...(about.urns ?? [])]}, ${[...(about.leaders ?? [])]}, ${message.dated}, ${by.name})
    returning id`.execute(db)
  const [row] = rows
  if (!row) throw new Error('A message that was stored has no number')
  return row.id
}

async function insertRecipients(db: Db, id: number, recipients: readonly ChosenRecipient[]): Promise<void> {
  const rows = recipients.map((one, position) => ({ ...one, position }))
  await sql`
    insert into message_recipient (message_id, part, position, role, role_title, place_kind, place_key, place_name, person_id,
      name, email, because)
    select ${id}, r.part, r.position, r.role, r."roleTitle", r."placeKind", r."placeKey", r."placeName", r."personId", r.name,
      r.email, r.because
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as r (part text, position integer, role text, "roleTitle" text,
      "placeKind" text, "placeKey" text, "placeName" text, "personId" integer, name text, email text, because text)`.execute(
    db,
  )
}
