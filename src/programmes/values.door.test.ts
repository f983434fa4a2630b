import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { startTestService, type TestService } from '../../world/test-service.ts'
import { findPeopledTrust, findValue, listContacts, missingInWords, type Pack, whoActs } from './index.ts'

const VALUE = '/programmes/tsi@2023-24/values/region-lead?key=London'
const API = '/api/v1/programmes/tsi@2023-24/values'
const NEXT = { key: 'London', name: 'Xenia Lockhart-Dale', email: 'xenia.lockhartdale@example.org' }

let service: TestService
let pack: Pack
before(async () => {
  service = await startTestService({ today: '2024-01-15', world: true })
  const [first] = service.packs
  assert.ok(first)
  pack = first
})
after(() => service.close())

async function signIn(person: string) {
  const { cookie } = await service.postJson('/demo/sign-in', { person })
  return service.as(cookie)
}

async function nameOn(on: string): Promise<string | undefined> {
  const found = await findValue(service.database.db, { pack, id: 'region-lead', key: ['London'], on })
  return found && typeof found.value === 'object' ? found.value.name : undefined
}

describe("A region's lead", () => {
  it('is kept by an administrator only, with its days; what counted on a day stays findable', async () => {
    for (const person of ['rg-all', 'rd-ln', 'dp-lnse', 'head-900001', 'nobody']) {
      const who = await signIn(person)
      assert.equal((await who.post(VALUE, { ...NEXT, from: '2024-01-08' })).status, 403, person)
      assert.equal((await who.postJson(API, { ...NEXT, id: 'region-lead' })).status, 403, person)
    }
    const admin = await signIn('admin')
    const wrong = await admin.post(VALUE, {
      ...NEXT,
      email: 'no address',
      'from-day': '31',
      'from-month': '2',
      'from-year': '2024',
    })
    assert.equal(wrong.status, 422)
    assert.match(wrong.body, /value="no address"/)
    assert.equal(await nameOn('2024-01-09'), 'Ulric Barrow-Tay')
    const form = { ...NEXT, 'from-day': '8', 'from-month': '1', 'from-year': '2024' }
    assert.equal((await admin.post(VALUE, form)).status, 303)
    assert.deepEqual(
      [await nameOn('2024-01-05'), await nameOn('2024-01-07'), await nameOn('2024-01-08'), await nameOn('2024-01-09')],
      ['Ulric Barrow-Tay', 'Ulric Barrow-Tay', 'Xenia Lockhart-Dale', 'Xenia Lockhart-Dale'],
    )
    const later = { ...NEXT, id: 'region-lead', name: 'Lambert Wharf', from: '2024-03-01' }
    assert.equal((await admin.postJson(API, later)).status, 201)
    assert.deepEqual([await nameOn('2024-02-29'), await nameOn('2024-03-01')], ['Xenia Lockhart-Dale', 'Lambert Wharf'])
    const between = await admin.postJson(API, { ...later, name: 'In Between', from: '2024-02-01' })
    assert.equal(between.json<{ refusals: { code: string }[] }>().refusals[0]?.code, 'value.later')
    const page = await admin.get(VALUE)
    assert.match(
      page.text,
      /Xenia Lockhart-Dale, xenia\.lockhartdale@example\.org 8 January 2024 29 February 2024 In force Ada Fenwick/,
    )
    assert.match(page.text, /Value set.*Ada Fenwick, Administrator, page/)
  })

  it('is one on each day, whatever is written to the table', async () => {
    await assert.rejects(
      service.database.pool.query(`insert into pack_value (programme, value_id, key, value, from_date, set_by)
        values ('tsi', 'region-lead', '{London}', '{}', '2024-02-01', 'x')`),
      /two values/,
    )
  })

  it('is listed for a day at the API, and unknown keys are not there', async () => {
    const list = (await service.get(`${API}?on=2024-01-05`)).json<{
      values: { key: { region: string }; value: { name: string }; source: string }[]
    }>()
    const london = list.values.find(({ key }) => key.region === 'London')
    assert.deepEqual([london?.value.name, london?.source], ['Ulric Barrow-Tay', 'holder'])
    assert.equal((await service.get('/programmes/tsi@2023-24/values/region-lead?key=Nowhere')).status, 404)
    assert.equal((await service.get(`${API}?on=soon`)).status, 422)
  })
})

