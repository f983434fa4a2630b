import { type ChildProcess, spawn } from 'node:child_process'
import { closeSync, existsSync, fchownSync, openSync, readFileSync, renameSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { type DataFolder, openDataFolder, postgresEnvironment, prepareDataFolder } from './data-folder.ts'
import { isDatabaseAway } from './database-away.ts'
import { findPostgresBinaries } from './postgres-binaries.ts'
import { findPostmaster, isAlive, isPostgres, removeStaleLocks, stopPostmaster } from './postgres-process.ts'
import { StartRefusal } from './start-refusal.ts'

/** How to reach an embedded server: `pg` takes it as it is. The host is the socket folder. */
export type EmbeddedConnection = {
  readonly host: string
  readonly port: 5432
  readonly user: 'alongside'
  readonly database: string
}

/** `adopted`: the server was running already. `stop` leaves, and ends the server when nobody else uses it. */
export type EmbeddedServer = {
  readonly socketDir: string
  readonly connection: EmbeddedConnection
  readonly adopted: boolean
  stop(): Promise<void>
}

export type EmbeddedOptions = {
  /** Server settings that replace ours, for tests. */
  readonly settings?: Readonly<Record<string, string>>
  /** Called when the server goes away under us; not called by `stop`. */
  readonly onLost?: (error: Error) => void
  /** Starts or joins the server again when it went away, until `stop`. For a service; a command fails instead. */
  readonly comeBack?: boolean
}

/** Sized for one small machine. Durability (fsync, full_page_writes, synchronous_commit) stays as PostgreSQL has it. */
const SETTINGS = {
  listen_addresses: '', // unix socket only
  port: '5432',
  unix_socket_permissions: '0700',
  max_connections: '50',
  shared_buffers: '256MB',
  effective_cache_size: '1GB',
  work_mem: '16MB',
  maintenance_work_mem: '128MB',
  random_page_cost: '1.1',
  jit: 'off',
  // Parallel work needs /dev/shm, of which a container often has only 64 MB.
  max_parallel_workers_per_gather: '0',
  max_parallel_maintenance_workers: '0',
  io_method: 'sync',
  huge_pages: 'off',
  // Nobody replicates from it, and bulk loads into new tables are quicker.
  wal_level: 'minimal',
  max_wal_senders: '0',
  timezone: 'UTC',
  log_timezone: 'UTC',
  log_line_prefix: '%m [%p] ',
  log_checkpoints: 'off',
}

const READY_WITHIN_MS = 120_000
/** After a kill of app and server, the old processes may take some seconds to go. */
const RETRY_FAILED_START_MS = 5_000
const SEE_A_KILL_WITHIN_MS = 2_000
const LONGEST_LOG = 1_000_000

/** Every process that uses the server holds this lock shared; who gets it alone is the last and may stop the server. */
const PRESENCE_LOCK = 7_410_001
const CREATE_LOCK = 7_410_002

/**
 * Starts the PostgreSQL of a data folder, or joins the one that runs there already, and makes the database `alongside`.
 * Several processes may do so at once. Throws StartRefusal (`database.*`) with a sentence for whoever starts it.
 */
export async function startEmbedded(dataDir: string, options: EmbeddedOptions = {}): Promise<EmbeddedServer> {
  const folder = openDataFolder(dataDir)
  const first = await joinOrLaunch(folder, options)
  let presence = first.presence
  await createDatabase(presence)
  const socketDir = socketFolderOf(folder)
  let stopping: Promise<void> | undefined
  let returning: Promise<void> | undefined
  const watch = () => {
    let isLost = false
    presence.on('error', (error) => {
      if (!stopping && !isLost) options.onLost?.(error)
      if (!stopping && !isLost && options.comeBack) returning = comeBack()
      isLost = true // one broken line tells of itself more than once
    })
  }
  const comeBack = async () => {
    const found = await joinAgain(folder, options, () => stopping !== undefined)
    if (!found) return
    presence = found
    watch()
    // It may have gone again before anybody watched.
    await found.query('select 1').catch((error: Error) => found.emit('error', error))
  }
  watch()
  return {
    socketDir,
    connection: connectionTo(socketDir, 'alongside'),
    adopted: !first.started,
    stop() {
      stopping ??= (async () => {
        await returning
        await leave(folder, presence)
      })()
      return stopping
    },
  }
}

/** Tries for as long as it is wanted: a full disk or a slow recovery may pass. */
async function joinAgain(
  folder: DataFolder,
  options: EmbeddedOptions,
  isUnwanted: () => boolean,
): Promise<pg.Client | undefined> {
  while (!isUnwanted()) {
    try {
      return (await joinOrLaunch(folder, options)).presence
    } catch (error) {
      options.onLost?.(error instanceof Error ? error : new Error(String(error)))
      await sleep(1_000)
    }
  }
  return undefined
}

/**
 * Ends the server of a data folder that an ended service left behind. `in-use`: another process works with it, so it
 * stays. Starts and makes nothing.
 */
export async function stopEmbedded(dataDir: string): Promise<'stopped' | 'not-running' | 'in-use'> {
  if (!existsSync(join(dataDir, 'postgres'))) return 'not-running'
  const folder = openDataFolder(dataDir)
  const deadline = Date.now() + READY_WITHIN_MS
  while (isRunning(folder) && Date.now() < deadline) {
    const presence = await tryJoin(folder)
    if (presence) return (await leave(folder, presence)) ? 'stopped' : 'in-use'
    await sleep(20)
  }
  return 'not-running'
}

async function joinOrLaunch(
  folder: DataFolder,
  options: EmbeddedOptions,
): Promise<{ presence: pg.Client; started: boolean }> {
  const deadline = Date.now() + READY_WITHIN_MS
  let launched: ChildProcess | undefined
  let firstFailure: number | undefined
  for (;;) {
    const presence = await tryJoin(folder)
    if (presence)
      return { presence, started: launched?.pid !== undefined && launched.pid === findPostmaster(folder.cluster)?.pid }

    const now = Date.now()
    if (now > deadline) throw notStarted(folder, 'it did not become ready')
    if (launched && hasEnded(launched)) {
      firstFailure ??= now
      if (now - firstFailure > RETRY_FAILED_START_MS) throw notStarted(folder, 'it ended at once')
      removeStaleLocks(folder.cluster, folder.socketDir)
      launched = undefined
      await sleep(50)
    } else if (!launched && !isRunning(folder)) {
      launched = launch(folder, options)
    }
    await sleep(10)
  }
}

function launch(folder: DataFolder, { settings = {} }: EmbeddedOptions): ChildProcess {
  const binaries = findPostgresBinaries()
  const user = prepareDataFolder(folder, binaries, { sync: settings.fsync !== 'off' })
  const all: Record<string, string> = { ...SETTINGS, unix_socket_directories: folder.socketDir, ...settings }
  const flags = Object.entries(all).flatMap(([name, value]) => ['-c', `${name}=${value}`])
  const [command = '', ...args] = [...user.prefix, binaries.postgres, '-D', folder.cluster, ...flags]

  const log = openLog(folder)
  if (user.uid !== undefined) fchownSync(log, user.uid, user.gid ?? user.uid)
  // Detached, so that Ctrl-C in a terminal reaches the service only, which then stops the server in order.
  const child = spawn(command, args, {
    ...user,
    env: postgresEnvironment(),
    cwd: '/',
    detached: true,
    stdio: ['ignore', log, log],
  })
  closeSync(log)
  child.on('error', () => undefined) // seen as a child without a process number
  child.unref()
  return child
}

function hasEnded(child: ChildProcess): boolean {
  return child.pid === undefined || child.exitCode !== null || child.signalCode !== null
}

function isRunning(folder: DataFolder): boolean {
  const postmaster = findPostmaster(folder.cluster)
  return postmaster !== undefined && isPostgres(postmaster.pid)
}

/** The folder of the running server wins over ours: it may have been started under another TMPDIR. */
function socketFolderOf(folder: DataFolder): string {
  return findPostmaster(folder.cluster)?.socketDir ?? folder.socketDir
}

function connectionTo(socketDir: string, database: string): EmbeddedConnection {
  return { host: socketDir, port: 5432, user: 'alongside', database }
}

/** A connection that holds the presence lock, or undefined while there is no server that takes one. */
async function tryJoin(folder: DataFolder): Promise<pg.Client | undefined> {
  const client = new pg.Client({
    ...connectionTo(socketFolderOf(folder), 'postgres'),
    application_name: `alongside ${process.pid}`,
    connectionTimeoutMillis: 10_000,
    keepAlive: true,
  })
  client.on('error', () => undefined) // the server may go at any time; the next query tells
  try {
    await client.connect()
    // Waits while the last one leaves; that ends with a closed connection, because the server stops then.
    await client.query('select pg_advisory_lock_shared($1)', [PRESENCE_LOCK])
    return client
  } catch (error) {
    await client.end().catch(() => undefined)
    if (isDatabaseAway(error)) return undefined
    throw error
  }
}

/** Gives up the presence; true when we were the last and the server was stopped. */
async function leave(folder: DataFolder, presence: pg.Client): Promise<boolean> {
  try {
    await presence.query('select pg_advisory_unlock_shared($1)', [PRESENCE_LOCK])
    if (!(await isLast(presence))) return false
    await stopPostmaster(folder.cluster)
    return true
  } catch (error) {
    if (isDatabaseAway(error)) return false // the server went before we did
    throw error
  } finally {
    await presence.end().catch(() => undefined)
  }
}

/** Takes the presence lock alone. The server needs a moment to see that a killed process is gone, so that is waited for. */
async function isLast(presence: pg.Client): Promise<boolean> {
  const deadline = Date.now() + SEE_A_KILL_WITHIN_MS
  for (;;) {
    const taken = await presence.query<{ locked: boolean }>('select pg_try_advisory_lock($1) as locked', [
      PRESENCE_LOCK,
    ])
    if (taken.rows[0]?.locked) return true
    const others = await presence.query<{ name: string }>(
      `select application_name as name from pg_locks join pg_stat_activity using (pid)
       where locktype = 'advisory' and objid = $1 and pid <> pg_backend_pid()`,
      [PRESENCE_LOCK],
    )
    const isUsed = others.rows.some(({ name }) => isAlive(Number(name.split(' ')[1])))
    if (isUsed || Date.now() > deadline) return false
    await sleep(10)
  }
}

async function createDatabase(presence: pg.Client): Promise<void> {
  const exists = `select from pg_database where datname = 'alongside'`
  if ((await presence.query(exists)).rowCount) return
  await presence.query('select pg_advisory_lock($1)', [CREATE_LOCK])
  if (!(await presence.query(exists)).rowCount) await presence.query('create database alongside')
  await presence.query('select pg_advisory_unlock($1)', [CREATE_LOCK])
}

/** Appends, so that two starts at once do not blank each other's lines; a long log of earlier runs is put aside. */
function openLog(folder: DataFolder): number {
  const size = statSync(folder.log, { throwIfNoEntry: false })?.size ?? 0
  if (size > LONGEST_LOG) renameSync(folder.log, `${folder.log}.1`)
  return openSync(folder.log, 'a', 0o640)
}

function notStarted(folder: DataFolder, how: string): StartRefusal {
  const tail = existsSync(folder.log) ? readFileSync(folder.log, 'utf8').trimEnd().split('\n').slice(-5).join('\n') : ''
  return new StartRefusal(
    'database.not-started',
    `The database server did not start: ${how}. The end of ${folder.log}:\n${tail}`,
  )
}
