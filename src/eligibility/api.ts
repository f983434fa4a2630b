import { described } from '../platform/web/api-description.ts'
import { json, problem, type Route, type RouteRequest, wholeNumber } from '../platform/web/route.ts'
import { submissionOf } from '../platform/web/submission.ts'
import { findPack } from '../programmes/index.ts'
import { toJson } from './answer-json.ts'
import { ELIGIBILITY_API } from './api-description.ts'
import { getFactsOn, judgeSchools } from './judge-register.ts'
import { type EligibilityParts, usualDay } from './pages.ts'
import { readQuestion } from './question.ts'
import { findRun, listEligibleOf, listRuns, recordRun } from './run-store.ts'

export function eligibilityApi(parts: EligibilityParts): Route[] {
  const read = { allow: 'see-eligibility', audit: null } as const
  const recorded = { allow: 'record-eligibility', audit: 'eligibility-run-recorded' } as const
  const base = '/api/v1/eligibility'
  return described(
    [
      { method: 'GET', path: `${base}/:ref`, ...read, handle: (request) => answer(parts, request) },
      { method: 'GET', path: `${base}/:ref/runs`, ...read, handle: (request) => runs(parts, request) },
      { method: 'POST', path: `${base}/:ref/runs`, ...recorded, handle: (request) => record(parts, request) },
      { method: 'GET', path: '/api/v1/eligibility-runs/:id', ...read, handle: (request) => run(parts, request) },
    ],
    ELIGIBILITY_API,
  )
}

function asked(parts: EligibilityParts, ref: string, query: URLSearchParams) {
  const pack = findPack(ref, parts.packs)
  return readQuestion(ref, query, parts.packs, pack ? usualDay(pack, parts.clock) : parts.clock.today().toString())
}

async function answer(parts: EligibilityParts, { params, query }: RouteRequest) {
  const question = asked(parts, params['ref'] ?? '', query)
  if (!question.ok) return problem(question.refusals, question.refusals[0]?.code === 'programme.unknown' ? 404 : 422)
  const judged = judgeSchools(question.value.asIf, await getFactsOn(parts.database, question.value.on))
  const subject = query.get('subject') === 'trust' ? 'trust' : 'school'
  return json(toJson(judged, { subject, authority: query.get('authority') ?? undefined, all: query.has('all') }))
}

async function runs(parts: EligibilityParts, { params }: RouteRequest) {
  const pack = findPack(params['ref'] ?? '', parts.packs)
  if (!pack) return problem([{ code: 'programme.unknown', message: 'There is no such programme.' }], 404)
  return json({ runs: await listRuns(parts.database, pack.programme, pack.edition) })
}

async function record(parts: EligibilityParts, request: RouteRequest) {
  const { params, body, actor } = request
  const fields = new URLSearchParams(Object.entries(body).map(([name, value]) => [name, String(value)]))
  const question = asked(parts, params['ref'] ?? '', fields)
  if (!question.ok) return problem(question.refusals, question.refusals[0]?.code === 'programme.unknown' ? 404 : 422)
  const { asIf, on, changed } = question.value
  const judged = judgeSchools(asIf, await getFactsOn(parts.database, on))
  const reason = fields.get('reason')?.trim() || null
  return json(
    { id: await recordRun(parts.database, judged, { changed, reason, by: actor, submission: submissionOf(request) }) },
    201,
  )
}

async function run(parts: EligibilityParts, { params }: RouteRequest) {
  const found = await findRun(parts.database, wholeNumber(params['id']))
  if (!found) return problem([{ code: 'run.unknown', message: 'There is no recorded run of this number.' }], 404)
  return json({ ...found, schools: await listEligibleOf(parts.database, found.id) })
}
