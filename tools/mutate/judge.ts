import { spawn } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { requirementIdsOf } from '../requirements.ts'
import type { Mutant } from './find-mutants.ts'
import { RED } from './red-tests.ts'

/** What became of a mutant: a test of its id failed, the pack was refused as a whole, nothing noticed, or nothing could. */
export type Fate = 'killed' | 'refused' | 'survived' | 'no test'

export type Judge = {
  /** A copy of the project whose files may be changed. */
  readonly copy: string
  /** The ids whose agreed values the pack in this copy no longer has: what tools/rules/rules.test.ts fails for. */
  readonly notAgreed: (copy: string) => ReadonlySet<string>
  readonly testsOf: ReadonlyMap<string, ReadonlySet<string>>
  /** Whether the pack of this folder loads at all. */
  loads(copy: string): Promise<boolean>
  /** Whether the tests of these ids in this file pass alone on the unchanged project, by file and ids; shared by all copies. */
  readonly aloneIsGreen: Map<string, Promise<boolean>>
}

/** One file with its tests: far longer than any takes alone. */
const LONGEST_MS = 240_000

/** Puts the mutant into the copy, runs the tests that carry an id beside it until one fails, and puts the file back. */
export async function judge(mutant: Mutant, original: string, by: Judge): Promise<Fate> {
  const files = [...new Set(mutant.cites.flatMap((id) => [...(by.testsOf.get(id) ?? [])]))].sort(cheapFirst)
  if (files.length === 0) return 'no test'
  if (!(await changed(mutant, original, by, () => by.loads(by.copy)))) return 'refused'
  if (await changed(mutant, original, by, async () => isNotAgreed(mutant, by))) return 'killed'
  for (const file of files) {
    // Some tests need those before them in their file: what is red alone on the unchanged project runs with them.
    const alone = await isGreenAlone(file, mutant.cites, by)
    if (await changed(mutant, original, by, () => turnsRed(by.copy, file, mutant.cites, alone))) return 'killed'
  }
  return 'survived'
}

/** The names of that test are made for the ids that another test shows. */
function isNotAgreed({ cites }: Mutant, { copy, notAgreed, testsOf }: Judge): boolean {
  const differ = notAgreed(copy)
  return cites.some((id) => differ.has(id) && testsOf.has(id))
}

/** Asks with the mutant in place, and puts the file back. */
async function changed(
  mutant: Mutant,
  original: string,
  { copy }: Judge,
  ask: () => Promise<boolean>,
): Promise<boolean> {
  writeFileSync(join(copy, mutant.file), mutant.text)
  try {
    return await ask()
  } finally {
    writeFileSync(join(copy, mutant.file), original)
  }
}

function isGreenAlone(file: string, ids: readonly string[], by: Judge): Promise<boolean> {
  const key = `${file} ${ids.join(' ')}`
  const known = by.aloneIsGreen.get(key)
  if (known) return known
  const asked = turnsRed(by.copy, file, ids, true).then((red) => !red)
  by.aloneIsGreen.set(key, asked)
  return asked
}

/** Pure rules before pages, pages before browsers. */
function cheapFirst(one: string, other: string): number {
  return costOf(one) - costOf(other) || one.localeCompare(other)
}

function costOf(file: string): number {
  if (file.startsWith('e2e/')) return 2
  return file.endsWith('.door.test.ts') ? 1 : 0
}

/** Whether a test that carries one of the ids fails; ends the run with the first. A file that never ends counts as failed. */
async function turnsRed(copy: string, file: string, ids: readonly string[], alone: boolean): Promise<boolean> {
  const pattern = `^(?:[A-Z]{3}-\\d{3}[ ,:]*){0,2}(?:${ids.join('|')})\\b`
  const only = alone ? [`--test-name-pattern=${pattern}`] : []
  const reporter = ['--test-reporter', './tools/mutate/red-tests.ts', '--test-reporter-destination', 'stdout']
  const child = spawn(process.execPath, ['--test-force-exit', ...reporter, ...only, file], {
    cwd: copy,
    stdio: ['ignore', 'pipe', 'ignore'],
    env: withoutTestContext(),
  })
  let red = false
  const limit = setTimeout(() => {
    red = true
    child.kill('SIGKILL')
  }, LONGEST_MS)
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve))
  let others = 0
  for await (const line of createInterface(child.stdout)) {
    if (!line.startsWith(RED)) continue
    others += 1
    if (!requirementIdsOf(line.slice(RED.length)).some((id) => ids.includes(id))) continue
    red = true
    child.kill('SIGKILL')
    break
  }
  const code = await ended
  clearTimeout(limit)
  if (code !== 0 && !red && others === 0) throw new Error(`${file} ended with ${code} and no failed test`)
  return red
}

function withoutTestContext(): NodeJS.ProcessEnv {
  const { NODE_TEST_CONTEXT: _, ...env } = process.env
  return env
}
