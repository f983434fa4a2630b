import type { ChildProcess } from 'node:child_process'
import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { join } from 'node:path'
import { run } from 'node:test'
import { spec } from 'node:test/reporters'
import { sourceFingerprint } from './fingerprint.ts'
import { writeResults } from './results.ts'
import { listTestFiles } from './test-files.ts'
import { TestRecorder } from './test-recorder.ts'

const MINUTE = 60_000

/** What one run needs. `output` gets the runner's own report; a file that takes longer than the limit is killed and failed. */
export type TestRun = {
  root: string
  quick: boolean
  filters: readonly string[]
  output: NodeJS.WritableStream
  fileTimeoutMillis?: number
}

/**
 * Runs the test files of `root` and answers what is wrong, in words; an empty list means that every test passed or was skipped.
 * Only a whole run writes `.results/`: a part of the tests says nothing about the requirements that the rest proves.
 */
export async function runTests(options: TestRun): Promise<string[]> {
  const { root, quick, filters } = options
  const files = listTestFiles(root, { quick, filters })
  const fingerprint = sourceFingerprint(root)
  const recorder = await recordRun(files, options)
  if (!quick && filters.length === 0) {
    writeResults(root, { fingerprint, node: process.versions.node, tests: recorder.tests })
  }
  const failed = recorder.tests.filter((test) => test.outcome === 'failed')
  return [
    ...(recorder.tests.length === 0 ? ['No test ran'] : []),
    ...recorder.filesWithoutTest(files).map((file) => `${file} holds no test`),
    ...failed.map((test) => `failed: ${test.file}: ${test.name}`),
  ]
}

async function recordRun(files: readonly string[], options: TestRun): Promise<TestRecorder> {
  const { root, output, fileTimeoutMillis = 40 * MINUTE } = options
  const recorder = new TestRecorder(root)
  // Started inside another test run, Node would refuse to run anything and still succeed.
  delete process.env.NODE_TEST_CONTEXT
  const endWatch = killAfter(fileTimeoutMillis)
  // A file ends with its last test: a `before` that failed half way would leave its database open, and its process waiting.
  const execArgv = ['--test-force-exit']
  const events = run({ files: files.map((file) => join(root, file)), concurrency: 2, execArgv })
  events.on('test:start', (data) => recorder.started(data))
  events.on('test:pass', (data) => recorder.ended(data, true))
  events.on('test:fail', (data) => recorder.ended(data, false))
  const report = events.compose(spec)
  report.pipe(output, { end: false })
  await new Promise((resolve, reject) => report.on('end', resolve).on('error', reject))
  endWatch()
  return recorder
}

/**
 * The runner's own time limit fails a test but leaves its process alive, and then waits for it for ever. So each file's process
 * is watched from outside: asked to end at the limit, killed five seconds later. Answers how to stop watching.
 */
function killAfter(limitMillis: number): () => void {
  const watch = (message: unknown) => {
    const { process: child } = message as { process: ChildProcess } // the shape Node documents for this channel
    const asked = setTimeout(() => child.kill('SIGTERM'), limitMillis)
    const forced = setTimeout(() => child.kill('SIGKILL'), limitMillis + 5_000)
    child.once('exit', () => {
      clearTimeout(asked)
      clearTimeout(forced)
    })
  }
  subscribe('child_process', watch)
  return () => unsubscribe('child_process', watch)
}
