import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { type Answer, answerOf, totalsOf } from './answer.ts'
import { bruteForce } from './brute-force.ts'
import { BEST_PER_NEED, buildProblem, MOST_OPTIONS } from './build-problem.ts'
import { compareAnswers } from './compare-scenarios.ts'
import { decideRelease, standingOf } from './decisions.ts'
import { explainNeed } from './explain.ts'
import { constraintContext, exclusionsOf } from './hard-constraints.ts'
import { type MatchFacts, pairingOf, pairKey, type Ties } from './match-facts.ts'
import { scoreOf, scoreParts, sumPoints } from './score.ts'
import { anyFacts, inventedFacts, inventedLeader, inventedNeed, PLAIN_SETTINGS } from './test-match-facts.ts'
import { unlocksOf } from './unlock.ts'

/** An answer for given pairs, as if the solver had found it. */
function answered(facts: MatchFacts, pairs: readonly (readonly [string, string])[]): Answer {
  const met = new Set(pairs.map(([need]) => need))
  const priorityMet = facts.needs.filter(({ id }) => met.has(id)).reduce((sum, { priority }) => sum + priority, 0)
  const assignments = pairs.map(([need, leader]) => ({ need, leader }))
  const unmet = facts.needs.filter(({ id }) => !met.has(id)).map(({ id }) => ({ need: id, reason: '' }))
  return answerOf(facts, { status: 'optimal', priorityMet, score: 0, bound: 0, assignments, unmet, millis: 1 }, 'f')
}

describe('score', () => {
  it('is exactly the sum of its parts, none above its weight', () => {
    fc.assert(
      fc.property(anyFacts, (facts) => {
        for (const need of facts.needs)
          for (const leader of facts.leaders) {
            const pairing = pairingOf(need, leader, facts)
            const parts = scoreParts(pairing, facts.settings)
            assert.equal(scoreOf(pairing, facts.settings), sumPoints(parts.map(({ points }) => points)))
            for (const part of parts)
              assert.ok(part.points >= 0 && part.points <= part.weight + 0.005 && part.why !== '')
          }
      }),
    )
  })

  it('says of what is not held that it is not held, and gives nothing for it', () => {
    const leader = inventedLeader('L1', { expertise: null, phases: null, place: null, types: [], deployments: null })
    const parts = scoreParts(pairingOf(inventedNeed('N1'), leader, inventedFacts({})), PLAIN_SETTINGS)
    const byPart = new Map(parts.map((part) => [part.part, part]))
    assert.match(byPart.get('expertise')?.why ?? '', /not held/)
    assert.match(byPart.get('experience')?.why ?? '', /phases are not held; no earlier deployments are held yet/)
    assert.match(byPart.get('distance')?.why ?? '', /not held/)
    assert.deepEqual(
      ['expertise', 'experience', 'distance', 'leader-type'].map((part) => byPart.get(part as never)?.points), // a list of ids
      [0, 0, 0, 0],
    )
  })

  it('uses no areas of need in an exercise, and says so', () => {
    const settings = { ...PLAIN_SETTINGS, exercise: true }
    const [expertise] = scoreParts(pairingOf(inventedNeed('N1'), inventedLeader('L1'), inventedFacts({})), settings)
    assert.equal(expertise?.points, 0)
    assert.match(expertise?.why ?? '', /exercise/)
  })
})

