import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, beforeEach, test } from 'node:test'
import { testDatabase } from '../platform/test-database.ts'
import { importFile } from './import-file.ts'
import type { ImportKind } from './import-kinds.ts'
import { formatImportReport } from './import-report.ts'

const database = await testDatabase()
const folder = await mkdtemp(join(tmpdir(), 'import-others-'))
after(async () => {
  await database.close()
  await rm(folder, { recursive: true })
})

const SCHOOLS = `URN,LA (code),LA (name),EstablishmentName,TypeOfEstablishment (name),EstablishmentStatus (name),PhaseOfEducation (name),GOR (name)
900001,901,Alder,Alder School,Community school,Closed,Primary,North East
900002,901,Alder,Alder Academy,Academy converter,Open,Primary,North East
900003,901,Alder,Beech Academy,Academy converter,Open,Secondary,North East`

beforeEach(async () => {
  await database.pool.query(
    'truncate establishment, establishment_group, data_file, authority restart identity cascade',
  )
  await taken('schools', SCHOOLS, '2024-01-01')
})

let count = 0
async function taken(kind: ImportKind, text: string, asAt: string, more: { strict?: boolean } = {}) {
  const path = join(folder, `${kind}${count++}.csv`)
  await writeFile(path, text)
  const decision = await importFile(database, { kind, file: path, asAt, strict: more.strict ?? false })
  assert.ok(decision.ok, JSON.stringify(decision))
  return decision.value
}

async function rows(query: string): Promise<Record<string, unknown>[]> {
  return (await database.pool.query(query)).rows
}

const GROUPS = `Group UID,Group ID,Group Name,Companies House Number,Group Type,Closed Date,Open date,Incorporated on (open date),Group Status,UKPRN,Head of Group Last Name
9001,TR01,Alder Trust,01,Multi-academy trust,,,15/08/2011,Open,,Secretlast
9002,,Alder Federation,,Federation,31/10/2025,01/09/2016,,Closed,,`

const GROUP_LINKS = `Group UID,Group Name,Group Type,Joined date,URN
9001,Alder Trust,Multi-academy trust,2015-05-01,900002
9002,Alder Federation,Federation,2016-05-01,900002
9003,Cedar Trust,Single-academy trust,01/02/2020,900002
9001,Alder Trust,Multi-academy trust,2015-05-01,900009`

test('groups and the links to them are told apart by their columns; the trust joined last is the current one', async () => {
  const groups = await taken('groups', GROUPS, '2026-01-01')
  assert.equal(groups.kind, 'groups')
  assert.deepEqual(groups.personColumns, ['Head of Group Last Name'])
  assert.deepEqual(await rows('select uid, opened, closed, status from establishment_group order by uid'), [
    { uid: '9001', opened: '2011-08-15', closed: null, status: 'Open' },
    { uid: '9002', opened: '2016-09-01', closed: '2025-10-31', status: 'Closed' },
  ])

  const links = await taken('groups', GROUP_LINKS, '2026-01-01')
  assert.equal(links.kind, 'group-links')
  assert.deepEqual(links.totals, { read: 4, added: 3, changed: 0, unchanged: 0, rejected: 1 })
  assert.equal(links.faults[0]?.message, 'row 4: URN 900009 is not in the register; import the schools first')
  assert.deepEqual(await rows('select urn, trust_uid from establishment order by urn'), [
    { urn: 900001, trust_uid: null },
    { urn: 900002, trust_uid: '9003' },
    { urn: 900003, trust_uid: null },
  ])
  assert.deepEqual(await rows(`select name, status from establishment_group where uid = '9003'`), [
    { name: 'Cedar Trust', status: 'Not recorded' },
  ])
  assert.equal((await taken('groups', GROUP_LINKS, '2026-01-01')).totals.unchanged, 3)
})

