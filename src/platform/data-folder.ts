import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import type { PostgresBinaries } from './postgres-binaries.ts'
import { isAlive } from './postgres-process.ts'
import { choosePostgresUser, giveTo, type PostgresUser } from './postgres-user.ts'
import { StartRefusal } from './start-refusal.ts'

/** The parts of a data folder that belong to the embedded server. All paths are absolute and real. */
export type DataFolder = {
  readonly path: string
  readonly cluster: string
  readonly socketDir: string
  readonly log: string
}

/** A socket path may have 107 characters on Linux and 103 on macOS, with `/.s.PGSQL.5432` in it. */
const LONGEST_SOCKET_FOLDER = 103 - '/.s.PGSQL.5432'.length

const SIDE_FOLDER = /^postgres\.new-(\d+)-/

/** Names the parts, and makes the data folder itself when it is missing. Throws StartRefusal `database.folder`. */
export function openDataFolder(dataDir: string): DataFolder {
  try {
    // Others may pass through but not list: as root, the server runs as `nobody` and must reach its own folder inside.
    mkdirSync(dataDir, { recursive: true, mode: 0o711 })
    const path = realpathSync(dataDir)
    return {
      path,
      cluster: join(path, 'postgres'),
      socketDir: chooseSocketFolder(path),
      log: join(path, 'postgres.log'),
    }
  } catch (error) {
    throw new StartRefusal('database.folder', `The data folder ${dataDir} cannot be used: ${messageOf(error)}`, {
      cause: error,
    })
  }
}

function chooseSocketFolder(path: string): string {
  const beside = join(path, 'socket')
  if (Buffer.byteLength(beside) <= LONGEST_SOCKET_FOLDER) return beside
  const key = createHash('sha256').update(path).digest('hex').slice(0, 16)
  return join(tmpdir(), `alongside-${key}`)
}

/**
 * Makes everything ready for a start: the socket folder, and on the first start the cluster, in a side folder that is
 * renamed when complete, so that a kill leaves no half cluster. Answers who runs the server.
 * Throws StartRefusal `database.wrong-major`, `database.folder`, `database.root` or `database.no-cluster`.
 */
export function prepareDataFolder(
  folder: DataFolder,
  binaries: PostgresBinaries,
  options: { sync: boolean },
): PostgresUser {
  sweepSideFolders(folder)
  const user = choosePostgresUser(binaries.postgres, [folder.path, dirname(folder.socketDir)], folder.cluster)
  if (!existsSync(folder.cluster)) createCluster(folder, binaries, user, options)
  refuseOtherMajor(folder, binaries)
  giveTo(user, folder.cluster)
  prepareSocketFolder(folder, user)
  return user
}

/** Side folders whose maker is gone are left-overs of a kill. */
function sweepSideFolders(folder: DataFolder): void {
  for (const name of readdirSync(folder.path)) {
    const maker = SIDE_FOLDER.exec(name)?.[1]
    if (maker && !isAlive(Number(maker))) rmSync(join(folder.path, name), { recursive: true, force: true })
  }
}

function createCluster(
  folder: DataFolder,
  binaries: PostgresBinaries,
  user: PostgresUser,
  options: { sync: boolean },
): void {
  const side = mkdtempSync(join(folder.path, `postgres.new-${process.pid}-`))
  giveTo(user, side)
  const [command = '', ...args] = [
    ...user.prefix,
    binaries.initdb,
    `--pgdata=${side}`,
    '--username=alongside',
    '--auth=trust', // only those who can enter the socket folder get this far
    '--encoding=UTF8',
    '--locale=C',
    '--locale-provider=builtin', // the same order of names on every machine, whatever its C library
    '--builtin-locale=C.UTF-8',
    '--data-checksums',
    '--no-instructions',
    ...(options.sync ? [] : ['--no-sync']),
  ]
  const made = spawnSync(command, args, { ...user, env: postgresEnvironment(), cwd: '/', encoding: 'utf8' })
  if (made.status !== 0) {
    rmSync(side, { recursive: true, force: true })
    const reason = made.error?.message ?? made.stderr.trim()
    throw new StartRefusal('database.no-cluster', `The database could not be made in ${folder.path}: ${reason}`)
  }
  try {
    renameSync(side, folder.cluster)
  } catch (error) {
    rmSync(side, { recursive: true, force: true })
    // Another start was quicker, and its cluster is as good as ours.
    if (!existsSync(folder.cluster)) throw error
  }
}

function refuseOtherMajor(folder: DataFolder, binaries: PostgresBinaries): void {
  const held = Number.parseInt(readInCluster(folder, 'PG_VERSION'), 10)
  if (held === binaries.major) return
  throw new StartRefusal(
    'database.wrong-major',
    `The data in ${folder.path} was written by PostgreSQL ${held}, and this release brings PostgreSQL ${binaries.major}. Run "npm run alongside -- upgrade" first.`,
  )
}

/** Reads a small file of the cluster. Throws StartRefusal `database.folder` when it belongs to somebody else. */
export function readInCluster(folder: DataFolder, name: string): string {
  try {
    return readFileSync(join(folder.cluster, name), 'utf8')
  } catch (error) {
    throw new StartRefusal('database.folder', `The data folder ${folder.path} cannot be read: ${messageOf(error)}`, {
      cause: error,
    })
  }
}

function prepareSocketFolder(folder: DataFolder, user: PostgresUser): void {
  mkdirSync(folder.socketDir, { recursive: true, mode: 0o700 })
  const stat = lstatSync(folder.socketDir)
  // In a temporary folder anybody could have put something under this name before us.
  if (!stat.isDirectory() || (process.getuid?.() !== 0 && stat.uid !== user.owner.uid))
    throw new StartRefusal('database.folder', `${folder.socketDir} belongs to somebody else. Remove it, or set TMPDIR.`)
  chmodSync(folder.socketDir, 0o700)
  giveTo(user, folder.socketDir)
}

/**
 * Keeps memory between queries: PostgreSQL frees what it planned a query with, and to hand that back to the system and take
 * it again took longer than the query. Read by glibc, in bytes for each connection; elsewhere without effect.
 */
const KEEP_MEMORY = {
  MALLOC_TRIM_THRESHOLD_: '16777216',
  MALLOC_MMAP_THRESHOLD_: '16777216',
  MALLOC_TOP_PAD_: '1048576',
}

/** Nothing of the caller's locale, time zone or PG… variables reaches the server. */
export function postgresEnvironment(): Record<string, string> {
  return { PATH: process.env.PATH ?? '/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC', ...KEEP_MEMORY }
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
