import { described } from '../platform/web/api-description.ts'
import type { Route } from '../platform/web/route.ts'
import type { AccountParts } from './account-parts.ts'
import { PEOPLE_API } from './api-words.ts'
import { demonstrationPages } from './demonstration.ts'
import { organisationPages } from './pages-organisation.ts'
import { peoplePages } from './pages-people.ts'
import { signInPages } from './pages-sign-in.ts'

/** Every way into signing in, people, organisations and the own account. */
export function accountRoutes(parts: AccountParts): Route[] {
  const people = described(peoplePages(parts), PEOPLE_API)
  return [...signInPages(parts), ...demonstrationPages(parts), ...people, ...organisationPages(parts)]
}
