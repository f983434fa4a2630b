import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { sql } from 'kysely'
import { readCapacity } from './capacity.ts'
import { inventLeaders, seedExerciseLeaders } from './exercise-leaders.ts'
import { openTestRoster, type TestRoster } from './test-roster.ts'

const AREAS = [
  { code: '1', region: 'North East', easting: 427_000, northing: 545_000, spread: 9000, schools: 40 },
  { code: '2', region: 'South West', easting: 288_000, northing: 92_000, spread: 30_000, schools: 160 },
]

describe('Invented leaders for an exercise', () => {
  let roster: TestRoster
  before(async () => {
    roster = await openTestRoster()
    // Two schools with numbers of the real register's range: invented leaders never gather round the invented England.
    await sql`insert into establishment (urn, name, authority_code, status, easting, northing, as_at, data_file_id)
      select urn, 'Somewhere', code, 'Open', 400000 + urn, 300000, '2023-11-01', (select min(id) from data_file)
      from (values (100001, 'LA-NE'), (100002, 'LA-SW')) as school(urn, code)`.execute(roster.database.db)
  })
  after(() => roster.close())

  it('are the same each time, without names, and plausible', () => {
    const leaders = inventLeaders(AREAS, roster.vocabulary, 300)
    assert.deepEqual(leaders, inventLeaders(AREAS, roster.vocabulary, 300))
    assert.deepEqual([leaders[0]?.reference, leaders[299]?.reference], ['Leader 001', 'Leader 300'])
    for (const leader of leaders) {
      assert.deepEqual([leader.name, leader.email, leader.expertise], ['', '', []])
      assert.match(leader.organisation.name, /^Invented organisation \d{3}$/)
      for (const halfDays of Object.values(leader.days)) assert.ok(halfDays >= 0 && halfDays <= 40)
    }
    assert.ok(leaders.filter((one) => one.region === 'South West').length > 180, 'more where more schools are')
  })

  it('are stored once, however often asked for', async () => {
    const asked = { vocabulary: roster.vocabulary, count: 12 }
    assert.deepEqual(await seedExerciseLeaders(roster.database, asked), { added: 12, total: 12 })
    assert.deepEqual(await seedExerciseLeaders(roster.database, asked), { added: 0, total: 12 })
    const [leader] = await readCapacity(roster.database.db, roster.vocabulary.terms, ['Leader 001'])
    assert.equal(leader?.exercise, true)
    const page = await roster.get('/leaders/Leader%20001')
    assert.match(page.text, /There is no such person/)
    assert.equal((await roster.get('/leaders/Leader%20001/edit')).status, 200)
  })
})
