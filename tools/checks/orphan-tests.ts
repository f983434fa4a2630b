import { matchesGlob } from 'node:path'
import { TEST_GLOBS } from '../test-files.ts'
import { type Finding, isTypeScript, type Sources } from './sources.ts'

/**
 * A file that imports the test runner to define tests, and that the runner's own globs do not match, would never run. Modules
 * that only take a type or a hook from the runner are no tests.
 */
export function checkOrphanTests(sources: Sources): Finding {
  const isCode = (path: string) => isTypeScript(path) || /\.[cm]?[jt]s$/.test(path)
  const definesTests = (text: string) => importsRunner(text) && /^\s*(?:test|it|describe|suite)(?:\.\w+)?\(/m.test(text)
  const problems = sources.paths
    .filter((path) => isCode(path) && !TEST_GLOBS.some((glob) => matchesGlob(path, glob)))
    .filter((path) => definesTests(sources.read(path)))
    .map((path) => `${path}: defines tests, but no test glob matches it`)
  const skipped = sources.paths
    .filter((path) => TEST_GLOBS.some((glob) => matchesGlob(path, glob)))
    .flatMap((path) => findSwitchedOff(path, sources.read(path)))
  return { problems: [...problems, ...skipped] }
}

const importsRunner = (text: string) =>
  /^import .*['"]node:test['"]/m.test(text) || /\brequire\(['"]node:test['"]\)/.test(text)

/** `only` hides all other tests of the file; `skip` and `todo` need no excuse, since the runner counts them for all to see. */
function findSwitchedOff(path: string, text: string): string[] {
  return text
    .split('\n')
    .flatMap((line, at) => (/^\s*(?:test|it|describe|suite)\.only\(/.test(line) ? [`${path}:${at + 1} only`] : []))
}
