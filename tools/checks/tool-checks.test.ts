import assert from 'node:assert/strict'
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { checkBoundaries } from './boundaries.ts'
import { checkDeadCode } from './dead-code.ts'
import { checkDuplication } from './duplication.ts'
import { checkStyle } from './style.ts'
import { checkTypes } from './types.ts'

const PROJECT = join(import.meta.dirname, '../..')
const SETTINGS = ['.dependency-cruiser.mjs', '.jscpd.json', 'knip.json', 'tsconfig.json']

/** A small project with our own settings and tools, so that the real rules are tried and not a copy of them. */
function projectWith(t: TestContext, files: Record<string, string>): string {
  const root = mkdtempSync(join(tmpdir(), 'check-'))
  t.after(() => rmSync(root, { recursive: true }))
  symlinkSync(join(PROJECT, 'node_modules'), join(root, 'node_modules'))
  for (const name of SETTINGS) copyFileSync(join(PROJECT, name), join(root, name))
  writeFileSync(join(root, 'package.json'), '{ "name": "trial", "type": "module" }')
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true })
    writeFileSync(join(root, path), content)
  }
  return root
}

test('imports upward, past an index, in a circle or to nowhere are found', async (t) => {
  const root = projectWith(t, {
    'src/main.ts': "import './cases/index.ts'",
    'src/platform/clock.ts': "import '../register/index.ts'",
    'src/register/index.ts': "import './school.ts'",
    'src/register/school.ts': 'export const school = 1',
    'src/cases/index.ts': "import '../register/school.ts'\nimport './step.ts'",
    'src/cases/step.ts': "import { b } from './due.ts'\nexport const a = () => b",
    'src/cases/due.ts': "import { a } from './step.ts'\nexport const b = () => a",
    'src/cases/lost.ts': "import './nowhere.ts'",
    'src/cases/top.ts': "import '../main.ts'",
    'src/novelty/index.ts': "import '../register/index.ts'",
    'src/money/pay.ts': "import '../../world/schools.ts'",
    'src/money/pay.test.ts': "import '../../world/schools.ts'\nimport '../platform/clock.ts'",
    'src/money/test-claims.ts': "import '../../world/schools.ts'",
    'src/money/charge.ts': "import './test-claims.ts'",
    'world/schools.ts': "import '../src/register/index.ts'",
  })
  const { problems } = await checkBoundaries(root)
  assert.deepEqual(problems.sort(), [
    'src/cases/due.ts -> src/cases/step.ts -> src/cases/due.ts (no-cycles)',
    'src/cases/index.ts -> src/register/school.ts (through-the-index)',
    'src/cases/lost.ts -> ./nowhere.ts (resolves)',
    'src/cases/top.ts -> src/main.ts (nothing-imports-the-top)',
    'src/money/charge.ts -> src/money/test-claims.ts (no-test-support-in-the-service)',
    'src/money/pay.ts -> world/schools.ts (slices-stand-alone)',
    'src/novelty/index.ts -> src/register/index.ts (known-slice)',
    'src/platform/clock.ts -> src/register/index.ts (platform-imports-downward)',
  ])
})

test('the service may not reach what only developers install', async (t) => {
  const root = projectWith(t, {
    'package.json': '{ "type": "module", "devDependencies": { "fast-check": "*" } }',
    'src/main.ts': "import './money/index.ts'",
    'src/money/index.ts': "import './pay.ts'",
    'src/money/pay.ts': "import 'fast-check'",
    'src/plans/invented-plans.ts': "import 'fast-check'",
    'src/plans/plan.test.ts': "import './invented-plans.ts'",
  })
  const { problems } = await checkBoundaries(root)
  assert.equal(problems.length, 1, problems.join('\n'))
  assert.match(
    problems[0] ?? '',
    /^src\/main\.ts -> .*src\/money\/pay\.ts -> .*fast-check.*\(runs-without-development-parts\)$/,
  )
})

test('copied code is found', async (t) => {
  const body = Array.from({ length: 12 }, (_, at) => `  const value${at} = read(${at}) + offset${at} * ${at}`).join(
    '\n',
  )
  const copy = (name: string) => `export function ${name}() {\n${body}\n}\n`
  const root = projectWith(t, { 'src/a/one.ts': copy('one'), 'src/a/two.ts': copy('two') })
  const { problems } = await checkDuplication(root)
  assert.equal(problems.length, 1, problems.join('\n'))
  assert.match(problems[0] ?? '', /one\.ts.*two\.ts|two\.ts.*one\.ts/)
})

test('looking for copies in no file is a problem', async (t) => {
  const root = projectWith(t, { 'src/a/one.test.ts': 'export {}' })
  assert.deepEqual((await checkDuplication(root)).problems, ['jscpd looked at no file'])
})

test('a file and an export that nothing reaches are found', async (t) => {
  const root = projectWith(t, {
    'src/main.ts': "import { used } from './a/index.ts'\nused()",
    'src/a/index.ts': 'export const used = () => {}\nexport const unused = 1',
    'src/a/lost.ts': 'export const lost = 1',
  })
  const problems = (await checkDeadCode(root)).problems.join('\n')
  assert.match(problems, /src\/a\/lost\.ts/)
  assert.match(problems, /src\/a\/index\.ts: unused/)
})

test('a type error is found', async (t) => {
  const root = projectWith(t, { 'src/a.ts': "export const a: number = 'one'" })
  const { problems } = await checkTypes(root)
  assert.equal(problems.length, 1)
  assert.match(problems[0] ?? '', /^src\/a\.ts\(1,14\): error TS2322/)
})

test('lint, format and the length of functions are judged', async (t) => {
  const long = `export function long(): number {\n  let a = 0\n${'  a += 1\n'.repeat(71)}  return a\n}\n`
  const root = projectWith(t, { 'src/long.ts': long, 'src/loose.ts': 'export const a = {b:1};\n' })
  // Without the version control part: the trial folder is no repository.
  writeFileSync(join(root, 'biome.json'), biomeWithoutGit())
  const problems = (await checkStyle(root)).problems.join('\n')
  assert.match(problems, /src\/long\.ts:1 lint\/complexity\/noExcessiveLinesPerFunction/)
  assert.match(problems, /src\/loose\.ts:\d format/)
})

function biomeWithoutGit(): string {
  return JSON.stringify({ extends: [join(PROJECT, 'biome.json')], vcs: { enabled: false }, root: true })
}
