import type { Db } from '../platform/db.ts'
import { presentList } from '../platform/web/list.ts'
import type { Query } from '../platform/web/route.ts'
import { countOf } from '../platform/words.ts'
import { presentSchoolRow, readSchoolQuery, SCHOOL_COLUMNS } from './school-list.ts'
import { findSchools } from './school-list-store.ts'

/** The list of schools inside another page: its own sorting and paging there, its files from the main list. */
export async function schoolListPart(
  db: Db,
  path: string,
  query: Query,
  within: Readonly<Record<string, string>>,
  kept: readonly string[] = [],
) {
  const read = readSchoolQuery(query)
  const own = Object.fromEntries(Object.entries(read.filters).filter(([name]) => kept.includes(name)))
  const found = await findSchools(db, { ...read, filters: { ...own, ...within } })
  const list = presentList(path, { ...read, filters: own }, SCHOOL_COLUMNS, found.total, {})
  const address = new URLSearchParams({ ...own, ...within }).toString()
  return {
    list: { ...list, chips: [], csv: `/schools.csv?${address}`, ods: `/schools.ods?${address}` },
    counted: countOf(found.total, 'school'),
    rows: found.rows.map(presentSchoolRow),
    filterHref: `/schools?${address}`,
  }
}
