import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, beforeEach, test } from 'node:test'
import { gzipSync } from 'node:zlib'
import { testDatabase } from '../platform/test-database.ts'
import { importFile } from './import-file.ts'

const database = await testDatabase()
const folder = await mkdtemp(join(tmpdir(), 'import-schools-'))
after(async () => {
  await database.close()
  await rm(folder, { recursive: true })
})
beforeEach(() => database.pool.query('truncate establishment, data_file, authority restart identity cascade'))

const COLUMNS =
  'URN,LA (code),LA (name),EstablishmentNumber,EstablishmentName,TypeOfEstablishment (name),EstablishmentStatus (name),PhaseOfEducation (name),GOR (name),Diocese (name),OpenDate,TelephoneNum,HeadPreferredJobTitle,Trusts (code),Trusts (name)'

function school(urn: string, name: string, { status = 'Open', opened = '01-09-1999' } = {}): string {
  return `${urn},901,Alder,2001,${name},Community school,${status},Primary,North East,Diocese of Alder,${opened},01632960001,Headteacher,9001,Alder Trust`
}

async function file(name: string, ...lines: string[]): Promise<string> {
  const path = join(folder, name)
  const text = `${lines.join('\n')}\n`
  await writeFile(path, name.endsWith('.gz') ? gzipSync(text) : text)
  return path
}

function take(path: string, { strict = false, asAt = '2026-01-01' } = {}) {
  return importFile(database, { kind: 'schools', file: path, strict, asAt })
}

async function taken(path: string, options: { asAt?: string } = {}) {
  const decision = await take(path, options)
  assert.ok(decision.ok, JSON.stringify(decision))
  return decision.value
}

async function rows(query: string): Promise<Record<string, unknown>[]> {
  return (await database.pool.query(query)).rows
}

test('TSI-017 a malformed or repeated URN is named with row and field; the rest loads, or nothing does', async () => {
  const three = await file(
    'three.csv',
    COLUMNS,
    school('900001', 'Alder'),
    school('90001', 'Beech'),
    school('900003', 'Cedar'),
  )

  const strict = await take(three, { strict: true })
  assert.deepEqual(strict, {
    ok: false,
    refusals: [{ code: 'row.bad', message: 'row 2: URN must have 6 digits', field: 'URN' }],
  })
  assert.deepEqual(await rows('select from establishment union all select from data_file'), [])

  const lenient = await taken(three)
  assert.deepEqual(lenient.totals, { read: 3, added: 2, changed: 0, unchanged: 0, rejected: 1 })
  assert.deepEqual(lenient.faults, [{ row: 2, line: 3, field: 'URN', message: 'row 2: URN must have 6 digits' }])
  assert.deepEqual(await rows('select message, field from data_file_fault'), [
    { message: 'row 2: URN must have 6 digits', field: 'URN' },
  ])
  assert.deepEqual(
    await rows(
      'select urn, name, phase, type, region, authority_code, diocese, trust_name, telephone, head_title from establishment order by urn',
    ),
    [
      [900001, 'Alder'],
      [900003, 'Cedar'],
    ].map(([urn, name]) => ({
      urn,
      name,
      phase: 'Primary',
      type: 'Community school',
      region: 'North East',
      authority_code: '901',
      diocese: 'Diocese of Alder',
      trust_name: 'Alder Trust',
      telephone: '01632960001',
      head_title: 'Headteacher',
    })),
  )

  const twice = await taken(await file('twice.csv', COLUMNS, school('900005', 'Elm'), school('900005', 'Elm again')))
  assert.deepEqual(
    twice.faults.map((fault) => fault.message),
    ['row 2: URN 900005 is already in row 1 of this file'],
  )
  assert.deepEqual(await rows('select name from establishment where urn = 900005'), [{ name: 'Elm' }])
  const inspections = await file(
    'graded.csv',
    'URN,InspectionDate,Kind,OverallEffectiveness',
    '900001,2024-03-05,graded,2',
  )
  assert.ok((await importFile(database, { kind: 'inspections', file: inspections, strict: true })).ok)
  assert.deepEqual(await rows('select inspected_on, overall from inspection'), [
    { inspected_on: '2024-03-05', overall: 2 },
  ])
})

