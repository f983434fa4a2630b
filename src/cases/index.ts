import { runAsMachine } from '../platform/scope.ts'
import type { Route } from '../platform/web/route.ts'
import { caseApi } from './api.ts'
import type { CaseParts } from './case-parts.ts'
import { formApi } from './form-api.ts'
import { formPages } from './form-pages.ts'
import { formSectionPages } from './form-section-pages.ts'
import { formSignPages } from './form-sign-pages.ts'
import { casePages } from './pages-case.ts'
import { clearingRoutes, stepPages } from './pages-step.ts'
import { workPages } from './pages-work.ts'

export type { CaseParts } from './case-parts.ts'
export { tellLateSteps } from './late-steps.ts'
export { runStep, type StepAsk } from './run-step.ts'
export { startCase } from './start-case.ts'

/** Every way into cases: pages and the JSON API. */
export function caseRoutes(parts: CaseParts): Route[] {
  const routes = [
    ...workPages(parts),
    ...casePages(parts),
    ...stepPages(parts),
    ...clearingRoutes(parts),
    ...caseApi(parts),
    ...formPages(parts),
    ...formSectionPages(parts),
    ...formSignPages(parts),
    ...formApi(parts),
  ]
  return routes.map((route) => (keepsToScope(route) ? route : asTheEngine(route)))
}

/** Lists and their files read only what the person's scope shows. */
function keepsToScope({ path, method }: Route): boolean {
  return method === 'GET' && /^\/(api\/v1\/)?cases(\.csv|\.ods)?$/.test(path)
}

/**
 * One case is the engine's to show: it asks who may see it, or has a step to do in it, before anything else (`findSeenCase`). A
 * step reads and writes what its doer may not see by themselves: a leader's days, who is told, the case of another region.
 */
function asTheEngine(route: Route): Route {
  return { ...route, handle: (request) => runAsMachine(() => route.handle(request)) }
}
