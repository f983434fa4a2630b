import type { Decision, Refusal } from '../platform/decision.ts'
import { described } from '../platform/web/api-description.ts'
import { readDateField } from '../platform/web/date-field.ts'
import {
  type Answer,
  json,
  problem,
  type Route,
  type RouteRequest,
  textOf,
  wholeNumber,
} from '../platform/web/route.ts'
import { submissionOf } from '../platform/web/submission.ts'
import { findPack, packRef } from '../programmes/index.ts'
import { findEntitlement } from './entitlement.ts'
import { decideRequestOf, judgeSubject, requestRow } from './judge-subject.ts'
import { type EligibilityParts, usualDay } from './pages.ts'
import { requestJson, subjectJson } from './present-subject.ts'
import { listSeen, readRequest } from './request-pages.ts'
import { findRequest } from './request-store.ts'
import { readSubjectKey } from './subject.ts'
import { SUBJECT_API } from './subject-api-description.ts'
import { dayOf, packOf } from './subject-pages.ts'
import { readSubjectView } from './subject-view.ts'

/** The same as the pages of subjects and requests, for programs. */
export function subjectApi(parts: EligibilityParts): Route[] {
  const read = { method: 'GET', allow: 'signed-in', audit: null } as const
  const change = { method: 'POST', allow: 'signed-in' } as const
  const base = '/api/v1/eligibility/:ref'
  const request = '/api/v1/eligibility-requests/:id'
  return described(
    [
      { ...read, path: `${base}/:kind/:subject`, handle: (asked) => subjectAnswer(parts, asked) },
      { ...read, path: `${base}/:kind/:subject/entitlement`, handle: (asked) => entitlementAnswer(parts, asked) },
      { ...change, audit: 'eligibility-judged', path: `${base}/judgements`, handle: (asked) => judge(parts, asked) },
      { ...read, path: `${base}/requests`, handle: (asked) => requests(parts, asked) },
      { ...change, audit: 'eligibility-requested', path: `${base}/requests`, handle: (asked) => ask(parts, asked) },
      { ...read, path: request, handle: (asked) => oneRequest(parts, asked) },
      {
        ...change,
        audit: 'eligibility-request-decided',
        path: `${request}/decide`,
        handle: (asked) => decide(parts, asked),
      },
    ],
    SUBJECT_API,
  )
}

const NO_PROGRAMME: Refusal = { code: 'programme.unknown', message: 'There is no such programme.', field: 'programme' }
const NO_SUBJECT: Refusal = { code: 'not-found', message: 'The register holds no such school or trust.' }
const NO_REQUEST: Refusal = { code: 'not-found', message: 'There is no request of this number.' }
const FORBIDDEN: Refusal = { code: 'not-allowed', message: 'You do not have permission for this.' }

function readAsked(parts: EligibilityParts, { params, query }: RouteRequest) {
  const pack = findPack(params['ref'] ?? '', parts.packs)
  const key = readSubjectKey(params['kind'] ?? '', params['subject'] ?? '')
  const on = readDateField({ on: query.get('on') ?? '' }, 'on')
  return { pack, key, on: on === null && pack ? usualDay(pack, parts.clock) : on }
}

async function viewAsked(parts: EligibilityParts, request: RouteRequest) {
  const { pack, key, on } = readAsked(parts, request)
  if (!pack) return problem([NO_PROGRAMME], 404)
  if (!key) return problem([NO_SUBJECT], 404)
  if (!on) return problem([{ code: 'on.not-a-date', message: 'Write the day as YYYY-MM-DD', field: 'on' }])
  const view = await readSubjectView(parts, { pack, key, on, actor: request.actor })
  if (view === 'unknown') return problem([NO_SUBJECT], 404)
  return view === 'forbidden' ? problem([FORBIDDEN], 403) : { view, key }
}

async function subjectAnswer(parts: EligibilityParts, request: RouteRequest): Promise<Answer> {
  const asked = await viewAsked(parts, request)
  return 'view' in asked ? json(subjectJson(asked.view)) : asked
}

