import { type Answer, json, problem, type Route, type RouteRequest } from '../platform/web/route.ts'
import type { Delivery } from './delivery.ts'
import { type DemonstrationMail, setDemonstrationMail } from './demonstration-mail.ts'
import { TOKEN_PLACE } from './letter-text.ts'
import type { MessageParts } from './message-parts.ts'
import { findMessage, listMessages, type StoredMessage } from './message-store.ts'

/**
 * What tests from outside ask of a demonstration's mail (design, section 4): no part of the service, so it stands in no list of
 * routes. `GET /demo/outbox` first sends what is due, so that its answer is settled.
 */
export function mailContract(parts: MessageParts): Route[] {
  if (!parts.demonstration) return []
  const contract = { allow: 'everyone', audit: null } as const
  return [
    { ...contract, method: 'GET', path: '/demo/outbox', handle: () => outbox(parts) },
    { ...contract, method: 'PUT', path: '/demo/mail', handle: (request) => setMail(parts, request) },
  ]
}

async function outbox({ database: { db }, delivery }: MessageParts): Promise<Answer> {
  await delivery.deliverNow()
  const asked = { text: '', state: '', oldestFirst: true, limit: null, offset: 0 }
  const { rows } = await listMessages(db, asked)
  const messages = await Promise.all(rows.map(({ id }) => findMessage(db, id)))
  return json(
    messages.flatMap((one) => {
      if (!one) return []
      const addresses = (part: 'to' | 'cc') =>
        one.recipients.filter((row) => row.part === part).map(({ email }) => email)
      return [
        {
          ...{ id: one.id, letter: one.letter, to: addresses('to'), cc: addresses('cc') },
          ...{ subject: one.subject, body: asSent(one, delivery), record: one.record, case: one.label },
          queuedOn: one.dated,
          queuedAt: one.queuedAt.toISOString(),
          state: one.state,
          recipients: one.recipients.map(({ part, name, email, roleTitle, because, state, trouble }) => ({
            ...{ part, name, email, role: roleTitle, because, state, trouble },
          })),
        },
      ]
    }),
  )
}

/** As it stands in the mailbox of its reader: with its link, where it holds one. */
function asSent({ id, body }: StoredMessage, { readSent }: Delivery): string {
  return body.includes(TOKEN_PLACE) ? (readSent(id) ?? body) : body
}

const MODES: readonly DemonstrationMail['mail'][] = ['works', 'fails', 'bounces']

/** Takes `{"mail": "fails"}`, `{"state": "fails"}`, the bare word, or `?mail=fails`; `only`: for one address. */
async function setMail({ database: { db }, delivery }: MessageParts, { body, query }: RouteRequest): Promise<Answer> {
  const given = [body['mail'], body['state'], body['bareText'], query.get('mail')].find(
    (one) => typeof one === 'string',
  )
  const mail = MODES.find((mode) => mode === String(given ?? '').trim())
  if (!mail) return problem([{ code: 'demo.mail', field: 'mail', message: 'Mail either works, fails or bounces' }])
  const only = body['only'] ?? query.get('only')
  const chosen: DemonstrationMail = { mail, only: typeof only === 'string' && only ? only.trim().toLowerCase() : null }
  await setDemonstrationMail(db, chosen)
  await delivery.deliverNow()
  return json(chosen)
}
