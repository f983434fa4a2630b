import { sql } from 'kysely'
import {
  type Answer,
  json,
  page,
  problem,
  type Route,
  type RouteRequest,
  redirect,
  textOf,
} from '../platform/web/route.ts'
import type { AccountParts } from './account-parts.ts'
import { type Grant, grantInWords, isInForce } from './grant.ts'
import { openSession, SESSION_COOKIE } from './session.ts'
import { safeReturn } from './sign-in.ts'

/** People whom the page names first, before the long list. */
const FIRST = 8

type DemonstrationPerson = { id: number; ids: string[]; name: string; email: string; grants: Grant[] }

/** Choosing who to be: only in a demonstration, whose people are all invented. Elsewhere these addresses do not exist. */
export function demonstrationPages(parts: AccountParts): Route[] {
  if (!parts.demonstration) return []
  const get = { method: 'GET', allow: 'everyone', audit: null } as const
  const post = { method: 'POST', allow: 'everyone', audit: 'signed-in' } as const
  return [
    { ...get, path: '/sign-in', handle: (request) => whoPage(parts, request) },
    { ...post, path: '/sign-in', handle: (request) => signInAtPage(parts, request) },
  ]
}

/** What tests from outside ask of a demonstration (design, section 4): no part of the service, so it stands in no list of routes. */
export function testContract(parts: AccountParts): Route[] {
  if (!parts.demonstration) return []
  const contract = { allow: 'everyone', audit: null } as const
  return [
    { ...contract, method: 'GET', path: '/demo/people', handle: () => peopleJson(parts) },
    { ...contract, method: 'POST', path: '/demo/sign-in', handle: (request) => signInByContract(parts, request) },
  ]
}

async function listDemonstrationPeople({ database }: AccountParts): Promise<DemonstrationPerson[]> {
  const { rows } = await sql<DemonstrationPerson>`
    select p.id, demonstration_ids as ids, name, email, coalesce((
        select jsonb_agg(jsonb_build_object('programme', programme, 'role', role, 'scopeKind', scope_kind,
          'scopeValues', scope_values, 'from', from_date, 'to', to_date) order by g.id)
        from role_grant g where g.person_id = p.id), '[]') as grants
    from person p where state <> 'removed' order by p.id`.execute(database.db)
  return rows
}

async function whoPage(parts: AccountParts, { query }: RouteRequest, wrong = false): Promise<Answer> {
  const today = parts.clock.today().toString()
  const people = (await listDemonstrationPeople(parts)).map((person) => ({
    value: keyOf(person),
    name: person.name,
    does: person.grants.filter((grant) => isInForce(grant, today)).map((grant) => grantInWords(grant, parts.roles)),
  }))
  const model = {
    title: 'Who do you want to be?',
    returnTo: safeReturn(query.get('return')),
    first: people.slice(0, FIRST),
    rest: people.slice(FIRST),
    errors: wrong ? [{ text: 'Choose one of the people', href: '#people' }] : [],
  }
  return page('accounts/who.njk', model, wrong ? 422 : 200)
}

function keyOf({ ids, id }: DemonstrationPerson): string {
  return ids[0] ?? String(id)
}

/** Signs in as one of the people; undefined when there is nobody of this name. */
async function signInAs(parts: AccountParts, request: RouteRequest) {
  const wanted = textOf(request.body, 'person')
  const people = await listDemonstrationPeople(parts)
  const person = people.find((one) => one.ids.includes(wanted) || String(one.id) === wanted)
  if (!person) return undefined
  await sql`update person set state = 'active' where id = ${person.id} and state = 'invited'`.execute(parts.database.db)
  const token = await openSession(parts, { personId: person.id, browser: request.browser, through: request.actor })
  return { person, cookies: [{ name: SESSION_COOKIE, value: token }] }
}

async function signInAtPage(parts: AccountParts, request: RouteRequest): Promise<Answer> {
  const signedIn = await signInAs(parts, request)
  if (!signedIn) return whoPage(parts, request, true)
  return redirect(safeReturn(textOf(request.body, 'return')), signedIn.cookies)
}

async function signInByContract(parts: AccountParts, request: RouteRequest): Promise<Answer> {
  const signedIn = await signInAs(parts, request)
  if (!signedIn) return problem([{ code: 'demo.person', field: 'person', message: 'There is nobody of this id' }], 404)
  const { person, cookies } = signedIn
  return json({ person: keyOf(person), name: person.name }, 200, cookies)
}

async function peopleJson(parts: AccountParts): Promise<Answer> {
  const people = await listDemonstrationPeople(parts)
  return json(
    people.map(({ ids, id, name, email, grants }) => ({
      id: ids[0] ?? String(id),
      also: ids.slice(1),
      name,
      email,
      grants,
    })),
  )
}
