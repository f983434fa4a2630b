// `npm run check`: everything about the code that can be judged without running it. All parts run, two at a time, and every
// problem of every part is shown; the exit status is 1 when there is any.
import { join } from 'node:path'
import { checkBoundaries } from './checks/boundaries.ts'
import { checkDeadCode } from './checks/dead-code.ts'
import { checkDuplication } from './checks/duplication.ts'
import { checkEscapes } from './checks/escapes.ts'
import { checkFileSize } from './checks/file-size.ts'
import { checkFolderNames } from './checks/folder-names.ts'
import { checkMachinePaths } from './checks/machine-paths.ts'
import { checkOrphanTests } from './checks/orphan-tests.ts'
import { checkPackWords } from './checks/pack-words.ts'
import { type Finding, readSources } from './checks/sources.ts'
import { checkStyle } from './checks/style.ts'
import { checkTemplates } from './checks/templates.ts'
import { checkTestNames } from './checks/test-names.ts'
import { checkTypes } from './checks/types.ts'
import { readRequirements } from './requirements.ts'

type Part = { name: string; check: () => Finding | Promise<Finding> }

const AT_ONCE = 2

const root = join(import.meta.dirname, '..')
const sources = readSources(root)

/** The slowest first, so that the last one does not run alone. */
const PARTS: Part[] = [
  { name: 'types', check: () => checkTypes(root) },
  { name: 'import boundaries and cycles', check: () => checkBoundaries(root) },
  { name: 'dead code', check: () => checkDeadCode(root) },
  { name: 'lint and format', check: () => checkStyle(root) },
  { name: 'duplication', check: () => checkDuplication(root) },
  { name: 'escapes from the compiler', check: () => checkEscapes(sources) },
  { name: 'words of packs in the engine', check: () => checkPackWords(sources) },
  { name: 'machine paths', check: () => checkMachinePaths(sources) },
  { name: 'file size', check: () => checkFileSize(sources) },
  { name: 'folder names', check: () => checkFolderNames(sources) },
  { name: 'orphan tests', check: () => checkOrphanTests(sources) },
  { name: 'test names', check: () => checkTestNames(sources, readRequirements(root)) },
  { name: 'templates', check: () => checkTemplates(sources) },
]

async function runPart({ name, check }: Part): Promise<number> {
  const start = performance.now()
  const { problems, note } = await Promise.resolve()
    .then(check)
    .catch((error: unknown): Finding => ({ problems: [`could not run: ${error}`] }))
  const seconds = ((performance.now() - start) / 1000).toFixed(1).padStart(5)
  const lines = [
    `${problems.length === 0 ? 'ok  ' : 'FAIL'} ${seconds} s  ${name}${note ? ` (${note})` : ''}`,
    ...problems.map((problem) => `       ${problem}`),
  ]
  process.stdout.write(`${lines.join('\n')}\n`)
  return problems.length
}

async function runAll(): Promise<number> {
  const waiting = PARTS.values()
  let problems = 0
  // The workers share one iterator: each takes the next part when it has finished its last.
  const worker = async () => {
    for (const part of waiting) problems += await runPart(part)
  }
  await Promise.all(Array.from({ length: AT_ONCE }, worker))
  return problems
}

const start = performance.now()
const problems = await runAll()
const seconds = ((performance.now() - start) / 1000).toFixed(1)
process.stdout.write(
  `${problems === 0 ? 'No problem' : `${problems} problems`} in ${PARTS.length} checks, ${seconds} s\n`,
)
process.exitCode = problems === 0 ? 0 : 1
