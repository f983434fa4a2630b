import { sql } from 'kysely'
import { machineActor } from '../platform/actor.ts'
import { writeAudit } from '../platform/audit.ts'
import type { Database, Db } from '../platform/db.ts'
import type { MailPort } from './mail-port.ts'

/** A mail service that has said nothing for three days will not say it any more. */
const LONGEST_HOURS = 72
const ASK_AGAIN_SECONDS = 60
const AT_ONCE = 50

const ACTOR = machineActor('Mail', 'system')
const WORDS = { delivered: 'Delivered', bounced: 'Bounced', unknown: 'Not known whether it arrived' } as const

/** Asks the mail service what became of what it took. Answers how many became known. */
export async function askFates({ db }: Pick<Database, 'db'>, mail: MailPort): Promise<number> {
  if (!mail.findFate) return 0
  const { rows } = await sql<{ id: number; message_id: number; reference: string; late: boolean }>`
    update message_recipient set asked_at = now() where id in (
      select id from message_recipient where state = 'handed-over' and reference is not null
        and coalesce(asked_at, state_at) <= now() - make_interval(secs => ${ASK_AGAIN_SECONDS})
      order by asked_at nulls first limit ${AT_ONCE} for update skip locked)
    returning id, message_id, reference, state_at < now() - make_interval(hours => ${LONGEST_HOURS}) as late`.execute(
    db,
  )
  let known = 0
  for (const { id, message_id, reference, late } of rows) {
    const fate =
      (await mail.findFate(reference)) ?? (late ? ({ state: 'unknown', detail: 'No answer' } as const) : null)
    if (!fate) continue
    known += 1
    await db.transaction().execute(async (transaction) => {
      await sql`update message_recipient set state = ${fate.state}, state_at = now(),
        trouble = ${fate.state === 'delivered' ? null : fate.detail} where id = ${id}`.execute(transaction)
      const action = WORDS[fate.state]
      await writeAudit(transaction, {
        ...{ actor: ACTOR, action, record: 'message', recordKey: message_id },
        new: { recipients: 1 },
      })
    })
  }
  return known
}

/** Something that did not arrive: which message, about which record, who was to get it, and why not. */
export type Undelivered = {
  readonly messageId: number
  readonly record: string
  readonly recordKey: string
  readonly letter: string
  /** Leaders that the message is about, by reference. */
  readonly leaders: readonly string[]
  /** Nothing was sent since by the same letter about the same: it is this one that counts. */
  readonly isLatest: boolean
  readonly part: 'to' | 'cc'
  readonly role: string | null
  readonly roleTitle: string
  readonly name: string
  /** `failing`: a try failed and it is tried again by itself. */
  readonly state: 'failing' | 'bounced' | 'given-up'
  readonly detail: string
}

/** A letter of which trouble was told, and that has reached everybody now. */
export type Arrived = Pick<Undelivered, 'messageId' | 'record' | 'recordKey' | 'letter' | 'leaders' | 'isLatest'>

/**
 * Whoever waits for letters, told in a transaction that also notes the telling: of the first try that failed, of a letter that is
 * given up, and of one that arrived after all. A step can open again and end again.
 */
export type UndeliveredHandler = {
  readonly undelivered: (db: Db, told: Undelivered) => Promise<void>
  readonly arrived: (db: Db, told: Arrived) => Promise<void>
}

const MESSAGE_COLUMNS = sql`m.id as "messageId", m.record, m.record_key as "recordKey", m.letter, m.leaders,
  not exists (select from message later where later.record = m.record and later.record_key = m.record_key
    and later.letter = m.letter and later.leaders = m.leaders and later.id > m.id) as "isLatest"`

/** Tells the handlers of what does not get through. One that fails is told again the next time, and stops no other. */
export async function tellUndelivered(
  { db }: Pick<Database, 'db'>,
  handlers: readonly UndeliveredHandler[],
  tell: (error: Error) => void,
): Promise<number> {
  const { rows } = await sql<Undelivered & { id: number }>`
    select r.id, ${MESSAGE_COLUMNS}, r.part, r.role, r.role_title as "roleTitle", r.name,
      case r.state when 'queued' then 'failing' else r.state end as state, coalesce(r.trouble, '') as detail
    from message_recipient r join message m on m.id = r.message_id
    where (r.state in ('bounced', 'given-up') and r.told_at is null)
      or (r.state = 'queued' and r.trouble is not null and r.trouble_told_at is null)
    order by r.id limit ${AT_ONCE}`.execute(db)
  return tellEach(db, rows, tell, async (transaction, { id, ...undelivered }) => {
    const isFinal = undelivered.state !== 'failing'
    const mine = await sql`update message_recipient set trouble_told_at = coalesce(trouble_told_at, now()),
        told_at = case when ${isFinal} then now() else told_at end
      where id = ${id} and (case when ${isFinal} then told_at else trouble_told_at end) is null`.execute(transaction)
    if (Number(mine.numAffectedRows ?? 0) === 0) return false
    for (const handler of handlers) await handler.undelivered(transaction, undelivered)
    return true
  })
}

/** Tells the handlers of letters that got through to everybody after trouble was told. */
export async function tellArrived(
  { db }: Pick<Database, 'db'>,
  handlers: readonly UndeliveredHandler[],
  tell: (error: Error) => void,
): Promise<number> {
  const { rows } = await sql<Arrived>`
    select ${MESSAGE_COLUMNS} from message m where m.id in (
      select message_id from message_recipient where trouble_told_at is not null and state in ('handed-over', 'delivered'))
      and not exists (select from message_recipient r where r.message_id = m.id and r.state not in ('handed-over', 'delivered'))
    order by m.id limit ${AT_ONCE}`.execute(db)
  return tellEach(db, rows, tell, async (transaction, arrived) => {
    const mine = await sql`update message_recipient set trouble_told_at = null
      where message_id = ${arrived.messageId} and trouble_told_at is not null`.execute(transaction)
    if (Number(mine.numAffectedRows ?? 0) === 0) return false
    for (const handler of handlers) await handler.arrived(transaction, arrived)
    return true
  })
}

async function tellEach<T>(
  db: Db,
  rows: readonly T[],
  tell: (error: Error) => void,
  work: (transaction: Db, row: T) => Promise<boolean>,
): Promise<number> {
  let told = 0
  for (const row of rows) {
    try {
      if (await db.transaction().execute((transaction) => work(transaction, row))) told += 1
    } catch (error) {
      tell(error instanceof Error ? error : new Error(String(error)))
    }
  }
  return told
}
