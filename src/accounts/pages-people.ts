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
} from '../platform/web/route.ts'
import type { AccountParts } from './account-parts.ts'
import { grantInWords } from './grant.ts'
import { handOverPage, readSuccessor } from './hand-over-page.ts'
import { endGrant, grantRole, invite, keepsWithout, removePerson } from './people.ts'
import {
  findPerson,
  listGrants,
  listOrganisations,
  listOrganisationsOf,
  listPeople,
  type PersonRow,
} from './person-store.ts'
import { presentGrants, presentSessions, stateInWords } from './present-person.ts'
import { checkGrantFields, readGrant, roleChoices, scopeChoices } from './read-grant.ts'
import { listSessions, revokeSessions } from './session.ts'

/** The administrator's list of people, one person with grants and sessions, and the invitation. */
export function peoplePages(parts: AccountParts): Route[] {
  const get = { method: 'GET', allow: 'administer', audit: null } as const
  const post = { method: 'POST', allow: 'administer' } as const
  const person = '/people/:id'
  return [
    { ...get, path: '/people', handle: () => listPage(parts) },
    { ...get, path: '/api/v1/people', handle: async () => json(await listPeople(parts.database.db)) },
    { ...get, path: '/people/invite', handle: (request) => inviteForm(parts, request) },
    { ...post, audit: 'person-invited', path: '/people/invite', handle: (request) => invitePerson(parts, request) },
    { ...post, audit: 'person-invited', path: '/api/v1/people', handle: (request) => inviteByApi(parts, request) },
    { ...get, path: person, handle: (request) => withPerson(parts, request, personPage) },
    {
      ...post,
      audit: 'role-granted',
      path: `${person}/grants`,
      handle: (request) => withPerson(parts, request, grant),
    },
    {
      ...post,
      audit: 'grant-ended',
      path: `${person}/grants/:grant/end`,
      handle: (request) => withPerson(parts, request, end),
    },
    {
      ...post,
      audit: 'sessions-ended',
      path: `${person}/sessions/end`,
      handle: (request) => withPerson(parts, request, signOff),
    },
    {
      ...post,
      audit: 'person-removed',
      path: `${person}/remove`,
      handle: (request) => withPerson(parts, request, remove),
    },
  ]
}

async function listPage({ database }: AccountParts): Promise<Answer> {
  const [people, organisations] = await Promise.all([listPeople(database.db), listOrganisations(database.db)])
  return page('accounts/people.njk', {
    title: 'People',
    section: 'people',
    people: people.map((one) => ({ ...one, state: stateInWords(one.state) })),
    organisations,
  })
}

async function inviteForm(
  parts: AccountParts,
  { body }: RouteRequest,
  refusals: readonly Refusal[] = [],
): Promise<Answer> {
  const organisations = await listOrganisations(parts.database.db)
  const model = {
    title: 'Invite a person',
    section: 'people',
    breadcrumbs: [{ text: 'People', href: '/people' }, { text: 'Invite' }],
    ...presentRefusals(refusals),
    typed: body,
    organisations: [
      { value: '', text: 'No organisation' },
      ...organisations.map(({ id, name }) => ({
        value: id,
        text: name,
        selected: String(id) === textOf(body, 'organisation'),
      })),
    ],
    ...grantChoices(parts, body),
  }
  return page('accounts/invite.njk', model, refusals.length > 0 ? 422 : 200)
}

function grantChoices({ roles }: AccountParts, body: RouteRequest['body']) {
  return { roles: roleChoices(roles, textOf(body, 'role')), scopes: scopeChoices(textOf(body, 'scope')) }
}

function presentRefusals(refusals: readonly Refusal[]) {
  return {
    errors: refusals.map(({ message, field }) => ({ text: message, ...(field && { href: `#${field}` }) })),
    wrong: Object.fromEntries(refusals.flatMap(({ message, field }) => (field ? [[field, { text: message }]] : []))),
  }
}

async function inviteAsAsked(parts: AccountParts, { actor, body }: RouteRequest) {
  const grant = readGrant(body, parts.clock)
  const faults = grant ? checkGrantFields(grant, body, parts.roles) : []
  if (faults.length > 0) return { ok: false as const, refusals: faults }
  const organisationId = idOf(textOf(body, 'organisation')) || null
  const { name, email } = { name: textOf(body, 'name'), email: textOf(body, 'email') }
  return invite(parts, { name, email, organisationId, grant, by: actor })
}

async function invitePerson(parts: AccountParts, request: RouteRequest): Promise<Answer> {
  const invited = await inviteAsAsked(parts, request)
  if (!invited.ok) return inviteForm(parts, request, invited.refusals)
  return invitedPage(parts, textOf(request.body, 'email'), invited.value.code, '/people')
}

