import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import {
  addWorkingDays,
  dueDate,
  englandCalendar,
  findLimit,
  findNextTerm,
  findTerm,
  isWorkingDay,
  termsOf,
  workingDaysAfter,
} from './calendar.ts'

const day = (iso: string) => Temporal.PlainDate.from(iso)
const due = (words: string, from: string) => {
  const limit = findLimit(words)
  assert.ok(limit)
  return dueDate(limit, day(from), englandCalendar).toString()
}

test('TSI-084 limits count working days and calendar weeks from the day of the entry event', () => {
  assert.equal(due('3 working days', '2023-11-06'), '2023-11-09')
  assert.equal(due('5 working days', '2023-11-06'), '2023-11-13')
  assert.equal(due('10 working days', '2023-11-06'), '2023-11-20')
  assert.equal(due('4 weeks', '2023-11-06'), '2023-12-04')
})

test('TSI-084 Good Friday and Easter Monday are no working days', () => {
  assert.equal(due('5 working days', '2024-03-28'), '2024-04-08')
})

test('calendar days and months run over weekends and month ends', () => {
  assert.equal(due('5 days', '2024-03-28'), '2024-04-02')
  assert.equal(due('1 month', '2024-01-31'), '2024-02-29')
  assert.equal(due('12 weeks', '2024-01-15'), '2024-04-08')
  assert.equal(findLimit('5 school days'), undefined)
})

test('one-off and moved bank holidays of England are known', () => {
  const holidays = [
    '2020-05-08',
    '2022-06-02',
    '2022-06-03',
    '2022-09-19',
    '2023-05-08',
    '2026-12-28',
    '2027-03-26',
    '2027-12-27',
    '2027-12-28',
    '2028-01-03',
    '2028-04-17',
  ]
  for (const iso of holidays) assert.equal(englandCalendar.isBankHoliday(day(iso)), true, iso)
  for (const iso of ['2020-05-04', '2022-05-30', '2026-12-29', '2028-01-02'])
    assert.equal(englandCalendar.isBankHoliday(day(iso)), false, iso)
})

test('the bank holidays of 2023-24 are exactly these on weekdays', () => {
  const found: string[] = []
  for (let date = day('2023-09-01'); date.toString() <= '2024-08-31'; date = date.add({ days: 1 }))
    if (date.dayOfWeek < 6 && englandCalendar.isBankHoliday(date)) found.push(date.toString())
  assert.deepEqual(found, [
    '2023-12-25',
    '2023-12-26',
    '2024-01-01',
    '2024-03-29',
    '2024-04-01',
    '2024-05-06',
    '2024-05-27',
    '2024-08-26',
  ])
})

test('a due date is a working day, grows with the limit, and counting back finds the limit again', () => {
  const dates = fc.integer({ min: 0, max: 3000 }).map((days) => day('2020-01-01').add({ days }))
  fc.assert(
    fc.property(dates, fc.integer({ min: 1, max: 60 }), (from, count) => {
      const end = addWorkingDays(from, count, englandCalendar)
      assert.ok(isWorkingDay(end, englandCalendar))
      assert.ok(Temporal.PlainDate.compare(addWorkingDays(from, count + 1, englandCalendar), end) > 0)
      assert.ok(Temporal.PlainDate.compare(addWorkingDays(from.add({ days: 1 }), count, englandCalendar), end) >= 0)
      assert.equal(workingDaysAfter(from, end, englandCalendar), count)
    }),
    { numRuns: 200 },
  )
})

test('a term is found on its first and last day, none in the holidays, and an authority may have its own', () => {
  const national = [
    { id: 'autumn', name: 'Autumn term', from: '2023-09-04', to: '2023-12-20' },
    { id: 'spring', name: 'Spring term', from: '2024-01-08', to: '2024-03-28' },
  ]
  const own = [{ id: 'spring', name: 'Spring term', from: '2024-01-03', to: '2024-03-22' }]
  assert.equal(findTerm(national, '2023-12-20')?.id, 'autumn')
  assert.equal(findTerm(national, '2023-12-21'), undefined)
  assert.equal(findNextTerm(national, '2023-12-15')?.id, 'spring')
  assert.equal(findNextTerm(national, '2024-02-01'), undefined)
  assert.equal(termsOf('801', new Map([['801', own]]), national)[0]?.from, '2024-01-03')
  assert.equal(termsOf('802', new Map([['801', own]]), national)[0]?.from, '2023-09-04')
})
