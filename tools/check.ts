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
import { type Part, runParts } from './checks/run-parts.ts'
import { readSources } from './checks/sources.ts'
import { checkStyle } from './checks/style.ts'
import { checkTemplates } from './checks/templates.ts'
import { checkTestNames } from './checks/test-names.ts'
import { checkTypes } from './checks/types.ts'
import { readRequirements } from './requirements.ts'

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

const start = performance.now()
const problems = await runParts(PARTS, process.stdout)
const seconds = ((performance.now() - start) / 1000).toFixed(1)
process.stdout.write(
  `${problems === 0 ? 'No problem' : `${problems} problems`} in ${PARTS.length} checks, ${seconds} s\n`,
)
process.exitCode = problems === 0 ? 0 : 1
