import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { startTestService, type TestService } from '../../world/test-service.ts'

const LEAVE = {
  'from-day': '15',
  'from-month': '4',
  'from-year': '2024',
  'to-day': '19',
  'to-month': '4',
  'to-year': '2024',
}
const SCENARIO = {
  name: 'North East, spring',
  programme: 'tsi@2023-24',
  source: 'named',
  urns: '900001 900002',
  term: '2023-24-spring',
  days: '5',
}

let service: TestService
before(async () => {
  service = await startTestService({ today: '2024-01-15', world: true })
})
after(() => service.close())

async function signIn(person: string) {
  return service.as((await service.postJson('/demo/sign-in', { person })).cookie)
}

async function idOf(person: string): Promise<number> {
  const { rows } = await service.database.pool.query<{ id: number }>(
    'select id from person where $1 = any (demonstration_ids)',
    [person],
  )
  return rows[0]?.id ?? 0
}

describe('Several hats', () => {
  it('are worn together, and each action names the one it was done in', async () => {
    const person = await idOf('rg-ln')
    const more = { role: 'tsi/delivery-partner', scope: 'region', values: 'North East' }
    assert.equal((await service.post(`/people/${person}/grants`, more)).status, 303)
    const desmond = await signIn('rg-ln')
    assert.equal((await desmond.post('/leaders/L-01/leave', LEAVE)).status, 303)
    assert.equal((await desmond.post('/leaders/L-05/leave', LEAVE)).status, 303)
    assert.match((await service.get('/leaders/L-01/history')).text, /Desmond Larkhill, Regional delivery partner, page/)
    assert.match((await service.get('/leaders/L-05/history')).text, /Desmond Larkhill, Regions Group officer, page/)
  })

  it('of a claimant and a payer are refused to one person, in either order, with nothing saved', async () => {
    const payer = `/people/${await idOf('rg-pay')}`
    const refused = await service.post(`${payer}/grants`, {
      role: 'tsi/system-leader',
      scope: 'leader',
      values: 'L-01',
    })
    assert.equal(refused.status, 422)
    assert.match(refused.text, /System leader may not be the same person as Payments officer/)
    assert.doesNotMatch((await service.get(payer)).text, /System leader for/)
    const leader = await service.post(`/people/${await idOf('L-01')}/grants`, {
      role: 'tsi/payments',
      scope: 'national',
    })
    assert.match(leader.text, /Payments officer may not be the same person as System leader/)
  })
})

describe('Leaving', () => {
  it('hands open work over: an account with some is closed only when a successor is named who may do it', async () => {
    const made = await (await signIn('rg-ne')).post('/matching', SCENARIO)
    assert.equal(made.status, 303)
    const [person, successor] = [await idOf('rg-ne'), await idOf('dp-ne')]
    const refused = await service.post(`/people/${person}/remove`, {})
    assert.equal(refused.status, 422)
    assert.match(refused.text, /Choose who takes over 1 piece of open work/)
    assert.match(refused.text, /Matching scenario “North East, spring”/)
    assert.match(refused.text, /Phoebe Starling-Ware/)
    assert.doesNotMatch(refused.body, /Rafe Wearmouth-Key<\/option>/)
    const unable = await service.post(`/people/${person}/remove`, { successor: String(await idOf('la-ne')) })
    assert.match(unable.text, /Choose one of the people who may do this work/)
    assert.match((await service.get(`/people/${person}`)).text, /In use/)

    assert.equal((await service.post(`/people/${person}/remove`, { successor: String(successor) })).status, 303)
    assert.match((await service.get(`/people/${person}`)).text, /Closed/)
    assert.match(
      (await service.get(`${made.location}/history`)).text,
      /Handed over.*Looked after by: Phoebe Starling-Ware/,
    )
  })

  it('asks for a successor also when a grant ends that the work needs, and not when another one gives the same', async () => {
    const person = await idOf('dp-ne')
    const { rows } = await service.database.pool.query<{ id: number }>(
      'select id from role_grant where person_id = $1 order by id',
      [person],
    )
    const end = `/people/${person}/grants/${rows[0]?.id}/end`
    assert.equal((await service.post(end, {})).status, 422)
    const second = { role: 'tsi/delivery-partner', scope: 'region', values: 'North East' }
    assert.equal((await service.post(`/people/${person}/grants`, second)).status, 303)
    assert.equal((await service.post(end, {})).status, 303)
    const approver = await signIn('ceo-01')
    assert.equal((await approver.get(`/people/${person}`)).status, 403)
  })
})
