import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import {
  decideStanding,
  type Floor,
  highestFloor,
  judgedFloorHolds,
  type Levels,
  raiseToFloor,
  rankOf,
  type StandingChange,
  type StandingValue,
  valueOn,
} from './standing-rules.ts'

const LEVELS: Levels = {
  order: ['a', 'b', 'c', 'd'].map((id) => ({ id, title: id.toUpperCase() })),
  variants: { special: { title: 'Special', of: ['b'] } },
}

type Value = StandingValue & { readonly id: number }

/** What the store does with a change. */
function keep(
  values: readonly Value[],
  change: StandingChange<Value>,
  set: Pick<Value, 'origin' | 'row' | 'by'>,
): Value[] {
  const ended = values.map((one) => {
    const end = change.ends.find(({ value }) => value.id === one.id)
    return end ? { ...one, until: end.until } : one
  })
  if (!change.set) return ended
  return [...ended, { ...change.set, ...set, evidence: '', id: values.length }]
}

function decide(
  values: readonly Value[],
  level: string,
  from: string,
  more: { today?: string; floors?: Floor[]; variant?: string } = {},
) {
  const { today = from, floors = [], variant = null } = more
  return decideStanding({ level, variant, from }, { levels: LEVELS, values, floors, today })
}

function decided(values: readonly Value[], level: string, from: string): Value[] {
  const made = decide(values, level, from)
  assert.ok(made.ok)
  return keep(values, made.value, { origin: 'decision', row: null, by: 'Drusilla Tideway' })
}

const FLOOR: Floor = { row: 'grade', level: 'c', evidence: 'Grade 3 on 12 May 2026.' }

describe('A level decided by a person', () => {
  it('ends the one before on the day before, and one that overlaps is refused naming what holds', () => {
    const values = decided(decided([], 'b', '2026-09-01'), 'c', '2026-11-01')
    assert.deepEqual(
      values.map(({ level, from, until }) => [level, from, until]),
      [
        ['b', '2026-09-01', '2026-11-01'],
        ['c', '2026-11-01', null],
      ],
    )
    const retro = decide(values, 'd', '2026-10-15', { today: '2026-11-20' })
    assert.deepEqual(retro.ok, false)
    assert.match(
      retro.ok ? '' : (retro.refusals[0]?.message ?? ''),
      /C holds from 1 November 2026, set by Drusilla Tideway/,
    )
  })

  it('is refused below a floor in force, with its evidence', () => {
    const refused = decide([], 'b', '2026-10-05', { floors: [FLOOR] })
    assert.match(
      refused.ok ? '' : (refused.refusals[0]?.message ?? ''),
      /B is not open: C or higher is automatic. Grade 3 on 12 May 2026/,
    )
    assert.ok(decide([], 'd', '2026-10-05', { floors: [FLOOR] }).ok)
  })

  it('may have a variant of its own level only', () => {
    assert.ok(decide([], 'b', '2026-10-05', { variant: 'special' }).ok)
    assert.equal(decide([], 'c', '2026-10-05', { variant: 'special' }).ok, false)
    assert.equal(decide([], 'z', '2026-10-05').ok, false)
  })

  it('may not lower a day that has passed', () => {
    const values = decided([], 'c', '2026-09-01')
    assert.equal(decide(values, 'b', '2026-10-01', { today: '2026-10-05' }).ok, false)
    assert.ok(decide(values, 'd', '2026-10-01', { today: '2026-10-05' }).ok)
  })
})

