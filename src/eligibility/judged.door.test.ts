import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { startTestService, type TestService } from '../../world/test-service.ts'
import { type Entitlement, findEntitlement, judgeSchools, kindOf, readFactsOn, type SubjectKey } from './index.ts'

const REF = 'tsi@2023-24'
const API = `/api/v1/eligibility/${REF}`
const PAGES = `/eligibility/${REF}`

let service: TestService
before(async () => {
  service = await startTestService({ today: '2024-01-15', world: true })
})
after(() => service.close())

async function signIn(person: string) {
  const { status, cookie } = await service.postJson('/demo/sign-in', { person })
  assert.equal(status, 200, person)
  return service.as(cookie)
}

type Subject = {
  status: string
  kind: string
  outcome: string
  through: number[]
  rows: { id: string; result: string; evidence: string }[]
  decisions: { rationale: string }[]
  requests: { id: number; status: string }[]
  mayAsk: { row: string }[]
}
type Refused = { refusals: { code: string; message: string; field?: string }[] }

async function subjectOf(path: string, who: Pick<TestService, 'get'> = service): Promise<Subject> {
  const answer = await who.get(`${API}/${path}`)
  assert.equal(answer.status, 200, answer.body)
  return answer.json<Subject>()
}

async function count(table: 'eligibility_judgement' | 'eligibility_request'): Promise<number> {
  const { rows } = await service.database.pool.query<{ count: number }>(`select count(*) from ${table}`)
  return rows[0]?.count ?? 0
}

async function actionsOf(key: string) {
  const { rows } = await service.database.pool.query<{ action: string; name: string; role: string | null }>(
    `select e.action, e.name, (select value::jsonb #>> '{}' from audit_value v
       where v.entry_id = e.id and v.side = 'why' and v.field = 'role') as role
     from audit_entry e where record = 'eligibility' and record_key = $1 order by id`,
    [`${REF} ${key}`],
  )
  return rows
}

