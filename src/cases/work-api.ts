import { z } from 'zod'
import type { Decision } from '../platform/decision.ts'
import { type ApiDescription, described } from '../platform/web/api-description.ts'
import { type Answer, json, problem, type Route, type RouteRequest, wholeNumber } from '../platform/web/route.ts'
import { submissionOf } from '../platform/web/submission.ts'
import { statusOf } from './api.ts'
import { carryOver } from './carry-over.ts'
import { addCaseNote, readCaseNotes, sharedContext } from './case-notes.ts'
import type { CaseParts } from './case-parts.ts'
import { answerList } from './checklist-run.ts'
import { listContactDue } from './contact-due.ts'
import {
  answerLate,
  confirmVisit,
  moveItem,
  noteItem,
  recordEngagement,
  returnItem,
  withdrawItem,
} from './log-moves.ts'
import { addItem, type LogAsk } from './log-run.ts'
import { readVisits } from './log-store.ts'
import { readPlanRows } from './plan-form.ts'
import { addStrategy, dropStrategy, keepPlan, setTheme } from './plan-run.ts'
import { addSignpost, readSignposts, readSuggestions } from './signposts.ts'
import { addMember, endMember } from './team-run.ts'
import { listColleagues, readTeam } from './team-store.ts'
import { answerVisitNote, finishVisitNote, readVisitNotes, sendVisitNote, writeVisitNote } from './visit-notes.ts'
import type { WorkDesk } from './work-desk.ts'
import { leadersOf, readDesk, readListsNow, readLogNow, readPlanNow } from './work-read.ts'

const CASE = '/api/v1/cases/:reference'

type Change = (parts: CaseParts, ask: LogAsk & { id: number }, request: RouteRequest) => Promise<Decision<object>>

/** Changes of the work by address below the case; those with `:id` are about one thing. */
export const CHANGES: readonly { readonly path: string; readonly created?: true; readonly run: Change }[] = [
  { path: '/log', created: true, run: addItem },
  { path: '/log/:id/move', run: moveItem },
  { path: '/log/:id/return', run: returnItem },
  { path: '/log/:id/withdraw', run: withdrawItem },
  { path: '/log/:id/notes', run: noteItem },
  { path: '/log/:id/engagement', run: recordEngagement },
  { path: '/log/:id/confirm', run: confirmVisit },
  { path: '/log/:id/late', run: answerLate },
  { path: '/team', created: true, run: addMember },
  { path: '/team/:id/end', run: endMember },
  { path: '/plan', run: (parts, ask) => keepPlan(parts, { ...ask, ...readPlanRows(ask.body) }) },
  { path: '/strategies', created: true, run: addStrategy },
  { path: '/strategies/:id/drop', run: dropStrategy },
  { path: '/themes', run: setTheme },
  { path: '/lists/:list', run: (parts, ask, { params }) => answerList(parts, { ...ask, list: params['list'] ?? '' }) },
  {
    path: '/lists/:list/carry',
    run: (parts, ask, { params }) => carryOver(parts, { ...ask, list: params['list'] ?? '' }),
  },
  { path: '/visit-notes', created: true, run: (parts, ask) => writeVisitNote(parts, { ...ask, id: 0 }) },
  { path: '/visit-notes/:id', run: writeVisitNote },
  { path: '/visit-notes/:id/send', run: sendVisitNote },
  { path: '/visit-notes/:id/answer', run: answerVisitNote },
  { path: '/visit-notes/:id/final', run: finishVisitNote },
  { path: '/notes', created: true, run: addCaseNote },
  { path: '/signposts', created: true, run: addSignpost },
]

export function askOf(request: RouteRequest): LogAsk & { id: number } {
  const { params, body, actor } = request
  return {
    reference: params['reference'] ?? '',
    id: wholeNumber(params['id']),
    body,
    by: actor,
    submission: submissionOf(request),
  }
}

