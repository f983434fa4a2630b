import { StartRefusal } from '../platform/start-refusal.ts'
import type { MailPort } from './mail-port.ts'
import { NOTIFY_URL, type NotifySettings, notifyMail } from './notify-mail.ts'
import { type SmtpSettings, smtpMail } from './smtp-mail.ts'

/** The way out that the environment chooses; without one letters wait in the outbox. */
export type MailSettings =
  | { readonly kind: 'none' }
  | { readonly kind: 'smtp'; readonly smtp: SmtpSettings }
  | { readonly kind: 'notify'; readonly notify: NotifySettings }

/**
 * Reads ALONGSIDE_MAIL (`smtp` or `notify`; empty: none) and what it needs. Throws StartRefusal `config.mail`: a service that
 * should send must not start as one that quietly does not.
 */
export function readMailSettings(env: Readonly<Record<string, string | undefined>>): MailSettings {
  const need = (name: string): string => {
    const value = env[name]
    if (value) return value
    throw new StartRefusal('config.mail', `ALONGSIDE_MAIL is ${env.ALONGSIDE_MAIL}, which needs ${name}.`)
  }
  switch (env.ALONGSIDE_MAIL || 'none') {
    case 'none':
      return { kind: 'none' }
    case 'smtp':
      return {
        kind: 'smtp',
        smtp: { url: readSmtpUrl(need('ALONGSIDE_SMTP_URL')), from: readFrom(need('ALONGSIDE_MAIL_FROM')) },
      }
    case 'notify':
      return {
        kind: 'notify',
        notify: {
          key: readKey(need('ALONGSIDE_NOTIFY_KEY')),
          template: need('ALONGSIDE_NOTIFY_TEMPLATE'),
          url: env.ALONGSIDE_NOTIFY_URL || NOTIFY_URL,
          ...(env.ALONGSIDE_NOTIFY_REPLY_TO && { replyTo: env.ALONGSIDE_NOTIFY_REPLY_TO }),
        },
      }
    default:
      throw new StartRefusal('config.mail', `ALONGSIDE_MAIL must be smtp or notify, not "${env.ALONGSIDE_MAIL}".`)
  }
}

/** Opens the way out; null where there is none. */
export function openMail(settings: MailSettings): MailPort | null {
  if (settings.kind === 'smtp') return smtpMail(settings.smtp)
  return settings.kind === 'notify' ? notifyMail(settings.notify) : null
}

function readSmtpUrl(url: string): string {
  if (URL.canParse(url) && /^smtps?:$/.test(new URL(url).protocol)) return url
  // The value may hold a password, so the message does not repeat it.
  throw new StartRefusal('config.mail', 'ALONGSIDE_SMTP_URL must begin with smtp:// or smtps://.')
}

function readFrom(from: string): string {
  if (/^(?:[^<>]*<[^<>\s@]+@[^<>\s@]+>|[^<>\s@]+@[^<>\s@]+)$/.test(from)) return from
  throw new StartRefusal('config.mail', 'ALONGSIDE_MAIL_FROM must be an e-mail address, with or without a name.')
}

const UUID = '[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}'

function readKey(key: string): string {
  if (new RegExp(`^.+-${UUID}-${UUID}$`, 'i').test(key)) return key
  throw new StartRefusal('config.mail', 'ALONGSIDE_NOTIFY_KEY is no key as GOV.UK Notify gives it.')
}
