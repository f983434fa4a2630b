import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { openSession } from '../src/accounts/index.ts'
import type { MessageSubject } from '../src/messages/index.ts'
import { queue } from '../src/messages/test-letters.ts'
import { runOver } from '../src/money/test-money.ts'
import type { Route } from '../src/platform/web/route.ts'
import { fixedClock, startTestService, type TestAnswer, type TestService } from '../world/test-service.ts'

/**
 * Whoever looks after a part of England reaches the records of that part, and of the others not a word. Every route with a
 * record in its address is walked by several people with real records inside and outside their scope.
 */

/** Whom each of them may reach, written out here: nothing is read from grants or policies. */
const REGIONS: Readonly<Record<string, readonly string[] | 'all'>> = {
  'rg-ne': ['North East'],
  'dp-ne': ['North East'],
  'dp-lnse': ['London', 'South East'],
  'rg-all': 'all',
  admin: 'all',
  'L-01': [],
  'head-900001': [],
  'ceo-01': [],
  nobody: [],
}
const SEE_LEADERS = ['rg-ne', 'dp-ne', 'dp-lnse', 'rg-all', 'admin']
const MATCH = ['rg-ne', 'dp-ne', 'dp-lnse', 'rg-all']

type Person = Pick<TestService, 'get' | 'post' | 'postJson'>
/** One record of each kind: how addresses name it, in which region it lies, and the words that only it holds. */
type Things = { readonly parameters: Readonly<Record<string, string>>; readonly region: string; readonly words: RegExp }

/** By the beginning of an address: a record of the North East and one of London, and a record that nobody ever had. */
type Records = { readonly inside: Things; readonly outside: Things; readonly nowhere: Things; readonly needs: string[] }

/** Routes with something in their address that is no record of a person, leader or case. */
const OPEN = [
  /^\/(api\/v1\/)?(schools|trusts|authorities|programmes|eligibility|eligibility-runs)\/:/, // the register, and what follows from it
  /^\/about-the-data\/:id$/,
  /^\/(about-the-data\/nights|api\/v1\/register-nights)\/files\/:id/, // administrators only: night.door.test.ts
  /^\/feedback\/:reference\/thanks$/, // repeats the number that it was given
  /^\/account\/sessions\/:id\/end$/, // one's own: accounts.door.test.ts
  /^\/invitations\/:code$/,
  /^\/calendar\/:token\.ics$/, // the address is the permission: calendar.door.test.ts
  /^\/link\/:token$/, // whoever has it and knows the address that it went to: links.door.test.ts
  /^\/organisations\/:id\/people/, // by who approves, not by scope: accounts.door.test.ts
  /^\/(api\/v1\/)?organisations\/:id\/token/, // administrators only: tokens-and-reviews.door.test.ts
  /^\/(api\/v1\/)?standings\/:/, // by a role of the programme at the school: standings.door.test.ts
  /^\/(api\/v1\/)?eligibility-requests\/:id/, // by whose place it is: requests.door.test.ts
  /^\/demonstration\/scenes\/:scene$/, // the same for everybody
]

let service: TestService
let people: ReadonlyMap<string, Person>
let records: Readonly<Record<string, Records>>

before(async () => {
  service = await startTestService({ today: '2024-01-15', world: true })
  people = new Map(await Promise.all(Object.keys(REGIONS).map(async (id) => [id, await signIn(id)] as const)))
  records = await makeRecords()
})
after(() => service.close())

async function signIn(person: string): Promise<Person> {
  const [found] = await rows<{ id: number }>('select id from person where $1 = any (demonstration_ids)', [person])
  const token = await openSession(
    { database: service.database, clock: fixedClock('2024-01-15') },
    { personId: found?.id ?? 0, browser: 'test', through: { door: 'page', requestId: '' } },
  )
  return service.as(token)
}

function as(person: string): Person {
  const found = people.get(person)
  assert.ok(found, person)
  return found
}

/** What is in the database, asked outside of any scope. */
async function rows<R extends object>(text: string, values: unknown[] = []): Promise<R[]> {
  return (await service.database.pool.query<R>(text, values)).rows
}

const TERM = '2023-24-spring'

