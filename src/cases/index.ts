import { asTheMachine } from '../platform/web/as-machine.ts'
import type { Route } from '../platform/web/route.ts'
import { caseApi } from './api.ts'
import type { CaseParts } from './case-parts.ts'
import { casePages } from './pages-case.ts'
import { clearingRoutes, stepPages } from './pages-step.ts'
import { workPages } from './pages-work.ts'
import { workApi } from './work-api.ts'
import { withWork } from './work-facts.ts'
import { casePartPages } from './work-pages.ts'

export type { CaseParts } from './case-parts.ts'
export { tellLateSteps } from './late-steps.ts'
export { runStep } from './run-step.ts'
export { startCase } from './start-case.ts'

/** Every way into cases: pages and the JSON API. */
export function caseRoutes(given: CaseParts): Route[] {
  const parts = withWork(given)
  const routes = [
    ...workPages(parts),
    ...casePages(parts),
    ...stepPages(parts),
    ...clearingRoutes(parts),
    ...caseApi(parts),
    ...workApi(parts),
    ...casePartPages(parts),
  ]
  // One case is the engine's to show: it asks who may see it, or has a step to do in it, before anything else. A step reads and
  // writes what its doer may not see by themselves: a leader's days, who is told, the case of another region.
  return routes.map((route) => (keepsToScope(route) ? route : asTheMachine(route)))
}

/** Lists and their files read only what the person's scope shows. */
function keepsToScope({ path, method }: Route): boolean {
  return method === 'GET' && /^\/(api\/v1\/)?cases(\.csv|\.ods)?$/.test(path)
}
