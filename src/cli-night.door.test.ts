import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { fixedClock } from '../world/test-service.ts'
import { everyDay, PACKS_FOLDER } from './app.ts'
import { workOfTheNight } from './cli-night.ts'
import { listNightJobs } from './platform/night-jobs.ts'
import { stampDatabase } from './platform/stamp.ts'
import { testDatabase } from './platform/test-database.ts'
import { loadPacks } from './programmes/index.ts'

let database: Awaited<ReturnType<typeof testDatabase>>
let folder: string
before(async () => {
  database = await testDatabase()
  await stampDatabase(database.db, 'live')
  folder = await mkdtemp(join(tmpdir(), 'alongside-night-'))
})
after(async () => {
  await database.close()
  await rm(folder, { recursive: true })
})

test('a live night does what every day begins with, after the register; a demonstration does that when its day is moved', async () => {
  const packs = await loadPacks(PACKS_FOLDER)
  assert.ok(packs.ok)
  const parts = { database, clock: fixedClock('2024-01-15'), packs: packs.value }
  const ofDays = everyDay(parts).map(({ name }) => name)
  const done = async () => {
    const jobs = await listNightJobs(database.db)
    assert.deepEqual(
      jobs.filter(({ failed }) => failed !== null),
      [],
    )
    return jobs.map(({ name }) => name).sort()
  }
  const ofNights = ['audit seal', 'backup', 'register', 'retention', 'schools of open cases']
  await workOfTheNight({ ...parts, demonstration: true }, folder)
  assert.deepEqual(await done(), ofNights)
  await workOfTheNight({ ...parts, demonstration: false }, folder)
  assert.deepEqual(await done(), [...ofNights, ...ofDays].sort())
})
