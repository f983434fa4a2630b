import assert from 'node:assert/strict'
import { test } from 'node:test'
import { loadPack, type Pack } from '../programmes/index.ts'
import { compareRuns } from './compare-runs.ts'
import { type Evaluation, evaluate, evaluateTrust, type RecordedJudgement } from './evaluate.ts'
import type { HistoryEntry } from './history.ts'
import type { Grade } from './register-view.ts'
import { listThresholds, withThreshold } from './what-if.ts'

const loaded = await loadPack('packs/tsi/2023-24')
assert.ok(loaded.ok)
const pack: Pack = loaded.value

const subject = { kind: 'school', urn: '900001', name: 'Larkbeck Primary School' } as const
function entry(date: string, grade: Grade | undefined, more: Partial<HistoryEntry> = {}): HistoryEntry {
  return {
    id: date,
    date,
    inspected: date,
    kind: 'graded',
    grade,
    filedUnder: '900001',
    judgedAt: '900001',
    basis: 'own',
    alsoFiledUnder: [],
    ...more,
  }
}
/** Judgements are given oldest first, as people tell them. */
const judge = (told: HistoryEntry[], recorded: RecordedJudgement[] = [], by = pack) =>
  evaluate(by, { subject, history: [...told].reverse(), recorded })
const rowOf = (evaluation: Evaluation, id: string) => {
  const row = evaluation.rows.find((candidate) => candidate.id === id)
  assert.ok(row, id)
  return row
}
const results = (evaluation: Evaluation) => evaluation.rows.map((row) => row.result)

test('two in a row, the latest in the year: eligible, in a sentence to read', () => {
  const found = judge([entry('2021-05-12', 3), entry('2023-11-20', 3)])
  assert.deepEqual([found.outcome, found.basis], ['eligible', 'own'])
  assert.deepEqual(results(found), ['met', 'not-met', 'to-judge', 'to-judge'])
  assert.equal(
    rowOf(found, 'consecutive-ri').evidence,
    'Requires improvement on 12 May 2021 and 20 November 2023: 2 consecutive RI, the latest in 2023-24.',
  )
})

