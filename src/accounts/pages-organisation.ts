import type { Refusal } from '../platform/decision.ts'
import { type Answer, notFound, page, type Route, type RouteRequest, redirect, textOf } from '../platform/web/route.ts'
import type { AccountParts } from './account-parts.ts'
import { isAdministrator } from './grant.ts'
import { handOverPage, readSuccessor } from './hand-over-page.ts'
import { idOf, invitedPage } from './pages-people.ts'
import { invite, removeMember, reviewMember } from './people.ts'
import { findOrganisation, listGrants, listMembers, listOrganisationsOf, type OrganisationRow } from './person-store.ts'
import { dueInWords, presentGrants, presentMember, presentSessions } from './present-person.ts'
import { listSessions, revokeSessions, SESSION_COOKIE } from './session.ts'

/** The people of an organisation, for whoever approves them; and everybody's own account. */
export function organisationPages(parts: AccountParts): Route[] {
  const get = { method: 'GET', allow: 'signed-in', audit: null } as const
  const post = { method: 'POST', allow: 'signed-in' } as const
  const people = '/organisations/:id/people'
  return [
    { ...get, path: '/account', handle: (request) => accountPage(parts, request) },
    {
      ...post,
      audit: 'sessions-ended',
      path: '/account/sessions/:id/end',
      handle: (request) => endOwn(parts, request),
    },
    { ...get, path: people, handle: (request) => withOrganisation(parts, request, membersPage) },
    {
      ...post,
      audit: 'person-invited',
      path: people,
      handle: (request) => withOrganisation(parts, request, inviteMember),
    },
    {
      ...post,
      audit: 'person-removed',
      path: `${people}/:person/remove`,
      handle: (request) => withOrganisation(parts, request, remove),
    },
    {
      ...post,
      audit: 'person-reviewed',
      path: `${people}/:person/review`,
      handle: (request) => withOrganisation(parts, request, review),
    },
  ]
}

async function accountPage(parts: AccountParts, { actor, cookies }: RouteRequest): Promise<Answer> {
  const personId = actor.personId ?? 0
  const { db } = parts.database
  const [grants, sessions, organisations] = await Promise.all([
    listGrants(db, personId),
    listSessions(parts, { personId, token: cookies[SESSION_COOKIE] ?? '' }),
    listOrganisationsOf(db, personId),
  ])
  return page('accounts/account.njk', {
    title: 'Your account',
    name: actor.name,
    grants: presentGrants(grants, parts.roles, parts.clock.today().toString()),
    sessions: presentSessions(sessions),
    organisations: await withReviews(parts, organisations),
  })
}

/** For whoever looks after the people of an organisation: whether a review is due there. */
function withReviews(
  { database, clock }: AccountParts,
  organisations: readonly (OrganisationRow & { readonly approver: boolean })[],
) {
  const today = clock.today().toString()
  return Promise.all(
    organisations.map(async ({ id, name, approver }) => {
      const members = approver ? await listMembers(database.db, id) : []
      const due = members.map((member) => presentMember(member, today)).filter((member) => member.due)
      return { id, name, approver, review: due.length > 0 ? dueInWords(due) : '' }
    }),
  )
}

async function endOwn(parts: AccountParts, { actor, params }: RouteRequest): Promise<Answer> {
  const ended = await revokeSessions(parts, { personId: actor.personId ?? 0, id: idOf(params.id), by: actor })
  return ended === 1 ? redirect('/account') : notFound('There is no such session of yours.')
}

type Show = (parts: AccountParts, organisation: OrganisationRow, request: RouteRequest) => Promise<Answer>

/** Somebody who does not approve its people is told the same as if it were not there. */
async function withOrganisation(parts: AccountParts, request: RouteRequest, show: Show): Promise<Answer> {
  const id = idOf(request.params.id)
  const own = await listOrganisationsOf(parts.database.db, request.actor.personId ?? 0)
  const mayLook = isAdministrator(request.actor) || own.some((one) => one.id === id && one.approver)
  const organisation = mayLook ? await findOrganisation(parts.database.db, id) : undefined
  return organisation ? show(parts, organisation, request) : notFound('You look after no organisation of this number.')
}

async function membersPage(
  parts: AccountParts,
  organisation: OrganisationRow,
  { body, actor }: RouteRequest,
  refusals: readonly Refusal[] = [],
): Promise<Answer> {
  const today = parts.clock.today().toString()
  const members = (await listMembers(parts.database.db, organisation.id)).map((one) => presentMember(one, today))
  const model = {
    title: `People of ${organisation.name}`,
    action: `/organisations/${organisation.id}/people`,
    toReview: members.filter(({ due }) => due),
    reviewed: members.filter(({ due }) => !due),
    due: dueInWords(members),
    token: isAdministrator(actor) ? `/organisations/${organisation.id}/token` : null,
    typed: body,
    errors: refusals.map(({ message, field }) => ({ text: message, href: `#${field}` })),
    wrong: Object.fromEntries(refusals.map(({ message, field }) => [field, { text: message }])),
  }
  return page('accounts/members.njk', model, refusals.length > 0 ? 422 : 200)
}

async function inviteMember(
  parts: AccountParts,
  organisation: OrganisationRow,
  request: RouteRequest,
): Promise<Answer> {
  const { actor, body } = request
  const email = textOf(body, 'email')
  const invited = await invite(parts, {
    email,
    name: textOf(body, 'name'),
    organisationId: organisation.id,
    grant: null,
    by: actor,
  })
  if (!invited.ok) return membersPage(parts, organisation, request, invited.refusals)
  return invitedPage(parts, email, invited.value.code, `/organisations/${organisation.id}/people`)
}

async function remove(
  parts: AccountParts,
  { id }: OrganisationRow,
  { actor, params, body }: RouteRequest,
): Promise<Answer> {
  const member = await findMember(parts, id, params.person)
  if (!member) return notFound('There is no such person in this organisation.')
  const asked = { organisationId: id, personId: member.id, successor: readSuccessor(body), by: actor }
  const removed = await removeMember(parts, asked)
  const back = `/organisations/${id}/people`
  if (removed.ok) return redirect(back)
  return handOverPage(
    parts,
    { ...member, keeps: new Set(), action: `${back}/${member.id}/remove`, back },
    { body, refusals: removed.refusals },
  )
}

async function review(parts: AccountParts, { id }: OrganisationRow, { actor, params }: RouteRequest): Promise<Answer> {
  const member = await findMember(parts, id, params.person)
  if (!member) return notFound('There is no such person in this organisation.')
  await reviewMember(parts, { organisationId: id, personId: member.id, by: actor })
  return redirect(`/organisations/${id}/people`)
}

async function findMember({ database }: AccountParts, organisationId: number, person: string | undefined) {
  return (await listMembers(database.db, organisationId)).find((one) => one.id === idOf(person))
}
