import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, test } from 'node:test'
import { connect, type Database, openDatabase } from './db.ts'
import { migrateToLatest, readMigrations } from './migrate.ts'
import { MACHINE, runAsMachine } from './scope.ts'
import { holdServiceLock } from './service-lock.ts'
import { findDatabaseKind, stampDatabase } from './stamp.ts'
import { testDatabase } from './test-database.ts'

const database = await testDatabase()
const extra: string[] = []

after(async () => {
  for (const name of extra) await database.pool.query(`drop database ${name} with (force)`)
  await database.close()
})

/** The address of a database without any migration. */
async function createEmptyDatabase(): Promise<string> {
  const name = `${database.name}_${extra.length}`
  await database.pool.query(`create database ${name} template template0`)
  extra.push(name)
  return database.url.replace(database.name, name)
}

async function withEmptyDatabase(work: (empty: Database) => Promise<void>): Promise<void> {
  const empty = connect({ connectionString: await createEmptyDatabase() }, undefined, MACHINE)
  await work(empty).finally(() => empty.close())
}

function folderOf(t: { after(clean: () => void): void }, files: Record<string, string>): string {
  const folder = mkdtempSync(join(tmpdir(), 'alongside-migrations-'))
  t.after(() => rmSync(folder, { recursive: true }))
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text)
  return folder
}

describe('what columns become', () => {
  test('a date stays a plain date, whatever the time zone of the machine', async () => {
    const { rows } = await database.pool.query(
      `select date '2024-03-31' as day, array[date '2024-10-27', null] as days`,
    )
    assert.deepEqual(rows, [{ day: '2024-03-31', days: ['2024-10-27', null] }])
  })

  test('counts are numbers, exact decimals are not, and documents are parsed', async () => {
    const { rows } = await database.pool.query(
      `select count(*) as count, array[7::bigint, null] as list, 0.10::numeric as money, '{"a":[1]}'::jsonb as document from generate_series(1, 3)`,
    )
    assert.deepEqual(rows, [{ count: 3, list: [7, null], money: '0.10', document: { a: [1] } }])
  })

  test('a whole number that would lose digits fails instead', async () => {
    await assert.rejects(
      database.pool.query('select 9007199254740993::bigint'),
      /9007199254740993.*too large to be exact/,
    )
  })
})

describe('migrations', () => {
  test('are plain numbered files, each number once', (t) => {
    const names = readMigrations().map((file) => file.name)
    assert.equal(names[0], '0000_ground.sql')
    assert.throws(() => readMigrations(folderOf(t, { '1_short.sql': '' })), /1_short\.sql.*must look like/)
    assert.throws(() => readMigrations(folderOf(t, { '0001_a.sql': '', '0001_b.sql': '' })), /0001_b\.sql.*used twice/)
  })

  test('run once when several processes start together, and are harmless when repeated', async () => {
    const url = await createEmptyDatabase()
    const open = () => openDatabase({ dataDir: '/nowhere', databaseUrl: url })
    const all = await Promise.all([open(), open(), open()])
    const ran = await runAsMachine(() =>
      all[0]?.pool.query<{ name: string }>('select name from kysely_migration order by name'),
    )
    assert.deepEqual(
      ran?.rows.map((row) => row.name),
      readMigrations().map((file) => file.name),
    )
    for (const one of all) await one.close()
    await (await open()).close()
  })

  test('a fault is told with file and line, and leaves nothing behind', async (t) => {
    const folder = folderOf(t, {
      '0001_good.sql': 'create table good (id int);',
      '0002_bad.sql': 'create table half (id int);\n\ninsert into missing values (1);\n',
    })
    await withEmptyDatabase(async ({ db, pool }) => {
      await assert.rejects(
        migrateToLatest(db, folder),
        /^Error: Migration 0002_bad\.sql line 3: relation "missing" does not exist/,
      )
      const tables = await pool.query(`select to_regclass('good') as good, to_regclass('half') as half`)
      assert.deepEqual(tables.rows, [{ good: null, half: null }])
    })
  })

  test('data of a newer release are refused', async (t) => {
    const older = folderOf(t, { '0001_first.sql': 'select 1' })
    const newer = folderOf(t, { '0001_first.sql': 'select 1', '0002_second.sql': 'select 1' })
    await withEmptyDatabase(async ({ db }) => {
      await migrateToLatest(db, newer)
      await assert.rejects(migrateToLatest(db, older), { name: 'StartRefusal', message: /newer release.*0002_second/ })
    })
  })
})

