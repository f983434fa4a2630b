import { londonDay } from '../platform/clock.ts'
import type { Database } from '../platform/db.ts'
import { notFound, page, type Route } from '../platform/web/route.ts'
import { findDataFile, getTotals, listDataFiles, listFaults } from './about-store.ts'
import { lackedBy } from './register-at.ts'
import { readShippedManifest } from './shipped.ts'

/** Help, and what the data is, where it came from and what it cannot say. */
export function aboutPages({ db }: Database): Route[] {
  return [
    {
      method: 'GET',
      path: '/help',
      allow: 'everyone',
      audit: null,
      handle: async () => page('register/help.njk', { title: 'Help', totals: await getTotals(db) }),
    },
    { method: 'GET', path: '/about-the-data', allow: 'everyone', audit: null, handle: () => aboutPage(db) },
    {
      method: 'GET',
      path: '/about-the-data/:id',
      allow: 'everyone',
      audit: null,
      handle: ({ params }) => filePage(db, params.id ?? ''),
    },
  ]
}

async function aboutPage(db: Database['db']) {
  const [files, totals, manifest] = await Promise.all([listDataFiles(db), getTotals(db), readShippedManifest()])
  const rows = files.map((file) => ({
    ...file,
    imported: londonDay(file.imported_at),
    href: `/about-the-data/${file.id}`,
    limits: manifest.files.find((one) => one.file === file.name)?.limits ?? null,
  }))
  const snapshots = rows
    .filter((file) => file.kind === 'schools')
    .map((file) => ({ ...file, lacks: lackedBy(file.facts) }))
  return page('register/about-the-data.njk', { title: 'About the data', files: rows, snapshots, totals, manifest })
}

async function filePage(db: Database['db'], asked: string) {
  const file = /^\d{1,9}$/.test(asked) ? await findDataFile(db, Number(asked)) : undefined
  if (!file) return notFound('No file of this number was taken in.')
  return page('register/about-file.njk', {
    title: file.title,
    caption: `File taken in · ${file.name}`,
    breadcrumbs: [{ text: 'About the data', href: '/about-the-data' }],
    file,
    shipped: (await readShippedManifest()).files.find((one) => one.file === file.name) ?? null,
    imported: londonDay(file.imported_at),
    faults: await listFaults(db, file.id),
  })
}
