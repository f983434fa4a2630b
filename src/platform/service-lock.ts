import { setTimeout as sleep } from 'node:timers/promises'
import type pg from 'pg'
import { StartRefusal } from './start-refusal.ts'

const SERVICE_LOCK = 7_410_010

/**
 * Held by the one service of a database; a kill frees it, because the server sees the connection end. `isHeld` is false
 * from a lost server until the lock is taken again: meanwhile the service must not change anything.
 */
export type ServiceLock = { isHeld(): boolean; release(): Promise<void> }

export type LockOptions = {
  /** Another process holds it after the server was lost; told once, and not tried again. */
  readonly onTaken?: () => void
}

const TRY_AGAIN_MS = 250
/** The server may keep a broken connection and its lock for a while. */
const WAIT_FOR_OLD_MS = 60_000

/**
 * Makes this process the one service of the database. Commands do not take it: they join. When the server is lost and
 * comes back, takes it again. Throws StartRefusal `service.running` when another process has it at the start. Keeps one
 * connection of the pool.
 */
export async function holdServiceLock(pool: pg.Pool, { onTaken }: LockOptions = {}): Promise<ServiceLock> {
  let held = await tryTake(pool)
  if (!held)
    throw new StartRefusal(
      'service.running',
      'The service is already running on this data. Use it, stop it first, or choose another folder with --data.',
    )
  let releasing: Promise<void> | undefined
  const watch = (client: pg.PoolClient) => {
    client.once('error', () => {
      if (releasing) return // given back to the pool, whose business it is now
      held = undefined
      client.release(true)
      void takeAgain()
    })
  }
  const takeAgain = async () => {
    const deadline = Date.now() + WAIT_FOR_OLD_MS
    let isTaken = false
    while (!releasing) {
      const client = await tryTake(pool).then(
        (taken) => {
          isTaken = taken === undefined
          return taken
        },
        () => undefined, // no server yet
      )
      if (client) {
        held = client
        return watch(client)
      }
      if (isTaken && Date.now() > deadline) return onTaken?.()
      await sleep(TRY_AGAIN_MS)
    }
  }
  watch(held)
  return {
    isHeld: () => held !== undefined,
    release() {
      releasing ??= held ? unlock(held) : Promise.resolve()
      return releasing
    },
  }
}

/** The connection that holds the lock, or undefined when another has it. Throws while there is no server. */
async function tryTake(pool: pg.Pool): Promise<pg.PoolClient | undefined> {
  const client = await pool.connect()
  try {
    const answer = await client.query<{ held: boolean }>('select pg_try_advisory_lock($1) as held', [SERVICE_LOCK])
    if (answer.rows[0]?.held) return client
    client.release()
    return undefined
  } catch (error) {
    client.release(true)
    throw error
  }
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
