import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { parse } from 'yaml'
import { openNightFolder } from '../../world/night-folder.ts'
import { buildRegister } from '../../world/register-builder.ts'
import { startTestService, type TestService } from '../../world/test-service.ts'
import { machineActor } from '../platform/actor.ts'
import { moveDay, openDemonstrationClock } from '../platform/demonstration-clock.ts'

let service: TestService
before(async () => {
  service = await startTestService({ movingDay: true, signedOut: true })
  // A school below 900000 stands for the published register.
  const register = await buildRegister(service.database)
  await register.authority('990', 'Trial Authority', 'North East')
  await register.trust('90001', 'Trial Trust')
  await register.school({ urn: 100101, name: 'Trial One School', authority_code: '990', region: 'North East' })
  await register.member(100101, '90001', '2020-09-01')
  await register.inspection(100101, '2021-11-09', { overall: 3 })
  await register.done()
})
after(() => service.close())

type Refused = { refusals: { code: string; message: string; field?: string }[] }

async function begin(scene: string, today?: string) {
  const answer = await service.postJson('/demo/reset', { scene, ...(today && { today }) })
  assert.equal(answer.status, 200, answer.text)
  return answer.json<{ scene: string; today: string; notLoaded: string[] }>()
}

async function today(): Promise<string> {
  return (await service.get('/demo/today')).json<{ today: string }>().today
}

async function count(table: string, where = 'true'): Promise<number> {
  const { rows } = await service.database.pool.query<{ count: number }>(
    `select count(*)::int as count from ${table} where ${where}`,
  )
  return rows[0]?.count ?? 0
}

async function signIn(person: string) {
  const answer = await service.postJson('/demo/sign-in', { person })
  assert.equal(answer.status, 200, `${person}: ${answer.text}`)
  return service.as(answer.cookie)
}

describe('The day of a demonstration', () => {
  it('moves forward only, and every page says which it is', async () => {
    assert.equal(await today(), '2024-01-15')
    const moved = await service.put('/demo/today', { today: '2024-02-01' })
    assert.deepEqual([moved.status, moved.json()], [200, { today: '2024-02-01', daysRun: 17 }])
    assert.match((await service.get('/schools')).text, /register is real\. Today is 1 February 2024/)
    const code = async (asked: string) => {
      const refused = await service.put('/demo/today', { today: asked })
      assert.equal(refused.status, 422, asked)
      return refused.json<Refused>().refusals[0]?.code
    }
    assert.equal(await code('2024-01-31'), 'today.backward')
    assert.equal(await code('2024-02-30'), 'today.not-a-date')
    assert.equal(await code('soon'), 'today.not-a-date')
    assert.equal(await code('2099-01-01'), 'today.far')
    assert.equal((await service.put('/demo/today', { today: '2024-02-01' })).json<{ daysRun: number }>().daysRun, 0)
    assert.equal(await today(), '2024-02-01')
  })

  it('is one row: a statement or another process moves it for everybody from the next request on', async () => {
    await service.database.pool.query(`update demonstration_clock set today = '2024-03-01'`)
    assert.equal(await today(), '2024-03-01')
    const other = await openDemonstrationClock(service.database)
    await service.put('/demo/today', { today: '2024-03-02' })
    await other.refresh?.()
    assert.equal(other.today().toString(), '2024-03-02')
  })

  it('lives through the days between one by one, and not at all when one of them fails', async () => {
    const clock = await openDemonstrationClock(service.database)
    const seen: string[] = []
    const note = (name: string) => ({
      name,
      run: async (_db: unknown, day: string) => void seen.push(`${name} ${day}`),
    })
    const move = (to: string, everyDay: Parameters<typeof moveDay>[0]['everyDay']) =>
      moveDay({ database: service.database, clock, everyDay }, to, machineActor('Tests', 'system'))
    assert.ok((await move('2024-03-04', [note('a'), note('b')])).ok)
    assert.deepEqual(seen, ['a 2024-03-03', 'b 2024-03-03', 'a 2024-03-04', 'b 2024-03-04'])
    const fails = { name: 'fails', run: () => Promise.reject(new Error('no paper')) }
    await assert.rejects(move('2024-03-06', [fails]), /no paper/)
    assert.equal(await today(), '2024-03-04')
    const [one, two] = [note('one'), note('two')]
    await Promise.all([move('2024-03-05', [one, two]), move('2024-03-05', [one, two])])
    assert.deepEqual(seen.slice(4), ['one 2024-03-05', 'two 2024-03-05'])
  })

  it('is changed by people with a form, which keeps what was typed', async () => {
    const wrong = await service.post('/demonstration/today', { day: '1', month: '2', year: '2024' })
    assert.equal(wrong.status, 422)
    assert.match(wrong.text, /The day must be 5 March 2024 or later/)
    assert.match(wrong.body, /name="year"[^>]*value="2024"/)
    assert.equal((await service.post('/demonstration/today', { day: '6', month: '3', year: '2024' })).status, 303)
    assert.equal(await today(), '2024-03-06')
    const { rows } = await service.database.pool.query(
      `select e.name, v.side, v.value from audit_entry e join audit_value v on v.entry_id = e.id
       where e.id = (select max(id) from audit_entry where action = 'Day moved') order by side`,
    )
    assert.deepEqual(rows, [
      { name: 'A visitor', side: 'new', value: '"2024-03-06"' },
      { name: 'A visitor', side: 'old', value: '"2024-03-05"' },
    ])
  })
})