/** The work of a case for other programs; the same use cases as the pages. */
export function workApi(parts: CaseParts): Route[] {
  const get = { method: 'GET', allow: 'see-cases', audit: null } as const
  const read = (path: string, tell: (desk: WorkDesk) => Promise<object>): Route => ({
    ...get,
    path: `${CASE}${path}`,
    handle: async ({ params, actor }) => {
      const desk = await readDesk(parts, params['reference'] ?? '', actor)
      return desk ? json(await tell(desk)) : problem([NO_WORK], 404)
    },
  })
  const changes = CHANGES.map(
    ({ path, created, run }): Route => ({
      method: 'POST',
      allow: 'see-cases',
      path: `${CASE}${path}`,
      audit: 'case-work-changed',
      handle: async (request) => answerOf(await run(parts, askOf(request), request), created),
    }),
  )
  const routes: Route[] = [
    read('/log', readLogNow),
    read('/team', teamJson),
    read('/plan', readPlanNow),
    read('/lists', async (desk) => ({ lists: await readListsNow(desk) })),
    read('/visit-notes', async (desk) => ({ notes: await readVisitNotes(desk) })),
    read('/notes', async (desk) => ({ notes: await readCaseNotes(desk), context: sharedContext(desk) })),
    read('/signposts', async (desk) => {
      const signposts = await readSignposts(desk)
      return { signposts, ...(await readSuggestions(desk, signposts)) }
    }),
    ...changes,
    {
      ...get,
      path: '/api/v1/contact-due',
      handle: async ({ actor }) => json({ cases: await listContactDue(parts, actor) }),
    },
    { ...get, path: '/api/v1/visits', handle: (request) => visits(parts, request) },
  ]
  return described(routes, WORK_API)
}

const NO_WORK = { code: 'case.unknown', message: 'There is no such case, or you may not see it' }

function answerOf(decision: Decision<object>, created?: true): Answer {
  return decision.ok
    ? json(decision.value, created ? 201 : 200)
    : problem(decision.refusals, statusOf(decision.refusals))
}

async function teamJson({ db, record, work, leader, today, isOf }: WorkDesk) {
  const team = await readTeam(db, record.id)
  const titleOf = (id: string) => work.team.specialisms.find((one) => one.id === id)?.title ?? id
  const mayAdd = isOf(work.team.by) && leader !== undefined
  return {
    team: team.map(({ id, name, specialism, about, fromOn, endedOn }) => ({
      id,
      name,
      specialism,
      specialismTitle: titleOf(specialism),
      about,
      fromOn,
      endedOn,
    })),
    colleagues: mayAdd ? await listColleagues(db, leader.id, today) : [],
  }
}

async function visits({ database }: CaseParts, { actor }: RouteRequest) {
  const lines = await readVisits(database.db, { leaders: leadersOf(actor), personId: actor.personId })
  return json({
    visits: lines.map(({ reference, name, on, halfDays, state, step, memberName, leaderName }) => ({
      reference,
      name,
      date: on,
      days: halfDays / 2,
      state,
      step,
      by: memberName ?? leaderName,
    })),
  })
}

const anything = z.looseObject({})
const made = z.looseObject({ id: z.number(), warnings: z.array(z.string()).optional() })
const reason = z.looseObject({ reason: z.string() })
const words = (summary: string, body: z.ZodObject, answer: z.ZodType = anything): ApiDescription => ({
  summary,
  body,
  answer,
})
const creates = (summary: string, body: z.ZodObject): ApiDescription => ({ summary, body, answer: made, created: true })

