import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { parseProblem } from './problem.ts'

const GOOD = {
  needs: [
    { id: 'a', days: 2.5, priority: 3 },
    { id: 'b', days: 1, priority: 0 },
  ],
  leaders: [
    { id: 'x', days: 3 },
    { id: 'y', days: 0 },
  ],
  options: [
    { need: 'a', leader: 'x', score: 12.34 },
    { need: 'b', leader: 'x', score: -1 },
    { need: 'b', leader: 'y', score: 0.07 },
  ],
}

function refusalsOf(change: object): [string, string | undefined][] {
  const parsed = parseProblem({ ...GOOD, ...change })
  return parsed.ok ? [] : parsed.refusals.map(({ code, field }) => [code, field])
}

describe('reading a problem', () => {
  test('accepts a good one, a repeated lock counting once', () => {
    const lock = { need: 'a', leader: 'x' }
    const parsed = parseProblem({ ...GOOD, locks: [lock, lock] })
    assert.deepEqual(parsed, { ok: true, value: { ...GOOD, locks: [lock] } })
    assert.deepEqual(parseProblem({ needs: [], leaders: [], options: [] }), {
      ok: true,
      value: { needs: [], leaders: [], options: [], locks: [] },
    })
  })

  test('names the place of every value in a wrong unit, all at once', () => {
    const needs = [
      { id: 'a', days: 2.25, priority: 1.5 },
      { id: 'b', days: 0, priority: -1 },
    ]
    const leaders = [{ id: 'x', days: Number.POSITIVE_INFINITY }, { id: 'y' }]
    const options = [{ need: 'a', leader: 'x', score: 1.005 }]
    assert.deepEqual(
      refusalsOf({ needs, leaders, options }).map(([, field]) => field),
      [
        'needs[0].days',
        'needs[0].priority',
        'needs[1].days',
        'needs[1].priority',
        'leaders[0].days',
        'leaders[1].days',
        'options[0].score',
      ],
    )
  })

  test('refuses repeated ids and options, and names that lead nowhere', () => {
    assert.deepEqual(
      refusalsOf({
        needs: [...GOOD.needs, { id: 'a', days: 1, priority: 1 }],
        options: [...GOOD.options, GOOD.options[0], { need: 'c', leader: 'z', score: 1 }],
        locks: [{ need: 'c', leader: 'x' }],
      }),
      [
        ['problem.duplicate-id', 'needs[2].id'],
        ['problem.unknown-need', 'options[4].need'],
        ['problem.unknown-leader', 'options[4].leader'],
        ['problem.unknown-need', 'locks[0].need'],
        ['problem.duplicate-option', 'options[3]'],
        ['problem.lock-without-option', 'locks[0]'],
      ],
    )
  })

  test('refuses locks that cannot hold together', () => {
    const toX = { need: 'a', leader: 'x' }
    assert.deepEqual(refusalsOf({ locks: [toX, { need: 'a', leader: 'y' }] }), [
      ['problem.conflicting-lock', 'locks[1]'],
    ])
    assert.deepEqual(refusalsOf({ locks: [{ need: 'a', leader: 'y' }] }), [
      ['problem.lock-without-option', 'locks[0]'],
      ['problem.locks-exceed-days', 'locks[0]'],
    ])
    assert.deepEqual(refusalsOf({ locks: [toX, { need: 'b', leader: 'x' }] }), [
      ['problem.locks-exceed-days', 'locks[1]'],
    ])
  })

  test('refuses what is no object or has no lists', () => {
    for (const input of [null, [], 'text', 3]) assert.equal(parseProblem(input).ok, false)
    assert.deepEqual(refusalsOf({ needs: 'none', options: [], locks: {} }), [
      ['problem.shape', 'needs'],
      ['problem.shape', 'locks'],
    ])
  })
})
