import { sql } from 'kysely'
import type { Db } from '../platform/db.ts'
import { OPEN_NOW } from './status.ts'

export type Authority = { readonly code: string; readonly name: string; readonly region: string | null }

export type AuthorityRow = Authority & {
  readonly gss_code: string | null
  readonly open: number
  readonly closed: number
}

/** Every authority by name. 153 rows, so a search looks them through in memory. */
export async function listAuthorities(db: Db): Promise<Authority[]> {
  const { rows } = await sql<Authority>`select code, name, region from authority order by name`.execute(db)
  return rows
}

/** Authorities with how many of their schools are open and closed. */
export async function countByAuthority(db: Db): Promise<AuthorityRow[]> {
  const { rows } = await sql<AuthorityRow>`
    select a.code, a.name, a.region, a.gss_code,
      count(e.id) filter (where ${OPEN_NOW})::int as open,
      count(e.id) filter (where e.status = 'Closed')::int as closed
    from authority a left join establishment e on e.authority_code = a.code
    group by a.code order by a.name`.execute(db)
  return rows
}

export async function findAuthority(db: Db, code: string): Promise<AuthorityRow | undefined> {
  const { rows } = await sql<AuthorityRow>`
    select a.code, a.name, a.region, a.gss_code,
      count(e.id) filter (where ${OPEN_NOW})::int as open,
      count(e.id) filter (where e.status = 'Closed')::int as closed
    from authority a left join establishment e on e.authority_code = a.code
    where a.code = ${code} group by a.code`.execute(db)
  return rows[0]
}

/** Where the open state-funded schools of an authority are, for its map; those without coordinates are left out. */
export async function listAuthorityPlaces(db: Db, code: string): Promise<{ easting: number; northing: number }[]> {
  const { rows } = await sql<{ easting: number; northing: number }>`
    select easting, northing from establishment e
    where authority_code = ${code} and ${OPEN_NOW} and type_group is not null
      and type_group <> 'Independent schools' and easting is not null and northing is not null
    order by id`.execute(db)
  return rows
}