const WORK_API: Readonly<Record<string, ApiDescription>> = {
  [`GET ${CASE}/log`]: {
    summary: 'The days of a case: planned, done, validated, what may be claimed',
    answer: anything,
  },
  [`POST ${CASE}/log`]: creates(
    'Log a day: date, days in halves, step; performer is a number of the team or an e-mail address, empty for the leader in person. What is noticed and bars nothing comes as warnings',
    z.looseObject({
      date: z.string(),
      days: z.union([z.string(), z.number()]),
      step: z.string(),
      state: z.string().optional(),
    }),
  ),
  [`POST ${CASE}/log/:id/move`]: words('Bring a day into its next state', z.looseObject({ state: z.string() })),
  [`POST ${CASE}/log/:id/return`]: words('Give a day back with a reason', reason),
  [`POST ${CASE}/log/:id/withdraw`]: words('Take off a day that does not count yet', anything),
  [`POST ${CASE}/log/:id/notes`]: words(
    'Add a monitoring note',
    z.looseObject({ note: z.string(), date: z.string().optional() }),
  ),
  [`POST ${CASE}/log/:id/engagement`]: words(
    'Say how the school took part',
    z.looseObject({ engagement: z.string(), note: z.string().optional() }),
  ),
  [`POST ${CASE}/log/:id/confirm`]: words('Confirm that the visit took place', anything),
  [`POST ${CASE}/log/:id/late`]: words(
    'Answer an extra day past its time: until, or reason to refuse',
    z.looseObject({ until: z.string().optional(), reason: z.string().optional() }),
  ),
  [`GET ${CASE}/team`]: { summary: 'The leader’s team and who could join it', answer: anything },
  [`POST ${CASE}/team`]: creates(
    'Add somebody of the leader’s own school or trust by e-mail address',
    z.looseObject({ person: z.string(), specialism: z.string() }),
  ),
  [`POST ${CASE}/team/:id/end`]: words('End somebody’s time in the team', anything),
  [`GET ${CASE}/plan`]: {
    summary: 'The plan: aim, planner where you may read it, strategies, themes',
    answer: anything,
  },
  [`POST ${CASE}/plan`]: words(
    'Keep the planner',
    z.looseObject({ rows: z.array(anything), shared: z.boolean().optional() }),
  ),
  [`POST ${CASE}/strategies`]: creates(
    'Add an improvement strategy',
    z.looseObject({ area: z.string(), action: z.string(), owner: z.string(), due: z.string() }),
  ),
  [`POST ${CASE}/strategies/:id/drop`]: words('Take a strategy out of the plan', reason),
  [`POST ${CASE}/themes`]: words(
    'Say that a theme is not needed',
    z.looseObject({ theme: z.string(), reason: z.string() }),
  ),
  [`GET ${CASE}/lists`]: { summary: 'Lists to go through and how they stand', answer: anything },
  [`POST ${CASE}/lists/:list`]: words('Answer items of a list by their ids', anything),
  [`POST ${CASE}/lists/:list/carry`]: words('Carry the notes of a list over into their section of the form', anything),
  [`GET ${CASE}/visit-notes`]: { summary: 'Notes of visit with the school’s replies', answer: anything },
  [`POST ${CASE}/visit-notes`]: creates('Write a note of visit', z.looseObject({ date: z.string(), seen: z.string() })),
  [`POST ${CASE}/visit-notes/:id`]: words(
    'Change a draft, or correct a note that the school calls not accurate: it is a draft again',
    z.looseObject({ date: z.string(), seen: z.string() }),
  ),
  [`POST ${CASE}/visit-notes/:id/send`]: words('Send a draft to the school', anything),
  [`POST ${CASE}/visit-notes/:id/answer`]: words(
    'Say whether it is accurate, with replies as reply-<place>',
    z.looseObject({ accurate: z.enum(['yes', 'no']), comment: z.string().optional() }),
  ),
  [`POST ${CASE}/visit-notes/:id/final`]: words('Make an answered note final', anything),
  [`GET ${CASE}/notes`]: { summary: 'Notes that you may read, and what was said for everybody', answer: anything },
  [`POST ${CASE}/notes`]: creates(
    'Add a note: shared or internal',
    z.looseObject({ audience: z.string(), words: z.string() }),
  ),
  [`GET ${CASE}/signposts`]: {
    summary: 'Further support that the school was told of, and what the catalogue suggests for the areas in focus',
    answer: anything,
  },
  [`POST ${CASE}/signposts`]: creates(
    'Tell the school of a programme of the catalogue',
    z.looseObject({
      programme: z.string(),
      area: z.string(),
      date: z.string(),
      told: z.string().optional(),
      kind: z.string().optional(),
    }),
  ),
  'GET /api/v1/contact-due': {
    summary: 'Cases whose leader should hear from you',
    answer: z.object({ cases: z.array(anything) }),
  },
  'GET /api/v1/visits': {
    summary: 'Your days in all your cases, the newest first',
    answer: z.object({ visits: z.array(anything) }),
  },
}
