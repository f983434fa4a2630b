import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { fingerprint } from '../../../world/fingerprint.ts'
import {
  type NightFolder,
  numbered,
  openNightFolder,
  schoolsFile,
  type TestSchool,
} from '../../../world/night-folder.ts'
import { startTestService, type TestService } from '../../../world/test-service.ts'

let service: TestService
let nights: NightFolder
before(async () => {
  service = await startTestService()
  nights = await openNightFolder(service.database)
})
after(async () => {
  await nights.remove()
  await service.close()
})

const SCHOOLS = numbered(900100, 200)

/** The same schools with some of them changed. */
function changed(changes: Readonly<Record<number, Partial<TestSchool>>>): TestSchool[] {
  return SCHOOLS.map((school) => ({ ...school, ...changes[school.urn] }))
}

async function stateOf(urn: number): Promise<Record<string, unknown> | undefined> {
  const { rows } = await service.database.pool.query('select name, status, as_at from establishment where urn = $1', [
    urn,
  ])
  return rows[0]
}

/** Everything an import writes, to see that nothing was. */
const TABLES = ['data_file', 'establishment', 'establishment_version', 'register_change', 'register_event', 'authority']
const everything = () => fingerprint(service.database.pool, TABLES)

const whole = (day: string) => `edubasealldata${day}.csv`

