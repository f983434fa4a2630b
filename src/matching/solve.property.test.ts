import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { bruteForce } from './brute-force.ts'
import type { Pair, Problem, Solution } from './problem.ts'
import { parseProblem } from './problem.ts'
import { seededDice } from './random-problem.ts'
import { solve } from './solve.ts'

const RUNS = { numRuns: 120, seed: 20_231 }

/** Few distinct values, so that ties, equal priorities, zero and negative scores and full leaders all come up often. */
const smallProblem: fc.Arbitrary<Problem> = fc
  .record({
    needs: fc.array(fc.record({ days: fc.integer({ min: 1, max: 7 }), priority: fc.integer({ min: 0, max: 3 }) }), {
      maxLength: 7,
    }),
    leaderDays: fc.array(fc.integer({ min: 0, max: 12 }), { maxLength: 7 }),
    density: fc.integer({ min: 1, max: 10 }),
    scores: fc.constantFrom([0], [0, 1], [-2.5, 0, 0.01, 3.1], [1, 2, 3, 4, 5, 6], [10.25, 99.99, 100, 0.1, -0.3]),
    seed: fc.nat(),
    lockTries: fc.integer({ min: 0, max: 2 }),
  })
  .map(({ needs, leaderDays, density, scores, seed, lockTries }) => {
    const dice = seededDice(seed)
    const named = needs.map(({ days, priority }, index) => ({ id: `n${index}`, days: days / 2, priority }))
    const leaders = leaderDays.map((days, index) => ({ id: `l${index}`, days: days / 2 }))
    const pairs = named.flatMap((need) => leaders.map((leader) => ({ need: need.id, leader: leader.id })))
    const options = shuffled(
      pairs.filter(() => dice(10) < density).map((pair) => ({ ...pair, score: scores[dice(scores.length)] ?? 0 })),
      seed,
    )
    const locks: Pair[] = []
    for (let tries = 0; tries < lockTries && options.length > 0; tries++) {
      const option = options[dice(options.length)]
      if (!option) continue
      const more = [...locks, { need: option.need, leader: option.leader }]
      if (parseProblem({ needs: named, leaders, options, locks: more }).ok) locks.splice(0, locks.length, ...more)
    }
    return { needs: named, leaders, options, locks }
  })

function shuffled<T>(items: readonly T[], seed: number): T[] {
  const dice = seededDice(seed)
  return items
    .map((item) => ({ item, key: dice(1_000_000) }))
    .sort((a, b) => a.key - b.key)
    .map(({ item }) => item)
}

function withoutTime({ millis: _, ...rest }: Solution): Omit<Solution, 'millis'> {
  return rest
}

function assertKeepsTheRules(problem: Problem, solution: Solution): void {
  const offered = new Set(problem.options.map(({ need, leader }) => `${need} ${leader}`))
  const left = new Map(problem.leaders.map(({ id, days }) => [id, days]))
  const met = new Set<string>()
  for (const { need, leader } of solution.assignments) {
    assert.ok(offered.has(`${need} ${leader}`), 'only from its options')
    assert.ok(!met.has(need), 'at most one leader')
    met.add(need)
    const days = problem.needs.find(({ id }) => id === need)?.days ?? 0
    left.set(leader, (left.get(leader) ?? 0) - days)
  }
  for (const [leader, days] of left) assert.ok(days >= 0, `${leader} gives more days than there are`)
  for (const lock of problem.locks)
    assert.ok(
      solution.assignments.some(({ need, leader }) => need === lock.need && leader === lock.leader),
      'a lock does not hold',
    )
  const unmet = problem.needs.map(({ id }) => id).filter((id) => !met.has(id))
  assert.deepEqual(
    solution.unmet.map(({ need }) => need),
    unmet,
  )
}

describe('the best assignment of a small problem', () => {
  test('is what trying everything finds, first in option order among equals', async () => {
    await fc.assert(
      fc.asyncProperty(smallProblem, async (problem) => {
        const solution = await solve(problem)
        const best = bruteForce(problem)
        assertKeepsTheRules(problem, solution)
        assert.equal(solution.status, 'optimal')
        assert.equal(solution.priorityMet, best.priority)
        assert.equal(solution.score, best.hundredths / 100)
        assert.equal(solution.bound, solution.score)
        assert.deepEqual(solution.assignments, best.pairs)
      }),
      { ...RUNS, numRuns: 600 },
    )
  })

  test('has the same priority and score in whatever order the problem is written', async () => {
    await fc.assert(
      fc.asyncProperty(smallProblem, fc.nat(), async (problem, seed) => {
        const one = await solve(problem)
        const other = await solve({
          needs: shuffled(problem.needs, seed),
          leaders: shuffled(problem.leaders, seed),
          options: shuffled(problem.options, seed),
          locks: shuffled(problem.locks, seed),
        })
        assert.deepEqual([other.priorityMet, other.score], [one.priorityMet, one.score])
      }),
      RUNS,
    )
  })

  test('is the same answer when the same problem is solved again', async () => {
    await fc.assert(
      fc.asyncProperty(smallProblem, async (problem) => {
        assert.deepEqual(withoutTime(await solve(problem)), withoutTime(await solve(problem)))
      }),
      RUNS,
    )
  })

  test('under any time limit keeps every rule and a true bound', async () => {
    await fc.assert(
      fc.asyncProperty(smallProblem, fc.constantFrom(0, 0.0001, 0.002), async (problem, timeLimitSeconds) => {
        const solution = await solve(problem, { timeLimitSeconds })
        const best = bruteForce(problem)
        assertKeepsTheRules(problem, solution)
        assert.ok(solution.priorityMet <= best.priority)
        assert.ok(solution.bound >= solution.score)
        if (solution.priorityMet === best.priority) assert.ok(solution.bound >= best.hundredths / 100)
        if (solution.status === 'optimal') assert.deepEqual(solution.assignments, best.pairs)
      }),
      { ...RUNS, numRuns: 60 },
    )
  })
})
