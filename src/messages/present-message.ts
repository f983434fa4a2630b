import { readListQuery } from '../platform/web/list.ts'
import type { Query } from '../platform/web/route.ts'
import type { TableColumn, TableRow } from '../platform/web/table-file.ts'
import { countOf, longDate } from '../platform/words.ts'
import { letterBlocks } from './letter-text.ts'
import type { AttemptRow, MessageRow, MessagesAsked, RecipientRow, StoredMessage } from './message-store.ts'
import { canGoOtherwise, canTryAgain, holdsLink } from './send-again.ts'
import { STATE_CHOICES, STATE_WORDS } from './states.ts'

export const OUTBOX = '/messages'
const FILTERS = ['text', 'state'] as const

const moments = new Intl.DateTimeFormat('en-GB', { dateStyle: 'long', timeStyle: 'short', timeZone: 'Europe/London' })

/** An address of the outbox as a question to the store. An unknown state is no filter. */
export function readOutboxQuery(query: Query, pageSize: number) {
  const asked = readListQuery(query, ['date'], FILTERS)
  const state = STATE_CHOICES.find(({ value }) => value === asked.filters['state'])
  const messages: MessagesAsked = {
    text: asked.filters['text'] ?? '',
    state: state?.value ?? '',
    // The list begins with the newest; turned round by its head.
    oldestFirst: asked.direction === 'desc',
    limit: pageSize,
    offset: (asked.page - 1) * pageSize,
  }
  const chips = {
    ...(asked.filters['text'] && { text: `“${asked.filters['text']}”` }),
    ...(state && { state: state.text }),
  }
  return { asked, messages, chips }
}

export const OUTBOX_COLUMNS = [
  { id: 'date', text: 'Date', sortable: true },
  { id: 'subject', text: 'Letter' },
  { id: 'about', text: 'About' },
  { id: 'to', text: 'To' },
  { id: 'state', text: 'State' },
]

export function presentRow(row: MessageRow) {
  return {
    id: row.id,
    href: messageHref(row.id),
    dated: row.dated,
    subject: row.subject,
    title: row.title,
    about: { text: row.label, href: row.href },
    to: row.to.map(({ name }) => name).join(', '),
    copies: row.cc.length > 0 ? `Copy: ${row.cc.map(({ name }) => name).join(', ')}` : '',
    state: STATE_WORDS[row.state],
    perhapsTwice: row.perhapsTwice,
  }
}

export function messageHref(id: number): string {
  return `${OUTBOX}/${id}`
}

export const FILE_COLUMNS: readonly TableColumn[] = [
  { key: 'id', head: 'Number', width: 8 },
  { key: 'dated', head: 'Date', width: 12 },
  { key: 'title', head: 'Letter', width: 40 },
  { key: 'subject', head: 'Subject', width: 60 },
  { key: 'about', head: 'About', width: 20 },
  { key: 'to', head: 'To', width: 40 },
  { key: 'cc', head: 'Copy', width: 40 },
  { key: 'state', head: 'State', width: 30 },
  { key: 'perhapsTwice', head: 'May have gone twice', width: 10 },
]

export function fileRow(row: MessageRow): TableRow {
  const people = (list: MessageRow['to']) => list.map(({ name, email }) => `${name} <${email}>`).join('; ')
  return {
    ...{ id: row.id, dated: row.dated, title: row.title, subject: row.subject, about: row.label },
    to: people(row.to),
    cc: people(row.cc),
    state: STATE_WORDS[row.state].text,
    perhapsTwice: row.perhapsTwice ? 'yes' : 'no',
  }
}

/** A message for its page. */
export function presentMessage(message: StoredMessage) {
  return {
    ...presentRow(message),
    blocks: letterBlocks(message.body),
    queued: `${moments.format(message.queuedAt)} by ${message.queuedBy}`,
    letterHref: `/programmes/${message.programme}@${message.edition}/letters/${message.letter}`,
    wording: `${message.programme}@${message.edition}, version ${message.packVersion}, wording ${message.letterDigest.slice(0, 8)}`,
    recipients: message.recipients.map(presentRecipient),
    attempts: message.attempts.map(presentAttempt),
    canTryAgain: message.recipients.some(canTryAgain),
    canGoOtherwise: !holdsLink(message) && message.recipients.some(canGoOtherwise),
  }
}

function presentRecipient(one: RecipientRow) {
  const isFailing = one.state === 'queued' && one.trouble !== null
  return {
    part: one.part === 'to' ? 'To' : 'Copy',
    name: one.name,
    email: one.email,
    because: one.because,
    state: STATE_WORDS[isFailing ? 'failing' : one.state],
    since: moments.format(one.stateAt),
    trouble: one.trouble ?? '',
    next:
      isFailing && one.nextTryAt
        ? `${countOf(one.tries, 'try', 'tries')} so far, next ${moments.format(one.nextTryAt)}`
        : '',
    perhapsTwice: one.perhapsTwice,
  }
}

const OUTCOMES: Readonly<Record<string, string>> = {
  'handed-over': 'Handed over',
  delivered: 'Delivered',
  bounced: 'Refused',
  again: 'Failed',
  interrupted: 'Interrupted: it may have arrived',
}

function presentAttempt({ name, channel, begunAt, outcome, detail }: AttemptRow) {
  return { name, channel, at: moments.format(begunAt), outcome: OUTCOMES[outcome ?? ''] ?? 'Under way', detail }
}

/** A message for programs: what was sent, to whom and why, and what became of it. */
export function messageJson(message: StoredMessage) {
  return {
    ...message,
    queuedAt: message.queuedAt.toISOString(),
    recipients: message.recipients.map((one) => ({
      ...one,
      stateAt: one.stateAt.toISOString(),
      nextTryAt: one.nextTryAt?.toISOString() ?? null,
    })),
    attempts: message.attempts.map((one) => ({
      ...one,
      begunAt: one.begunAt.toISOString(),
      endedAt: one.endedAt?.toISOString() ?? null,
    })),
  }
}

export function rowJson(row: MessageRow) {
  return { ...row, queuedAt: row.queuedAt.toISOString() }
}

/** The letter as a file: what was sent, with to whom, when and why. */
export function messageDocument(message: StoredMessage) {
  return {
    title: message.subject,
    foot: `${message.label}, message ${message.id}`,
    blocks: [
      {
        kind: 'table' as const,
        head: ['Date', longDate(message.dated)],
        rows: message.recipients.map(({ part, name, email, because }) => [
          part === 'to' ? 'To' : 'Copy',
          `${name}, ${email} (${because})`,
        ]),
      },
      ...letterBlocks(message.body).map((block) =>
        block.kind === 'heading' ? { ...block, level: 2 as const } : block,
      ),
    ],
  }
}