async function makeRecords(): Promise<Readonly<Record<string, Records>>> {
  const leader = async (reference: string, region: string, words: RegExp): Promise<Things> => {
    const api = `/api/v1/leaders/${reference}`
    await created(service.postJson(`${api}/leave`, { from: '2024-02-12', to: '2024-02-16' }))
    await created(
      service.postJson(`${api}/interests`, { year: '2023', target: '900030', nature: `Kin of ${reference}` }),
    )
    const hold = { kind: 'hold', term: TERM, days: '1', takenFor: `Visit of ${reference}` }
    const entry = await created(service.postJson(`${api}/entries`, hold))
    return { parameters: { reference, id: String(entry.id) }, region, words }
  }
  const scenario = async (person: string, region: string, urns: string, name: string): Promise<Things> => {
    const asked = { programme: 'tsi@2023-24', source: 'named', term: TERM, days: '2', name, urns }
    const { id } = await created(as(person).postJson('/api/v1/matching', asked))
    const [need] = await rows<{ id: number }>(
      'select establishment_id as id from scenario_need where scenario_id = $1',
      [id],
    )
    return { parameters: { id: String(id), need: String(need?.id) }, region, words: new RegExp(name) }
  }
  const person = async (id: string, words: RegExp): Promise<Things> => {
    const [found] = await rows<{ id: number }>('select id from person where $1 = any (demonstration_ids)', [id])
    return { parameters: { id: String(found?.id) }, region: 'administrators only', words }
  }
  const nowhere = (parameters: Record<string, string>) => ({ parameters, region: 'none', words: /^never$/ })
  const leaders = {
    inside: await leader('L-02', 'North East', /Wren-Marsh|wrenmarsh|Kin of L-02|Visit of L-02/),
    outside: await leader('L-05', 'London', /Penhallow|penhallow|Kin of L-05|Visit of L-05/),
    nowhere: nowhere({ reference: 'L-999', id: '999999' }),
  }
  const scenarios = {
    inside: await scenario('rg-ne', 'North East', '900001 900002', 'Plan of the North'),
    outside: await scenario('dp-lnse', 'London', '900024 900025', 'Plan of the Thames'),
    nowhere: nowhere({ id: '999999', need: '999999' }),
  }
  const accounts = {
    inside: await person('head-900001', /Larkin-Roe/),
    outside: await person('ceo-02', /Lanternby/),
    nowhere: nowhere({ id: '999999' }),
  }
  const supportCase = async (urn: number, region: string, words: RegExp): Promise<Things> => {
    const { reference } = await created(as('rg-all').postJson('/api/v1/cases', { programme: 'tsi@2023-24', urn }))
    return {
      parameters: { reference, step: 'hand-over', list: 'attendance-school', section: 'scope', signature: 'leader' },
      region,
      words,
    }
  }
  const cases = {
    inside: await supportCase(900016, 'North East', /Burnmoor Vale School/),
    outside: await supportCase(900024, 'London', /Thamesholt Primary School/),
    nowhere: nowhere({
      reference: 'C-9999',
      step: 'hand-over',
      list: 'attendance-school',
      section: 'scope',
      signature: 'leader',
    }),
  }
  const study = async ({ parameters, region, words }: Things): Promise<Things> => {
    const made = await created(as('rg-all').postJson('/api/v1/case-studies', { cases: [parameters['reference']] }))
    const [link] = await rows<{ id: number }>('select max(id) as id from case_study_subject')
    return { parameters: { reference: made.reference, id: String(link?.id) }, region, words }
  }
  const studies = {
    inside: await study(cases.inside),
    outside: await study(cases.outside),
    nowhere: nowhere({ reference: 'CS-9999', id: '999999' }),
    needs: MATCH,
  }
  const letter = async (about: Partial<MessageSubject>, region: string, label: string): Promise<Things> => {
    const id = await queue(service.database, 'match-details', { about: { ...about, region, label } })
    return { parameters: { id: String(id) }, region, words: new RegExp(label) }
  }
  const thames = { authority: 'LA-L1', organisations: ['T-12'], urns: [900024], leaders: ['L-05'] }
  const messages = {
    inside: await letter({}, 'North East', 'Letter of the North'),
    outside: await letter(thames, 'London', 'Letter of the Thames'),
    nowhere: nowhere({ id: '999999' }),
  }
  const run = async ({ parameters }: Things, region: string, words: RegExp): Promise<Things> => {
    return { parameters: { reference: await runOver(service, parameters['reference'] ?? '') }, region, words }
  }
  const runs = {
    inside: await run(cases.inside, 'North East', /Grant of/),
    outside: await run(cases.outside, 'London', /Grant of/),
    nowhere: nowhere({ reference: 'R-9999' }),
    needs: ['rg-ne', 'rg-all'],
  }
  return {
    '/money/runs/:reference': runs,
    '/api/v1/payment-runs/:reference': runs,
    '/leaders/:reference': { ...leaders, needs: SEE_LEADERS },
    '/api/v1/leaders/:reference': { ...leaders, needs: SEE_LEADERS },
    '/matching/:id': { ...scenarios, needs: MATCH },
    '/api/v1/matching/:id': { ...scenarios, needs: MATCH },
    '/people/:id': { ...accounts, needs: ['admin'] },
    '/cases/:reference': { ...cases, needs: MATCH },
    '/api/v1/cases/:reference': { ...cases, needs: MATCH },
    '/case-studies/:reference': studies,
    '/api/v1/case-studies/:reference': studies,
    '/messages/:id': { ...messages, needs: MATCH },
    '/api/v1/messages/:id': { ...messages, needs: MATCH },
  }
}

