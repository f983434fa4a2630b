import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { fixedClock, startTestService, type TestService } from '../../world/test-service.ts'
import { machineActor, NO_SCOPE, type Scope } from '../platform/actor.ts'
import { connect, type Database } from '../platform/db.ts'
import { runInScope } from '../platform/scope.ts'
import { openDelivery } from './delivery.ts'
import { mailContract } from './demonstration.ts'
import { findMessage, listMessages } from './message-store.ts'
import { ABOUT, queue } from './test-letters.ts'

let service: TestService
before(async () => {
  service = await startTestService({ world: true, today: '2024-01-15' })
})
after(() => service.close())

type OutboxEntry = {
  id: number
  to: string[]
  cc: string[]
  subject: string
  body: string
  case: string
  queuedOn: string
  queuedAt: string
  state: string
}

async function outbox(): Promise<OutboxEntry[]> {
  return (await service.get('/demo/outbox')).json<OutboxEntry[]>()
}

async function one(id: number): Promise<OutboxEntry> {
  const found = (await outbox()).find((entry) => entry.id === id)
  assert.ok(found)
  return found
}

function mail(body: object) {
  return service.put('/demo/mail', body)
}

describe('The outbox of a demonstration', () => {
  it('holds what was queued, to whom, about what and in which state', async () => {
    const id = await queue(service.database, 'deployment-to-school')
    const { queuedAt, body, ...rest } = await one(id)
    assert.match(queuedAt, /^\d{4}-\d\d-\d\dT/)
    assert.match(body, /Days: 10 days/)
    const shown = Object.fromEntries(Object.entries(rest).filter(([key]) => key !== 'recipients'))
    assert.deepEqual(shown, {
      ...{ id, letter: 'deployment-to-school', to: ['ceo-01@example.org'], cc: ['head-900002@example.org'] },
      ...{ subject: 'TSI-24-0001: your system leader is Ada Quill', record: 'case', case: 'TSI-24-0001' },
      ...{ queuedOn: '2024-01-15', state: 'delivered' },
    })
  })

  it('mail that fails is tried again, for one address or for all, and mail that bounces is told', async () => {
    assert.equal((await mail({ mail: 'fails', only: 'head-900002@example.org' })).status, 200)
    const id = await queue(service.database, 'deployment-to-school')
    assert.equal((await one(id)).state, 'failing')
    const page = await service.get(`/messages/${id}`)
    assert.match(page.text, /Failed, is tried again/)
    assert.match(page.text, /The mail server does not answer \(demonstration\) 1 try so far, next /)
    await mail({ state: 'works' })
    assert.equal((await one(id)).state, 'delivered', 'working again, what waited leaves at once')

    await mail({ mail: 'bounces' })
    const second = await queue(service.database, 'deployment-to-leader')
    assert.equal((await one(second)).state, 'bounced')
  })

  it('takes the word in each way, and nothing else', async () => {
    const answers = [
      await mail({ mail: 'works' }),
      await service.put('/demo/mail', '"fails"'),
      await service.put('/demo/mail?mail=works', {}),
    ]
    assert.deepEqual(
      answers.map((answer) => answer.json<{ mail: string }>().mail),
      ['works', 'fails', 'works'],
    )
    assert.equal((await mail({ mail: 'sometimes' })).status, 422)
  })

  it('is there in demonstrations only', () => {
    const { database } = service
    const delivery = openDelivery({ database, mail: null })
    const parts = { database, clock: fixedClock('2024-01-15'), delivery }
    assert.deepEqual(mailContract({ ...parts, demonstration: false }), [])
    assert.equal(mailContract({ ...parts, demonstration: true }).length, 2)
  })
})

describe('The list of messages', () => {
  it('finds by words and state, newest first, and the file holds the same', async () => {
    const id = await queue(service.database, 'extra-days-outcome', { facts: { 'days.extra': 4 } })
    await outbox()
    const list = await service.get('/messages?text=more+days&state=delivered')
    assert.match(list.text, /1 message/i)
    assert.match(list.text, /TSI-24-0001: more days for Otter Bank School, approved/)
    assert.match(list.text, /Ada Quill Copy: Dell Marsh Delivered/)
    const api = (await service.get('/api/v1/messages?text=more+days')).json<{
      total: number
      messages: { id: number }[]
    }>()
    assert.deepEqual([api.total, api.messages[0]?.id], [1, id])
    const csv = await service.get('/messages.csv?text=l-01%40example.org&state=delivered')
    assert.match(csv.body, /Ada Quill <l-01@example.org>/)
    assert.match((await service.get('/messages?text=zzzz')).text, /No message fits these filters/)
    assert.equal((await service.get('/messages?text=%25&page=99')).status, 200)
  })

  it('one message shows its words, who got it and why, and is a PDF', async () => {
    const id = await queue(service.database, 'deployment-to-school')
    const before = await service.get(`/messages/${id}`)
    assert.match(before.text, /It was not tried yet/)
    await outbox()
    const page = await service.get(`/messages/${id}`)
    assert.match(page.text, /Chief executive of Kestrel Bridge Learning Trust, because support for a trust/)
    assert.match(page.text, /Level of support: school/)
    const pdf = await service.get(`/messages/${id}.pdf`)
    assert.deepEqual([pdf.status, pdf.body.slice(0, 5)], [200, '%PDF-'])
    const api = await service.get(`/api/v1/messages/${id}`)
    assert.equal(api.json<{ recipients: { because: string }[] }>().recipients.length, 2)
    for (const path of ['/messages/99', '/messages/x', '/messages/99.pdf', '/api/v1/messages/99'])
      assert.equal((await service.get(path)).status, 404, path)
  })

  it('says what would make something appear while it is empty', async () => {
    const empty = await startTestService()
    assert.match((await empty.get('/messages')).text, /A letter appears here as soon as a step of a case sends one/)
    await empty.close()
  })
})

