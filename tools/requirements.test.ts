import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { sourceFingerprint } from './fingerprint.ts'
import { readRequirements, requirementIdsOf, requirementsCommand, requirementsReport } from './requirements.ts'
import { type TestOutcome, writeResults } from './results.ts'

const ran = (name: string, outcome: TestOutcome['outcome'] = 'passed') => ({
  file: 'src/a.test.ts',
  name,
  outcome,
  millis: 1,
})

test('a name gives the ids it begins with, at most three', () => {
  assert.deepEqual(requirementIdsOf('TSI-005 TSI-006 consecutive judgements'), ['TSI-005', 'TSI-006'])
  assert.deepEqual(requirementIdsOf('TSI-005: consecutive judgements'), ['TSI-005'])
  assert.deepEqual(requirementIdsOf('judgements of TSI-005'), [])
  assert.deepEqual(requirementIdsOf('TSI-005a variant'), [])
  assert.deepEqual(requirementIdsOf('TSI-001 TSI-002 TSI-003 TSI-004 all'), [])
})

test('a requirement is proven when it has tests and all of them pass', () => {
  const ledgers = ['TSI-001', 'TSI-002', 'TSI-003', 'TSI-004', 'TSI-005'].map((id) => ({ id, level: 'must' }))
  const results = [
    ran('TSI-001 TSI-002 both'),
    ran('TSI-002 other half', 'failed'),
    ran('TSI-003 later', 'skipped'),
    ran('TSI-004 a suite > of one test'),
  ]
  const report = requirementsReport({ results, ledgers })
  assert.deepEqual(
    report.map(({ status }) => status),
    ['proven', 'open', 'open', 'proven', 'open'],
  )
  assert.deepEqual(report[1]?.tests, ['TSI-001 TSI-002 both', 'TSI-002 other half'])
})

function project(t: TestContext): string {
  const root = mkdtempSync(join(tmpdir(), 'requirements-'))
  t.after(() => rmSync(root, { recursive: true }))
  for (const folder of ['docs', 'src']) mkdirSync(join(root, folder))
  writeFileSync(join(root, 'docs/requirements.csv'), 'id,level\nGTG-001,must\n')
  writeFileSync(join(root, 'src/level.ts'), 'export const level = 1')
  return root
}

test('results that are missing, torn or older than the sources are refused with exit status 1', async (t) => {
  const root = project(t)
  const missing = await requirementsCommand({ json: true, root })
  assert.equal(missing.exitCode, 1)
  assert.equal(JSON.parse(missing.stderr)[0].code, 'requirements.no-results')

  writeResults(root, { fingerprint: sourceFingerprint(root), node: '26', tests: [ran('GTG-001 a level')] })
  assert.equal((await requirementsCommand({ json: false, root })).exitCode, 0)

  writeFileSync(join(root, 'src/level.ts'), 'export const level = 2')
  assert.match((await requirementsCommand({ json: false, root })).stderr, /^no results/)

  writeFileSync(join(root, '.results/tests.json'), '{"fingerprint"')
  assert.match((await requirementsCommand({ json: false, root })).stderr, /^no results/)
})

test('fresh results are answered as JSON', async (t) => {
  const root = project(t)
  writeResults(root, { fingerprint: sourceFingerprint(root), node: '26', tests: [ran('GTG-001 a level')] })
  const { stdout } = await requirementsCommand({ json: true, root })
  assert.deepEqual(JSON.parse(stdout), [{ id: 'GTG-001', level: 'must', status: 'proven', tests: ['GTG-001 a level'] }])
})

test('the copy of the ledgers holds each id once', () => {
  const ids = readRequirements().map(({ id }) => id)
  assert.equal(ids.length, 603)
  assert.equal(new Set(ids).size, 603)
})
