import { firstInOrder } from './first-in-order.ts'
import { addWhatFits, assignGreedily } from './greedy.ts'
import type { Floor, Solver } from './integer-program.ts'
import { commonDivisor } from './loads.ts'
import { type Best, Maximiser } from './maximise.ts'
import { type NumberedProblem, optionsByNeed, sumOf } from './numbered-problem.ts'

/** Chosen open options (locks are apart), and a proven upper bound of their score at the priority they reach. */
export type Outcome = { readonly proven: boolean; readonly chosen: readonly number[]; readonly scoreBound: number }

// Of the time that is left when the most priority is still unknown; the rest is for the score.
const PART_FOR_PRIORITY = 0.8

// What a unit of priority weighs, in the largest score, while an assignment is improved for both at once.
const PRIORITY_IN_SCORES = 3

/**
 * The best assignment: most priority, then most score, then first in option order. `onBetter` hears valid assignments on
 * the way, so that the caller has an answer whenever it must stop.
 */
export function findBestAssignment(
  solver: Solver,
  given: NumberedProblem,
  onBetter: (outcome: Outcome) => void,
): Outcome {
  const problem = withUsableDays(given)
  const start = assignGreedily(problem)
  const priority = (option: number) => problem.needPriority[problem.optionNeed[option] ?? 0] ?? 0
  // In the largest unit that all scores share: a bound then has fewer values to exclude.
  const unit =
    problem.open.reduce((divisor, option) => commonDivisor(divisor, problem.optionScore[option] ?? 0), 0) || 1
  const score = (option: number) => (problem.optionScore[option] ?? 0) / unit
  const loose = looseScoreBound(problem)
  const tell = (chosen: readonly number[], scoreBound: number) => onBetter({ proven: false, chosen, scoreBound })

  const forPriority = { ...solver, deadline: partOf(solver.deadline, PART_FOR_PRIORITY) }
  const byPriority = findMostPriority(forPriority, problem, { priority, score, start }, (chosen) => tell(chosen, loose))
  const reached = addWhatFits(problem, byPriority.chosen ?? [], start)
  const most = sumOf(reached, priority)

  // Where every need can be met, saying so need by need is a far easier question than a floor under their sum.
  const meetsAll = most === mostPriority(problem)
  const floor: Floor = { of: priority, atLeast: most }
  const byScore = new Maximiser(
    solver,
    problem,
    {
      options: byPriority.close,
      worth: score,
      mustMeet: (need) => meetsAll && (problem.needPriority[need] ?? 0) > 0,
      floors: meetsAll ? [] : [floor],
      start: reached,
    },
    (chosen, bound) => tell(chosen, bound * unit),
  ).run()
  const chosen = byScore.chosen ?? reached
  const isProven = byPriority.bound === most && byScore.proven
  if (!isProven) return { proven: false, chosen, scoreBound: byScore.bound * unit }

  const first = firstInOrder(solver, problem, byScore.close, chosen)
  return { proven: first.isSettled, chosen: first.chosen, scoreBound: byScore.bound * unit }
}

type Measures = {
  readonly priority: (option: number) => number
  readonly score: (option: number) => number
  readonly start: readonly number[]
}

function findMostPriority(
  solver: Solver,
  problem: NumberedProblem,
  { priority, score, start }: Measures,
  onProgress: (chosen: readonly number[]) => void,
): Best {
  const mustMeet = () => false
  const maximiser = new Maximiser(
    solver,
    problem,
    { options: problem.open, worth: priority, mustMeet, floors: [], start },
    onProgress,
  )
  let best = maximiser.runBriefly()
  if (best.proven) return best
  const weight = PRIORITY_IN_SCORES * largest(problem.open.map((option) => Math.abs(score(option))))
  const leaning = (option: number) => weight * priority(option) + score(option)
  const question = { options: best.close, worth: leaning, mustMeet, floors: [], start: best.chosen ?? start }
  best = maximiser.offer(new Maximiser(solver, problem, question, onProgress).improve())
  // What reaches all that the bound allows is easier to find by score: equal priorities give the solver no direction.
  while (!best.proven) {
    const floors = [{ of: priority, atLeast: best.bound }]
    const any = new Maximiser(
      solver,
      problem,
      { options: best.close, worth: score, mustMeet, floors },
      onProgress,
    ).findAny()
    if (!any.chosen && !any.proven) return maximiser.finish()
    best = any.chosen ? maximiser.offer(any.chosen) : maximiser.lowerTo(best.bound - 1)
  }
  return best
}

function largest(values: readonly number[]): number {
  return values.reduce((most, value) => Math.max(most, value), 1)
}

function partOf(deadline: number, part: number): number {
  const now = performance.now()
  return Number.isFinite(deadline) ? now + part * (deadline - now) : deadline
}

/** Days that no set of needs can fill are left out: half a day where all take whole ones, five where all take ten. */
function withUsableDays(problem: NumberedProblem): NumberedProblem {
  const days = (option: number) => problem.needDays[problem.optionNeed[option] ?? 0] ?? 0
  const byLeader = Map.groupBy(problem.open, (option) => problem.optionLeader[option] ?? 0)
  const freeDays = problem.freeDays.map((free, leader) => {
    const unit = (byLeader.get(leader) ?? []).reduce((divisor, option) => commonDivisor(divisor, days(option)), 0)
    return unit === 0 ? free : free - (free % unit)
  })
  return { ...problem, freeDays }
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