describe('Who sees messages', () => {
  // As a running service has it: without a scope its connections see no message.
  let small: Database
  before(() => {
    small = connect({ connectionString: service.database.pool.options.connectionString ?? '', max: 2 })
  })
  after(() => small.close())

  const inSight = async (scope: Partial<Scope>) => {
    const actor = { ...machineActor('Officer', 'system'), personId: 900_001, scope: { ...NO_SCOPE, ...scope } }
    const asked = { text: '', state: '', oldestFirst: true, limit: 50, offset: 0 }
    return runInScope(actor, async () => {
      const { rows } = await listMessages(small.db, asked)
      for (const { id } of rows) assert.ok((await findMessage(small.db, id))?.recipients.length, `recipients of ${id}`)
      return rows.map(({ id }) => id)
    })
  }

  it('only those of their own regions, schools and organisations', async () => {
    const here = await queue(service.database, 'match-confirmation')
    const elsewhere = {
      region: 'London',
      authority: 'LA-L1',
      organisations: ['T-16'],
      urns: [900_202],
      leaders: ['L-05'],
    }
    const there = await queue(service.database, 'match-confirmation', { about: { ...ABOUT, ...elsewhere } })
    const northEast = await inSight({ regions: ['North East'] })
    assert.ok(northEast.includes(here) && !northEast.includes(there))
    assert.deepEqual(await inSight({ establishments: [900_202] }), [there])
    assert.deepEqual(await inSight({ organisations: ['T-16'] }), [there])
    assert.deepEqual(await inSight({ authorities: ['LA-L1'] }), [there])
    assert.deepEqual(await inSight({ leaders: ['L-05'] }), [there])
    assert.deepEqual(await inSight({}), [])
  })

  it('not a head teacher nor a leader: the pages and calls are for those who may', async () => {
    const { cookie } = await service.postJson('/demo/sign-in', { person: 'ceo-01' })
    const chief = service.as(cookie)
    for (const path of ['/messages', '/messages/1001', '/messages/1001.pdf', '/api/v1/messages'])
      assert.equal((await chief.get(path)).status, 403, path)
    assert.equal((await chief.post('/messages/1001/try-again', {})).status, 403)
  })
})

describe('A message that did not arrive', () => {
  async function bounced(): Promise<number> {
    await mail({ mail: 'bounces' })
    const id = await queue(service.database, 'deployment-to-school')
    assert.equal((await one(id)).state, 'bounced')
    await mail({ mail: 'works' })
    return id
  }

  it('is sent again to whom it did not reach, once for one form, and the history says by whom', async () => {
    const id = await bounced()
    const again = () => service.post(`/messages/${id}/try-again`, { submission: 'one-form' })
    assert.equal((await again()).location, `/messages/${id}?done=again`)
    assert.equal((await one(id)).state, 'delivered')
    assert.equal((await again()).status, 303, 'the same form again')
    const page = await service.get(`/messages/${id}`)
    assert.match(page.text, /Tried again by hand .* Test Officer, Regions Group officer, page/)
    const refused = await service.post(`/messages/${id}/try-again`, {})
    assert.equal(refused.status, 422)
    assert.match(refused.text, /Nobody is left whom this message did not reach/)
    const api = await service.postJson(`/api/v1/messages/${id}/try-again`, {})
    assert.deepEqual(
      api.json<{ refusals: { code: string }[] }>().refusals.map(({ code }) => code),
      ['message.nothing-to-try'],
    )
    assert.equal((await service.postJson('/api/v1/messages/99/try-again', {})).status, 404)
    assert.equal((await service.post('/messages/99/try-again', {})).status, 404)
  })

  it('can be recorded as sent another way, with how', async () => {
    const id = await bounced()
    const without = await service.post(`/messages/${id}/sent-otherwise`, { how: ' ' })
    assert.equal(without.status, 422)
    assert.match(without.text, /Error: Enter how and when it was sent/)
    const done = await service.post(`/messages/${id}/sent-otherwise`, { how: 'By post on 15 January' })
    assert.equal(done.location, `/messages/${id}?done=otherwise`)
    const page = await service.get(`/messages/${id}`)
    assert.match(page.text, /another way Handed over By post on 15 January/)
    assert.match(page.text, /Reason: By post on 15 January/)
    const twice = await service.postJson(`/api/v1/messages/${id}/sent-otherwise`, { how: 'By hand' })
    assert.equal(twice.status, 422)
  })
})

describe('A scene that begins', () => {
  it('has mail that works and an empty outbox', async () => {
    await mail({ mail: 'fails' })
    await queue(service.database, 'match-details')
    assert.equal((await outbox()).at(-1)?.state, 'failing')
    assert.equal((await service.postJson('/demo/reset', { scene: 'empty' })).status, 200)
    assert.deepEqual(await outbox(), [])
    await queue(service.database, 'match-details')
    assert.deepEqual(
      (await outbox()).map(({ state }) => state),
      ['delivered'],
    )
  })
})
