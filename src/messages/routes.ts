import { readAudit } from '../platform/audit-history.ts'
import type { Refusal } from '../platform/decision.ts'
import { renderPdf } from '../platform/pdf.ts'
import { described } from '../platform/web/api-description.ts'
import { presentHistory } from '../platform/web/history.ts'
import { PAGE_SIZE, presentList } from '../platform/web/list.ts'
import {
  type Answer,
  file,
  json,
  notFound,
  page,
  problem,
  type Route,
  type RouteRequest,
  redirect,
  textOf,
  wholeNumber,
} from '../platform/web/route.ts'
import { submissionOf } from '../platform/web/submission.ts'
import { tableFile } from '../platform/web/table-file.ts'
import { countOf } from '../platform/words.ts'
import { MESSAGE_API } from './api-description.ts'
import type { MessageParts } from './message-parts.ts'
import { countWaiting, findMessage, listMessages, type StoredMessage } from './message-store.ts'
import {
  FILE_COLUMNS,
  fileRow,
  messageDocument,
  messageHref,
  messageJson,
  OUTBOX,
  OUTBOX_COLUMNS,
  presentMessage,
  presentRow,
  readOutboxQuery,
  rowJson,
} from './present-message.ts'
import { holdsLink, recordSentOtherwise, tryAgain } from './send-again.ts'
import { STATE_CHOICES } from './states.ts'

const API = '/api/v1/messages'
const NONE = 'There is no such message, or it is about a record that you may not see.'

/** The outbox: every letter as it was sent, to whom and why, what became of it, and what to do where it did not arrive. */
export function messageRoutes(parts: MessageParts): Route[] {
  const read = { method: 'GET', allow: 'see-messages', audit: null } as const
  const send = { method: 'POST', allow: 'send-messages' } as const
  const again = { ...send, audit: 'message-tried-again' } as const
  const otherwise = { ...send, audit: 'message-sent-otherwise' } as const
  return described(
    [
      { ...read, path: OUTBOX, handle: (request) => outboxPage(parts, request) },
      { ...read, path: `${OUTBOX}.csv`, handle: (request) => outboxFile(parts, request, 'csv') },
      { ...read, path: `${OUTBOX}.ods`, handle: (request) => outboxFile(parts, request, 'ods') },
      { ...read, path: `${OUTBOX}/:id`, handle: (request) => withMessage(parts, request, messagePage) },
      { ...read, path: `${OUTBOX}/:id.pdf`, handle: (request) => withMessage(parts, request, messagePdf) },
      { ...again, path: `${OUTBOX}/:id/try-again`, handle: (request) => tryAgainAtPage(parts, request) },
      { ...otherwise, path: `${OUTBOX}/:id/sent-otherwise`, handle: (request) => otherwiseAtPage(parts, request) },
      { ...read, path: API, handle: (request) => outboxJson(parts, request) },
      {
        ...read,
        path: `${API}/:id`,
        handle: (request) => withMessage(parts, request, (_, one) => json(messageJson(one))),
      },
      { ...again, path: `${API}/:id/try-again`, handle: (request) => tryAgainByApi(parts, request) },
      { ...otherwise, path: `${API}/:id/sent-otherwise`, handle: (request) => otherwiseByApi(parts, request) },
    ],
    MESSAGE_API,
  )
}

async function outboxPage({ database: { db }, delivery }: MessageParts, { query }: RouteRequest): Promise<Answer> {
  const { asked, messages, chips } = readOutboxQuery(query, PAGE_SIZE)
  const { rows, total } = await listMessages(db, messages)
  const waiting = delivery.channel === null ? await countWaiting(db) : 0
  return page('messages/outbox.njk', {
    title: 'Messages',
    section: 'messages',
    wide: true,
    list: presentList(OUTBOX, asked, OUTBOX_COLUMNS, total, chips),
    counted: countOf(total, 'message'),
    rows: rows.map(presentRow),
    filters: asked.filters,
    filtered: Object.keys(asked.filters).length > 0,
    states: STATE_CHOICES,
    stuck: waiting > 0 ? `${countOf(waiting, 'message')} cannot leave` : '',
  })
}

async function outboxFile({ database: { db } }: MessageParts, { query }: RouteRequest, format: 'csv' | 'ods') {
  const { messages } = readOutboxQuery(query, PAGE_SIZE)
  const { rows } = await listMessages(db, { ...messages, limit: null, offset: 0 })
  return tableFile(format, 'messages', FILE_COLUMNS, rows.map(fileRow))
}