test('a database is for a demonstration or for live work, never both', async () => {
  assert.equal(await findDatabaseKind(database.db), undefined)
  await stampDatabase(database.db, 'demonstration')
  await stampDatabase(database.db, 'demonstration')
  assert.equal(await findDatabaseKind(database.db), 'demonstration')
  await assert.rejects(stampDatabase(database.db, 'live'), { name: 'StartRefusal', message: /holds a demonstration/ })

  await withEmptyDatabase(async ({ db }) => {
    await migrateToLatest(db)
    await stampDatabase(db, 'live')
    await assert.rejects(stampDatabase(db, 'demonstration'), { name: 'StartRefusal', message: /holds live work/ })
  })
})

describe('one service for each database', () => {
  test('a second is refused until the first is gone', async () => {
    const lock = await holdServiceLock(database.pool)
    await assert.rejects(holdServiceLock(database.pool), { name: 'StartRefusal', message: /already running/ })
    await lock.release()
    await lock.release()
    const next = await holdServiceLock(database.pool)
    await next.release()
  })

  test('a killed service frees its place', async () => {
    const module = (name: string) => JSON.stringify(new URL(name, import.meta.url).href)
    const script = `
      import { connect } from ${module('./db.ts')}
      import { holdServiceLock } from ${module('./service-lock.ts')}
      await holdServiceLock(connect({ connectionString: process.env.URL }).pool)
      console.log('held')`
    const service = spawn(process.execPath, ['--input-type=module', '-e', script], {
      env: { ...process.env, URL: database.url },
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    await once(service.stdout, 'data')
    await assert.rejects(holdServiceLock(database.pool), /already running/)
    service.kill('SIGKILL')
    await once(service, 'exit')
    const lock = await eventually(() => holdServiceLock(database.pool))
    await lock.release()
  })
})

describe('a server that goes away', () => {
  test('fails the query in flight, not the process, and the pool mends itself', async () => {
    const told: Error[] = []
    const mine = connect({ connectionString: database.url }, (error) => told.push(error))
    const ended = mine.db.transaction().execute(async (tx) => {
      await tx.executeQuery(tx.selectNoFrom((eb) => eb.lit(1).as('one')).compile())
      await database.pool.query(
        'select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()',
      )
      await tx.executeQuery(tx.selectNoFrom((eb) => eb.lit(2).as('two')).compile())
    })
    await assert.rejects(ended)
    assert.deepEqual((await mine.pool.query('select 3 as three')).rows, [{ three: 3 }])
    await mine.close()
    await mine.close()
  })

  test('is told in a sentence when it was never there', async () => {
    const nowhere = openDatabase({ dataDir: '/nowhere', databaseUrl: 'postgres://somebody@127.0.0.1:1/nothing' })
    await assert.rejects(nowhere, { name: 'StartRefusal', message: /cannot be reached: .*ECONNREFUSED/ })
  })
})

test('each test database is its own', async () => {
  const other = await testDatabase()
  assert.notEqual(other.name, database.name)
  await other.pool.query('create table only_here (id int)')
  const seen = await database.pool.query(`select to_regclass('only_here') as seen`)
  assert.deepEqual(seen.rows, [{ seen: null }])
  await other.close()
  const left = await database.pool.query('select from pg_database where datname = $1', [other.name])
  assert.equal(left.rowCount, 0)
})

/** The server needs a moment to see that a process was killed. */
async function eventually<T>(attempt: () => Promise<T>): Promise<T> {
  for (let tries = 0; tries < 200; tries++) {
    try {
      return await attempt()
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
  }
  return attempt()
}

test('the service takes its place again when its connection was lost, and then gives it back once', async (t) => {
  const mine = connect({ connectionString: database.url, application_name: 'holds the place' })
  t.after(() => mine.close())
  const list = `select pid from pg_stat_activity where application_name = 'holds the place'`
  const breakLines = () => database.pool.query(`select pg_terminate_backend(pid) from (${list}) as held`)
  const lock = await holdServiceLock(mine.pool)
  const before = (await database.pool.query<{ pid: number }>(list)).rows[0]?.pid
  await breakLines()
  await eventually(async () => {
    const others = await database.pool.query(
      `select from pg_locks where locktype = 'advisory' and objid = 7410010 and granted and pid <> $1
         and database = (select oid from pg_database where datname = current_database())`,
      [before],
    )
    assert.equal(others.rowCount, 1)
    assert.ok(lock.isHeld())
  })
  await assert.rejects(holdServiceLock(database.pool), /already running/)
  await lock.release()
  await breakLines()
  await (await holdServiceLock(database.pool)).release()
})
