import type { Refusal } from '../platform/decision.ts'
import { described } from '../platform/web/api-description.ts'
import { type Answer, json, problem, type Route, type RouteRequest, wholeNumber } from '../platform/web/route.ts'
import { packRef } from '../programmes/index.ts'
import { STANDING_API } from './api-description.ts'
import type { StandingParts } from './follow-standings.ts'
import { standingJson } from './present-standing.ts'
import { findRunStanding } from './standing-of-pack.ts'
import { isIn, listSchoolStandings, readSchoolStanding } from './standing-view.ts'

/** The same as the pages, for programs. */
export function standingApi(parts: StandingParts): Route[] {
  const read = { method: 'GET', allow: 'see-standings', audit: null } as const
  const list = '/api/v1/standings/:ref/:standing'
  return described(
    [
      { ...read, path: list, handle: (request) => listAnswer(parts, request) },
      { ...read, path: `${list}/schools/:urn`, handle: (request) => schoolAnswer(parts, request) },
    ],
    STANDING_API,
  )
}

const UNKNOWN: Refusal = { code: 'standing.unknown', message: 'There is no such standing that the service keeps.' }
const NO_SCHOOL: Refusal = { code: 'not-found', message: 'The register holds no such open school.' }
const FORBIDDEN: Refusal = { code: 'not-allowed', message: 'You do not have permission for this.' }

function runOf({ packs }: StandingParts, { params }: RouteRequest) {
  return findRunStanding(packs, params['ref'] ?? '', params['standing'] ?? '')
}

async function listAnswer(parts: StandingParts, request: RouteRequest): Promise<Answer> {
  const run = runOf(parts, request)
  if (!run) return problem([UNKNOWN], 404)
  if (!isIn(run, request.actor)) return problem([FORBIDDEN], 403)
  const level = request.query.get('level')
  const views = await listSchoolStandings(parts, run, request.actor)
  const schools = views.filter(({ now }) => !level || now?.level === level).map((view) => standingJson(run, view))
  return json({ ref: packRef(run.pack), standing: run.id, on: parts.clock.today().toString(), schools })
}

async function schoolAnswer(parts: StandingParts, request: RouteRequest): Promise<Answer> {
  const run = runOf(parts, request)
  if (!run) return problem([UNKNOWN], 404)
  const urn = wholeNumber(request.params['urn'])
  const view = await readSchoolStanding(parts, run, { urn, actor: request.actor })
  if (view === 'unknown') return problem([NO_SCHOOL], 404)
  return view === 'forbidden' ? problem([FORBIDDEN], 403) : json(standingJson(run, view))
}
