import { parentPort } from 'node:worker_threads'
import highsModule from 'highs'
import { findBestAssignment, type Outcome } from './best-assignment.ts'
import type { NumberedProblem } from './numbered-problem.ts'

/** What the worker is asked. `millisLeft` is infinite where there is no time limit. */
export type SolverRequest = { readonly problem: NumberedProblem; readonly millisLeft: number }

/** A better answer on the way, or the last one. */
export type SolverReport = { readonly kind: 'better' | 'done'; readonly outcome: Outcome }

// HiGHS blocks its thread for the whole solve, so it lives here, and the service goes on answering.
const port = parentPort
if (!port) throw new Error('The solver runs as a worker thread')
// The package declares its types as CommonJS although this import is its native module, whose default is the loader.
const loadHighs = highsModule as unknown as typeof highsModule.default // `as`: see the line above
const loading = loadHighs()

port.on('message', async ({ problem, millisLeft }: SolverRequest) => {
  const deadline = performance.now() + millisLeft
  const highs = await loading
  const report = (kind: SolverReport['kind'], outcome: Outcome) =>
    port.postMessage({ kind, outcome } satisfies SolverReport)
  report(
    'done',
    findBestAssignment({ highs, deadline }, problem, (outcome) => report('better', outcome)),
  )
})
