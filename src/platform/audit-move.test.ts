import assert from 'node:assert/strict'
import { copyFileSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { machineActor } from './actor.ts'
import { writeAudit } from './audit.ts'
import { readAudit } from './audit-history.ts'
import { sealAudit } from './audit-seal.ts'
import { verifyAudit } from './audit-verify.ts'
import { connect } from './db.ts'
import { MIGRATIONS_FOLDER, migrateToLatest, readMigrations } from './migrate.ts'
import { MACHINE } from './scope.ts'
import { testDatabase } from './test-database.ts'

const server = await testDatabase()
const name = `${server.name}_older`
await server.pool.query(`create database ${name} template template0`)
const older = new URL(server.url)
older.pathname = `/${name}`
const database = connect({ connectionString: older.href }, undefined, MACHINE)
after(async () => {
  await database.close()
  await server.pool.query(`drop database ${name} with (force)`)
  await server.close()
})

/** The schema as it was before the audit came. */
async function migrateBefore(first: string): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'alongside-older-'))
  for (const file of readMigrations())
    if (file.name < first) copyFileSync(join(MIGRATIONS_FOLDER, file.name), join(folder, file.name))
  await migrateToLatest(database.db, folder)
  rmSync(folder, { recursive: true })
}

test('histories of an older release move into the audit, and its digests are those that this release works out', async () => {
  await migrateBefore('0020')
  await database.pool.query(`
    insert into leader (reference, type, organisation_name, region) values ('L-1', 'nle', 'Somewhere', 'East');
    insert into leader_history (leader_id, who, door, what, old_values, new_values, reason) values
      (1, 'Invented England', 'world', 'Added', '{}', '{"name": "Æsa Ódinsdóttir", "phases": ["primary", "secondary"], "days": null}', null),
      (1, 'Officer', 'page', 'Changed', '{"travelLimitMiles": ""}', '{"travelLimitMiles": "45", "a\\"b": {"c": 1.50}}', 'Asked – by post');`)
  await migrateToLatest(database.db)

  await database.db.transaction().execute((transaction) =>
    writeAudit(transaction, {
      actor: machineActor('Tester', 'system'),
      action: 'Looked at',
      record: 'leader',
      recordKey: 1,
    }),
  )
  await sealAudit(database)
  const report = await verifyAudit(database)
  assert.deepEqual([report.faults, report.entries], [[], 3])
  const changes = await readAudit(database.db, [{ record: 'leader', keys: [1] }])
  assert.deepEqual(
    changes.map(({ action, name: who, door, old, new: now, reason }) => ({ action, who, door, old, now, reason })),
    [
      { action: 'Looked at', who: 'Tester', door: 'system', old: {}, now: {}, reason: null },
      {
        action: 'Changed',
        who: 'Officer',
        door: 'page',
        old: { travelLimitMiles: '' },
        now: { travelLimitMiles: '45', 'a"b': { c: 1.5 } },
        reason: 'Asked – by post',
      },
      {
        action: 'Added',
        who: 'Invented England',
        door: 'system',
        old: {},
        now: { name: 'Æsa Ódinsdóttir', phases: ['primary', 'secondary'], days: null },
        reason: null,
      },
    ],
  )
  assert.equal((await database.pool.query('select from leader_history')).rowCount, 0)
})
