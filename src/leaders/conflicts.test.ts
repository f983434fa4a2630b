import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { readConflicts } from './conflict-store.ts'
import { findConflicts, type LeaderTies, prepareConflicts, type SubjectTies } from './conflicts.ts'
import { openTestRoster, type TestRoster } from './test-roster.ts'

const LEADER: LeaderTies = {
  reference: 'L-01',
  schools: [{ key: '900045', via: 'is based at 900045', source: 'Leader record' }],
  trusts: [{ key: 'T-09', via: 'leads T-09', source: 'Register' }],
  authorities: [{ key: 'LA-NE', via: 'leads T-09 in LA-NE', source: 'Register' }],
  dioceses: [],
  interests: [],
  declared: true,
  held: { trust: true, authority: true, diocese: true },
}
const SCHOOL: SubjectTies = {
  label: '900001',
  urn: '900001',
  earlierUrns: [],
  trust: null,
  authority: { key: 'LA-NE', name: 'Wearstead' },
  diocese: null,
}
const NARROW = { authority: false, diocese: false }
const WIDE = { authority: true, diocese: true }
const kinds = (leader: LeaderTies, subject: SubjectTies, switches = NARROW) =>
  findConflicts(leader, subject, switches).conflicts.map((one) => one.kind)

describe('Conflicts of a leader with a school', () => {
  it('no tie is no conflict, when every fact is held', () => {
    assert.deepEqual(findConflicts(LEADER, SCHOOL, NARROW), { conflicts: [], notHeld: [] })
  })

  it('names the path: own trust, own school, and the school that it followed', () => {
    const inTrust = { ...SCHOOL, trust: { key: 'T-09', name: 'Harbour Lamp' } }
    assert.deepEqual(findConflicts(LEADER, inTrust, NARROW).conflicts, [
      { kind: 'same-trust', path: 'L-01 leads T-09, which 900001 belongs to', source: 'Register' },
    ])
    const successor = { ...SCHOOL, earlierUrns: ['900045'] }
    assert.equal(
      findConflicts(LEADER, successor, NARROW).conflicts[0]?.path,
      'L-01 is based at 900045, which 900001 followed',
    )
  })

  it('a declared interest counts for the school, its predecessor and its trust', () => {
    const declare = (kind: 'school' | 'trust', key: string): LeaderTies => ({
      ...LEADER,
      interests: [{ kind, key, year: '2022-23', source: 'Declared 2022-09-10' }],
    })
    assert.deepEqual(kinds(declare('school', '900001'), SCHOOL), ['declared-interest'])
    assert.deepEqual(kinds(declare('school', '900000'), { ...SCHOOL, earlierUrns: ['900000'] }), ['declared-interest'])
    assert.deepEqual(kinds(declare('trust', 'T-01'), { ...SCHOOL, trust: { key: 'T-01', name: 'x' } }), [
      'declared-interest',
    ])
    assert.deepEqual(kinds(declare('trust', 'T-01'), SCHOOL), [])
  })

  it('authority and diocese count only where the programme says so', () => {
    const leader = { ...LEADER, dioceses: [{ key: 'D', via: 'leads 1 of D', source: 'Register' }] }
    const school = { ...SCHOOL, diocese: { key: 'D', name: 'D' } }
    assert.deepEqual(kinds(leader, school), [])
    assert.deepEqual(kinds(leader, school, WIDE), ['same-authority', 'same-diocese'])
  })

  it('an absent fact is not held, and never none', () => {
    const bare: SubjectTies = { ...SCHOOL, trust: undefined, authority: undefined, diocese: undefined }
    assert.deepEqual(findConflicts(LEADER, bare, NARROW).notHeld, ['trust'])
    assert.deepEqual(findConflicts(LEADER, bare, WIDE).notHeld, ['trust', 'authority', 'diocese'])
    const silent = { ...LEADER, declared: false, held: { ...LEADER.held, diocese: false } }
    assert.deepEqual(findConflicts(silent, SCHOOL, WIDE).notHeld, ['interests', 'diocese'])
  })

  it('a whole trust as subject has no URN', () => {
    const trust: SubjectTies = { ...SCHOOL, label: 'T-09', urn: null, trust: { key: 'T-09', name: 'Harbour Lamp' } }
    assert.deepEqual(
      findConflicts(LEADER, trust, NARROW).conflicts.map((one) => one.path),
      ['L-01 leads T-09'],
    )
  })

  it('many pairs answer as each pair alone', () => {
    const leaders = [LEADER, { ...LEADER, reference: 'L-02', trusts: [] }]
    const subjects = [SCHOOL, { ...SCHOOL, label: '900046', urn: '900046', trust: { key: 'T-09', name: 'x' } }]
    const answer = prepareConflicts(leaders, subjects, WIDE)
    for (const leader of leaders)
      for (const subject of subjects)
        assert.deepEqual(answer(leader.reference, subject.label), findConflicts(leader, subject, WIDE))
    assert.throws(() => answer('L-99', '900001'), RangeError)
  })
})

describe('Conflicts out of the register', () => {
  let roster: TestRoster
  before(async () => {
    roster = await openTestRoster()
  })
  after(() => roster.close())

  const ask = (year = 2023) =>
    readConflicts(roster.database.db, {
      leaders: ['L-01', 'L-02', 'L-03', 'L-22'],
      urns: [900001, 900044, 900046, 900050],
      switches: NARROW,
      year,
    })

  it('finds own trust, own school and the declared interest', async () => {
    const answer = await ask()
    const paths = (leader: string, urn: number) => answer(leader, urn).conflicts.map((one) => one.path)
    assert.deepEqual(paths('L-01', 900046), ['L-01 leads T-09, which 900046 belongs to'])
    assert.deepEqual(paths('L-02', 900044), ['L-02 leads 900044'])
    assert.deepEqual(paths('L-03', 900050), ['L-03 leads T-11, which 900050 belongs to'])
    assert.deepEqual(paths('L-22', 900001), ['L-22 declared an interest in 900001 for 2023-24'])
    assert.deepEqual(answer('L-01', 900001), { conflicts: [], notHeld: [] })
  })

  it('last year’s interest still counts, and the new year is not declared yet', async () => {
    const answer = (await ask(2024))('L-22', 900001)
    assert.deepEqual(
      answer.conflicts.map((one) => one.kind),
      ['declared-interest'],
    )
    assert.deepEqual(answer.notHeld, ['interests'])
  })
})