describe('A scene', () => {
  it('begins on its day with the base world, and tells what nothing puts in yet', async () => {
    assert.deepEqual(await begin('tsi-s01'), { scene: 'tsi-s01', today: '2023-11-22', notLoaded: [] })
    assert.equal(await today(), '2023-11-22')
    assert.equal(await count('support_case'), 4)
    assert.ok((await begin('lle-march')).notLoaded.length > 0)
    await begin('tsi-s01')
    assert.equal(await count('establishment', 'urn >= 900000'), 110)
    assert.equal(await count('leader', 'not exercise'), 8)
    assert.equal((await count('scenario')) + (await count('proposal')), 0)
    assert.deepEqual(await begin('empty'), { scene: 'empty', today: '2023-11-01', notLoaded: [] })
    assert.equal((await begin('empty', '2017-02-20')).today, '2017-02-20')
  })

  it('begun again is judged anew, whatever was worked out of the one before', async () => {
    for (const _ of [1, 2]) {
      await begin('empty')
      const officer = await signIn('rg-all')
      const run = await officer.post('/eligibility/tsi@2023-24/runs', { on: '2023-11-22', reason: 'Monthly list' })
      assert.equal(run.status, 303, run.text)
      assert.match((await officer.get(run.location)).text, /Larkbeck Primary School/)
    }
  })

  it('that is not there is refused with those that are, and changes nothing', async () => {
    await begin('empty')
    const before = await count('audit_entry')
    const refused = await service.postJson('/demo/reset', { scene: 'nowhere' })
    assert.equal(refused.status, 404)
    const [refusal] = refused.json<Refused>().refusals
    assert.equal(refusal?.code, 'demo.scene')
    assert.match(refusal?.message ?? '', /empty, tsi-s01, .*gtg-levels, .*lle-march, .*lln-year-end/)
    assert.equal((await service.postJson('/demo/reset', { scene: 'empty', today: 'soon' })).status, 422)
    assert.equal(await count('audit_entry'), before)
  })

  it('puts the published register back as it was, without loading it', async () => {
    await begin('empty')
    const school = async () =>
      (await service.database.pool.query('select * from establishment where urn = 100101')).rows[0]
    const before = await school()
    const admin = await signIn('admin')
    const files: [string, string, string[]][] = [
      [
        'schools',
        'edubasealldata20240201.csv',
        [
          'URN,EstablishmentName,EstablishmentStatus (name),LA (code),LA (name),TypeOfEstablishment (name),PhaseOfEducation (name)',
          '100101,Other Name School,Closed,990,Trial Authority,Community school,Primary',
          '900901,Row One School,Open,LA-NE,Wearstead,Community school,Primary',
          '100102,Row Two School,Open,990,Trial Authority,Community school,Primary',
        ],
      ],
      [
        'groups',
        'allgroupsdata20240201.csv',
        [
          'Group UID,Group Name,Group Type,Group Status',
          '90001,Renamed Trust,Multi-academy trust,Open',
          '90002,New Trust,Multi-academy trust,Open',
        ],
      ],
    ]
    for (const [kind, name, lines] of files) {
      const answer = await admin.upload('/about-the-data/take-in', { kind }, name, lines)
      assert.ok(answer.status < 400, answer.text)
    }
    assert.notDeepEqual(await school(), before)
    assert.equal(await count('establishment', 'urn in (900901, 100102)'), 2)
    await begin('empty')
    assert.deepEqual(await school(), before)
    assert.equal(await count('establishment', 'urn in (900901, 100102)'), 0)
    assert.equal(await count('establishment_group', `uid = '90002' or name = 'Renamed Trust'`), 0)
    assert.equal(await count('data_file', `coverage <> 'invented England'`), 1)
  })

  it('takes corrections of the register, its events and its nights away', async () => {
    await begin('empty')
    const { database } = service
    const town = async () =>
      (
        await database.pool.query(
          'select urn, town, trust_uid from establishment where urn in (100101, 900002) order by urn',
        )
      ).rows
    const before = await town()
    const admin = await signIn('admin')
    for (const [urn, what, value] of [
      [100101, 'town', 'Burnmoor'],
      [900002, 'trust', 'T-02'],
    ]) {
      const why = { source: 'A letter', sourceDate: '2023-09-01', reason: 'The file is a year behind' }
      const answer = await admin.postJson(`/api/v1/schools/${urn}/corrections`, { what, value, ...why })
      assert.equal(answer.status, 201, answer.text)
    }
    const nights = await openNightFolder(database)
    await nights.put('nothing.csv', 'a,b\n1,2\n')
    await nights.night('2024-01-15')
    await nights.remove()
    assert.notDeepEqual(await town(), before)
    const tables = ['register_correction', 'register_event', 'register_night_file']
    for (const table of tables) assert.notEqual(await count(table), 0, table)
    await begin('empty')
    assert.deepEqual(await town(), before)
    for (const table of tables) assert.equal(await count(table), 0, table)
  })

  it('begins for people after a warning, and they choose again who to be', async () => {
    const list = await service.get('/demonstration/scenes')
    assert.match(list.text, /Trust and school improvement offer .*tsi-running .*Good to Great, run in part .*gtg-plans/)
    const warning = await service.get('/demonstration/scenes/lle-march')
    assert.match(warning.text, /Everything that was done in this demonstration goes/)
    const officer = await signIn('rg-all')
    assert.equal((await officer.post('/demonstration/scenes/lle-march', {})).location, '/sign-in')
    assert.equal((await officer.get('/account')).status, 303)
    assert.equal(await today(), '2017-03-06')
    assert.equal((await service.get('/demonstration/scenes/nowhere')).status, 404)
    assert.equal((await service.post('/demonstration/scenes/nowhere', {})).status, 404)
  })
})

