// `npm run mutate -- packs/tsi/2023-24 [--sample N] [--only WORDS] [--workers N] [--doors]`: one value of the pack changed at a
// time; a test whose id stands beside it must fail. With --doors the table of agreed values does not count: only what the service does. Works on copies of the project; prints what became of each, and the sums as JSON.
import { execFileSync } from 'node:child_process'
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { parseArgs } from 'node:util'
import { parse } from 'yaml'
import { testDatabase } from '../src/platform/test-database.ts'
import { loadPacks } from '../src/programmes/index.ts'
import { findMutants, type Mutant } from './mutate/find-mutants.ts'
import { findTestsByRequirement } from './mutate/find-tests.ts'
import { type Fate, judge } from './mutate/judge.ts'
import { AGREED, byRequirement, readAgreed, rulesOfPack } from './rules/rules-of-pack.ts'

const ROOT = join(import.meta.dirname, '..')

const { values, positionals } = parseArgs({
  options: {
    sample: { type: 'string' },
    only: { type: 'string' },
    workers: { type: 'string' },
    doors: { type: 'boolean' },
  },
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
const began = Date.now()
const fates = await judgeAll(chosen, Number(values.workers ?? 1))
const count = (fate: Fate) => fates.filter((one) => one === fate).length
const tested = chosen.length - count('no test')
const summary = {
  mutants: all.length,
  tried: chosen.length,
  killed: count('killed'),
  refused: count('refused'),
  survived: count('survived'),
  withoutTest: count('no test'),
  survivedShare: tested > 0 ? Math.round((count('survived') / tested) * 1000) / 1000 : 0,
  seconds: Math.round((Date.now() - began) / 1000),
}
process.stdout.write(`${JSON.stringify(summary, null, 2)}\n`)
process.exitCode = summary.survivedShare < 0.05 ? 0 : 1

/** Each worker has a copy of the project; all share one database server, which the first holds open. */
async function judgeAll(mutants: readonly Mutant[], workers: number): Promise<Fate[]> {
  process.env.ALONGSIDE_TEST_SERVER = mkdtempSync(join(tmpdir(), 'alongside-mutate-server-'))
  const presence = await testDatabase()
  const copies = Array.from({ length: workers }, copyProject)
  const fates: Fate[] = []
  const aloneIsGreen = new Map<string, Promise<boolean>>()
  const waiting = [...mutants]
  const work = async (copy: string) => {
    for (let mutant = waiting.shift(); mutant; mutant = waiting.shift()) {
      const original = readFileSync(join(ROOT, mutant.file), 'utf8')
      const fate = await judge(mutant, original, { copy, testsOf, notAgreed, loads, aloneIsGreen })
      fates.push(fate)
      const where = `${mutant.file}:${mutant.line} ${mutant.path}`
      process.stdout.write(
        `${fates.length}/${mutants.length} ${fate}: ${where}: ${mutant.change} (${mutant.cites.join(', ')})\n`,
      )
    }
  }
  try {
    await Promise.all(copies.map(work))
    return fates
  } finally {
    for (const copy of copies) rmSync(copy, { recursive: true, force: true })
    await presence.close()
    rmSync(process.env.ALONGSIDE_TEST_SERVER, { recursive: true, force: true })
  }
}

async function loads(copy: string): Promise<boolean> {
  return (await loadPacks(join(copy, 'packs'))).ok
}

/** What the test of the table of agreed values would fail for, asked directly: it would take a second for each mutant. */
function notAgreed(copy: string): ReadonlySet<string> {
  const entry = AGREED.find(({ pack }) => pack === folder)
  if (values.doors || !entry) return new Set()
  const [now, agreed] = [rulesOfPack(join(copy, entry.pack)), readAgreed(join(ROOT, entry.table))].map(byRequirement)
  const ids = new Set([...(now?.keys() ?? []), ...(agreed?.keys() ?? [])])
  return new Set([...ids].filter((id) => now?.get(id)?.join('\n') !== agreed?.get(id)?.join('\n')))
}

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
