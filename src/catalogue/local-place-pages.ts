import type { Refusal } from '../platform/decision.ts'
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
import { longDate } from '../platform/words.ts'
import { packRef } from '../programmes/index.ts'
import { type CataloguePack, type CatalogueParts, findCatalogue } from './context.ts'
import { endLocalPlace, enterLocalPlace, listAllLocalPlaces } from './local-place-store.ts'
import { AREA_KINDS, type NewLocalPlace } from './local-places.ts'
import { frame } from './pages.ts'
import { readAuthorities, readRegions } from './regions.ts'

/** Local hubs and marked areas, read by everybody and kept by an administrator: pages and API. */
export function localPlaceRoutes(parts: CatalogueParts): Route[] {
  const read = { method: 'GET', allow: 'everyone', audit: null } as const
  const change = { method: 'POST', allow: 'administer', audit: 'local-place-changed' } as const
  const [page, api] = ['/programmes/:ref/local-places', '/api/v1/programmes/:ref/local-places']
  return [
    { ...read, path: page, handle: (request) => placesPage(parts, request) },
    { ...change, path: page, handle: (request) => enterFromPage(parts, request) },
    { ...change, path: `${page}/:id/end`, handle: (request) => endFromPage(parts, request) },
    { ...read, path: api, handle: (request) => placesJson(parts, request) },
    { ...change, path: api, handle: (request) => enterFromApi(parts, request) },
    { ...change, path: `${api}/:id/end`, handle: (request) => endFromApi(parts, request) },
  ]
}

const NO_CATALOGUE = 'There is no catalogue of programmes under this name.'

async function placesPage(
  parts: CatalogueParts,
  { params, body, query, actor }: RouteRequest,
  refusals: readonly Refusal[] = [],
): Promise<Answer> {
  const pack = findCatalogue(params.ref, parts.packs)
  if (!pack) return notFound(NO_CATALOGUE)
  const { db } = parts.database
  const [places, regions, authorities] = await Promise.all([
    presentPlaces(parts, pack),
    readRegions(db),
    readAuthorities(db),
  ])
  const typed = readPlace(body)
  const model = {
    ...frame(pack, refusals, ['kind', 'areaKind', 'area', 'name', 'link', 'from']),
    title: 'Local hubs and marked areas',
    wide: true,
    places,
    mayEdit: actor.capabilities.has('administer'),
    typed: {
      ...typed,
      day: textOf(body, 'from-day'),
      month: textOf(body, 'from-month'),
      year: textOf(body, 'from-year'),
    },
    kinds: pack.catalogue.places.map(({ id, name }) => ({ value: id, text: name, selected: id === typed.kind })),
    areaKinds: Object.entries(AREA_KINDS).map(([value, text]) => ({ value, text, selected: value === typed.areaKind })),
    regions,
    authorities,
    message:
      query.get('done') === 'entered'
        ? 'The place is entered.'
        : query.get('done') === 'ended'
          ? 'The place has ended.'
          : null,
  }
  return page('catalogue/local-places.njk', model, refusals.length > 0 ? 422 : 200)
}

async function presentPlaces({ database, clock }: CatalogueParts, pack: CataloguePack) {
  const today = clock.today().toString()
  const all = await listAllLocalPlaces(database.db, pack.programme)
  return all.map(({ id, kind, areaKind, area, areaName, name, link, from, until }) => ({
    id,
    kind,
    kindName: pack.catalogue.places.find((one) => one.id === kind)?.name ?? kind,
    areaKind,
    area,
    areaName,
    name,
    link,
    from,
    until,
    state: from > today ? 'to come' : until !== null && until < today ? 'ended' : 'serving',
    dates: until ? `${longDate(from)} to ${longDate(until)}` : `Since ${longDate(from)}`,
  }))
}

/** Fields of the page and of the API: the first day as three fields or as one ISO date. */
function readPlace(body: RouteRequest['body']): NewLocalPlace {
  const parts = ['from-year', 'from-month', 'from-day'].map((name) => textOf(body, name))
  const inFields = parts.map((part, index) => part.padStart(index === 0 ? 4 : 2, '0')).join('-')
  return {
    kind: textOf(body, 'kind'),
    areaKind: textOf(body, 'areaKind'),
    area: textOf(body, 'area'),
    name: textOf(body, 'name'),
    link: textOf(body, 'link'),
    from: parts.some(Boolean) ? inFields : textOf(body, 'from'),
  }
}

function enter({ database }: CatalogueParts, pack: CataloguePack, request: RouteRequest) {
  return enterLocalPlace(database, {
    programme: pack.programme,
    catalogue: pack.catalogue,
    typed: readPlace(request.body),
    by: request.actor,
    submission: submissionOf(request),
  })
}

function end({ database, clock }: CatalogueParts, pack: CataloguePack, { params, actor }: RouteRequest) {
  const [id, until] = [wholeNumber(params.id), clock.today().toString()]
  return endLocalPlace(database, { programme: pack.programme, id, until, by: actor })
}

async function enterFromPage(parts: CatalogueParts, request: RouteRequest): Promise<Answer> {
  const pack = findCatalogue(request.params.ref, parts.packs)
  if (!pack) return notFound(NO_CATALOGUE)
  const entered = await enter(parts, pack, request)
  if (!entered.ok) return placesPage(parts, request, entered.refusals)
  return redirect(`/programmes/${packRef(pack)}/local-places?done=entered`)
}

async function endFromPage(parts: CatalogueParts, request: RouteRequest): Promise<Answer> {
  const pack = findCatalogue(request.params.ref, parts.packs)
  const ended = pack && (await end(parts, pack, request))
  if (!pack || !ended) return notFound('There is no such local place.')
  if (!ended.ok) return placesPage(parts, request, ended.refusals)
  return redirect(`/programmes/${packRef(pack)}/local-places?done=ended`)
}

async function placesJson(parts: CatalogueParts, { params }: RouteRequest): Promise<Answer> {
  const pack = findCatalogue(params.ref, parts.packs)
  if (!pack) return problem([{ code: 'programme.unknown', message: NO_CATALOGUE }], 404)
  return json({ kinds: pack.catalogue.places, places: await presentPlaces(parts, pack) })
}

async function enterFromApi(parts: CatalogueParts, request: RouteRequest): Promise<Answer> {
  const pack = findCatalogue(request.params.ref, parts.packs)
  if (!pack) return problem([{ code: 'programme.unknown', message: NO_CATALOGUE }], 404)
  const entered = await enter(parts, pack, request)
  return entered.ok ? json(entered.value, 201) : problem(entered.refusals)
}

async function endFromApi(parts: CatalogueParts, request: RouteRequest): Promise<Answer> {
  const pack = findCatalogue(request.params.ref, parts.packs)
  const ended = pack && (await end(parts, pack, request))
  if (!ended) return problem([{ code: 'not-found', message: 'There is no such local place.' }], 404)
  return ended.ok ? json(ended.value) : problem(ended.refusals)
}
