import { globSync } from 'node:fs'

/** The one place that says which files are tests; the check for orphan tests reads it too. */
export const TEST_GLOBS = ['{src,tools,world,e2e}/**/*.test.ts']

/**
 * Test files of `root` as relative paths, the slow ones (`e2e/`) first so that the last worker does not wait for them.
 * `quick` leaves out `e2e/`; `filters` keep the files whose path contains one of them.
 */
export function listTestFiles(
  root: string,
  { quick, filters }: { quick: boolean; filters: readonly string[] },
): string[] {
  const isEndToEnd = (path: string) => path.startsWith('e2e/')
  return globSync(TEST_GLOBS, { cwd: root, exclude: (path) => path === 'node_modules' })
    .filter((path) => !(quick && isEndToEnd(path)))
    .filter((path) => filters.length === 0 || filters.some((filter) => path.includes(filter)))
    .sort((a, b) => Number(isEndToEnd(b)) - Number(isEndToEnd(a)) || a.localeCompare(b))
}
