import type { Clock } from '../platform/clock.ts'
import type { Database } from '../platform/db.ts'
import { described } from '../platform/web/api-description.ts'
import type { Route } from '../platform/web/route.ts'
import { aboutPages } from './about-pages.ts'
import { REGISTER_API } from './api-description.ts'
import { authorityPages } from './authority-pages.ts'
import { schoolListPages } from './school-list-pages.ts'
import { schoolPages } from './school-pages.ts'
import { searchPages } from './search-pages.ts'
import { takeInPages } from './take-in-pages.ts'
import { trustPages } from './trust-pages.ts'

/** Every way into the register. */
export function registerRoutes(parts: { readonly database: Database; readonly clock: Clock }): Route[] {
  const { database } = parts
  return described(
    [
      ...aboutPages(database),
      ...takeInPages(database),
      ...searchPages(database),
      ...schoolListPages(database),
      ...schoolPages(parts),
      ...trustPages(database),
      ...authorityPages(database),
    ],
    REGISTER_API,
  )
}
