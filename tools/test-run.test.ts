import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { PassThrough } from 'node:stream'
import { text } from 'node:stream/consumers'
import { type TestContext, test } from 'node:test'
import { findResults } from './results.ts'
import { runTests } from './test-run.ts'

const PASSING = `
import { describe, it, test } from 'node:test'
test('GTG-001 a level', () => {})
describe('hours', () => { it('are counted', () => {}); it.skip('are charged', () => {}) })
`
const FAILING = `import { test } from 'node:test'; test('never holds', () => { throw new Error('no') })`
const HANGING = `import { test } from 'node:test'; test('waits', () => new Promise(() => setInterval(() => {}, 1000)))`
const LEFT_OPEN = `
import { before, describe, it } from 'node:test'
describe('never prepared', () => {
  before(() => { setInterval(() => {}, 1000); throw new Error('no') })
  it('is not asked', () => {})
})
`

function projectWith(t: TestContext, files: Record<string, string>): string {
  const root = mkdtempSync(join(tmpdir(), 'test-run-'))
  t.after(() => rmSync(root, { recursive: true }))
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true })
    writeFileSync(join(root, path), content)
  }
  return root
}

async function runIn(root: string, options: { quick?: boolean; filters?: string[]; fileTimeoutMillis?: number } = {}) {
  const output = new PassThrough()
  const shown = text(output)
  const problems = await runTests({ root, quick: false, filters: [], output, fileTimeoutMillis: 20_000, ...options })
  output.end()
  return { problems, shown: await shown }
}

test('a whole run records every test with its full name and prints the closing lines', async (t) => {
  const root = projectWith(t, { 'src/hours/hours.test.ts': PASSING })
  const { problems, shown } = await runIn(root)
  assert.deepEqual(problems, [])
  assert.match(shown, /pass 2\n/)
  const rows = findResults(root)?.tests.map(({ file, name, outcome }) => ({ file, name, outcome }))
  const file = 'src/hours/hours.test.ts'
  assert.deepEqual(rows, [
    { file, name: 'GTG-001 a level', outcome: 'passed' },
    { file, name: 'hours > are counted', outcome: 'passed' },
    { file, name: 'hours > are charged', outcome: 'skipped' },
  ])
})

test('a failing test, a file without a test and a file that does not load are each a problem', async (t) => {
  const root = projectWith(t, {
    'src/a/failing.test.ts': FAILING,
    'src/a/empty.test.ts': 'export {}',
    'src/a/broken.test.ts': 'this is no TypeScript',
  })
  const { problems } = await runIn(root)
  assert.deepEqual(problems.sort(), [
    'failed: src/a/broken.test.ts: (the file itself)',
    'failed: src/a/failing.test.ts: never holds',
    'src/a/empty.test.ts holds no test',
  ])
})

test('a file that hangs is ended and failed', async (t) => {
  const root = projectWith(t, { 'src/a/hanging.test.ts': HANGING, 'src/a/hours.test.ts': PASSING })
  const { problems } = await runIn(root, { fileTimeoutMillis: 6_000 })
  assert.deepEqual(problems, ['failed: src/a/hanging.test.ts: (the file itself)'])
})

test('a file that leaves something open behind its last test ends, with what its tests said', async (t) => {
  const root = projectWith(t, { 'src/a/open.test.ts': LEFT_OPEN })
  const { problems } = await runIn(root)
  assert.deepEqual(problems, ['failed: src/a/open.test.ts: never prepared > is not asked'])
})

test('nothing to run is a problem', async (t) => {
  assert.deepEqual((await runIn(projectWith(t, {}))).problems, ['No test ran'])
})

test('a part of the tests leaves the results of the last whole run alone', async (t) => {
  const root = projectWith(t, { 'src/a/hours.test.ts': PASSING, 'e2e/story.test.ts': FAILING })
  assert.deepEqual((await runIn(root, { quick: true })).problems, [])
  assert.deepEqual((await runIn(root, { filters: ['hours'] })).problems, [])
  assert.equal(findResults(root), undefined)
})
