import { improveByParts } from './improve-by-parts.ts'
import { type Answer, answer, type Question, relax, type SearchLimits, type Solver } from './integer-program.ts'
import type { Knapsack } from './knapsack.ts'
import { boundByLoads, type LoadBound } from './load-bound.ts'
import { LoadProgram } from './load-program.ts'
import { knapsacksOf, loadsOf, loadsWithin } from './loads.ts'
import { type Losses, lossesAt } from './losses.ts'
import { keepsTheRules, type NumberedProblem, sumOf } from './numbered-problem.ts'

/**
 * The best assignment found; `chosen` is missing when none is known, and none exists when that is `proven`. `bound` is a
 * proven upper bound of its worth, equal to it when `proven`. Every assignment as good as the bound uses `close` options
 * only (when proven: every best assignment).
 */
export type Best = {
  readonly chosen?: readonly number[] | undefined
  readonly bound: number
  readonly proven: boolean
  readonly close: readonly number[]
}

// The first search sees this many options a need, the ones with the least loss: enough for a near-best assignment.
const CORE_OPTIONS_PER_NEED = 3
// Nodes of the first search, no time limit, so that the same problem takes the same way; and the part of the time it may
// take where there is a limit. A score that is easy to prove needs few, and one that is hard is left to the closer bound.
// Priorities are few and alike: there this search finds more than the others.
const CORE_FOR_SCORE = { nodes: 60, part: 0.25 }
const CORE_FOR_PRIORITY = { nodes: 5_000, part: 0.6 }
// Loads in one search: few for a good assignment soon, then more until all are in that the bound leaves open.
const LOADS_IN_SEARCH = [1_500, 6_000, 30_000, 120_000] as const
const LOADS_IN_POOL = 4_000
const LOADS_FOR_ANY = [3_000]
const NODES_FOR_ANY = 1_000

type Progress = {
  readonly chosen: readonly number[] | undefined
  readonly worth: number
  readonly bound: number
  readonly close: readonly number[]
}

/** Maximises one question in steps, each of which may already prove the best. Stops at the deadline with what is known. */
export class Maximiser {
  readonly #solver: Solver
  readonly #problem: NumberedProblem
  readonly #question: Question
  readonly #onProgress: (chosen: readonly number[], bound: number) => void
  #state: Progress

  /** `onProgress` hears each better assignment or bound. */
  constructor(
    solver: Solver,
    problem: NumberedProblem,
    question: Question,
    onProgress: (chosen: readonly number[], bound: number) => void,
  ) {
    this.#solver = solver
    this.#problem = problem
    this.#question = question
    this.#onProgress = onProgress
    const { start } = question
    const worth = start ? sumOf(start, question.worth) : Number.NEGATIVE_INFINITY
    this.#state = { chosen: start, worth, bound: Number.POSITIVE_INFINITY, close: question.options }
  }

