import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { machineActor } from '../src/platform/actor.ts'
import { readAudit } from '../src/platform/audit-history.ts'
import { sealAudit } from '../src/platform/audit-seal.ts'
import { verifyAudit } from '../src/platform/audit-verify.ts'
import { readColumns } from '../src/platform/columns.ts'
import { applyRetention } from '../src/platform/retention.ts'
import { exportSubject, formatSubjectExport } from '../src/platform/subject-export.ts'
import { startTestService, type TestService } from '../world/test-service.ts'

let service: TestService
before(async () => {
  service = await startTestService({ world: true })
})
after(() => service.close())

const TODAY = Temporal.PlainDate.from('2024-01-15')
const BY = machineActor('Tester', 'command line')

async function rowsOf<T extends object>(text: string): Promise<T[]> {
  const { rows } = await service.database.pool.query<T>(text)
  return rows
}

/** L-02 left two years before; the names of the rest stay. */
async function letLeave(reference: string): Promise<number> {
  const answer = await service.post(`/leaders/${reference}/interests/declare`, {
    year: '2023',
    nothing: 'no',
    target: '900012',
    nature: 'Governor until last summer',
  })
  assert.equal(answer.status, 303)
  const [row] = await rowsOf<{ id: number }>(
    `update leader set state = 'left', changed_at = '2022-01-10' where reference = '${reference}' returning id`,
  )
  return row?.id ?? 0
}

describe('what is kept of persons', () => {
  test('every column of every table is declared once, with a rule that exists', async () => {
    const { tables, rules, subjects } = readColumns()
    const stored = await rowsOf<{ table: string; columns: string[] }>(`
      select c.relname as "table", array_agg(a.attname::text) as columns
      from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
      where c.relkind in ('r', 'p') and c.relnamespace = 'public'::regnamespace and c.relname not like 'kysely%' group by 1`)
    for (const { table, columns } of stored) {
      const declared = tables[table]
      assert.ok(declared, `db/columns.yaml declares the table ${table}`)
      const personal = { ...declared.contact, ...declared.sensitive }
      assert.deepEqual([...declared.no, ...Object.keys(personal)].sort(), columns.sort(), `the columns of ${table}`)
      for (const [column, rule] of Object.entries(personal)) assert.ok(rules[rule], `${table}.${column}: rule ${rule}`)
      for (const [subject, column] of Object.entries(declared.about ?? {})) {
        assert.ok(subjects[subject], `${table} is about ${subject}`)
        assert.ok(columns.includes(column), `${table}.${column}`)
      }
    }
  })

  test('what is due goes from the tables and from the audit, stamped with its rule, and nothing else', async () => {
    const id = await letLeave('L-02')
    const names = () =>
      rowsOf<{ count: number }>('select count(*)::integer as count from leader where name is not null')
    const [before] = await names()
    const told = await applyRetention(service.database, TODAY, { dryRun: true })
    assert.deepEqual(await names(), [before], 'telling removes nothing')
    await sealAudit(service.database)

    const done = await applyRetention(service.database, TODAY)
    assert.deepEqual(done, told)
    assert.equal(done.find(({ rule }) => rule === 'leader-left')?.records, 1)
    const [after] = await names()
    assert.equal(after?.count, (before?.count ?? 0) - 1)
    assert.deepEqual(await rowsOf(`select name, email, region is not null as kept from leader where id = ${id}`), [
      { name: null, email: null, kept: true },
    ])
    assert.deepEqual(
      await rowsOf(`select nature from leader_interest where leader_id = ${id} and nature is not null`),
      [],
    )

    const changes = await readAudit(service.database.db, [{ record: 'leader', keys: [id] }])
    assert.equal(changes[0]?.action, 'Personal details removed')
    const added = changes.find(({ action }) => action === 'Added')
    assert.equal(added?.removed['name']?.rule, 'leader-left')
    assert.equal(typeof added?.new['region'], 'string')
    assert.match(
      (await service.get('/leaders/L-02/history')).text,
      /Name: removed on \d+ \w+ \d{4} by the retention rule “leader-left”/,
    )
    const report = await verifyAudit(service.database)
    assert.deepEqual(report.faults, [])
    assert.equal(report.removed[0]?.rule, 'leader-left')

    const again = await applyRetention(service.database, TODAY)
    assert.deepEqual(
      again.map(({ records }) => records),
      again.map(() => 0),
    )
  })

  test('a leader who left later than the rule says keeps everything', async () => {
    const id = await letLeave('L-03')
    await rowsOf(`update leader set changed_at = '2022-01-16' where id = ${id}`)
    await applyRetention(service.database, TODAY)
    const [row] = await rowsOf<{ name: string | null }>(`select name from leader where id = ${id}`)
    assert.ok(row?.name)
  })

  test('a person can be given everything that is held about them', async () => {
    const found = await exportSubject(service.database, { name: 'l-01', today: TODAY, by: BY })
    assert.ok(found)
    const tables = new Map(found.tables.map(({ table, rows }) => [table, rows]))
    assert.equal(tables.get('leader')?.[0]?.['reference'], 'L-01')
    assert.ok(tables.has('leader_term'))
    assert.ok(found.history.some(({ action }) => action === 'Added'))
    const others = await rowsOf<{ name: string }>(
      `select name from leader where reference <> 'L-01' and name is not null`,
    )
    const text = formatSubjectExport(found)
    assert.match(text, /^Everything held about leader l-01, as at 15 January 2024/)
    assert.deepEqual(
      others.filter(({ name }) => text.includes(name) || JSON.stringify(found).includes(name)),
      [],
    )
    assert.equal(await exportSubject(service.database, { name: 'nobody', today: TODAY, by: BY }), undefined)
    const [last] = await readAudit(service.database.db, [
      { record: 'leader', keys: [String(tables.get('leader')?.[0]?.['id'])] },
    ])
    assert.equal(last?.action, 'Everything held was exported')
  })
})