async function outboxJson({ database: { db } }: MessageParts, { query }: RouteRequest): Promise<Answer> {
  const { asked, messages } = readOutboxQuery(query, PAGE_SIZE)
  const { rows, total } = await listMessages(db, messages)
  return json({ total, page: asked.page, pageSize: PAGE_SIZE, messages: rows.map(rowJson) })
}

type WithMessage = (parts: MessageParts, message: StoredMessage, request: RouteRequest) => Answer | Promise<Answer>

/** The message of the address, or 404: also for one about a record that this person may not see. */
async function withMessage(parts: MessageParts, request: RouteRequest, answer: WithMessage): Promise<Answer> {
  const message = await findMessage(parts.database.db, wholeNumber(request.params['id']))
  return message ? answer(parts, message, request) : notFound(NONE)
}

function messagePage(parts: MessageParts, message: StoredMessage, request: RouteRequest): Promise<Answer> {
  return showMessage(parts, message, request, { how: '', refusals: [] })
}

type Typed = { readonly how: string; readonly refusals: readonly Refusal[] }

const DONE: Readonly<Record<string, string>> = {
  again: 'It is tried again now.',
  otherwise: 'Recorded. It is not tried any more.',
}

async function showMessage(
  { database: { db }, delivery, demonstration }: MessageParts,
  message: StoredMessage,
  { actor, query }: RouteRequest,
  { how, refusals }: Typed,
): Promise<Answer> {
  const changes = await readAudit(db, [{ record: 'message', keys: [message.id] }])
  const model = {
    title: `Message ${message.id}: ${message.subject}`,
    caption: message.title,
    section: 'messages',
    breadcrumbs: [{ text: 'Messages', href: OUTBOX }],
    message: presentMessage(message),
    link: demonstration && holdsLink(message) ? linkIn(delivery.readSent(message.id)) : null,
    maySend: actor.capabilities.has('send-messages'),
    history: presentHistory(changes, {
      fields: { letter: 'Letter', about: 'About', to: 'To', copies: 'Copies', recipients: 'Recipients' },
    }),
    how,
    errors: refusals.map(({ message: text, field }) => ({ text, href: `#${field ?? 'recipients'}` })),
    wrong: Object.fromEntries(refusals.map(({ message: text, field }) => [field ?? '', { text }])),
    done: DONE[query.get('done') ?? ''] ?? '',
  }
  return page('messages/message.njk', model, refusals.length > 0 ? 422 : 200)
}

/** The address of the link for one person that a letter of a demonstration held, for whoever wants to be its reader. */
function linkIn(sent = ''): string | null {
  return /\/link\/[\w-]+/.exec(sent)?.[0] ?? null
}

function messagePdf(_parts: MessageParts, message: StoredMessage): Answer {
  return file(`message-${message.id}.pdf`, 'application/pdf', renderPdf(messageDocument(message)))
}

function changeOf(request: RouteRequest) {
  return { id: wholeNumber(request.params['id']), by: request.actor, submission: submissionOf(request) }
}

async function tryAgainAtPage(parts: MessageParts, request: RouteRequest): Promise<Answer> {
  const decision = await tryAgain(parts.database, changeOf(request))
  if (decision.ok) return redirect(`${messageHref(decision.value.id)}?done=again`)
  return refusedAtPage(parts, request, { how: '', refusals: decision.refusals })
}

async function otherwiseAtPage(parts: MessageParts, request: RouteRequest): Promise<Answer> {
  const how = textOf(request.body, 'how')
  const decision = await recordSentOtherwise(parts.database, { ...changeOf(request), how })
  if (decision.ok) return redirect(`${messageHref(decision.value.id)}?done=otherwise`)
  return refusedAtPage(parts, request, { how, refusals: decision.refusals })
}

function refusedAtPage(parts: MessageParts, request: RouteRequest, typed: Typed): Promise<Answer> {
  return withMessage(parts, request, (_, message) => showMessage(parts, message, request, typed))
}

async function tryAgainByApi(parts: MessageParts, request: RouteRequest): Promise<Answer> {
  const decision = await tryAgain(parts.database, changeOf(request))
  return decision.ok ? json(decision.value) : refusedByApi(decision.refusals)
}

async function otherwiseByApi(parts: MessageParts, request: RouteRequest): Promise<Answer> {
  const decision = await recordSentOtherwise(parts.database, { ...changeOf(request), how: textOf(request.body, 'how') })
  return decision.ok ? json(decision.value) : refusedByApi(decision.refusals)
}

function refusedByApi(refusals: readonly Refusal[]): Answer {
  return problem(refusals, refusals.some(({ code }) => code === 'not-found') ? 404 : 422)
}
