import { asTheMachine } from '../platform/web/as-machine.ts'
import type { Route } from '../platform/web/route.ts'
import { standingApi } from './api.ts'
import type { StandingParts } from './follow-standings.ts'
import { standingPages } from './pages.ts'

export { followStandings, type StandingParts } from './follow-standings.ts'
export { type Held, isWhile, listHeld } from './hold-standing.ts'
export { standingJson } from './present-standing.ts'
export { setStanding } from './set-standing.ts'
export { findRunStanding } from './standing-of-pack.ts'
export { listSchoolStandings } from './standing-view.ts'

/** Every way into standings: each asks itself whose school it is before it shows anything. */
export function standingRoutes(parts: StandingParts): Route[] {
  return [...standingPages(parts), ...standingApi(parts)].map(asTheMachine)
}
