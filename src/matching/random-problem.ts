import type { LeaderCapacity, Need, Option, Problem } from './problem.ts'

/** A whole number from 0 up to, but without, `below`. */
export type Dice = (below: number) => number

/** Repeatable pseudo-random numbers (mulberry32), so that a test or a measurement can be run again as it was. */
export function seededDice(seed: number): Dice {
  let state = seed >>> 0
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296) * below)
  }
}

/**
 * What to draw. `uniform` scores are spread over 0.00 to 100.00; `tied` scores are sums of a few coarse criteria, as a
 * scoring sheet gives, with many equal. `days: 'unit'` gives one need per leader; `mixed` needs of 0.5 to 10 days and
 * leaders of 0 to 20. `priorities` is how many levels there are (1: all equal).
 */
export type RandomProblemShape = {
  readonly needs: number
  readonly leaders: number
  readonly optionsPerNeed: number
  readonly scores: 'uniform' | 'tied'
  readonly days: 'mixed' | 'unit'
  readonly priorities: number
  readonly seed: number
}

/** An invented problem without locks, grouped by need; the same shape and seed give the same problem. */
export function randomProblem(shape: RandomProblemShape): Problem {
  const dice = seededDice(shape.seed)
  const unit = shape.days === 'unit'
  const needs: Need[] = numbered(shape.needs, (index) => ({
    id: `N${index + 1}`,
    days: unit ? 1 : (1 + dice(20)) / 2,
    priority: 1 + dice(shape.priorities),
  }))
  const leaders: LeaderCapacity[] = numbered(shape.leaders, (index) => ({
    id: `L${index + 1}`,
    days: unit ? 1 : dice(41) / 2,
  }))
  const score = shape.scores === 'tied' ? () => 10 * dice(4) + 5 * dice(5) + 2.5 * dice(9) : () => dice(10_001) / 100
  const options: Option[] = needs.flatMap((need) =>
    drawDistinct(leaders, Math.min(shape.optionsPerNeed, leaders.length), dice).map((leader) => ({
      need: need.id,
      leader: leader.id,
      score: score(),
    })),
  )
  return { needs, leaders, options, locks: [] }
}

function numbered<T>(count: number, make: (index: number) => T): T[] {
  return Array.from({ length: count }, (_, index) => make(index))
}

function drawDistinct<T>(from: readonly T[], count: number, dice: Dice): T[] {
  const chosen = new Set<number>()
  while (chosen.size < count) chosen.add(dice(from.length))
  return [...chosen].flatMap((index) => from.slice(index, index + 1))
}
