import type { Question, Solver } from './integer-program.ts'
import { fillKnapsack, type Knapsack, lossesWhenTaken } from './knapsack.ts'
import { LoadProgram } from './load-program.ts'
import { type Load, loadsOf, netWorths } from './loads.ts'
import { type NeedPrices, toGrain } from './losses.ts'
import { type NumberedProblem, optionsByNeed } from './numbered-problem.ts'

const MOST_ROUNDS = 300
// How far a round goes from the best prices so far towards the newest ones, which swing.
const STEP = 0.3
// What remains between relaxation and bound is then less than whole numbers can tell.
const CLOSE_ENOUGH = 0.01

/** A proven upper bound, the prices that prove it, and for each option what an assignment loses against it by taking it. */
export type LoadBound = {
  readonly bound: number
  readonly prices: NeedPrices
  readonly ofOption: ReadonlyMap<number, number>
}

/**
 * A closer bound than the plain relaxation: each leader takes the best whole load at prices of the needs, and the prices
 * come from HiGHS over the loads met so far, until no load is missing (column generation for the generalised assignment
 * problem, M. Savelsbergh, Operations Research 45, 1997). Any prices prove their bound, so it holds wherever this stops:
 * within one unit of `target`, or at the deadline. Undefined when the deadline left no round.
 */
export function boundByLoads(
  solver: Solver,
  problem: NumberedProblem,
  question: Question,
  knapsacks: readonly Knapsack[],
  target: number,
): LoadBound | undefined {
  const program = new LoadProgram(solver, problem, question)
  program.allowMissing(missingPrice(problem, question))
  program.add(loadsOf(problem, question.start ?? []))
  let best: Priced | undefined
  for (let round = 0; round < MOST_ROUNDS; round++) {
    const relaxed = program.relax()
    if (!relaxed) break
    const newest = price(problem, question, knapsacks, relaxed.prices)
    const tried = best ? [newest, price(problem, question, knapsacks, mix(best.prices, relaxed.prices))] : [newest]
    const added = program.add(tried.flatMap(({ loads }) => loads))
    best = tried.reduce((least, each) => (each.bound < least.bound ? each : least), best ?? newest)
    if (added === 0 || best.bound - Math.max(target + 1, relaxed.value) < CLOSE_ENOUGH) break
  }
  program.close()
  if (!best) return undefined
  return { bound: best.bound, prices: best.prices, ofOption: optionLosses(problem, question, knapsacks, best.prices) }
}

/** More than any assignment can gain by missing what is demanded, so that nothing is missed where it need not be. */
function missingPrice(problem: NumberedProblem, question: Question): number {
  let range = 1
  for (const options of optionsByNeed(problem, question.options).values())
    range += Math.max(...options.map((option) => Math.abs(question.worth(option))))
  return range
}

type Priced = { readonly bound: number; readonly prices: NeedPrices; readonly loads: readonly Load[] }

function price(
  problem: NumberedProblem,
  question: Question,
  knapsacks: readonly Knapsack[],
  inexact: NeedPrices,
): Priced {
  const prices = { need: inexact.need.map(toGrain), floors: inexact.floors.map(toGrain) }
  let bound = prices.need.reduce((sum, each) => sum + each, 0)
  for (const [place, floor] of question.floors.entries()) bound -= (prices.floors[place] ?? 0) * floor.atLeast
  const loads = knapsacks.map((knapsack) => {
    const { sum, taken } = fillKnapsack(knapsack, netWorths(problem, question, prices, knapsack.items))
    bound += sum
    return taken.map((place) => knapsack.items[place] ?? 0).sort((a, b) => a - b)
  })
  return { bound, prices, loads }
}

function mix(best: NeedPrices, newest: NeedPrices): NeedPrices {
  const between = (from: number, to: number) => from + STEP * (to - from)
  return {
    need: best.need.map((from, need) => between(from, newest.need[need] ?? 0)),
    floors: best.floors.map((from, place) => between(from, newest.floors[place] ?? 0)),
  }
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
