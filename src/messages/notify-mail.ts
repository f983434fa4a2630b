import { SignJWT } from 'jose'
import { z } from 'zod'
import type { Fate, Mail, MailPort, MailRecipient, SendResult } from './mail-port.ts'

export type NotifySettings = {
  /** As Notify gives it: name, service id and secret, joined by hyphens. */
  readonly key: string
  /** A template of the service whose subject is ((subject)) and whose body is ((body)). */
  readonly template: string
  readonly url: string
  readonly replyTo?: string
}

export const NOTIFY_URL = 'https://api.notifications.service.gov.uk'
const TIMEOUT_MILLIS = 30_000
const UUID_LENGTH = 36

const taken = z.looseObject({ id: z.string() })
const refused = z.looseObject({ errors: z.array(z.looseObject({ error: z.string(), message: z.string() })) })
const status = z.looseObject({ status: z.string() })

/** GOV.UK Notify: one call for each recipient, who are named to each other at the foot. Its own two calls need no client. */
export function notifyMail(settings: NotifySettings): MailPort {
  const ask = async (path: string, body?: object) => {
    const answer = await fetch(new URL(path, settings.url), {
      method: body ? 'POST' : 'GET',
      headers: { authorization: `Bearer ${await tokenOf(settings.key)}`, 'content-type': 'application/json' },
      signal: AbortSignal.timeout(TIMEOUT_MILLIS),
      ...(body && { body: JSON.stringify(body) }),
    })
    const value: unknown = await answer.json().catch(() => ({}))
    return { status: answer.status, value }
  }
  return {
    channel: 'GOV.UK Notify',
    async send(mail, recipients) {
      const results: SendResult[] = []
      for (const recipient of recipients) {
        const body = {
          email_address: recipient.email,
          template_id: settings.template,
          personalisation: { subject: mail.subject, body: bodyOf(mail) },
          // No personal data: only our own numbers.
          reference: `alongside-${mail.messageId}-${recipient.id}`,
          ...(settings.replyTo && { email_reply_to_id: settings.replyTo }),
        }
        results.push(await sendOne(recipient, () => ask('/v2/notifications/email', body)))
      }
      return results
    },
    async findFate(reference) {
      const { status: code, value } = await ask(`/v2/notifications/${encodeURIComponent(reference)}`)
      if (code !== 200) return null
      return fateOf(status.parse(value).status)
    },
  }
}

async function sendOne(
  { id }: MailRecipient,
  send: () => Promise<{ status: number; value: unknown }>,
): Promise<SendResult> {
  try {
    const answer = await send()
    if (answer.status === 201)
      return { recipientId: id, outcome: 'handed-over', detail: '', reference: taken.parse(answer.value).id }
    const problem = refused.safeParse(answer.value)
    const detail = problem.success
      ? problem.data.errors.map(({ message }) => message).join('; ')
      : `Answer ${answer.status}`
    // 400: the address or the text will not become right by waiting. 403, 429 and 5xx may.
    return { recipientId: id, outcome: answer.status === 400 ? 'bounced' : 'again', detail }
  } catch (error) {
    return { recipientId: id, outcome: 'again', detail: error instanceof Error ? error.message : String(error) }
  }
}

/** Who else got it: each gets a mail of their own, which names nobody in its head. */
function bodyOf({ text, to, cc }: Mail): string {
  const names = (list: Mail['to']) => list.map(({ name }) => name).join(', ')
  const copies = cc.length > 0 ? `\nCopy: ${names(cc)}` : ''
  return `${text}\n\nTo: ${names(to)}${copies}`
}

function fateOf(word: string): Fate | null {
  if (word === 'delivered') return { state: 'delivered', detail: '' }
  if (word === 'permanent-failure') return { state: 'bounced', detail: 'The address does not exist' }
  if (word === 'temporary-failure')
    return { state: 'bounced', detail: 'The mailbox did not take it for three days; it may be full' }
  if (word === 'technical-failure') return { state: 'bounced', detail: 'GOV.UK Notify could not send it' }
  return null
}

/** Notify wants a token of its own, seconds old, signed with the secret (HS256). */
function tokenOf(key: string): Promise<string> {
  const secret = key.slice(-UUID_LENGTH)
  const service = key.slice(-2 * UUID_LENGTH - 1, -UUID_LENGTH - 1)
  return new SignJWT({ iss: service, iat: Math.floor(Date.now() / 1000) })
    .setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
    .sign(new TextEncoder().encode(secret))
}
