import { described } from '../platform/web/api-description.ts'
import { asTheMachine } from '../platform/web/as-machine.ts'
import type { Route } from '../platform/web/route.ts'
import { aboutPages } from './about-pages.ts'
import { REGISTER_API } from './api-description.ts'
import { authorityPages } from './authority-pages.ts'
import { correctionPages } from './corrections/correction-pages.ts'
import type { CorrectionParts } from './corrections/make-correction.ts'
import { changesPages } from './events/changes-pages.ts'
import { nightPages } from './nightly/night-pages.ts'
import { schoolListPages } from './school-list-pages.ts'
import { schoolPages } from './school-pages.ts'
import { searchPages } from './search-pages.ts'
import { takeInPages } from './take-in-pages.ts'
import { trustPages } from './trust-pages.ts'

/** Every way into the register. */
export function registerRoutes(parts: CorrectionParts): Route[] {
  const { database } = parts
  return described(
    [
      ...aboutPages(database),
      ...takeInPages(parts),
      ...nightPages(parts).map(asTheMachine),
      ...changesPages(parts),
      ...searchPages(database),
      ...schoolListPages(database),
      ...schoolPages(parts),
      ...correctionPages(parts),
      ...trustPages(database),
      ...authorityPages(database),
    ],
    REGISTER_API,
  )
}
