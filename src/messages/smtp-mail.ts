import { createTransport, type SendMailOptions } from 'nodemailer'
import type { Mail, MailPort, MailRecipient, SendResult } from './mail-port.ts'

export type SmtpSettings = {
  /** smtp://user:secret@host:587 or smtps://… */
  readonly url: string
  readonly from: string
}

/** Longer than any greeting delay of a mail server that guards against spam. */
const TIMEOUT_MILLIS = 60_000

/** A mail server. Its yes means that it took the message; what bounces later comes back to the sender's address. */
export function smtpMail({ url, from }: SmtpSettings): MailPort {
  const transport = createTransport({
    url,
    connectionTimeout: TIMEOUT_MILLIS,
    socketTimeout: TIMEOUT_MILLIS,
    // A letter holds no files, and none may be read from this machine or another through one.
    disableFileAccess: true,
    disableUrlAccess: true,
  })
  return {
    channel: 'mail server',
    async send(mail, recipients) {
      const options = headOf(mail, from, recipients)
      try {
        const { rejectedErrors = [] } = await transport.sendMail(options)
        return recipients.map((one) => resultOf(one, rejectedErrors))
      } catch (error) {
        const { rejectedErrors } = readError(error)
        return recipients.map((one) => resultOf(one, rejectedErrors, error))
      }
    },
    close: () => transport.close(),
  }
}

function headOf({ messageId, subject, text, to, cc }: Mail, from: string, recipients: readonly MailRecipient[]) {
  const addresses = (list: Mail['to']) => list.map(({ name, email }) => ({ name, address: email }))
  return {
    from,
    to: addresses(to),
    cc: addresses(cc),
    envelope: { from: bare(from), to: recipients.map(({ email }) => email) },
    subject,
    text,
    // The same for each try, so that mail programs show a message that went twice once.
    messageId: `<alongside-${messageId}@${bare(from).split('@')[1] ?? 'localhost'}>`,
    headers: { 'Auto-Submitted': 'auto-generated' },
  } satisfies SendMailOptions
}

/** "Alongside <letters@example.org>" without the name. */
function bare(address: string): string {
  return /<([^>]+)>\s*$/.exec(address)?.[1] ?? address
}

/** Its own refusal where the server gave one, else what became of the whole message. */
function resultOf({ id, email }: MailRecipient, rejected: readonly unknown[], whole?: unknown): SendResult {
  const own = rejected.find((one) => readError(one).recipient.toLowerCase() === email.toLowerCase()) ?? whole
  if (own === undefined) return { recipientId: id, outcome: 'handed-over', detail: '' }
  const { responseCode, command } = readError(own)
  // A permanent no to this recipient or this text. One to the sender or the sign-in is a setting that somebody can mend.
  const isPermanent = responseCode >= 500 && (command === 'RCPT TO' || command === 'DATA')
  return { recipientId: id, outcome: isPermanent ? 'bounced' : 'again', detail: messageOf(own) }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

/** The fields that the library adds to its errors. */
function readError(error: unknown) {
  const { responseCode, command, recipient, rejectedErrors } = Object(error)
  return {
    responseCode: typeof responseCode === 'number' ? responseCode : 0,
    command: typeof command === 'string' ? command : '',
    recipient: typeof recipient === 'string' ? recipient : '',
    rejectedErrors: Array.isArray(rejectedErrors) ? rejectedErrors : [],
  }
}
