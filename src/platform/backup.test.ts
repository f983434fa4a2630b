import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, test } from 'node:test'
import { gunzipSync, gzipSync } from 'node:zlib'
import { startTestService } from '../../world/test-service.ts'
import { allChecks } from '../app.ts'
import { backup } from './backup.ts'
import type { BackupManifest } from './backup-manifest.ts'
import { connect, type Database } from './db.ts'
import { migrateInTransaction, readMigrations } from './migrate.ts'
import { restore } from './restore.ts'
import { MACHINE } from './scope.ts'
import { testDatabase } from './test-database.ts'
import { verify } from './verify.ts'

const service = await startTestService({ world: true })
const admin = await testDatabase()
const folder = mkdtempSync(join(tmpdir(), 'alongside-backup-'))
const extra: string[] = []
const now = Temporal.Instant.from('2024-01-15T12:00:00Z')

after(async () => {
  await service.close()
  for (const name of extra) await admin.pool.query(`drop database ${name} with (force)`)
  await admin.close()
  rmSync(folder, { recursive: true })
})

async function withEmptyDatabase<T>(work: (empty: Database) => Promise<T>): Promise<T> {
  const name = `${admin.name}_${extra.length}`
  await admin.pool.query(`create database ${name} template template0`)
  extra.push(name)
  const empty = connect({ connectionString: admin.url.replace(admin.name, name) }, undefined, MACHINE)
  return work(empty).finally(() => empty.close())
}

function write(name: string, from: Database = service.database): Promise<BackupManifest> {
  return backup(from, { file: join(folder, name), version: '9.9.9', now, dataDir: join(folder, 'from') })
}

function refusalOf(outcome: Awaited<ReturnType<typeof restore>>): string {
  return outcome.ok ? 'restored' : outcome.refusals.map(({ code }) => code).join()
}

/** Indexes, constraints and working triggers, as PostgreSQL writes them. */
async function readSchema({ pool }: Database): Promise<unknown[]> {
  const { rows } = await pool.query(
    `select pg_get_indexdef(indexrelid) as part from pg_index x join pg_class c on c.oid = indrelid where relnamespace = 'public'::regnamespace
     union all
     select conrelid::regclass::text || ' ' || pg_get_constraintdef(oid) from pg_constraint where connamespace = 'public'::regnamespace
     union all
     select tgname || ' ' || tgenabled::text from pg_trigger where not tgisinternal order by 1`,
  )
  return rows
}

describe('backup and restore', () => {
  test('bring every table back, counters too, and what is worked out agrees with its facts', async () => {
    const written = await write('whole')
    await withEmptyDatabase(async (empty) => {
      const restored = await restore(empty, { file: join(folder, 'whole'), dataDir: join(folder, 'to') })
      assert.equal(refusalOf(restored), 'restored')
      const again = await write('again', empty)
      assert.deepEqual(again.tables, written.tables)
      assert.deepEqual(again.sequences, written.sequences)
      assert.deepEqual(again.migrations, written.migrations)
      assert.ok(written.tables.some(({ name, rows }) => name === 'leader' && rows > 0))
      const results = await verify(empty, allChecks)
      assert.deepEqual(
        results.filter(({ faults }) => faults.length > 0),
        [],
      )
      assert.deepEqual(await readSchema(empty), await readSchema(service.database))
    })
  })

  test('a database that holds anything is left alone', async () => {
    await write('whole')
    const outcome = await restore(service.database, { file: join(folder, 'whole'), dataDir: folder })
    assert.equal(refusalOf(outcome), 'restore.not-empty')
  })

  test('a file that was cut short or changed is refused before anything is written', async () => {
    await write('whole')
    const bytes = readFileSync(join(folder, 'whole'))
    const plain = gunzipSync(bytes)
    const at = plain.indexOf('Primary School')
    plain.write('Bad', at)
    const damaged = gzipSync(plain)
    for (const [content, code] of [
      [bytes.subarray(0, bytes.length - 1000), 'restore.unreadable'],
      [Buffer.from('hello'), 'restore.unreadable'],
      [damaged, 'restore.damaged'],
    ] as const) {
      writeFileSync(join(folder, 'broken'), content)
      await withEmptyDatabase(async (empty) => {
        assert.equal(refusalOf(await restore(empty, { file: join(folder, 'broken'), dataDir: folder })), code)
        const { rows } = await empty.pool.query(`select count(*) from pg_tables where schemaname = 'public'`)
        assert.deepEqual(rows, [{ count: 0 }])
      })
    }
  })

  test('a backup of an older release is brought up to date; one of a newer release is refused in words', async () => {
    await withEmptyDatabase(async (old) => {
      const client = await old.pool.connect()
      await client.query('begin')
      await migrateInTransaction(
        client,
        readMigrations()
          .slice(0, 3)
          .map(({ name }) => name),
      )
      await client.query(`insert into authority (code, name) values ('990', 'Trial Authority')`)
      await client.query('commit')
      client.release()
      await write('old', old)
      await old.pool.query(`insert into kysely_migration values ('9999_later.sql', 'now')`)
      await write('newer', old)
    })
    await withEmptyDatabase(async (empty) => {
      assert.equal(refusalOf(await restore(empty, { file: join(folder, 'newer'), dataDir: folder })), 'restore.newer')
      assert.equal(refusalOf(await restore(empty, { file: join(folder, 'old'), dataDir: folder })), 'restored')
      const migrated = await empty.pool.query('select name from kysely_migration order by name')
      assert.deepEqual(
        migrated.rows.map(({ name }) => name),
        readMigrations().map(({ name }) => name),
      )
      const { rows } = await empty.pool.query('select name from authority')
      assert.deepEqual(rows, [{ name: 'Trial Authority' }])
    })
  })
})

test('verify names what does not hold, and changes nothing', async () => {
  const { pool } = service.database
  await pool.query(`update leader_term set held_half_days = held_half_days + 1
    where leader_id = (select id from leader where reference = 'L-01') and available_half_days > 0`)
  await pool.query('update establishment set latest_grade = 4 where urn = 900001')
  const before = await pool.query(`select latest_grade from establishment where urn = 900001`)
  const faults = (await verify(service.database, allChecks)).flatMap((one) => one.faults)
  assert.ok(
    faults.some((fault) => fault.includes('leader L-01')),
    faults.join('\n'),
  )
  assert.ok(
    faults.some((fault) => fault.includes('URN 900001')),
    faults.join('\n'),
  )
  const after = await pool.query(`select latest_grade from establishment where urn = 900001`)
  assert.deepEqual(after.rows, before.rows)
})
