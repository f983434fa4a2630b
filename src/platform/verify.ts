import type pg from 'pg'
import type { Database } from './db.ts'

/**
 * Something that must hold in the stored data: `find` answers in words what does not (none: all is well). It may write to
 * work something out again: everything is rolled back.
 */
export type Check = { readonly name: string; readonly find: (client: pg.ClientBase) => Promise<readonly string[]> }

export type Verified = { readonly name: string; readonly faults: readonly string[] }

/** Runs every check on one snapshot of the data and changes nothing. `onChecked` hears how many are done. */
export async function verify(
  { pool }: Database,
  checks: readonly Check[],
  onChecked?: (done: number) => Promise<void>,
): Promise<Verified[]> {
  const client = await pool.connect()
  try {
    await client.query('begin isolation level repeatable read')
    const results: Verified[] = []
    for (const { name, find } of checks) {
      await client.query('savepoint before_check')
      results.push({ name, faults: await find(client) })
      await client.query('rollback to savepoint before_check')
      await onChecked?.(results.length)
    }
    await client.query('rollback')
    client.release()
    return results
  } catch (error) {
    client.release(true)
    throw error
  }
}
