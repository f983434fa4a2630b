import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

/** One test as the runner saw it. `name` is the whole path, suites first, joined by ` > `; `file` is relative to the root. */
export type TestOutcome = {
  file: string
  name: string
  outcome: 'passed' | 'failed' | 'skipped'
  millis: number
}

/** A full run of `npm test`, and the fingerprint of the sources it ran on (see `fingerprint.ts`). */
export type Results = { fingerprint: string; node: string; tests: TestOutcome[] }

const FILE = join('.results', 'tests.json')

/** Writes `.results/tests.json` under `root`. */
export function writeResults(root: string, results: Results): void {
  mkdirSync(dirname(join(root, FILE)), { recursive: true })
  writeFileSync(join(root, FILE), `${JSON.stringify(results, null, 1)}\n`)
}

/** The last full run, or undefined when there is none or its file cannot be read as one. */
export function findResults(root: string): Results | undefined {
  let text: string
  try {
    text = readFileSync(join(root, FILE), 'utf8')
  } catch {
    return undefined
  }
  try {
    const value: unknown = JSON.parse(text)
    return isResults(value) ? value : undefined
  } catch {
    // A file cut short by a killed run is no result.
    return undefined
  }
}

function isResults(value: unknown): value is Results {
  return (
    typeof value === 'object' &&
    value !== null &&
    'fingerprint' in value &&
    typeof value.fingerprint === 'string' &&
    'tests' in value &&
    Array.isArray(value.tests)
  )
}
