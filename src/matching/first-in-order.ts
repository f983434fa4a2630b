import { answer, type Solver } from './integer-program.ts'
import { keepsTheRules, type NumberedProblem, optionsByNeed, sumOf, type Worth, worthOf } from './numbered-problem.ts'

// Weights of one question stay below this, well within the exactness of the solver.
const LARGEST_WEIGHT = 2 ** 20
const MOST_OPTIONS_IN_QUESTION = 64
// What the questions of one solve may cost, in options asked about, with a fixed part for each. It is no time limit, so
// that the same problem always gets the same answer.
const QUESTION_BUDGET = 200_000
const QUESTION_COST = 500

/**
 * Among all assignments as good as `chosen`, the one that comes first in option order: it takes the earliest option that
 * any of them takes, then the earliest next one, and so on. `close` holds every option that such an assignment can use.
 *
 * Exact within a fixed budget of questions to the solver. Only many thousand equally good options exceed it: from there on
 * an earlier option is taken where a simple exchange allows it, the same on every run. `isSettled` is false when the deadline cut it short: what was chosen may then differ between runs.
 */
export function firstInOrder(
  solver: Solver,
  problem: NumberedProblem,
  close: readonly number[],
  chosen: readonly number[],
): { chosen: number[]; isSettled: boolean } {
  const isChosen = new Set(chosen)
  const budget = { left: QUESTION_BUDGET }
  const settled: number[] = []
  let isSettled = true
  for (const group of independentGroups(problem, close)) {
    const held = group.filter((option) => isChosen.has(option))
    const search = new OrderedChoice(solver, problem, group, held, budget)
    isSettled = search.run() && isSettled
    settled.push(...search.current)
  }
  return { chosen: settled.sort((a, b) => a - b), isSettled }
}

/**
 * Options that share no need and no scarce leader do not affect each other, so the best whole is made of best parts,
 * and the first in order too.
 */
export function independentGroups(problem: NumberedProblem, options: readonly number[]): number[][] {
  const wanted = new Map<number, number>()
  for (const option of options) {
    const leader = problem.optionLeader[option] ?? 0
    wanted.set(leader, (wanted.get(leader) ?? 0) + daysOf(problem, option))
  }
  const parent = new Map<string, string>()
  const rootOf = (name: string): string => {
    let root = name
    for (let next = parent.get(root); next !== undefined; next = parent.get(root)) root = next
    if (root !== name) parent.set(name, root)
    return root
  }
  for (const option of options) {
    const leader = problem.optionLeader[option] ?? 0
    if ((wanted.get(leader) ?? 0) <= (problem.freeDays[leader] ?? 0)) continue
    const [left, right] = [rootOf(`need ${problem.optionNeed[option]}`), rootOf(`leader ${leader}`)]
    if (left !== right) parent.set(left, right)
  }
  const groups = Map.groupBy(options, (option) => rootOf(`need ${problem.optionNeed[option]}`))
  return [...groups.values()].map((group) => group.toSorted((a, b) => a - b))
}

function daysOf(problem: NumberedProblem, option: number): number {
  return problem.needDays[problem.optionNeed[option] ?? 0] ?? 0
}

/** Goes through one group's options in order, keeping `current` as good as it was and fixing one decision at a time. */
class OrderedChoice {
  current: Set<number>
  readonly #solver: Solver
  readonly #problem: NumberedProblem
  readonly #options: readonly number[]
  readonly #target: Worth
  readonly #budget: { left: number }
  readonly #left: Int32Array
  readonly #optionsOfNeed: ReadonlyMap<number, readonly number[]>
  readonly #settledNeeds = new Set<number>()
  readonly #fixed: number[] = []

  constructor(
    solver: Solver,
    problem: NumberedProblem,
    options: readonly number[],
    held: readonly number[],
    budget: { left: number },
  ) {
    this.#solver = solver
    this.#problem = problem
    this.#options = options
    this.#budget = budget
    this.current = new Set(held)
    this.#target = worthOf(problem, held)
    this.#left = Int32Array.from(problem.freeDays)
    this.#optionsOfNeed = optionsByNeed(problem, options)
  }

  /** False when the deadline passed first. */
  run(): boolean {
    let place = 0
    while (place < this.#options.length) {
      const option = this.#options[place] ?? 0
      const isNext = this.#isPossible(option)
      if (isNext && (this.current.has(option) || this.#exchange(option))) this.#fix(option)
      else if (isNext && this.#budget.left > 0) {
        const asked = this.#askFrom(place)
        if (asked === undefined) return false
        place = asked
        continue
      }
      place++
    }
    return true
  }

  #need(option: number): number {
    return this.#problem.optionNeed[option] ?? 0
  }

  #score(option: number): number {
    return this.#problem.optionScore[option] ?? 0
  }

