import type { Pair, Problem } from './problem.ts'

/** The best by trying everything, for tests: exponential, so for a handful of needs only. */
export type BruteForceBest = { priority: number; hundredths: number; taken: readonly number[]; pairs: Pair[] }

/** Tries every choice of options; among equals keeps the one that comes first in option order. Expects parsed locks. */
export function bruteForce(problem: Problem): BruteForceBest {
  const choices = problem.needs.map((need) => {
    const own = problem.options.map((option, place) => ({ ...option, place })).filter((each) => each.need === need.id)
    const lock = problem.locks.find((each) => each.need === need.id)
    return lock ? own.filter(({ leader }) => leader === lock.leader) : [...own, undefined]
  })
  const daysLeft = new Map(problem.leaders.map(({ id, days }) => [id, days]))
  let best: Found | undefined

  const consider = (found: Found): void => {
    if (!best || isBetter(found, best)) best = found
  }
  const visit = (index: number, priority: number, hundredths: number, taken: readonly number[]): void => {
    const need = problem.needs[index]
    if (!need) {
      consider({ priority, hundredths, taken: taken.toSorted((a, b) => a - b) })
      return
    }
    for (const option of choices[index] ?? []) {
      const left = option ? (daysLeft.get(option.leader) ?? 0) : 0
      if (!option) visit(index + 1, priority, hundredths, taken)
      else if (left >= need.days) {
        daysLeft.set(option.leader, left - need.days)
        const gain = Math.round(option.score * 100)
        visit(index + 1, priority + need.priority, hundredths + gain, [...taken, option.place])
        daysLeft.set(option.leader, left)
      }
    }
  }
  visit(0, 0, 0, [])
  if (!best) throw new Error('The locks of this problem cannot hold')
  const pairs = best.taken.flatMap((place) => problem.options.slice(place, place + 1))
  return { ...best, pairs: pairs.map(({ need, leader }) => ({ need, leader })) }
}

type Found = Omit<BruteForceBest, 'pairs'>

function isBetter(left: Found, right: Found): boolean {
  if (left.priority !== right.priority) return left.priority > right.priority
  if (left.hundredths !== right.hundredths) return left.hundredths > right.hundredths
  return isFirst(left.taken, right.taken)
}

/** The first place where the two differ decides: the earlier option wins, and any option wins over none. */
function isFirst(left: readonly number[], right: readonly number[]): boolean {
  const place = left.findIndex((option, index) => option !== right[index])
  return place >= 0 && (left[place] ?? 0) < (right[place] ?? Number.POSITIVE_INFINITY)
}
