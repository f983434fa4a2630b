import assert from 'node:assert/strict'
import { PassThrough } from 'node:stream'
import { text } from 'node:stream/consumers'
import { test } from 'node:test'
import { setTimeout } from 'node:timers/promises'
import { runParts } from './run-parts.ts'

test('every problem of every part is counted and shown, however the parts overlap', async () => {
  const output = new PassThrough()
  const shown = text(output)
  const slow = async () => {
    await setTimeout(20)
    return { problems: ['slow one'] }
  }
  const broken = () => {
    throw new Error('no such tool')
  }
  const problems = await runParts(
    [
      { name: 'slow', check: slow },
      { name: 'quick', check: () => ({ problems: ['quick one', 'quick two'] }) },
      { name: 'sound', check: () => ({ problems: [], note: '3 files' }) },
      { name: 'broken', check: broken },
    ],
    output,
  )
  output.end()
  assert.equal(problems, 4)
  const lines = await shown
  for (const words of ['slow one', 'quick one', 'quick two', 'sound (3 files)', 'could not run: Error: no such tool']) {
    assert.ok(lines.includes(words), lines)
  }
})
