import { z } from 'zod'
import type { Refusal } from '../platform/decision.ts'
import { type ApiDescription, described } from '../platform/web/api-description.ts'
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
  wholeNumber,
} from '../platform/web/route.ts'
import { submissionOf } from '../platform/web/submission.ts'
import { statusOf } from './api.ts'
import { caseHref } from './case-page.ts'
import type { CaseParts } from './case-parts.ts'
import { NO_CASE_WORDS, shownRefusals, withCase } from './pages-case.ts'
import { findSeenCase } from './read-case.ts'
import { NO_CASE } from './run-step.ts'
import { openChangeDesk } from './subject-change-desk.ts'
import { changeJson, presentChangePage } from './subject-change-present.ts'
import { NO_CHANGE, runSubjectChange, type SubjectChangeAsk } from './subject-change-run.ts'

const PATH = '/cases/:reference/subject-changes/:id'
const NO_CHANGE_WORDS = 'The case has no such change of its school.'

/** Deciding how a case goes on after a change of its school: its page, and the same for programs. Others may read it. */
export function subjectChangeRoutes(parts: CaseParts): Route[] {
  const get = { method: 'GET', allow: 'see-cases', audit: null } as const
  const post = { method: 'POST', allow: 'see-cases', audit: 'case-changed' } as const
  const routes: Route[] = [
    { ...get, path: PATH, handle: (request) => changePage(parts, request) },
    { ...post, path: PATH, handle: (request) => chooseAtPage(parts, request) },
    { ...get, path: `/api/v1${PATH}`, handle: (request) => readByApi(parts, request) },
    { ...post, path: `/api/v1${PATH}`, handle: (request) => chooseByApi(parts, request) },
  ]
  return described(routes, SUBJECT_CHANGE_API)
}

function changePage(parts: CaseParts, request: RouteRequest, refusals: readonly Refusal[] = []): Promise<Answer> {
  return withCase(parts, request, async (seen) => {
    if (!seen.whole) return notFound(NO_CASE_WORDS)
    const { params, actor, body } = request
    const asked = { id: wholeNumber(params['id']), by: actor }
    const desk = await openChangeDesk(parts, parts.database.db, seen.record, asked)
    if (!desk) return notFound(NO_CHANGE_WORDS)
    // The page's own form always brings what it was told with; another begins anew with the choice.
    const shown = shownRefusals(refusals.map((one) => (one.field === 'seen' ? { ...one, field: 'choice' } : one)))
    const model = { ...presentChangePage(seen, desk, { body, refusals }), errors: shown.errors }
    return page('cases/subject-change.njk', model, shown.status)
  })
}

function chooseAtPage(parts: CaseParts, request: RouteRequest): Promise<Answer> {
  return withCase(parts, request, async (seen) => {
    if (!seen.whole) return notFound(NO_CASE_WORDS)
    // A radio names its successor too: "move-900050".
    const [choice = '', successor = ''] = textOf(request.body, 'choice').split('-')
    const decision = await runSubjectChange(parts, { ...askOf(request), choice, successor: urnOf(successor) })
    if (decision.ok) return redirect(`${caseHref(seen.record.reference)}?done=subject-change`)
    if (decision.refusals.some(({ code }) => code === NO_CHANGE.code)) return notFound(NO_CHANGE_WORDS)
    return changePage(parts, request, decision.refusals)
  })
}

function askOf(request: RouteRequest): SubjectChangeAsk {
  const { params, body, actor } = request
  return {
    reference: params['reference'] ?? '',
    id: wholeNumber(params['id']),
    choice: textOf(body, 'choice'),
    successor: urnOf(String(body['successor'] ?? '')),
    reason: textOf(body, 'reason'),
    seen: textOf(body, 'seen'),
    by: actor,
    submission: submissionOf(request),
  }
}

function urnOf(text: string): number | null {
  return wholeNumber(text.trim()) || null
}

async function readByApi(parts: CaseParts, { params, actor }: RouteRequest): Promise<Answer> {
  const { db } = parts.database
  const seen = await findSeenCase(db, actor, params['reference'] ?? '')
  if (!seen?.whole) return problem([NO_CASE], 404)
  const desk = await openChangeDesk(parts, db, seen.record, { id: wholeNumber(params['id']), by: actor })
  return desk ? json(changeJson(desk)) : problem([NO_CHANGE], 404)
}

async function chooseByApi(parts: CaseParts, request: RouteRequest): Promise<Answer> {
  const seen = await findSeenCase(parts.database.db, request.actor, request.params['reference'] ?? '')
  if (!seen?.whole) return problem([NO_CASE], 404)
  const decision = await runSubjectChange(parts, askOf(request))
  return decision.ok ? json(decision.value) : problem(decision.refusals, statusOf(decision.refusals))
}

const event = z.object({
  kind: z.string(),
  words: z.string(),
  on: z.string(),
  source: z.string().nullable(),
  sourceAsAt: z.string().nullable(),
})
const effect = z.object({ id: z.string(), title: z.string(), words: z.array(z.string()) })
const option = z.object({
  choice: z.enum(['move', 'end', 'keep']),
  title: z.string(),
  successor: z.number().nullable(),
  unavailable: z.string().nullable(),
  effects: z.array(effect),
})

const SUBJECT_CHANGE_API: Readonly<Record<string, ApiDescription>> = {
  [`GET /api/v1${PATH}`]: {
    summary: 'What the register changed of the school of a case, and what each way to go on would do',
    answer: z.object({
      id: z.number(),
      from: z.object({ urn: z.number().nullable(), name: z.string() }),
      events: z.array(event),
      owner: z.string(),
      closed: z.boolean(),
      dueOn: z.string().nullable(),
      seen: z.string().describe('To be sent back with the choice: it stands for what is told here'),
      options: z.array(option),
      decision: z.looseObject({}).nullable(),
    }),
  },
  [`POST /api/v1${PATH}`]: {
    summary: 'Decide how the case goes on: move to the successor, end, or keep',
    body: z.object({
      choice: z.enum(['move', 'end', 'keep']),
      successor: z.union([z.string(), z.number()]).optional().describe('URN; needed where there are several'),
      reason: z.string(),
      seen: z.string(),
    }),
    answer: z.object({ reference: z.string(), choice: z.string(), status: z.string(), urn: z.number().nullable() }),
  },
}
