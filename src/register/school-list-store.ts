import { type RawBuilder, sql } from 'kysely'
import type { Db } from '../platform/db.ts'
import { type ListQuery, PAGE_SIZE } from '../platform/web/list.ts'
import { type Authority, listAuthorities } from './authority-store.ts'
import type { SchoolRow } from './school-list.ts'
import { exactCondition, likenessCondition, type SearchCondition } from './search-conditions.ts'
import { readSearch, type SearchTerms } from './search-terms.ts'
import { OPEN_NOW, UNLISTED } from './status.ts'

/** A page of a list. `close`: nothing had the words exactly, so these have words like them. */
export type SchoolPage = { readonly total: number; readonly rows: readonly SchoolRow[]; readonly close: boolean }

const JOINED_SORTS = new Set(['authority', 'trust'])
const FROM = sql`establishment e
  left join authority a on a.code = e.authority_code
  left join establishment_group g on g.uid = e.trust_uid`

const COLUMNS = sql`e.urn, e.name, e.laestab, e.ukprn, e.status, e.not_listed_since, e.closed, e.phase, e.type, e.town, e.postcode,
  coalesce(e.region, a.region) as region, e.authority_code, a.name as authority_name,
  e.trust_uid, g.name as trust_name, e.latest_grade, e.latest_grade_on, e.pupils`

/** Schools that meet the filters: one page of them, or all when `size` is null. */
export async function findSchools(db: Db, asked: ListQuery, size: number | null = PAGE_SIZE): Promise<SchoolPage> {
  const terms = readSearch(asked.filters.q ?? '')
  const filters = filterConditions(asked.filters)
  const exact = await selectSchools(db, asked, exactCondition(terms, await searchContext(db, terms)), filters, size)
  if (exact.total > 0) return { ...exact, close: false }
  const likeness = likenessCondition(terms)
  if (!likeness) return { ...exact, close: false }
  return { ...(await selectSchools(db, asked, likeness, filters, size)), close: true }
}

async function selectSchools(
  db: Db,
  asked: ListQuery,
  search: SearchCondition,
  filters: readonly RawBuilder<unknown>[],
  size: number | null,
): Promise<{ total: number; rows: SchoolRow[] }> {
  const where = sql.join(
    [search.where, ...filters].map((one) => sql`(${one})`),
    sql` and `,
  )
  const order = orderOf(asked, search)
  const limit = size === null ? sql`` : sql`limit ${size} offset ${(asked.page - 1) * size}`
  // The page is cut before the names are joined on, except where they are what it is sorted by.
  const from = JOINED_SORTS.has(asked.sort) ? FROM : sql`establishment e`
  const page = (total: RawBuilder<unknown>) => sql<SchoolRow & { total: number }>`
    with page as (select e.id, ${total} as total from ${from} where ${where} order by ${order} ${limit})
    select ${COLUMNS}, page.total from page join (${FROM}) on e.id = page.id order by ${order}`
  const count = () =>
    sql<{ total: number }>`select count(*)::int as total from establishment e where ${where}`.execute(db)
  if (search.rank) {
    // Words are costly to look for, and all that match must be ranked anyway: so they are counted in the same go.
    const { rows } = await page(sql`count(*) over ()::int`).execute(db)
    const total = rows[0]?.total ?? (asked.page > 1 ? (await count()).rows[0]?.total : 0)
    return { total: total ?? 0, rows }
  }
  const [counted, found] = await Promise.all([count(), page(sql`0`).execute(db)])
  return { total: counted.rows[0]?.total ?? 0, rows: found.rows }
}

function filterConditions(filters: ListQuery['filters']): RawBuilder<unknown>[] {
  const conditions: RawBuilder<unknown>[] = []
  if (filters.region)
    conditions.push(sql`e.authority_code in (select code from authority where region = ${filters.region})`)
  if (filters.authority) conditions.push(sql`e.authority_code = ${filters.authority}`)
  if (filters.phase) conditions.push(sql`e.phase = ${filters.phase}`)
  if (filters.type) conditions.push(sql`e.type = ${filters.type}`)
  if (filters.trust) conditions.push(trustCondition(filters.trust))
  if (filters.grade) conditions.push(gradeCondition(filters.grade))
  if (filters.status) conditions.push(statusCondition(filters.status))
  return conditions
}

