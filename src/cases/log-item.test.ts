import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { drawBoxes } from './log-boxes.ts'
import { countPayable, isExtraByItself, itemRefusals, type LogItem } from './log-item.ts'

const LATE = 'answer open'
const item = (on: string, more: Partial<LogItem> = {}): LogItem => ({
  id: Number(on.replaceAll('-', '')),
  log: 'days',
  leaderId: 1,
  leaderName: 'L',
  state: 'validated',
  on,
  halfDays: 2,
  step: 's',
  area: null,
  memberId: null,
  memberName: null,
  external: null,
  extension: false,
  fields: {},
  reasons: {},
  counted: true,
  claimCaseId: null,
  lateTo: null,
  lateRefusal: null,
  engagement: null,
  engagementNote: null,
  confirmedOn: null,
  confirmedBy: null,
  madeBy: 'L',
  ...more,
})
const twelve = Array.from({ length: 12 }, (_, at) => item(`2024-01-${String(at + 10)}`))

describe('Days that may be claimed', () => {
  it('are capped at the days agreed; days worked before an approval stay unpaid after it', () => {
    assert.equal(countPayable(twelve, { agreed: 20, extensions: [] }, LATE).halfDays, 20)
    const approved = { agreed: 20, extensions: [{ halfDays: 4, approvedOn: '2024-02-01', untilOn: null }] }
    assert.equal(countPayable(twelve, approved, LATE).halfDays, 20)
    const early = twelve.map((one, at) => (at < 10 ? one : { ...one, extension: true }))
    assert.equal(countPayable(early, approved, LATE).halfDays, 20)
    const later = [
      ...twelve.slice(0, 10),
      item('2024-02-05', { extension: true }),
      item('2024-02-06', { extension: true }),
      item('2024-02-07', { extension: true }),
    ]
    assert.equal(countPayable(later, approved, LATE).halfDays, 24)
  })

  it('count as extra days by themselves once the agreed ones are used, as far as extra days are approved by then', () => {
    const allowance = { agreed: 20, extensions: [{ halfDays: 4, approvedOn: '2024-02-01', untilOn: null }] }
    const ten = twelve.slice(0, 10)
    const onDay = (on: string, external: string | null = null) => ({ on, external })
    assert.equal(isExtraByItself(ten, onDay('2024-02-05'), allowance), true)
    assert.equal(isExtraByItself(ten.slice(0, 9), onDay('2024-02-05'), allowance), false)
    assert.equal(isExtraByItself(ten, onDay('2024-01-31'), allowance), false)
    assert.equal(isExtraByItself(ten, onDay('2024-02-05', 'A trust'), allowance), false)
    const used = [...ten, item('2024-02-05', { extension: true }), item('2024-02-06', { extension: true })]
    assert.equal(isExtraByItself(used, onDay('2024-02-07'), allowance), false)
  })

  it('wait for an answer past the time given, and no other day waits with them', () => {
    const approved = { agreed: 20, extensions: [{ halfDays: 4, approvedOn: '2024-02-01', untilOn: '2024-04-08' }] }
    const late = item('2024-04-12', { extension: true })
    const both = [item('2024-04-05', { extension: true }), late]
    assert.equal(countPayable(both, approved, LATE).halfDays, 2)
    assert.equal(countPayable(both, approved, LATE).items[1]?.because, LATE)
    const [first = late] = both
    assert.equal(countPayable([first, { ...late, lateTo: '2024-04-30' }], approved, LATE).halfDays, 4)
    const refused = countPayable([first, { ...late, lateRefusal: 'Too late' }], approved, LATE)
    assert.deepEqual([refused.halfDays, refused.items[1]?.because], [2, 'Too late'])
  })

  it('never count what is not validated or was help from outside', () => {
    const some = [
      item('2024-01-10', { counted: false }),
      item('2024-01-11', { external: 'Board network' }),
      item('2024-01-12'),
    ]
    assert.equal(countPayable(some, { agreed: 20, extensions: [] }, LATE).halfDays, 2)
  })
})

describe('An item as it is entered', () => {
  it('fits into the days agreed when planned, and may go beyond them when done', () => {
    const log = { title: 'Days', during: 'A..B', states: ['planned', 'delivered'], moves: {}, cites: ['TSI-055'] }
    const on = { today: '2024-03-01', log, allowance: { agreed: 20, extensions: [] } }
    const codes = (state: string) =>
      itemRefusals({ ...item('2024-02-01'), state }, twelve.slice(0, 10), on).map(({ code }) => code)
    assert.deepEqual(codes('planned'), ['log.too-many'])
    assert.deepEqual(codes('delivered'), [])
  })
})

describe('Boxes of days', () => {
  it('are filled, hatched and free, in halves, and say so in words', () => {
    const { boxes, words } = drawBoxes({ agreed: 10, used: 2.5, planned: 1 })
    const count = (kind: string) => boxes.filter((box) => box.kind === kind).length
    assert.deepEqual([count('frame'), count('used'), count('planned')], [10, 5, 2])
    assert.equal(words, '2.5 of 10 days done, 1 planned, 6.5 free')
  })
})
