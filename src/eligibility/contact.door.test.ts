import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { startTestService, type TestService } from '../../world/test-service.ts'

const SUBJECT = '/eligibility/tsi@2023-24/schools/900006'
const VALUE = '/programmes/tsi@2023-24/values/region-lead?key=East+Midlands'
const FORM = { key: 'East Midlands' }

let service: TestService
before(async () => {
  service = await startTestService({ today: '2024-01-15', world: true })
})
after(() => service.close())

async function signIn(person: string) {
  const { cookie } = await service.postJson('/demo/sign-in', { person })
  return service.as(cookie)
}

async function alerts(): Promise<string[]> {
  const answer = await (await signIn('admin')).get('/api/v1/data-alerts')
  return answer.json<{ alerts: { message: string }[] }>().alerts.map(({ message }) => message)
}

/** The programme's edition is past in the answer of today's page: the contact is that of today. */
const isAbout = (message: string) => message.includes('East Midlands has nobody')

describe('Whom to ask who does not qualify', () => {
  it("TSI-014 is the lead of the school's region with a way to ask; without a lead the Regions Group, and the administrator is alerted", async () => {
    const head = await signIn('head-900006')
    const before = await head.get(SUBJECT)
    assert.match(before.text, /Not eligible/)
    assert.match(before.text, /Ask Rowena Spireham, rowena\.spireham@example\.org/)
    assert.match(before.body, /href="\/eligibility\/tsi@2023-24\/schools\/900006\/ask\/exception"/)
    assert.equal((await head.get(`${SUBJECT}/ask/exception`)).status, 200)
    assert.equal((await alerts()).some(isAbout), false)

    const saved = await (await signIn('admin')).post(VALUE, { ...FORM, nobody: 'yes' })
    assert.equal(saved.status, 303)
    const after = await head.get(SUBJECT)
    assert.doesNotMatch(after.text, /Rowena Spireham/)
    assert.match(
      after.text,
      /Ask the Regions Group officer: Estelle Brackenbury-Low, estelle\.brackenburylow@example\.org/,
    )
    assert.match(after.body, /\/ask\/exception"/)
    assert.equal((await alerts()).some(isAbout), true)
    assert.match((await (await signIn('admin')).get('/')).text, /Data to mend/)
    assert.match((await (await signIn('admin')).get('/data-alerts')).text, /East Midlands has nobody today/)

    const lead = { ...FORM, name: 'Wilma Trentwater', email: 'wilma.trentwater@example.org' }
    assert.equal((await (await signIn('admin')).post(VALUE, lead)).status, 303)
    assert.match((await head.get(SUBJECT)).text, /Ask Wilma Trentwater/)
    assert.equal((await alerts()).some(isAbout), false)
  })

  it('is nobody either when the role that the contact follows has no holder', async () => {
    const { rows } = await service.database.pool.query<{ person: number; grant: number }>(
      `select person_id as person, g.id as grant from role_grant g join person p on p.id = person_id
       where 'dp-sw' = any (demonstration_ids)`,
    )
    const [held] = rows
    const admin = await signIn('admin')
    assert.equal((await admin.post(`/people/${held?.person}/grants/${held?.grant}/end`, {})).status, 303)
    assert.ok((await alerts()).some((message) => message.includes('South West has nobody')))
    const page = await service.get('/programmes/tsi@2023-24/values')
    assert.match(page.text, /South West Nobody/)
    assert.match(page.text, /North East Phoebe Starling-Ware.*holds the role Regional delivery partner lead/)
  })
})