test('a newer group file changes and keeps the old value; an older one only fills blanks', async () => {
  await taken('groups', GROUPS, '2026-01-01')
  const newer = await taken('groups', GROUPS.replace('Alder Trust', 'Alder Learning Trust'), '2026-02-01')
  assert.deepEqual(newer.totals, { read: 2, added: 0, changed: 1, unchanged: 1, rejected: 0 })
  assert.deepEqual(await rows(`select old_values, new_values from register_change where record = 'group'`), [
    { old_values: { name: 'Alder Trust' }, new_values: { name: 'Alder Learning Trust' } },
  ])
  const older = GROUPS.replace('Alder Trust,01', 'Old Trust,02').replace('Open,,', 'Open,10059272,')
  await taken('groups', older, '2020-01-01')
  assert.deepEqual(
    await rows(`select name, companies_house_number, ukprn from establishment_group where uid = '9001'`),
    [{ name: 'Alder Learning Trust', companies_house_number: '01', ukprn: '10059272' }],
  )
})

const LINKS = `URN,LinkURN,LinkName,LinkType,LinkEstablishedDate
900002,900001,Alder School,Predecessor,01-09-2020
900003,900001,Alder School,Predecessor - merged,
900002,900001,Alder School,Predecessor,01-09-2020`

test('a plain predecessor hands on its grade, a merged one does not', async () => {
  const links = await taken('links', LINKS, '2025-04-22')
  assert.deepEqual(links.totals, { read: 3, added: 2, changed: 0, unchanged: 0, rejected: 1 })
  const history = 'URN,InspectionDate,Kind,OverallEffectiveness\n900001,2018-03-05,graded,3\n900001,2012-03-05,graded,2'
  await taken('inspections', history, '2026-01-01')
  assert.deepEqual(
    await rows('select urn, latest_grade, latest_grade_on, latest_grade_urn from establishment order by urn'),
    [
      { urn: 900001, latest_grade: 3, latest_grade_on: '2018-03-05', latest_grade_urn: 900001 },
      { urn: 900002, latest_grade: 3, latest_grade_on: '2018-03-05', latest_grade_urn: 900001 },
      { urn: 900003, latest_grade: null, latest_grade_on: null, latest_grade_urn: null },
    ],
  )
})

const HISTORY = `URN,InspectionDate,Kind,OverallEffectiveness,LeadershipAndManagement,RC_Inclusion,RC_Safeguarding,UngradedOutcome,PublicationDate,URNAtTime
900002,2021-03-05,graded,2,1,,,,2021-04-05,900001
900002,2024-11-05,graded_no_overall,,2,,,,,
900002,2026-01-13,report_card,,,Strong standard,Met,,,
900002,2023-02-01,ungraded,,,,,School remains Good,,
900002,2026-03-01,newer_unspecified,,,,,,,
900002,2022-03-05,graded,,,,,,,
900002,2022-03-06,visit,,,,,,,`

test('all five kinds of inspection are held; a graded one without grade and an unknown kind are faults', async () => {
  const report = await taken('inspections', HISTORY, '2026-05-31')
  assert.deepEqual(
    report.faults.map((fault) => fault.message),
    [
      'row 6: OverallEffectiveness must be a grade from 1 to 4 when the kind is graded',
      'row 7: Kind must be one of graded, graded_no_overall, report_card, ungraded, newer_unspecified',
    ],
  )
  assert.deepEqual(
    await rows(
      'select kind, overall, leadership, report_card, safeguarding, ungraded_outcome, urn_at_time from inspection order by kind',
    ),
    [
      { kind: 'graded', overall: 2, leadership: 1, urn_at_time: 900001 },
      { kind: 'graded_no_overall', leadership: 2 },
      { kind: 'newer_unspecified' },
      { kind: 'report_card', report_card: { Inclusion: 'Strong standard' }, safeguarding: 'Met' },
      { kind: 'ungraded', ungraded_outcome: 'School remains Good' },
    ].map((held) => ({
      overall: null,
      leadership: null,
      report_card: null,
      safeguarding: null,
      ungraded_outcome: null,
      urn_at_time: null,
      ...held,
    })),
  )
  assert.equal((await taken('inspections', HISTORY, '2026-05-31')).totals.unchanged, 5)
})

