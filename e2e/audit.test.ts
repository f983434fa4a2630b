import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { sealAudit } from '../src/platform/audit-seal.ts'
import { verifyAudit } from '../src/platform/audit-verify.ts'
import type { TestService } from '../world/test-service.ts'
import { CHANGES, NOT_DRIVEN } from './audit-examples.ts'
import { openFullService, type Things } from './full-service.ts'

let full: { service: TestService; things: Things }
before(async () => {
  full = await openFullService()
})
after(() => full.service.close())

type Entry = { id: number; door: string; action: string; record: string }

async function entriesAfter(id: number): Promise<Entry[]> {
  const { rows } = await full.service.database.pool.query<Entry>(
    'select id, door, action, record from audit_entry where id > $1 order by id',
    [id],
  )
  return rows
}

async function lastEntry(): Promise<number> {
  return (await entriesAfter(0)).at(-1)?.id ?? 0
}

describe('the audit of the whole service', () => {
  test('every change of the route table is driven here, or says why not', () => {
    const changing = full.service.routes.filter(({ method, audit }) => method !== 'GET' && audit !== null)
    const known = [...Object.keys(CHANGES), ...Object.keys(NOT_DRIVEN)]
    assert.deepEqual(changing.map(({ path }) => path).toSorted(), known.toSorted())
  })

  test('every change that succeeds leaves an entry with the door it came through', async () => {
    for (const [path, drive] of Object.entries(CHANGES)) {
      const before = await lastEntry()
      const answer = await drive(full.service, full.things)
      assert.ok(answer.status < 400, `${path} answered ${answer.status}: ${answer.text.slice(0, 1500)}`)
      const entries = await entriesAfter(before)
      assert.ok(entries.length > 0, `${path} left an entry (it answered ${answer.status})`)
      const door = path.startsWith('/api/') ? 'API' : path === '/matching/invented-england' ? 'system' : 'page'
      // A drive may sign somebody in first, who is one of the case's people, and may make the thing that it changes.
      assert.equal(entries.at(-1)?.door, door, `${path} came by ${door}: ${JSON.stringify(entries)}`)
    }
  })

  test('a change that is refused leaves none', async () => {
    const before = await lastEntry()
    const { service, things } = full
    const refused = [
      await service.post('/leaders/new', { reference: '' }),
      await service.post('/leaders/bulk', { leader: 'L-01', days: 'many' }),
      await service.postJson('/api/v1/leaders/L-01/entries', { kind: 'hold', term: 'no such term', days: '1' }),
      await service.post(`/matching/${things['exercise']}/confirm`, {}),
      await service.postJson(`/api/v1/matching/${things['confirmed']}/undo`, {}),
    ]
    assert.deepEqual(
      refused.map(({ status }) => status),
      [422, 422, 422, 422, 422],
    )
    assert.deepEqual(await entriesAfter(before), [])
  })

  test('histories tell what, old and new, when, who and why', async () => {
    const { service, things } = full
    const scenario = await service.get(`/matching/${things['scenario']}/history`)
    assert.match(scenario.text, /Forbidding .* L-0|Forbidding/)
    assert.match(scenario.text, /Reason: The school asked/)
    assert.match(scenario.text, /Test Officer, Regions Group officer, API/)
    assert.match((await service.get('/leaders/L-91/history')).text, /Name: Wenna Pascoe → W Pascoe/)
  })

  test('the whole audit holds, and seals', async () => {
    const head = await sealAudit(full.service.database)
    const report = await verifyAudit(full.service.database)
    assert.deepEqual(report.faults, [])
    assert.equal(report.sealedTo, head?.lastId)
    assert.equal(report.entries, head?.entries)
  })
})
