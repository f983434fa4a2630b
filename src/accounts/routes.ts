import { described } from '../platform/web/api-description.ts'
import { asTheMachine } from '../platform/web/as-machine.ts'
import type { Route } from '../platform/web/route.ts'
import type { AccountParts } from './account-parts.ts'
import { PEOPLE_API } from './api-words.ts'
import { demonstrationPages } from './demonstration.ts'
import { organisationPages } from './pages-organisation.ts'
import { peoplePages } from './pages-people.ts'
import { sessionPages } from './pages-session.ts'
import { signInPages } from './pages-sign-in.ts'
import { tokenPages } from './pages-tokens.ts'

/** Every way into signing in, people, organisations and the own account. */
export function accountRoutes(parts: AccountParts): Route[] {
  const people = described([...peoplePages(parts), ...tokenPages(parts).map(asTheMachine)], PEOPLE_API)
  return [
    ...signInPages(parts),
    // Kept forms and tokens belong to nobody's scope; both ask whose they are.
    ...sessionPages(parts).map(asTheMachine),
    ...demonstrationPages(parts),
    ...people,
    ...organisationPages(parts),
  ]
}
