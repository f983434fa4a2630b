import type pg from 'pg'
import { StartRefusal } from './start-refusal.ts'

const SERVICE_LOCK = 7_410_010

/** Held by the one service of a database; a kill frees it, because the server sees the connection end. */
export type ServiceLock = { release(): Promise<void> }

/**
 * Makes this process the one service of the database. Commands do not take it: they join.
 * Throws StartRefusal `service.running` when another process has it. Keeps one connection of the pool.
 */
export async function holdServiceLock(pool: pg.Pool): Promise<ServiceLock> {
  const client = await pool.connect()
  const answer = await client.query<{ held: boolean }>('select pg_try_advisory_lock($1) as held', [SERVICE_LOCK])
  if (answer.rows[0]?.held) {
    let releasing: Promise<void> | undefined
    return {
      release() {
        releasing ??= unlock(client)
        return releasing
      },
    }
  }
  client.release()
  throw new StartRefusal(
    'service.running',
    'The service is already running on this data. Use it, stop it first, or choose another folder with --data.',
  )
}

/** The place is free when this resolves; over a broken line, the end of the connection frees it. */
async function unlock(client: pg.PoolClient): Promise<void> {
  try {
    await client.query('select pg_advisory_unlock($1)', [SERVICE_LOCK])
    client.release()
  } catch {
    client.release(true)
  }
}
