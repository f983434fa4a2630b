import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  compileExpression,
  compileWords,
  createLanguage,
  evaluateCondition,
  type Facts,
  findConditionFault,
  Judgement,
} from './conditions.ts'

const pack = {
  'academic-year': { name: '2023-24', from: '2023-09-01', to: '2024-08-31', cites: [] },
  eligibility: { parameters: { enough: { title: 'Enough in a row', value: 2, cites: [] } } },
}
const language = createLanguage(pack, {
  graded: { type: 'list<Judgement>', mayBeUnknown: false, title: 'Judgements' },
  large: { type: 'bool', mayBeUnknown: true, title: 'Whether the school is large' },
  phase: { type: 'string', mayBeUnknown: true, title: 'Phase' },
})
const decide = (source: string, facts: Facts) =>
  evaluateCondition(compileExpression(source, language), { graded: [], ...facts })
const history = (...rows: [number, string][]) => rows.map(([grade, date]) => new Judgement(grade, date))

test('a fact that is not held makes a condition unknown, never "not met"', () => {
  assert.equal(decide('phase == "primary"', {}), 'unknown')
  assert.equal(decide('phase != "primary"', {}), 'unknown')
  assert.equal(decide('!(phase == "primary")', {}), 'unknown')
  assert.equal(decide('phase == "primary"', { phase: 'secondary' }), 'not-met')
})

test('what is certain decides in either order: false and unknown is false, true or unknown is true', () => {
  for (const source of ['large && phase == "primary"', 'phase == "primary" && large']) {
    assert.equal(decide(source, { large: false }), 'not-met', source)
    assert.equal(decide(source, { large: true }), 'unknown', source)
  }
  for (const source of ['large || phase == "primary"', 'phase == "primary" || large']) {
    assert.equal(decide(source, { large: true }), 'met', source)
    assert.equal(decide(source, { large: false }), 'unknown', source)
  }
})

test('known(x) asks before it reads', () => {
  assert.equal(decide('known(phase) && phase == "primary"', {}), 'not-met')
  assert.equal(decide('known(phase) && phase == "primary"', { phase: 'primary' }), 'met')
  assert.equal(decide('known(graded[0].date)', {}), 'not-met')
})

test('a declared fact that must be given and is not is a bug, no "unknown"', () => {
  assert.throws(() => evaluateCondition(compileExpression('size(graded) == 0', language), {}), /graded must be given/)
})

test('runOf counts back from the newest and stops at another grade', () => {
  assert.equal(
    decide('runOf(graded, 3) == 2', {
      graded: history([3, '2023-10-10'], [3, '2021-01-01'], [2, '2019-01-01'], [3, '2017-01-01']),
    }),
    'met',
  )
  assert.equal(decide('runOf(graded, 3) == 0', { graded: history([2, '2023-10-10'], [3, '2021-01-01']) }), 'met')
  assert.equal(decide('runOf(graded, 3) == 0', {}), 'met')
})

test('inYear holds on the first and the last day of the academic year only', () => {
  const on = (date: string) => decide('inYear(graded[0].date)', { graded: history([3, date]) })
  assert.deepEqual(['2023-08-31', '2023-09-01', '2024-08-31', '2024-09-01'].map(on), [
    'not-met',
    'met',
    'met',
    'not-met',
  ])
})

test('parameters of the pack are read by name, and words are filled', () => {
  const graded = history([3, '2023-10-10'], [3, '2021-01-01'])
  assert.equal(decide('runOf(graded, 3) >= enough', { graded }), 'met')
  assert.equal(compileWords('{runOf(graded, 3)} of {enough} in {year}', language)({ graded }), '2 of 2 in 2023-24')
})

test('faults carry their place', () => {
  assert.deepEqual(findConditionFault('size(graded) == nought', 'bool', language), {
    code: 'condition.faulty',
    message: 'Unknown variable: nought',
    at: 16,
  })
  assert.equal(findConditionFault('phase == 3', 'bool', language)?.code, 'condition.faulty')
  assert.equal(findConditionFault('graded[0].colour == 1', 'bool', language)?.code, 'condition.faulty')
  assert.equal(findConditionFault('phase', 'bool', language)?.code, 'condition.wrong-type')
  assert.equal(findConditionFault('large', 'bool', language), undefined)
})
