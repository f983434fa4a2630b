import type { Highs, Model, ModelData } from 'highs'
import type { NumberedProblem } from './numbered-problem.ts'

/** A row that a solution must reach: the sum of `of` over the chosen options, in whole numbers. */
export type Floor = { readonly of: (option: number) => number; readonly atLeast: number }

/**
 * One question over some options: the largest sum of `worth` (whole numbers) such that each need is met at most once,
 * exactly once for `mustMeet`, the leaders' free days hold, and every floor is reached. `start` is a known solution.
 */
export type Question = {
  readonly options: readonly number[]
  readonly worth: (option: number) => number
  readonly mustMeet: (need: number) => boolean
  readonly floors: readonly Floor[]
  readonly start?: readonly number[]
}

/** `stopped` is the limit of time or nodes; `chosen` is missing when no whole-number solution was found. */
export type Answer = { readonly status: 'optimal' | 'infeasible' | 'stopped'; readonly chosen?: readonly number[] }

/** What a relaxation says a half-day of each leader and a unit of each floor cost; never below 0. */
export type Prices = { readonly leader: Float64Array; readonly floors: readonly number[] }

/** `chosen` where the relaxation's own answer is whole: as it always is when all needs have equal days. */
export type Relaxed = { readonly prices: Prices; readonly chosen?: readonly number[] }

/** HiGHS options that stop a search which is not easy, always at the same place: after nodes, or better solutions. */
export type SearchLimits = { readonly mip_max_nodes?: number; readonly mip_max_improving_sols?: number }

/** A loaded solver and when to stop, in milliseconds of `performance.now()`. */
export type Solver = { readonly highs: Highs; readonly deadline: number }

// The solver's own tolerance for whole numbers; whoever uses the answer checks it in exact arithmetic.
const WHOLE_WITHIN = 1e-6

type Layout = { readonly model: ModelData; readonly leaders: readonly number[]; readonly firstFloor: number }

/**
 * Solves in whole numbers. With whole-number worths a gap below one unit is none, so the absolute gap may be just under 1.
 */
export function answer(
  solver: Solver,
  problem: NumberedProblem,
  question: Question,
  limits: SearchLimits = {},
): Answer {
  const { options, start } = question
  const { model: data } = layOut(solver.highs, problem, question, true)
  return solver.highs.withModel(data, (model) => {
    model.options.set(limits)
    if (start) {
      const isIn = new Set(start)
      model.setSolution({ colValue: options.map((option) => (isIn.has(option) ? 1 : 0)) })
    }
    const status = runUntil(solver, model)
    if (status === 'infeasible' || model.info.get('primal_solution_status') !== 2) return { status }
    const { colValue } = model.getSolution()
    return { status, chosen: options.filter((_, column) => (colValue[column] ?? 0) > 0.5) }
  })
}

/** Solves without the whole-number rule; undefined when stopped or infeasible. */
export function relax(solver: Solver, problem: NumberedProblem, question: Question): Relaxed | undefined {
  const { model: data, leaders, firstFloor } = layOut(solver.highs, problem, question, false)
  return solver.highs.withModel(data, (model) => {
    if (runUntil(solver, model) !== 'optimal') return undefined
    const { rowDual, colValue } = model.getSolution()
    const leader = new Float64Array(problem.freeDays.length)
    for (const [place, which] of leaders.entries())
      leader[which] = Math.abs(rowDual[firstFloor - leaders.length + place] ?? 0)
    const prices = { leader, floors: question.floors.map((_, place) => Math.abs(rowDual[firstFloor + place] ?? 0)) }
    const isWhole = colValue.every((value) => Math.abs(value - Math.round(value)) < WHOLE_WITHIN)
    return isWhole
      ? { prices, chosen: question.options.filter((_, column) => (colValue[column] ?? 0) > 0.5) }
      : { prices }
  })
}

export function runUntil({ highs, deadline }: Solver, model: Model): Answer['status'] {
  const seconds = (deadline - performance.now()) / 1000
  if (seconds <= 0) return 'stopped'
  model.options.set({ output_flag: false, mip_rel_gap: 0, mip_abs_gap: 0.9 })
  // The solver's limit counts all runs of a model together.
  model.zeroAllClocks()
  if (Number.isFinite(seconds)) model.options.set('time_limit', seconds)
  const { optimal, infeasible, timeLimit, solutionLimit } = highs.constants.modelStatus
  const { modelStatus } = model.run()
  if (modelStatus === optimal) return 'optimal'
  if (modelStatus === infeasible) return 'infeasible'
  if (modelStatus === timeLimit || modelStatus === solutionLimit) return 'stopped'
  // Includes `empty`, which the solver answers to a model it could not read: a fault of ours, never an answer.
  throw new Error(`The solver ended with status ${modelStatus}`)
}

/** Rows: one per need, one per leader, one per floor. Columns: the options, 0 or 1, in the order given. */
function layOut(highs: Highs, problem: NumberedProblem, question: Question, whole: boolean): Layout {
  const { options, floors, mustMeet, worth } = question
  const needs = [...new Set(options.map((option) => problem.optionNeed[option] ?? 0))]
  const leaders = [...new Set(options.map((option) => problem.optionLeader[option] ?? 0))]
  const rowOfNeed = new Map(needs.map((need, row) => [need, row]))
  const rowOfLeader = new Map(leaders.map((leader, place) => [leader, needs.length + place]))
  const firstFloor = needs.length + leaders.length
  const starts = [0]
  const indices: number[] = []
  const values: number[] = []
  for (const option of options) {
    const need = problem.optionNeed[option] ?? 0
    indices.push(rowOfNeed.get(need) ?? 0, rowOfLeader.get(problem.optionLeader[option] ?? 0) ?? 0)
    values.push(1, problem.needDays[need] ?? 0)
    for (const [place, floor] of floors.entries()) {
      const coefficient = floor.of(option)
      if (coefficient === 0) continue
      indices.push(firstFloor + place)
      values.push(coefficient)
    }
    starts.push(indices.length)
  }
  const numRows = firstFloor + floors.length
  const numCols = options.length
  const matrix = { format: 'csc', numRows, numCols, starts, indices, values } as const
  const rowLower = [
    ...needs.map((need) => (mustMeet(need) ? 1 : 0)),
    ...leaders.map(() => -highs.infinity),
    ...floors.map(({ atLeast }) => atLeast),
  ]
  const rowUpper = [
    ...needs.map(() => 1),
    ...leaders.map((leader) => problem.freeDays[leader] ?? 0),
    ...floors.map(() => highs.infinity),
  ]
  const model: ModelData = {
    numCols,
    numRows,
    sense: highs.constants.objectiveSense.maximize,
    colCost: options.map(worth),
    colLower: new Float64Array(numCols),
    colUpper: new Float64Array(numCols).fill(1),
    rowLower,
    rowUpper,
    matrix,
    ...(whole ? { integrality: new Int32Array(numCols).fill(1) } : {}),
  }
  return { model, leaders, firstFloor }
}
