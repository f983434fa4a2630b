import { type RawBuilder, sql } from 'kysely'
import type { Db } from '../platform/db.ts'
import { type ListQuery, PAGE_SIZE } from '../platform/web/list.ts'
import { countOf } from '../platform/words.ts'

/** An academy trust or another group of establishments, with how many it has now. */
export type TrustRow = {
  readonly uid: string
  readonly group_id: string | null
  readonly name: string
  readonly type: string
  readonly status: string
  readonly opened: string | null
  readonly closed: string | null
  readonly companies_house_number: string | null
  readonly ukprn: string | null
  readonly town: string | null
  readonly postcode: string | null
  readonly schools: number
}

export type TrustRecord = TrustRow & { readonly file_title: string; readonly publisher: string; readonly as_at: string }

export const TRUST_FILTERS = ['q', 'type', 'status'] as const
/** "size" is the order of a search and has no column: open ones first, then by members. */
export const TRUST_SORTS = ['name', 'uid', 'type', 'schools', 'status'] as const

const COLUMNS = sql`g.uid, g.group_id, g.name, g.type, g.status, g.opened, g.closed, g.companies_house_number, g.ukprn,
  g.town, g.postcode`
const SCHOOLS = sql`(select count(*)::int from group_membership m where m.group_uid = g.uid and m.left_on is null)`

export async function findTrust(db: Db, uid: string): Promise<TrustRecord | undefined> {
  const { rows } = await sql<TrustRecord>`
    select ${COLUMNS}, ${SCHOOLS} as schools, f.title as file_title, f.publisher, f.as_at
    from establishment_group g join data_file f on f.id = g.data_file_id where g.uid = ${uid}`.execute(db)
  return rows[0]
}

/** A page of trusts and groups, or all when `size` is null. */
export async function findTrusts(
  db: Db,
  asked: ListQuery,
  size: number | null = PAGE_SIZE,
): Promise<{ total: number; rows: TrustRow[] }> {
  const where = conditionOf(asked.filters)
  const limit = size === null ? sql`` : sql`limit ${size} offset ${(asked.page - 1) * size}`
  const [counted, found] = await Promise.all([
    sql<{ total: number }>`select count(*)::int as total from establishment_group g where ${where}`.execute(db),
    sql<TrustRow>`select ${COLUMNS}, ${SCHOOLS} as schools from establishment_group g
      where ${where} order by ${orderOf(asked)}, g.name, g.uid ${limit}`.execute(db),
  ])
  return { total: counted.rows[0]?.total ?? 0, rows: found.rows }
}

function conditionOf(filters: ListQuery['filters']): RawBuilder<unknown> {
  const conditions = [sql`true`]
  if (filters.q) conditions.push(wordsCondition(filters.q))
  if (filters.type) conditions.push(sql`g.type = ${filters.type}`)
  if (filters.status) conditions.push(sql`lower(g.status) = ${filters.status.toLowerCase()}`)
  return sql.join(conditions, sql` and `)
}

/** All words in the name, or the whole as one of the identifiers. */
function wordsCondition(typed: string): RawBuilder<unknown> {
  const words = typed
    .replaceAll(/[%_\\]/g, ' ')
    .split(/\s+/)
    .filter(Boolean)
  const inName = words.map((word) => sql`plain_text(g.name) like '%' || plain_text(${word}) || '%'`)
  // All identifiers have digits. Without the "or" the trigram index finds the words, else every name is read.
  if (words.length && !/\d/.test(typed)) return sql`(${sql.join(inName, sql` and `)})`
  const exact = sql`g.uid = ${typed} or g.ukprn = ${typed} or upper(g.group_id) = upper(${typed})`
  return inName.length ? sql`(${exact} or (${sql.join(inName, sql` and `)}))` : sql`(${exact})`
}

const SORT_COLUMNS: Readonly<Record<string, RawBuilder<unknown>>> = {
  size: sql`lower(g.status) <> 'open', schools desc`,
  name: sql`g.name`,
  uid: sql`length(g.uid), g.uid`,
  type: sql`g.type`,
  schools: sql`schools`,
  status: sql`g.status`,
}

function orderOf(asked: ListQuery): RawBuilder<unknown> {
  const column = SORT_COLUMNS[asked.sort] ?? sql`g.name`
  return asked.direction === 'desc' ? sql`${column} desc` : column
}

/** Members are published for academy trusts only: elsewhere none held is not none. */
export function membersInWords(trust: TrustRow): string {
  if (trust.schools === 0 && !/academy trust/.test(trust.type)) return 'members not held'
  return countOf(trust.schools, 'school')
}

export async function listTrustTypes(db: Db): Promise<string[]> {
  const { rows } = await sql<{ type: string }>`select distinct type from establishment_group order by type`.execute(db)
  return rows.map((row) => row.type)
}

/** Establishments that are or were in a group, with the dates held. */
export type Membership = {
  readonly urn: number | null
  readonly name: string
  readonly status: string
  readonly joined: string | null
  readonly left_on: string | null
}

export async function listMemberships(db: Db, uid: string): Promise<Membership[]> {
  const { rows } = await sql<Membership>`
    select e.urn, e.name, e.status, m.joined, m.left_on
    from group_membership m join establishment e on e.id = m.establishment_id
    where m.group_uid = ${uid} order by m.left_on nulls first, e.name, e.id`.execute(db)
  return rows
}
