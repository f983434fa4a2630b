import { sql } from 'kysely'
import type { Db } from './db.ts'
import { StartRefusal } from './start-refusal.ts'

/** What a database is for. Fixed when it is first used, because the two must never mix. */
export type DatabaseKind = 'demonstration' | 'live'

/** Marks a new database with its kind. Throws StartRefusal `database.other-kind` when it has the other one. */
export async function stampDatabase(db: Db, kind: DatabaseKind): Promise<void> {
  await sql`insert into service_setting (key, value) values ('kind', to_jsonb(${kind}::text)) on conflict do nothing`.execute(
    db,
  )
  const held = await findDatabaseKind(db)
  if (held === kind) return
  throw new StartRefusal(
    'database.other-kind',
    held === 'live'
      ? 'This database holds live work, so it cannot be used for a demonstration. Choose another data folder.'
      : 'This database holds a demonstration, so it cannot be used for live work. Choose another data folder, or start with --demo.',
  )
}

/** The kind of a database, or undefined when it is new. */
export async function findDatabaseKind(db: Db): Promise<DatabaseKind | undefined> {
  const { rows } = await sql<{
    kind: DatabaseKind
  }>`select value #>> '{}' as kind from service_setting where key = 'kind'`.execute(db)
  return rows[0]?.kind
}
