import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'csv-parse/sync'
import { sourceFingerprint } from './fingerprint.ts'
import { findResults, type TestOutcome } from './results.ts'

/** One line of the project's own copy of the ledgers: an id such as `TSI-053` and how binding it is. */
export type Requirement = { id: string; level: string }

/** What the tests say about a requirement; `tests` are the full names of those that carry its id, passing or not. */
export type RequirementStatus = Requirement & { status: 'proven' | 'open'; tests: string[] }

/** What a command of the service answers: the exit status and what to print. */
type CommandAnswer = { exitCode: number; stdout: string; stderr: string }

const ROOT = join(import.meta.dirname, '..')
const MOST_IDS_PER_NAME = 3

/** All requirements, in the order of `docs/requirements.csv`. Throws when the file is missing: it is part of the project. */
export function readRequirements(root = ROOT): Requirement[] {
  const rows: Requirement[] = parse(readFileSync(join(root, 'docs/requirements.csv')), { columns: true })
  return rows
}

/**
 * The requirement ids that a test's or suite's own name begins with. A name that begins with more than three proves none: one
 * test cannot say which of so many rules broke.
 */
export function requirementIdsOf(name: string): string[] {
  const start = /^(?:[A-Z]{3}-\d{3}\b[\s,:]*)+/.exec(name)?.[0] ?? ''
  const ids = start.match(/[A-Z]{3}-\d{3}/g) ?? []
  return ids.length <= MOST_IDS_PER_NAME ? ids : []
}

/**
 * A requirement is proven when at least one test begins with its id (its own name, or that of a suite around it) and all such
 * tests pass. A skipped test does not pass.
 */
export function requirementsReport(input: {
  results: readonly TestOutcome[]
  ledgers: readonly Requirement[]
}): RequirementStatus[] {
  const byId = new Map<string, TestOutcome[]>()
  for (const test of input.results) {
    for (const id of new Set(test.name.split(' > ').flatMap(requirementIdsOf))) {
      byId.set(id, [...(byId.get(id) ?? []), test])
    }
  }
  return input.ledgers.map(({ id, level }) => {
    const tests = byId.get(id) ?? []
    const isProven = tests.length > 0 && tests.every((test) => test.outcome === 'passed')
    return { id, level, status: isProven ? 'proven' : 'open', tests: tests.map((test) => test.name) }
  })
}

/**
 * `alongside requirements [--json]`. Exit status 1 and "no results" when `npm test` has not run as a whole, or not since a
 * source file last changed. With `json`, a list of `RequirementStatus` on stdout, refusals as JSON on stderr.
 */
export async function requirementsCommand({
  json,
  root = ROOT,
}: {
  json: boolean
  root?: string
}): Promise<CommandAnswer> {
  const results = findResults(root)
  if (results === undefined) return refusal(json, 'no results: run "npm test" first')
  if (results.fingerprint !== sourceFingerprint(root)) {
    return refusal(json, 'no results: the sources changed since the last whole "npm test"; run it again')
  }
  const report = requirementsReport({ results: results.tests, ledgers: readRequirements(root) })
  return { exitCode: 0, stdout: json ? `${JSON.stringify(report)}\n` : inWords(report), stderr: '' }
}

function refusal(json: boolean, message: string): CommandAnswer {
  const stderr = json ? JSON.stringify([{ code: 'requirements.no-results', message }]) : message
  return { exitCode: 1, stdout: '', stderr: `${stderr}\n` }
}

function inWords(report: readonly RequirementStatus[]): string {
  const lines: string[] = []
  for (const [ledger, rows] of Map.groupBy(report, ({ id }) => id.slice(0, 3))) {
    const open = rows.filter((row) => row.status === 'open')
    lines.push(`${ledger}: ${rows.length - open.length} of ${rows.length} proven`)
    for (const { id, level, tests } of open) {
      lines.push(`  open ${id} (${level})${tests.length > 0 ? `: ${tests.length} tests, not all pass` : ''}`)
    }
  }
  return `${lines.join('\n')}\n`
}