describe('A judgement that only a role may make', () => {
  const judgement = {
    row: 'director-view',
    urn: '900004',
    on: '2023-12-04',
    rationale: 'Leadership left within a term',
  }

  it('TSI-008 is refused to everybody but the director of the region, with nothing saved; theirs makes the school eligible by criterion 3', async () => {
    assert.equal((await subjectOf('schools/900004')).status, 'not eligible')
    for (const person of ['dp-wm', 'L-01', 'head-900006', 'rd-ne', 'rg-all', 'ceo-01', 'nobody']) {
      const who = await signIn(person)
      const refused = await who.postJson(`${API}/judgements`, judgement)
      assert.equal(refused.status, 403, person)
      assert.equal(refused.json<Refused>().refusals[0]?.code, 'not-allowed')
      const fields = { on: '2023-12-04', rationale: 'By a form' }
      assert.equal((await who.post(`${PAGES}/schools/900004/judge/director-view`, fields)).status, 403, person)
    }
    assert.equal(await count('eligibility_judgement'), 0)
    assert.equal((await subjectOf('schools/900004')).status, 'not eligible')

    const director = await signIn('rd-wm')
    const page = await director.get(`${PAGES}/schools/900004`)
    assert.match(page.body, /href="[^"]*schools\/900004\/judge\/director-view"/)
    assert.equal((await director.post(`${PAGES}/schools/900004/judge/director-view`, { rationale: '' })).status, 422)
    assert.equal((await director.postJson(`${API}/judgements`, { ...judgement, on: '2024-01-16' })).status, 422)
    assert.equal(await count('eligibility_judgement'), 0)
    const form = { 'on-day': '4', 'on-month': '12', 'on-year': '2023', rationale: judgement.rationale }
    assert.equal((await director.post(`${PAGES}/schools/900004/judge/director-view`, form)).status, 303)

    const judged = await subjectOf('schools/900004')
    assert.equal(judged.status, 'eligible - criterion 3')
    assert.equal(judged.decisions[0]?.rationale, judgement.rationale)
    const { rows } = await service.database.pool.query(
      'select judged_on, judged_as, judged_by from eligibility_judgement',
    )
    assert.deepEqual(rows, [{ judged_on: '2023-12-04', judged_as: 'regional-director', judged_by: 'Kit Anvilson' }])
    assert.match((await service.get(`${PAGES}/schools/900004`)).text, /Eligible: criterion 3/)
  })

  it('counts from its day on, on the list, the page and the API, and names who tried and who judged', async () => {
    const outcomeOn = async (on: string) =>
      (await service.get(`${API}?on=${on}&all`))
        .json<{ results: { urn: number; outcome: string; basis: string }[] }>()
        .results.find(({ urn }) => urn === 900004)
    assert.equal((await outcomeOn('2023-12-03'))?.outcome, 'not-eligible')
    assert.equal((await outcomeOn('2023-12-04'))?.outcome, 'eligible')
    assert.equal((await outcomeOn('2023-12-04'))?.basis, 'judged')
    assert.match(
      (await service.get(`${PAGES}?row=director-view`)).text,
      /Anvil Meadow School.*Judged to hold by the Regional Director/,
    )
    const [pack] = service.packs
    assert.ok(pack)
    // As the command line asks: with nothing kept from before.
    const fresh = judgeSchools(pack, await readFactsOn(service.database, '2023-12-04'))
    assert.equal(fresh.schools.find(({ school }) => school.urn === 900004)?.evaluation.basis, 'judged')
    const actions = await actionsOf('school 900004')
    assert.ok(actions.some(({ action, name }) => action.startsWith('Tried') && name === 'Silas Copperton'))
    assert.deepEqual(actions.at(-1), { action: 'Judged to hold', name: 'Kit Anvilson', role: 'Regional Director' })
    assert.match((await service.get(`${PAGES}/schools/900004`)).text, /Kit Anvilson, Regional Director, page/)
  })

  it('a later one takes its place, and none is ever changed', async () => {
    const director = await signIn('rd-wm')
    const gone = { ...judgement, on: '2024-01-10', rationale: 'A new head is in post', holds: false }
    assert.equal((await director.postJson(`${API}/judgements`, gone)).status, 201)
    assert.equal((await subjectOf('schools/900004')).outcome, 'not-eligible')
    await assert.rejects(service.database.pool.query('update eligibility_judgement set holds = true'), /never changed/)
  })

  it('shows its reasons to those whose place it is only', async () => {
    const away = await subjectOf('schools/900004', await signIn('dp-ne'))
    assert.match(away.rows.find(({ id }) => id === 'director-view')?.evidence ?? '', /Judged not to hold/)
    assert.deepEqual([away.decisions, away.requests], [[], []])
    assert.doesNotMatch((await (await signIn('dp-ne')).get(`${PAGES}/schools/900004`)).body, /new head|Anvilson/)
    for (const person of ['head-900001', 'la-ne', 'rg-pay', 'nobody'])
      assert.equal((await (await signIn(person)).get(`${API}/schools/900004`)).status, 403, person)
  })
})

describe('Meeting any one', () => {
  it('lists every criterion that is met, and refuses with the reason of each that is not', async () => {
    const director = await signIn('rd-ne')
    const given = { row: 'director-view', urn: '900005', rationale: 'Support is needed at once' }
    assert.equal((await director.postJson(`${API}/judgements`, given)).status, 201)
    const both = await subjectOf('schools/900005')
    assert.equal(both.status, 'eligible - criterion 1 and criterion 3')
    const entitled = (await service.get(`${API}/schools/900005/entitlement`)).json<Entitlement>()
    assert.deepEqual(
      entitled.rows.map(({ id }) => id),
      ['consecutive-ri', 'director-view'],
    )
    assert.deepEqual([entitled.reason, entitled.byException], ['consecutive-ri', false])
    assert.equal(entitled.rows[1]?.decided?.by, 'Georgiana Muckle-Thorpe')

    const refused = await service.get(`${API}/schools/900006/entitlement`)
    assert.equal(refused.status, 422)
    const codes = refused.json<Refused>().refusals.map(({ code }) => code)
    assert.deepEqual(codes, ['eligibility.none', ...Array(3).fill('eligibility.row'), 'eligibility.ask'])
  })
})

