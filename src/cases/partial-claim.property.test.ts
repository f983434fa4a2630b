import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import type { LogItem } from './log-item.ts'
import { totalsOf } from './work-facts.ts'

const RATE_PENCE = 60_000
const LEADERS = [1, 2, 3]
const FIRST = 'planned'

const dayOf = (at: number) =>
  `2024-${String(1 + Math.floor(at / 28)).padStart(2, '0')}-${String(1 + (at % 28)).padStart(2, '0')}`

/** A day of one of three leaders; `round` 0 and 1 are leaders who left, 2 is whoever works on the case now. */
const item = fc.record({
  round: fc.integer({ min: 0, max: 2 }),
  on: fc.integer({ min: 0, max: 160 }).map(dayOf),
  halfDays: fc.integer({ min: 1, max: 12 }),
  state: fc.constantFrom(FIRST, 'delivered', 'validated', 'validated'),
  extension: fc.boolean(),
  external: fc.constantFrom(null, null, null, 'Help'),
})
const extension = fc.record({
  halfDays: fc.integer({ min: 1, max: 10 }),
  approvedOn: fc.integer({ min: 0, max: 160 }).map(dayOf),
  untilOn: fc.constantFrom(null, '2024-05-01', '2024-07-31'),
})
// A leader may come back: the rounds need not be of different persons.
const story = fc.record({
  rounds: fc.array(fc.constantFrom(...LEADERS), { minLength: 3, maxLength: 3 }),
  items: fc.array(item, { maxLength: 40 }),
  agreed: fc.integer({ min: 0, max: 20 }),
  extensions: fc.array(extension, { maxLength: 3 }),
})
type Story = typeof story extends fc.Arbitrary<infer T> ? T : never

const CLAIMS = [501, 502]

function logOf({ rounds, items }: Story): LogItem[] {
  return items.flatMap(({ round, state, external, ...one }, at) => {
    const claimCaseId = external === null ? (CLAIMS[round] ?? null) : null
    // What a leader who leaves only planned is taken off.
    if (claimCaseId !== null && state === FIRST) return []
    return [
      {
        ...BLANK,
        ...one,
        id: at + 1,
        leaderId: rounds[round] ?? 1,
        state,
        external,
        claimCaseId,
        counted: state === 'validated',
      },
    ]
  })
}

const BLANK: LogItem = {
  id: 0,
  log: 'days',
  leaderId: 1,
  leaderName: '',
  state: '',
  on: '',
  halfDays: 1,
  step: '',
  area: null,
  memberId: null,
  memberName: null,
  external: null,
  extension: false,
  fields: {},
  reasons: {},
  counted: false,
  claimCaseId: null,
  lateTo: null,
  lateRefusal: null,
  engagement: null,
  engagementNote: null,
  confirmedOn: null,
  confirmedBy: null,
  madeBy: '',
}

const asked = ({ agreed, extensions }: Story) => ({ agreed, extensions, first: FIRST, late: 'late' })

function sharesOf(log: readonly LogItem[], told: Story) {
  const claims = CLAIMS.map((claimCaseId) => totalsOf(log, { ...asked(told), claimCaseId }))
  const current = totalsOf(log, { ...asked(told), leaderId: told.rounds[2] })
  return { claims, current, all: [...claims, current] }
}

describe('Claims of the leaders of a case', () => {
  it('come together to no more than the days agreed and approved, in whole pence', () => {
    fc.assert(
      fc.property(story, (told) => {
        const { all } = sharesOf(logOf(told), told)
        const most = told.agreed + told.extensions.reduce((sum, { halfDays }) => sum + halfDays, 0)
        const claimed = all.reduce((sum, { payable }) => sum + payable, 0)
        assert.ok(claimed <= most, `${claimed} half days of ${most}`)
        for (const { payable, validated } of all) {
          assert.ok(payable >= 0 && payable <= validated)
          assert.equal(Number.isInteger((payable * RATE_PENCE) / 2), true)
        }
      }),
    )
  })

  it('hold each day in one claim only', () => {
    fc.assert(
      fc.property(story, (told) => {
        const log = logOf(told)
        const { all } = sharesOf(log, told)
        const validated = all.reduce((sum, one) => sum + one.validated, 0)
        const ofRounds = log.filter(({ counted, external }) => counted && !external)
        assert.equal(
          validated,
          ofRounds.reduce((sum, { halfDays }) => sum + halfDays, 0),
        )
      }),
    )
  })

  it('of those who left stand, whatever the next leader logs and for whichever day', () => {
    fc.assert(
      fc.property(story, fc.array(item, { maxLength: 20 }), (told, more) => {
        const later = { ...told, items: [...told.items, ...more.map((one) => ({ ...one, round: 2 }))] }
        const [before, after] = [sharesOf(logOf(told), told), sharesOf(logOf(later), later)]
        assert.deepEqual(
          after.claims.map(({ payable }) => payable),
          before.claims.map(({ payable }) => payable),
        )
      }),
    )
  })

  it('leave to the next leader what was agreed less what was delivered', () => {
    fc.assert(
      fc.property(story, (given) => {
        const told = { ...given, items: given.items.filter((one) => !one.extension && !one.external), extensions: [] }
        const log = logOf(told)
        const used = log.filter(({ claimCaseId }) => claimCaseId !== null).reduce((sum, one) => sum + one.halfDays, 0)
        assert.ok(sharesOf(log, told).current.payable <= Math.max(0, told.agreed - used))
      }),
    )
  })
})
