// `npm run mutate -- packs/tsi/2023-24 [--sample N] [--only WORDS]`: one value of the pack changed at a time; a test whose id
// stands beside it must fail. Works on a copy of the project; prints who survived, and the sums as JSON.
import { execFileSync, spawn } from 'node:child_process'
import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { parseArgs } from 'node:util'
import { parse } from 'yaml'
import { findMutants, type Mutant } from './mutate/find-mutants.ts'
import { findTestsByRequirement } from './mutate/find-tests.ts'

const ROOT = join(import.meta.dirname, '..')
const LONGEST_MS = 600_000

const { values, positionals } = parseArgs({
  options: { sample: { type: 'string' }, only: { type: 'string' } },
  allowPositionals: true,
})
const [folder] = positionals
if (!folder) {
  process.stderr.write('Name the folder of a pack: npm run mutate -- packs/tsi/2023-24\n')
  process.exit(2)
}

const testsOf = findTestsByRequirement(ROOT)
const all = mutantsOf(folder).filter(({ path, file }) => !values.only || `${file} ${path}`.includes(values.only))
const chosen = values.sample ? spread(all, Number(values.sample)) : all
const copy = copyProject()
const began = Date.now()
const survivors: Mutant[] = []
const untested: Mutant[] = []
try {
  for (const [at, mutant] of chosen.entries()) {
    const fate = await judge(mutant)
    if (fate === 'survived') survivors.push(mutant)
    if (fate === 'no test') untested.push(mutant)
    process.stdout.write(
      `${at + 1}/${chosen.length} ${fate}: ${mutant.file}:${mutant.line} ${mutant.path}: ${mutant.change} (${mutant.cites.join(', ')})\n`,
    )
  }
} finally {
  rmSync(copy, { recursive: true, force: true })
}
const tested = chosen.length - untested.length
const summary = {
  mutants: all.length,
  tried: chosen.length,
  killed: tested - survivors.length,
  survived: survivors.length,
  withoutTest: untested.length,
  survivedShare: tested > 0 ? Math.round((survivors.length / tested) * 1000) / 1000 : 0,
  seconds: Math.round((Date.now() - began) / 1000),
}
process.stdout.write(`${JSON.stringify(summary, null, 2)}\n`)
process.exitCode = summary.survivedShare < 0.05 ? 0 : 1

function mutantsOf(pack: string): Mutant[] {
  const files = readdirSync(join(ROOT, pack), { recursive: true, encoding: 'utf8' }).filter((name) =>
    name.endsWith('.yaml'),
  )
  const process = files.find((name) => name === 'process.yaml')
  const parsed: { parties?: object } = process ? parse(readFileSync(join(ROOT, pack, process), 'utf8')) : {}
  const parties = Object.keys(parsed.parties ?? {})
  return files
    .sort()
    .flatMap((name) => findMutants(join(pack, name), readFileSync(join(ROOT, pack, name), 'utf8'), parties))
}

/** Evenly over the whole list, always the same ones. */
function spread<T>(list: readonly T[], count: number): T[] {
  return list.filter((_, at) => Math.floor((at * count) / list.length) !== Math.floor(((at - 1) * count) / list.length))
}

/** The tracked files of the project in a folder of their own, with the same dependencies. */
function copyProject(): string {
  const target = mkdtempSync(join(tmpdir(), 'alongside-mutate-'))
  for (const file of execFileSync('git', ['ls-files'], { cwd: ROOT, encoding: 'utf8' }).trim().split('\n')) {
    mkdirSync(dirname(join(target, file)), { recursive: true })
    copyFileSync(join(ROOT, file), join(target, file))
  }
  symlinkSync(join(ROOT, 'node_modules'), join(target, 'node_modules'))
  return target
}

async function judge(mutant: Mutant): Promise<'killed' | 'survived' | 'no test'> {
  const files = [...new Set(mutant.cites.flatMap((id) => [...(testsOf.get(id) ?? [])]))]
  if (files.length === 0) return 'no test'
  writeFileSync(join(copy, mutant.file), mutant.text)
  try {
    return (await runTests(files, mutant.cites)) === 0 ? 'survived' : 'killed'
  } finally {
    copyFileSync(join(ROOT, mutant.file), join(copy, mutant.file))
  }
}

function runTests(files: readonly string[], ids: readonly string[]): Promise<number> {
  const pattern = `--test-name-pattern=^(?:[A-Z]{3}-\\d{3}[ ,:]*){0,2}(?:${ids.join('|')})\\b`
  const child = spawn(process.execPath, ['--test', pattern, ...files], {
    cwd: copy,
    stdio: 'ignore',
    timeout: LONGEST_MS,
  })
  return new Promise((resolve) => child.on('close', (code) => resolve(code ?? 1)))
}
