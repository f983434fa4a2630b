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
  return [
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
}
