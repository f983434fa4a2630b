import { described } from '../platform/web/api-description.ts'
import { json, page, type Route } from '../platform/web/route.ts'
import { ALERT_API } from './api-description.ts'
import { listDataAlerts } from './data-alerts.ts'
import type { ValueParts } from './value-pages.ts'

/** What is missing of the data that an administrator keeps. */
export function alertRoutes(parts: ValueParts): Route[] {
  const read = { method: 'GET', allow: 'administer', audit: null } as const
  const list = () => listDataAlerts(parts.database.db, parts.packs, parts.clock.today().toString())
  return described(
    [
      {
        ...read,
        path: '/data-alerts',
        handle: async () =>
          page('programmes/alerts.njk', { title: 'Data to mend', section: 'people', alerts: await list() }),
      },
      { ...read, path: '/api/v1/data-alerts', handle: async () => json({ alerts: await list() }) },
    ],
    ALERT_API,
  )
}