async function created(asked: Promise<TestAnswer>): Promise<{ id: number; reference: string }> {
  const answer = await asked
  assert.equal(answer.status, 201, answer.body)
  return answer.json()
}

function recordsOf({ path }: Route): Records {
  const found = Object.entries(records).find(
    ([start]) => path === start || path.startsWith(`${start}/`) || path.startsWith(`${start}.`),
  )
  assert.ok(found, `${path} has something in its address: name its records here, or why it is open to everybody`)
  return found[1]
}

function addressOf({ path }: Route, { parameters }: Things): string {
  return path.replaceAll(/:(\w+)/g, (_, name: string) => parameters[name] ?? '1')
}

function reaches(person: string, region: string): boolean {
  const own = REGIONS[person] ?? []
  return own === 'all' || own.includes(region)
}

/** Fields that would do something, were the record there. */
const FIELDS = {
  reason: 'Tried from outside',
  name: 'Taken over',
  version: '1',
  nothing: 'yes',
  year: '2023',
  state: 'left',
  kind: 'hold',
  term: TERM,
  days: '1',
  takenFor: 'Something else',
  from: '2024-03-04',
  to: '2024-03-05',
  leader: 'L-02',
  typeReason: 'None other',
  distance: '10',
}

const withRecord = () =>
  service.routes.filter(({ path }) => path.includes(':') && !OPEN.some((pattern) => pattern.test(path)))

function ask(person: string, route: Route, things: Things): Promise<TestAnswer> {
  const address = addressOf(route, things)
  if (route.method === 'GET') return as(person).get(address)
  return address.startsWith('/api/')
    ? as(person).postJson(address, { ...FIELDS, priorities: {} })
    : as(person).post(address, FIELDS)
}

/** An answer without what is the request's own: its number, its address, and the reference that it repeats. */
function withoutNames({ body }: TestAnswer, route: Route, things: Things): string {
  return body
    .replaceAll(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|nonce="[^"]*"/g, '')
    .replaceAll(addressOf(route, things), '')
    .replaceAll(things.parameters['reference'] ?? '(no reference)', '')
}

/** What a record answers where it is out of reach: the same as one that nobody ever had, or that this person may not ask. */
async function assertHidden(person: string, route: Route): Promise<void> {
  const { outside, nowhere } = recordsOf(route)
  const answer = await ask(person, route, outside)
  const where = `${person}: ${route.method} ${route.path} answered ${answer.status}`
  assert.ok(!outside.words.test(answer.body + answer.location), `${where} with words of the record`)
  if (answer.status === 403) return
  assert.equal(answer.status, 404, where)
  const missing = await ask(person, route, nowhere)
  assert.equal(missing.status, 404, `${where}; ${missing.status} for a record that is nowhere`)
  assert.ok(
    withoutNames(answer, route, outside) === withoutNames(missing, route, nowhere),
    `${where}, unlike a record that is nowhere`,
  )
}

function isReached(person: string, { needs }: Records, { region }: Things): boolean {
  return needs.includes(person) && reaches(person, region)
}

/** Pages that these records have something to show on. */
const SHOWN =
  /^(\/api\/v1)?\/(leaders\/:reference(\/interests|\/history)?|matching\/:id(\/history|\/answer\.csv|\/schools\/:need)?|messages\/:id|people\/:id|case-studies\/:reference(\/about)?)$/

