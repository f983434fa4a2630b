import { sql } from 'kysely'
import type { Db } from './db.ts'

/**
 * From now on, in a demonstration, each row of the register is kept as it is before its first change, so that a scene can go
 * back to it. Does nothing in any other database, and nothing when it is on.
 */
export async function keepRegisterChanges(db: Db): Promise<void> {
  await sql`select keep_register_changes(true)`.execute(db)
}

/** The first load is what a scene goes back to, so nothing of it is kept; afterwards changes are. */
export async function withoutKeepingChanges(db: Db, load: () => Promise<void>): Promise<void> {
  await sql`select keep_register_changes(false)`.execute(db)
  await load()
  await keepRegisterChanges(db)
}

/**
 * Empties the tables that use filled, and puts the register back. In the caller's transaction; throws outside a demonstration.
 * `sameWorld`: the hash of the invented files that come again, which need not go.
 */
export async function goBack(db: Db, madeByUse: readonly string[], sameWorld: string): Promise<void> {
  await sql`select empty_demonstration(${[...madeByUse]})`.execute(db)
  await sql`select put_register_back(${sameWorld})`.execute(db)
}
