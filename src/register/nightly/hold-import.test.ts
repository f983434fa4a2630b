import assert from 'node:assert/strict'
import { test } from 'node:test'
import { decideHold, type ImportTrial } from './hold-import.ts'

const LAST = { title: 'edubasealldata20240114.csv', asAt: '2024-01-14', rows: 1000, knownColumns: ['URN', 'Open Date'] }
const TRIAL: ImportTrial = { rows: 1000, header: ['URN', 'open  date'], open: 1000, closing: 0, last: LAST }

const codes = (trial: Partial<ImportTrial>) => decideHold({ ...TRIAL, ...trial }).map(({ code }) => code)

test('waits when more than one open school of a hundred would close, not at exactly one', () => {
  assert.deepEqual(codes({ closing: 10 }), [])
  assert.deepEqual(codes({ closing: 11 }), ['hold.closures'])
  assert.deepEqual(codes({ open: 0, closing: 0 }), [])
})

test('waits when rows fall by 5 in 100, not by less; a file that grows goes in', () => {
  assert.deepEqual(codes({ rows: 951 }), [])
  assert.deepEqual(codes({ rows: 950 }), ['hold.rows'])
  assert.deepEqual(codes({ rows: 5000 }), [])
})

test('waits when a known column is gone; other capitals and blanks are the same column', () => {
  assert.deepEqual(codes({ header: ['URN'] }), ['hold.columns'])
  assert.deepEqual(codes({ header: ['urn', 'OPEN DATE', 'Something new'] }), [])
})

test('a first file of its kind is only measured by what it would close; all reasons are told at once', () => {
  assert.deepEqual(codes({ last: undefined, rows: 1, header: [] }), [])
  const reasons = decideHold({ ...TRIAL, rows: 900, header: [], closing: 100 })
  assert.deepEqual(
    reasons.map(({ message }) => message),
    [
      '100 schools of 1,000 open would close: more than 1 in 100',
      'The columns URN, Open Date were in the file of 14 January 2024 and are missing now',
      '900 rows, and 1,000 in the file of 14 January 2024: fewer by 5 in 100 or more',
    ],
  )
})