describe('What a beneficiary is', () => {
  it('is read from the register on the day; another kind is refused', async () => {
    const { db } = service.database
    const kinds: [SubjectKey, string][] = [
      [{ kind: 'school', urn: 900001 }, 'single school'],
      [{ kind: 'school', urn: 900002 }, 'school in MAT'],
      [{ kind: 'trust', uid: 'T-01' }, 'trust'],
    ]
    for (const [key, kind] of kinds) assert.equal(await kindOf(db, key, '2024-01-15'), kind)
    const refused = await service.get(`${API}/schools/900002/entitlement?kind=single+school`)
    assert.deepEqual(
      refused.json<Refused>().refusals.map(({ code }) => code),
      ['kind.conflict'],
    )
    const [pack] = service.packs
    assert.ok(pack)
    const found = await findEntitlement(service.database, {
      pack,
      subject: { kind: 'school', urn: 900002 },
      on: '2024-01-15',
    })
    assert.ok(found.ok)
    assert.equal(found.value.subject.kind, 'school in MAT')
    assert.equal(found.value.subject.trust?.uid, 'T-01')
  })
})

describe('Trusts', () => {
  it('qualify through a school of theirs, which is named; one without is refused and offered to ask', async () => {
    const kestrel = await subjectOf('trusts/T-01')
    assert.equal(kestrel.outcome, 'eligible')
    assert.deepEqual(kestrel.through, [900002])
    assert.match((await service.get(`${PAGES}/trusts/T-01`)).text, /Through its schools: URN 900002/)

    const refused = await service.get(`${API}/trusts/T-02/entitlement`)
    assert.equal(refused.status, 422)
    assert.match(refused.json<Refused>().refusals.at(-1)?.message ?? '', /may be asked for/i)
    assert.match(
      (await (await signIn('ceo-02')).get(`${PAGES}/trusts/T-02`)).text,
      /Not eligible.*Ask for an exception/,
    )
  })

  it('qualify by a judgement of the trust itself', async () => {
    const em = await signIn('rd-em')
    const given = { row: 'director-view', uid: 'T-02', rationale: 'The trust asked for a quick start' }
    assert.equal((await (await signIn('rd-ne')).postJson(`${API}/judgements`, given)).status, 403)
    assert.equal((await em.postJson(`${API}/judgements`, given)).status, 201)
    assert.equal((await subjectOf('trusts/T-02')).status, 'eligible - criterion 3')
    assert.equal((await subjectOf('schools/900020')).outcome, 'not-eligible')
  })
})

