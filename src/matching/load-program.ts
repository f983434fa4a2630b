import type { Model, ModelData } from 'highs'
import { type Answer, type Question, runUntil, type SearchLimits, type Solver } from './integer-program.ts'
import type { Load } from './loads.ts'
import type { NeedPrices } from './losses.ts'
import { type NumberedProblem, sumOf } from './numbered-problem.ts'

/** The relaxed choice among loads: its value and what it says each need and floor is worth. */
export type RelaxedLoads = { readonly value: number; readonly prices: NeedPrices }

/**
 * A question asked in whole loads: each leader takes at most one, so the leaders' days need no rows and the relaxation is
 * much closer than over single options (Dantzig and Wolfe). Rows: one per need, one per leader, one per floor.
 */
export class LoadProgram {
  readonly loads: Load[] = []
  readonly #solver: Solver
  readonly #problem: NumberedProblem
  readonly #question: Question
  readonly #model: Model
  readonly #rowOfNeed: ReadonlyMap<number, number>
  readonly #rowOfLeader: ReadonlyMap<number, number>
  readonly #firstFloor: number
  readonly #known = new Set<string>()

  constructor(solver: Solver, problem: NumberedProblem, question: Question) {
    this.#solver = solver
    this.#problem = problem
    this.#question = question
    const needs = [...new Set(question.options.map((option) => problem.optionNeed[option] ?? 0))]
    const leaders = [...new Set(question.options.map((option) => problem.optionLeader[option] ?? 0))]
    this.#rowOfNeed = new Map(needs.map((need, row) => [need, row]))
    this.#rowOfLeader = new Map(leaders.map((leader, place) => [leader, needs.length + place]))
    this.#firstFloor = needs.length + leaders.length
    this.#model = solver.highs.createModel(this.#emptyModel(needs))
  }