describe('A record of another region', () => {
  for (const person of Object.keys(REGIONS))
    it(`is for ${person} as if it were not there, at every route`, async () => {
      const before = await fingerprint()
      for (const route of withRecord())
        if (!isReached(person, recordsOf(route), recordsOf(route).outside)) await assertHidden(person, route)
      assert.deepEqual(await fingerprint(), before, 'something was changed')
    })

  it('is there for whoever looks after that region, or after all', async () => {
    let shown = 0
    for (const route of withRecord().filter(({ method, path }) => method === 'GET' && SHOWN.test(path))) {
      const found = recordsOf(route)
      for (const things of [found.inside, found.outside])
        for (const person of found.needs.filter((one) => isReached(one, found, things))) {
          const answer = await ask(person, route, things)
          assert.equal(answer.status, 200, `${person}: ${route.path} of ${things.region}`)
          shown += Number(things.words.test(answer.body))
        }
    }
    assert.ok(shown > 50, `${shown} pages showed a word of their record`)
  })
})

/** Everything that a change would leave behind. */
async function fingerprint() {
  const [found] = await rows(`select
    (select jsonb_agg(l order by id) from leader l) as leaders, (select jsonb_agg(e order by id) from leader_day_entry e) as days,
    (select jsonb_agg(e order by id) from leader_leave e) as leave, (select jsonb_agg(e order by id) from leader_interest e) as interests,
    (select jsonb_agg(s order by id) from scenario s) as scenarios, (select count(*) from scenario_decision) as decisions,
    (select count(*) from scenario_solution) as solutions, (select count(*) from proposal) as proposals,
    (select jsonb_agg(r order by id) from message_recipient r) as letters, (select count(*) from message_attempt) as tries,
    (select jsonb_agg(p order by id) from person p) as people, (select count(*) from role_grant) as grants,
    (select count(*) from audit_entry where action <> 'Signed in') as audit`)
  return found
}

/** Every reference of the API's list, page by page. */
async function listed(person: string): Promise<string[]> {
  const found: string[] = []
  for (let page = 1; page === 1 || found.length === (page - 1) * 50; page += 1) {
    const answer = await as(person).get(`/api/v1/leaders?page=${page}`)
    const { leaders } = answer.json<{ leaders: { reference: string }[] }>()
    if (leaders.length === 0) break
    found.push(...leaders.map(({ reference }) => reference))
  }
  return found.sort()
}

describe('Lists, files and the API', () => {
  const own = (person: string) => {
    const regions = REGIONS[person] ?? []
    return regions === 'all' ? ['all'] : regions
  }
  const referencesOf = async (person: string) =>
    (
      await rows<{ reference: string }>(
        `select reference from leader where region = any ($1) or $1 = '{all}' order by 1`,
        [own(person)],
      )
    ).map(({ reference }) => reference)

  for (const person of SEE_LEADERS)
    it(`hold for ${person} the leaders of the own regions, all of them and no others`, async () => {
      const expected = await referencesOf(person)
      assert.deepEqual(await listed(person), expected)
      const lines = (await as(person).get('/leaders.csv')).body.split(/\r?\n/).slice(1).filter(Boolean)
      assert.deepEqual(lines.map((line) => line.split(',')[0]).sort(), expected)
      const page = await as(person).get('/leaders')
      const linked = [...page.body.matchAll(/href="\/leaders\/(L-\d+)"/g)].map(([, reference = '']) => reference)
      assert.ok(linked.length > 0 || expected.length === 0)
      assert.deepEqual(
        [...new Set(linked)].filter((reference) => !expected.includes(reference)),
        [],
      )
    })

  it('find nobody of another region by name, address, trust or filter', async () => {
    for (const text of ['Penhallow', 'L-05', 'T-12', 'London']) {
      const found = await as('rg-ne').get(`/api/v1/leaders?text=${text}`)
      assert.equal(found.json<{ total: number }>().total, 0, text)
      assert.doesNotMatch((await as('rg-ne').get(`/search?q=${text}`)).body, /Odile/)
    }
    assert.equal((await as('rg-ne').get('/api/v1/leaders?region=London')).json<{ total: number }>().total, 0)
    assert.ok((await as('dp-lnse').get('/api/v1/leaders?text=Penhallow')).json<{ total: number }>().total > 0)
    assert.doesNotMatch((await as('rg-ne').get('/leaders/bulk?leader=L-05&leader=L-02')).body, /Penhallow/)
  })

  it('write an ODS with the leaders of the own regions', async () => {
    const sizes = await Promise.all(
      ['rg-ne', 'dp-lnse', 'rg-all'].map(async (one) => (await as(one).get('/leaders.ods')).body.length),
    )
    assert.equal(new Set(sizes).size, 3)
  })

  it('hold the scenarios of the own regions', async () => {
    const national = {
      programme: 'tsi@2023-24',
      source: 'named',
      term: TERM,
      days: '2',
      name: 'Across regions',
      urns: '900005',
    }
    const { id } = await created(as('rg-all').postJson('/api/v1/matching', national))
    const listOf = async (person: string) =>
      (await as(person).get('/api/v1/matching')).json<{ id: number; name: string }[]>().map((one) => one.name)
    assert.deepEqual(await listOf('rg-ne'), ['Plan of the North'])
    assert.deepEqual(await listOf('dp-ne'), ['Plan of the North'])
    assert.deepEqual(await listOf('dp-lnse'), ['Plan of the Thames'])
    assert.deepEqual(await listOf('rg-all'), ['Across regions', 'Plan of the Thames', 'Plan of the North'])
    // Its schools are of the North East, its leaders of all regions: seen whole or not at all.
    assert.equal((await as('rg-ne').get(`/matching/${id}`)).status, 404)
    assert.equal((await as('rg-all').get(`/matching/${id}`)).status, 200)
  })
})