  #leader(option: number): number {
    return this.#problem.optionLeader[option] ?? 0
  }

  #isPossible(option: number): boolean {
    const fits = daysOf(this.#problem, option) <= (this.#left[this.#leader(option)] ?? 0)
    return fits && !this.#settledNeeds.has(this.#need(option))
  }

  #fix(option: number): void {
    this.#fixed.push(option)
    this.#settledNeeds.add(this.#need(option))
    const leader = this.#leader(option)
    this.#left[leader] = (this.#left[leader] ?? 0) - daysOf(this.#problem, option)
  }

  /**
   * Saves a question where the need can move to this option as it is, or when one other need makes room and the two
   * together stay as good.
   */
  #exchange(option: number): boolean {
    const others = [...this.current].filter((each) => this.#need(each) !== this.#need(option))
    const kept = new Set(this.#fixed)
    const inTheWay = others.filter((each) => this.#leader(each) === this.#leader(option) && !kept.has(each))
    const gap = this.#target.score - worthOf(this.#problem, others).score - this.#score(option)
    const moves = inTheWay.flatMap((from) =>
      (this.#optionsOfNeed.get(this.#need(from)) ?? [])
        .filter((to) => to !== from && this.#score(to) - this.#score(from) === gap)
        .map((to) => ({ from, to })),
    )
    const exchanges = moves.map(({ from, to }) => () => [...others.filter((each) => each !== from), to, option])
    const found = [() => [...others, option], ...exchanges].find((make) => this.#isAsGood(make()))
    if (!found) return false
    this.current = new Set(found())
    return true
  }

  #isAsGood(options: readonly number[]): boolean {
    const worth = worthOf(this.#problem, options)
    const isEqual = worth.priority === this.#target.priority && worth.score === this.#target.score
    return isEqual && keepsTheRules(this.#problem, options)
  }

  /** Asks for the first choice in order over the next options, fixes it, and answers the place after them. */
  #askFrom(place: number): number | undefined {
    const rest = this.#options.slice(place).filter((option) => this.#isPossible(option))
    this.#budget.left -= rest.length + QUESTION_COST
    const weights = orderWeights(rest, (option) => this.#need(option))
    const fixed = new Set(this.#fixed)
    const held = worthOf(this.#problem, fixed)
    const { status, chosen } = answer(
      this.#solver,
      { ...this.#problem, freeDays: this.#left },
      {
        options: rest,
        worth: (option) => weights.get(option) ?? 0,
        mustMeet: () => false,
        floors: [
          { of: (option) => worthOf(this.#problem, [option]).score, atLeast: this.#target.score - held.score },
          { of: (option) => worthOf(this.#problem, [option]).priority, atLeast: this.#target.priority - held.priority },
        ],
        start: [...this.current].filter((option) => !fixed.has(option)),
      },
    )
    if (status === 'stopped') return undefined
    const better = [...fixed, ...(chosen ?? [])]
    const weight = (options: readonly number[]) => sumOf(options, (option) => weights.get(option) ?? 0)
    if (this.#isAsGood(better) && weight(better) > weight([...this.current])) this.current = new Set(better)
    for (const option of weights.keys()) if (this.current.has(option)) this.#fix(option)
    const last = [...weights.keys()].at(-1) ?? 0
    return this.#options.indexOf(last) + 1
  }
}

/**
 * Weights that put an earlier option above all that can follow it: 1 more than the most that later options of distinct
 * needs can add up to. As many options from the front as the largest weight allows.
 */
export function orderWeights(options: readonly number[], needOf: (option: number) => number): Map<number, number> {
  for (let count = Math.min(options.length, MOST_OPTIONS_IN_QUESTION); count > 1; count--) {
    const weights = weightsOf(options.slice(0, count), needOf)
    if ((weights.values().next().value ?? 0) <= LARGEST_WEIGHT) return weights
  }
  return weightsOf(options.slice(0, 1), needOf)
}

function weightsOf(options: readonly number[], needOf: (option: number) => number): Map<number, number> {
  const mostOfNeed = new Map<number, number>()
  let mostAfter = 0
  const backwards: [number, number][] = []
  for (const option of options.toReversed()) {
    const weight = mostAfter + 1
    backwards.push([option, weight])
    mostAfter += weight - (mostOfNeed.get(needOf(option)) ?? 0)
    mostOfNeed.set(needOf(option), weight)
  }
  return new Map(backwards.reverse())
}
