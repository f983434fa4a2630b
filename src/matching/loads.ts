import type { Question } from './integer-program.ts'
import { type Knapsack, listFillings } from './knapsack.ts'
import { type NeedPrices, worthWithFloors } from './losses.ts'
import type { NumberedProblem } from './numbered-problem.ts'

/** A load: what one leader does, as options of that leader whose needs fit together into the free days. Never empty. */
export type Load = readonly number[]

/** Loads with every other one left out whose loss is above `within`. */
export type LoadList = { readonly loads: readonly Load[]; readonly within: number }

// Above this the tables of one round cost more than the solver's own search saves.
const MOST_CELLS = 8_000_000

/** An assignment as the loads of its leaders. */
export function loadsOf(problem: NumberedProblem, chosen: readonly number[]): Load[] {
  const byLeader = Map.groupBy(chosen, (option) => problem.optionLeader[option] ?? 0)
  return [...byLeader.values()].map((load) => load.toSorted((a, b) => a - b))
}

/** What each leader chooses from; undefined when the leaders' days are too large for tables. */
export function knapsacksOf(problem: NumberedProblem, options: readonly number[]): Knapsack[] | undefined {
  const byLeader = Map.groupBy(options, (option) => problem.optionLeader[option] ?? 0)
  const knapsacks = [...byLeader].map(([leader, items]) => {
    const days = Int32Array.from(items, (option) => problem.needDays[problem.optionNeed[option] ?? 0] ?? 0)
    const wanted = days.reduce((sum, each) => sum + each, 0)
    const unit = days.reduce(commonDivisor, 0)
    const room = Math.floor(Math.min(problem.freeDays[leader] ?? 0, wanted) / unit)
    return { items, days: days.map((each) => each / unit), room }
  })
  const cells = knapsacks.reduce((sum, { items, room }) => sum + items.length * (room + 1), 0)
  return cells > MOST_CELLS ? undefined : knapsacks
}

/** What each item of a knapsack adds, less the price of its need. */
export function netWorths(
  problem: NumberedProblem,
  question: Question,
  prices: NeedPrices,
  items: readonly number[],
): Float64Array {
  return Float64Array.from(
    items,
    (option) => worthWithFloors(question, prices.floors, option) - (prices.need[problem.optionNeed[option] ?? 0] ?? 0),
  )
}

/**
 * All loads that lose at most `gap` at these prices, which are all that an assignment within `gap` of the prices' bound can
 * consist of; where they are more than `most`, the ones with a smaller loss.
 */
export function loadsWithin(
  problem: NumberedProblem,
  question: Question,
  knapsacks: readonly Knapsack[],
  prices: NeedPrices,
  limits: { readonly gap: number; readonly most: number },
): LoadList {
  const priced = knapsacks.map((knapsack) => ({
    knapsack,
    net: netWorths(problem, question, prices, knapsack.items),
  }))
  let within = limits.gap
  // Halves until the loads are few enough. An over-full list is given up as soon as it is, so a round is cheap.
  for (; ; within /= 2) {
    const loads: Load[] = []
    const isAll = priced.every(({ knapsack, net }) => {
      const fillings = listFillings(knapsack, net, within, limits.most - loads.length)
      for (const places of fillings ?? []) loads.push(places.map((place) => knapsack.items[place] ?? 0))
      return fillings !== undefined
    })
    if (isAll || within < Number.EPSILON) return { loads, within: isAll ? within : -1 }
  }
}

export function commonDivisor(a: number, b: number): number {
  let [large, small] = [Math.abs(a), Math.abs(b)]
  while (small > 0) [large, small] = [small, large % small]
  return large
}
