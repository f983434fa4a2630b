import assert from 'node:assert/strict'
import { test } from 'node:test'
import { everyNight, millisUntilNight } from './nightly.ts'

const hours = (instant: string) => millisUntilNight(Temporal.Instant.from(instant)) / 3_600_000

test('the next night is at half past two in London, also over both clock changes', () => {
  assert.equal(hours('2024-01-15T02:00:00Z'), 0.5)
  assert.equal(hours('2024-01-15T02:30:00Z'), 24)
  assert.equal(hours('2024-07-15T01:00:00Z'), 0.5)
  assert.equal(hours('2024-10-26T12:00:00Z'), 14.5, 'an hour is repeated')
  assert.equal(hours('2024-03-30T12:00:00Z'), 13.5, 'an hour is left out')
})

test('works at once, tells a failure, and stops after what has begun', async () => {
  const told: string[] = []
  let worked = 0
  const stop = everyNight(
    async () => {
      await Promise.resolve()
      worked += 1
      throw new Error('No room')
    },
    ({ message }) => told.push(message),
  )
  await stop()
  assert.deepEqual([worked, told], [1, ['No room']])
})