describe('An exception', () => {
  const asked = { row: 'exception', urn: '900006', reason: 'Sharp fall in KS2 results' }

  it('is asked for by the school with a reason, waits, and is decided by the roles that may; then it is marked', async () => {
    const head = await signIn('head-900006')
    assert.equal((await head.postJson(`${API}/requests`, { ...asked, reason: ' ' })).status, 422)
    assert.equal((await head.post(`${PAGES}/schools/900006/ask/exception`, { reason: '' })).status, 422)
    assert.equal(await count('eligibility_request'), 0)
    const made = await head.post(`${PAGES}/schools/900006/ask/exception`, {
      origin: 'self-identified',
      reason: asked.reason,
    })
    assert.equal(made.status, 303)
    assert.match((await head.get(made.location)).text, /Exception requested/)
    assert.equal((await head.postJson(`${API}/requests`, asked)).json<Refused>().refusals[0]?.code, 'request.open')

    const id = Number(made.location.split('/').at(-1))
    const waits = async (person: string) =>
      /Decision: exception requested<[\s\S]*Trentley Fields/.test((await (await signIn(person)).get('/my-work')).body)
    assert.deepEqual([await waits('rg-all'), await waits('dp-em'), await waits('rg-ne')], [true, false, false])
    const decide = `/api/v1/eligibility-requests/${id}/decide`
    const yes = { outcome: 'approved', rationale: 'The results bear it out' }
    for (const person of ['dp-em', 'head-900006', 'L-01', 'rd-ne', 'rg-ne']) {
      const who = await signIn(person)
      assert.equal((await who.postJson(decide, yes)).status, 403, person)
      assert.equal((await who.post(`/eligibility-requests/${id}/decide`, yes)).status, 403, person)
    }
    assert.equal((await subjectOf('schools/900006')).requests[0]?.status, 'exception requested')
    assert.ok(
      (await actionsOf('school 900006')).some(
        ({ action, name }) => /Tried to decide/.test(action) && name === 'Rowena Spireham',
      ),
    )
    assert.match((await (await signIn('dp-em')).get(`${PAGES}/requests`)).text, /Trentley Fields.*Exception requested/)
    assert.doesNotMatch((await (await signIn('dp-ne')).get(`${PAGES}/requests`)).text, /Trentley Fields/)

    assert.equal((await (await signIn('rg-all')).postJson(decide, yes)).status, 200)
    assert.equal((await (await signIn('rg-all')).postJson(decide, yes)).status, 409)
    assert.equal(await waits('rg-all'), false)
    assert.equal((await subjectOf('schools/900006')).status, 'eligible - by exception')
    const line = (await service.get(`${PAGES}?q=900006`)).text
    assert.match(line, /Trentley Fields Primary School.*by exception/)
    assert.match((await service.get(`/eligibility/${REF}.csv?q=900006`)).body, /by exception/)
    const kept = (await service.get(`${API}/schools/900006/entitlement`)).json<{
      byException: boolean
      origin: string
    }>()
    assert.deepEqual([kept.byException, kept.origin], [true, 'self-identified'])
  })

  it('may be asked for by the delivery partner on behalf of a school, and by nobody of elsewhere', async () => {
    for (const person of ['wrong-school', 'dp-ne', 'L-01', 'la-em'])
      assert.equal(
        (await (await signIn(person)).postJson(`${API}/requests`, { ...asked, urn: '900007' })).status,
        403,
        person,
      )
    const partner = await signIn('dp-wm')
    const wrong = { ...asked, urn: '900007', origin: 'department-judgement' }
    assert.equal((await partner.postJson(`${API}/requests`, wrong)).status, 403)
    const made = await partner.postJson(`${API}/requests`, { ...asked, urn: '900007' })
    assert.equal(made.status, 201)
    assert.equal(made.json<{ onBehalf: boolean; kind: string }>().onBehalf, true)
    const { id } = made.json<{ id: number }>()
    const no = { outcome: 'refused', rationale: 'Other help is there already' }
    assert.equal((await (await signIn('rd-wm')).postJson(`/api/v1/eligibility-requests/${id}/decide`, no)).status, 200)
    assert.equal((await subjectOf('schools/900007')).outcome, 'not-eligible')
  })

  it('may begin with the department, and be approved by the director', async () => {
    const raised = {
      ...asked,
      urn: '900007',
      origin: 'department-judgement',
      reason: 'The team judges that help is needed',
    }
    const made = await (await signIn('rg-all')).postJson(`${API}/requests`, raised)
    assert.equal(made.status, 201, made.body)
    const { id, status } = made.json<{ id: number; status: string }>()
    assert.equal(status, 'exception requested')
    const yes = { outcome: 'approved', rationale: 'Agreed' }
    const decide = `/api/v1/eligibility-requests/${id}/decide`
    assert.equal((await (await signIn('dp-wm')).postJson(decide, yes)).status, 403)
    assert.equal((await service.get(`/api/v1/eligibility-requests/${id}`)).json<{ status: string }>().status, status)
    assert.equal((await (await signIn('rd-wm')).postJson(decide, yes)).status, 200)
    assert.equal((await subjectOf('schools/900007')).status, 'eligible - by exception')
  })

  it('is not asked for by a school that qualifies, and a request is never decided without its judgement', async () => {
    const refused = await (await signIn('head-900001')).postJson(`${API}/requests`, { ...asked, urn: '900001' })
    assert.equal(refused.json<Refused>().refusals[0]?.code, 'request.qualifies')
    await assert.rejects(
      service.database.pool.query(`update eligibility_request set state = 'refused' where state = 'approved'`),
      /its judgement says otherwise/,
    )
  })
})
