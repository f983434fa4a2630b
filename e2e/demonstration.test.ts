import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import fc from 'fast-check'
import { verifyAudit } from '../src/platform/audit-verify.ts'
import { listTables } from '../src/platform/backup.ts'
import { MIGRATOR_TABLES } from '../src/platform/backup-manifest.ts'
import type { Database } from '../src/platform/db.ts'
import { verify } from '../src/platform/verify.ts'
import { registerChecks } from '../src/register/index.ts'
import { MADE_BY_USE, STAYS } from '../world/tables.ts'
import { fixedClock, signInOfficer, startTestService, type TestService } from '../world/test-service.ts'
import { CHANGES } from './audit-examples.ts'
import { openFullService, type Things } from './full-service.ts'

const SCENE = 'tsi-s09-start'
/** Differ from time to time, or say only when or as which number something was written. */
const NOT_COMPARED = new Set(['salt', 'digest', 'day', 'row_hash', 'request_id'])
const NUMBERED_ANEW = new Set(['establishment', 'inspection', 'data_file', 'import_progress'])

let full: { service: TestService; things: Things }
let fresh: TestService
before(async () => {
  full = await openFullService()
  fresh = await startTestService({ movingDay: true })
})
after(async () => {
  await full.service.close()
  await fresh.close()
})

async function begin(service: TestService, scene = SCENE): Promise<number> {
  const started = performance.now()
  const answer = await service.as('').postJson('/demo/reset', { scene })
  assert.equal(answer.status, 200, answer.text)
  return performance.now() - started
}

type Row = Readonly<Record<string, unknown>>

/** Every row of every table, with schools by URN and files by what they are; without moments of writing. */
async function dump({ pool }: Database): Promise<Record<string, string[]>> {
  const client = await pool.connect()
  const tables = await listTables(client)
  const { rows: schools } = await client.query<{ id: number; urn: number }>('select id, urn from establishment')
  const { rows: files } = await client.query<{ id: number; title: string }>('select id, title from data_file')
  const urns = new Map(schools.map(({ id, urn }) => [id, `URN ${urn}`]))
  const titles = new Map(files.map(({ id, title }) => [id, title]))
  const isRegisters = (table: string, column: string) => column === 'id' && NUMBERED_ANEW.has(table)
  const plain = (table: string, row: Row) =>
    Object.entries(row)
      .filter(([column, value]) => !(value instanceof Date || NOT_COMPARED.has(column) || isRegisters(table, column)))
      .map(([column, value]) => {
        if (typeof value !== 'number') return [column, value]
        if (column.endsWith('establishment_id')) return [column, urns.get(value)]
        return [column, column === 'data_file_id' ? titles.get(value) : value]
      })
  const held: Record<string, string[]> = {}
  for (const { name } of tables.filter((one) => one.name !== 'register_before')) {
    const { rows } = await client.query<Row>(`select * from ${name}`)
    held[name] = rows.map((row) => JSON.stringify(plain(name, row))).sort()
  }
  client.release()
  return held
}

/** Rows that only one of two dumps has, with their table. */
function differences(one: Record<string, string[]>, other: Record<string, string[]>): string[] {
  const missing = (from: Record<string, string[]>, within: Record<string, string[]>, sign: string) =>
    Object.entries(from).flatMap(([table, rows]) => {
      const held = new Set(within[table])
      return rows.filter((row) => !held.has(row)).map((row) => `${sign} ${table}: ${row}`)
    })
  const counts = Object.keys(one).filter((table) => one[table]?.length !== other[table]?.length)
  return [...counts, ...missing(one, other, '+'), ...missing(other, one, '-')]
}

/** Signed in again, because nobody is after a scene began. */
async function officerOf(service: TestService): Promise<TestService> {
  const { today } = (await service.get('/demo/today')).json<{ today: string }>()
  return { ...service, ...service.as(await signInOfficer(service.database, fixedClock(today))) }
}

describe('a scene', () => {
  test('every table is either emptied or stays', async () => {
    const client = await fresh.database.pool.connect()
    const tables = (await listTables(client)).map(({ name }) => name).filter((name) => !MIGRATOR_TABLES.includes(name))
    client.release()
    assert.deepEqual([...MADE_BY_USE, ...Object.keys(STAYS)].toSorted(), tables.toSorted())
  })

  test('is the same after everything that can be changed was changed as in a new database', async (t) => {
    await begin(fresh)
    const expected = await dump(fresh.database)
    for (const drive of Object.values(CHANGES)) await drive(full.service, full.things)
    assert.notDeepEqual(differences(await dump(full.service.database), expected), [])
    const first = await begin(full.service)
    assert.deepEqual(differences(await dump(full.service.database), expected), [])
    t.diagnostic(`the scene began in ${Math.round(Math.min(first, await begin(full.service)))} ms`)
    assert.deepEqual(differences(await dump(full.service.database), expected), [])
    assert.deepEqual((await verifyAudit(full.service.database)).faults, [])
    for (const { name, faults } of await verify(full.service.database, registerChecks))
      assert.deepEqual(faults, [], name)
  })

  test('is the same after any changes in any order', async () => {
    await begin(fresh)
    const expected = await dump(fresh.database)
    const drives = fc.shuffledSubarray(Object.keys(CHANGES), { minLength: 4 })
    await fc.assert(
      fc.asyncProperty(drives, fc.constantFrom('empty', 'lle-march', SCENE), async (chosen, earlier) => {
        await begin(full.service, earlier)
        const officer = await officerOf(full.service)
        // In any order many lead nowhere; what some of them leave must go all the same.
        for (const path of chosen) await CHANGES[path]?.(officer, full.things).catch(() => undefined)
        assert.equal((await full.service.put('/demo/today', { today: '2024-05-01' })).status, 200)
        assert.notDeepEqual(differences(await dump(full.service.database), expected), [])
        await begin(full.service)
        assert.deepEqual(differences(await dump(full.service.database), expected), [])
      }),
      { numRuns: 2, seed: 20_240_115, endOnFailure: true },
    )
  })
})