// The official columns that carry a fact; the other 40 or so are about the school and are not used.
const MI_COLUMNS = [
  'URN',
  'School name',
  'Inspection start date',
  'Publication date',
  'URN at time of latest full inspection',
  'Safeguarding standards',
  'Inclusion',
  'Inspection start date of latest OEIF graded inspection',
  'Publication date of latest OEIF graded inspection',
  'URN at time of latest OEIF graded inspection',
  'Latest OEIF overall effectiveness',
  'Latest OEIF quality of education',
  'Latest OEIF  safeguarding is effective?',
  'Latest OEIF early years provision (where applicable)',
  'Date of latest ungraded inspection',
  'Ungraded inspection overall outcome',
]
const MI = `${MI_COLUMNS.join(',')}
900002,Alder,06/01/2026,10/02/2026,900002,Met,Needs attention,13/01/2022,24/03/2022,900001,2,3,Yes,9,14/06/2023,School remains Good
900003,Beech,NULL,NULL,NULL,NULL,NULL,17/12/2024,28/01/2025,900003,Not judged,2,Yes,1,NULL,NULL
900001,Old,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL`

test('one row of the management information gives up to three inspections', async () => {
  const report = await taken('inspections', MI, '2026-02-28')
  assert.deepEqual(report.totals, { read: 3, added: 4, changed: 0, unchanged: 0, rejected: 0 })
  assert.deepEqual(report.ignoredColumns, ['School name'])
  assert.deepEqual(
    await rows(
      `select e.urn, i.kind, inspected_on, published_on, overall, quality_of_education, early_years, safeguarding, urn_at_time
       from inspection i join establishment e on e.id = i.establishment_id order by urn, inspected_on`,
    ),
    [
      [900002, 'graded', '2022-01-13', '2022-03-24', 2, 3, null, 'Yes', 900001],
      [900002, 'ungraded', '2023-06-14', null, null, null, null, null, null],
      [900002, 'report_card', '2026-01-06', '2026-02-10', null, null, null, 'Met', 900002],
      [900003, 'graded_no_overall', '2024-12-17', '2025-01-28', null, 2, 1, 'Yes', 900003],
    ].map(
      ([
        urn,
        kind,
        inspected_on,
        published_on,
        overall,
        quality_of_education,
        early_years,
        safeguarding,
        urn_at_time,
      ]) => ({
        urn,
        kind,
        inspected_on,
        published_on,
        overall,
        quality_of_education,
        early_years,
        safeguarding,
        urn_at_time,
      }),
    ),
  )
})

test('an inspection known by a near day or by its date only is the same one, told better', async () => {
  const held = `URN,InspectionDate,Kind,OverallEffectiveness
900002,2026-01-08,newer_unspecified,
900002,2022-01-15,graded,2`
  await taken('inspections', held, '2026-01-31')
  const report = await taken('inspections', MI, '2026-02-28')
  assert.equal(report.totals.added, 2)
  assert.deepEqual(
    await rows('select kind, inspected_on from inspection where establishment_id = 2 order by inspected_on'),
    [
      { kind: 'graded', inspected_on: '2022-01-13' },
      { kind: 'ungraded', inspected_on: '2023-06-14' },
      { kind: 'report_card', inspected_on: '2026-01-06' },
    ],
  )
  await taken('inspections', held, '2026-01-31')
  assert.equal((await rows('select from inspection where establishment_id = 2')).length, 3)
})

test('the report says totals, faults with their line, and what was left out', async () => {
  const report = await taken('groups', `${GROUPS}\n,,No UID,,Trust,,,,Open,,`, '2026-01-01')
  assert.equal(
    formatImportReport({ ...report, file: 'groups.csv' }),
    `groups.csv: groups as at 1 January 2026
  read 3, added 2, changed 0, unchanged 0, rejected 1
  row 3: Group UID must not be empty (line 4 of the file)
  columns with names of persons, not kept: Head of Group Last Name
`,
  )
})
