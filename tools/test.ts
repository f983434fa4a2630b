// `npm test [-- --quick] [-- PART_OF_A_PATH …]`: the tests, and what they prove, written to `.results/`.
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { runTests } from './test-run.ts'

const { values, positionals } = parseArgs({ options: { quick: { type: 'boolean' } }, allowPositionals: true })

const problems = await runTests({
  root: join(import.meta.dirname, '..'),
  quick: values.quick ?? false,
  filters: positionals,
  output: process.stdout,
})
await stopTestServer()
for (const problem of problems) process.stderr.write(`${problem}\n`)
process.exitCode = problems.length === 0 ? 0 : 1

/** Test files share one PostgreSQL server; only the run as a whole knows when it is no longer needed. */
async function stopTestServer(): Promise<void> {
  const file = new URL('../src/platform/test-database.ts', import.meta.url)
  if (!existsSync(file)) return
  const module: { stopTestServer?: () => Promise<void> } = await import(file.href)
  await module.stopTestServer?.()
}