/** The address to pass on is shown once: only its digest is kept. */
export function invitedPage(parts: AccountParts, email: string, code: string, back: string): Answer {
  return page('accounts/invited.njk', {
    title: 'The invitation is ready',
    email,
    address: parts.demonstration ? null : `/invitations/${code}`,
    back,
  })
}

async function inviteByApi(parts: AccountParts, request: RouteRequest): Promise<Answer> {
  const invited = await inviteAsAsked(parts, request)
  if (!invited.ok) return problem(invited.refusals)
  const { personId, code } = invited.value
  // Where people are chosen and do not sign in, there is no address to send on.
  const isSent = parts.provider !== undefined && !parts.demonstration
  const granted = readGrant(request.body, parts.clock)
  return json(
    {
      person: personId,
      invitation: isSent ? `/invitations/${code}` : null,
      role: granted && grantInWords(granted, parts.roles),
    },
    201,
  )
}

type Show = (parts: AccountParts, person: PersonRow, request: RouteRequest) => Promise<Answer>

async function withPerson(parts: AccountParts, request: RouteRequest, show: Show): Promise<Answer> {
  const id = idOf(request.params.id)
  const person = await findPerson(parts.database.db, id)
  return person ? show(parts, person, request) : notFound('There is no person with this number.')
}

/** A number of an address; 0, which nobody has, for anything else. */
export function idOf(text: string | undefined): number {
  return /^\d{1,9}$/.test(text ?? '') ? Number(text) : 0
}

async function personPage(
  parts: AccountParts,
  person: PersonRow,
  { body }: RouteRequest,
  refusals: readonly Refusal[] = [],
): Promise<Answer> {
  const { db } = parts.database
  const [grants, sessions, organisations] = await Promise.all([
    listGrants(db, person.id),
    listSessions(parts, { personId: person.id }),
    listOrganisationsOf(db, person.id),
  ])
  const model = {
    title: person.name,
    section: 'people',
    breadcrumbs: [{ text: 'People', href: '/people' }, { text: person.name }],
    ...presentRefusals(refusals),
    person: { ...person, words: stateInWords(person.state) },
    grants: presentGrants(grants, parts.roles, parts.clock.today().toString()),
    sessions: presentSessions(sessions),
    organisations,
    typed: body,
    ...grantChoices(parts, body),
  }
  return page('accounts/person.njk', model, refusals.length > 0 ? 422 : 200)
}

async function grant(parts: AccountParts, person: PersonRow, request: RouteRequest): Promise<Answer> {
  const asked = readGrant(request.body, parts.clock)
  if (!asked)
    return personPage(parts, person, request, [{ code: 'grant.role', field: 'role', message: 'Choose a role' }])
  const faults = checkGrantFields(asked, request.body, parts.roles)
  if (faults.length > 0) return personPage(parts, person, request, faults)
  const granted = await grantRole(parts, { personId: person.id, grant: asked, by: request.actor })
  return granted.ok ? redirect(`/people/${person.id}`) : personPage(parts, person, request, granted.refusals)
}

/** Ends with yesterday, so that it no longer counts from this moment on. */
async function end(parts: AccountParts, person: PersonRow, { actor, params, body }: RouteRequest): Promise<Answer> {
  const on = parts.clock.today().subtract({ days: 1 }).toString()
  const id = idOf(params.grant)
  const ended = await endGrant(parts, { personId: person.id, id, on, successor: readSuccessor(body), by: actor })
  if (ended.ok) return redirect(`/people/${person.id}`)
  if (ended.refusals.some(({ code }) => code === 'grant.none'))
    return notFound('There is no such grant, or it has ended.')
  const keeps = await keepsWithout(parts.database.db, parts, { personId: person.id, id })
  const [action, back] = [`/people/${person.id}/grants/${id}/end`, `/people/${person.id}`]
  return handOverPage(parts, { ...person, keeps, action, back }, { body, refusals: ended.refusals })
}

async function signOff(parts: AccountParts, person: PersonRow, { actor }: RouteRequest): Promise<Answer> {
  await revokeSessions(parts, { personId: person.id, by: actor })
  return redirect(`/people/${person.id}`)
}

async function remove(parts: AccountParts, person: PersonRow, { actor, body }: RouteRequest): Promise<Answer> {
  const removed = await removePerson(parts, { personId: person.id, successor: readSuccessor(body), by: actor })
  const back = `/people/${person.id}`
  if (removed.ok) return redirect(back)
  return handOverPage(
    parts,
    { ...person, keeps: new Set(), action: `${back}/remove`, back },
    { body, refusals: removed.refusals },
  )
}
