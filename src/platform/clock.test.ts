import assert from 'node:assert/strict'
import { test } from 'node:test'
import { londonDay, systemClock } from './clock.ts'
import { longDate } from './words.ts'

const dayAt = (instant: string) => londonDay(Temporal.Instant.from(instant))

test('the day turns at midnight in London, in winter and in summer, and on both clock changes', () => {
  assert.equal(dayAt('2026-01-31T23:59:59Z'), '2026-01-31')
  assert.equal(dayAt('2026-02-01T00:00:00Z'), '2026-02-01')
  assert.equal(dayAt('2026-06-30T22:59:59Z'), '2026-06-30')
  assert.equal(dayAt('2026-06-30T23:00:00Z'), '2026-07-01')
  // Clocks go forward at 01:00 UTC on 29 March 2026: that day begins by winter time and ends by summer time.
  assert.equal(dayAt('2026-03-28T23:59:59Z'), '2026-03-28')
  assert.equal(dayAt('2026-03-29T00:00:00Z'), '2026-03-29')
  assert.equal(dayAt('2026-03-29T22:59:59Z'), '2026-03-29')
  assert.equal(dayAt('2026-03-29T23:00:00Z'), '2026-03-30')
  // Clocks go back at 01:00 UTC on 25 October 2026: 25 hours long.
  assert.equal(dayAt('2026-10-24T22:59:59Z'), '2026-10-24')
  assert.equal(dayAt('2026-10-24T23:00:00Z'), '2026-10-25')
  assert.equal(dayAt('2026-10-25T23:59:59Z'), '2026-10-25')
  assert.equal(dayAt('2026-10-26T00:00:00Z'), '2026-10-26')
})

test('a date of the database driver is read as the instant that it is', () => {
  assert.equal(londonDay(new Date('2026-06-30T23:30:00Z')), '2026-07-01')
})

test('today is the day in London, whatever zone the machine is in', () => {
  const before = londonDay(Temporal.Now.instant())
  const today = systemClock.today().toString()
  assert.ok([before, londonDay(Temporal.Now.instant())].includes(today))
})

test('a plain date in words is the same date', () => {
  assert.equal(longDate('2026-03-29'), '29 March 2026')
  assert.equal(longDate('2026-10-25'), '25 October 2026')
  assert.equal(longDate('2026-01-01'), '1 January 2026')
})
