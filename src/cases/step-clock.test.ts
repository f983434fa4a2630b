import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { englandCalendar } from '../programmes/index.ts'
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

  it('the rule and the calendar that said so are kept with the day; without a limit that can be read there is none', () => {
    const calendar = { ...pack.calendar, cites }
    const due = stepDue({ calendar }, { within: '3 days', cites }, { openedOn: '2023-11-06', endOf })
    assert.deepEqual(due, { due: '2023-11-09', clock: '3 days', calendar: englandCalendar.version })
    assert.equal(stepDue({ calendar }, { cites }, { openedOn: '2023-11-06', endOf }), undefined)
    assert.equal(stepDue({ calendar }, { within: 'soon', cites }, { openedOn: '2023-11-06', endOf }), undefined)
  })

  it('a clock may end on a day that is named; other words are no day', () => {
    const by = (words: string) =>
      stepDue({ calendar: { ...pack.calendar, cites } }, { by: words, cites }, { openedOn: '2023-11-06', endOf })
    assert.deepEqual(by('2024-07-19'), {
      due: '2024-07-19',
      clock: 'by 2024-07-19',
      calendar: englandCalendar.version,
    })
    for (const words of ['end of term', '07-19', '2024-07-19 or later', 'on 2024-07-19', '202-07-19', '2024-7-19'])
      assert.equal(by(words), undefined, words)
  })

  it('short limits are working days only where the pack says so, and only those written as days', () => {
    const read = (within: string, days: 'working days' | 'calendar days') =>
      stepDue(
        { calendar: { 'bank-holidays': 'england', ...(days === 'working days' && { 'short-days': days }), cites } },
        { within, cites },
        { openedOn: '2023-11-10', endOf },
      )?.due
    assert.equal(read('3 days', 'working days'), '2023-11-15')
    assert.equal(read('1 day', 'working days'), '2023-11-13')
    assert.equal(read('3 days', 'calendar days'), '2023-11-13')
    assert.equal(read('3 working days', 'calendar days'), '2023-11-15')
    assert.equal(read('2 weeks', 'working days'), '2023-11-24')
  })

  it('runs from its opening while the other step, or the day that it names, is not known', () => {
    const clock = { within: '2 days', from: 'earlier', day: 'meeting', cites }
    const asked: string[] = []
    const due = (known: string) =>
      stepDue({ calendar: { ...pack.calendar, cites } }, clock, {
        openedOn: '2023-11-06',
        endOf: (step, field) => {
          asked.push(`${step} ${field}`)
          return known
        },
      })?.due
    assert.equal(due(''), '2023-11-08')
    assert.equal(due('2023-11-13'), '2023-11-15')
    assert.deepEqual(asked, ['earlier meeting', 'earlier meeting'])
  })
})