describe('the nightly register', () => {
  test('takes in what is new in its folder once, register files first, and says what it left', async () => {
    await nights.put(whole('20240110'), schoolsFile(SCHOOLS))
    await nights.put(
      'links_20240110.csv',
      'URN,LinkURN,LinkName,LinkType,LinkEstablishedDate\n900101,900102,B,Successor,\n',
    )
    await nights.put('notes.txt', 'not a register file')
    const first = await nights.night('2024-01-11')
    assert.deepEqual(
      first.files.map(({ file, outcome, asAt, report }) => [file, outcome, asAt, report?.totals.added]),
      [
        [whole('20240110'), 'taken', '2024-01-10', 200],
        ['links_20240110.csv', 'taken', '2024-01-10', 1],
      ],
    )
    assert.deepEqual(first.problems, ['notes.txt is no CSV and was left'])
    assert.deepEqual((await nights.night('2024-01-12')).files, [])
  })

  test('what changed is listed by night with its file and date, on the page, as JSON and as a file', async () => {
    await nights.put(
      whole('20240112'),
      schoolsFile([
        ...changed({
          900100: { name: 'New Name School' },
          900101: { status: 'Closed', closed: '31-12-2023' },
          900103: { authority: ['902', 'Beech', 'North West'] },
        }),
        { urn: 900500, name: 'Brand New School' },
      ]),
    )
    await nights.night('2024-01-12')
    const page = await service.get('/changes')
    assert.equal(page.status, 200)
    assert.match(page.text, /1 opened 1 closed 0 converted .* 1 moved authority 1 moved region 1 renamed/)
    assert.match(page.text, /New Name School URN 900100 Renamed Was School 900100 12 January 2024/)
    assert.match(page.text, /School 900101 URN 900101 Closed Closed 31 December 2023/)
    assert.match(page.text, /From Alder to Beech/)
    assert.match(page.text, /edubasealldata20240112\.csv as at 12 January 2024/)
    const only = await service.get('/changes?kind=renamed')
    assert.match(only.text, /New Name School/)
    assert.doesNotMatch(only.text, /Brand New School/)
    const json = (await service.get('/api/v1/register-changes')).json<{ total: number; counts: object }>()
    assert.deepEqual(json.counts, { opened: 1, closed: 1, renamed: 1, 'moved-region': 1, 'moved-authority': 1 })
    const csv = await service.get('/changes.csv')
    assert.match(
      csv.body,
      /Renamed,900100,New Name School,Was School 900100,2024-01-12,edubasealldata20240112.csv,2024-01-12/,
    )
  })

  test('holds itself when more than 1 in 100 would close: nothing is written, and it waits with its reasons', async () => {
    const closed = Object.fromEntries([0, 2, 4].map((place) => [900110 + place, { status: 'Closed' }]))
    await nights.put(whole('20240113'), schoolsFile([...changed(closed), { urn: 900500 }]))
    const before = await everything()
    const report = await nights.night('2024-01-13')
    assert.equal(await everything(), before)
    assert.deepEqual(
      report.files.map(({ outcome, counts }) => ({ outcome, counts })),
      [{ outcome: 'held', counts: { rows: 201, open: 200, closing: 3, lastRows: 201 } }],
    )
    const list = await service.get('/about-the-data/nights')
    assert.match(
      list.text,
      /edubasealldata20240113\.csv schools 13 January 2024 3 schools of 200 open would close: more than 1 in 100/,
    )
    assert.deepEqual((await nights.night('2024-01-14')).files, [], 'it waits once')
    const { held } = (await service.get('/api/v1/register-nights')).json<{
      held: { id: number; reasons: { code: string }[] }[]
    }>()
    assert.deepEqual(
      held.map(({ reasons }) => reasons.map(({ code }) => code)),
      [['hold.closures']],
    )
  })

  test('holds a file without a known or required column, and one with 5 in 100 fewer rows', async () => {
    await nights.put(whole('20240114'), schoolsFile(SCHOOLS, { without: 'NumberOfPupils' }))
    await nights.put(whole('20240115'), schoolsFile(SCHOOLS, { without: 'PhaseOfEducation (name)' }))
    await nights.put(whole('20240116'), schoolsFile(SCHOOLS.slice(0, 190)))
    const before = await everything()
    const report = await nights.night('2024-01-16')
    assert.equal(await everything(), before)
    assert.deepEqual(
      report.files.map(({ file, reasons }) => [file, reasons.map(({ code }) => code)]),
      [
        [whole('20240114'), ['hold.columns']],
        [whole('20240115'), ['columns.missing']],
        [whole('20240116'), ['hold.closures', 'hold.rows']],
      ],
    )
    assert.match(
      report.files[0]?.reasons[0]?.message ?? '',
      /NumberOfPupils was in the file of 12 January 2024 and is missing now/,
    )
  })

  test('an administrator takes a held import in anyway, with a reason that is kept, or throws it away', async () => {
    type Held = { id: number; name: string }
    const held = (await service.get('/api/v1/register-nights')).json<{ held: Held[] }>().held
    const idOf = (day: string) => held.find(({ name }) => name === whole(day))?.id ?? 0
    const path = `/about-the-data/nights/files/${idOf('20240113')}`
    const without = await service.post(`${path}/take-in`, { reason: '' })
    assert.equal(without.status, 422)
    assert.match(without.text, /There is a problem Say why, in a few words/)
    const api = await service.postJson(`/api/v1/register-nights/files/${idOf('20240113')}/take-in`, {})
    assert.deepEqual(
      api.json<{ refusals: { code: string }[] }>().refusals.map(({ code }) => code),
      ['reason.missing'],
    )

    assert.equal((await service.post(`${path}/take-in`, { reason: 'Three closures, confirmed' })).status, 303)
    assert.equal((await stateOf(900110))?.status, 'Closed')
    assert.match(
      (await service.get(path)).text,
      /Taken in anyway, .* by Test Officer Because Three closures, confirmed/,
    )
    const again = await service.postJson(`/api/v1/register-nights/files/${idOf('20240113')}/throw-away`, {
      reason: 'No',
    })
    assert.equal(again.status, 409)

    const thrown = await service.postJson(`/api/v1/register-nights/files/${idOf('20240116')}/throw-away`, {
      reason: 'Cut off by a filter',
    })
    assert.equal(thrown.status, 200)
    assert.deepEqual((await nights.night('2024-01-17')).files, [], 'what was thrown away does not come back')
    const { rows } = await service.database.pool.query<{ action: string; reason: string }>(
      `select e.action, v.value as reason from audit_entry e join audit_value v on v.entry_id = e.id and v.side = 'why' and v.field = 'reason'
       where e.record = 'register-night-file' order by e.id`,
    )
    assert.deepEqual(rows, [
      { action: 'Held import taken in anyway', reason: '"Three closures, confirmed"' },
      { action: 'Held import thrown away', reason: '"Cut off by a filter"' },
    ])
  })

  test('a file that changed since it was held is not taken in under the old reason; a newer whole file ends the waiting', async () => {
    const { held } = (await service.get('/api/v1/register-nights')).json<{ held: { id: number; name: string }[] }>()
    const waiting = held.find(({ name }) => name === whole('20240114'))
    const closed = [900101, 900110, 900112, 900114].map((urn) => [urn, { status: 'Closed' }] as const)
    const mended = schoolsFile([...changed(Object.fromEntries(closed)), { urn: 900500 }])
    await nights.put(whole('20240114'), mended)
    const answer = await service.postJson(`/api/v1/register-nights/files/${waiting?.id}/take-in`, { reason: 'Fine' })
    assert.deepEqual(
      answer.json<{ refusals: { code: string }[] }>().refusals.map(({ code }) => code),
      ['held.file-gone'],
    )
    await nights.put(whole('20240118'), mended)
    await nights.night('2024-01-18')
    assert.deepEqual((await service.get('/api/v1/register-nights')).json<{ held: unknown[] }>().held, [])
  })

  test('a folder that is not there fails the night and says so', async () => {
    await assert.rejects(
      (async () => {
        const gone = await openNightFolder(service.database)
        await gone.remove()
        return gone.night('2024-01-19')
      })(),
      /The folder of the nightly register cannot be read/,
    )
    assert.match(
      (await service.get('/about-the-data/nights')).text,
      /The folder of the nightly register cannot be read/,
    )
  })
})