  /**
   * The relaxation's prices, then a whole-number search among the options these prices like. If that is not enough: a
   * closer bound, and searches among whole loads. Last, a search among all options that the bound leaves open.
   */
  run(): Best {
    return this.#take([
      () => this.#byFreePrices(),
      () => this.#byRelaxation(CORE_FOR_SCORE),
      () => this.#byLoads(LOADS_IN_SEARCH),
      () => this.#byAll(),
    ])
  }

  /** The same without the searches that may take very long: often a good assignment and a close bound. */
  runBriefly(): Best {
    return this.#take([
      () => this.#byFreePrices(),
      () => this.#byRelaxation(CORE_FOR_PRIORITY),
      () => this.#byLoads([]),
    ])
  }

  /** The rest of a brief run: the search among all options that are left. */
  finish(): Best {
    return this.#take([() => this.#byAll()])
  }

  /** A better assignment than the start, as far as parts of it can be settled one after another; proves nothing. */
  improve(): readonly number[] {
    return this.#take([() => this.#byLoads([])]).chosen ?? []
  }

  /** Any assignment that reaches the floors, or (when proven) that there is none; may also answer neither. */
  findAny(): Best {
    return this.#take([() => this.#byLoads(LOADS_FOR_ANY, { mip_max_improving_sols: 1, mip_max_nodes: NODES_FOR_ANY })])
  }

  /** Takes an assignment found elsewhere. */
  offer(chosen: readonly number[]): Best {
    this.#improve(chosen)
    return this.#take([])
  }

  /** Takes a bound proven elsewhere. */
  lowerTo(bound: number): Best {
    this.#update({ bound: Math.min(bound, this.#state.bound) })
    return this.#take([])
  }

  #take(steps: readonly (() => void)[]): Best {
    for (const step of steps) {
      if (this.#isDone()) break
      step()
    }
    const { chosen, worth, bound, close } = this.#state
    const proven = this.#isProven()
    return { chosen, bound: proven ? worth : Math.floor(bound), proven, close }
  }

  #isProven(): boolean {
    const { worth, bound } = this.#state
    return bound === worth || bound - worth < 1
  }

  #isDone(): boolean {
    return this.#isProven() || performance.now() >= this.#solver.deadline
  }

  #byFreePrices(): void {
    const { floors } = this.#question
    const leader = new Float64Array(this.#problem.freeDays.length)
    this.#narrow(lossesAt(this.#problem, this.#question, { leader, floors: floors.map(() => 0) }))
  }

  #byRelaxation(core: { readonly nodes: number; readonly part: number }): void {
    const relaxed = relax(this.#solver, this.#problem, this.#question)
    if (!relaxed) return
    const losses = lossesAt(this.#problem, this.#question, relaxed.prices)
    this.#improve(relaxed.chosen)
    this.#narrow(losses)
    if (this.#isDone()) return
    const part = { ...this.#solver, deadline: this.#deadlineAfter(core.part) }
    const options = this.#coreOf(losses)
    this.#improve(answer(part, this.#problem, this.#asked({ options }), { mip_max_nodes: core.nodes }).chosen)
    this.#narrow(losses)
  }

  #byLoads(sizes: readonly number[], limits: SearchLimits = {}): void {
    const asked = this.#asked({ options: this.#state.close })
    const knapsacks = knapsacksOf(this.#problem, asked.options)
    const bound = knapsacks && boundByLoads(this.#solver, this.#problem, asked, knapsacks, this.#state.worth)
    if (!bound || !knapsacks) return
    this.#narrow(bound)
    if (!this.#isDone() && !this.#fitsInOneSearch(knapsacks, bound)) this.#byParts(knapsacks, bound)
    this.#narrow(bound)
    for (const most of sizes) {
      const isAnyEnough = limits.mip_max_improving_sols !== undefined && this.#state.chosen !== undefined
      if (!this.#isDone() && !isAnyEnough) this.#searchLoads(knapsacks, bound, most, limits)
    }
  }

  #fitsInOneSearch(knapsacks: readonly Knapsack[], { bound, prices }: LoadBound): boolean {
    const limits = { gap: bound - this.#state.worth, most: LOADS_IN_SEARCH[0] }
    if (!Number.isFinite(limits.gap)) return false
    return loadsWithin(this.#problem, this.#question, knapsacks, prices, limits).within >= limits.gap
  }

  #byParts(knapsacks: readonly Knapsack[], bound: LoadBound): void {
    const start = this.#state.chosen
    if (!start) return
    const part = { ...this.#solver, deadline: this.#deadlineAfter(0.3) }
    const limits = { gap: bound.bound, most: LOADS_IN_POOL }
    const { loads } = loadsWithin(this.#problem, this.#question, knapsacks, bound.prices, limits)
    this.#improve(improveByParts(part, this.#problem, this.#question, loads, start))
  }

  #searchLoads(knapsacks: readonly Knapsack[], bound: LoadBound, most: number, limits: SearchLimits): void {
    const gap = Math.min(bound.bound - this.#state.worth, Number.MAX_SAFE_INTEGER)
    const asked = this.#asked({})
    const { loads, within } = loadsWithin(this.#problem, asked, knapsacks, bound.prices, { gap, most })
    const program = new LoadProgram({ ...this.#solver, deadline: this.#deadlineAfter(0.5) }, this.#problem, asked)
    program.add(loadsOf(this.#problem, asked.start ?? []))
    program.add(loads)
    const { status, chosen } = program.choose(asked.start, limits)
    program.close()
    this.#improve(chosen)
    if (status !== 'stopped' && within >= gap) this.#settle(status, chosen)
    this.#narrow(bound)
  }

  #byAll(): void {
    const { status, chosen } = answer(this.#solver, this.#problem, this.#asked({ options: this.#state.close }))
    this.#improve(chosen)
    this.#settle(status, chosen)
  }

  #asked(change: Partial<Question>): Question {
    return { ...this.#question, ...change, ...(this.#state.chosen ? { start: this.#state.chosen } : {}) }
  }

  #deadlineAfter(part: number): number {
    const { deadline } = this.#solver
    return Number.isFinite(deadline) ? performance.now() + part * (deadline - performance.now()) : deadline
  }

  /** The solver counts with tolerances: what it chose is taken only after checking every rule in whole numbers. */
  #improve(chosen: readonly number[] | undefined): void {
    if (!chosen || !answersTo(this.#problem, this.#question, chosen)) return
    const worth = sumOf(chosen, this.#question.worth)
    if (worth > this.#state.worth) this.#update({ chosen, worth })
  }

  /** A search that left nothing out has ended: what is known is the best, if the search's answer stood the check. */
  #settle(status: Answer['status'], chosen: readonly number[] | undefined): void {
    const { worth } = this.#state
    const isSound = chosen !== undefined && sumOf(chosen, this.#question.worth) === worth
    if ((status === 'optimal' && isSound) || (status === 'infeasible' && worth === Number.NEGATIVE_INFINITY))
      this.#update({ bound: worth })
  }

  /** Takes a better bound, and leaves out the options that lose more than the gap. */
  #narrow({ bound, ofOption }: Losses): void {
    const least = Math.min(bound, this.#state.bound)
    const gap = bound - this.#state.worth
    const close = this.#state.close.filter((option) => (ofOption.get(option) ?? Number.POSITIVE_INFINITY) <= gap)
    this.#update({ bound: Math.max(least, this.#state.worth), close })
  }

  #update(change: Partial<Progress>): void {
    this.#state = { ...this.#state, ...change }
    if (this.#state.chosen) this.#onProgress(this.#state.chosen, Math.floor(this.#state.bound))
  }

  /** The options with the least loss, together with those of the start, so that the core always has an answer. */
  #coreOf(losses: Losses): number[] {
    const { optionNeed, optionScore } = this.#problem
    const needs = new Set(this.#question.options.map((option) => optionNeed[option] ?? 0)).size
    const loss = (option: number) => losses.ofOption.get(option) ?? 0
    const score = (option: number) => optionScore[option] ?? 0
    const byLoss = this.#question.options.toSorted((a, b) => loss(a) - loss(b) || score(b) - score(a))
    const isIn = new Set([...byLoss.slice(0, needs * CORE_OPTIONS_PER_NEED), ...(this.#state.chosen ?? [])])
    return this.#question.options.filter((option) => isIn.has(option))
  }
}

function answersTo(problem: NumberedProblem, question: Question, chosen: readonly number[]): boolean {
  const met = new Set(chosen.map((option) => problem.optionNeed[option] ?? 0))
  const meetsAll = question.options.every((option) => {
    const need = problem.optionNeed[option] ?? 0
    return met.has(need) || !question.mustMeet(need)
  })
  const reachesFloors = question.floors.every(({ of, atLeast }) => sumOf(chosen, of) >= atLeast)
  return meetsAll && reachesFloors && keepsTheRules(problem, chosen)
}
