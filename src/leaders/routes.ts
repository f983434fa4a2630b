import type { Route } from '../platform/web/route.ts'
import { leaderApi } from './api.ts'
import type { LeaderParts } from './leader-parts.ts'
import { bulkPages } from './pages-bulk.ts'
import { declarePages } from './pages-declare.ts'
import { editPages } from './pages-edit.ts'
import { importPages } from './pages-import.ts'
import { leaderPages } from './pages-leader.ts'
import { rosterPages } from './pages-roster.ts'

/** Every way into the roster: pages and the JSON API. */
export function leaderRoutes(parts: LeaderParts): Route[] {
  return [
    ...rosterPages(parts),
    ...editPages(parts),
    ...bulkPages(parts),
    ...importPages(parts),
    ...declarePages(parts),
    ...leaderPages(parts),
    ...leaderApi(parts),
  ]
}
