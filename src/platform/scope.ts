import { AsyncLocalStorage } from 'node:async_hooks'
import type { Actor } from './actor.ts'

/** The role of the database that every request runs as; made by the migrations. It owns nothing and passes no policy by. */
export const SERVICE_ROLE = 'alongside_service'

/** How a connection stands: as which role (`none` is the one that it logged in as), and what it may see, as JSON. */
export type Stand = { readonly role: string; readonly scope: string }

/** Sees no row of a protected table: what every connection is outside `runInScope` and `runAsMachine`. */
export const NOBODY: Stand = { role: SERVICE_ROLE, scope: '' }

/** The service on its own account and the command line. Also an owner who is not above policies passes them with this. */
export const MACHINE: Stand = {
  role: 'none',
  scope: JSON.stringify({ machine: true, everything: true, may: ['administer', 'audit'] }),
}

const inForce = new AsyncLocalStorage<Stand>()

type ScopedActor = Pick<Actor, 'personId' | 'memberOf' | 'capabilities' | 'scope' | 'hats'>

/** Does the work of a request: every query in it, however deep, reaches the rows of this actor's scope and no others. */
export function runInScope<T>(actor: ScopedActor, work: () => T): T {
  return inForce.run({ role: SERVICE_ROLE, scope: scopeOf(actor) }, work)
}

/**
 * Does work that is nobody's own: starting, the night, the command line, signing in, and what is kept for everybody. Within a
 * request only where the answer shows nothing of what is read, or shows it to everybody.
 */
export function runAsMachine<T>(work: () => T): T {
  return inForce.run(MACHINE, work)
}

export function scopeInForce(): Stand | undefined {
  return inForce.getStore()
}

/** The setting that the functions `alongside_…` of the database read. A visitor has none: sees nothing. A token has no person. */
function scopeOf({ personId, memberOf = [], capabilities, scope, hats }: ScopedActor): string {
  if (personId === null && hats.length === 0 && !scope.everything) return NOBODY.scope
  // Whose cases an authority's people see is said by programme: a role in one opens nothing of another.
  const authorityCases = hats
    .filter((hat) => hat.scopeKind === 'authority' && hat.capabilities.includes('see-cases'))
    .flatMap((hat) => hat.scopeValues.map((code) => `${hat.programme}/${code}`))
  const may = [...capabilities].sort()
  return JSON.stringify({
    ...scope,
    person: personId,
    memberOf,
    may,
    ...(authorityCases.length > 0 && { authorityCases }),
  })
}
