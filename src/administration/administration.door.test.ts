import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { openNightFolder } from '../../world/night-folder.ts'
import { startTestService, type TestService } from '../../world/test-service.ts'
import { runNightJobs } from '../platform/night-jobs.ts'

let service: TestService
before(async () => {
  service = await startTestService({ world: true })
})
after(() => service.close())

type Overview = {
  service: { id: string; state: string; words: string; remedy: string }[]
  jobs: { id: string; state: string; words: string }[]
  verify: { endedAt: string | null; checks: { name: string; faults: string[] }[] } | null
}

async function overview(): Promise<Overview> {
  return (await service.get('/api/v1/administration')).json<Overview>()
}

async function verified(): Promise<Overview> {
  for (;;) {
    const now = await overview()
    if (now.verify?.endedAt) return now
    await sleep(50)
  }
}

test('everything stands on one page with what to do, for administrators only', async () => {
  const page = await service.get('/administration')
  assert.equal(page.status, 200)
  for (const words of [
    'Version 0.1.0, a demonstration',
    'Mail waiting Well 0',
    'Migrations Well',
    'Database Well',
    'Sessions in use Well 1 session of 1 person',
  ])
    assert.ok(page.text.includes(words), words)
  assert.match(page.text, /Imports held for a person Well None Open each, look at its reasons/)
  assert.match(page.body, /href="\/administration"/, 'it stands in the navigation')
  const { cookie } = await service.postJson('/demo/sign-in', { person: 'rg-ne' })
  const officer = service.as(cookie)
  assert.equal((await officer.get('/administration')).status, 403)
  assert.equal((await officer.get('/api/v1/administration')).status, 403)
  assert.doesNotMatch((await officer.get('/schools')).body, /href="\/administration"/)
})

test('a job that failed and an import that waits are seen here', async () => {
  const jobs = [
    { name: 'backup', work: () => Promise.reject(new Error('no room on the disk')) },
    { name: 'retention', work: async () => '3 values removed' },
  ]
  await runNightJobs(service.database, jobs).catch(() => undefined)
  const nights = await openNightFolder(service.database)
  await nights.put('odd.csv', 'one,two\n1,2\n')
  await nights.night('2024-01-15')
  await nights.remove()
  const now = await overview()
  assert.deepEqual(
    now.jobs.map(({ id, state }) => [id, state]),
    [
      ['job-backup', 'wrong'],
      ['job-retention', 'well'],
    ],
  )
  assert.match(now.jobs[0]?.words ?? '', /no room on the disk/)
  assert.deepEqual(
    now.service.filter(({ id }) => id === 'held').map(({ state, words }) => [state, words]),
    [['look', '1 import waiting']],
  )
  assert.match((await service.get('/administration')).text, /things to look at/)
})

test('the whole data is checked in the background, one at a time, and the result is kept', async () => {
  const [first, second] = await Promise.all([
    service.postJson('/api/v1/administration/verify', {}),
    service.postJson('/api/v1/administration/verify', {}),
  ])
  assert.deepEqual([first.status, second.status].toSorted(), [201, 409])
  const whole = await verified()
  assert.ok((whole.verify?.checks.length ?? 0) > 3)
  assert.match(whole.service.find(({ id }) => id === 'verify')?.words ?? '', /asked for by Test Officer: all hold/)

  await service.database.pool.query('update establishment set latest_grade = 1 where urn = 900001')
  assert.equal((await service.post('/administration/verify', {})).location, '/administration#verify')
  const faulty = await verified()
  assert.equal(faulty.service.find(({ id }) => id === 'verify')?.state, 'wrong')
  assert.match(
    (await service.get('/administration')).text,
    /URN 900001: what is stored differs from what its facts say/,
  )
  const { rows } = await service.database.pool.query(`select from audit_entry where action = 'Verify asked for'`)
  assert.equal(rows.length, 2)
})

test('a check that ended with its service is told as cut off, and the next one begins', async () => {
  await service.database.pool.query(`insert into verify_run (started_by, total) values ('Test Officer', 5)`)
  assert.match((await overview()).service.find(({ id }) => id === 'verify')?.words ?? '', /cut off. Run it again/)
  assert.equal((await service.postJson('/api/v1/administration/verify', {})).status, 201)
  await verified()
})
