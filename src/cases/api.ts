import { z } from 'zod'
import type { Refusal } from '../platform/decision.ts'
import { type ApiDescription, described } from '../platform/web/api-description.ts'
import { readListQuery } from '../platform/web/list.ts'
import { type Answer, json, problem, type Route, type RouteRequest, textOf } from '../platform/web/route.ts'
import { submissionOf } from '../platform/web/submission.ts'
import { readAsked } from './asked.ts'
import type { CaseParts } from './case-parts.ts'
import type { CaseRecord } from './case-store.ts'
import type { SubjectAsked } from './entitlement.ts'
import { readClaimDays, readDaysByLeader } from './leader-days.ts'
import { readTroubles } from './letter-troubles.ts'
import { CASE_FILTERS, CASE_SORTS, listCases, listNotices, listWaiting, listWork, type WorkLine } from './list-cases.ts'
import { caseJson, workingDaysOpen } from './present-case.ts'
import { findSeenCase, ownOpenSteps } from './read-case.ts'
import { NO_CASE, runStep } from './run-step.ts'
import { startCase } from './start-case.ts'
import { changeLineJson } from './subject-change-present.ts'
import { listChanges, listDecisions } from './subject-change-store.ts'
import { keysOfActor } from './who-acts.ts'
import { doneStepsFor } from './who-reads.ts'
import { seesCases } from './who-sees.ts'

const MOST_WORK = 500

/** Cases for other programs: begin one, read it, end its steps, take its actions; the same answers as the pages. */
export function caseApi(parts: CaseParts): Route[] {
  const get = { method: 'GET', allow: 'see-cases', audit: null } as const
  const post = { method: 'POST', allow: 'see-cases' } as const
  const routes: Route[] = [
    { ...get, path: '/api/v1/cases', handle: (request) => list(parts, request) },
    {
      ...post,
      path: '/api/v1/cases',
      allow: 'start-case',
      audit: 'case-begun',
      handle: (request) => start(parts, request),
    },
    { ...get, path: '/api/v1/cases/:reference', handle: (request) => read(parts, request) },
    {
      ...post,
      path: '/api/v1/cases/:reference/steps/:step',
      audit: 'case-changed',
      handle: (request) => step(parts, request),
    },
    {
      ...post,
      path: '/api/v1/cases/:reference/actions/:step',
      audit: 'case-changed',
      handle: (request) => step(parts, request),
    },
    { ...get, path: '/api/v1/work', handle: (request) => work(parts, request) },
  ]
  return described(routes, CASE_API)
}

async function list({ database, clock }: CaseParts, { query, actor }: RouteRequest): Promise<Answer> {
  const asked = readListQuery(query, CASE_SORTS, CASE_FILTERS)
  const today = clock.today().toString()
  const { total, rows } = await listCases(database.db, asked, { today, sees: seesCases(actor) })
  return json({ total, page: asked.page, cases: rows })
}

async function start(parts: CaseParts, request: RouteRequest): Promise<Answer> {
  const { body, actor } = request
  const subject = readSubject(body)
  if (!subject)
    return problem([
      { code: 'subject.missing', message: 'Name a school by urn, or a trust by trust', field: 'subject' },
    ])
  const flow = textOf(body, 'flow')
  const kind = textOf(body, 'kind')
  const decision = await startCase(parts, {
    programme: textOf(body, 'programme'),
    subject,
    by: actor,
    submission: submissionOf(request),
    ...(flow && { flow }),
    ...(kind && { kind }),
  })
  return decision.ok ? json(decision.value, 201) : problem(decision.refusals, statusOf(decision.refusals))
}

/** A school by its URN, or a trust by its number. */
export function readSubject(body: RouteRequest['body']): SubjectAsked | undefined {
  const urn = String(body['urn'] ?? '').trim()
  const uid = textOf(body, 'trust')
  if (/^\d{6}$/.test(urn)) return { kind: 'school', urn: Number(urn) }
  return uid ? { kind: 'trust', uid } : undefined
}

const STATUS_BY_CODE: Readonly<Record<string, number>> = {
  'moved-on': 409,
  'case.open-already': 409,
  'child.one-of-group': 409,
  'subject-change.unknown': 404,
  'link.unknown': 404,
  'link.ended': 409,
  'not-responsible': 403,
  'case.unknown': 404,
  'step.unknown': 404,
  'action.unknown': 404,
}

/** 409: it moved on; 403: somebody else's to do; 404: not there; 422: something entered is wrong or a rule says no. */
export function statusOf([first]: readonly Refusal[]): number {
  return STATUS_BY_CODE[first?.code ?? ''] ?? 422
}

async function read(parts: CaseParts, { params, actor }: RouteRequest): Promise<Answer> {
  const { database, clock } = parts
  const seen = await findSeenCase(database.db, actor, params['reference'] ?? '')
  if (!seen) return problem([NO_CASE], 404)
  const done = doneStepsFor(seen, actor)
  const today = clock.today().toString()
  const full = caseJson(seen.record, { today, leader: seen.leader, done })
  if (seen.whole) {
    const subjectChanges = (await listChanges(database.db, seen.record.id)).map(changeLineJson)
    const besides = (await parts.besides?.(database.db, seen, actor)) ?? []
    const days = await readDaysByLeader(database.db, seen.record)
    const partialClaim = await readClaimDays(database.db, seen.record)
    return json({
      ...full,
      ...(seen.record.parent && { asked: await readAsked(database.db, seen, actor) }),
      ...days,
      ...(partialClaim && { partialClaim }),
      subjectChanges,
      besides,
      undelivered: await readTroubles(database.db, seen.record, today),
    })
  }
  const { reference, programme, edition, version, subject, stage, stageTitle } = full
  return json({
    reference,
    programme,
    edition,
    version,
    subject: { name: subject.name, region: subject.region },
    stage,
    stageTitle,
    yours: ownOpenSteps(seen.record, actor, today),
  })
}

