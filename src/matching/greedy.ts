import type { NumberedProblem } from './numbered-problem.ts'

/**
 * A valid assignment at once, the answer when there is no time for a better one: the most important needs first, each
 * with its best option that still fits, earlier options first among equals.
 */
export function assignGreedily(problem: NumberedProblem): number[] {
  const priority = (option: number) => problem.needPriority[problem.optionNeed[option] ?? 0] ?? 0
  const score = (option: number) => problem.optionScore[option] ?? 0
  const order = problem.open.toSorted((a, b) => priority(b) - priority(a) || score(b) - score(a) || a - b)
  return addWhatFits(problem, [], order)
}

/** `chosen` with each option of `order` added that its need and leader still have room for, in input order. */
export function addWhatFits(problem: NumberedProblem, chosen: readonly number[], order: readonly number[]): number[] {
  const left = Int32Array.from(problem.freeDays)
  const met = new Set<number>()
  const all: number[] = []
  for (const option of [...chosen, ...order]) {
    const need = problem.optionNeed[option] ?? 0
    const leader = problem.optionLeader[option] ?? 0
    const after = (left[leader] ?? 0) - (problem.needDays[need] ?? 0)
    if (met.has(need) || after < 0) continue
    met.add(need)
    left[leader] = after
    all.push(option)
  }
  return all.sort((a, b) => a - b)
}
