import { sql } from 'kysely'
import type { Actor } from '../platform/actor.ts'
import { writeAudit } from '../platform/audit.ts'
import type { Database, Db } from '../platform/db.ts'
import { accept, type Decision, type Refusal, refuse } from '../platform/decision.ts'
import { submitOnce } from '../platform/submit-once.ts'
import { TOKEN_PLACE } from './letter-text.ts'
import { findMessage, type RecipientRow, type StoredMessage } from './message-store.ts'

export type MessageChange = { readonly id: number; readonly by: Actor; readonly submission?: string | undefined }
export type MessageChanged = { readonly id: number; readonly recipients: number }

const NO_HOW = {
  code: 'message.how',
  message: 'Enter how and when it was sent, such as “by post on 8 January”',
  field: 'how',
}
const LINK_BY_MAIL = {
  code: 'message.link',
  message: 'This letter holds a link that is made as it leaves, so it goes by e-mail alone. Send a new link instead',
  field: 'how',
}
const NOT_FOUND = { code: 'not-found', message: 'There is no such message' }

/** Recipients who did not get it, or may not have: a try by hand begins anew for them. */
export function canTryAgain({ state, trouble }: Pick<RecipientRow, 'state' | 'trouble'>): boolean {
  return state === 'bounced' || state === 'given-up' || state === 'unknown' || (state === 'queued' && trouble !== null)
}

/** Recipients to whom it can be recorded that it went another way. */
export function canGoOtherwise({ state }: Pick<RecipientRow, 'state'>): boolean {
  return state !== 'delivered' && state !== 'handed-over'
}

/** A letter whose link is made as it leaves: there is nothing that could go another way. */
export function holdsLink({ body }: { readonly body: string }): boolean {
  return body.includes(TOKEN_PLACE)
}

/** Sends again to those who did not get it. Refuses `message.nothing-to-try` when there are none. */
export function tryAgain({ db }: Pick<Database, 'db'>, change: MessageChange): Promise<Decision<MessageChanged>> {
  return changeRecipients(db, change, {
    of: canTryAgain,
    none: { code: 'message.nothing-to-try', message: 'Nobody is left whom this message did not reach' },
    action: 'Tried again by hand',
    store: (transaction, ids) =>
      sql`update message_recipient set state = 'queued', state_at = now(), tries = 0,
        next_try_at = now(), trouble = null, told_at = null, perhaps_twice = perhaps_twice or state = 'unknown'
      where id = any (${ids}::integer[])`.execute(transaction),
  })
}

/** Records that it went another way, such as by post: `how` is needed (`message.how`). It is not tried any more. */
export async function recordSentOtherwise(
  { db }: Pick<Database, 'db'>,
  change: MessageChange & { readonly how: string },
): Promise<Decision<MessageChanged>> {
  const { how } = change
  return changeRecipients(db, change, {
    of: canGoOtherwise,
    none: { code: 'message.nothing-open', message: 'Everybody has got this message or it is on its way' },
    action: 'Sent another way',
    reason: how,
    refusal: (message) => (holdsLink(message) ? LINK_BY_MAIL : how === '' ? NO_HOW : null),
    store: async (transaction, ids) => {
      await sql`update message_recipient set state = 'handed-over', state_at = now(), next_try_at = null, trouble = null
        where id = any (${ids}::integer[])`.execute(transaction)
      await sql`insert into message_attempt (recipient_id, channel, ended_at, outcome, detail)
        select unnest(${ids}::integer[]), 'another way', now(), 'handed-over', ${how}`.execute(transaction)
    },
  })
}

type Change = {
  readonly of: (recipient: RecipientRow) => boolean
  readonly none: { readonly code: string; readonly message: string }
  readonly action: string
  readonly reason?: string
  /** What is wrong with the form; told only of a message that this person may see. */
  readonly refusal?: (message: StoredMessage) => Refusal | null
  readonly store: (transaction: Db, ids: number[]) => Promise<unknown>
}

function changeRecipients(
  db: Db,
  { id, by, submission }: MessageChange,
  { of, none, action, reason, refusal, store }: Change,
): Promise<Decision<MessageChanged>> {
  const work = async (transaction: Db): Promise<Decision<MessageChanged>> => {
    await sql`select id from message_recipient where message_id = ${id} order by id for update`.execute(transaction)
    const message = await findMessage(transaction, id)
    if (!message) return refuse(NOT_FOUND)
    const refused = refusal?.(message)
    if (refused) return refuse(refused)
    const chosen = message.recipients.filter(of)
    if (chosen.length === 0) return refuse(none)
    await store(
      transaction,
      chosen.map((one) => one.id),
    )
    await writeAudit(transaction, {
      ...{ actor: by, action, record: 'message', recordKey: id },
      new: { recipients: chosen.length },
      reason: reason ?? null,
    })
    return accept({ id, recipients: chosen.length })
  }
  return db.transaction().execute((transaction) => submitOnce(transaction, submission, () => work(transaction)))
}
