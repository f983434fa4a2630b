import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sizeInWords, standingOfBackup, standingOfDisk, standingOfJob, standingOfVerify } from './standing.ts'

const NOW = new Date('2024-01-15T08:00:00Z')
const hoursAgo = (hours: number) => new Date(NOW.getTime() - hours * 3_600_000)
const job = (state: object) =>
  standingOfJob(
    { name: 'backup', startedAt: hoursAgo(5), endedAt: hoursAgo(5), result: 'Written', failed: null, ...state },
    NOW,
  )

test('a job is well, late, cut off or failed, with its own words and what to do', () => {
  assert.deepEqual([job({}).state, job({}).words], ['well', 'Written (15 January 2024 at 03:00)'])
  assert.equal(job({ startedAt: hoursAgo(27) }).state, 'look')
  assert.equal(job({ endedAt: null, result: null }).state, 'look')
  const failed = job({ result: null, failed: 'the disk is full' })
  assert.deepEqual([failed.state, failed.words], ['wrong', 'Failed on 15 January 2024 at 03:00: the disk is full'])
  assert.match(failed.remedy, /Look for room on the disk/)
})

test('the disk is wrong below a tenth or 2 GiB free', () => {
  const disk = (free: number) => standingOfDisk({ used: 1024 ** 3, free: free * 1024 ** 3, whole: 100 * 1024 ** 3 })
  assert.deepEqual([disk(10).state, disk(9.9).state], ['well', 'wrong'])
  assert.equal(standingOfDisk({ used: 0, free: 1.9 * 1024 ** 3, whole: 4 * 1024 ** 3 }).state, 'wrong')
  assert.equal(disk(40).words, '1.0 GiB used by the data folder, 40 GiB free of 100 GiB')
  assert.deepEqual([sizeInWords(0), sizeInWords(1536), sizeInWords(300 * 1024)], ['0 bytes', '1.5 KiB', '300 KiB'])
})

test('no backup is well in a new database only; one that is two nights old is wrong', () => {
  const backup = (hours: number) => ({
    name: 'alongside-2024-01-14.tar.gz',
    size: 16_000_000,
    writtenAt: hoursAgo(hours),
  })
  assert.equal(standingOfBackup(undefined, { now: NOW, madeAt: hoursAgo(3) }).state, 'well')
  assert.equal(standingOfBackup(undefined, { now: NOW, madeAt: hoursAgo(60) }).state, 'wrong')
  assert.equal(standingOfBackup(undefined, { now: NOW, madeAt: null }).state, 'wrong')
  assert.equal(standingOfBackup(backup(30), { now: NOW, madeAt: null }).state, 'well')
  assert.equal(standingOfBackup(backup(51), { now: NOW, madeAt: null }).state, 'wrong')
})

test('a check of the data is under way, cut off, whole or with faults', () => {
  const run = {
    id: 1,
    startedAt: hoursAgo(1),
    startedBy: 'Test Officer',
    done: 2,
    total: 5,
    endedAt: null,
    checks: [],
    failed: null,
  }
  assert.match(standingOfVerify(run, true).words, /Under way: 2 of 5 checks done/)
  assert.match(standingOfVerify(run, false).words, /cut off. Run it again/)
  const ended = { ...run, endedAt: NOW, checks: [{ name: 'a', faults: [] }] }
  assert.deepEqual([standingOfVerify(ended, false).state, standingOfVerify(undefined, false).state], ['well', 'look'])
  const faulty = standingOfVerify({ ...ended, checks: [{ name: 'a', faults: ['one', 'two'] }] }, false)
  assert.deepEqual([faulty.state, /2 faults/.test(faulty.words)], ['wrong', true])
})
