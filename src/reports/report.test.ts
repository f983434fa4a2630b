import assert from 'node:assert/strict'
import { test } from 'node:test'
import { inWords, reportHref, sortRows, type Table } from './report.ts'

const column = (key: string, kind: 'text' | 'count') => ({ key, title: key, kind, means: 'for tests' }) as const
const table: Table = {
  id: 'one',
  title: 'One',
  counted: ['line', 'lines'],
  columns: [column('name', 'text'), column('count', 'count')],
  rows: [
    { values: { name: 'C-10', count: 2 } },
    { values: { name: 'C-9', count: null } },
    { values: { name: 'C-2', count: 10 } },
  ],
  empty: 'Nothing',
}
const names = (column: string, direction: 'asc' | 'desc') =>
  sortRows(table, column, direction).map(({ values }) => values['name'])

test('rows are sorted by number where they are numbers, by words otherwise, and those without a value come last', () => {
  assert.deepEqual(names('count', 'asc'), ['C-10', 'C-2', 'C-9'])
  assert.deepEqual(names('count', 'desc'), ['C-2', 'C-10', 'C-9'])
  assert.deepEqual(names('name', 'asc'), ['C-2', 'C-9', 'C-10'])
  assert.deepEqual(names('nothing', 'desc'), ['C-10', 'C-9', 'C-2'])
})

test('values are told as people write them', () => {
  assert.deepEqual(
    [
      inWords('pounds', 6000),
      inWords('pounds', 3300.5),
      inWords('days', 7.5),
      inWords('count', 1200),
      inWords('count', 0),
    ],
    ['£6,000', '£3,300.50', '7.5', '1,200', '0'],
  )
  assert.deepEqual(
    [inWords('date', '2024-03-25'), inWords('date', null), inWords('text', '')],
    ['25 March 2024', '', ''],
  )
})

test('an address holds the filters that are set', () => {
  assert.equal(reportHref('/reports', { region: 'North East', stage: undefined }), '/reports?region=North+East')
  assert.equal(reportHref('/reports', {}), '/reports')
})
