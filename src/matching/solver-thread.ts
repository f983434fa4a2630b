import { Worker } from 'node:worker_threads'
import type { Outcome } from './best-assignment.ts'
import type { NumberedProblem } from './numbered-problem.ts'
import type { SolverReport, SolverRequest } from './solver-worker.ts'

// HiGHS looks at the clock between its steps; past this much longer than allowed, its thread is ended instead.
const GRACE_MILLIS = 200

type Job = { readonly onReport: (report: SolverReport) => void; readonly onFailure: (error: unknown) => void }
type Thread = { readonly worker: Worker; job: Job | undefined }

// One thread waits for the next problem: loading the solver takes longer than many solves.
let waiting: Thread | undefined

export type ThreadLimits = { readonly millisLeft: number; readonly signal?: AbortSignal | undefined }

/**
 * Runs a problem on a solver thread and answers its last outcome, or the best so far when the time is over. Rejects with
 * the signal's reason when that aborts, which ends the thread. An idle thread does not keep the process alive.
 */
export function solveOnThread(problem: NumberedProblem, first: Outcome, limits: ThreadLimits): Promise<Outcome> {
  const { millisLeft, signal } = limits
  signal?.throwIfAborted()
  if (millisLeft <= 0) return Promise.resolve(first)
  const thread = takeThread()
  const { promise, resolve, reject } = Promise.withResolvers<Outcome>()
  let best = first
  const end = (next: (thread: Thread) => void) => {
    clearTimeout(timer)
    signal?.removeEventListener('abort', onAbort)
    thread.job = undefined
    next(thread)
  }
  const onAbort = () => {
    end(dismiss)
    reject(signal?.reason)
  }
  const onTimeOver = () => {
    end(dismiss)
    resolve(best)
  }
  // A timer cannot be set for longer than 2^31 - 1 milliseconds, some 24 days: no limit in practice.
  const timer = millisLeft < 2 ** 31 - GRACE_MILLIS ? setTimeout(onTimeOver, millisLeft + GRACE_MILLIS) : undefined
  signal?.addEventListener('abort', onAbort)
  thread.job = {
    onReport: ({ kind, outcome }) => {
      best = outcome
      if (kind !== 'done') return
      end(keep)
      resolve(outcome)
    },
    onFailure: (error) => {
      end(dismiss)
      reject(error)
    },
  }
  thread.worker.postMessage({ problem, millisLeft } satisfies SolverRequest)
  return promise
}

function takeThread(): Thread {
  const thread = waiting ?? startThread()
  waiting = undefined
  thread.worker.ref()
  return thread
}

function startThread(): Thread {
  const thread: Thread = { worker: new Worker(new URL('./solver-worker.ts', import.meta.url)), job: undefined }
  const onFailure = (error: unknown) => {
    if (waiting === thread) waiting = undefined
    thread.job?.onFailure(error)
  }
  thread.worker.on('message', (report: SolverReport) => thread.job?.onReport(report))
  thread.worker.on('error', onFailure)
  thread.worker.on('exit', () => onFailure(new Error('The solver thread ended before it answered')))
  return thread
}

function keep(thread: Thread): void {
  if (waiting) dismiss(thread)
  else {
    waiting = thread
    thread.worker.unref()
  }
}

function dismiss(thread: Thread): void {
  void thread.worker.terminate()
}
