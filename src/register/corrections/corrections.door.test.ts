import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { type NightFolder, openNightFolder } from '../../../world/night-folder.ts'
import { startTestService, type TestService } from '../../../world/test-service.ts'
import { allChecks } from '../../app.ts'
import { verify } from '../../platform/verify.ts'
import { findTrustOn, readEventsSince } from '../index.ts'

let service: TestService
let nights: NightFolder
before(async () => {
  service = await startTestService({ world: true, today: '2024-01-15' })
  nights = await openNightFolder(service.database)
})
after(async () => {
  await nights.remove()
  await service.close()
})

const SOURCE = {
  source: 'Report on the inspectorate’s website',
  sourceDate: '2024-01-10',
  reason: 'The file has a slip',
}

type Facts = { facts: { what: string; title: string; now: string }[]; corrections: Shown[] }
type Shown = { id: number; title: string; corrected: string; register: string; inForce: boolean; ended: string | null }

async function corrections(urn: number): Promise<Facts> {
  return (await service.get(`/api/v1/schools/${urn}/corrections`)).json<Facts>()
}

async function correct(urn: number, what: string, value: string, more: object = {}) {
  return service.postJson(`/api/v1/schools/${urn}/corrections`, { what, value, ...SOURCE, ...more })
}

async function corrected(urn: number, what: string, value: string, more: object = {}): Promise<number> {
  const answer = await correct(urn, what, value, more)
  assert.equal(answer.status, 201, answer.body)
  return answer.json<{ id: number }>().id
}

async function inspectionOf(urn: number, day: string): Promise<number> {
  const { rows } = await service.database.pool.query<{ id: number }>(
    `select i.id from inspection i join establishment e on e.id = i.establishment_id where e.urn = $1 and i.inspected_on = $2`,
    [urn, day],
  )
  return rows[0]?.id ?? 0
}

type Result = { urn: number; outcome: string; corrected: string | null; rows: { evidence: string }[] }

async function resultOf(urn: number, on = '2024-01-15'): Promise<Result | undefined> {
  const { results } = (await service.get(`/api/v1/eligibility/tsi@2023-24?on=${on}&all=yes`)).json<{
    results: Result[]
  }>()
  return results.find((one) => one.urn === urn)
}

async function assertWhole(): Promise<void> {
  const faults = (await verify(service.database, allChecks)).flatMap((check) => check.faults)
  assert.deepEqual(faults, [])
}

async function rowOf(urn: number): Promise<Record<string, unknown>> {
  const { rows } = await service.database.pool.query('select * from establishment where urn = $1', [urn])
  return rows[0] ?? {}
}