/** The snapshot that a case would keep; refused where nothing is met, with every criterion's reason. */
async function entitlementAnswer(parts: EligibilityParts, request: RouteRequest): Promise<Answer> {
  const asked = await viewAsked(parts, request)
  if (!('view' in asked)) return asked
  const { pack, on, isClose } = asked.view
  if (!isClose) return problem([FORBIDDEN], 403)
  const kind = request.query.get('kind') ?? undefined
  const found = await findEntitlement(parts.database, { pack, subject: asked.key, on, kind })
  return found.ok ? json(found.value) : answerRefused(found.refusals)
}

function answerRefused(refusals: readonly Refusal[]): Answer {
  const has = (code: string) => refusals.some((one) => one.code === code)
  if (has('not-allowed')) return problem(refusals, 403)
  if (has('not-found')) return problem(refusals, 404)
  return problem(refusals, has('moved-on') ? 409 : 422)
}

/** The school (`urn`) or trust (`uid`) that a body names. */
function readBodyKey(body: RouteRequest['body']) {
  const urn = typeof body['urn'] === 'number' ? String(body['urn']) : textOf(body, 'urn')
  return urn ? readSubjectKey('schools', urn) : readSubjectKey('trusts', textOf(body, 'uid'))
}

async function judge(parts: EligibilityParts, request: RouteRequest): Promise<Answer> {
  const { params, body, actor } = request
  const pack = findPack(params['ref'] ?? '', parts.packs)
  const subject = readBodyKey(body)
  if (!pack) return problem([NO_PROGRAMME], 404)
  if (!subject) return problem([{ ...NO_SUBJECT, field: 'urn' }], 404)
  const judged = await judgeSubject(parts, {
    pack,
    subject,
    asked: {
      row: textOf(body, 'row'),
      on: dayOf(body, parts),
      rationale: textOf(body, 'rationale'),
      holds: body['holds'] !== false && textOf(body, 'holds') !== 'no',
    },
    by: actor,
    submission: submissionOf(request),
  })
  return judged.ok ? json(judged.value, 201) : answerRefused(judged.refusals)
}

async function requests(parts: EligibilityParts, { params, actor }: RouteRequest): Promise<Answer> {
  const pack = findPack(params['ref'] ?? '', parts.packs)
  if (!pack) return problem([NO_PROGRAMME], 404)
  const seen = await listSeen(parts, pack, actor)
  return json({ ref: packRef(pack), requests: seen.map((one) => requestJson(pack, one)) })
}

async function ask(parts: EligibilityParts, request: RouteRequest): Promise<Answer> {
  const { params, body, actor } = request
  const pack = findPack(params['ref'] ?? '', parts.packs)
  const subject = readBodyKey(body)
  if (!pack) return problem([NO_PROGRAMME], 404)
  if (!subject) return problem([{ ...NO_SUBJECT, field: 'urn' }], 404)
  const asked = {
    row: textOf(body, 'row'),
    origin: textOf(body, 'origin'),
    reason: textOf(body, 'reason'),
    kind: textOf(body, 'kind'),
  }
  const requested = await requestRow(parts, { pack, subject, asked, by: actor, submission: submissionOf(request) })
  return answerRequest(parts, requested, 201)
}

/** The request as it stands after what was done. */
async function answerRequest(
  { database, packs }: EligibilityParts,
  done: Decision<{ id: number }>,
  status: number,
): Promise<Answer> {
  if (!done.ok) return answerRefused(done.refusals)
  const request = await findRequest(database.db, done.value.id)
  const pack = request && packOf(packs, request)
  return request && pack ? json(requestJson(pack, request), status) : problem([NO_REQUEST], 404)
}

async function oneRequest(parts: EligibilityParts, asked: RouteRequest): Promise<Answer> {
  const found = await readRequest(parts, asked)
  if (!found) return problem([NO_REQUEST], 404)
  return found.maySee ? json(requestJson(found.pack, found.request)) : problem([FORBIDDEN], 403)
}

async function decide(parts: EligibilityParts, { params, body, actor }: RouteRequest): Promise<Answer> {
  const id = wholeNumber(params['id'])
  const request = await findRequest(parts.database.db, id)
  const pack = request && packOf(parts.packs, request)
  if (!pack) return problem([NO_REQUEST], 404)
  const asked = { outcome: textOf(body, 'outcome'), rationale: textOf(body, 'rationale') }
  const decided = await decideRequestOf(parts, { pack, request: id, asked, by: actor })
  return answerRequest(parts, decided.ok ? { ok: true, value: { id } } : decided, 200)
}
