import assert from 'node:assert/strict'
import { mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { startTestService, type TestService } from '../../world/test-service.ts'
import { importFile } from '../register/index.ts'

type Row = { id: string; result: string; evidence: string; judgements: { date: string; grade: number }[] }
type Result = { urn: number; outcome: string; basis: string | null; urns: number[]; rows: Row[] }
type Answer = { considered: number; on: string; snapshots: { title: string }[]; results: Result[] }

let service: TestService
before(async () => {
  service = await startTestService({ today: '2024-01-15', world: true })
})
after(() => service.close())

async function ask(on: string, more = ''): Promise<Answer> {
  return (await service.get(`/api/v1/eligibility/tsi@2023-24?on=${on}${more}`)).json<Answer>()
}

async function askAbout(urn: number, on: string): Promise<Result> {
  const found = (await ask(on, '&all')).results.find((result) => result.urn === urn)
  assert.ok(found, `URN ${urn} was considered`)
  return found
}

function rowOf(result: Result, id: string): Row {
  const row = result.rows.find((one) => one.id === id)
  assert.ok(row, `row ${id} is listed`)
  return row
}

describe('who qualifies, asked through the API', () => {
  test('TSI-005 two Requires improvement in a row with the latest in the year qualify; a latest one before the year does not, in words', async () => {
    const larkbeck = await askAbout(900001, '2023-11-22')
    assert.equal(larkbeck.outcome, 'eligible')
    assert.equal(rowOf(larkbeck, 'consecutive-ri').result, 'met')
    assert.deepEqual(
      rowOf(larkbeck, 'consecutive-ri').judgements.map((one) => [one.date, one.grade]),
      [
        ['2023-11-20', 3],
        ['2021-05-12', 3],
      ],
    )
    const infant = await askAbout(900018, '2023-11-22')
    assert.equal(infant.outcome, 'not-eligible')
    assert.equal(rowOf(infant, 'consecutive-ri').result, 'not-met')
    assert.match(rowOf(infant, 'consecutive-ri').evidence, /latest judgement not in 2023-24/)
  })

  test('TSI-005 the year has both its ends: 1 September counts, 31 August of the year before and 1 September after do not', async () => {
    const answers = await judgeInvented(
      [
        [900801, '2021-03-01', 3],
        [900801, '2023-09-01', 3],
        [900802, '2021-03-01', 3],
        [900802, '2023-08-31', 3],
        [900803, '2021-03-01', 3],
        [900803, '2024-08-31', 3],
        [900804, '2021-03-01', 3],
        [900804, '2024-09-01', 3],
      ],
      '2024-12-01',
    ) // prettier-ignore
    assert.deepEqual(answers, { 900801: 'met', 900802: 'not-met', 900803: 'met', 900804: 'not-met' })
  })

  test('TSI-006 a judgement between breaks the row, one alone is not enough, three in a row count as three and are listed', async () => {
    const broken = await askAbout(900017, '2023-11-22')
    assert.equal(broken.outcome, 'not-eligible')
    assert.equal(rowOf(broken, 'consecutive-ri').result, 'not-met')
    const three = await askAbout(900016, '2023-11-22')
    assert.equal(three.outcome, 'eligible')
    assert.match(rowOf(three, 'consecutive-ri').evidence, /3 consecutive RI/)
    assert.deepEqual(
      rowOf(three, 'consecutive-ri').judgements.map((one) => one.date),
      ['2023-10-10', '2021-11-16', '2019-04-30'],
    )
    const alone = await askAbout(900008, '2023-11-22')
    assert.equal(rowOf(alone, 'consecutive-ri').result, 'not-met')
  })

  test('TSI-007 one Inadequate in the year qualifies whatever came before; outside the year it does not, and the reason is shown', async () => {
    const stonegill = await askAbout(900003, '2024-02-08')
    assert.equal(stonegill.outcome, 'eligible')
    assert.equal(rowOf(stonegill, 'inadequate').result, 'met')
    const junior = await askAbout(900019, '2024-02-08')
    assert.equal(junior.outcome, 'not-eligible')
    assert.match(rowOf(junior, 'inadequate').evidence, /Inadequate judgement not in 2023-24/)
  })

  test('a judgement after the day asked about does not exist yet', async () => {
    assert.equal((await askAbout(900003, '2024-02-05')).outcome, 'not-eligible')
    assert.equal((await askAbout(900001, '2023-11-19')).outcome, 'not-eligible')
  })

  test('a converted school answers with its predecessor’s judgements and names both URNs; the closed one is not considered', async () => {
    const academy = await askAbout(900050, '2024-01-15')
    assert.equal(academy.outcome, 'eligible')
    assert.equal(academy.basis, 'chain')
    assert.deepEqual(academy.urns, [900050, 900049])
    const { results } = await ask('2024-01-15', '&all')
    assert.equal(
      results.some((result) => result.urn === 900049),
      false,
    )
  })

  test('page and API refuse a wrong day and a wrong setting with the same words', async () => {
    const page = await service.get('/eligibility/tsi?on-day=31&on-month=2&on-year=2024')
    const api = await service.get('/api/v1/eligibility/tsi?on=2024-02-31')
    assert.equal(page.status, 422)
    assert.equal(api.status, 422)
    const message = api.json<{ refusals: { message: string; code: string }[] }>().refusals[0]?.message ?? 'none'
    assert.ok(page.text.includes(message))
    assert.ok(page.body.includes('value="31"'), 'what was typed stays')
  })

  test('a changed setting shows who would leave and saves nothing', async () => {
    const page = await service.get('/eligibility/tsi?on=2023-11-22&with.consecutive=3')
    assert.match(page.text, /Nothing is saved/)
    assert.match(page.text, /Would leave.*Larkbeck Primary School/)
    assert.doesNotMatch(page.text, /Would leave.*Burnmoor Vale School.*Schools qualify/)
    const { rows } = await service.database.pool.query('select from eligibility_run')
    assert.equal(rows.length, 0)
  })

  test('a second recorded run says who entered since the first, and which inspection did it', async () => {
    const first = await service.post('/eligibility/tsi@2023-24/runs', { on: '2023-11-19' })
    const second = await service.post('/eligibility/tsi@2023-24/runs', { on: '2024-02-08', reason: 'Monthly list' })
    assert.equal(first.status, 303)
    const page = await service.get(second.location)
    assert.match(page.text, /Since run \d+: 3 entered, 1 left, \d+ stayed/)
    assert.match(page.text, /Stonegill Primary School .*Inadequate on 6 February 2024, after the earlier day/)
    assert.match(page.text, /Coldspring Primary School .*it is no longer open on the later day/)
    assert.match(page.text, /Monthly list/)
  })

  test('the list filters, counts in words and comes as CSV with the same lines', async () => {
    const page = await service.get('/eligibility/tsi?on=2024-01-15&region=London')
    assert.match(page.text, /3 schools/)
    const csv = await service.get('/eligibility/tsi@2023-24.csv?on=2024-01-15&region=London')
    assert.equal(csv.body.trim().split('\n').length, 4)
    assert.match(csv.body, /900024,Thamesholt Primary School,Qualifies/)
  })

  test('an unknown programme is a page that names the loaded ones', async () => {
    const page = await service.get('/eligibility/nothing')
    assert.equal(page.status, 404)
    assert.match(page.text, /tsi@2023-24/)
  })
})

/** Imports invented schools with their graded inspections through the official files, and answers the first criterion. */
async function judgeInvented(inspections: [number, string, number][], on: string): Promise<Record<number, string>> {
  const folder = await mkdtemp(join(tmpdir(), 'alongside-eligibility-'))
  const urns = [...new Set(inspections.map(([urn]) => urn))]
  const schools = [
    'URN,EstablishmentName,EstablishmentStatus (name),LA (code),TypeOfEstablishment (name),PhaseOfEducation (name)',
  ]
  for (const urn of urns) schools.push(`${urn},Invented School ${urn},Open,805,Community school,Primary`)
  const rows = [
    'URN,InspectionDate,Kind,OverallEffectiveness',
    ...inspections.map(([urn, date, grade]) => `${urn},${date},graded,${grade}`),
  ]
  for (const [kind, lines] of [
    ['schools', schools],
    ['inspections', rows],
  ] as const) {
    const file = join(folder, `${kind}.csv`)
    await writeFile(file, `${lines.join('\n')}\n`)
    const decision = await importFile(service.database, { kind, file, asAt: '2023-01-01', strict: true })
    assert.ok(decision.ok, JSON.stringify(decision))
  }
  const { results } = await ask(on, '&all')
  return Object.fromEntries(
    urns.map((urn) => [
      urn,
      results.find((one) => one.urn === urn)?.rows.find((row) => row.id === 'consecutive-ri')?.result ?? 'missing',
    ]),
  )
}