type Person = {
  id: string
  name: string | null
  email: string
  same_person_as?: string
  grants: [string, string, unknown][]
}
type Shown = {
  id: string
  also: string[]
  name: string
  email: string
  grants: { programme: string | null; role: string }[]
}

describe('The people of a demonstration', () => {
  it('are all there with their roles, whether or not the programme is loaded', async () => {
    await begin('empty')
    const written = (name: string) =>
      parse(readFileSync(join(import.meta.dirname, '../../world/england', name), 'utf8'))
    const people: Person[] = written('people.yaml').people
    const shown = (await service.get('/demo/people')).json<Shown[]>()
    const find = (id: string) => shown.find((one) => one.id === id || one.also.includes(id))
    for (const { id, name, email, grants } of people.filter((one) => one.name !== null)) {
      const person = find(id)
      assert.deepEqual([person?.name, person?.email], [name, email], id)
      for (const [programme, role] of grants)
        assert.ok(
          person?.grants.some((one) => (one.programme ?? 'all') === programme && one.role === role),
          `${id} is ${role} of ${programme}`,
        )
    }
    const leaders: { id: string; name: string }[] = written('leaders.yaml').leaders
    for (const { id, name } of leaders) assert.equal(find(id)?.name, name)
    assert.equal(find('signed-out'), undefined)
    assert.ok(people.length > 140 && leaders.length === 47, `${people.length} people, ${leaders.length} leaders`)
  })

  it('are one account for one person, and a head of a trust who leads is its chief executive too', async () => {
    const shown = (await service.get('/demo/people')).json<Shown[]>()
    const both = shown.filter(({ id, also }) => [id, ...also].some((one) => ['ceo-20', 'L-04'].includes(one)))
    assert.deepEqual(
      both.map(({ id, also }) => [id, also]),
      [['ceo-20', ['L-04']]],
    )
    const leader = shown.find(({ id }) => id === 'L-01')
    assert.deepEqual(
      leader?.grants.map(({ role }) => role),
      ['system-leader', 'trust-ceo'],
    )
    for (const id of ['ceo-20', 'L-04', 'la-yh', 'officer-x', 'tsa-a', 'L-77']) await signIn(id)
  })

  it('a role of a programme that is not loaded gives nothing, and every body is an organisation', async () => {
    const { text } = await (await signIn('co-north')).get('/leaders')
    assert.match(text, /You do not have permission/)
    for (const [kind, many] of Object.entries({
      division: 11,
      alliance: 4,
      network: 3,
      firm: 2,
      partner: 7,
      diocese: 2,
    }))
      assert.equal(await count('organisation', `kind = '${kind}'`), many, kind)
    assert.equal(await count('organisation', `kind = 'school' and register_key = '900401'`), 1)
  })
})
