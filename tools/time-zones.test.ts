import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { listTestFiles } from './test-files.ts'

const ROOT = join(import.meta.dirname, '..')
/** A day ahead of London for most of the day, and a day behind it. */
const ZONES = ['Pacific/Auckland', 'America/Los_Angeles']

/** Tests of rules that know dates and need nothing but the processor: no database, no browser, no other process. */
function dateTests(): string[] {
  return listTestFiles(ROOT, { quick: true, filters: ['src/'] }).filter((path) => {
    const text = readFileSync(join(ROOT, path), 'utf8')
    return (
      /Temporal|\d{4}-\d{2}-\d{2}/.test(text) && !/test-database|test-service|child_process|\.door\./.test(text + path)
    )
  })
}

async function runIn(zone: string, files: readonly string[]): Promise<{ code: number | null; output: string }> {
  const { NODE_TEST_CONTEXT: _, ...env } = process.env // with it, Node would run nothing and still succeed
  const child = spawn(process.execPath, ['--test', '--test-concurrency=1', ...files], {
    cwd: ROOT,
    env: { ...env, TZ: zone },
  })
  let output = ''
  child.stdout.on('data', (part) => {
    output += part
  })
  return new Promise((resolve) => child.on('close', (code) => resolve({ code, output })))
}

test('rules about dates hold wherever the machine thinks it is', async () => {
  const files = dateTests()
  assert.ok(files.includes('src/platform/clock.test.ts') && files.includes('src/programmes/calendar.test.ts'))
  for (const zone of ZONES) {
    const { code, output } = await runIn(zone, files)
    assert.equal(code, 0, `${zone}: ${output.slice(-3000)}`)
    assert.match(output, /pass [1-9]/)
  }
})