describe('hard constraints', () => {
  const codes = (facts: MatchFacts, need = facts.needs[0], leader = facts.leaders[0]) =>
    need && leader ? exclusionsOf(pairingOf(need, leader, facts), constraintContext(facts)).map(({ code }) => code) : []
  const tied = (kind: Ties['conflicts'][number]['kind']): MatchFacts =>
    inventedFacts({
      needs: [inventedNeed('N1')],
      leaders: [inventedLeader('L1')],
      tiesOf: () => ({ conflicts: [{ kind, path: 'L1 leads T-9', source: 'Register' }], notHeld: [] }),
    })

  it('exclude by ties with the path as evidence; wider ties only where the switch is on', () => {
    assert.deepEqual(codes(tied('same-school')), ['same-school'])
    assert.deepEqual(codes(tied('same-trust')), ['same-trust'])
    assert.deepEqual(codes(tied('same-authority')), [])
    const strict = { ...PLAIN_SETTINGS, limits: { ...PLAIN_SETTINGS.limits, sameAuthority: true, sameDiocese: true } }
    assert.deepEqual(codes({ ...tied('same-authority'), settings: strict }), ['same-authority'])
    assert.deepEqual(codes({ ...tied('same-diocese'), settings: strict }), ['same-diocese'])
  })

  it('a declared interest excludes until it is cleared', () => {
    const facts = tied('declared-interest')
    assert.deepEqual(codes(facts), ['conflict-declared'])
    assert.deepEqual(codes({ ...facts, cleared: [{ need: 'N1', leader: 'L1' }] }), [])
  })

  it('the nearer of the two travel limits counts, and an unknown distance excludes nobody', () => {
    const at = (miles: number, own: number | null) =>
      codes(
        inventedFacts({
          needs: [inventedNeed('N1')],
          leaders: [inventedLeader('L1', { miles, travelLimitMiles: own })],
        }),
      )
    assert.deepEqual(at(61, null), ['beyond-travel-limit'])
    assert.deepEqual(at(59, null), [])
    assert.deepEqual(at(31, 30), ['beyond-travel-limit'])
    const nowhere = inventedLeader('L1', { place: null, travelLimitMiles: 1 })
    assert.deepEqual(codes(inventedFacts({ needs: [inventedNeed('N1')], leaders: [nowhere] })), [])
  })

  it('availability that is not held is no capacity', () => {
    const facts = inventedFacts({ needs: [inventedNeed('N1')], leaders: [inventedLeader('L1', { freeDays: null })] })
    assert.deepEqual(codes(facts), ['no-days'])
  })

  it('no excluded pair is ever an option, and every allowed one is', () => {
    fc.assert(
      fc.property(anyFacts, (facts) => {
        const options = new Set(buildProblem(facts).problem.options.map(({ need, leader }) => pairKey(need, leader)))
        for (const need of facts.needs)
          for (const leader of facts.leaders)
            assert.equal(options.has(pairKey(need.id, leader.id)), codes(facts, need, leader).length === 0)
      }),
    )
  })
})

describe('problem', () => {
  it('narrows to the best of each need above the limit, keeps locked pairs, and says so', () => {
    const needs = Array.from({ length: 130 }, (_, index) => inventedNeed(`N${index}`, { days: 1 }))
    const leaders = Array.from({ length: 190 }, (_, index) => inventedLeader(`L${index}`, { miles: index / 4 }))
    const last = { need: 'N0', leader: 'L189' }
    const built = buildProblem(inventedFacts({ needs, leaders, locked: [last] }))
    assert.equal(built.pairsAllowed, 24_700)
    assert.ok(built.pairsAllowed > MOST_OPTIONS)
    assert.equal(built.problem.options.length, 130 * BEST_PER_NEED + 1)
    assert.deepEqual(built.problem.locks, [last])
  })

  it('leaves out a lock that cannot hold, and tells why', () => {
    const facts = inventedFacts({
      needs: [inventedNeed('N1', { days: 6 }), inventedNeed('N2', { days: 6 })],
      leaders: [inventedLeader('L1'), inventedLeader('L2', { active: false })],
      locked: [
        { need: 'N1', leader: 'L1' },
        { need: 'N2', leader: 'L1' },
      ],
    })
    const built = buildProblem(facts)
    assert.deepEqual(built.problem.locks, [{ need: 'N1', leader: 'L1' }])
    assert.match(built.brokenLocks[0]?.why ?? '', /take the days/)
    const inactive = buildProblem({ ...facts, locked: [{ need: 'N1', leader: 'L2' }] })
    assert.match(inactive.brokenLocks[0]?.why ?? '', /may no longer/)
  })

  it('has another fingerprint when anything changes that the answer rests on', () => {
    const facts = inventedFacts({ needs: [inventedNeed('N1')], leaders: [inventedLeader('L1')] })
    const print = (changes: Partial<MatchFacts>) => buildProblem({ ...facts, ...changes }).fingerprint
    assert.equal(print({}), print({}))
    assert.notEqual(print({}), print({ leaders: [inventedLeader('L1', { freeDays: 9 })] }))
    assert.notEqual(print({}), print({ forbidden: [{ need: 'N1', leader: 'L1' }] }))
    assert.notEqual(print({}), print({ needs: [inventedNeed('N1', { priority: 2 })] }))
  })
})

