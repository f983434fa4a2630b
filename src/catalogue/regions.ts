import { sql } from 'kysely'
import type { Db } from '../platform/db.ts'

/** Regions as the register names them. */
export async function readRegions(db: Db): Promise<string[]> {
  const { rows } = await sql<{ region: string }>`
    select distinct region from authority where region is not null order by region`.execute(db)
  return rows.map(({ region }) => region)
}

/** Authorities of England by name, with their codes. */
export async function readAuthorities(db: Db): Promise<{ code: string; name: string }[]> {
  const { rows } = await sql<{ code: string; name: string }>`
    select code, name from authority where region is not null order by name`.execute(db)
  return rows
}
