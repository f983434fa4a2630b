import type { NumberedProblem } from './numbered-problem.ts'
import type { Problem, UnmetNeed } from './problem.ts'

/**
 * Why each unmet need is unmet, in input order. The reason begins with one of these, then names the leaders concerned:
 *
 * - `no option`
 * - `no leader among its options has enough days` (after the locks, even with nothing else to do)
 * - `leaving it out allows more priority elsewhere` (all its leaders are full, of needs that each matter more)
 * - `every leader among its options is full`
 * - `meeting it would lower the score` (priority 0, and only options with a score below 0 have room)
 */
export function explainUnmet(problem: Problem, numbered: NumberedProblem, chosen: readonly number[]): UnmetNeed[] {
  const left = Int32Array.from(numbered.freeDays)
  const leastPriority = new Map<number, number>()
  const met = new Set(numbered.locked.map((option) => numbered.optionNeed[option] ?? 0))
  for (const option of chosen) {
    const need = numbered.optionNeed[option] ?? 0
    const leader = numbered.optionLeader[option] ?? 0
    met.add(need)
    left[leader] = (left[leader] ?? 0) - (numbered.needDays[need] ?? 0)
    const priority = numbered.needPriority[need] ?? 0
    leastPriority.set(leader, Math.min(priority, leastPriority.get(leader) ?? priority))
  }
  const leadersOfNeed = Map.groupBy(numbered.optionLeader.keys(), (option) => numbered.optionNeed[option] ?? 0)
  return problem.needs.flatMap((need, place) => {
    if (met.has(place)) return []
    const leaders = (leadersOfNeed.get(place) ?? []).map((option) => numbered.optionLeader[option] ?? 0)
    const names = (some: readonly number[]) => some.map((leader) => problem.leaders[leader]?.id ?? '').join(', ')
    const halfDays = numbered.needDays[place] ?? 0
    const able = leaders.filter((leader) => (numbered.freeDays[leader] ?? 0) >= halfDays)
    const reason = () => {
      if (leaders.length === 0) return 'no option'
      if (able.length === 0) return `no leader among its options has enough days: ${names(leaders)}`
      if (able.some((leader) => (left[leader] ?? 0) >= halfDays)) return 'meeting it would lower the score'
      const isOutranked = able.every((leader) => (leastPriority.get(leader) ?? 0) > need.priority)
      if (isOutranked) return `leaving it out allows more priority elsewhere: ${names(able)}`
      return `every leader among its options is full: ${names(able)}`
    }
    return [{ need: need.id, reason: reason() }]
  })
}