describe('explanation', () => {
  const facts = inventedFacts({
    needs: [inventedNeed('N1', { days: 6 }), inventedNeed('N2', { days: 6, miles: 10 })],
    leaders: [
      inventedLeader('L1', { miles: 5 }),
      inventedLeader('L2', { miles: 30 }),
      inventedLeader('L3', { active: false }),
    ],
  })
  const answer = answered(facts, [
    ['N1', 'L1'],
    ['N2', 'L2'],
  ])

  it('tells where the days of a better leader went', () => {
    const told = explainNeed(facts, answer, 'N2')
    assert.equal(told?.chosen?.match.leader, 'L2')
    assert.equal(told?.rivals[0]?.leader.id, 'L1')
    assert.equal(told?.rivals[0]?.kind, 'days-used')
    assert.match(told?.rivals[0]?.why ?? '', /School N1; 4 days left, 6 needed/)
    assert.deepEqual(
      told?.excluded.map(({ pairing }) => pairing.leader.id),
      ['L3'],
    )
  })

  it('names the most that a free leader would cost', () => {
    const free = inventedFacts({ ...facts, leaders: [...facts.leaders, inventedLeader('L4', { miles: 50 })] })
    const rival = explainNeed(
      free,
      answered(free, [
        ['N1', 'L1'],
        ['N2', 'L2'],
      ]),
      'N1',
    )?.rivals.find((one) => one.leader.id === 'L4')
    assert.equal(rival?.kind, 'lower')
    assert.match(rival?.why ?? '', /lower the total by up to 7\.50/)
  })

  it('never understates what the best answer would lose by taking a free leader', () => {
    let judged = 0
    fc.assert(
      fc.property(anyFacts, (some) => {
        const { problem } = buildProblem(some)
        const best = bruteForce(problem)
        const answer = answered(
          some,
          best.pairs.map(({ need, leader }) => [need, leader] as const),
        )
        for (const need of some.needs)
          for (const rival of explainNeed(some, answer, need.id)?.rivals ?? []) {
            if (rival.kind !== 'lower') continue
            const forced = bruteForce({ ...problem, locks: [{ need: need.id, leader: rival.leader.id }] })
            assert.equal(forced.priority, best.priority)
            const lost = best.hundredths - forced.hundredths
            assert.ok(lost <= Math.round(-(rival.difference ?? 0) * 100), `${lost} is more than was told`)
            judged += 1
          }
      }),
      // Always the same cases, so that enough rivals come up every time.
      { seed: 20, numRuns: 300 },
    )
    assert.ok(judged > 20, `only ${judged} rivals came up`)
  })

  it('calls no free leader better where the answer is the best', () => {
    fc.assert(
      fc.property(anyFacts, (some) => {
        const { pairs } = bruteForce(buildProblem(some).problem)
        const answer = answered(
          some,
          pairs.map(({ need, leader }) => [need, leader] as const),
        )
        for (const need of some.needs)
          assert.ok(!explainNeed(some, answer, need.id)?.rivals.some(({ kind }) => kind === 'better'))
      }),
    )
  })
})

