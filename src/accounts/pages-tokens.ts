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
import { longDate } from '../platform/words.ts'
import type { AccountParts } from './account-parts.ts'
import { grantInWords } from './grant.ts'
import { idOf } from './pages-people.ts'
import { findOrganisation, type OrganisationRow } from './person-store.ts'
import { moments } from './present-person.ts'
import { checkGrantFields, readGrant, roleChoices, scopeChoices } from './read-grant.ts'
import { createToken, listTokens, revokeToken, type TokenRow } from './service-token.ts'

/** The token by which an organisation's program uses the API: made, shown once, and revoked by an administrator. */
export function tokenPages(parts: AccountParts): Route[] {
  const get = { method: 'GET', allow: 'administer', audit: null } as const
  const made = { method: 'POST', allow: 'administer', audit: 'token-made' } as const
  const revoked = { method: 'POST', allow: 'administer', audit: 'token-revoked' } as const
  const [path, api] = ['/organisations/:id/token', '/api/v1/organisations/:id/token']
  const with404 = (show: Show) => (request: RouteRequest) => withOrganisation(parts, request, show)
  return [
    { ...get, path, handle: with404(tokenPage) },
    { ...made, path, handle: with404(makeAtPage) },
    { ...revoked, path: `${path}/revoke`, handle: with404(revokeAtPage) },
    { ...get, path: api, handle: with404(tokenJson) },
    { ...made, path: api, handle: with404(makeByApi) },
    { ...revoked, path: `${api}/revoke`, handle: with404(revokeByApi) },
  ]
}

type Show = (parts: AccountParts, organisation: OrganisationRow, request: RouteRequest) => Promise<Answer>

async function withOrganisation(parts: AccountParts, request: RouteRequest, show: Show): Promise<Answer> {
  const organisation = await findOrganisation(parts.database.db, idOf(request.params.id))
  return organisation ? show(parts, organisation, request) : notFound('There is no organisation of this number.')
}

async function tokenPage(
  parts: AccountParts,
  { id, name }: OrganisationRow,
  { body }: RouteRequest,
  refusals: readonly Refusal[] = [],
): Promise<Answer> {
  const today = parts.clock.today().toString()
  const tokens = await listTokens(parts.database.db, id)
  const model = {
    ...frameOf(id, name),
    tokens: tokens.map((one) => presentToken(one, parts, today)),
    works: tokens.some((one) => isWorking(one, today)),
    action: `/organisations/${id}/token`,
    typed: body,
    roles: roleChoices(
      parts.roles.filter(({ programme }) => programme !== null),
      textOf(body, 'role'),
    ),
    scopes: scopeChoices(textOf(body, 'scope')),
    errors: refusals.map(({ message, field }) => ({ text: message, ...(field && { href: `#${field}` }) })),
    wrong: Object.fromEntries(refusals.map(({ message, field }) => [field ?? '', { text: message }])),
  }
  return page('accounts/token.njk', model, refusals.length > 0 ? 422 : 200)
}

function frameOf(id: number, name: string) {
  return {
    title: `Token of ${name}`,
    section: 'people',
    breadcrumbs: [
      { text: 'People', href: '/people' },
      { text: name, href: `/organisations/${id}/people` },
    ],
  }
}

function isWorking({ revokedAt, lastDay }: TokenRow, today: string): boolean {
  return revokedAt === null && lastDay >= today
}

function presentToken(token: TokenRow, { roles }: AccountParts, today: string) {
  const { name, grant, madeBy, madeAt, lastDay, lastUsedAt, revokedAt, revokedBy } = token
  const over = revokedAt ? `Revoked ${moments.format(revokedAt)} by ${revokedBy}` : `Over since ${longDate(lastDay)}`
  return {
    name,
    works: grantInWords(grant, roles),
    made: `${moments.format(madeAt)} by ${madeBy}`,
    lastDay: longDate(lastDay),
    used: lastUsedAt ? moments.format(lastUsedAt) : 'never',
    state: isWorking(token, today) ? 'Works' : over,
  }
}

function make(parts: AccountParts, organisationId: number, { body, actor }: RouteRequest) {
  const grant = readGrant(body, parts.clock)
  const faults = grant ? checkGrantFields(grant, body, parts.roles) : []
  if (faults.length > 0) return { ok: false as const, refusals: faults }
  return createToken(parts, { organisationId, name: textOf(body, 'name'), grant, by: actor })
}

/** The token is on this page and never again. */
async function makeAtPage(parts: AccountParts, organisation: OrganisationRow, request: RouteRequest): Promise<Answer> {
  const made = await make(parts, organisation.id, request)
  if (!made.ok) return tokenPage(parts, organisation, request, made.refusals)
  return page('accounts/token-made.njk', {
    ...frameOf(organisation.id, organisation.name),
    title: 'The token is ready',
    token: made.value.token,
    back: `/organisations/${organisation.id}/token`,
  })
}

async function revokeAtPage(parts: AccountParts, { id }: OrganisationRow, { actor }: RouteRequest): Promise<Answer> {
  await revokeToken(parts, { organisationId: id, by: actor })
  return redirect(`/organisations/${id}/token`)
}

async function tokenJson({ database }: AccountParts, { id, name }: OrganisationRow): Promise<Answer> {
  return json({ organisation: name, tokens: await listTokens(database.db, id) })
}

async function makeByApi(parts: AccountParts, { id }: OrganisationRow, request: RouteRequest): Promise<Answer> {
  const made = await make(parts, id, request)
  return made.ok ? json(made.value, 201) : problem(made.refusals)
}

async function revokeByApi(parts: AccountParts, { id }: OrganisationRow, { actor }: RouteRequest): Promise<Answer> {
  const revoked = await revokeToken(parts, { organisationId: id, by: actor })
  return revoked.ok ? json({ revoked: revoked.value.id }) : problem(revoked.refusals, 404)
}
