/** What a person may do, whatever the programme calls the role that lets them: the closed set that packs choose from. */
export const CAPABILITIES = [
  'see-eligibility',
  'record-eligibility',
  'see-standings',
  'see-leaders',
  'edit-leaders',
  'match',
  'confirm-match',
  'see-cases',
  'start-case',
  'see-messages',
  'send-messages',
  'see-money',
  'prepare-payments',
  'pay',
  'edit-terms',
  'give-feedback',
  'administer',
  'audit',
] as const

export type Capability = (typeof CAPABILITIES)[number]

/**
 * Whose records somebody sees: all of them, or those of any part named here. Regions by name, authorities by code,
 * organisations by their key in the register, establishments by URN, leaders by reference.
 */
export type Scope = {
  readonly everything: boolean
  readonly regions: readonly string[]
  readonly authorities: readonly string[]
  readonly organisations: readonly string[]
  readonly establishments: readonly number[]
  readonly leaders: readonly string[]
}

/** One role that somebody holds today: what it lets them do, and for which part of the records. */
export type Hat = {
  readonly programme: string | null
  readonly role: string
  readonly title: string
  readonly capabilities: readonly Capability[]
  readonly scope: Scope
  readonly scopeKind: 'national' | 'region' | 'authority' | 'organisation' | 'establishment' | 'leader' | 'named'
  readonly scopeValues: readonly string[]
}

/** Where a record belongs, as far as it belongs anywhere: what a scope is compared with. Trusts and dioceses by their keys. */
export type Place = {
  readonly region?: string | null
  readonly authority?: string | null
  readonly trust?: string | null
  readonly diocese?: string | null
  readonly urn?: number | null
  readonly leader?: string | null
}

/** A session that a link for one person opened: it reaches this record (its address) and nothing else of the service. */
export type Confinement = { readonly link: number; readonly href: string }

/** Who acts, through which door, and what they may. `personId` is null for the service itself and the command line. */
export type Actor = {
  readonly personId: number | null
  readonly name: string
  readonly door: 'page' | 'API' | 'command line' | 'file' | 'system'
  readonly capabilities: ReadonlySet<Capability>
  readonly scope: Scope
  /** The roles behind the capabilities; none for the machine itself. */
  readonly hats: readonly Hat[]
  /** Numbers of the organisations that the person is in. */
  readonly memberOf?: readonly number[]
  /** The same for everything one request did, in the log and on error pages. */
  readonly requestId: string
  /** The title of the role in which this is done, where it is done in one: the audit keeps it. */
  readonly acting?: string
  /** After how many seconds without a page the session ends; absent without one. */
  readonly sessionSeconds?: number
  /** The one record that the session reaches, where it was opened by a link; absent for everybody else. */
  readonly confinedTo?: Confinement
}

export const NO_SCOPE: Scope = {
  everything: false,
  regions: [],
  authorities: [],
  organisations: [],
  establishments: [],
  leaders: [],
}

/** Somebody at the machine itself, or the service on its own account: may do everything. Never made from a request. */
export function machineActor(name: string, door: 'command line' | 'file' | 'system'): Actor {
  const scope = { ...NO_SCOPE, everything: true }
  return { personId: null, name, door, capabilities: new Set(CAPABILITIES), scope, hats: [], requestId: '' }
}

/** Whether a place lies in a scope: by any one of its parts. */
export function covers(scope: Scope, place: Place): boolean {
  const { region, authority, trust, diocese, urn, leader } = place
  return (
    scope.everything ||
    isAmong(scope.regions, region) ||
    isAmong(scope.authorities, authority) ||
    isAmong(scope.organisations, trust) ||
    isAmong(scope.organisations, diocese) ||
    isAmong(scope.establishments, urn) ||
    isAmong(scope.leaders, leader)
  )
}

function isAmong<T>(values: readonly T[], value: T | null | undefined): boolean {
  return value !== null && value !== undefined && values.includes(value)
}

/** The first hat of a person that gives a capability, for a place where one is given. */
export function hatWith({ hats = [] }: Pick<Actor, 'hats'>, capability: string, place?: Place): Hat | undefined {
  return hats.find(
    (hat) => hat.capabilities.some((one) => one === capability) && (place === undefined || covers(hat.scope, place)),
  )
}

/** The same person, acting in a role: entries of the audit name it. Without a hat, as before. */
export function wearing<A extends Actor>(actor: A, hat: Pick<Hat, 'title'> | undefined): A {
  return hat ? { ...actor, acting: hat.title } : actor
}

/** Somebody at the machine itself or the service on its own account. A token of an organisation has no person either. */
export function isMachine({ personId, door }: Pick<Actor, 'personId' | 'door'>): boolean {
  return personId === null && (door === 'system' || door === 'command line' || door === 'file')
}

/** The actor as the audit keeps one: somebody who is not signed in has no name. */
export function namedActor(actor: Actor): Actor {
  return actor.name ? actor : { ...actor, name: 'A visitor' }
}
