import { resolve } from 'node:path'
import { StartRefusal } from './start-refusal.ts'

/** What a run needs to know before it opens anything. `dataDir` is absolute; `databaseUrl` replaces the embedded server. */
export type Config = {
  readonly port: number
  readonly host: '127.0.0.1'
  readonly dataDir: string
  readonly databaseUrl: string | undefined
  readonly demonstration: boolean
}

/** Command line flags as commander gives them; a flag wins over its environment variable. */
export type ConfigFlags = {
  readonly port?: string | number | undefined
  readonly data?: string | undefined
  readonly demo?: boolean | undefined
}

/** The top folder of the clone: the default data folder stays the same from wherever a command is called. */
const PROJECT_FOLDER = resolve(import.meta.dirname, '../..')

/**
 * Reads PORT (default 3000; 0 means any free port), ALONGSIDE_DATA (default `data/` beside the code) and DATABASE_URL.
 * Empty variables count as absent. Throws StartRefusal `config.port` or `config.database-url`.
 */
export function readConfig(env: Readonly<Record<string, string | undefined>>, flags: ConfigFlags = {}): Config {
  const data = flags.data || env.ALONGSIDE_DATA
  return {
    port: readPort(flags.port ?? (env.PORT || 3000)),
    host: '127.0.0.1',
    dataDir: data ? resolve(data) : resolve(PROJECT_FOLDER, 'data'),
    databaseUrl: readDatabaseUrl(env.DATABASE_URL),
    demonstration: flags.demo === true,
  }
}

function readPort(given: string | number): number {
  const port = Number(given)
  if (String(given).trim() === '' || !Number.isInteger(port) || port < 0 || port > 65_535)
    throw new StartRefusal('config.port', `The port must be a whole number from 0 to 65535, not "${given}".`)
  return port
}

function readDatabaseUrl(given: string | undefined): string | undefined {
  if (!given) return undefined
  // The value may hold a password, so the message does not repeat it.
  if (!/^postgres(ql)?:\/\//.test(given))
    throw new StartRefusal('config.database-url', 'DATABASE_URL must begin with postgres:// or postgresql://.')
  return given
}