/** A UID means that trust; other text means trusts with these words in their name. */
function trustCondition(asked: string): RawBuilder<unknown> {
  if (/^\d+$/.test(asked)) return sql`e.trust_uid = ${asked}`
  return sql`e.trust_uid in (
    select uid from establishment_group where uid = ${asked} or plain_text(name) like plain_text(${`%${asked}%`}))`
}

function gradeCondition(grade: string): RawBuilder<unknown> {
  return /^[1-4]$/.test(grade) ? sql`e.latest_grade = ${Number(grade)}` : sql`e.latest_grade is null`
}

function statusCondition(status: string): RawBuilder<unknown> {
  if (status === 'open') return OPEN_NOW
  if (status === 'proposed') return sql`e.status = 'Proposed to open' and e.not_listed_since is null`
  if (status === 'unlisted') return UNLISTED
  return sql`e.status = 'Closed'`
}

const SORT_COLUMNS: Readonly<Record<string, RawBuilder<unknown>>> = {
  name: sql`e.name`,
  urn: sql`e.urn`,
  authority: sql`a.name`,
  trust: sql`g.name`,
  phase: sql`e.phase`,
  grade: sql`e.latest_grade`,
  inspected: sql`e.latest_grade_on`,
  status: sql`e.status`,
}

function orderOf(asked: ListQuery, search: SearchCondition): RawBuilder<unknown> {
  const column = SORT_COLUMNS[asked.sort]
  if (asked.sort === 'name') return asked.direction === 'desc' ? sql`e.name desc, e.id desc` : sql`e.name, e.id`
  if (column) return sql`${column} ${asked.direction === 'desc' ? sql`desc nulls last` : sql`nulls last`}, e.name, e.id`
  // Without words to rank by, the order is the one that the index on names has.
  return search.rank ? sql`${search.rank}, not ${OPEN_NOW}, e.name, e.id` : sql`e.name, e.id`
}

/** What the words may also name: needed only for words. */
async function searchContext(db: Db, terms: SearchTerms): Promise<{ authorities: Authority[]; trustUids: string[] }> {
  if (terms.kind !== 'words') return { authorities: [], trustUids: [] }
  const [authorities, trusts] = await Promise.all([listAuthorities(db), findTrustUids(db, terms)])
  return { authorities, trustUids: trusts }
}

const MOST_TRUSTS = 50

async function findTrustUids(db: Db, terms: Extract<SearchTerms, { kind: 'words' }>): Promise<string[]> {
  const words = terms.words.map((word) =>
    word.common ? sql`plain_text(name) like any(${[...word.like]})` : sql`plain_text(name) ~ ${word.pattern}`,
  )
  const { rows } = await sql<{ uid: string }>`
    select uid from establishment_group where ${sql.join(words, sql` and `)} limit ${MOST_TRUSTS + 1}`.execute(db)
  // A word that half of all trusts have in their names, such as "academy", names none.
  return rows.length > MOST_TRUSTS ? [] : rows.map((row) => row.uid)
}

export type FilterOptions = { readonly phases: readonly string[]; readonly types: readonly string[] }

/** The phases and types that the register holds, for the filters; looked up again only after an import. */
export function filterOptions(): (db: Db) => Promise<FilterOptions> {
  let held: { readonly mark: number | null; readonly options: FilterOptions } | undefined
  return async (db) => {
    const { rows } = await sql<{ mark: number | null }>`select max(id) as mark from data_file`.execute(db)
    const mark = rows[0]?.mark ?? null
    if (held?.mark !== mark) held = { mark, options: await listFilterOptions(db) }
    return held.options
  }
}

async function listFilterOptions(db: Db): Promise<FilterOptions> {
  const { rows } = await sql<{ phase: string | null; type: string | null }>`
    select phase, type from establishment group by phase, type`.execute(db)
  const distinct = (values: (string | null)[]) => [...new Set(values)].filter((value) => value !== null).sort()
  return { phases: distinct(rows.map((row) => row.phase)), types: distinct(rows.map((row) => row.type)) }
}
