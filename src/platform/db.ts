import { Kysely, PostgresDialect } from 'kysely'
import pg from 'pg'
import type { Config } from './config.ts'
import { startEmbedded } from './embedded-postgres.ts'
import { migrateToLatest } from './migrate.ts'
import { preparing } from './prepared-statements.ts'
import { NOBODY, runAsMachine, type Stand } from './scope.ts'
import { ScopedPool } from './scoped-pool.ts'
import { prepareServiceRole, roleRefusal } from './service-role.ts'
import { StartRefusal } from './start-refusal.ts'

/** The query builder without tables: a slice adds its own with `db.withTables<RegisterTables>()`. */
export type Db = Kysely<Record<never, never>>

/** An open, migrated database. `close` ends the connections, and an embedded server that nobody else uses. */
export type Database = { readonly pool: pg.Pool; readonly db: Db; close(): Promise<void> }

export type OpenOptions = {
  /** Told of broken idle connections and of a server that went away. The pool mends itself; queries in flight fail. */
  readonly onError?: (error: Error) => void
  /** For a service: an embedded server that went away is started again, until `close`. */
  readonly comeBack?: boolean
  /** False leaves the schema as it is, for a restore. */
  readonly migrate?: boolean
}

/**
 * Opens the database of a run: DATABASE_URL when given (PostgreSQL 17 or later), else the embedded server of the data
 * folder, started or joined. Brings it to the latest migration. Its connections see no protected row outside `runInScope` and
 * `runAsMachine`. Throws StartRefusal (`database.*`).
 */
export async function openDatabase(
  config: Pick<Config, 'dataDir' | 'databaseUrl'>,
  { onError = () => undefined, comeBack = false, migrate = true }: OpenOptions = {},
): Promise<Database> {
  const server = config.databaseUrl ? undefined : await startEmbedded(config.dataDir, { onLost: onError, comeBack })
  const database = connect(server ? server.connection : { connectionString: config.databaseUrl }, onError)
  const close = async () => {
    await database.close()
    await server?.stop()
  }
  try {
    await runAsMachine(() => prepare(database, migrate))
  } catch (error) {
    await close()
    throw error
  }
  return { ...database, close }
}

async function prepare({ pool, db }: Database, migrate: boolean): Promise<void> {
  await refuseOldServer(pool)
  if (!migrate) return
  await migrateToLatest(db).catch(async (error: unknown) => {
    throw await roleRefusal(pool, error)
  })
  await prepareServiceRole(pool)
}

/**
 * A pool and query builder on any server, without starting or migrating anything. `outside`: how connections stand where no
 * scope is in force.
 */
export function connect(
  connection: pg.PoolConfig,
  onError: (error: Error) => void = () => undefined,
  outside: Stand = NOBODY,
): Database {
  const settings = {
    application_name: 'alongside',
    max: 10,
    connectionTimeoutMillis: 15_000,
    types: columnTypes(),
    ...connection,
  }
  const pool = new ScopedPool(settings, { outside, onError })
  const db: Db = new Kysely<Record<never, never>>({ dialect: new PostgresDialect({ pool: preparing(pool) }) })
  let closing: Promise<void> | undefined
  return {
    pool,
    db,
    close() {
      closing ??= db.destroy()
      return closing
    },
  }
}

/**
 * How columns arrive: `date` as 'YYYY-MM-DD', `bigint` as a number, `numeric` as a string (its decimals are exact),
 * `jsonb` parsed, `timestamptz` as a Date.
 */
function columnTypes(): pg.CustomTypesConfig {
  const { builtins } = pg.types
  const types = new pg.TypeOverrides()
  const textArray: number = 1009
  const parseTexts: (text: string) => (string | null)[] = pg.types.getTypeParser(textArray, 'text')
  types.setTypeParser(builtins.DATE, (text) => text)
  types.setTypeParser(1182, parseTexts) // date[]
  types.setTypeParser(builtins.INT8, parseWhole)
  types.setTypeParser(1016, (text) => parseTexts(text).map((item) => (item === null ? null : parseWhole(item)))) // bigint[]
  return types
}

function parseWhole(text: string): number {
  const number = Number(text)
  if (!Number.isSafeInteger(number))
    throw new RangeError(`The number ${text} from the database is too large to be exact`)
  return number
}

async function refuseOldServer(pool: pg.Pool): Promise<void> {
  const { version, number } = await findVersion(pool)
  if (number >= 170_000) return
  throw new StartRefusal(
    'database.old-server',
    `The database server is PostgreSQL ${version}; Alongside needs 17 or later.`,
  )
}

async function findVersion(pool: pg.Pool): Promise<{ version: string; number: number }> {
  try {
    const answer = await pool.query<{ version: string; number: number }>(
      `select current_setting('server_version') as version, current_setting('server_version_num')::int as number`,
    )
    return answer.rows[0] ?? { version: 'unknown', number: 0 }
  } catch (error) {
    const reason = error instanceof Error ? error.message || error.name : String(error)
    throw new StartRefusal('database.unreachable', `The database cannot be reached: ${reason}`, { cause: error })
  }
}
