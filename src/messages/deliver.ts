import { sql } from 'kysely'
import { newLinkToken } from '../accounts/index.ts'
import { machineActor } from '../platform/actor.ts'
import { writeAudits } from '../platform/audit.ts'
import type { Database, Db } from '../platform/db.ts'
import { plainText, TOKEN_PLACE } from './letter-text.ts'
import type { Address, MailPort, MailRecipient, SendResult } from './mail-port.ts'

/** After each failed try the next waits longer; after the last of them, in about two days, it is given up. */
const WAITS_MINUTES = [1, 5, 15, 60, 180, 360, 720, 1440] as const

const ACTOR = machineActor('Mail', 'system')

type Claimed = {
  readonly messageId: number
  readonly subject: string
  readonly body: string
  readonly everybody: readonly (Address & { part: 'to' | 'cc' })[]
  readonly due: readonly (MailRecipient & { tries: number })[]
  /** The link that the letter is about ended before it left, so it does not go. */
  readonly isPointless: boolean
}

export type Sending = { readonly database: Pick<Database, 'db'>; readonly mail: MailPort }

/**
 * Sends what is due, message by message. Each try is stored before it begins, so that one under way at a crash is known, and
 * its result after. Answers how many messages were tried. Two at once never take the same recipient.
 */
export async function deliverDue({ database: { db }, mail }: Sending, isStopping = () => false): Promise<number> {
  for (let count = 0; ; count += 1) {
    if (isStopping()) return count
    const claimed = await db.transaction().execute((transaction) => claimNext(transaction, mail.channel))
    if (!claimed) return count
    const results = await tryToSend(mail, claimed)
    await db.transaction().execute((transaction) => storeResults(transaction, claimed, results))
  }
}

/** A message with the recipients that are due and that nobody is sending to; a try is opened for each. */
async function claimNext(db: Db, channel: string): Promise<Claimed | undefined> {
  const { rows } = await sql<{ id: number; message_id: number; part: 'to' | 'cc'; email: string; tries: number }>`
    with next as (
      select message_id from message_recipient r
      where state = 'queued' and next_try_at <= now()
        and not exists (select from message_attempt a where a.recipient_id = r.id and a.ended_at is null)
      order by next_try_at, id limit 1 for update skip locked
    )
    select r.id, r.message_id, r.part, r.email, r.tries from message_recipient r
    where r.message_id = (select message_id from next) and r.state = 'queued' and r.next_try_at <= now()
      and not exists (select from message_attempt a where a.recipient_id = r.id and a.ended_at is null)
    order by r.part desc, r.position for update skip locked`.execute(db)
  const [first] = rows
  if (!first) return undefined
  await sql`insert into message_attempt (recipient_id, channel)
    select unnest(${rows.map(({ id }) => id)}::integer[]), ${channel}`.execute(db)
  const message = await readMail(db, first.message_id)
  const claimed = { messageId: first.message_id, ...message, due: rows, isPointless: false }
  if (!message.body.includes(TOKEN_PLACE)) return claimed
  const token = await newLinkToken(db, first.message_id)
  return token === null
    ? { ...claimed, isPointless: true }
    : { ...claimed, body: message.body.replaceAll(TOKEN_PLACE, token) }
}

async function readMail(db: Db, id: number): Promise<Pick<Claimed, 'subject' | 'body' | 'everybody'>> {
  const { rows } = await sql<Pick<Claimed, 'subject' | 'body' | 'everybody'>>`
    select subject, body, (select jsonb_agg(jsonb_build_object('name', name, 'email', email, 'part', part)
      order by part desc, position) from message_recipient where message_id = message.id) as everybody
    from message where id = ${id}`.execute(db)
  const [row] = rows
  if (!row) throw new Error(`There is no message ${id}`)
  return row
}

async function tryToSend(mail: MailPort, claimed: Claimed): Promise<SendResult[]> {
  const { messageId, subject, body, everybody, due, isPointless } = claimed
  if (isPointless)
    return due.map(({ id }) => ({ recipientId: id, outcome: 'bounced', detail: 'The link in it ended before it left' }))
  const to = everybody.filter(({ part }) => part === 'to')
  const cc = everybody.filter(({ part }) => part === 'cc')
  try {
    const results = await mail.send({ messageId, subject, text: plainText(body), to, cc }, due)
    return due.map(
      ({ id }) =>
        results.find(({ recipientId }) => recipientId === id) ?? {
          recipientId: id,
          outcome: 'again',
          detail: 'The mail service did not say what became of it',
        },
    )
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error)
    return due.map(({ id }) => ({ recipientId: id, outcome: 'again', detail }))
  }
}

async function storeResults(db: Db, claimed: Claimed, results: readonly SendResult[]): Promise<void> {
  for (const result of results) {
    const tries = (claimed.due.find(({ id }) => id === result.recipientId)?.tries ?? 0) + 1
    const wait = WAITS_MINUTES[tries - 1]
    const state = result.outcome === 'again' ? (wait === undefined ? 'given-up' : 'queued') : result.outcome
    const isTrouble = result.outcome === 'again' || result.outcome === 'bounced'
    await sql`update message_attempt set ended_at = now(), outcome = ${result.outcome}, detail = ${result.detail}
      where recipient_id = ${result.recipientId} and ended_at is null`.execute(db)
    await sql`update message_recipient set state = ${state}, tries = ${tries},
        state_at = case when state = ${state} then state_at else now() end,
        next_try_at = case when ${state} = 'queued' then now() + make_interval(mins => ${wait ?? 0}) end,
        trouble = ${isTrouble ? result.detail : null}, reference = coalesce(${result.reference ?? null}, reference)
      where id = ${result.recipientId} and state = 'queued'`.execute(db)
  }
  const counted = Object.entries(Object.groupBy(results, ({ outcome }) => outcome))
  await writeAudits(
    db,
    counted.map(([outcome, some]) => ({
      actor: ACTOR,
      action: OUTCOMES[outcome] ?? outcome,
      record: 'message',
      recordKey: claimed.messageId,
      new: { recipients: some?.length ?? 0 },
    })),
  )
}

const OUTCOMES: Readonly<Record<string, string>> = {
  'handed-over': 'Handed over',
  delivered: 'Delivered',
  bounced: 'Bounced',
  again: 'Try failed',
}

/**
 * Tries that were under way when the service ended: nobody knows whether they arrived. They are made again, marked as perhaps
 * sent twice, and so listed. Only for the start of the one service of a database: a try of its own would be taken for lost.
 */
export async function recoverInterrupted({ db }: Pick<Database, 'db'>): Promise<number> {
  return db.transaction().execute(async (transaction) => {
    const { rows } = await sql<{ message_id: number }>`
      with lost as (
        update message_attempt set ended_at = now(), outcome = 'interrupted', detail = 'The service ended meanwhile'
        where ended_at is null returning recipient_id
      )
      update message_recipient r set perhaps_twice = true, next_try_at = now() from lost
      where r.id = lost.recipient_id and r.state = 'queued' returning message_id`.execute(transaction)
    const actor = ACTOR
    await writeAudits(
      transaction,
      [...new Set(rows.map((row) => row.message_id))].map((recordKey) => ({
        ...{ actor, action: 'Try interrupted', record: 'message', recordKey },
        new: { recipients: rows.filter((row) => row.message_id === recordKey).length },
      })),
    )
    return rows.length
  })
}
