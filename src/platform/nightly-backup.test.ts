import assert from 'node:assert/strict'
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { backupOfTheNight, nightlyFolder } from './nightly-backup.ts'
import { checkBackup } from './restore.ts'
import { stampDatabase } from './stamp.ts'
import { testDatabase } from './test-database.ts'

const database = await testDatabase()
const dataDir = mkdtempSync(join(tmpdir(), 'alongside-nights-'))
after(async () => {
  await database.close()
  rmSync(dataDir, { recursive: true })
})

test('each night leaves one backup, and the newest 14 are kept', async () => {
  await stampDatabase(database.db, 'live')
  const made = Temporal.Now.instant()
  const night = (number: number) =>
    backupOfTheNight(database, { dataDir, version: '1.0.0', now: made.add({ hours: 24 * number }) })
  await night(0)
  assert.equal(existsSync(nightlyFolder(dataDir)), false, 'a new database waits for the night')
  await night(1)
  writeFileSync(join(nightlyFolder(dataDir), 'by hand.tar.gz'), '')
  for (let number = 2; number <= 16; number += 1) await night(number)
  await night(16)
  const files = readdirSync(nightlyFolder(dataDir)).sort()
  assert.equal(files.length, 15)
  assert.ok(files.includes('by hand.tar.gz'), 'what we did not write stays')
  const days = files.filter((name) => name.startsWith('alongside-'))
  assert.equal(
    days[0],
    `alongside-${made
      .add({ hours: 24 * 3 })
      .toZonedDateTimeISO('Europe/London')
      .toPlainDate()}.tar.gz`,
  )
  const newest = await checkBackup(join(nightlyFolder(dataDir), days.at(-1) ?? ''))
  assert.ok(newest.ok)
})
