import type { Database } from '../platform/db.ts'
import { json, page, type Route, redirect } from '../platform/web/route.ts'
import { findAsAt } from './about-store.ts'
import { apiSchoolRow, presentSchoolRow } from './school-list.ts'
import { searchRegister } from './search.ts'
import { membersInWords } from './trust-store.ts'

/** The box at the head of every page, and the same search as JSON. */
export function searchPages({ db }: Database): Route[] {
  return [
    {
      method: 'GET',
      path: '/search',
      allow: 'everyone',
      audit: null,
      handle: async ({ query }) => {
        const asked = (query.get('q') ?? '').trim().slice(0, 200)
        const results = await searchRegister(db, asked)
        if (results.exact) return redirect(results.exact)
        const words = new URLSearchParams({ q: asked }).toString()
        return page('register/search.njk', {
          title: asked ? `Search results for “${asked}”` : 'Search',
          section: 'schools',
          searched: asked,
          asked,
          schools: { ...results.schools, rows: results.schools.rows.map(presentSchoolRow) },
          trusts: results.trusts.map((trust) => ({ ...trust, members: membersInWords(trust) })),
          authorities: results.authorities,
          moreSchools: `/schools?${words}`,
          moreTrusts: results.trustTotal > results.trusts.length ? `/trusts?${words}` : null,
          asAt: await findAsAt(db),
        })
      },
    },
    {
      method: 'GET',
      path: '/api/v1/search',
      allow: 'everyone',
      audit: null,
      handle: async ({ query }) => {
        const results = await searchRegister(db, (query.get('q') ?? '').trim().slice(0, 200))
        const { total, close, rows } = results.schools
        return json({
          exact: results.exact,
          schools: { total, close, results: rows.map(apiSchoolRow) },
          trusts: { total: results.trustTotal, results: results.trusts },
          authorities: results.authorities,
        })
      },
    },
  ]
}
