import type { Route } from '../platform/web/route.ts'
import { caseApi } from './api.ts'
import type { CaseParts } from './case-parts.ts'
import { formApi } from './form-api.ts'

export type { CaseParts } from './case-parts.ts'

/** Every way into cases: pages and the JSON API. */
export function caseRoutes(parts: CaseParts): Route[] {
  return [...caseApi(parts), ...formApi(parts)]
}