test('a missing required column is named and nothing is stored', async () => {
  const path = await file('missing.csv', 'URN,LA (code),EstablishmentName', '900001,901,Alder')
  const decision = await take(path)
  assert.ok(!decision.ok)
  assert.deepEqual(
    decision.refusals.map(({ code, field }) => [code, field]),
    ['TypeOfEstablishment (name)', 'EstablishmentStatus (name)', 'PhaseOfEducation (name)'].map((column) => [
      'columns.missing',
      column,
    ]),
  )
  assert.deepEqual(await rows('select from data_file'), [])
})

test('a file that is cut off is refused whole', async () => {
  const cut = await file('cut.csv', COLUMNS, school('900001', 'Alder'), '900002,901,Al')
  const decision = await take(cut)
  assert.ok(!decision.ok && decision.refusals[0]?.code === 'file.truncated')
  assert.deepEqual(await rows('select from establishment union all select from data_file'), [])
})

test('a row with too many or too few columns is a fault and the others are kept', async () => {
  const path = await file(
    'width.csv',
    COLUMNS,
    `${school('900001', 'Alder')},x`,
    '900002,901',
    school('900003', 'Cedar'),
  )
  const { totals, faults } = await taken(path)
  assert.equal(totals.added, 1)
  assert.deepEqual(
    faults.map((fault) => fault.message),
    ['row 1: has 16 columns and not 15', 'row 2: has 2 columns and not 15'],
  )
})

test('columns with names of persons are said, and kept nowhere', async () => {
  const path = await file(
    'persons.csv',
    `${COLUMNS},HeadTitle (name),HeadFirstName,HeadLastName,UPRN`,
    `${school('900001', 'Alder')},Dr,Secretfirst,Secretlast,1`,
  )
  const report = await taken(path)
  assert.deepEqual(report.personColumns, ['HeadTitle (name)', 'HeadFirstName', 'HeadLastName'])
  assert.deepEqual(report.ignoredColumns, ['UPRN'])
  const stored = await rows(
    'select to_jsonb(e)::text as t from establishment e union all select to_jsonb(v)::text from establishment_version v union all select to_jsonb(f)::text from data_file f',
  )
  assert.doesNotMatch(JSON.stringify(stored), /Secret|HeadLastName/)
})

test('the same file again changes nothing, also packed and with a later date', async () => {
  const lines = [COLUMNS, school('900001', 'Alder'), school('900002', 'Beech')]
  await taken(await file('a.csv', ...lines))
  const before = await rows('select * from establishment order by id')
  const again = await taken(await file('a.csv.gz', ...lines))
  assert.deepEqual(again.totals, { read: 2, added: 0, changed: 0, unchanged: 2, rejected: 0 })
  assert.deepEqual(await rows('select * from establishment order by id'), before)

  const later = await taken(await file('b.csv', ...lines), { asAt: '2026-05-01' })
  assert.equal(later.totals.unchanged, 2)
  assert.deepEqual(await rows('select as_at, last_seen from establishment_version'), [
    { as_at: '2026-01-01', last_seen: '2026-05-01' },
    { as_at: '2026-01-01', last_seen: '2026-05-01' },
  ])
  assert.deepEqual(await rows('select from register_change'), [])
})

test('a newer file changes the row, keeps the old value with its file, and removes nothing', async () => {
  await taken(await file('a.csv', COLUMNS, school('900001', 'Alder'), school('900002', 'Beech')))
  const report = await taken(await file('b.csv', COLUMNS, school('900001', 'Alder Academy')), { asAt: '2026-05-01' })
  assert.deepEqual(report.totals, { read: 1, added: 0, changed: 1, unchanged: 0, rejected: 0 })
  assert.deepEqual(await rows('select urn, name, as_at from establishment order by urn'), [
    { urn: 900001, name: 'Alder Academy', as_at: '2026-05-01' },
    { urn: 900002, name: 'Beech', as_at: '2026-01-01' },
  ])
  assert.deepEqual(await rows('select record_key, old_values, new_values, data_file_id from register_change'), [
    {
      record_key: '900001',
      old_values: { name: 'Alder' },
      new_values: { name: 'Alder Academy' },
      data_file_id: report.dataFileId,
    },
  ])
  assert.deepEqual(
    await rows('select as_at, name from establishment_version where establishment_id = 1 order by as_at'),
    [
      { as_at: '2026-01-01', name: 'Alder' },
      { as_at: '2026-05-01', name: 'Alder Academy' },
    ],
  )
})

