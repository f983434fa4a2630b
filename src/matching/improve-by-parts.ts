import type { Question, Solver } from './integer-program.ts'
import { LoadProgram } from './load-program.ts'
import { type Load, loadsOf } from './loads.ts'
import { keepsTheRules, type NumberedProblem, sumOf } from './numbered-problem.ts'
import { type Dice, seededDice } from './random-problem.ts'

// How many leaders are opened at a time: few are quick to settle, more find what few cannot.
const PART_SIZES = [8, 16, 26]
const ROUNDS_WITHOUT_GAIN = [60, 20, 10]
const NODES_IN_ROUND = 20

/**
 * A better assignment by settling a part at a time: some leaders who share needs give back all they have, and HiGHS chooses
 * anew among their loads in `pool` (large neighbourhood search). The parts are drawn, always in the same way. Proves nothing.
 */
export function improveByParts(
  solver: Solver,
  problem: NumberedProblem,
  question: Question,
  pool: readonly Load[],
  start: readonly number[],
): readonly number[] {
  const dice = seededDice(1)
  const parts = new Parts(problem, question.options, pool, dice)
  let chosen = start
  for (const [place, size] of PART_SIZES.entries()) {
    // A part of most leaders is no part: the searches that follow see them all.
    if (2 * size > parts.leaderCount) break
    let stale = 0
    while (stale < (ROUNDS_WITHOUT_GAIN[place] ?? 0) && performance.now() < solver.deadline) {
      const next = settlePart(solver, problem, question, { chosen, part: parts.draw(size), parts })
      stale = sumOf(next, question.worth) > sumOf(chosen, question.worth) ? 0 : stale + 1
      chosen = next
    }
  }
  return chosen
}

type Round = { readonly chosen: readonly number[]; readonly part: ReadonlySet<number>; readonly parts: Parts }

/** The assignment with one part settled anew; as it was when nothing as good was found. */
function settlePart(
  solver: Solver,
  problem: NumberedProblem,
  question: Question,
  { chosen, part, parts }: Round,
): readonly number[] {
  const isOpen = (option: number) => part.has(problem.optionLeader[option] ?? 0)
  const kept = chosen.filter((option) => !isOpen(option))
  const held = chosen.filter(isOpen)
  const taken = new Set(kept.map((option) => problem.optionNeed[option] ?? 0))
  const loads = parts.loadsOf(part).map((load) => load.filter((option) => !taken.has(problem.optionNeed[option] ?? 0)))
  const options = [...new Set([...held, ...loads.flat()])]
  if (options.length <= held.length) return chosen
  const floors = question.floors.map(({ of, atLeast }) => ({ of, atLeast: atLeast - sumOf(kept, of) }))
  const program = new LoadProgram(solver, problem, { ...question, options, floors })
  program.add(loadsOf(problem, held))
  program.add(loads)
  const { chosen: settled } = program.choose(held, { mip_max_nodes: NODES_IN_ROUND })
  program.close()
  if (!settled || sumOf(settled, question.worth) < sumOf(held, question.worth)) return chosen
  const next = [...kept, ...settled]
  const reachesFloors = question.floors.every(({ of, atLeast }) => sumOf(next, of) >= atLeast)
  return reachesFloors && keepsTheRules(problem, next) ? next : chosen
}

/** Draws leaders who share needs, directly or through others. */
class Parts {
  readonly #problem: NumberedProblem
  readonly #optionsOfLeader: ReadonlyMap<number, readonly number[]>
  readonly #optionsOfNeed: ReadonlyMap<number, readonly number[]>
  readonly #loadsOfLeader: ReadonlyMap<number, readonly Load[]>
  readonly #leaders: readonly number[]
  readonly #dice: Dice

  constructor(problem: NumberedProblem, options: readonly number[], pool: readonly Load[], dice: Dice) {
    this.#problem = problem
    this.#dice = dice
    this.#optionsOfLeader = Map.groupBy(options, (option) => problem.optionLeader[option] ?? 0)
    this.#optionsOfNeed = Map.groupBy(options, (option) => problem.optionNeed[option] ?? 0)
    this.#loadsOfLeader = Map.groupBy(pool, (load) => problem.optionLeader[load[0] ?? 0] ?? 0)
    this.#leaders = [...this.#optionsOfLeader.keys()]
  }

  get leaderCount(): number {
    return this.#leaders.length
  }

  draw(size: number): Set<number> {
    const part = new Set([this.#pick(this.#leaders)])
    // Some draws hit a leader who is in already; a group without that many leaders ends this too.
    for (let draw = 0; draw < 4 * size && part.size < size; draw++) {
      const option = this.#pick(this.#optionsOfLeader.get(this.#pick([...part])) ?? [])
      const other = this.#pick(this.#optionsOfNeed.get(this.#problem.optionNeed[option] ?? 0) ?? [])
      part.add(this.#problem.optionLeader[other] ?? 0)
      if (this.#dice(10) === 0) part.add(this.#pick(this.#leaders))
    }
    return part
  }

  loadsOf(part: ReadonlySet<number>): Load[] {
    return [...part].flatMap((leader) => this.#loadsOfLeader.get(leader) ?? [])
  }

  #pick(from: readonly number[]): number {
    return from[this.#dice(from.length)] ?? 0
  }
}
