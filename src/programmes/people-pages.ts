import type { Actor } from '../platform/actor.ts'
import { described } from '../platform/web/api-description.ts'
import {
  type Answer,
  json,
  notFound,
  page,
  problem,
  type Route,
  type RouteRequest,
  wholeNumber,
} from '../platform/web/route.ts'
import { findSchool, presentSchoolFrame } from '../register/index.ts'
import { PLACE_PEOPLE_API } from './api-description.ts'
import { type Pack, packRef } from './pack-schema.ts'
import {
  findPeopledSchool,
  findPeopledTrust,
  listContacts,
  listRegionPeople,
  maySeePeople,
  missingInWords,
  type PeopledPlace,
} from './place-people.ts'
import type { ValueParts } from './value-pages.ts'

/** Who is written to at a school or trust, its authority and diocese, and who looks after its region. */
export function placePeopleRoutes(parts: ValueParts): Route[] {
  const read = { method: 'GET', allow: 'signed-in', audit: null } as const
  return described(
    [
      { ...read, path: '/schools/:urn/people', handle: (request) => schoolPage(parts, request) },
      { ...read, path: '/trusts/:uid/people', handle: (request) => trustPage(parts, request) },
      { ...read, path: '/api/v1/schools/:urn/people', handle: (request) => peopleJson(parts, request) },
      { ...read, path: '/api/v1/trusts/:uid/people', handle: (request) => peopleJson(parts, request) },
    ],
    PLACE_PEOPLE_API,
  )
}

type Found = { readonly peopled: PeopledPlace; readonly programmes: readonly ProgrammePeople[] }
type ProgrammePeople = Awaited<ReturnType<typeof readProgramme>>

async function readProgramme({ database: { db }, clock }: ValueParts, pack: Pack, { bodies, place }: PeopledPlace) {
  const on = clock.today().toString()
  const region = place.region ?? null
  return {
    ref: packRef(pack),
    title: pack.title,
    contacts: await listContacts(db, { pack, bodies, on }),
    region: region ? await listRegionPeople(db, { pack, region, on }) : [],
  }
}

async function read(parts: ValueParts, { params, actor }: RouteRequest): Promise<Found | 'unknown' | 'forbidden'> {
  const { db } = parts.database
  const { urn, uid = '' } = params
  const peopled = urn ? await findPeopledSchool(db, wholeNumber(urn)) : await findPeopledTrust(db, uid)
  if (!peopled) return 'unknown'
  if (!maySeePeople(parts.packs, actor, peopled.place)) return 'forbidden'
  const programmes = await Promise.all(latestOf(parts.packs).map((pack) => readProgramme(parts, pack, peopled)))
  return { peopled, programmes }
}

/** One edition of each programme: editions share their grants. */
function latestOf(packs: readonly Pack[]): Pack[] {
  const latest = new Map<string, Pack>()
  for (const pack of packs) {
    const held = latest.get(pack.programme)
    if (!held || held['academic-year'].from < pack['academic-year'].from) latest.set(pack.programme, pack)
  }
  return [...latest.values()]
}

function present({ programmes }: Found, actor: Actor) {
  return {
    mayChange: actor.capabilities.has('administer'),
    programmes: programmes.map(({ title, contacts, region }) => ({
      title,
      warnings: contacts.filter(({ missing }) => missing).map(missingInWords),
      contacts: contacts.map(({ title: role, name, holders, missing, office }) => ({
        role,
        name,
        holders: holders.map((one) => ({ name: one.name, email: one.email })),
        missing,
        office,
      })),
      region: region.map(({ title: role, holders }) => ({
        role,
        holders: holders.map((one) => ({ name: one.name, email: one.email })),
      })),
    })),
  }
}

const FORBIDDEN = page(
  'platform/web/message.njk',
  {
    title: 'You may not see or do this',
    lines: ['The people of a school or trust are shown to those who work with it. An administrator grants roles.'],
  },
  403,
)

async function schoolPage(parts: ValueParts, request: RouteRequest): Promise<Answer> {
  const found = await read(parts, request)
  const school = await findSchool(parts.database.db, wholeNumber(request.params['urn']))
  if (found === 'unknown' || !school) return notFound('The register holds no school of this URN.')
  if (found === 'forbidden') return FORBIDDEN
  return page('programmes/school-people.njk', {
    ...presentSchoolFrame(school, 'people', request.actor),
    ...present(found, request.actor),
  })
}

async function trustPage(parts: ValueParts, request: RouteRequest): Promise<Answer> {
  const found = await read(parts, request)
  if (found === 'unknown') return notFound('The register holds no trust or group of this UID.')
  if (found === 'forbidden') return FORBIDDEN
  const { name } = found.peopled
  const uid = request.params['uid'] ?? ''
  return page('programmes/trust-people.njk', {
    title: `${name}: people`,
    heading: name,
    caption: `Trust · UID ${uid}`,
    section: 'schools',
    breadcrumbs: [
      { text: 'Trusts and groups', href: '/trusts' },
      { text: name, href: `/trusts/${encodeURIComponent(uid)}` },
    ],
    ...present(found, request.actor),
  })
}

async function peopleJson(parts: ValueParts, request: RouteRequest): Promise<Answer> {
  const found = await read(parts, request)
  if (found === 'unknown')
    return problem([{ code: 'not-found', message: 'The register holds no such school or trust.' }], 404)
  if (found === 'forbidden')
    return problem([{ code: 'not-allowed', message: 'You do not have permission for this.' }], 403)
  return json({ name: found.peopled.name, programmes: found.programmes })
}
