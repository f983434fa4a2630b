import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { readHistory } from './history.ts'
import {
  type Grade,
  type InspectionRow,
  type LinkRow,
  plainPredecessors,
  prepareRegisterView,
  type RegisterEntry,
} from './register-view.ts'

const OLD = '900049'
const NEW = '900050'
const school = (urn: string, opened?: string, closed?: string): RegisterEntry => ({
  urn,
  name: `School ${urn}`,
  ...(opened && { opened }),
  ...(closed && { closed }),
})
const row = (urn: string, date: string, overall: Grade, more: Partial<InspectionRow> = {}): InspectionRow => ({
  id: `${urn} ${date} ${overall}`,
  urn,
  date,
  kind: 'graded',
  overall,
  ...more,
})
const link = (urn: string, linkedUrn: string, type = 'Predecessor'): LinkRow => ({ urn, linkedUrn, type })
const converted = [school(OLD, '1990-09-01', '2023-12-31'), school(NEW, '2024-01-01')]

function read(
  urn: string,
  parts: { entries?: RegisterEntry[]; links?: LinkRow[]; inspections: InspectionRow[] },
  mode: 'chain' | 'own' = 'chain',
  asAt = '2024-08-31',
) {
  const view = prepareRegisterView({ entries: converted, links: [link(NEW, OLD)], ...parts })
  return readHistory(urn, view, { mode, asAt })
}
const short = (entries: ReturnType<typeof read>) =>
  entries.map((entry) => `${entry.date} ${entry.grade} ${entry.basis}`)

test('a chain adds the rows of plain predecessors, own rows alone leave them out', () => {
  const inspections = [row(OLD, '2021-06-08', 3), row(NEW, '2024-03-05', 3)]
  assert.deepEqual(short(read(NEW, { inspections })), ['2024-03-05 3 own', '2021-06-08 3 chain'])
  assert.deepEqual(short(read(NEW, { inspections }, 'own')), ['2024-03-05 3 own'])
  assert.deepEqual(short(read(OLD, { inspections })), ['2021-06-08 3 own'])
})

test('mergers, amalgamations and splits bring no history, whichever side says so', () => {
  for (const kind of ['Predecessor - merged', 'Predecessor - amalgamated', 'Predecessor - Split School'])
    assert.equal(plainPredecessors([link(NEW, OLD, kind), link(OLD, NEW, 'Successor')]).has(NEW), false, kind)
})

test('a plain successor link of the old school is enough, and counts once beside the other', () => {
  assert.deepEqual(plainPredecessors([link(OLD, NEW, 'Successor')]).get(NEW), [OLD])
  assert.deepEqual(plainPredecessors([link(OLD, NEW, 'Successor'), link(NEW, OLD)]).get(NEW), [OLD])
})

test('an administrator may cut a link and add one', () => {
  assert.deepEqual(plainPredecessors([link(NEW, OLD)], [{ urn: NEW, predecessor: OLD, change: 'cut' }]).get(NEW), [])
  assert.deepEqual(plainPredecessors([], [{ urn: NEW, predecessor: OLD, change: 'add' }]).get(NEW), [OLD])
})

test('a row older than the opening of its URN is the judgement of the school open on that day, in both histories', () => {
  const inspections = [row(NEW, '2023-10-10', 3)]
  for (const mode of ['chain', 'own'] as const)
    for (const urn of [OLD, NEW]) {
      const [entry, ...others] = read(urn, { inspections }, mode)
      assert.equal(others.length, 0)
      assert.deepEqual([entry?.filedUnder, entry?.judgedAt, entry?.basis], [NEW, OLD, 'filed-later'])
    }
})

test('on the opening day itself the row is the own one', () => {
  const entries = [school(OLD, '1990-09-01'), school(NEW, '2024-01-01')]
  assert.deepEqual(short(read(NEW, { entries, inspections: [row(NEW, '2024-01-01', 3)] })), ['2024-01-01 3 own'])
  assert.deepEqual(short(read(OLD, { entries, inspections: [row(NEW, '2024-01-01', 3)] })), [])
})

