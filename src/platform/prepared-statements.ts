import { type PostgresPool, type PostgresPoolClient, sql } from 'kysely'
import type pg from 'pg'

/** A statement is prepared when a connection is asked it again; each connection keeps at most this many. */
const MOST_PREPARED = 400

/**
 * Written into a statement that is planned each time with what it is asked: the best way depends on whether somebody has twenty
 * of something or thousands.
 */
const EACH_TIME = '/* planned each time */'
export const plannedEachTime = sql.raw(EACH_TIME)

/**
 * The pool as the query builder sees it: what a connection is asked a second time is prepared there, so that the server plans
 * it once. With policies on the tables, planning costs several times what these short statements cost themselves.
 */
export function preparing(pool: pg.Pool): PostgresPool {
  const known = new WeakMap<pg.PoolClient, PostgresPoolClient>()
  return {
    options: pool.options,
    end: () => pool.end(),
    async connect() {
      const client = await pool.connect()
      const held = known.get(client) ?? preparingClient(client)
      known.set(client, held)
      return held
    },
  }
}

function preparingClient(client: pg.PoolClient): PostgresPoolClient {
  const names = new Map<string, string>()
  let met = new Set<string>()
  const nameOf = (text: string): string | undefined => {
    if (text.includes(EACH_TIME)) return undefined
    const name = names.get(text)
    if (name || names.size >= MOST_PREPARED) return name
    if (met.has(text)) return names.set(text, `s${names.size + 1}`).get(text)
    if (met.size >= MOST_PREPARED) met = new Set()
    met.add(text)
    return undefined
  }
  const query = (text: unknown, values: readonly unknown[] = []) => {
    if (typeof text !== 'string') throw new TypeError('Rows are not read through a cursor')
    const name = values.length > 0 ? nameOf(text) : undefined
    return client.query({ text, values: [...values], ...(name && { name }) })
  }
  return {
    query: query as unknown as PostgresPoolClient['query'], // its other form is for cursors, which we have none of
    // Read each time: the pool gives a connection another way back with every loan.
    release: (destroy) => client.release(destroy),
  }
}
