import type { Actor } from '../platform/actor.ts'
import type { Refusal } from '../platform/decision.ts'
import {
  type Answer,
  notFound,
  page,
  type Route,
  type RouteRequest,
  redirect,
  textOf,
  wholeNumber,
} from '../platform/web/route.ts'
import { findPack, type Pack, packRef } from '../programmes/index.ts'
import { decideRequestOf, readJudgingFacts } from './judge-subject.ts'
import { findJudgedRow, judgingHat } from './judgement.ts'
import type { EligibilityParts } from './pages.ts'
import { presentRequest } from './present-subject.ts'
import { findRequest, listRequests, type RequestRecord } from './request-store.ts'
import { findSubject } from './subject.ts'
import { forbidden, packOf } from './subject-pages.ts'
import { isCloseTo } from './subject-view.ts'

/** What was asked for: the list for those who decide or take part, and one request with its decision. */
export function requestPages(parts: EligibilityParts): Route[] {
  const read = { method: 'GET', allow: 'signed-in', audit: null } as const
  const one = '/eligibility-requests/:id'
  return [
    { ...read, path: '/eligibility/:ref/requests', handle: (request) => listPage(parts, request) },
    { ...read, path: one, handle: (request) => requestPage(parts, request) },
    {
      method: 'POST',
      allow: 'signed-in',
      audit: 'eligibility-request-decided',
      path: `${one}/decide`,
      handle: (request) => decide(parts, request),
    },
  ]
}

/** The requests whose school or trust is somebody's place. */
export async function listSeen(parts: EligibilityParts, pack: Pack, actor: Actor): Promise<RequestRecord[]> {
  const requests = await listRequests(parts.database.db, pack)
  const seen = await Promise.all(requests.map((request) => sees(parts, pack, { request, actor })))
  return requests.filter((_, index) => seen[index])
}

async function sees(
  { database, clock }: EligibilityParts,
  pack: Pack,
  { request, actor }: { request: RequestRecord; actor: Actor },
): Promise<boolean> {
  // Most people look after regions, and the request keeps its region: only others need the register.
  if (request.region && isCloseTo(pack, actor, { region: request.region })) return true
  const subject = await findSubject(database.db, keyOfRequest(request), clock.today().toString())
  return subject !== undefined && isCloseTo(pack, actor, subject.place)
}

function keyOfRequest({ urn, uid }: RequestRecord) {
  return urn === null ? { kind: 'trust' as const, uid: uid ?? '' } : { kind: 'school' as const, urn }
}

async function listPage(parts: EligibilityParts, { params, actor }: RouteRequest): Promise<Answer> {
  const pack = findPack(params['ref'] ?? '', parts.packs)
  if (!pack) return notFound('There is no programme of this name.')
  const requests = (await listSeen(parts, pack, actor)).map((request) => presentRequest(pack, request))
  return page('eligibility/requests.njk', {
    title: 'Asked for',
    caption: `${pack.title}, edition ${pack.edition}`,
    section: 'eligibility',
    wide: true,
    breadcrumbs: [{ text: 'Who qualifies', href: `/eligibility/${packRef(pack)}` }],
    open: requests.filter(({ isOpen }) => isOpen),
    decided: requests.filter(({ isOpen }) => !isOpen),
  })
}

/** A request, its edition, and whether this person may see and decide it; undefined when there is none. */
export async function readRequest(parts: EligibilityParts, { params, actor }: Pick<RouteRequest, 'params' | 'actor'>) {
  const { db } = parts.database
  const request = await findRequest(db, wholeNumber(params['id']))
  const pack = request && packOf(parts.packs, request)
  if (!request || !pack) return undefined
  const today = parts.clock.today().toString()
  const subject = await findSubject(db, keyOfRequest(request), today)
  const place = subject?.place ?? { region: request.region }
  const row = findJudgedRow(pack, request.row)
  const facts = await readJudgingFacts(db, { pack, place, actor, today })
  return {
    request,
    pack,
    maySee: isCloseTo(pack, actor, place),
    mayDecide: request.state === 'requested' && row !== undefined && judgingHat(row, facts) !== undefined,
  }
}

async function requestPage(
  parts: EligibilityParts,
  asked: RouteRequest,
  refusals: readonly Refusal[] = [],
): Promise<Answer> {
  const found = await readRequest(parts, asked)
  if (!found) return notFound('There is no request of this number.')
  const { request, pack, maySee, mayDecide } = found
  if (!maySee) return forbidden('You may not see this request.')
  const shown = presentRequest(pack, request)
  const status = refusals.some(({ code }) => code === 'moved-on') ? 409 : 422
  const model = {
    title: `${request.name}: request ${request.id}`,
    heading: request.name,
    caption: `Request ${request.id} · ${pack.title}`,
    section: 'eligibility',
    breadcrumbs: [{ text: 'Asked for', href: `/eligibility/${packRef(pack)}/requests` }],
    request: shown,
    state: shown.state.charAt(0).toUpperCase() + shown.state.slice(1),
    mayDecide: mayDecide || refusals.length > 0,
    typed: { outcome: textOf(asked.body, 'outcome'), rationale: textOf(asked.body, 'rationale') },
    errors: refusals.map(({ message, field }) => ({ text: message, href: `#${field ?? 'main-content'}` })),
    errorAt: Object.fromEntries(refusals.map(({ message, field }) => [field ?? '', { text: message }])),
  }
  return page('eligibility/request.njk', model, refusals.length > 0 ? status : 200)
}

async function decide(parts: EligibilityParts, asked: RouteRequest): Promise<Answer> {
  const id = wholeNumber(asked.params['id'])
  const request = await findRequest(parts.database.db, id)
  const pack = request && packOf(parts.packs, request)
  if (!pack) return notFound('There is no request of this number.')
  const decided = await decideRequestOf(parts, {
    pack,
    request: id,
    asked: { outcome: textOf(asked.body, 'outcome'), rationale: textOf(asked.body, 'rationale') },
    by: asked.actor,
  })
  if (decided.ok) return redirect(`/eligibility-requests/${id}`)
  if (decided.refusals.some(({ code }) => code === 'not-allowed'))
    return forbidden(...decided.refusals.map(({ message }) => message))
  return requestPage(parts, asked, decided.refusals)
}
