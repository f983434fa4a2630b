import { Worker } from 'node:worker_threads'
import type { Outcome } from './best-assignment.ts'
import type { NumberedProblem } from './numbered-problem.ts'
import type { SolverReport, SolverRequest } from './solver-worker.ts'

// HiGHS looks at the clock between its steps; past this much longer than allowed, its thread is ended instead.
const GRACE_MILLIS = 200

// One thread waits for the next problem: loading the solver takes longer than many solves.
let waiting: Worker | undefined

export type ThreadLimits = { readonly millisLeft: number; readonly signal?: AbortSignal | undefined }

/**
 * Runs a problem on a solver thread and answers its last outcome, or the best so far when the time is over. Rejects with
 * the signal's reason when that aborts, which ends the thread. An idle thread does not keep the process alive.
 */
export function solveOnThread(problem: NumberedProblem, first: Outcome, limits: ThreadLimits): Promise<Outcome> {
  const { millisLeft, signal } = limits
  signal?.throwIfAborted()
  if (millisLeft <= 0) return Promise.resolve(first)
  const worker = waiting ?? new Worker(new URL('./solver-worker.ts', import.meta.url))
  waiting = undefined
  worker.ref()
  const { promise, resolve, reject } = Promise.withResolvers<Outcome>()
  let best = first
  const end = () => {
    clearTimeout(timer)
    signal?.removeEventListener('abort', onAbort)
    worker.removeAllListeners()
  }
  const giveUp = () => {
    end()
    void worker.terminate()
  }
  const onAbort = () => {
    giveUp()
    reject(signal?.reason)
  }
  const onTimeOver = () => {
    giveUp()
    resolve(best)
  }
  // A timer cannot be set for longer than 2^31 - 1 milliseconds, some 24 days: no limit in practice.
  const timer = millisLeft < 2 ** 31 - GRACE_MILLIS ? setTimeout(onTimeOver, millisLeft + GRACE_MILLIS) : undefined
  signal?.addEventListener('abort', onAbort)
  worker.on('message', ({ kind, outcome }: SolverReport) => {
    best = outcome
    if (kind !== 'done') return
    end()
    keepWaiting(worker)
    resolve(outcome)
  })
  worker.on('error', (error) => {
    giveUp()
    reject(error)
  })
  worker.on('exit', () => {
    end()
    reject(new Error('The solver thread ended before it answered'))
  })
  worker.postMessage({ problem, millisLeft } satisfies SolverRequest)
  return promise
}

function keepWaiting(worker: Worker): void {
  if (waiting) {
    void worker.terminate()
    return
  }
  waiting = worker
  worker.unref()
  worker.on('error', () => forget(worker))
  worker.on('exit', () => forget(worker))
}

function forget(worker: Worker): void {
  if (waiting === worker) waiting = undefined
}
