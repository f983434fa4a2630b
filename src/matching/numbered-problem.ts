import type { Problem } from './problem.ts'

/**
 * A problem in whole numbers, so that sums are exact: half-days and hundredths of score. Needs, leaders and options are
 * their places in the input. Locks are taken out: `freeDays` is what they leave, and no need in `locked` is offered again.
 */
export type NumberedProblem = {
  readonly needDays: Int32Array
  readonly needPriority: Int32Array
  readonly freeDays: Int32Array
  readonly optionNeed: Int32Array
  readonly optionLeader: Int32Array
  readonly optionScore: Int32Array
  /** Options fixed by a lock. */
  readonly locked: readonly number[]
  /** Options that can be in a best answer: not of a locked need, within the leader's free days, worth taking. */
  readonly open: readonly number[]
}

/** What a set of options adds up to: priorities of the needs met, and hundredths of score. */
export type Worth = { readonly priority: number; readonly score: number }

export function numberProblem(problem: Problem): NumberedProblem {
  const needs = placeOf(problem.needs.map(({ id }) => id))
  const leaders = placeOf(problem.leaders.map(({ id }) => id))
  const optionNeed = Int32Array.from(problem.options, ({ need }) => needs(need))
  const optionLeader = Int32Array.from(problem.options, ({ leader }) => leaders(leader))
  const optionScore = Int32Array.from(problem.options, ({ score }) => Math.round(score * 100))
  const needDays = Int32Array.from(problem.needs, ({ days }) => days * 2)
  const needPriority = Int32Array.from(problem.needs, ({ priority }) => priority)
  const freeDays = Int32Array.from(problem.leaders, ({ days }) => days * 2)

  const leaderOfLocked = new Map(problem.locks.map(({ need, leader }) => [needs(need), leaders(leader)]))
  const all = [...optionNeed.keys()]
  const need = (option: number) => optionNeed[option] ?? 0
  const leader = (option: number) => optionLeader[option] ?? 0
  const days = (option: number) => needDays[need(option)] ?? 0

  const locked = all.filter((option) => leaderOfLocked.get(need(option)) === leader(option))
  for (const option of locked) freeDays[leader(option)] = (freeDays[leader(option)] ?? 0) - days(option)
  const lowersTheScore = (option: number) => needPriority[need(option)] === 0 && (optionScore[option] ?? 0) < 0
  const open = all.filter(
    (option) =>
      !leaderOfLocked.has(need(option)) && days(option) <= (freeDays[leader(option)] ?? 0) && !lowersTheScore(option),
  )
  if (locked.length !== leaderOfLocked.size || freeDays.some((days) => days < 0))
    throw new Error('A problem with impossible locks reached the solver: parseProblem refuses such a problem')
  return { needDays, needPriority, freeDays, optionNeed, optionLeader, optionScore, locked, open }
}

function placeOf(ids: readonly string[]): (id: string) => number {
  const places = new Map(ids.map((id, place) => [id, place]))
  return (id) => {
    const place = places.get(id)
    if (place === undefined) throw new Error(`A problem with the unknown id “${id}” reached the solver`)
    return place
  }
}

export function worthOf(problem: NumberedProblem, options: Iterable<number>): Worth {
  let priority = 0
  let score = 0
  for (const option of options) {
    priority += problem.needPriority[problem.optionNeed[option] ?? 0] ?? 0
    score += problem.optionScore[option] ?? 0
  }
  return { priority, score }
}

/** True when each need is met at most once, and no leader gives more than the free days. */
export function keepsTheRules(problem: NumberedProblem, options: readonly number[]): boolean {
  const met = new Set<number>()
  const left = Int32Array.from(problem.freeDays)
  return options.every((option) => {
    const need = problem.optionNeed[option] ?? 0
    const leader = problem.optionLeader[option] ?? 0
    const isFirst = !met.has(need)
    met.add(need)
    left[leader] = (left[leader] ?? 0) - (problem.needDays[need] ?? 0)
    return isFirst && (left[leader] ?? 0) >= 0
  })
}

/** Options by need, each list in input order; the needs in the order in which their first option stands. */
export function optionsByNeed(problem: NumberedProblem, options: readonly number[]): Map<number, number[]> {
  return Map.groupBy(options, (option) => problem.optionNeed[option] ?? 0)
}

export function sumOf(options: readonly number[], of: (option: number) => number): number {
  return options.reduce((sum, option) => sum + of(option), 0)
}
