import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { Problem } from './problem.ts'
import { randomProblem } from './random-problem.ts'
import { solve } from './solve.ts'

const EMPTY: Problem = { needs: [], leaders: [], options: [], locks: [] }

const MIXED_SHAPE = { needs: 60, leaders: 60, optionsPerNeed: 8, days: 'mixed', priorities: 3, seed: 5 } as const

// About as many days wanted as there are: no proof is in reach for a long time.
const HARD = randomProblem({ ...MIXED_SHAPE, needs: 600, leaders: 300, optionsPerNeed: 40, scores: 'uniform' })

describe('solving', () => {
  test('an empty problem is optimal', async () => {
    const { millis, ...rest } = await solve(EMPTY)
    assert.deepEqual(rest, { status: 'optimal', priorityMet: 0, score: 0, bound: 0, assignments: [], unmet: [] })
    assert.ok(Number.isInteger(millis))
  })

  test('says why a need is unmet', async () => {
    const need = (id: string, days: number, priority: number) => ({ id, days, priority })
    const option = (to: string, leader: string, score = 1) => ({ need: to, leader, score })
    const solution = await solve({
      needs: [
        need('alone', 1, 9),
        need('large', 4, 9),
        need('top', 2, 5),
        need('low', 2, 1),
        need('equal-1', 1, 3),
        need('equal-2', 1, 3),
        need('harmful', 1, 0),
      ],
      leaders: [
        { id: 'x', days: 2 },
        { id: 'y', days: 1 },
        { id: 'z', days: 9 },
      ],
      options: [
        option('large', 'x'),
        option('low', 'x', 99),
        option('top', 'x'),
        option('equal-1', 'y'),
        option('equal-2', 'y'),
        option('harmful', 'z', -1),
      ],
      locks: [],
    })
    assert.deepEqual(solution.assignments, [
      { need: 'top', leader: 'x' },
      { need: 'equal-1', leader: 'y' },
    ])
    assert.deepEqual(solution.unmet, [
      { need: 'alone', reason: 'no option' },
      { need: 'large', reason: 'no leader among its options has enough days: x' },
      { need: 'low', reason: 'leaving it out allows more priority elsewhere: x' },
      { need: 'equal-2', reason: 'every leader among its options is full: y' },
      { need: 'harmful', reason: 'meeting it would lower the score' },
    ])
  })

  test('a larger problem with many equal scores has one answer', async () => {
    const problem = randomProblem({ ...MIXED_SHAPE, scores: 'tied' })
    const one = await solve(problem)
    const other = await solve(problem)
    assert.equal(one.status, 'optimal')
    assert.deepEqual({ ...one, millis: 0 }, { ...other, millis: 0 })
  })

  test('a time limit answers what was found, with a bound', async () => {
    const solution = await solve(HARD, { timeLimitSeconds: 0.5 })
    assert.equal(solution.status, 'feasible')
    assert.ok(solution.assignments.length > 0)
    assert.ok(solution.bound > solution.score)
  })

  test('an abort rejects with its reason, and the next problem is solved', async () => {
    const controller = new AbortController()
    const solving = solve(HARD, { signal: controller.signal })
    setTimeout(() => controller.abort(new Error('no longer wanted')), 50)
    await assert.rejects(solving, /no longer wanted/)
    assert.equal((await solve(EMPTY)).status, 'optimal')
    await assert.rejects(solve(EMPTY, { signal: AbortSignal.abort() }), { name: 'AbortError' })
  })

  test('several problems at once do not disturb each other', async () => {
    const problems = [1, 2, 3].map((seed) => randomProblem({ ...MIXED_SHAPE, seed, scores: 'uniform' }))
    const together = await Promise.all(problems.map((problem) => solve(problem)))
    for (const [place, problem] of problems.entries())
      assert.deepEqual({ ...(await solve(problem)), millis: 0 }, { ...together[place], millis: 0 })
  })
})
