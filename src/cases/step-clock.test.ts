import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { englandCalendar } from '../programmes/index.ts'
import { stepDue } from './step-clock.ts'

type Clock = NonNullable<Parameters<typeof stepDue>[1]>
type Happened = { openedOn: string; endOf?: (step: string, field?: string) => string }
const cites = ['TSI-084']

/** When a step falls due that opened on a day; the clock and the days of the pack are what a case says of them. */
function dueOf(clock: Omit<Clock, 'cites'> | undefined, happened: Happened, shortDays = true) {
  const calendar = {
    'bank-holidays': 'england' as const,
    ...(shortDays && { 'short-days': 'working days' as const }),
    cites,
  }
  return stepDue({ calendar }, clock && { ...clock, cites }, { endOf: () => '', ...happened })
}

describe('clocks of steps', () => {
  it('TSI-084 days are working days of England, weeks are calendar weeks, and the day of the event is day 0', () => {
    const due = (within: string, openedOn: string) => dueOf({ within }, { openedOn })?.due
    assert.equal(due('3 days', '2023-11-06'), '2023-11-09')
    assert.equal(due('5 days', '2023-11-06'), '2023-11-13')
    assert.equal(due('10 days', '2023-11-06'), '2023-11-20')
    assert.equal(due('4 weeks', '2023-11-06'), '2023-12-04')
    assert.equal(due('5 days', '2024-03-28'), '2024-04-08')
  })

  it('a due day on a bank holiday rolls on only where the pack says so', () => {
    const four = (more: { rolls?: 'working day' }) =>
      dueOf({ within: '4 weeks', ...more }, { openedOn: '2023-12-04' })?.due
    assert.equal(four({}), '2024-01-01')
    assert.equal(four({ rolls: 'working day' }), '2024-01-02')
  })

  it('a clock may run from the end of another step, and has none where the pack gives none', () => {
    const happened = { openedOn: '2023-11-10', endOf: () => '2023-11-06' }
    assert.equal(dueOf({ within: '2 days', from: 'earlier' }, happened)?.due, '2023-11-08')
    assert.equal(dueOf(undefined, happened), undefined)
  })

  it('the rule and the calendar that said so are kept with the day; without a limit that can be read there is none', () => {
    const happened = { openedOn: '2023-11-06' }
    const kept = { due: '2023-11-09', clock: '3 days', calendar: englandCalendar.version }
    assert.deepEqual(dueOf({ within: '3 days' }, happened), kept)
    assert.equal(dueOf({}, happened), undefined)
    assert.equal(dueOf({ within: 'soon' }, happened), undefined)
  })

  it('a clock may end on a day that is named; other words are no day', () => {
    const by = (words: string) => dueOf({ by: words }, { openedOn: '2023-11-06' })
    const kept = { due: '2024-07-19', clock: 'by 2024-07-19', calendar: englandCalendar.version }
    assert.deepEqual(by('2024-07-19'), kept)
    for (const words of ['end of term', '07-19', '2024-07-19 or later', 'on 2024-07-19', '202-07-19', '2024-7-19'])
      assert.equal(by(words), undefined, words)
  })

  it('short limits are working days only where the pack says so, and only those written as days', () => {
    const read = (within: string, shortDays: boolean) => dueOf({ within }, { openedOn: '2023-11-10' }, shortDays)?.due
    assert.equal(read('3 days', true), '2023-11-15')
    assert.equal(read('1 day', true), '2023-11-13')
    assert.equal(read('3 days', false), '2023-11-13')
    assert.equal(read('3 working days', false), '2023-11-15')
    assert.equal(read('2 weeks', true), '2023-11-24')
  })

  it('runs from its opening while the other step, or the day that it names, is not known', () => {
    const asked: string[] = []
    const due = (known: string) => {
      const endOf = (step: string, field?: string) => {
        asked.push(`${step} ${field}`)
        return known
      }
      return dueOf({ within: '2 days', from: 'earlier', day: 'meeting' }, { openedOn: '2023-11-06', endOf })?.due
    }
    assert.equal(due(''), '2023-11-08')
    assert.equal(due('2023-11-13'), '2023-11-15')
    assert.deepEqual(asked, ['earlier meeting', 'earlier meeting'])
  })
})
