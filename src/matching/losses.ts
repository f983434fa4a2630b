import type { Prices, Question } from './integer-program.ts'
import { type NumberedProblem, optionsByNeed } from './numbered-problem.ts'

/**
 * What prices prove about every assignment of the question: none is worth more than `bound`, and one that takes an option
 * is worth at most `bound` less that option's loss (Lagrangian relaxation). Any prices prove something true, good prices
 * prove more; they come from the solver's inexact arithmetic, the proof does not.
 */
export type Losses = { readonly bound: number; readonly ofOption: ReadonlyMap<number, number> }

/** Prices of meeting a need and of each floor, as the closer bound of load-bound.ts finds them. */
export type NeedPrices = { readonly need: Float64Array; readonly floors: readonly number[] }

// Prices are multiples of this power of two, so that sums of priced whole numbers are exact in a double.
const GRAIN = 2 ** -16

export function toGrain(price: number): number {
  return Math.round(price / GRAIN) * GRAIN
}

export function lossesAt(problem: NumberedProblem, question: Question, prices: Prices): Losses {
  const leaderPrice = prices.leader.map(toGrain)
  const floorPrices = prices.floors.map(toGrain)
  const net = new Map(
    question.options.map((option) => {
      const days = problem.needDays[problem.optionNeed[option] ?? 0] ?? 0
      const paid = days * (leaderPrice[problem.optionLeader[option] ?? 0] ?? 0)
      return [option, worthWithFloors(question, floorPrices, option) - paid]
    }),
  )
  const ofOption = new Map<number, number>()
  let bound = 0
  for (const [which, choices] of optionsByNeed(problem, question.options)) {
    const nets = choices.map((option) => net.get(option) ?? 0)
    const best = Math.max(...nets, ...(question.mustMeet(which) ? [] : [0]))
    bound += best
    for (const [place, option] of choices.entries()) ofOption.set(option, best - (nets[place] ?? 0))
  }
  for (const leader of new Set(question.options.map((option) => problem.optionLeader[option] ?? 0)))
    bound += (leaderPrice[leader] ?? 0) * (problem.freeDays[leader] ?? 0)
  for (const [place, floor] of question.floors.entries()) bound -= (floorPrices[place] ?? 0) * floor.atLeast
  return { bound, ofOption }
}

export function worthWithFloors(question: Question, floorPrices: readonly number[], option: number): number {
  let worth = question.worth(option)
  for (const [place, floor] of question.floors.entries()) worth += (floorPrices[place] ?? 0) * floor.of(option)
  return worth
}
