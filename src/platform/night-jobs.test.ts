import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { listNightJobs, runNightJobs } from './night-jobs.ts'
import { testDatabase } from './test-database.ts'

const database = await testDatabase()
after(() => database.close())

test('a job that fails does not keep the others from their turn, and how each went is kept', async () => {
  const done: string[] = []
  const jobs = [
    { name: 'first', work: async () => Promise.reject(new Error('the disk is full')) },
    { name: 'second', work: async () => `${done.push('second')} file written` },
    { name: 'third', work: async () => null },
  ]
  await assert.rejects(runNightJobs(database, jobs), /first: the disk is full/)
  assert.deepEqual(done, ['second'])
  const states = await listNightJobs(database.db)
  assert.deepEqual(
    states.map(({ name, result, failed, endedAt }) => ({ name, result, failed, ended: endedAt !== null })),
    [
      { name: 'first', result: null, failed: 'the disk is full', ended: true },
      { name: 'second', result: '1 file written', failed: null, ended: true },
      { name: 'third', result: 'Nothing to do', failed: null, ended: true },
    ],
  )

  await runNightJobs(database, [{ name: 'first', work: async () => 'Room again' }])
  assert.deepEqual(
    (await listNightJobs(database.db)).map(({ failed }) => failed),
    [null, null, null],
  )
})