describe('a judgement that is corrected', () => {
  const PATH = '/schools/900001/corrections'

  test('what rests on it is listed before it is confirmed, and nothing is stored by looking', async () => {
    const grade = `grade:${await inspectionOf(900001, '2021-05-12')}`
    const form = await service.get(`${PATH}/new?what=${grade}`)
    assert.match(form.text, /Graded inspection of 12 May 2021: grade Now: Requires improvement/)
    const check = await service.post(PATH, { what: grade, value: '2', ...SOURCE })
    assert.equal(check.status, 200)
    assert.match(
      check.text,
      /What rests on it Who qualifies .*Larkbeck Primary School \(URN 900001\) qualifies now, and then does not qualify/,
    )
    assert.deepEqual((await corrections(900001)).corrections, [])
    assert.equal((await resultOf(900001))?.outcome, 'eligible')
    const asked = new URLSearchParams({ what: grade, value: '2', ...SOURCE })
    const api = await service.get(`/api/v1/schools/900001/corrections?${asked}`)
    assert.match(api.body, /qualifies now, and then does not qualify/)
    await assertWhole()
  })

  test('stands above the register at once: in who qualifies with its evidence, on the school, and for verify', async () => {
    const recorded = (await service.postJson('/api/v1/eligibility/tsi@2023-24/runs', { on: '2024-01-15' })).json<{
      id: number
    }>().id
    const grade = `grade:${await inspectionOf(900001, '2021-05-12')}`
    const saved = await service.post(PATH, { step: 'save', what: grade, value: '2', ...SOURCE })
    assert.equal(saved.location, PATH)
    const result = await resultOf(900001)
    assert.equal(result?.outcome, 'not-eligible')
    assert.match(
      JSON.stringify(result?.rows),
      /Good on 12 May 2021 \(grade corrected on 15 January 2024 by Test Officer, source: Report on the inspectorate’s website\)/,
    )
    const page = await service.get('/schools/900001')
    assert.match(
      page.text,
      /Corrected facts Inspection of 12 May 2021: grade Good\. The register says: Requires improvement\. Corrected on 15 January 2024, source: Report/,
    )
    assert.doesNotMatch(page.text, /by Test Officer/, 'who corrected it is for administrators')
    assert.match(
      (await service.get(PATH)).text,
      /Good Requires improvement Report .* 10 January 2024 The file has a slip corrected on 15 January 2024 by Test Officer/,
    )
    assert.match(
      (await service.get(`/eligibility-runs/${recorded}`)).text,
      /Larkbeck Primary School/,
      'a recorded answer keeps what it said',
    )
    await assertWhole()
  })

  test('stays when a file says the old grade again or another, and ends by itself when the register agrees', async () => {
    const header = 'URN,InspectionDate,Kind,OverallEffectiveness\n'
    const before = (await readEventsSince(service.database.db, 0)).at(-1)?.id ?? 0
    await nights.put('inspections20240116.csv', `${header}900001,2021-05-12,graded,4\n`)
    await nights.night('2024-01-16')
    const [still] = (await corrections(900001)).corrections
    assert.deepEqual([still?.corrected, still?.register, still?.inForce], ['Good', 'Inadequate', true])
    assert.equal((await resultOf(900001))?.outcome, 'not-eligible')
    await assertWhole()

    await nights.put('inspections20240117.csv', `${header}900001,2021-05-12,graded,2\n`)
    await nights.night('2024-01-17')
    const [ended] = (await corrections(900001)).corrections
    assert.deepEqual([ended?.inForce, ended?.ended], [false, 'Ended by itself on 17 January 2024: the register agrees'])
    assert.equal((await resultOf(900001))?.outcome, 'not-eligible')
    assert.doesNotMatch(JSON.stringify((await resultOf(900001))?.rows), /corrected on/)
    const events = await readEventsSince(service.database.db, before)
    assert.deepEqual(
      events.map(({ kind, urn, to }) => [kind, urn, to.overall]),
      [['correction-ended', 900001, 2]],
    )
    await assertWhole()
  })

  test('a wrong date is corrected; one where another inspection stands is refused', async () => {
    const second = await inspectionOf(900016, '2021-11-16')
    const refused = await correct(900016, `inspected-on:${second}`, '2023-10-10')
    assert.match(refused.body, /date\.taken/)
    await corrected(900016, `inspected-on:${second}`, '2021-11-18')
    assert.match((await service.get('/schools/900016')).text, /18 November 2021/)
    await assertWhole()
  })
})

describe('facts of a school that are corrected', () => {
  test('the current row, lists and answers of past days use them from the day they hold', async () => {
    await corrected(900002, 'trust', 'T-02', { holdsFrom: '2024-01-01' })
    await corrected(900002, 'authority', 'LA-NW')
    await corrected(900002, 'phase', 'Secondary')
    await corrected(900002, 'pupils', '401')
    await corrected(900002, 'town', 'Wearstead')
    const row = await rowOf(900002)
    assert.deepEqual(
      [
        row['trust_uid'],
        row['authority_code'],
        row['region'],
        row['phase'],
        row['pupils'],
        row['pupils_as_at'],
        row['town'],
      ],
      ['T-02', 'LA-NW', 'North West', 'Secondary', 401, '2024-01', 'Wearstead'],
    )
    assert.match((await service.get('/trusts/T-02')).text, /Kestrel Bridge Primary Academy/)
    const now = await resultOf(900002)
    assert.match(now?.corrected ?? '', /trust corrected on 15 January 2024 by Test Officer.*phase corrected/)
    const asAt = (on: string) => service.get(`/eligibility/tsi@2023-24?on=${on}&trust=T-02&show=all`)
    assert.match((await asAt('2024-01-15')).text, /Kestrel Bridge Primary Academy/)
    assert.doesNotMatch((await asAt('2023-12-15')).text, /Kestrel Bridge Primary Academy/)
    const trustOn = async (on: string) => (await findTrustOn(service.database.db, { urn: 900002, on }))?.uid
    assert.deepEqual([await trustOn('2024-01-15'), await trustOn('2023-12-15')], ['T-02', 'T-01'])
    await assertWhole()
  })

  test('closing and opening again by correction moves a school out of and into who is considered', async () => {
    const id = await corrected(900005, 'status', 'Closed')
    assert.equal(await resultOf(900005), undefined)
    const without = await service.post(`/schools/900005/corrections/${id}/end`, { reason: '' })
    assert.equal(without.status, 422)
    assert.match(without.text, /There is a problem Say why the correction ends/)
    assert.equal(
      (await service.post(`/schools/900005/corrections/${id}/end`, { reason: 'It was another school' })).status,
      303,
    )
    assert.equal((await resultOf(900005))?.outcome, 'eligible')
    assert.match(
      (await service.get('/schools/900005/corrections')).text,
      /Ended on 15 January 2024 by Test Officer: It was another school/,
    )
    const again = await service.postJson(`/api/v1/schools/900005/corrections/${id}/end`, { reason: 'Again' })
    assert.equal(again.status, 409)
    await assertWhole()
  })

  test('an import changes the value under a correction and the history tells it; loading the invented England again keeps it', async () => {
    await nights.put(
      'schools.csv',
      'URN,EstablishmentName,LA (code),TypeOfEstablishment (name),EstablishmentStatus (name),PhaseOfEducation (name)\n' +
        '900002,Kestrel Bridge Primary Academy,LA-NE,Academy converter,Open,Middle deemed primary\n',
    )
    await nights.night('2024-01-18')
    assert.equal((await rowOf(900002))['phase'], 'Secondary')
    const phase = (await corrections(900002)).corrections.find(({ title }) => title === 'Phase')
    assert.deepEqual([phase?.corrected, phase?.register], ['Secondary', 'Middle deemed primary'])
    assert.match((await service.get('/schools/900002/history')).text, /phase: was Primary, now Middle deemed primary/)
    assert.equal((await service.post('/matching/invented-england', {})).status, 303)
    assert.equal((await rowOf(900002))['phase'], 'Secondary')
    await assertWhole()
  })
})

