import type { Route } from '../platform/web/route.ts'
import { caseApi } from './api.ts'
import type { CaseParts } from './case-parts.ts'
import { workApi } from './work-api.ts'
import { withWork } from './work-facts.ts'
import { workPages } from './work-pages.ts'

export type { CaseParts } from './case-parts.ts'
export { recordExtension, type WorkTotals, workTotals } from './work-facts.ts'

/** Every way into cases: pages and the JSON API. */
export function caseRoutes(parts: CaseParts): Route[] {
  const whole = withWork(parts)
  return [...caseApi(whole), ...workApi(whole), ...workPages(whole)]
}