describe('what would unlock an unmatched school', () => {
  it('is enough by itself: with the hint followed, the rest of the answer stands and the school is met', () => {
    const need = inventedNeed('N2', { days: 6 })
    const one = (leader: Parameters<typeof inventedLeader>[1], changes: Partial<MatchFacts> = {}) => {
      const facts = inventedFacts({ needs: [need], leaders: [inventedLeader('L1', leader)], ...changes })
      return unlocksOf(facts, answered(facts, [])).get('N2')?.[0]
    }
    assert.deepEqual(one({ freeDays: 4 }), { code: 'days-used', leader: 'L1', words: '2 more days of L1', amount: 2 })
    assert.equal(one({ miles: 61.2 })?.words, 'raise the travel limit to 62 miles (L1)')
    assert.equal(one({ miles: 45.1, travelLimitMiles: 30 })?.words, 'raise the own limit of L1 to 46 miles')
    assert.equal(one({}, { forbidden: [{ need: 'N2', leader: 'L1' }] })?.words, 'allow L1 again')
    assert.match(one({ active: false, miles: 70 })?.words ?? '', /no single change would be enough/)
  })

  it('counts the days that the answer already gives away', () => {
    const facts = inventedFacts({
      needs: [inventedNeed('N1', { days: 6 }), inventedNeed('N2', { days: 6 })],
      leaders: [inventedLeader('L1')],
    })
    assert.equal(unlocksOf(facts, answered(facts, [['N1', 'L1']])).get('N2')?.[0]?.words, '2 more days of L1')
  })

  it('of more days is always enough, whatever the rest of the answer', () => {
    let judged = 0
    fc.assert(
      fc.property(anyFacts, (some) => {
        const { problem } = buildProblem(some)
        const best = bruteForce(problem)
        const answer = answered(
          some,
          best.pairs.map(({ need, leader }) => [need, leader] as const),
        )
        for (const [needId, unlocks] of unlocksOf(some, answer)) {
          const [hint] = unlocks
          const need = some.needs.find(({ id }) => id === needId)
          if (hint?.code !== 'days-used' || hint.amount === undefined || !need) continue
          const leaders = some.leaders.map((leader) =>
            leader.id === hint.leader ? { ...leader, freeDays: (leader.freeDays ?? 0) + (hint.amount ?? 0) } : leader,
          )
          const after = bruteForce(buildProblem({ ...some, leaders }).problem)
          assert.ok(after.priority >= best.priority + need.priority, hint.words)
          judged += 1
        }
      }),
      { seed: 20, numRuns: 300 },
    )
    assert.ok(judged > 10, `only ${judged} hints came up`)
  })
})

describe('comparison', () => {
  const facts = inventedFacts({
    needs: [inventedNeed('N1'), inventedNeed('N2', { miles: 12 })],
    leaders: [inventedLeader('A'), inventedLeader('B', { miles: 12 }), inventedLeader('C', { miles: 30 })],
  })
  const names = { need: (id: string) => `School ${id}`, leader: (id: string) => id }

  it('says what moved, how far, and what it costs', () => {
    const before = answered(facts, [
      ['N1', 'A'],
      ['N2', 'B'],
    ])
    const after = answered(facts, [
      ['N1', 'B'],
      ['N2', 'C'],
    ])
    const told = compareAnswers(before, after, names, { because: 'Locking B to School N1' })
    assert.equal(
      told.words,
      'Locking B to School N1: School N1 moves from A to B, 12 miles further; School N2 moves from B to C, 18 miles further; total −5.00.',
    )
    assert.equal(
      told.changes.reduce((sum, { points }) => sum + Math.round(points * 100), 0),
      -500,
    )
  })

  it('says that nothing changed, and gives no total across other weights', () => {
    const same = answered(facts, [['N1', 'A']])
    assert.equal(compareAnswers(same, same, names).words, 'No school changes its leader.')
    const other = compareAnswers(same, answered(facts, []), names, { sameScale: false }).words
    assert.equal(other, 'School N1 loses A and is unmatched; totals are on different scales.')
  })

  it('totals count miles, load, regions and far pairs', () => {
    const totals = totalsOf(
      answered(facts, [
        ['N1', 'C'],
        ['N2', 'C'],
      ]),
    )
    assert.equal(Math.round(totals.milesTotal), 48)
    assert.equal(totals.daysMost, 10)
    assert.equal(totals.leadersUsed, 1)
    assert.equal(totals.met, 2)
  })
})

describe('decisions', () => {
  const start = { weights: PLAIN_SETTINGS.weights, limits: PLAIN_SETTINGS.limits }
  const pair = { need: 'N1', leader: 'L1' }

  it('a later lock replaces the school’s earlier one; lock and forbid replace each other', () => {
    const locked = standingOf(start, [
      { kind: 'lock', pair },
      { kind: 'lock', pair: { need: 'N1', leader: 'L2' } },
    ])
    assert.deepEqual(
      locked.locked.map(({ leader }) => leader),
      ['L2'],
    )
    const forbidden = standingOf(start, [
      { kind: 'lock', pair },
      { kind: 'forbid', pair },
    ])
    assert.deepEqual([forbidden.locked.length, forbidden.forbidden.length], [0, 1])
  })

  it('release takes back what stands, and refuses where nothing does', () => {
    const standing = standingOf(start, [
      { kind: 'forbid', pair },
      { kind: 'release', pair },
    ])
    assert.equal(standing.forbidden.length, 0)
    assert.equal(decideRelease(standing, pair).ok, false)
    assert.equal(decideRelease(standingOf(start, [{ kind: 'lock', pair }]), pair).ok, true)
  })
})
