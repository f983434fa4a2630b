import { described } from '../platform/web/api-description.ts'
import type { Route } from '../platform/web/route.ts'
import { catalogueApi } from './api.ts'
import { CATALOGUE_API } from './api-description.ts'
import type { CatalogueParts } from './context.ts'
import { localPlaceRoutes } from './local-place-pages.ts'
import { cataloguePages } from './pages.ts'

/** Every way into the catalogue of approved programmes. */
export function catalogueRoutes(parts: CatalogueParts): Route[] {
  return described([...cataloguePages(parts), ...localPlaceRoutes(parts), ...catalogueApi(parts)], CATALOGUE_API)
}
