import { looseScoreBound, type Outcome } from './best-assignment.ts'
import { assignGreedily } from './greedy.ts'
import { keepsTheRules, numberProblem, worthOf } from './numbered-problem.ts'
import type { Problem, Solution } from './problem.ts'
import { solveOnThread } from './solver-thread.ts'
import { explainUnmet } from './unmet.ts'

export type SolveLimits = {
  /** Seconds for the whole solve; without it the solver goes on until it has a proof. */
  readonly timeLimitSeconds?: number | undefined
  /** Ends the solver's thread; the promise then rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined
}

/**
 * The best assignment of leaders to needs: the largest sum of priorities of the needs met, then the largest sum of scores,
 * then the first in option order: it takes the earliest option of the input that any best assignment takes, then the
 * earliest next one, and so on. (In a very large group of equally good options this order is exact for its first
 * decisions and then the solver's own, which is the same on every run.)
 *
 * `status` is `optimal` when priority and score are proven and the order is settled; the same input then gives the same
 * answer. Otherwise the time limit came first: `feasible`, a valid assignment with every lock, and `bound`, which no
 * assignment of the same `priorityMet` can exceed in score. Assignments stand in the order of the options.
 */
export async function solve(problem: Problem, limits: SolveLimits = {}): Promise<Solution> {
  const startedAt = performance.now()
  const numbered = numberProblem(problem)
  const first: Outcome = { proven: false, chosen: assignGreedily(numbered), scoreBound: looseScoreBound(numbered) }
  const millisLeft = (limits.timeLimitSeconds ?? Number.POSITIVE_INFINITY) * 1000 - (performance.now() - startedAt)
  const outcome = await solveOnThread(numbered, first, { millisLeft, signal: limits.signal })
  if (!keepsTheRules(numbered, outcome.chosen)) throw new Error('The solver answered an assignment that breaks a rule')

  const options = [...numbered.locked, ...outcome.chosen].sort((a, b) => a - b)
  const { priority, score } = worthOf(numbered, options)
  const lockedScore = worthOf(numbered, numbered.locked).score
  return {
    status: outcome.proven ? 'optimal' : 'feasible',
    priorityMet: priority,
    score: score / 100,
    bound: (outcome.scoreBound + lockedScore) / 100,
    assignments: options
      .flatMap((option) => problem.options.slice(option, option + 1))
      .map(({ need, leader }) => ({ need, leader })),
    unmet: explainUnmet(problem, numbered, outcome.chosen),
    millis: Math.round(performance.now() - startedAt),
  }
}
