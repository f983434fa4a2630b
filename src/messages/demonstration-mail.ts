import { sql } from 'kysely'
import type { Db } from '../platform/db.ts'
import type { MailPort } from './mail-port.ts'

/** How the mail of a demonstration behaves. `only`: for this address alone; mail to all others works. */
export type DemonstrationMail = { readonly mail: 'works' | 'fails' | 'bounces'; readonly only: string | null }

const KEY = 'demonstration-mail'

export async function readDemonstrationMail(db: Db): Promise<DemonstrationMail> {
  const { rows } = await sql<{
    value: DemonstrationMail
  }>`select value from service_setting where key = ${KEY}`.execute(db)
  return rows[0]?.value ?? { mail: 'works', only: null }
}

/** Sets how mail behaves from now on, and makes what waits for another try due at once. */
export async function setDemonstrationMail(db: Db, chosen: DemonstrationMail): Promise<void> {
  await db.transaction().execute(async (transaction) => {
    await sql`insert into service_setting (key, value) values (${KEY}, ${JSON.stringify(chosen)}::jsonb)
      on conflict (key) do update set value = excluded.value, set_at = now()`.execute(transaction)
    await sql`update message_recipient set next_try_at = now() where state = 'queued'`.execute(transaction)
  })
}

/** Mail works again, as when nobody had set it: a scene begins so. In the caller's transaction. */
export async function letDemonstrationMailWork(db: Db): Promise<void> {
  await sql`delete from service_setting where key = ${KEY}`.execute(db)
}

/** Letters that a demonstration keeps as they went, so that their links can be opened: in memory alone, the newest of them. */
const MOST_KEPT = 200

/** Nothing leaves the machine: what became of a mail is as it was set. */
export function demonstrationMail(db: Db): MailPort {
  const sent = new Map<number, string>()
  return {
    channel: 'demonstration',
    readSent: (messageId) => sent.get(messageId),
    async send({ messageId, text }, recipients) {
      const chosen = await readDemonstrationMail(db)
      sent.delete(messageId)
      if (chosen.mail === 'works' || chosen.only !== null) sent.set(messageId, text)
      for (const oldest of sent.keys()) if (sent.size > MOST_KEPT) sent.delete(oldest)
      return recipients.map(({ id, email }) => {
        const works = chosen.mail === 'works' || (chosen.only !== null && chosen.only !== email.toLowerCase())
        if (works) return { recipientId: id, outcome: 'delivered', detail: '' } as const
        if (chosen.mail === 'bounces')
          return { recipientId: id, outcome: 'bounced', detail: 'The address does not exist (demonstration)' } as const
        return { recipientId: id, outcome: 'again', detail: 'The mail server does not answer (demonstration)' } as const
      })
    },
  }
}
