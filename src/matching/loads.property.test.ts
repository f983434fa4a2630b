import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import highsModule from 'highs'
import { bruteForce } from './brute-force.ts'
import { assignGreedily } from './greedy.ts'
import { improveByParts } from './improve-by-parts.ts'
import type { Question } from './integer-program.ts'
import { fillKnapsack } from './knapsack.ts'
import { boundByLoads } from './load-bound.ts'
import { LoadProgram } from './load-program.ts'
import { knapsacksOf, loadsWithin, netWorths } from './loads.ts'
import { keepsTheRules, type NumberedProblem, numberProblem, worthOf } from './numbered-problem.ts'
import { parseProblem } from './problem.ts'
import { randomProblem, seededDice } from './random-problem.ts'
import { solve } from './solve.ts'

// The package declares its types as CommonJS although this import is its native module, whose default is the loader.
const highs = await (highsModule as unknown as typeof highsModule.default)() // `as`: see the line above
const solver = { highs, deadline: Number.POSITIVE_INFINITY }

/** More days wanted than there are: the needs take about twice what the leaders can give. */
const scarceProblem = fc
  .record({
    needs: fc.integer({ min: 2, max: 7 }),
    leaders: fc.integer({ min: 1, max: 7 }),
    optionsPerNeed: fc.integer({ min: 1, max: 5 }),
    scores: fc.constantFrom('uniform' as const, 'tied' as const),
    priorities: fc.integer({ min: 1, max: 3 }),
    seed: fc.nat(),
  })
  .map((shape) => {
    const problem = randomProblem({ ...shape, days: 'mixed' })
    const wanted = problem.needs.reduce((sum, { days }) => sum + days, 0)
    const share = Math.ceil(wanted / shape.leaders) / 2
    const dice = seededDice(shape.seed)
    return { ...problem, leaders: problem.leaders.map(({ id }) => ({ id, days: share + dice(3) / 2 })) }
  })

function scoreAt(problem: NumberedProblem, atLeast: number): Question {
  return {
    options: problem.open,
    worth: (option) => worthOf(problem, [option]).score,
    mustMeet: () => false,
    floors: [{ of: (option) => worthOf(problem, [option]).priority, atLeast }],
  }
}

describe('scarce days', () => {
  test('the best assignment is what trying everything finds', async () => {
    await fc.assert(
      fc.asyncProperty(scarceProblem, async (problem) => {
        const solution = await solve(problem)
        const best = bruteForce(problem)
        assert.equal(solution.status, 'optimal')
        assert.equal(solution.bound, solution.score)
        assert.deepEqual(
          [solution.priorityMet, solution.score, solution.assignments],
          [best.priority, best.hundredths / 100, best.pairs],
        )
      }),
      { numRuns: 200, seed: 20_231 },
    )
  })

  test('the bound by loads is true, and a search among the loads within it finds the best', () => {
    fc.assert(
      fc.property(scarceProblem, (given) => {
        const problem = numberProblem(given)
        const best = bruteForce(given)
        const question = scoreAt(problem, best.priority)
        const knapsacks = knapsacksOf(problem, problem.open) ?? []
        const bound = boundByLoads(solver, problem, question, knapsacks, Number.NEGATIVE_INFINITY)
        assert.ok(bound && bound.bound >= best.hundredths)
        for (const option of best.taken)
          assert.ok((bound.ofOption.get(option) ?? 0) <= bound.bound - best.hundredths, 'a best option loses too much')
        // Without prices the bound is loose, so that nearly every load lies within it.
        const none = { need: new Float64Array(problem.needDays.length), floors: [0] }
        const looseBound = knapsacks.reduce(
          (sum, knapsack) => sum + fillKnapsack(knapsack, netWorths(problem, question, none, knapsack.items)).sum,
          0,
        )
        for (const priced of [bound, { bound: looseBound, prices: none }]) {
          const gap = priced.bound - best.hundredths
          const { loads, within } = loadsWithin(problem, question, knapsacks, priced.prices, { gap, most: 10_000 })
          assert.equal(within, gap)
          const program = new LoadProgram(solver, problem, question)
          program.add(loads)
          const { status, chosen } = program.choose(undefined)
          program.close()
          assert.equal(status, 'optimal')
          assert.ok(chosen && keepsTheRules(problem, chosen))
          assert.deepEqual(worthOf(problem, chosen), { priority: best.priority, score: best.hundredths })
        }
      }),
      { numRuns: 200, seed: 20_231 },
    )
  })

  test('improving by parts keeps every rule and never makes it worse', () => {
    const shape = { optionsPerNeed: 4, scores: 'uniform', days: 'mixed', priorities: 1, seed: 3 } as const
    const problem = numberProblem(randomProblem({ ...shape, needs: 50, leaders: 20 }))
    const question = scoreAt(problem, 0)
    const knapsacks = knapsacksOf(problem, problem.open) ?? []
    const start = assignGreedily(problem)
    const bound = boundByLoads(solver, problem, question, knapsacks, 0)
    assert.ok(bound)
    const { loads } = loadsWithin(problem, question, knapsacks, bound.prices, { gap: bound.bound, most: 2_000 })
    const better = improveByParts(solver, problem, question, loads, start)
    assert.ok(keepsTheRules(problem, better))
    assert.ok(worthOf(problem, better).score > worthOf(problem, start).score)
    assert.ok(worthOf(problem, better).score <= bound.bound)
  })
})

