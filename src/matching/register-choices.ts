import { sql } from 'kysely'
import type { Db } from '../platform/db.ts'

/** Regions and authorities that schools may be chosen by. */
export async function readRegisterChoices(
  db: Db,
): Promise<{ regions: string[]; authorities: { code: string; name: string }[] }> {
  const { rows } = await sql<{ code: string; name: string; region: string }>`
    select code, name, region from authority where region is not null order by name`.execute(db)
  return { regions: [...new Set(rows.map(({ region }) => region))].sort(), authorities: rows }
}
