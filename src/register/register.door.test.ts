import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { FastifyInstance } from 'fastify'
import { buildRegister } from '../../world/register-builder.ts'
import { registerService } from '../../world/register-service.ts'
import { type TestDatabase, testDatabase } from '../platform/test-database.ts'

let database: TestDatabase
let service: FastifyInstance

before(async () => {
  database = await testDatabase()
  await fillRegister()
  service = await registerService(database)
})
after(async () => {
  await service?.close()
  await database?.close()
})

/** Seven schools: an academy with its predecessor, namesakes, one closed, one that the newest file no longer has. */
async function fillRegister(): Promise<void> {
  const register = await buildRegister(database)
  await register.authority('901', 'Wearstead', 'North East')
  await register.authority('902', 'Isle of Thornhumber', 'Yorkshire and the Humber')
  await register.trust('9001', 'Brightwater Learning Trust', {
    ukprn: '10099001',
    group_id: 'TR09001',
    opened: '2015-04-01',
  })
  const primary = { phase: 'Primary', type: 'Community school', authority_code: '901', town: 'Larkbeck' }
  const academy = { phase: 'Primary', type: 'Academy converter', authority_code: '902', town: 'Humbermouth' }
  await register.school({
    ...primary,
    urn: 900001,
    name: 'Larkbeck Primary School',
    laestab: '9012001',
    ukprn: '10090001',
    postcode: 'ZZ1 1AA',
    pupils: 210,
    pupils_as_at: '2023-11',
    fsm_percent: 23.5,
    fsm_as_at: '2024/25 census',
  })
  await register.school({
    ...primary,
    urn: 900002,
    name: 'Old Larkbeck Primary School',
    laestab: '9012002',
    status: 'Closed',
    closed: '2016-08-31',
  })
  await register.school({
    ...academy,
    urn: 900003,
    name: "St Oswin's Church of England Academy",
    laestab: '9022003',
    postcode: 'ZZ11 2BB',
    opened: '2016-09-01',
  })
  await register.school({
    ...academy,
    urn: 900004,
    name: "St Oswin's CofE Primary School",
    laestab: '9022003',
    status: 'Closed',
    closed: '2016-08-31',
  })
  await register.school({
    ...academy,
    urn: 900005,
    name: 'Zephyr Academy',
    phase: 'Secondary',
    town: 'Humbermouth',
    website: 'javascript:alert(1)',
  })
  await register.school({
    ...primary,
    urn: 900006,
    name: 'Maryport Road Infants',
    town: 'Wearstead',
    postcode: 'ZZ1 9ZZ',
  })
  await register.school({ ...primary, urn: 900007, name: '=Formula School' })
  await register.member(900003, '9001', '2016-09-01')
  await register.link(900003, 900004, 'Predecessor', '2016-09-01')
  await register.link(900004, 900003, 'Successor', '2016-09-01')
  await register.inspection(900004, '2011-03-01', { overall: 3 })
  await register.inspection(900003, '2015-05-05', { overall: 2 })
  await register.inspection(900003, '2019-05-05', { overall: 1, leadership: 2 })
  await register.inspection(900003, '2026-02-03', {
    kind: 'report_card',
    report_card: { Inclusion: 'Strong standard' },
    safeguarding: 'Met',
  })
  await register.inspection(900001, '2018-01-10', { overall: 4 })
  await register.measure(900001, 'ks2', '2022/23', { PTRWM_EXP: 61 })
  await register.measure(900001, 'ks2', '2024/25', { PTRWM_EXP: 64, PTRWM_HIGH: 'SUPP' })
  await register.mean({
    dataset: 'ks2',
    year: '2024/25',
    measure: 'PTRWM_EXP',
    area_kind: 'england',
    area: 'England',
    phase: 'Primary',
    mean: 62.14,
    schools: 9000,
  })
  await register.done()
  await database.pool.query("update establishment set not_listed_since = '2026-06-02' where urn = 900005")
  await database.pool.query("insert into data_file_fault values ($1, 9, 'URN', 'must have 6 digits')", [
    register.fileId,
  ])
}