  #emptyModel(needs: readonly number[]): ModelData {
    const { highs } = this.#solver
    const { floors, mustMeet } = this.#question
    const numRows = this.#firstFloor + floors.length
    const leaders = Array.from({ length: this.#firstFloor - needs.length }, () => -highs.infinity)
    return {
      numCols: 0,
      numRows,
      sense: highs.constants.objectiveSense.maximize,
      colCost: [],
      colLower: [],
      colUpper: [],
      rowLower: [
        ...needs.map((need) => (mustMeet(need) ? 1 : -highs.infinity)),
        ...leaders,
        ...floors.map(({ atLeast }) => atLeast),
      ],
      rowUpper: [...needs.map(() => 1), ...leaders.map(() => 1), ...floors.map(() => highs.infinity)],
      matrix: { format: 'csc', numRows, numCols: 0, starts: [0], indices: [], values: [] },
    }
  }

  /** Lets the relaxation miss a row that demands something, at this price a unit, so that it always has a solution. */
  allowMissing(price: number): void {
    const needs = [...this.#rowOfNeed].filter(([need]) => this.#question.mustMeet(need)).map(([, row]) => row)
    const rows = [...needs, ...this.#question.floors.map((_, place) => this.#firstFloor + place)]
    for (const row of rows) this.#model.addCol(-price, 0, this.#solver.highs.infinity, { indices: [row], values: [1] })
  }

  /** Adds those loads that are new and answers how many there were. */
  add(loads: readonly Load[]): number {
    const cost: number[] = []
    const starts = [0]
    const indices: number[] = []
    const values: number[] = []
    for (const load of loads) {
      const key = load.join()
      if (load.length === 0 || this.#known.has(key)) continue
      this.#known.add(key)
      this.loads.push(load)
      cost.push(sumOf(load, this.#question.worth))
      for (const [row, value] of this.#entriesOf(load)) {
        indices.push(row)
        values.push(value)
      }
      starts.push(indices.length)
    }
    const numCols = cost.length
    const matrix = { format: 'csc', numRows: this.#firstFloor + this.#question.floors.length, numCols } as const
    if (numCols > 0)
      this.#model.addCols({
        cost: Float64Array.from(cost),
        lower: new Float64Array(numCols),
        upper: new Float64Array(numCols).fill(1),
        matrix: {
          ...matrix,
          starts: Int32Array.from(starts),
          indices: Int32Array.from(indices),
          values: Float64Array.from(values),
        },
      })
    return numCols
  }

  #entriesOf(load: Load): [number, number][] {
    const needs = load.map((option) => this.#rowOfNeed.get(this.#problem.optionNeed[option] ?? 0) ?? 0)
    const leader = this.#rowOfLeader.get(this.#problem.optionLeader[load[0] ?? 0] ?? 0) ?? 0
    const floors = this.#question.floors.map(({ of }, place) => [this.#firstFloor + place, sumOf(load, of)] as const)
    return [...needs.map((row) => [row, 1] as const), [leader, 1] as const, ...floors]
      .filter(([, value]) => value !== 0)
      .map(([row, value]) => [row, value])
  }

  /** Undefined when the time is over. */
  relax(): RelaxedLoads | undefined {
    if (this.#model.getDimensions().numCols === 0) return { value: 0, prices: this.#noPrices() }
    if (runUntil(this.#solver, this.#model) !== 'optimal') return undefined
    const { rowDual } = this.#model.getSolution()
    const { need } = this.#noPrices()
    for (const [which, row] of this.#rowOfNeed) {
      const price = rowDual[row] ?? 0
      need[which] = this.#question.mustMeet(which) ? price : Math.max(0, price)
    }
    const floors = this.#question.floors.map((_, place) => Math.max(0, -(rowDual[this.#firstFloor + place] ?? 0)))
    return { value: this.#model.getObjectiveValue(), prices: { need, floors } }
  }

  #noPrices(): NeedPrices {
    return { need: new Float64Array(this.#problem.needDays.length), floors: this.#question.floors.map(() => 0) }
  }

  /** The best whole choice among the loads added, beginning with one that is known. Nothing may be missing in it. */
  choose(start: readonly number[] | undefined, limits: SearchLimits = {}): Answer {
    if (this.loads.length === 0)
      return this.#isMissing([]) ? { status: 'infeasible' } : { status: 'optimal', chosen: [] }
    this.#model.options.set(limits)
    const isIn = new Set(start)
    const { integer } = this.#solver.highs.constants.variableType
    for (const column of this.loads.keys()) this.#model.changeColIntegrality(column, integer)
    if (start) {
      const byLeader = Map.groupBy(start, (option) => this.#problem.optionLeader[option] ?? 0)
      const sizes = new Map([...byLeader].map(([leader, options]) => [leader, options.length]))
      const isHeld = (load: Load) =>
        load.every((option) => isIn.has(option)) &&
        load.length === sizes.get(this.#problem.optionLeader[load[0] ?? 0] ?? 0)
      this.#model.setSolution({ colValue: this.loads.map((load) => (isHeld(load) ? 1 : 0)) })
    }
    const status = runUntil(this.#solver, this.#model)
    if (status === 'infeasible' || this.#model.info.get('primal_solution_status') !== 2) return { status }
    const { colValue } = this.#model.getSolution()
    return { status, chosen: this.loads.filter((_, column) => (colValue[column] ?? 0) > 0.5).flat() }
  }

  /** True when these options leave out a need that must be met or do not reach a floor. */
  #isMissing(chosen: readonly number[]): boolean {
    const met = new Set(chosen.map((option) => this.#problem.optionNeed[option] ?? 0))
    const leavesOut = [...this.#rowOfNeed.keys()].some((need) => this.#question.mustMeet(need) && !met.has(need))
    return leavesOut || this.#question.floors.some(({ of, atLeast }) => sumOf(chosen, of) < atLeast)
  }

  close(): void {
    this.#model.dispose()
  }
}
