import type { Database } from '../platform/db.ts'
import { type Answer, json, notFound, page, problem, type Query, type Route } from '../platform/web/route.ts'
import { countOf, longDate } from '../platform/words.ts'
import { findAsAt } from './about-store.ts'
import { type AuthorityRow, countByAuthority, findAuthority, listAuthorityPlaces } from './authority-store.ts'
import { countGradesOfAuthority, presentGradeCounts } from './grade-counts.ts'
import { drawAuthorityMap } from './national-grid-map.ts'
import { STATUS_CHOICES } from './school-list.ts'
import { schoolListPart } from './school-list-part.ts'

/** Authorities: the list by region, one authority's page, and both as JSON. */
export function authorityPages({ db }: Database): Route[] {
  return [
    { method: 'GET', path: '/authorities', allow: 'everyone', audit: null, handle: () => listPage(db) },
    {
      method: 'GET',
      path: '/api/v1/authorities',
      allow: 'everyone',
      audit: null,
      handle: async () => json({ authorities: await countByAuthority(db) }),
    },
    {
      method: 'GET',
      path: '/authorities/:code',
      allow: 'everyone',
      audit: null,
      handle: async ({ params, query }) => {
        const authority = await findAuthority(db, params.code ?? '')
        return authority ? authorityPage(db, authority, query) : notFound(unknownCode(params.code ?? ''))
      },
    },
    {
      method: 'GET',
      path: '/api/v1/authorities/:code',
      allow: 'everyone',
      audit: null,
      handle: async ({ params }) => {
        const code = params.code ?? ''
        const authority = await findAuthority(db, code)
        if (authority) return json({ ...authority, latestGrades: await countGradesOfAuthority(db, code) })
        return problem([{ code: 'authority.unknown', message: unknownCode(code), field: 'code' }], 404)
      },
    },
  ]
}

function unknownCode(asked: string): string {
  return `The register holds no authority with code ${asked.slice(0, 20)}.`
}

async function listPage(db: Database['db']): Promise<Answer> {
  const rows = await countByAuthority(db)
  const regions = [...new Set(rows.map((row) => row.region ?? 'Region not held'))].sort()
  return page('register/authorities.njk', {
    title: 'Authorities',
    section: 'schools',
    breadcrumbs: [{ text: 'Schools', href: '/schools' }],
    counted: countOf(rows.length, 'authority', 'authorities'),
    regions: regions.map((name) => ({
      name,
      rows: rows.filter((row) => (row.region ?? 'Region not held') === name),
    })),
  })
}

async function authorityPage(db: Database['db'], authority: AuthorityRow, query: Query): Promise<Answer> {
  const { code } = authority
  const path = `/authorities/${code}`
  const status = STATUS_CHOICES.find((choice) => choice.value === query.get('status'))?.value ?? 'open'
  const [counts, part, places, asAt] = await Promise.all([
    countGradesOfAuthority(db, code),
    schoolListPart(db, path, query, { authority: code, status }, ['status']),
    listAuthorityPlaces(db, code),
    findAsAt(db),
  ])
  const map = drawAuthorityMap(code, places, 320)
  return page('register/authority.njk', {
    title: authority.name,
    section: 'schools',
    wide: true,
    caption: `Authority · ${code}`,
    breadcrumbs: [{ text: 'Authorities', href: '/authorities' }],
    where: [authority.region, countOf(authority.open, 'open establishment'), countOf(authority.closed, 'closed one')]
      .filter(Boolean)
      .join(' · '),
    counts: presentGradeCounts(
      counts,
      (grade) => `/schools?${new URLSearchParams({ authority: code, grade, status: 'open' })}`,
    ),
    map: map && { ...map, text: `${countOf(places.length, 'open state-funded school')} in ${authority.name}` },
    statuses: STATUS_CHOICES.map((choice) => ({
      text: choice.text,
      href: choice.value === status ? null : `${path}?status=${choice.value}`,
    })),
    source: asAt ? `Register as at ${longDate(asAt)}. Grades on the data held.` : '',
    ...part,
  })
}