const OLD_COLUMNS =
  'URN,LA (code),EstablishmentName,TypeOfEstablishment (name),EstablishmentStatus (name),PhaseOfEducation (name),CloseDate,NumberOfPupils'
const OLD = [
  OLD_COLUMNS,
  '900001,901,Alder Infants,Community school,"Open, but proposed to close",Primary,31-08-2024,120',
]

test('the current row is the same whichever file comes first: newest fact wins, older files fill what it lacks', async () => {
  const facts = 'select name, status, closed, pupils, pupils_as_at, opened, region, as_at from establishment'
  const expected = {
    name: 'Alder',
    status: 'Open',
    // The newer file has no closing dates but shows the school open after the one that was planned.
    closed: null,
    pupils: 120,
    pupils_as_at: '2023-11',
    opened: '1999-09-01',
    region: 'North East',
    as_at: '2026-01-01',
  }
  const newer = await file('new.csv', COLUMNS, school('900001', 'Alder'))
  const older = await file('old.csv', ...OLD)
  await taken(older, { asAt: '2023-11-16' })
  await taken(newer)
  assert.deepEqual(await rows(facts), [expected])

  await database.pool.query('truncate establishment, data_file, authority restart identity cascade')
  await taken(newer)
  const report = await taken(older, { asAt: '2023-11-16' })
  assert.equal(report.totals.changed, 1)
  assert.deepEqual(await rows(facts), [expected])
  assert.deepEqual(await rows('select as_at, name from establishment_version order by as_at'), [
    { as_at: '2023-11-16', name: 'Alder Infants' },
    { as_at: '2026-01-01', name: 'Alder' },
  ])
})

test('a file between two sightings of one state parts it into before and after', async () => {
  const same = [COLUMNS, school('900001', 'Alder')]
  await taken(await file('a.csv', ...same), { asAt: '2024-01-01' })
  await taken(await file('c.csv', ...same), { asAt: '2026-01-01' })
  await taken(await file('b.csv', COLUMNS, school('900001', 'Alder for a year')), { asAt: '2025-01-01' })
  assert.deepEqual(await rows('select as_at, last_seen, name from establishment_version order by as_at'), [
    { as_at: '2024-01-01', last_seen: '2024-01-01', name: 'Alder' },
    { as_at: '2025-01-01', last_seen: '2025-01-01', name: 'Alder for a year' },
    { as_at: '2026-01-01', last_seen: '2026-01-01', name: 'Alder' },
  ])
  assert.deepEqual(await rows('select name from establishment'), [{ name: 'Alder' }])
})

test('two imports at once both end whole, one after the other', async () => {
  // No authority names and few enough rows to keep the indexes: either would make one wait for the other by accident.
  const plain = (urn: number) => `${urn},901,Alder ${urn},Community school,Open,Primary,,120`
  const shared = Array.from({ length: 900 }, (_, n) => plain(910_000 + n))
  const paths = await Promise.all(
    [900001, 900002].map((urn) => file(`own${urn}.csv`, OLD_COLUMNS, ...shared, plain(urn))),
  )
  const reports = await Promise.all(paths.map((path) => taken(path)))
  assert.deepEqual(
    reports.map((report) => report.totals.added).sort((a, b) => a - b),
    [1, 901],
  )
  assert.deepEqual(await rows('select count(*)::int as schools from establishment'), [{ schools: 902 }])
})

test('the date of the facts comes from the command, else from the file name', async () => {
  const path = await file('edubasealldata20260602.csv', COLUMNS, school('900001', 'Alder'))
  const named = await importFile(database, { kind: 'schools', file: path, strict: true })
  assert.ok(named.ok && named.value.asAt === '2026-06-02')
  assert.deepEqual(await rows('select coverage from data_file'), [{ coverage: 'all establishments' }])
  const wrong = await importFile(database, { kind: 'schools', file: path, strict: true, asAt: '2026-02-30' })
  assert.ok(!wrong.ok && wrong.refusals[0]?.code === 'as-at.not-a-date')
})

test('a file without regions takes them from the list of authorities', async () => {
  const authorities = await file('la.csv', 'LA (code),LA (name),GOR (name),GSSLACode', '901,Alder,North West,E09')
  assert.ok((await importFile(database, { kind: 'authorities', file: authorities, strict: true })).ok)
  await taken(await file('old.csv', ...OLD), { asAt: '2023-11-16' })
  assert.deepEqual(await rows('select region from establishment'), [{ region: 'North West' }])
})
