import { type Actor, type Capability, type Hat, NO_SCOPE, type Scope } from '../platform/actor.ts'
import { type Decision, type Refusal, refuse } from '../platform/decision.ts'
import { REGIONS } from '../platform/regions.ts'
import { capabilitiesOf, findRole, likelyRoles, type Role, roleKey } from './roles.ts'

export const SCOPE_KINDS = [
  'national',
  'region',
  'authority',
  'organisation',
  'establishment',
  'leader',
  'named',
] as const
export type ScopeKind = (typeof SCOPE_KINDS)[number]

/** What a person holds. Days are ISO dates and both count; `to` null has no end. `national` has no values, the others some. */
export type Grant = {
  readonly programme: string | null
  readonly role: string
  readonly scopeKind: ScopeKind
  readonly scopeValues: readonly string[]
  readonly from: string
  readonly to: string | null
}

export function isInForce(grant: Pick<Grant, 'from' | 'to'>, on: string): boolean {
  return grant.from <= on && (grant.to === null || grant.to >= on)
}

/** Several hats are worn together: what any of them may, for all that any of them sees. */
export function powersOf(
  grants: readonly Grant[],
  roles: readonly Role[],
): { readonly capabilities: ReadonlySet<Capability>; readonly scope: Scope; readonly hats: readonly Hat[] } {
  const capabilities = new Set(grants.flatMap(({ programme, role }) => capabilitiesOf(roles, programme, role)))
  const hats = grants.map(
    (grant): Hat => ({
      programme: grant.programme,
      role: grant.role,
      title: findRole(roles, grant.programme, grant.role)?.title ?? grant.role,
      capabilities: capabilitiesOf(roles, grant.programme, grant.role),
      scope: scopeOf([grant]),
      scopeKind: grant.scopeKind,
      scopeValues: grant.scopeValues,
    }),
  )
  return { capabilities, scope: scopeOf(grants), hats }
}

function scopeOf(grants: readonly Grant[]): Scope {
  const valuesOf = (kind: ScopeKind) => [
    ...new Set(grants.filter((grant) => grant.scopeKind === kind).flatMap((grant) => grant.scopeValues)),
  ]
  return {
    ...NO_SCOPE,
    everything: grants.some((grant) => grant.scopeKind === 'national'),
    regions: valuesOf('region'),
    authorities: valuesOf('authority'),
    organisations: valuesOf('organisation'),
    establishments: valuesOf('establishment').map(Number),
    leaders: valuesOf('leader'),
  }
}

/**
 * Whether a grant may be made beside those that others hold. A role with one holder at a time refuses a second person for
 * the same place on any day (TSI-066); the same person may have it for several places. Two roles that a pack keeps apart are
 * never one person's on any day, wherever: `own` is what the person holds already.
 */
export function decideGrant(
  asked: Grant,
  { roles, others, own = [] }: { roles: readonly Role[]; others: readonly Grant[]; own?: readonly Grant[] },
): Decision<Grant> {
  const role = findRole(roles, asked.programme, asked.role)
  if (!role) return refuse(unknownRole(asked, roles))
  if (asked.to !== null && asked.to < asked.from)
    return refuse({ code: 'grant.dates', field: 'to', message: 'The last day must not be before the first' })
  if (asked.scopeKind !== 'national' && asked.scopeValues.length === 0)
    return refuse({ code: 'grant.scope', field: 'scope', message: 'Say for which part of the records' })
  const unknown = asked.scopeKind === 'region' ? asked.scopeValues.filter((one) => !isRegion(one)) : []
  if (unknown.length > 0)
    return refuse({
      code: 'grant.region',
      field: 'values',
      message: `No region is called ${unknown.join(' or ')}; they are ${new Intl.ListFormat('en-GB').format(REGIONS)}`,
    })
  const rival = role.single && others.find((other) => isSamePlace(asked, other) && daysMeet(asked, other))
  if (rival)
    return refuse({
      code: 'grant.held',
      field: 'scope',
      message: `Only one person at a time is ${role.title} for ${placeOf(asked)}, and somebody is already`,
    })
  const against = own.find((held) => areKeptApart(asked, held, roles) && daysMeet(asked, held))
  if (against)
    return refuse({
      code: 'grant.conflict',
      field: 'role',
      message: `${role.title} may not be the same person as ${titleOf(against, roles)}, which this person is on some of these days`,
    })
  return { ok: true, value: asked }
}

function unknownRole({ programme, role }: Grant, roles: readonly Role[]): Refusal {
  const named = programme === null ? role : roleKey({ programme, id: role })
  const keys = new Intl.ListFormat('en-GB', { type: 'disjunction' }).format(likelyRoles(roles, programme, role))
  return {
    code: 'grant.role',
    field: 'role',
    message: `There is no role “${named}” of a loaded programme. Name it as programme/role: ${keys}`,
  }
}

function isRegion(name: string): boolean {
  return REGIONS.some((one) => one === name)
}

/** Whether either role names the other, in any edition of their programme. */
function areKeptApart(one: Grant, other: Grant, roles: readonly Role[]): boolean {
  if (one.programme !== other.programme) return false
  const names = (from: Grant, to: Grant) =>
    roles.some(
      ({ programme, id, conflictsWith = [] }) =>
        programme === from.programme && id === from.role && conflictsWith.includes(to.role),
    )
  return names(one, other) || names(other, one)
}

function titleOf({ programme, role }: Grant, roles: readonly Role[]): string {
  return findRole(roles, programme, role)?.title ?? role
}

function isSamePlace(one: Grant, other: Grant): boolean {
  if (one.programme !== other.programme || one.role !== other.role || one.scopeKind !== other.scopeKind) return false
  return one.scopeKind === 'national' || one.scopeValues.some((value) => other.scopeValues.includes(value))
}

function daysMeet(one: Grant, other: Grant): boolean {
  return (other.to === null || one.from <= other.to) && (one.to === null || other.from <= one.to)
}

const KIND_IN_WORDS: Readonly<Record<ScopeKind, string>> = {
  national: 'all of England',
  region: '',
  authority: 'the authority ',
  organisation: 'the organisation ',
  establishment: 'the school ',
  leader: 'the leader ',
  named: '',
}

/** "all of England", "London and South East", "the school 900001". */
export function placeOf({ scopeKind, scopeValues }: Pick<Grant, 'scopeKind' | 'scopeValues'>): string {
  return KIND_IN_WORDS[scopeKind] + new Intl.ListFormat('en-GB').format(scopeValues)
}

/** One line for a person's page: the role, its programme and for which part. */
export function grantInWords(grant: Grant, roles: readonly Role[]): string {
  const role = findRole(roles, grant.programme, grant.role)
  const title = role?.title ?? `${grant.role} (${grant.programme ?? 'the service'}, which is not loaded)`
  return `${title} for ${placeOf(grant)}`
}

export function isAdministrator({ capabilities }: Pick<Actor, 'capabilities'>): boolean {
  return capabilities.has('administer')
}
