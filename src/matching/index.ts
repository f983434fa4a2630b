import type { Route } from '../platform/web/route.ts'
import { matchingApi } from './api.ts'
import { createDesk, type MatchingParts } from './desk.ts'
import { workbenchPages } from './pages.ts'
import { scenarioPages } from './pages-scenarios.ts'
import { schoolPages } from './pages-school.ts'

export { type Candidate, readCandidates } from './candidates.ts'
export type { MatchingParts } from './desk.ts'
export { runMatch } from './match-command.ts'
export { matchingChecks } from './matching-checks.ts'
export { scenarioWork } from './scenario-work.ts'

/** Every way into matching: scenarios, the workbench, one school of it, and the API. */
export function matchingRoutes(parts: MatchingParts): Route[] {
  const desk = createDesk(parts)
  return [...scenarioPages(desk), ...workbenchPages(desk), ...schoolPages(desk), ...matchingApi(desk)]
}