describe('borderline problems', () => {
  const need = (id: string, days: number, priority = 1) => ({ id, days, priority })
  const option = (to: string, leader: string, score = 1) => ({ need: to, leader, score })
  const answerTo = async (input: unknown) => {
    const parsed = parseProblem(input)
    assert.ok(parsed.ok)
    const { status, priorityMet, score, bound, assignments } = await solve(parsed.value)
    return { status, priorityMet, score, bound, pairs: assignments.map((pair) => `${pair.need}-${pair.leader}`) }
  }
  const nothing = { status: 'optimal', priorityMet: 0, score: 0, bound: 0, pairs: [] }

  test('no leaders, no needs, leaders without days, and needs too long for every leader', async () => {
    assert.deepEqual(await answerTo({ needs: [need('a', 1)], leaders: [], options: [] }), nothing)
    assert.deepEqual(await answerTo({ needs: [], leaders: [{ id: 'x', days: 2 }], options: [] }), nothing)
    const idle = { needs: [need('a', 1)], leaders: [{ id: 'x', days: 0 }], options: [option('a', 'x')] }
    assert.deepEqual(await answerTo(idle), nothing)
    assert.deepEqual(await answerTo({ ...idle, needs: [need('a', 9)], leaders: [{ id: 'x', days: 8.5 }] }), nothing)
  })

  test('a score below 0 is taken for the sake of priority, and the smaller loss of two', async () => {
    const leaders = [
      { id: 'x', days: 1 },
      { id: 'y', days: 1 },
    ]
    const options = [option('a', 'x', -5), option('a', 'y', -3), option('b', 'y', -1)]
    assert.deepEqual(await answerTo({ needs: [need('a', 1), need('b', 1)], leaders, options }), {
      status: 'optimal',
      priorityMet: 2,
      score: -6,
      bound: -6,
      pairs: ['a-x', 'b-y'],
    })
  })

  test('locks that fill a leader exactly leave nothing for a better pair', async () => {
    const problem = {
      needs: [need('a', 1.5), need('b', 1), need('c', 0.5, 9)],
      leaders: [{ id: 'x', days: 2.5 }],
      options: [option('a', 'x'), option('b', 'x'), option('c', 'x', 99)],
      locks: [
        { need: 'a', leader: 'x' },
        { need: 'b', leader: 'x' },
      ],
    }
    assert.deepEqual((await answerTo(problem)).pairs, ['a-x', 'b-x'])
  })
})
