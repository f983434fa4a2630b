import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { isCellFault, readDate, readGrade, readPercent, readUrn, readWholeUpTo } from './csv-cell.ts'

const day = fc
  .date({ min: new Date('1800-01-01'), max: new Date('2200-12-31'), noInvalidDate: true })
  .map((date) => date.toISOString().slice(0, 10))

test('every calendar day is read the same in all three ways of writing it', () => {
  fc.assert(
    fc.property(day, (iso) => {
      const [year, month, date] = iso.split('-')
      assert.equal(readDate(iso), iso)
      assert.equal(readDate(`${date}-${month}-${year}`), iso)
      assert.equal(readDate(` ${date}/${month}/${year} `), iso)
    }),
  )
})

test('what is read as a date is always a day of the calendar', () => {
  const almost = fc.tuple(fc.integer({ min: 0, max: 40 }), fc.integer({ min: 0, max: 15 }), fc.integer({ max: 9999 }))
  fc.assert(
    fc.property(almost, ([date, month, year]) => {
      const read = readDate(`${date}/${month}/${String(Math.abs(year)).padStart(4, '0')}`)
      if (read !== null && !isCellFault(read)) assert.equal(Temporal.PlainDate.from(read).toString(), read)
    }),
  )
})

test('30 February, a word and a two-digit year are no dates; blank is none', () => {
  for (const text of ['30/02/2024', '29-02-2023', 'soon', '01/02/24', '2024-13-01'])
    assert.ok(isCellFault(readDate(text)))
  assert.equal(readDate('  '), null)
  assert.equal(readDate('29/02/2024 00:00:00'), '2024-02-29')
})

test('a URN has six digits', () => {
  assert.equal(readUrn(' 900001 '), '900001')
  for (const text of ['90001', '9000011', 'A00001', '', '012345']) assert.ok(isCellFault(readUrn(text)))
})

test('grades, percentages and whole numbers keep to their bounds', () => {
  assert.equal(readGrade('4'), '4')
  assert.equal(readGrade('9'), null)
  assert.equal(readGrade('Not judged'), null)
  assert.ok(isCellFault(readGrade('5')))
  assert.equal(readPercent('12.5%'), '12.5')
  assert.ok(isCellFault(readPercent('101')))
  assert.equal(readWholeUpTo(120)('18'), '18')
  assert.ok(isCellFault(readWholeUpTo(120)('121')))
  assert.ok(isCellFault(readWholeUpTo(120)('1.5')))
})
