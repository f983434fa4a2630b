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
  readonly part: 'to' | 'cc'
  readonly role: string | null
  readonly roleTitle: string
  readonly name: string
  readonly state: 'bounced' | 'given-up'
  readonly detail: string
}

/** Told once of everything that did not arrive, in a transaction that also notes the telling: a step can open again. */
export type UndeliveredHandler = (db: Db, undelivered: Undelivered) => Promise<void>

/** Tells the handlers of what bounced or was given up. One that fails is told again the next time, and stops no other. */
export async function tellUndelivered(
  { db }: Pick<Database, 'db'>,
  handlers: readonly UndeliveredHandler[],
  tell: (error: Error) => void,
): Promise<number> {
  const { rows } = await sql<Undelivered & { id: number }>`
    select r.id, m.id as "messageId", m.record, m.record_key as "recordKey", m.letter, r.part, r.role,
      r.role_title as "roleTitle", r.name, r.state, coalesce(r.trouble, '') as detail
    from message_recipient r join message m on m.id = r.message_id
    where r.state in ('bounced', 'given-up') and r.told_at is null order by r.id limit ${AT_ONCE}`.execute(db)
  let told = 0
  for (const { id, ...undelivered } of rows) {
    try {
      await db.transaction().execute(async (transaction) => {
        const mine =
          await sql`update message_recipient set told_at = now() where id = ${id} and told_at is null`.execute(
            transaction,
          )
        if (Number(mine.numAffectedRows ?? 0) === 0) return
        for (const handle of handlers) await handle(transaction, undelivered)
        told += 1
      })
    } catch (error) {
      tell(error instanceof Error ? error : new Error(String(error)))
    }
  }
  return told
}
