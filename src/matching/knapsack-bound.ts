import type { Question } from './integer-program.ts'
import { fillKnapsack, type Knapsack, lossesWhenTaken } from './knapsack.ts'
import { type Losses, type NeedPrices, toGrain, worthWithFloors } from './losses.ts'
import { type NumberedProblem, sumOf } from './numbered-problem.ts'

const MOST_ROUNDS = 600
const ROUNDS_WITHOUT_GAIN = 12
const SMALLEST_STEP = 0.01
// Above this the tables of one round cost more than the solver's own search saves.
const MOST_CELLS = 8_000_000

/**
 * A closer bound than the plain relaxation: each leader fills the free days in the best whole way by itself, and prices
 * on the needs make them share (Lagrangian relaxation of a generalised assignment, M. L. Fisher, Management Science 27,
 * 1981; prices by subgradient steps). Stops when the bound is within one unit of `target`, which then is proven best.
 * Undefined when the leaders' days are too large for it.
 */
export function boundByKnapsacks(
  problem: NumberedProblem,
  question: Question,
  start: NeedPrices,
  target: number,
  deadline: number,
): Losses | undefined {
  const knapsacks = knapsacksOf(problem, question.options)
  const cells = knapsacks.reduce((sum, { items, room }) => sum + items.length * (room + 1), 0)
  if (cells > MOST_CELLS) return undefined

  let best = { bound: Number.POSITIVE_INFINITY, prices: start }
  let prices = start
  let step = 1
  let stale = 0
  for (let round = 0; round < MOST_ROUNDS && step >= SMALLEST_STEP && performance.now() < deadline; round++) {
    const { bound, excess, floorExcess } = evaluate(problem, question, knapsacks, prices)
    stale = bound < best.bound ? 0 : stale + 1
    if (bound < best.bound) best = { bound, prices }
    if (best.bound - target < 1) break
    const norm = [...excess.values(), ...floorExcess].reduce((sum, part) => sum + part * part, 0)
    if (norm === 0) break
    if (stale >= ROUNDS_WITHOUT_GAIN) {
      step /= 2
      stale = 0
      prices = best.prices
    } else prices = moved(question, prices, excess, floorExcess, (step * (bound - target)) / norm)
  }
  return { bound: best.bound, ofOption: optionLosses(problem, question, knapsacks, best.prices) }
}

function knapsacksOf(problem: NumberedProblem, options: readonly number[]): Knapsack[] {
  const byLeader = Map.groupBy(options, (option) => problem.optionLeader[option] ?? 0)
  return [...byLeader].map(([leader, items]) => {
    const days = Int32Array.from(items, (option) => problem.needDays[problem.optionNeed[option] ?? 0] ?? 0)
    const wanted = days.reduce((sum, each) => sum + each, 0)
    return { items, days, room: Math.min(problem.freeDays[leader] ?? 0, wanted) }
  })
}

function netWorths(problem: NumberedProblem, question: Question, prices: NeedPrices, items: readonly number[]) {
  return Float64Array.from(
    items,
    (option) => worthWithFloors(question, prices.floors, option) - (prices.need[problem.optionNeed[option] ?? 0] ?? 0),
  )
}

/** The bound at these prices, and by how much each need is over-served (+) or left out (-) and each floor over-reached. */
type Evaluation = { readonly bound: number; readonly excess: Map<number, number>; readonly floorExcess: number[] }

function evaluate(
  problem: NumberedProblem,
  question: Question,
  knapsacks: readonly Knapsack[],
  prices: NeedPrices,
): Evaluation {
  let bound = 0
  const taken: number[] = []
  for (const knapsack of knapsacks) {
    const filled = fillKnapsack(knapsack, netWorths(problem, question, prices, knapsack.items))
    bound += filled.sum
    for (const place of filled.taken) taken.push(knapsack.items[place] ?? 0)
  }
  const excess = new Map(question.options.map((option) => [problem.optionNeed[option] ?? 0, -1]))
  for (const need of excess.keys()) bound += prices.need[need] ?? 0
  for (const option of taken) {
    const need = problem.optionNeed[option] ?? 0
    excess.set(need, (excess.get(need) ?? 0) + 1)
  }
  for (const [place, floor] of question.floors.entries()) bound -= (prices.floors[place] ?? 0) * floor.atLeast
  const floorExcess = question.floors.map(({ of, atLeast }) => sumOf(taken, of) - atLeast)
  return pushing(question, prices, { bound, excess, floorExcess })
}

/** Without what cannot push: a price at its least, 0, of a need that may stay unmet or a floor that is over-reached. */
function pushing(question: Question, prices: NeedPrices, { bound, excess, floorExcess }: Evaluation): Evaluation {
  for (const [need, over] of excess)
    if (over < 0 && (prices.need[need] ?? 0) <= 0 && !question.mustMeet(need)) excess.set(need, 0)
  const floors = floorExcess.map((over, place) => (over > 0 && (prices.floors[place] ?? 0) <= 0 ? 0 : over))
  return { bound, excess, floorExcess: floors }
}

function moved(
  question: Question,
  prices: NeedPrices,
  excess: ReadonlyMap<number, number>,
  floorExcess: readonly number[],
  by: number,
): NeedPrices {
  const need = Float64Array.from(prices.need)
  for (const [which, over] of excess) {
    const price = toGrain((need[which] ?? 0) + by * over)
    need[which] = question.mustMeet(which) ? price : Math.max(0, price)
  }
  const floors = prices.floors.map((price, place) => Math.max(0, toGrain(price - by * (floorExcess[place] ?? 0))))
  return { need, floors }
}

function optionLosses(
  problem: NumberedProblem,
  question: Question,
  knapsacks: readonly Knapsack[],
  prices: NeedPrices,
): Map<number, number> {
  const losses = new Map<number, number>()
  for (const knapsack of knapsacks) {
    const ofPlace = lossesWhenTaken(knapsack, netWorths(problem, question, prices, knapsack.items))
    for (const [place, option] of knapsack.items.entries()) losses.set(option, ofPlace[place] ?? 0)
  }
  return losses
}