describe('A change by somebody of one region', () => {
  it('takes leaders of the own region only into a scenario, and proposes no other', async () => {
    const [inside, outside] = [records['/matching/:id']?.inside, records['/leaders/:reference']?.outside]
    const { id = '', need = '' } = inside?.parameters ?? {}
    const pool = await rows<{ region: string }>(
      'select distinct l.region from scenario_leader s join leader l on l.id = s.leader_id where s.scenario_id = $1',
      [id],
    )
    assert.deepEqual(pool, [{ region: 'North East' }])
    const proposed = await as('rg-ne').postJson(`/api/v1/matching/${id}/proposals`, {
      need,
      leader: outside?.parameters['reference'],
    })
    assert.equal(proposed.status, 422)
    assert.doesNotMatch(proposed.body, outside?.words ?? /./)
    const compared = await as('rg-ne').get(
      `/matching/${id}/compare?with=${records['/matching/:id']?.outside.parameters['id']}`,
    )
    assert.equal(compared.status, 404)
  })

  it('adds and moves no leader into another region, and says which are the own', async () => {
    const leader = {
      reference: 'L-71',
      name: 'Wenna Pascoe',
      type: 'mat-ceo',
      organisation: 'T-10',
      state: 'active',
      worksOutOfRegion: 'yes',
    }
    const added = await as('dp-lnse').postJson('/api/v1/leaders', { ...leader, region: 'North East' })
    assert.equal(added.status, 422)
    assert.match(added.body, /region\.not-yours.*Choose a region that you look after: London or South East/s)
    assert.equal((await as('dp-lnse').postJson('/api/v1/leaders', { ...leader, region: 'London' })).status, 201)
    const moved = await as('dp-lnse').postJson('/api/v1/leaders/L-71', { region: 'North East', version: 1 })
    assert.equal(moved.status, 422, moved.body)
    assert.match(moved.body, /region\.not-yours/)
    assert.equal(
      (await as('dp-lnse').postJson('/api/v1/leaders/L-71', { region: 'South East', version: 1 })).status,
      200,
    )
  })

  it('learns of a reference that is taken elsewhere that it is taken, and nothing more', async () => {
    const leader = {
      reference: 'L-02',
      name: 'Wenna Pascoe',
      type: 'mat-ceo',
      organisation: 'T-10',
      region: 'London',
      state: 'active',
      worksOutOfRegion: 'yes',
    }
    const taken = await as('dp-lnse').postJson('/api/v1/leaders', leader)
    assert.equal(taken.status, 422)
    assert.match(taken.body, /reference\.taken/)
    assert.doesNotMatch(taken.body, /Wren-Marsh|North East/)
  })
})
