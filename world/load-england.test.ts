import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { sql } from 'kysely'
import type { LeaderVocabulary } from '../src/leaders/index.ts'
import { stampDatabase } from '../src/platform/stamp.ts'
import { type TestDatabase, testDatabase } from '../src/platform/test-database.ts'
import { ENGLAND_FILE, loadWorld } from './load-england.ts'

const word = (title: string) => ({ id: title.toLowerCase(), title })
const VOCABULARY: LeaderVocabulary = {
  leaderTypes: [word('MAT CEO'), word('NLE')],
  focusAreas: [
    'Teaching & Learning',
    'Governance / Trust',
    'Behaviour',
    'Absence / Attendance',
    'Curriculum and teacher development',
    'Leadership & Management',
    'Financial management',
    'Pupil premium',
    'Teacher workload / recruitment & retention',
    'Structure & Culture',
  ].map(word),
  terms: [{ id: 'y-spring', title: 'Spring term 2024', from: '2024-01-08', to: '2024-03-28' }],
}
const WORDS = { vocabulary: VOCABULARY, programmes: ['tsi'] }

let database: TestDatabase
before(async () => {
  database = await testDatabase()
})
after(() => database.close())

/** Every row of every table that the world fills, without the moments of writing. */
async function contents(): Promise<unknown> {
  const { rows } = await sql`
    select (select jsonb_agg(to_jsonb(e) - 'data_file_id' order by urn) from establishment e) as schools,
      (select jsonb_agg(to_jsonb(v) - 'data_file_id' - 'row_hash' order by establishment_id, as_at) from establishment_version v) as versions,
      (select jsonb_agg(to_jsonb(i) - 'data_file_id' - 'id' order by establishment_id, inspected_on) from inspection i) as inspections,
      (select jsonb_agg(to_jsonb(m) - 'data_file_id' order by establishment_id) from group_membership m) as memberships,
      (select jsonb_agg(to_jsonb(l) order by reference) from leader l) as leaders,
      (select jsonb_agg(to_jsonb(t) order by leader_id) from leader_term t) as terms,
      (select jsonb_agg(to_jsonb(i) order by id) from leader_interest i) as interests,
      (select jsonb_agg(to_jsonb(p) order by id) from person p) as people,
      (select jsonb_agg(to_jsonb(g) order by id) from role_grant g) as grants,
      (select jsonb_agg(to_jsonb(o) order by id) from organisation o) as organisations,
      (select jsonb_agg(to_jsonb(m) order by organisation_id, person_id) from organisation_member m) as members,
      (select count(*) from data_file) as files`.execute(database.db)
  return rows[0]
}

describe('The invented England', () => {
  it('is loaded whole, and loading it again changes nothing', async () => {
    const first = await loadWorld(database, WORDS)
    assert.ok(first.ok)
    const { authorities, trusts, schools, inspections, leadersAdded } = first.value
    assert.deepEqual(
      { authorities, trusts, schools, inspections, leadersAdded },
      {
        authorities: 12,
        trusts: 13,
        schools: 110,
        inspections: 138,
        leadersAdded: 8,
      },
    )
    assert.ok(first.value.leadersSkipped.some((one) => one.reference === 'L-31' && /programme "lle"/.test(one.reason)))
    const before = await contents()
    const second = await loadWorld(database, WORDS)
    assert.deepEqual(second.ok && [second.value.leadersAdded, second.value.leadersKept], [0, 8])
    assert.deepEqual(await contents(), before)
  })

  it('holds predecessors, trusts, concerns and grades as the register would', async () => {
    const { rows } = await sql<Record<string, unknown>>`
      select e.urn, e.trust_uid, e.latest_grade, e.latest_grade_urn, e.status, e.region, e.diocese
      from establishment e where e.urn in (900049, 900050, 900208, 900009) order by urn`.execute(database.db)
    assert.deepEqual(
      rows.map((row) => [row.urn, row.trust_uid, row.latest_grade, row.latest_grade_urn, row.status]),
      [
        [900009, null, 3, 900009, 'Open'],
        [900049, null, 3, 900049, 'Closed'],
        [900050, 'T-11', 3, 900049, 'Open'],
        [900208, null, 4, 900208, 'Open'],
      ],
    )
    assert.deepEqual([rows[0]?.region, rows[0]?.diocese], ['North East', 'Diocese of Stanholm'])
  })

  it('names the parts of a larger file that nothing holds yet, and what is wrong with another', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'world-'))
    const file = join(folder, 'larger.yaml')
    writeFileSync(file, `parts: [${ENGLAND_FILE}]\ncases: [{id: c-1}]\n`)
    const report = await loadWorld(database, { ...WORDS, file })
    assert.ok(report.ok && report.value.notRead.includes('cases (1)'))
    assert.ok(report.ok && report.value.notRead.includes('calendar (7)'))
    writeFileSync(file, 'schools: [{urn: 1}]')
    const wrong = await loadWorld(database, { ...WORDS, file })
    assert.ok(!wrong.ok && wrong.refusals.some((one) => one.message.startsWith('schools.0.urn')))
    rmSync(folder, { recursive: true })
  })

  it('is kept out of live data', async () => {
    const live = await testDatabase()
    try {
      await stampDatabase(live.db, 'live')
      const refused = await loadWorld(live, WORDS)
      assert.ok(!refused.ok && refused.refusals[0]?.code === 'world.live')
    } finally {
      await live.close()
    }
  })
})
