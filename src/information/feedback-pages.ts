import { randomUUID } from 'node:crypto'
import { londonDay } from '../platform/clock.ts'
import type { Database } from '../platform/db.ts'
import type { Refusal } from '../platform/decision.ts'
import { described } from '../platform/web/api-description.ts'
import { PAGE_SIZE, presentList, readListQuery } from '../platform/web/list.ts'
import {
  type Answer,
  json,
  notFound,
  page,
  problem,
  type Route,
  type RouteRequest,
  redirect,
  textOf,
} from '../platform/web/route.ts'
import { tableFile } from '../platform/web/table-file.ts'
import { INFORMATION_API } from './api-description.ts'
import { LONGEST_IMPROVEMENT, RATINGS, readFeedback, type TypedFeedback } from './feedback.ts'
import { findReceipt, keepFeedback, listFeedback } from './feedback-store.ts'

const FORM = '/feedback'
const LIST = '/feedback/received'

/** Feedback from anybody, a receipt for it, and the list of it for whoever runs the service. */
export function feedbackRoutes({ database: { db } }: { readonly database: Database }): Route[] {
  const anybody = { allow: 'everyone', audit: null } as const
  const staff = { allow: 'administer', audit: null } as const
  const given = { method: 'POST', allow: 'everyone', audit: 'GIVE_FEEDBACK' } as const
  return described(
    [
      { method: 'GET', path: FORM, ...anybody, handle: ({ query }) => formPage(blank(query.get('part') ?? ''), []) },
      { ...given, path: FORM, handle: (request) => give(db, request) },
      { ...given, path: '/api/v1/feedback', handle: (request) => giveByApi(db, request) },
      { method: 'GET', path: `${FORM}/:reference/thanks`, ...anybody, handle: (request) => receiptPage(db, request) },
      { method: 'GET', path: LIST, ...staff, handle: (request) => listPage(db, request) },
      { method: 'GET', path: `${LIST}.csv`, ...staff, handle: () => listFile(db, 'csv') },
      { method: 'GET', path: `${LIST}.ods`, ...staff, handle: () => listFile(db, 'ods') },
      { method: 'GET', path: '/api/v1/feedback', ...staff, handle: (request) => listJson(db, request) },
    ],
    INFORMATION_API,
  )
}

function blank(part: string): TypedFeedback {
  return { formKey: randomUUID(), rating: '', improvement: '', part }
}

function typedIn({ body }: RouteRequest): TypedFeedback {
  return {
    formKey: textOf(body, 'form'),
    rating: textOf(body, 'rating'),
    improvement: textOf(body, 'improvement'),
    part: textOf(body, 'part'),
  }
}

function formPage(typed: TypedFeedback, refusals: readonly Refusal[]): Answer {
  const model = {
    title: 'Give feedback on this service',
    typed,
    ratings: RATINGS.map((rating) => ({ ...rating, checked: rating.value === typed.rating })),
    longest: LONGEST_IMPROVEMENT,
    errors: refusals.map(({ message, field }) => ({ text: message, href: `#${field}` })),
    wrong: Object.fromEntries(refusals.map(({ message, field }) => [field, { text: message }])),
  }
  return page('information/feedback.njk', model, refusals.length > 0 ? 422 : 200)
}

async function give(db: Database['db'], request: RouteRequest): Promise<Answer> {
  const typed = typedIn(request)
  const read = readFeedback(typed, randomUUID())
  if (!read.ok) return formPage(typed, read.refusals)
  return redirect(`${FORM}/${await keepFeedback(db, read.value)}/thanks`)
}

async function giveByApi(db: Database['db'], request: RouteRequest): Promise<Answer> {
  const read = readFeedback(typedIn(request), randomUUID())
  return read.ok ? json({ reference: await keepFeedback(db, read.value) }, 201) : problem(read.refusals)
}

async function receiptPage(db: Database['db'], { params }: RouteRequest): Promise<Answer> {
  const reference = params.reference ?? ''
  const receipt = /^\d{1,9}$/.test(reference) ? await findReceipt(db, Number(reference)) : undefined
  if (!receipt) return notFound('There is no feedback with this reference.')
  const model = { title: 'Feedback received', reference, day: londonDay(receipt.givenAt) }
  return page('information/feedback-thanks.njk', model)
}

/** One row as every door shows it. */
function present(row: Awaited<ReturnType<typeof listFeedback>>['rows'][number]) {
  const rating = RATINGS.find(({ value }) => value === row.rating)?.text ?? row.rating
  return { reference: row.id, day: londonDay(row.given_at), rating, part: row.part, improvement: row.improvement }
}

function readPage({ query }: RouteRequest) {
  const asked = readListQuery(query, ['day'], [])
  return { asked, limits: { limit: PAGE_SIZE, offset: (asked.page - 1) * PAGE_SIZE } }
}

async function listPage(db: Database['db'], request: RouteRequest): Promise<Answer> {
  const { asked, limits } = readPage(request)
  const { rows, total, counts } = await listFeedback(db, limits)
  const columns = [
    { id: 'day', text: 'Day' },
    { id: 'rating', text: 'Satisfied?' },
    { id: 'part', text: 'Part of the service' },
    { id: 'improvement', text: 'What could be better' },
  ]
  return page('information/feedback-list.njk', {
    title: 'Feedback from users',
    list: presentList(LIST, asked, columns, total, {}),
    total,
    rows: rows.map(present),
    ratings: RATINGS.map(({ value, text }) => ({
      text,
      count: counts.find((one) => one.rating === value)?.count ?? 0,
    })),
  })
}

async function listJson(db: Database['db'], request: RouteRequest): Promise<Answer> {
  const { asked, limits } = readPage(request)
  const { rows, total } = await listFeedback(db, limits)
  return json({ total, page: asked.page, pageSize: PAGE_SIZE, feedback: rows.map(present) })
}

async function listFile(db: Database['db'], format: 'csv' | 'ods'): Promise<Answer> {
  const { rows } = await listFeedback(db, null)
  const columns = [
    { key: 'reference', head: 'Reference', width: 10 },
    { key: 'day', head: 'Day', width: 12 },
    { key: 'rating', head: 'Satisfied?', width: 30 },
    { key: 'part', head: 'Part of the service', width: 20 },
    { key: 'improvement', head: 'What could be better', width: 80 },
  ]
  return tableFile(format, 'feedback', columns, rows.map(present))
}