async function step(parts: CaseParts, request: RouteRequest): Promise<Answer> {
  const { params, body, actor } = request
  const seen = await findSeenCase(parts.database.db, actor, params['reference'] ?? '')
  if (!seen) return problem([NO_CASE], 404)
  const unknown = unknownFields(seen.record, params['step'] ?? '', body)
  if (unknown.length > 0) return problem(unknown, 422)
  const ask = {
    reference: seen.record.reference,
    step: params['step'] ?? '',
    key: textOf(body, 'key'),
    body,
    by: actor,
    submission: submissionOf(request),
  }
  const decision = await runStep(parts, ask)
  return decision.ok ? json(decision.value) : problem(decision.refusals, statusOf(decision.refusals))
}

/** What every step takes beside its fields; a reason may name the check that asks for it, the last three are about its letters. */
const CONTROLS = /^(outcome|key|note|reasons?|reason-.+|submission|copy|to|without)$/

/**
 * A field that the step does not have is refused rather than left aside: whoever sends an amount where the pack has fixed it must
 * not believe that it was taken (TSI-027). A step that the flow lacks is refused further on.
 */
function unknownFields(record: CaseRecord, id: string, body: RouteRequest['body']): Refusal[] {
  const flow = record.pack.process?.flows?.[record.flow]
  const step = flow?.steps[id] ?? flow?.anytime?.[id]
  if (!step) return []
  const known = (name: string) =>
    CONTROLS.test(name) || Object.keys(step.fields ?? {}).some((one) => name === one || name.startsWith(`${one}-`))
  return Object.keys(body)
    .filter((name) => !known(name))
    .map((name) => ({ code: 'field.unknown', message: `${step.title} takes no “${name}”`, field: name }))
}

async function work({ database, clock, alsoWaiting }: CaseParts, { actor }: RouteRequest): Promise<Answer> {
  const keys = keysOfActor(actor)
  const [open, waiting, notices, decisions, also] = await Promise.all([
    listWork(database.db, keys, MOST_WORK),
    listWaiting(database.db, { keys, sees: seesCases(actor), limit: MOST_WORK }),
    listNotices(database.db, keys, MOST_WORK),
    listDecisions(database.db, keys, MOST_WORK),
    alsoWaiting?.(database.db, actor) ?? [],
  ])
  const today = clock.today().toString()
  const aged = (one: WorkLine) => ({ ...one, openWorkingDays: workingDaysOpen(one.openedOn, today) })
  return json({
    open: open.map(aged),
    waiting: waiting.map(aged),
    decisions,
    also,
    notices,
  })
}

const anything = z.looseObject({})
const reference = z.object({ reference: z.string() })
const moved = reference.extend({ stage: z.string(), status: z.string() })
const entered = z
  .looseObject({
    outcome: z.string().optional(),
    note: z.string().optional(),
    reason: z.string().optional(),
    key: z.string().optional(),
  })
  .describe(
    'The fields of the step by name, choices and its outcome by their ids, and reasons as reason or reason-<check>',
  )

const CASE_API: Readonly<Record<string, ApiDescription>> = {
  'GET /api/v1/cases': {
    summary: 'Cases that you may see',
    query: z.object({
      q: z
        .string()
        .optional()
        .describe('Part of the name of the school or its trust, a URN, a trust number or a case number'),
      stage: z.string().optional(),
      status: z.string().optional(),
      region: z.string().optional(),
    }),
    answer: z.object({ total: z.number(), page: z.number(), cases: z.array(anything) }),
  },
  'POST /api/v1/cases': {
    summary: 'Begin a case for a school (urn) or a trust (trust)',
    body: z.object({
      programme: z.string(),
      urn: z.union([z.string(), z.number()]).optional(),
      trust: z.string().optional(),
      kind: z.string().optional(),
      flow: z.string().optional(),
    }),
    answer: reference,
    created: true,
  },
  'GET /api/v1/cases/:reference': {
    summary:
      'A case: where it stands, what is open, what was done and by whom; of a case beside another, what was asked for with it (asked). Who left it as its leader gets the own claim beside it. Who is only asked for a step of it gets that step, in `yours`',
    answer: anything,
  },
  'POST /api/v1/cases/:reference/steps/:step': {
    summary: 'End an open step',
    body: entered,
    answer: moved,
    refused: 'nothing was saved, and a draft of the step that was kept before stays as it was',
  },
  'POST /api/v1/cases/:reference/actions/:step': {
    summary: 'Take an action that may happen between steps',
    body: entered,
    answer: moved,
  },
  'GET /api/v1/work': {
    summary: 'What waits for you, whom you wait for, and what is new for you',
    answer: z.object({
      open: z.array(anything),
      waiting: z.array(anything),
      decisions: z.array(anything),
      also: z.array(anything),
      notices: z.array(anything),
    }),
  },
}
