import { firstInOrder } from './first-in-order.ts'
import { addWhatFits, assignGreedily } from './greedy.ts'
import type { Floor, Solver } from './integer-program.ts'
import { maximise } from './maximise.ts'
import { type NumberedProblem, optionsByNeed, sumOf } from './numbered-problem.ts'

/** Chosen open options (locks are apart), and a proven upper bound of their score at the priority they reach. */
export type Outcome = { readonly proven: boolean; readonly chosen: readonly number[]; readonly scoreBound: number }

/**
 * The best assignment: most priority, then most score, then first in option order. `onBetter` hears valid assignments on
 * the way, so that the caller has an answer whenever it must stop.
 */
export function findBestAssignment(
  solver: Solver,
  problem: NumberedProblem,
  onBetter: (outcome: Outcome) => void,
): Outcome {
  const options = problem.open
  const priority = (option: number) => problem.needPriority[problem.optionNeed[option] ?? 0] ?? 0
  const score = (option: number) => problem.optionScore[option] ?? 0
  const loose = looseScoreBound(problem)
  const tell = (chosen: readonly number[], scoreBound: number) => onBetter({ proven: false, chosen, scoreBound })

  const byPriority = maximise(
    solver,
    problem,
    { options, worth: priority, mustMeet: () => false, floors: [], start: assignGreedily(problem) },
    (chosen) => tell(chosen, loose),
  )
  if (!byPriority.proven) {
    const chosen = addWhatFits(problem, byPriority.chosen, assignGreedily(problem))
    return { proven: false, chosen, scoreBound: loose }
  }

  // Where every need can be met, saying so need by need is a far easier question than a floor under their sum.
  const meetsAll = byPriority.bound === mostPriority(problem)
  const floor: Floor = { of: priority, atLeast: byPriority.bound }
  const byScore = maximise(
    solver,
    problem,
    {
      options: byPriority.close,
      worth: score,
      mustMeet: (need) => meetsAll && (problem.needPriority[need] ?? 0) > 0,
      floors: meetsAll ? [] : [floor],
      start: byPriority.chosen,
    },
    tell,
  )
  if (!byScore.proven) return { proven: false, chosen: byScore.chosen, scoreBound: byScore.bound }

  const first = firstInOrder(solver, problem, byScore.close, byScore.chosen)
  return { proven: first.isSettled, chosen: first.chosen, scoreBound: sumOf(first.chosen, score) }
}

/** An upper bound of the score that needs no solver: each need with its best option, as if leaders had days for all. */
export function looseScoreBound(problem: NumberedProblem): number {
  let bound = 0
  for (const choices of optionsByNeed(problem, problem.open).values())
    bound += Math.max(0, ...choices.map((option) => problem.optionScore[option] ?? 0))
  return bound
}

function mostPriority(problem: NumberedProblem): number {
  let most = 0
  for (const need of optionsByNeed(problem, problem.open).keys()) most += problem.needPriority[need] ?? 0
  return most
}