test('where the opening date is unknown the row stays where it is filed', () => {
  const entries = [school(OLD), school(NEW)]
  assert.deepEqual(short(read(NEW, { entries, inspections: [row(NEW, '2023-10-10', 3)] })), ['2023-10-10 3 own'])
  assert.deepEqual(short(read(OLD, { entries, inspections: [row(NEW, '2023-10-10', 3)] })), [])
})

test('the judged school is looked for along the chain, past one that had not opened yet', () => {
  const entries = [
    school('900001', '1990-01-01', '2015-08-31'),
    school('900002', '2015-09-01', '2020-08-31'),
    school('900003', '2020-09-01'),
  ]
  const links = [link('900003', '900002'), link('900002', '900001')]
  const parts = { entries, links, inspections: [row('900003', '2014-05-05', 4)] }
  assert.equal(read('900003', parts)[0]?.judgedAt, '900001')
  assert.deepEqual(short(read('900001', parts, 'own')), ['2014-05-05 4 filed-later'])
})

test('where two predecessors were open nobody is given the judgement of the other', () => {
  const entries = [school('900001', '1990-01-01'), school('900002', '1990-01-01'), school('900003', '2020-09-01')]
  const parts = {
    entries,
    links: [link('900003', '900002'), link('900003', '900001')],
    inspections: [row('900003', '2014-05-05', 4)],
  }
  assert.deepEqual(short(read('900001', parts)), [])
  assert.deepEqual(short(read('900003', parts)), ['2014-05-05 4 own'])
  const told = { ...parts, inspections: [row('900003', '2014-05-05', 4, { urnAtTime: '900001' })] }
  assert.deepEqual(short(read('900001', told)), ['2014-05-05 4 filed-later'])
})

test('one inspection under two URNs counts once, also when the dates differ by some days', () => {
  const inspections = [row(OLD, '2023-10-10', 3), row(NEW, '2023-10-12', 3)]
  const [entry, ...others] = read(OLD, { inspections })
  assert.equal(others.length, 0)
  assert.deepEqual([entry?.basis, entry?.alsoFiledUnder], ['own', [NEW]])
  assert.equal(read(OLD, { inspections: [row(OLD, '2023-10-10', 2), row(NEW, '2023-10-12', 3)] }).length, 2)
  assert.equal(read(OLD, { inspections: [row(OLD, '2023-10-10', 3), row(NEW, '2023-10-21', 3)] }).length, 2)
})

test('the date of publication counts where held; later rows and ungraded visits do not', () => {
  const late = row(OLD, '2024-08-20', 3, { publicationDate: '2024-09-20' })
  const visit = row(OLD, '2023-05-05', 2, { kind: 'ungraded' })
  assert.deepEqual(read(OLD, { inspections: [late, visit] }), [])
  assert.equal(read(OLD, { inspections: [late] }, 'chain', '2024-09-20')[0]?.date, '2024-09-20')
})

test('a circle of links ends', () => {
  const parts = {
    links: [link(NEW, OLD), link(OLD, NEW)],
    inspections: [row(OLD, '2021-06-08', 3), row(NEW, '2020-01-01', 2)],
  }
  assert.equal(read(NEW, parts).length, 2)
  assert.equal(read(OLD, parts).length, 2)
})

test('a history is newest first, holds nothing later than the day, and a longer chain never loses an inspection', () => {
  const dates = fc
    .integer({ min: 0, max: 3000 })
    .map((days) => Temporal.PlainDate.from('2016-01-01').add({ days }).toString())
  const rows = fc.array(
    fc.record({ urn: fc.constantFrom(OLD, NEW), date: dates, overall: fc.constantFrom<Grade>(1, 2, 3, 4) }),
    { maxLength: 8 },
  )
  fc.assert(
    fc.property(rows, dates, (drawn, asAt) => {
      const inspections = drawn.map(({ urn, date, overall }, index) => row(urn, date, overall, { id: String(index) }))
      const chain = read(NEW, { inspections }, 'chain', asAt)
      const own = read(NEW, { inspections }, 'own', asAt)
      assert.deepEqual(
        chain.map((entry) => entry.date),
        chain
          .map((entry) => entry.date)
          .sort()
          .reverse(),
      )
      assert.ok(chain.every((entry) => entry.date <= asAt))
      assert.ok(chain.length >= own.length)
    }),
    { numRuns: 200 },
  )
})