describe('A vacant role', () => {
  it('is acted in by the role that the pack names, and by its own holders once there are some', async () => {
    const { db, pool } = service.database
    const asked = { pack, role: 'delivery-partner-lead', place: { region: 'East of England' }, on: '2024-01-15' }
    const held = await whoActs(db, asked)
    assert.deepEqual([held.substitute, held.holders.map(({ name }) => name)], [false, ['Thora Meresby']])
    await pool.query(
      `update role_grant set to_date = '2023-12-31' where role = $1 and scope_values = '{East of England}'`,
      [asked.role],
    )
    const vacant = await whoActs(db, asked)
    assert.deepEqual([vacant.substitute, vacant.role], [true, 'regions-group'])
    assert.deepEqual(
      vacant.holders.map(({ name }) => name),
      ['Estelle Brackenbury-Low', 'Test Officer'],
    )
    assert.equal((await whoActs(db, { ...asked, on: '2023-12-31' })).substitute, false)
  })
})

describe('The people of a school or trust', () => {
  it('are its own, those of its trust and authority, and of its diocese only where it has one', async () => {
    const contacts = async (path: string) =>
      (await service.get(`/api/v1/${path}/people`))
        .json<{
          programmes: { contacts: { of: string; holders: { name: string }[]; missing: boolean; office: string }[] }[]
        }>()
        .programmes[0]?.contacts.map(({ of, holders, missing }) => [of, holders[0]?.name ?? null, missing])
    assert.deepEqual(await contacts('schools/900009'), [
      ['school', 'Horatio Ebbsworth', false],
      ['authority', 'Rafe Wearmouth-Key', false],
      ['diocese', 'Barnabas Stanhope-Lee', false],
    ])
    assert.deepEqual(await contacts('schools/900001'), [
      ['school', 'Elspeth Larkin-Roe', false],
      ['authority', 'Rafe Wearmouth-Key', false],
    ])
    assert.deepEqual(await contacts('trusts/T-01'), [
      ['trust', 'Maud Bridgewell', false],
      ['trust', 'Nathaniel Orchardson-Bly', false],
    ])
    assert.deepEqual(await contacts('trusts/T-03'), [
      ['trust', null, true],
      ['trust', null, false],
    ])
  })

  it('are told to whoever must write to them, and a missing one by its trust, until it is there', async () => {
    const { db } = service.database
    const missing = async () => {
      const trust = await findPeopledTrust(db, 'T-10')
      const contacts = await listContacts(db, { pack, bodies: trust?.bodies ?? [], on: '2024-01-15' })
      return contacts.filter((line) => line.missing).map(missingInWords)
    }
    assert.deepEqual(await missing(), ['Chief executive of the trust missing for trust T-10 (Combe and Quay Trust)'])
    const { rows } = await service.database.pool.query<{ id: number }>(
      `select id from person where 'ceo-03' = any (demonstration_ids)`,
    )
    const grant = { role: 'tsi/trust-ceo', scope: 'organisation', values: 'T-10' }
    assert.equal((await service.post(`/people/${rows[0]?.id}/grants`, grant)).status, 303)
    assert.deepEqual(await missing(), [])
  })

  it('warns of a contact that is missing, and names the office', async () => {
    const trust = (await service.get('/trusts/T-03/people')).text
    assert.match(trust, /Chief executive of the trust missing for trust T-03/)
    assert.match(trust, /office-t-03@example\.org/)
    const { rows } = await service.database.pool.query<{ urn: number }>(
      `select urn from establishment where authority_code = 'LA-EE' limit 1`,
    )
    const page = (await service.get(`/schools/${rows[0]?.urn ?? 900304}/people`)).text
    if (rows.length > 0) assert.match(page, /Contact at the local authority missing for authority LA-EE/)
    assert.match(
      (await service.get('/data-alerts')).text,
      /Contact at the local authority: nobody for 2 authorities: Cragshire Dale, Fenborough/,
    )
  })

  it('are shown to those who work with it, and to nobody else', async () => {
    const path = '/api/v1/schools/900001/people'
    for (const person of ['head-900001', 'la-ne', 'dp-ne', 'rd-ne', 'admin'])
      assert.equal((await (await signIn(person)).get(path)).status, 200, person)
    for (const person of ['head-900006', 'la-em', 'dp-em', 'L-01', 'rg-pay', 'nobody'])
      assert.equal((await (await signIn(person)).get(path)).status, 403, person)
    assert.equal((await service.as('').get(path)).status, 401)
  })
})
