import { createHash, randomUUID } from 'node:crypto'
import { rmSync } from 'node:fs'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { connect, type Database } from './db.ts'
import { type EmbeddedServer, startEmbedded, stopEmbedded } from './embedded-postgres.ts'
import { migrateToLatest, readMigrations } from './migrate.ts'
import { isAlive } from './postgres-process.ts'
import { MACHINE } from './scope.ts'
import { StartRefusal } from './start-refusal.ts'

/** A database of one test file's own. `url` opens the same one from another process, as its DATABASE_URL. */
export type TestDatabase = Database & { readonly name: string; readonly url: string }

type Server = { readonly url: (database: string) => string; readonly admin: pg.Client; leave(): Promise<void> }

/** Tests throw their data away, so nothing waits for the disk. */
const TEST_SETTINGS = {
  fsync: 'off',
  synchronous_commit: 'off',
  full_page_writes: 'off',
  shared_buffers: '128MB',
  max_connections: '200',
}

/** One at a time makes the template or copies it: PostgreSQL copies no database that somebody is connected to. */
const TEMPLATE_LOCK = 7_410_020

/**
 * A new database with every migration, for one test file: `const database = await testDatabase()` and
 * `after(() => database.close())`, which drops it. It lives on one server shared by all test processes of this checkout,
 * in ALONGSIDE_TEST_SERVER or a temporary folder, or on the server of DATABASE_URL (whose user must be allowed to
 * create databases). The last process to close ends the shared server. Its connections are the machine's, except in a scope.
 */
export async function testDatabase(): Promise<TestDatabase> {
  const server = await joinTestServer()
  const name = `alongside_test_${process.pid}_${randomUUID().slice(0, 8)}`
  try {
    await server.admin.query('select pg_advisory_lock($1)', [TEMPLATE_LOCK])
    const template = await makeTemplate(server)
    await server.admin.query(`create database ${name} template ${template}`)
    await server.admin.query('select pg_advisory_unlock($1)', [TEMPLATE_LOCK])
  } catch (error) {
    await server.leave()
    throw error
  }
  const url = server.url(name)
  const database = connect({ connectionString: url }, undefined, MACHINE)
  let closing: Promise<void> | undefined
  const close = async () => {
    // A failed test may still hold a connection, which the pool would wait for; dropping the database breaks it.
    await Promise.race([database.close(), sleep(2_000, undefined, { ref: false })])
    await server.admin.query(`drop database if exists ${name} with (force)`)
    await server.leave()
  }
  return {
    ...database,
    name,
    url,
    close() {
      closing ??= close()
      return closing
    },
  }
}

/** Ends the shared server, which only a killed test leaves behind. Does nothing while a test still uses it. */
export async function stopTestServer(): Promise<void> {
  await stopEmbedded(testServerFolder())
}

async function joinTestServer(): Promise<Server> {
  const given = process.env.DATABASE_URL
  if (given) {
    const admin = await connectAdmin(given)
    return { url: (database) => withDatabase(given, database), admin, leave: () => admin.end() }
  }
  const embedded = await startTestServer()
  const { host, port, user } = embedded.connection
  const url = (database: string) => `postgres://${user}@localhost:${port}/${database}?host=${encodeURIComponent(host)}`
  const admin = await connectAdmin(url('postgres')).catch(async (error: unknown) => {
    await embedded.stop() // else the presence would keep this process alive
    throw error
  })
  await dropLeftOvers(admin)
  const leave = async () => {
    await admin.end()
    await embedded.stop()
  }
  return { url, admin, leave }
}

/** Data that another PostgreSQL wrote, or that a crash without fsync broke, are thrown away. */
async function startTestServer(): Promise<EmbeddedServer> {
  const folder = testServerFolder()
  try {
    return await startEmbedded(folder, { settings: TEST_SETTINGS })
  } catch (error) {
    const code = error instanceof StartRefusal ? error.refusal.code : undefined
    if (code !== 'database.wrong-major' && code !== 'database.not-started') throw error
    rmSync(join(folder, 'postgres'), { recursive: true, force: true })
    return await startEmbedded(folder, { settings: TEST_SETTINGS })
  }
}

function testServerFolder(): string {
  const given = process.env.ALONGSIDE_TEST_SERVER
  if (given) return given
  const key = createHash('sha256')
    .update(import.meta.dirname)
    .digest('hex')
    .slice(0, 8)
  return join(tmpdir(), `alongside-test-${userInfo().uid}-${key}`)
}

async function connectAdmin(url: string): Promise<pg.Client> {
  const admin = new pg.Client({ connectionString: url })
  admin.on('error', () => undefined) // the next query tells
  await admin.connect()
  return admin
}

function withDatabase(url: string, database: string): string {
  const changed = new URL(url)
  changed.pathname = `/${database}`
  return changed.href
}

/**
 * The migrated database that all others are copied from, named by what the migrations say; those of other texts are
 * dropped. It gets its name when complete, so a kill leaves none that is half made.
 */
async function makeTemplate({ admin, url }: Server): Promise<string> {
  const migrations = createHash('sha256').update(JSON.stringify(readMigrations()))
  const template = `alongside_template_${migrations.digest('hex').slice(0, 16)}`
  const found = await admin.query<{ name: string }>(
    `select datname as name from pg_database where starts_with(datname, 'alongside_template_')`,
  )
  const names = found.rows.map((row) => row.name)
  if (names.includes(template)) return template

  for (const name of names) await admin.query(`drop database if exists ${name} with (force)`)
  const unfinished = `${template}_unfinished`
  await admin.query(`create database ${unfinished} template template0`)
  const database = connect({ connectionString: url(unfinished) }, undefined, MACHINE)
  try {
    await migrateToLatest(database.db)
  } finally {
    await database.close()
  }
  await admin.query(`alter database ${unfinished} rename to ${template}`)
  return template
}

/** Databases of test processes that were killed. Only on our own server, where every process number is of this machine. */
async function dropLeftOvers(admin: pg.Client): Promise<void> {
  const found = await admin.query<{ name: string; pid: string }>(
    `select datname as name, split_part(datname, '_', 3) as pid from pg_database where starts_with(datname, 'alongside_test_')`,
  )
  for (const { name, pid } of found.rows)
    if (!isAlive(Number(pid))) await admin.query(`drop database if exists ${name} with (force)`)
}
