import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { stepDue } from './step-clock.ts'

const pack = { calendar: { 'bank-holidays': 'england', 'short-days': 'working days', cites: ['TSI-084'] } } as const
const cites = ['TSI-084']
const endOf = () => ''

describe('clocks of steps', () => {
  it('TSI-084 days are working days of England, weeks are calendar weeks, and the day of the event is day 0', () => {
    const due = (within: string, openedOn: string) =>
      stepDue({ ...pack, calendar: { ...pack.calendar, cites } }, { within, cites }, { openedOn, endOf })?.due
    assert.equal(due('3 days', '2023-11-06'), '2023-11-09')
    assert.equal(due('5 days', '2023-11-06'), '2023-11-13')
    assert.equal(due('10 days', '2023-11-06'), '2023-11-20')
    assert.equal(due('4 weeks', '2023-11-06'), '2023-12-04')
    assert.equal(due('5 days', '2024-03-28'), '2024-04-08')
  })

  it('a due day on a bank holiday rolls on only where the pack says so', () => {
    const four = (more: { rolls?: 'working day' }) =>
      stepDue(
        { calendar: { ...pack.calendar, cites } },
        { within: '4 weeks', cites, ...more },
        { openedOn: '2023-12-04', endOf },
      )?.due
    assert.equal(four({}), '2024-01-01')
    assert.equal(four({ rolls: 'working day' }), '2024-01-02')
  })

  it('a clock may run from the end of another step, and has none where the pack gives none', () => {
    const from = stepDue(
      { calendar: { ...pack.calendar, cites } },
      { within: '2 days', from: 'earlier', cites },
      { openedOn: '2023-11-10', endOf: () => '2023-11-06' },
    )
    assert.equal(from?.due, '2023-11-08')
    assert.equal(
      stepDue({ calendar: { ...pack.calendar, cites } }, undefined, { openedOn: '2023-11-10', endOf }),
      undefined,
    )
  })
})
