import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { startTestService, type TestService } from '../../world/test-service.ts'
import { presentMember } from './present-person.ts'

const LEADERS = '/api/v1/leaders'
const FORM = {
  name: 'Roster sync',
  role: 'tsi/delivery-partner',
  scope: 'region',
  values: 'North East',
  to: '2024-07-31',
}

let service: TestService
let path: string
before(async () => {
  service = await startTestService({ today: '2024-01-15', world: true })
  const { rows } = await service.database.pool.query<{ id: number }>(
    `select id from organisation where name = 'Northgate Schools Support'`,
  )
  path = `/organisations/${rows[0]?.id}/token`
})
after(() => service.close())

async function signIn(person: string) {
  return service.as((await service.postJson('/demo/sign-in', { person })).cookie)
}

async function makeToken(more: Record<string, string> = {}): Promise<string> {
  const answer = await service.postJson(`/api/v1${path}`, { ...FORM, ...more })
  assert.equal(answer.status, 201, answer.body)
  return answer.json<{ token: string }>().token
}

describe('The token of an organisation', () => {
  it('is made by an administrator only, for a role of a programme and a year at most', async () => {
    for (const person of ['dp-ne', 'rg-all', 'nobody'])
      assert.equal((await (await signIn(person)).post(path, FORM)).status, 403, person)
    const codes = async (more: Record<string, string>) =>
      (await service.postJson(`/api/v1${path}`, { ...FORM, ...more }))
        .json<{ refusals: { code: string }[] }>()
        .refusals.map(({ code }) => code)
    assert.deepEqual(await codes({ role: '/administrator' }), ['grant.role'])
    assert.deepEqual(await codes({ to: '' }), ['token.last-day'])
    assert.deepEqual(await codes({ to: '2025-02-01' }), ['token.last-day'])
    assert.deepEqual(await codes({ name: '', values: '' }), ['token.name', 'grant.scope'])
    assert.match((await service.get(path)).text, /The organisation has no token/)
  })

  it('is shown once and stored nowhere; with it a program may what the role may, at the API only', async () => {
    const made = await service.post(path, FORM)
    assert.equal(made.status, 200)
    const token = /alongside_[\w-]{43}/.exec(made.body)?.[0] ?? ''
    assert.ok(token)
    assert.doesNotMatch((await service.get(path)).body, new RegExp(token))
    const { rows } = await service.database.pool.query<{ held: boolean }>(
      'select (t::text like $1) as held from service_token t',
      [`%${token}%`],
    )
    assert.deepEqual(rows, [{ held: false }])
    const program = service.withToken(token)
    assert.equal((await program.get(LEADERS)).status, 200)
    assert.equal((await program.get('/api/v1/people')).status, 403)
    assert.equal((await program.get('/leaders')).status, 303, 'no page')
    assert.equal((await service.withToken(`${token}x`).get(LEADERS)).status, 401)
    assert.match(
      (await service.get(path)).text,
      /Roster sync Regional delivery partner for North East.*31 July 2024.*15 January 2024.*Works/,
    )
  })

  it('acts under the name of the organisation, through the API', async () => {
    const program = service.withToken(await makeToken())
    const leave = { from: '2024-04-15', to: '2024-04-19' }
    assert.equal((await program.postJson(`${LEADERS}/L-01/leave`, leave)).status, 201)
    const history = (await service.get('/leaders/L-01/history')).text
    assert.match(history, /Northgate Schools Support \(Roster sync\), Regional delivery partner, API/)
  })

  it('is one for an organisation: another ends it; it ends when it is revoked, and after its last day', async () => {
    const first = await makeToken()
    const second = await makeToken({ to: '2024-01-15' })
    assert.equal((await service.withToken(first).get(LEADERS)).status, 401)
    assert.equal((await service.withToken(second).get(LEADERS)).status, 200)
    await service.database.pool.query(`update service_token set last_day = '2024-01-14' where revoked_at is null`)
    assert.equal((await service.withToken(second).get(LEADERS)).status, 401)
    const third = await makeToken()
    assert.equal((await service.post(`${path}/revoke`, {})).status, 303)
    assert.equal((await service.withToken(third).get(LEADERS)).status, 401)
    assert.equal((await service.postJson(`/api/v1${path}/revoke`, {})).status, 404)
  })

  it('stands in the document of the API beside the session', async () => {
    const document = (await service.get('/api/openapi.json')).json<{
      components: { securitySchemes: Record<string, { type: string; scheme?: string }> }
      paths: Record<string, Record<string, { security: object[] }>>
    }>()
    assert.equal(document.components.securitySchemes['token']?.scheme, 'bearer')
    assert.deepEqual(document.paths[LEADERS]?.['get']?.security, [{ session: [] }, { token: [] }])
    assert.deepEqual(document.paths['/api/v1/people']?.['get']?.security, [{ session: [] }])
  })
})

describe('The yearly review', () => {
  const member = {
    id: 1,
    name: 'A',
    email: 'a@example.org',
    state: 'active',
    approver: false,
    added_on: '2023-01-01',
  } as const

  it('is due a month before the year is over, and overdue after it', () => {
    const on = (reviewed_on: string | null, today: string) => {
      const { due, overdue } = presentMember({ ...member, reviewed_on }, today)
      return overdue ? 'overdue' : due ? 'due' : 'done'
    }
    assert.equal(on('2023-01-15', '2023-12-14'), 'done')
    assert.equal(on('2023-01-15', '2023-12-15'), 'due')
    assert.equal(on('2023-01-15', '2024-01-15'), 'due')
    assert.equal(on('2023-01-15', '2024-01-16'), 'overdue')
    assert.equal(on(null, '2023-01-02'), 'due')
    assert.equal(on(null, '2024-01-02'), 'overdue')
  })

  it('is reminded of on the own account and listed with the people', async () => {
    await service.database.pool.query(`update organisation_member set added_at = '2022-06-01'
      where organisation_id = (select id from organisation where register_key = 'T-01')`)
    const ceo = await signIn('ceo-01')
    const account = await ceo.get('/account')
    assert.match(account.text, /The yearly review is due for 2 people, 2 of them overdue/)
    const people = /href="(\/organisations\/\d+\/people)">Review them/.exec(account.body)?.[1] ?? ''
    assert.match((await ceo.get(people)).text, /To review .*Nathaniel Orchardson-Bly .*never overdue since 1 June 2023/)
    const ids = [...(await ceo.get(people)).body.matchAll(/people\/(\d+)\/review/g)].map(([, id]) => id)
    for (const id of ids) assert.equal((await ceo.post(`${people}/${id}/review`, {})).status, 303)
    assert.doesNotMatch((await ceo.get('/account')).text, /yearly review is due/)
    assert.match((await ceo.get(people)).text, /Everybody was looked at within a year.*Reviewed.*by 15 January 2025/)
  })
})