async function get(url: string): Promise<{ status: number; text: string; to: string | undefined }> {
  const answer = await service.inject({ method: 'GET', url })
  return { status: answer.statusCode, text: answer.payload, to: answer.headers.location }
}

async function findUrns(query: string): Promise<number[]> {
  const answer = await service.inject({ method: 'GET', url: `/api/v1/schools?${query}` })
  assert.equal(answer.statusCode, 200)
  return answer.json().schools.map((school: { urn: number }) => school.urn)
}

/** The words that a reader sees, in order. */
function wordsOf(html: string): string {
  return html
    .replaceAll(/<(style|script)[\s\S]*?<\/\1>/g, ' ')
    .replaceAll(/<[^>]+>/g, ' ')
    .replaceAll('&#39;', "'")
    .replaceAll(/\s+/g, ' ')
}

test('a school is found by name, part of it, misspelt, number, postcode, town, trust and authority', async () => {
  assert.deepEqual(await findUrns('q=Larkbeck+Primary+School'), [900001, 900002])
  assert.deepEqual(await findUrns('q=larkb'), [900001, 900002, 900007])
  assert.deepEqual(await findUrns('q=Larkbek+Primry'), [900001, 900002])
  assert.deepEqual(await findUrns('q=900003'), [900003])
  assert.deepEqual(await findUrns('q=901/2001'), [900001])
  assert.deepEqual(await findUrns('q=10090001'), [900001])
  assert.deepEqual(await findUrns('q=zz1+1aa'), [900001])
  assert.deepEqual(await findUrns('q=ZZ11AA'), [900001])
  assert.deepEqual(await findUrns('q=ZZ1'), [900001, 900006])
  assert.deepEqual(await findUrns('q=humbermouth'), [900003, 900004, 900005])
  assert.deepEqual(await findUrns('q=brightwater'), [900003])
  assert.deepEqual(await findUrns('q=thornhumber+zephyr'), [900005])
  assert.deepEqual(await findUrns('q=nothing+at+all'), [])
})

test('spellings of one name are the same, and a word is not found in the middle of another', async () => {
  for (const name of ["St Oswin's", 'saint oswins', 'St. Oswin’s C of E', 'ST OSWINS CHURCH OF ENGLAND'])
    assert.deepEqual(await findUrns(`q=${encodeURIComponent(name)}`), [900003, 900004], name)
  assert.deepEqual(await findUrns('q=mary'), [900006], 'not every primary school')
  assert.match(wordsOf((await get('/schools?q=port+road')).text), /No school has exactly these words/)
})

test('signs that mean something to a pattern or a query find nothing and break nothing', async () => {
  for (const signs of ['%', '_', '\\', '(', '[a-z]+', '.*', "'; drop table establishment"])
    assert.deepEqual(await findUrns(`q=${encodeURIComponent(signs)}`), [], signs)
})

test('filters narrow together, and no longer listed is neither open nor closed', async () => {
  assert.deepEqual(await findUrns('status=open&authority=901'), [900007, 900001, 900006])
  assert.deepEqual(await findUrns('status=closed'), [900002, 900004])
  assert.deepEqual(await findUrns('status=unlisted'), [900005])
  assert.deepEqual(await findUrns('region=North+East&grade=4'), [900001])
  assert.deepEqual(await findUrns('grade=none&phase=Secondary'), [900005])
  assert.deepEqual(await findUrns('trust=brightwater'), [900003])
  assert.deepEqual(await findUrns('trust=9001'), [900003])
  assert.deepEqual(await findUrns('type=Academy+converter&q=oswin'), [900003, 900004])
})

