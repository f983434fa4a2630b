import assert from 'node:assert/strict'
import { test } from 'node:test'
import { checkEscapes } from './escapes.ts'
import { checkFileSize } from './file-size.ts'
import { checkFolderNames } from './folder-names.ts'
import { checkMachinePaths } from './machine-paths.ts'
import { checkOrphanTests } from './orphan-tests.ts'
import { checkPackWords } from './pack-words.ts'
import { sourcesOf } from './sources.ts'
import { checkTemplates } from './templates.ts'
import { checkTestNames } from './test-names.ts'

// Each check is shown one sound and one bad example: a check that cannot fail protects nothing.

test('an escape from the compiler needs a reason on its line', () => {
  const bad = {
    'src/a.ts': [
      'const a = x as School',
      'const b = y!',
      'let c: any',
      '// @ts-ignore',
      'const d = z as // too short',
      '  School',
    ].join('\n'),
  }
  assert.deepEqual(checkEscapes(sourcesOf(bad)).problems, [
    'src/a.ts:1 as without a reason on the line',
    'src/a.ts:2 ! without a reason on the line',
    'src/a.ts:3 any without a reason on the line',
    'src/a.ts:6 as without a reason on the line',
    'src/a.ts:4 @ts-ignore without a reason on the line',
  ])
  const sound = {
    'src/a.ts': [
      "const a = ['x'] as const",
      'const b = x as School // the driver gives no types',
      "import { c as d } from './d.ts'",
      '// biome-ignore lint/suspicious/noExplicitAny: the library takes anything',
      'let e: any',
    ].join('\n'),
  }
  assert.deepEqual(checkEscapes(sourcesOf(sound)).problems, [])
})

test('a file is at most 400 lines, a test 600', () => {
  const lines = (count: number) => 'x\n'.repeat(count)
  const files = {
    'src/a.ts': lines(401),
    'src/b.ts': lines(400),
    'src/c.test.ts': lines(600),
    'src/d.test.ts': lines(601),
  }
  assert.deepEqual(checkFileSize(sourcesOf(files)).problems, ['src/a.ts: 401 lines', 'src/d.test.ts: 601 lines'])
})

test('a folder is not named after how it is used', () => {
  const files = { 'src/register/utils/a.ts': '', 'src/types.ts': '', 'src/libraries/a.ts': '' }
  const { problems } = checkFolderNames(sourcesOf(files))
  assert.equal(problems.length, 1)
  assert.match(problems[0] ?? '', /^src\/register\/utils\//)
})

test('paths of one machine and registry hosts are found in any file', () => {
  const home = ['', 'home', 'somebody', 'project'].join('/')
  const host = ['https://reg', 'istry.example.test'].join('')
  const files = { 'README.md': `Go to ${home} first\nor see ${host}/`, 'docs/a.md': 'See /homes/ and src/home/page.ts' }
  assert.deepEqual(checkMachinePaths(sourcesOf(files)).problems, [
    `README.md:1 a path of one machine: ${home.slice(0, -'/project'.length)}`,
    `README.md:2 a registry host: ${host}`,
  ])
})

test('a file that defines tests under a name that the runner passes over is found', () => {
  const text = "import { test } from 'node:test'\ntest('a', () => {})"
  const files = {
    'src/a/a.test.ts': text,
    'src/a/a-test.ts': text,
    'docs/b.test.ts': text,
    'src/a/world.ts': "import type { TestContext } from 'node:test'",
    'src/a/c.test.ts': "import { test } from 'node:test'\ntest.only('a', () => {})",
  }
  assert.deepEqual(checkOrphanTests(sourcesOf(files)).problems, [
    'src/a/a-test.ts: defines tests, but no test glob matches it',
    'docs/b.test.ts: defines tests, but no test glob matches it',
    'src/a/c.test.ts:2 only',
  ])
})

const PACK = `
programme: chess
roles: {arbiter: {title: Arbiter}, school: {title: School}}
eligibility: {rows: [{id: rated-twice, when: "true"}]}
flows: {match: {steps: {shake-hands: {kind: form, form: score-sheet}}}}
`

test('no file of the engine names what belongs to a pack', () => {
  const files = {
    'packs/chess/2020/pack.yaml': PACK,
    'src/cases/a.ts': "// chess is fine here\nconst words = ['chess', 'arbiter', `rated-twice`, 'school', 'bishop']",
    'src/cases/b.ts': "import a from 'chess'\nconst steps = ['shake-hands', 'score-sheet']",
    'src/cases/a.test.ts': "const a = 'chess'",
  }
  const place = 'packs/chess/2020/pack.yaml'
  assert.deepEqual(checkPackWords(sourcesOf(files), ['school']).problems, [
    `src/cases/a.ts:2 names "chess" of ${place}`,
    `src/cases/a.ts:2 names "arbiter" of ${place}`,
    `src/cases/a.ts:2 names "rated-twice" of ${place}`,
    `src/cases/b.ts:2 names "shake-hands" of ${place}`,
    `src/cases/b.ts:2 names "score-sheet" of ${place}`,
  ])
})

test("the list of the engine's own words may only shrink", () => {
  const files = { 'packs/chess/2020/pack.yaml': PACK, 'src/a.ts': '' }
  assert.deepEqual(checkPackWords(sourcesOf(files), ['school']).problems, ['ENGINE_WORDS: "school" can go'])
})

test('a template that nothing renders is found', () => {
  const files = {
    'src/cases/form.njk': '',
    'src/cases/row.njk': '',
    'src/cases/gone.njk': 'gone.njk',
    'src/cases/pages.ts': "page('cases/form')",
    'src/cases/list.njk': '{% include "./row.njk" %}',
    'src/cases/list.ts': "page('cases/list.njk')",
  }
  assert.deepEqual(checkTemplates(sourcesOf(files)).problems, ['src/cases/gone.njk: no page renders it'])
})

test('a test cites requirements that exist, three at most', () => {
  const names = ['TSI-001 a', 'TSI-999 b', 'TSI-001 TSI-002 TSI-003 TSI-004 c', 'TSI-01 d', 'plain', 'UTF-8 is read']
  const text = names.map((name) => `test('${name}', () => {})`).join('\n')
  const known = ['TSI-001', 'TSI-002', 'TSI-003', 'TSI-004'].map((id) => ({ id, level: 'must' }))
  assert.deepEqual(checkTestNames(sourcesOf({ 'src/a.test.ts': text }), known).problems, [
    'src/a.test.ts: TSI-999 is no requirement',
    'src/a.test.ts: "TSI-001 TSI-002 TSI-003 TSI-004 c" begins with no id, or with more than three',
    'src/a.test.ts: "TSI-01 d" begins with no id, or with more than three',
  ])
})
