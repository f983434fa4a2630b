import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { writeXlsx } from 'hucre'
import { readWorkbook } from '../platform/web/workbook-file.ts'
import type { FormField } from '../programmes/index.ts'
import { answerOfCell, sameAnswer } from './form-file-cells.ts'
import { cellOfAnswer } from './form-file-write.ts'

const NOTE: FormField = { title: 'Note', type: 'note' }
const DAY: FormField = { title: 'Day', type: 'date' }
const DAYS: FormField = { title: 'Days', type: 'days' }
const YES_NO: FormField = { title: 'Asked', type: 'yes-no' }
const OPTIONS = [
  { id: 'one', title: 'One; with a semicolon, and a comma' },
  { id: 'two', title: 'Two' },
  { id: 'three', title: 'Yes' },
]
const CHOICE: FormField = { title: 'Choice', type: 'choice', options: OPTIONS }
const PLAIN = OPTIONS.slice(1)
const CHOICES: FormField = { title: 'Choices', type: 'choices', options: PLAIN }

type Held = readonly [FormField, string | readonly string[]]
const day = fc
  .integer({ min: 0, max: 40_000 })
  .map((days) => Temporal.PlainDate.from('1955-01-01').add({ days }).toString())
const held: fc.Arbitrary<Held> = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 80 }).map((text): Held => [NOTE, text]),
  fc
    .string({
      unit: fc.constantFrom('=', '+', '_x0041_', '\r', '\n', '\t', ' ', '\u0007', '<', '&', '1'),
      maxLength: 9,
    })
    .map((text): Held => [NOTE, text]),
  day.map((text): Held => [DAY, text]),
  fc.integer({ min: 0, max: 200 }).map((halves): Held => [DAYS, (halves / 2).toFixed(2)]),
  fc.constantFrom('yes', 'no').map((text): Held => [YES_NO, text]),
  fc.constantFrom(...OPTIONS).map(({ id }): Held => [CHOICE, id]),
  fc.subarray(PLAIN.map(({ id }) => id)).map((ids): Held => [CHOICES, ids]),
)

const readOne = (field: FormField, cell: string | number | boolean | null) => {
  const read = answerOfCell(field, cell)
  return read.ok ? read.value : read.refusals[0]?.code
}

describe('Cells of a form', () => {
  it('Answers written and read again are the same, whatever they are', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(held, { minLength: 1, maxLength: 12 }), async (answers) => {
        const rows = answers.map(([field, answer]) => [cellOfAnswer(field, answer), 'end'])
        const read = await readWorkbook(Buffer.from(await writeXlsx({ sheets: [{ name: 'Answers', rows }] })))
        assert.ok(read.ok)
        for (const [at, [field, answer]] of answers.entries()) {
          const again = answerOfCell(field, read.value[0]?.rows[at]?.[0] ?? null)
          assert.ok(again.ok, JSON.stringify([answer, again]))
          assert.ok(sameAnswer(field, again.value, answer), JSON.stringify([field.type, answer, again.value]))
        }
      }),
      { numRuns: 150 },
    )
  })

  it('Days, numbers, yes and no, and lists are read as people type them', () => {
    const days = [
      '27/3/2024',
      '27.03.24',
      '27 March 2024',
      '27th mar 2024',
      '2024-03-27',
      '2024-3-27',
      '27-Mar-24',
      '45378',
    ]
    for (const typed of [...days, 45378]) assert.equal(readOne(DAY, typed), '2024-03-27', String(typed))
    for (const typed of ['31/2/2024', 'soon', '3/27/2024', '=TODAY()', '12'])
      assert.match(String(readOne(DAY, typed)), /^cell\./, typed)
    assert.equal(readOne(DAY, '=TODAY()'), 'cell.formula')
    for (const typed of ['2.5', '2,5', '2½', '2.50 days', 2.5]) assert.equal(readOne(DAYS, typed), '2.5', String(typed))
    assert.equal(readOne(DAYS, '1,200'), '1200')
    for (const typed of ['-1', 'two', '1.2.3']) assert.equal(readOne(DAYS, typed), 'cell.not-read', typed)
    for (const typed of ['Yes', 'y', true, 1, ' TRUE ']) assert.equal(readOne(YES_NO, typed), 'yes', String(typed))
    for (const typed of ['NO', 'n', false, 0]) assert.equal(readOne(YES_NO, typed), 'no', String(typed))
    assert.equal(readOne(YES_NO, 'perhaps'), 'cell.not-read')
    assert.equal(readOne(CHOICE, '  one;  WITH a semicolon, and a comma'), 'one')
    assert.equal(readOne(CHOICE, 'Four'), 'cell.not-read')
    for (const typed of ['Yes; two', 'two\nYES', 'two, yes', 'three;two;']) {
      assert.deepEqual(readOne(CHOICES, typed), ['two', 'three'], typed)
    }
    assert.equal(readOne(CHOICES, 'two; four'), 'cell.not-read')
    assert.deepEqual(
      [readOne(NOTE, true), readOne(NOTE, 5), readOne(NOTE, null), readOne(NOTE, ' ')],
      ['TRUE', '5', '', ''],
    )
  })
})
