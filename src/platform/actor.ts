/** What a person may do, whatever the programme calls the role that lets them: the closed set that packs choose from. */
export const CAPABILITIES = [
  'see-eligibility',
  'record-eligibility',
  'see-leaders',
  'edit-leaders',
  'match',
  'confirm-match',
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

/** Who acts, through which door, and what they may. `personId` is null for the service itself and the command line. */
export type Actor = {
  readonly personId: number | null
  readonly name: string
  readonly door: 'page' | 'API' | 'command line' | 'file' | 'system'
  readonly capabilities: ReadonlySet<Capability>
  readonly scope: Scope
  /** The same for everything one request did, in the log and on error pages. */
  readonly requestId: string
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
  return { personId: null, name, door, capabilities: new Set(CAPABILITIES), scope, requestId: '' }
}
