import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { drawStrip, type StripInspection } from './inspection-strip.ts'

const graded = (on: string, overall: number, predecessor = false): StripInspection => ({
  on,
  kind: 'graded',
  overall,
  predecessor,
})

test('a grade is a letter in its colour, another kind a round outlined sign, a predecessor an outline', () => {
  const strip = drawStrip(
    [
      graded('2011-03-01', 3, true),
      graded('2018-05-02', 2),
      { on: '2026-01-20', kind: 'report_card', overall: null, predecessor: false },
    ],
    '2014-09-01',
    '2026-06-30',
  )
  assert.deepEqual(
    strip?.marks.map((mark) => [mark.sign, mark.classes, mark.round]),
    [
      ['RI', 'app-grade-3 app-grade-outline', false],
      ['G', 'app-grade-2', false],
      ['RC', 'app-grade-other', true],
    ],
  )
  assert.equal(strip?.description, '2011: Satisfactory (predecessor). 2018: Good. 2026: Report card.')
  assert.deepEqual(
    strip?.legend.map((entry) => entry.sign),
    ['G', 'RI', 'RC'],
  )
  assert.ok(strip?.openedX)
})

test('without any inspection there is no picture', () => {
  assert.equal(drawStrip([], null, '2026-06-30'), null)
})

test('marks never lie on one another, and stay on the picture from left to right in time', () => {
  const day = fc
    .date({ min: new Date('2005-09-01'), max: new Date('2026-06-30'), noInvalidDate: true })
    .map((date) => date.toISOString().slice(0, 10))
  fc.assert(
    fc.property(fc.array(fc.tuple(day, fc.integer({ min: 1, max: 4 })), { minLength: 1, maxLength: 14 }), (pairs) => {
      const strip = drawStrip(
        pairs.map(([on, grade]) => graded(on, grade)),
        null,
        '2026-06-30',
      )
      assert.ok(strip)
      const { marks, markSize, width } = strip
      for (const [index, mark] of marks.entries()) {
        assert.ok(mark.x >= 0 && mark.x + markSize <= width && mark.y >= 0 && mark.y + markSize <= strip.axisY)
        for (const other of marks.slice(index + 1)) {
          assert.ok(other.x >= mark.x)
          assert.ok(other.y !== mark.y || other.x - mark.x >= markSize)
        }
      }
    }),
  )
})
