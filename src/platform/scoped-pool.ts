import pg from 'pg'
import { type Stand, scopeInForce } from './scope.ts'

/** Both in one round trip, and for the session: no transaction of a request can take them back. */
const STAND = `select set_config('role', $1, false), set_config('alongside.scope', $2, false)`

type Lent = (error: Error | undefined, client: pg.PoolClient | undefined, release: pg.PoolClient['release']) => void

/**
 * A pool whose connections are lent as the scope in force asks (platform/scope.ts), whoever had them before. `outside` is how
 * they stand for a caller without any scope.
 */
export class ScopedPool extends pg.Pool {
  readonly #outside: Stand
  /** How each connection was last made to stand. One that is not here is made to stand afresh. */
  readonly #stands = new WeakMap<pg.PoolClient, Stand>()

  constructor(options: pg.PoolConfig, outside: Stand) {
    super(options)
    this.#outside = outside
  }

  /** Every way to a connection leads here, also that of `query`. */
  override connect(): Promise<pg.PoolClient>
  override connect(lent: Lent): void
  override connect(lent?: Lent): Promise<pg.PoolClient> | undefined {
    // Read now: by the time that a connection is free, somebody else's request may be running.
    const client = this.#lend(scopeInForce() ?? this.#outside)
    if (!lent) return client
    client.then(
      (one) => lent(undefined, one, one.release),
      (error) => lent(error, undefined, () => undefined),
    )
    return undefined
  }

  async #lend(wanted: Stand): Promise<pg.PoolClient> {
    const client = await super.connect()
    const stand = this.#stands.get(client)
    if (client.getTransactionStatus() === 'I' && stand?.role === wanted.role && stand.scope === wanted.scope)
      return client
    this.#stands.delete(client)
    try {
      // Given back in the midst of a transaction: whose end could bring an earlier scope back.
      if (client.getTransactionStatus() !== 'I') throw new Error('A connection was given back within a transaction')
      await client.query({ name: 'stand', text: STAND, values: [wanted.role, wanted.scope] })
    } catch (error) {
      client.release(true)
      throw error
    }
    this.#stands.set(client, wanted)
    return client
  }
}