test('a list sorts both ways by its heads and keeps its filters in every link', async () => {
  assert.deepEqual((await findUrns('sort=-urn')).slice(0, 2), [900007, 900006])
  assert.deepEqual((await findUrns('sort=grade')).slice(0, 3), [900003, 900004, 900001])
  const { text } = await get('/schools?q=larkbeck&status=open&sort=name')
  assert.match(
    text,
    /aria-sort="ascending"><a class="govuk-link" href="\/schools\?q=larkbeck&amp;status=open&amp;sort=-name"/,
  )
  assert.match(text, /href="\/schools\?q=larkbeck&amp;sort=name"><span[^>]*>Remove filter <\/span>Open/)
  assert.match(text, /\/schools\.csv\?q=larkbeck&amp;status=open&amp;sort=name/)
  assert.match(wordsOf(text), /2 schools/)
})

test('the same list as a file has all rows, and a cell that a spreadsheet would run is escaped', async () => {
  const { text } = await get('/schools.csv?authority=901&sort=urn')
  const lines = text.trim().split('\n')
  assert.equal(lines.length, 5)
  assert.match(lines[0] ?? '', /^\ufeff?URN,LAESTAB,UKPRN,School,Status/)
  assert.match(lines[4] ?? '', /'=Formula School/)
  const ods = await service.inject({ method: 'GET', url: '/schools.ods?authority=901' })
  assert.equal(ods.rawPayload.subarray(0, 2).toString(), 'PK')
})

test('the box goes straight to the record that a whole number names', async () => {
  assert.equal((await get('/search?q=900003')).to, '/schools/900003')
  assert.equal((await get('/search?q=902/2003')).to, '/schools/900003', 'the open one of two with this number')
  assert.equal((await get('/search?q=10099001')).to, '/trusts/9001')
  assert.equal((await get('/search?q=tr09001')).to, '/trusts/9001')
  assert.equal((await get('/search?q=901')).to, '/authorities/901')
  const { status, text } = await get('/search?q=999998')
  assert.equal(status, 200)
  assert.match(wordsOf(text), /Nothing in the register matches “999998”.*URN has 6 digits/)
})

test('a search groups schools, trusts and authorities', async () => {
  const answer = await service.inject({ method: 'GET', url: '/api/v1/search?q=thornhumber' })
  assert.deepEqual(answer.json().authorities, [
    { code: '902', name: 'Isle of Thornhumber', region: 'Yorkshire and the Humber' },
  ])
  const { text } = await get('/search?q=brightwater')
  assert.match(wordsOf(text), /Trusts and groups Brightwater Learning Trust .*1 school, UID 9001 .*Schools St Oswin's/)
})

test('a school page says where it stands, what inspectors found and whose finding it was', async () => {
  const { status, text } = await get('/schools/900003')
  const words = wordsOf(text)
  assert.equal(status, 200)
  assert.match(words, /School · URN 900003 St Oswin's Church of England Academy Open since 1 September 2016/)
  assert.match(
    words,
    /Latest grade: Outstanding , 5 May 2019\. Report card since then, 3 February 2026; it gave no overall grade/,
  )
  assert.match(
    words,
    /2011: Satisfactory \(predecessor\)\. 2015: Good \(predecessor\)\. 2019: Outstanding\. 2026: Report card\./,
  )
  assert.match(words, /Report card by area, not converted to a grade Inclusion: Strong standard Safeguarding: Met/)
  assert.match(words, /5 May 2015 Graded inspection Good \(2\) from before this school opened/)
  assert.match(words, /Came before: St Oswin's CofE Primary School Predecessor, URN 900004, 1 September 2016/)
  assert.match(words, /Pupils not held/)
  assert.match(words, /Source: Invented publisher, Invented register, as at 2 June 2026/)
  assert.doesNotMatch(text, / style="/)
})

test('a school that the newest file no longer has is said so, and typed text never becomes a script link', async () => {
  const { text } = await get('/schools/900005')
  assert.match(
    wordsOf(text),
    /No longer listed .*Open in the register of 2 June 2026, and missing from that of 2 June 2026/,
  )
  assert.doesNotMatch(text, /href="javascript/)
})

test('figures stand beside the means held, a code for no figure is said, earlier years are kept', async () => {
  const words = wordsOf((await get('/schools/900001/data')).text)
  assert.match(
    words,
    /Expected standard in reading, writing and maths .*This school 64% England 62\.1% .*Earlier: 2022\/23 61%/,
  )
  assert.match(words, /Higher standard in reading, writing and maths .*not published \(SUPP\)/)
  assert.match(
    wordsOf((await get('/schools/900001/history')).text),
    /2 June 2026 2 June 2026 First held state Invented register/,
  )
})

test('a wrong URN answers 404 and says how to search, at the page and at the API alike', async () => {
  for (const urn of ['999998', '12', 'abc', '9000010']) {
    const page = await get(`/schools/${urn}`)
    assert.equal(page.status, 404)
    assert.match(wordsOf(page.text), /search by school, trust, URN or postcode/)
    const api = await service.inject({ method: 'GET', url: `/api/v1/schools/${urn}` })
    assert.equal(api.statusCode, 404)
    assert.equal(api.json().refusals[0].code, 'school.unknown')
  }
  for (const path of ['/trusts/1', '/authorities/1', '/about-the-data/1000', '/about-the-data/x'])
    assert.equal((await get(path)).status, 404, path)
})

test('the API gives a school with the basis of each inspection and no inner number', async () => {
  const school = (await service.inject({ method: 'GET', url: '/api/v1/schools/900003' })).json()
  assert.equal(school.trust_uid, '9001')
  assert.equal(school.latest_grade, 1)
  assert.equal('id' in school, false)
  assert.deepEqual(
    school.inspections.map((one: { inspected_on: string; basis: string }) => [one.inspected_on, one.basis]),
    [
      ['2026-02-03', 'own'],
      ['2019-05-05', 'own'],
      ['2015-05-05', 'filed-later'],
      ['2011-03-01', 'chain'],
    ],
  )
})

test('trusts and authorities show their schools by latest grade', async () => {
  assert.match(wordsOf((await get('/trusts/9001')).text), /Open since 1 April 2015 · 1 school .*Outstanding 1 100%/)
  const words = wordsOf((await get('/authorities/901')).text)
  assert.match(words, /North East · 3 open establishments · 1 closed one .*Inadequate 1 33% No grade held 2 67%/)
  assert.match(wordsOf((await get('/authorities/901?status=closed')).text), /1 school .*Old Larkbeck Primary School/)
  assert.match(wordsOf((await get('/trusts?q=bright')).text), /1 trust or group/)
  assert.match(wordsOf((await get('/authorities')).text), /North East .*Wearstead 901 3 1/)
})

test('help and the data page tell what is held, as of when, and which rows were left out', async () => {
  assert.equal((await get('/help')).status, 200)
  const words = wordsOf((await get('/about-the-data')).text)
  assert.match(words, /Open Government Licence/)
  assert.match(words, /It does not hold religious character, diocese, trust, free school meals/)
  const file = await database.pool.query('select id from data_file')
  const detail = wordsOf((await get(`/about-the-data/${file.rows[0].id}`)).text)
  assert.match(detail, /8: 7 added, 0 changed, 0 as before, 1 left out .*9 URN must have 6 digits/)
})

test('every page stays under 30 KB compressed, and odd page numbers do not fail', async () => {
  const { gzipSync } = await import('node:zlib')
  for (const path of [
    '/schools',
    '/schools?page=0',
    '/schools?page=99',
    '/schools?page=x',
    '/schools/900003',
    '/search',
    '/trusts',
  ])
    assert.ok(gzipSync((await get(path)).text).length < 30_000, path)
})
