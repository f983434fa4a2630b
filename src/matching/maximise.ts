import { answer, findPrices, type Question, type Solver } from './integer-program.ts'
import { boundByKnapsacks } from './knapsack-bound.ts'
import { type Losses, lossesAt } from './losses.ts'
import { keepsTheRules, type NumberedProblem, sumOf } from './numbered-problem.ts'

/** A question with an assignment that already keeps all its rules. */
export type StartedQuestion = Question & { readonly start: readonly number[] }

/**
 * The best assignment found. `bound` is a proven upper bound of its worth, equal to it when `proven`. Every assignment as
 * good as the bound uses `close` options only (when proven: every best assignment).
 */
export type Best = {
  readonly chosen: readonly number[]
  readonly bound: number
  readonly proven: boolean
  readonly close: readonly number[]
}

// The first search sees this many options a need, the ones with the least loss: enough for a near-best assignment.
const CORE_OPTIONS_PER_NEED = 3

type Progress = { readonly chosen: readonly number[]; readonly worth: number; readonly losses: Losses }

/**
 * Maximises in steps, each of which may already prove the best: the sum of the best options; the relaxation's prices; a
 * whole-number search among the options these prices like; a closer bound; a search among all that the bound leaves open.
 * `onProgress` hears each better assignment or bound. Stops at the solver's deadline with what is known.
 */
export function maximise(
  solver: Solver,
  problem: NumberedProblem,
  question: StartedQuestion,
  onProgress: (chosen: readonly number[], bound: number) => void,
): Best {
  const freePrices = { leader: new Float64Array(problem.freeDays.length), floors: question.floors.map(() => 0) }
  let state: Progress = {
    chosen: question.start,
    worth: sumOf(question.start, question.worth),
    losses: lossesAt(problem, question, freePrices).losses,
  }
  const update = (change: Partial<Progress>) => {
    state = { ...state, ...change }
    onProgress(state.chosen, Math.floor(state.losses.bound))
  }
  const isDone = () => gapOf(state) < 1 || performance.now() >= solver.deadline
  if (isDone()) return bestOf(question, state, gapOf(state) < 1)

  const prices = findPrices(solver, problem, question)
  if (!prices) return bestOf(question, state, false)
  const { losses, needPrices } = lossesAt(problem, question, prices)
  if (losses.bound < state.losses.bound) update({ losses })
  if (isDone()) return bestOf(question, state, gapOf(state) < 1)

  // Half of the time that is left, so that a hard core leaves some for the bound and the rest.
  const half = { ...solver, deadline: (performance.now() + solver.deadline) / 2 }
  update(search(half, problem, question, state, coreOf(problem, question, losses)).better)
  if (isDone()) return bestOf(question, state, gapOf(state) < 1)

  const closer = boundByKnapsacks(problem, question, needPrices, state.worth, solver.deadline)
  if (closer && closer.bound < state.losses.bound) update({ losses: closer })
  if (isDone()) return bestOf(question, state, gapOf(state) < 1)

  const last = search(solver, problem, question, state, closeOptions(question, state))
  update(last.better)
  return bestOf(question, state, last.isComplete || gapOf(state) < 1)
}

function gapOf({ losses, worth }: Progress): number {
  return losses.bound - worth
}

function bestOf(question: Question, state: Progress, proven: boolean): Best {
  const bound = proven ? state.worth : Math.floor(state.losses.bound)
  return { chosen: state.chosen, bound, proven, close: closeOptions(question, state) }
}

function closeOptions(question: Question, state: Progress): number[] {
  const gap = gapOf(state)
  return question.options.filter((option) => (state.losses.ofOption.get(option) ?? 0) <= gap)
}

/** The options with the least loss, together with those of the start, so that the core always has an answer. */
function coreOf(problem: NumberedProblem, question: StartedQuestion, losses: Losses): number[] {
  const needs = new Set(question.options.map((option) => problem.optionNeed[option] ?? 0)).size
  const loss = (option: number) => losses.ofOption.get(option) ?? 0
  const byLoss = question.options.toSorted((a, b) => loss(a) - loss(b) || score(problem, b) - score(problem, a))
  const isIn = new Set([...byLoss.slice(0, needs * CORE_OPTIONS_PER_NEED), ...question.start])
  return question.options.filter((option) => isIn.has(option))
}

function score(problem: NumberedProblem, option: number): number {
  return problem.optionScore[option] ?? 0
}

function search(
  solver: Solver,
  problem: NumberedProblem,
  question: Question,
  state: Progress,
  options: readonly number[],
): { better: Partial<Progress>; isComplete: boolean } {
  const { status, chosen } = answer(solver, problem, { ...question, options, start: state.chosen })
  // The solver counts with tolerances: what it chose is taken only after checking every rule in whole numbers.
  const isSound = chosen !== undefined && answersTo(problem, question, chosen)
  const worth = isSound ? sumOf(chosen, question.worth) : Number.NEGATIVE_INFINITY
  const isComplete = status === 'optimal' && worth >= state.worth
  return { better: worth > state.worth && isSound ? { chosen, worth } : {}, isComplete }
}

function answersTo(problem: NumberedProblem, question: Question, chosen: readonly number[]): boolean {
  const met = new Set(chosen.map((option) => problem.optionNeed[option] ?? 0))
  const meetsAll = question.options.every((option) => {
    const need = problem.optionNeed[option] ?? 0
    return met.has(need) || !question.mustMeet(need)
  })
  const reachesFloors = question.floors.every(({ of, atLeast }) => sumOf(chosen, of) >= atLeast)
  return meetsAll && reachesFloors && keepsTheRules(problem, chosen)
}