describe('A floor', () => {
  it('raises at once, leaves a higher level alone, and what was decided below it for later is set aside', () => {
    const low = decided([], 'a', '2026-09-01')
    assert.deepEqual(raiseToFloor(LEVELS, low, FLOOR, '2026-10-05')?.set, {
      level: 'c',
      variant: null,
      from: '2026-10-05',
      until: null,
    })
    assert.equal(raiseToFloor(LEVELS, decided([], 'd', '2026-09-01'), FLOOR, '2026-10-05'), null)
    const later = decided(decided([], 'd', '2026-09-01'), 'b', '2026-11-01')
    const change = raiseToFloor(LEVELS, later, FLOOR, '2026-10-05')
    assert.equal(change?.set, null)
    assert.deepEqual(
      change?.ends.map(({ value, until }) => [value.level, until]),
      [
        ['b', '2026-11-01'],
        ['d', null],
      ],
    )
  })

  it('of a row that persons judge is lifted only by those who set the standing', () => {
    const found = { by: 'adviser', holds: true }
    assert.equal(judgedFloorHolds([{ by: 'adviser', holds: false }, found], ['senior']), true)
    assert.equal(judgedFloorHolds([{ by: 'senior', holds: false }, found], ['senior']), false)
    assert.equal(judgedFloorHolds([], ['senior']), false)
  })
})

const DAYS = Array.from({ length: 24 }, (_, at) => Temporal.PlainDate.from('2026-09-01').add({ days: at }).toString())
const level = fc.constantFrom('a', 'b', 'c', 'd')
const happening = fc.oneof(
  fc.record({ kind: fc.constant('floors' as const), levels: fc.uniqueArray(level, { maxLength: 3 }) }),
  fc.record({ kind: fc.constant('decision' as const), level, ahead: fc.integer({ min: -3, max: 4 }) }),
)

/** Days go by; on each, floors come and go and people decide, and the rules are followed as by the night. */
function live(story: readonly (readonly (typeof happening extends fc.Arbitrary<infer H> ? H : never)[])[]) {
  let values: Value[] = []
  let floors: Floor[] = []
  const floorOn = new Map<string, string>()
  const follow = (today: string) => {
    const floor = highestFloor(LEVELS, floors)
    const change = floor && raiseToFloor(LEVELS, values, floor, today)
    if (floor && change) values = keep(values, change, { origin: 'floor', row: floor.row, by: 'a rule' })
  }
  for (const [at, today] of DAYS.entries()) {
    follow(today)
    for (const one of story[at] ?? []) {
      if (one.kind === 'floors') floors = one.levels.map((to) => ({ row: to, level: to, evidence: to }))
      else {
        const from = Temporal.PlainDate.from(today).add({ days: one.ahead }).toString()
        const made = decide(values, one.level, from, { today, floors })
        if (made.ok) values = keep(values, made.value, { origin: 'decision', row: null, by: 'somebody' })
      }
      follow(today)
    }
    const floor = highestFloor(LEVELS, floors)
    if (floor) floorOn.set(today, floor.level)
  }
  return { values, floorOn }
}

describe('After any sequence of floors and decisions', () => {
  it('there is exactly one level on each day since the first, never below a floor in force, never lowered but by a person', () => {
    fc.assert(
      fc.property(fc.array(fc.array(happening, { maxLength: 2 }), { maxLength: DAYS.length }), (story) => {
        const { values, floorOn } = live(story)
        const first = values.map(({ from }) => from).sort()[0]
        if (first === undefined) return
        for (const day of DAYS.filter((one) => one >= first)) {
          const holding = values.filter(({ from, until }) => from <= day && (until === null || day < until))
          assert.equal(holding.length, 1, `${day}: ${holding.length} levels`)
          const [now] = holding
          const floor = floorOn.get(day)
          assert.ok(!floor || rankOf(LEVELS, now?.level) >= rankOf(LEVELS, floor), `${day}: below the floor`)
          const before = valueOn(values, Temporal.PlainDate.from(day).subtract({ days: 1 }).toString())
          const isLower = before !== undefined && rankOf(LEVELS, now?.level) < rankOf(LEVELS, before.level)
          assert.ok(!isLower || now?.origin === 'decision', `${day}: lowered by no person`)
        }
      }),
      { numRuns: 500 },
    )
  })
})