describe('links that are cut or added', () => {
  test('a cut predecessor hands nothing on any more, and an added one does', async () => {
    const history = async () =>
      (await service.get('/api/v1/schools/900050')).json<{ inspections: { basis: string }[] }>()
    const chain = async () => (await history()).inspections.filter(({ basis }) => basis === 'chain').length
    const before = await chain()
    assert.ok(before > 0)
    const cut = (await corrections(900050)).facts.find(({ title }) => title === 'Predecessor: cut the link')
    const id = await corrected(900050, cut?.what ?? '', '')
    assert.equal(await chain(), 0)
    assert.match((await resultOf(900050))?.corrected ?? '', /predecessor corrected on 15 January 2024/)
    await assertWhole()
    await service.postJson(`/api/v1/schools/900050/corrections/${id}/end`, { reason: 'The same school after all' })
    assert.equal(await chain(), before)

    await corrected(900006, 'predecessor', '900003')
    assert.equal((await rowOf(900006))['latest_grade_urn'], 900003, 'the later judgement is the predecessor’s')
    const added = (await service.get('/api/v1/schools/900006')).json<{ inspections: { basis: string }[] }>()
    assert.ok(added.inspections.some(({ basis }) => basis === 'chain'))
    assert.match((await correct(900003, 'predecessor', '900006')).body, /link\.circle/)
    await assertWhole()
  })

  test('an added link ends by itself when a file of links holds it', async () => {
    await nights.put(
      'links20240119.csv',
      'URN,LinkURN,LinkName,LinkType,LinkEstablishedDate\n900006,900003,Stonegill,Predecessor,\n',
    )
    await nights.night('2024-01-19')
    const [link] = (await corrections(900006)).corrections
    assert.equal(link?.ended, 'Ended by itself on 19 January 2024: the register agrees')
    await assertWhole()
  })
})

test('what is wrong is refused with all reasons, alike at page and API, and leaves nothing', async () => {
  const nothing = await service.postJson('/api/v1/schools/900007/corrections', { what: 'pupils', value: 'many' })
  const codes = ({ body }: { body: string }) =>
    JSON.parse(body).refusals.map((refusal: { code: string; field: string }) => `${refusal.code} ${refusal.field}`)
  assert.equal(nothing.status, 422)
  assert.deepEqual(codes(nothing), [
    'value.wrong value',
    'source.missing source',
    'source-date.wrong sourceDate',
    'reason.missing reason',
  ])
  const page = await service.post('/schools/900007/corrections', { what: 'pupils', value: 'many', source: 'A letter' })
  assert.equal(page.status, 422)
  assert.match(page.body, /value="A letter"/)
  const one = async (what: string, value: string, more = {}) => codes(await correct(900007, what, value, more))
  assert.deepEqual(await one('phase', 'Secondary'), ['value.same value'])
  assert.deepEqual(await one('phase', 'Tertiary'), ['value.unknown value'])
  assert.deepEqual(await one('trust', 'T-99'), ['value.unknown value'])
  assert.deepEqual(await one('authority', 'LA-99'), ['value.unknown value'])
  assert.deepEqual(await one('predecessor', '900007'), ['value.unknown value'])
  assert.deepEqual(await one('name', 'Other'), ['what.unknown what'])
  assert.deepEqual(await one('town', 'X', { sourceDate: '2024-02-30' }), ['source-date.wrong sourceDate'])
  assert.deepEqual(await one('town', 'X', { holdsFrom: '2030-01-01' }), ['holds-from.wrong holdsFrom'])
  await corrected(900007, 'town', 'Hammerwell')
  assert.equal((await correct(900007, 'town', 'Hammerton')).status, 409)
  assert.equal((await service.as('').get('/schools/900007/corrections')).status, 303)
})
