import { relative } from 'node:path'
import type { EventData } from 'node:test'
import type { TestOutcome } from './results.ts'

/**
 * Gathers the runner's events into one row per test. Suites are not tests; a test whose subtests fail is failed by the runner
 * itself. Files run side by side, so the path of open suites is kept per file.
 */
export class TestRecorder {
  readonly tests: TestOutcome[] = []
  readonly #root: string
  readonly #openNames = new Map<string, string[]>()

  constructor(root: string) {
    this.#root = root
  }

  /** The runner announces each test in the order of the source, parents first. */
  started({ file = '', name, nesting }: EventData.TestStart): void {
    const names = this.#openNames.get(file) ?? []
    names.length = nesting
    names[nesting] = name
    this.#openNames.set(file, names)
  }

  ended(data: EventData.TestPass | EventData.TestFail, passed: boolean): void {
    const { file = '', name, nesting, details } = data
    // A file that fails to load, hangs, or holds no test is reported as a "test" named after the file.
    const isFileItself = nesting === 0 && (name === file || file === '' || name === relative(this.#root, file))
    if (details.type === 'suite' || (isFileItself && passed)) return
    const parents = (this.#openNames.get(file) ?? []).slice(0, nesting)
    this.tests.push({
      file: relative(this.#root, isFileItself && file === '' ? name : file),
      name: isFileItself ? '(the file itself)' : [...parents, name].join(' > '),
      outcome: outcomeOf(data, passed),
      millis: Math.round(details.duration_ms),
    })
  }

  /** Files that were run and held no test: always a mistake, since a renamed `test` would go unseen. */
  filesWithoutTest(files: readonly string[]): string[] {
    const seen = new Set(this.tests.map((test) => test.file))
    return files.filter((file) => !seen.has(file))
  }
}

function outcomeOf(
  data: { skip?: string | boolean; todo?: string | boolean },
  passed: boolean,
): TestOutcome['outcome'] {
  const isSet = (value: string | boolean | undefined) => value !== undefined && value !== false
  if (isSet(data.skip) || isSet(data.todo)) return 'skipped'
  return passed ? 'passed' : 'failed'
}
