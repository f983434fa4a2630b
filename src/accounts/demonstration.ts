import { sql } from 'kysely'
import type { Actor } from '../platform/actor.ts'
import type { Db } from '../platform/db.ts'
import { runAsMachine } from '../platform/scope.ts'
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
import { groupChoices } from './choices.ts'
import { type Grant, isInForce, powersOf } from './grant.ts'
import type { Role } from './roles.ts'
import { openSession, SESSION_COOKIE } from './session.ts'
import { safeReturn } from './sign-in.ts'

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

/**
 * One of the invented people as who does something in a scene on a day, with the roles that hold on it; null when there is
 * nobody of this id. Not a way to sign in: nothing of it comes from a request.
 */
export async function findInventedActor(
  db: Db,
  { person, today, roles }: { readonly person: string; readonly today: string; readonly roles: readonly Role[] },
): Promise<Actor | null> {
  const { rows } = await sql<Pick<DemonstrationPerson, 'id' | 'name' | 'grants'> & { member_of: number[] }>`
    select p.id, name, ${GRANTS} as grants, array(select organisation_id from organisation_member m
      where m.person_id = p.id and m.left_at is null order by 1) as member_of
    from person p where ${person} = any(demonstration_ids)`.execute(db)
  const [found] = rows
  if (!found) return null
  const powers = powersOf(
    found.grants.filter((grant) => isInForce(grant, today)),
    roles,
  )
  return { personId: found.id, name: found.name, memberOf: found.member_of, door: 'system', requestId: '', ...powers }
}

const GRANTS = sql`coalesce((
  select jsonb_agg(jsonb_build_object('programme', programme, 'role', role, 'scopeKind', scope_kind,
    'scopeValues', scope_values, 'from', from_date, 'to', to_date) order by g.id)
  from role_grant g where g.person_id = p.id), '[]')`

/** Invented people, whom every visitor of a demonstration may choose from. */
async function listDemonstrationPeople({ database }: AccountParts): Promise<DemonstrationPerson[]> {
  const list = sql<DemonstrationPerson>`
    select p.id, demonstration_ids as ids, name, email, ${GRANTS} as grants
    from person p where state <> 'removed' order by p.id`
  const { rows } = await runAsMachine(() => list.execute(database.db))
  return rows
}

async function whoPage(parts: AccountParts, { query }: RouteRequest, wrong = false): Promise<Answer> {
  const today = parts.clock.today().toString()
  const people = (await listDemonstrationPeople(parts)).map((person) => ({ ...person, key: keyOf(person) }))
  const model = {
    title: 'Who do you want to be?',
    today,
    returnTo: safeReturn(query.get('return')),
    groups: groupChoices(people, parts.roles, today),
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
  const activate = sql`update person set state = 'active' where id = ${person.id} and state = 'invited'`
  await runAsMachine(() => activate.execute(parts.database.db))
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
