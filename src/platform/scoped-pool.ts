import pg from 'pg'
import { type Stand, scopeInForce } from './scope.ts'

/** Both in one round trip, and for the session: no transaction of a request can take them back. */
const STAND = `select set_config('role', $1, false), set_config('alongside.scope', $2, false)`

type Lent = (error: Error | undefined, client: pg.PoolClient | undefined, release: pg.PoolClient['release']) => void

/**
 * A pool whose connections are lent as the scope in force asks (platform/scope.ts), whoever had them before. `outside` is how
 * they stand for a caller without any scope. The machine has connections of its own: none of them is ever a request's.
 */
export class ScopedPool extends pg.Pool {
  readonly #outside: Stand
  readonly #ofMachine: pg.Pool
  /** How each connection was last made to stand. One that is not here is made to stand afresh. */
  readonly #stands = new WeakMap<pg.PoolClient, Stand>()

  /** `onError` is told of connections that break while nobody has them; without it that would end the process. */
  constructor(options: pg.PoolConfig, { outside, onError }: { outside: Stand; onError: (error: Error) => void }) {
    super(options)
    this.#outside = outside
    this.#ofMachine = new pg.Pool(options)
    for (const pool of [this, this.#ofMachine]) {
      pool.on('error', onError)
      // While it is in use, the failing query tells.
      pool.on('connect', (client) => client.on('error', () => undefined))
    }
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

  override end(): Promise<void>
  override end(ended: () => void): void
  override end(ended?: () => void): Promise<void> | undefined {
    const all = Promise.all([super.end(), this.#ofMachine.end()]).then(() => undefined)
    if (!ended) return all
    void all.finally(ended)
    return undefined
  }

  async #lend(wanted: Stand): Promise<pg.PoolClient> {
    const client = await (wanted.role === 'none' ? this.#ofMachine.connect() : super.connect())
    if (client.getTransactionStatus() !== 'I') {
      // Given back in the midst of a transaction, whose end could bring an earlier scope back.
      client.release(true)
      return this.#lend(wanted)
    }
    const stand = this.#stands.get(client)
    if (stand?.role === wanted.role && stand.scope === wanted.scope) return client
    this.#stands.delete(client)
    try {
      await client.query({ name: 'stand', text: STAND, values: [wanted.role, wanted.scope] })
    } catch (error) {
      client.release(true)
      throw error
    }
    this.#stands.set(client, wanted)
    return client
  }
}