test('the failing condition is told in words', () => {
  const why = (...told: HistoryEntry[]) => rowOf(judge(told), 'consecutive-ri').evidence
  assert.equal(
    why(entry('2021-05-12', 3), entry('2023-06-30', 3)),
    'Not met: latest judgement not in 2023-24 (Requires improvement on 12 May 2021 and 30 June 2023).',
  )
  assert.match(
    why(entry('2019-03-01', 3), entry('2021-10-05', 2), entry('2023-10-10', 3)),
    /^Not met: 1 consecutive RI, 2 are needed \(Good on/,
  )
  assert.match(why(entry('2023-10-10', 2)), /latest judgement is not Requires improvement/)
  assert.equal(why(), 'Not met: no graded judgement is held.')
})

test('three in a row are named as three, with all their dates', () => {
  const found = judge([entry('2019-04-30', 3), entry('2021-11-16', 3), entry('2023-10-10', 3)])
  assert.match(
    rowOf(found, 'consecutive-ri').evidence,
    /30 April 2019, 16 November 2021 and 10 October 2023: 3 consecutive RI/,
  )
  assert.equal(rowOf(found, 'consecutive-ri').judgements.length, 3)
})

test('one Inadequate in the year is enough whatever came before or after, outside the year it is not', () => {
  const within = judge([entry('2019-06-11', 2), entry('2024-02-06', 4)])
  assert.deepEqual(results(within), ['not-met', 'met', 'to-judge', 'to-judge'])
  assert.equal(judge([entry('2023-11-01', 4), entry('2024-06-01', 3)]).outcome, 'eligible')
  const outside = judge([entry('2019-06-11', 2), entry('2023-07-14', 4)])
  assert.equal(outside.outcome, 'not-eligible')
  assert.match(
    rowOf(outside, 'inadequate').evidence,
    /Inadequate judgement not in 2023-24 \(Inadequate on 14 July 2023\)/,
  )
})

test("a person's judgement makes eligible by itself and says by whom and when", () => {
  const recorded = { row: 'director-view', by: 'regional-director', on: '2023-12-04', holds: true }
  const found = judge([entry('2022-10-04', 3)], [recorded])
  assert.deepEqual([found.outcome, found.basis], ['eligible', 'judged'])
  assert.equal(rowOf(found, 'director-view').evidence, 'Judged to hold by the Regional Director on 4 December 2023.')
  const revised = judge([], [recorded, { ...recorded, on: '2024-01-10', holds: false }])
  assert.deepEqual([revised.outcome, rowOf(revised, 'director-view').result], ['not-eligible', 'not-met'])
})

test('all met criteria are listed', () => {
  const recorded = { row: 'director-view', by: 'regional-director', on: '2023-12-04', holds: true }
  assert.deepEqual(results(judge([entry('2021-09-21', 3), entry('2023-10-17', 3)], [recorded])), [
    'met',
    'not-met',
    'met',
    'to-judge',
  ])
})

test('a later inspection of unknown kind leaves open what it could change, and only that', () => {
  const unknown = entry('2024-06-01', undefined, { kind: 'newer_unspecified' })
  const open = judge([entry('2021-05-12', 3), entry('2023-11-20', 3), unknown])
  assert.deepEqual(results(open).slice(0, 2), ['unknown', 'unknown'])
  assert.equal(open.outcome, 'not-categorised')
  assert.match(rowOf(open, 'consecutive-ri').evidence, /Inspection of unknown kind on 1 June 2024/)
  const certain = judge([entry('2021-05-12', 2), entry('2022-11-20', 2), unknown])
  assert.deepEqual(results(certain).slice(0, 2), ['not-met', 'unknown'])
})

test('a later judgement without overall grade outside the year decides: the latest is not in the year', () => {
  const later = entry('2025-03-01', undefined, { kind: 'graded_no_overall' })
  const found = judge([entry('2021-05-12', 3), entry('2023-11-20', 3), later])
  assert.deepEqual(results(found).slice(0, 2), ['not-met', 'not-met'])
  assert.match(rowOf(found, 'consecutive-ri').evidence, /latest judgement not in 2023-24/)
})

test('an uncertain judgement that is older than the row changes nothing but its length', () => {
  const found = judge([
    entry('2018-03-01', undefined, { kind: 'graded_no_overall' }),
    entry('2021-05-12', 3),
    entry('2023-11-20', 3),
  ])
  assert.equal(rowOf(found, 'consecutive-ri').result, 'met')
  assert.match(
    rowOf(found, 'consecutive-ri').evidence,
    /^Requires improvement on 12 May 2021 and 20 November 2023: 2 consecutive RI/,
  )
})

test('the basis is the nearest evidence that is enough, and other URNs are named', () => {
  const old = { basis: 'chain', filedUnder: '900049', judgedAt: '900049' } as const
  const chain = judge([entry('2021-06-08', 3, old), entry('2023-10-10', 3)])
  assert.equal(chain.basis, 'chain')
  assert.match(rowOf(chain, 'consecutive-ri').evidence, /8 June 2021 \(URN 900049\)/)
  assert.equal(judge([entry('2019-06-08', 3, old), entry('2021-06-08', 3), entry('2023-10-10', 3)]).basis, 'own')
  const later = judge([entry('2024-02-06', 4, { basis: 'filed-later', filedUnder: '900050', judgedAt: '900049' })])
  assert.equal(later.basis, 'filed-later')
  assert.match(rowOf(later, 'inadequate').evidence, /URN 900049, filed under URN 900050/)
})

test('a trust qualifies through a school of its own, which is named; the other rows are for people', () => {
  const trust = { subject: { kind: 'trust', urn: 'T-01', name: 'Kestrel Bridge Trust' } } as const
  const good = judge([entry('2022-06-14', 2)])
  const member = {
    ...judge([entry('2022-03-08', 3), entry('2023-10-03', 3)]),
    urn: '900002',
    name: 'Kestrel Bridge Primary Academy',
  }
  const found = evaluateTrust(pack, trust, [good, member])
  assert.deepEqual([found.outcome, found.basis, found.through], ['eligible', 'member-school', ['900002']])
  assert.match(rowOf(found, 'consecutive-ri').evidence, /^Kestrel Bridge Primary Academy \(URN 900002\): /)
  const none = evaluateTrust(pack, trust, [good])
  assert.deepEqual([none.outcome, none.through], ['not-eligible', []])
  assert.deepEqual(results(none), ['not-met', 'not-met', 'to-judge', 'to-judge'])
  const recorded = [{ row: 'director-view', by: 'regional-director', on: '2023-12-04', holds: true }]
  assert.equal(evaluateTrust(pack, { ...trust, recorded }, [good]).outcome, 'eligible')
})

test('what if: another threshold is another pack, and what does not fit is refused by name', () => {
  const two = [entry('2021-05-12', 3), entry('2023-11-20', 3)]
  const three = withThreshold(pack, { parameter: 'consecutive', value: 3 })
  const earlier = withThreshold(pack, { parameter: 'year.to', value: '2023-10-31' })
  assert.ok(three.ok && earlier.ok)
  assert.equal(judge(two, [], three.value).outcome, 'not-eligible')
  assert.equal(judge(two, [], earlier.value).outcome, 'not-eligible')
  assert.equal(judge(two).outcome, 'eligible')
  assert.deepEqual(listThresholds(pack), ['consecutive', 'year.from', 'year.to'])
  const wrong = [
    { parameter: 'consecutive', value: 0 },
    { parameter: 'consecutive', value: 1.5 },
    { parameter: 'consecutive', value: 'two' },
    { parameter: 'consecutve', value: 3 },
    { parameter: 'year.to', value: '2024-02-30' },
    { parameter: 'year.to', value: '2023-01-01' },
  ]
  for (const change of wrong) assert.equal(withThreshold(pack, change).ok, false, JSON.stringify(change))
})

test('two runs: who entered and who left, and by what', () => {
  const one = [entry('2021-05-12', 3)]
  const two = [entry('2023-11-20', 3), ...one]
  const run = (by: Pack, on: string, histories: Record<string, HistoryEntry[]>) => ({
    pack: by,
    on,
    judged: new Map(
      Object.entries(histories).map(([urn, history]) => {
        const facts = { subject: { ...subject, urn }, history }
        return [urn, { facts, evaluation: evaluate(by, facts) }]
      }),
    ),
  })
  const before = run(pack, '2023-10-01', { '900001': one, '900002': two, '900003': two })
  const changed = compareRuns(before, run(pack, '2023-12-01', { '900001': two, '900002': two, '900004': two }))
  assert.equal(changed.stayed, 1)
  assert.deepEqual(
    changed.entered.map((move) => [move.urn, move.causes.map((cause) => cause.kind)]),
    [
      ['900001', ['new-inspection']],
      ['900004', ['opened']],
    ],
  )
  assert.deepEqual(
    changed.left.map((move) => [move.urn, move.causes.map((cause) => cause.kind)]),
    [['900003', ['closed']]],
  )

  const stricter = withThreshold(pack, { parameter: 'consecutive', value: 3 })
  assert.ok(stricter.ok)
  const tightened = compareRuns(
    before,
    run(stricter.value, '2023-10-01', { '900001': two, '900002': two, '900003': two }),
  )
  assert.deepEqual(
    tightened.left.map((move) => move.urn),
    ['900002', '900003'],
  )
  assert.deepEqual(tightened.left[0]?.causes, [{ kind: 'threshold', parameter: 'consecutive', from: 2, to: 3 }])
})
