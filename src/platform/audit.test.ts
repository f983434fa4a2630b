import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import fc from 'fast-check'
import { type AuditEntry, writeAudit, writeAudits } from './audit.ts'
import { sealAudit } from './audit-seal.ts'
import { formatAuditReport, verifyAudit } from './audit-verify.ts'
import { type TestDatabase, testDatabase } from './test-database.ts'

let database: TestDatabase
before(async () => {
  database = await testDatabase()
})
after(() => database.close())

const OFFICER = { name: 'Officer', door: 'page', personId: null, requestId: 'r-1' } as const

function write(entries: readonly AuditEntry[]): Promise<void> {
  return database.db.transaction().execute((transaction) => writeAudits(transaction, entries))
}

const anEntry = fc.record({
  actor: fc.constant(OFFICER),
  action: fc.constantFrom('Added', 'Changed'),
  record: fc.constantFrom('leader', 'scenario'),
  recordKey: fc.nat({ max: 3 }),
  old: fc.dictionary(fc.string({ minLength: 1 }), fc.jsonValue(), { maxKeys: 3, noNullPrototype: true }),
  new: fc.dictionary(fc.string({ minLength: 1 }), fc.jsonValue(), { maxKeys: 3, noNullPrototype: true }),
  reason: fc.string(),
})

/** As somebody with all rights over the database could, around every trigger; undone afterwards. */
async function tampered(statement: string): Promise<{ changed: number; ok: boolean; first: string }> {
  const client = await database.pool.connect()
  const run = async (text: string) => {
    await client.query('begin')
    await client.query('set local session_replication_role = replica')
    const { rowCount } = await client.query(text)
    await client.query('commit')
    return rowCount ?? 0
  }
  try {
    for (const table of ['audit_entry', 'audit_value', 'audit_head'])
      await client.query(`create temporary table kept_${table} as table ${table}`)
    const changed = await run(statement)
    const report = await verifyAudit(database)
    for (const table of ['audit_entry', 'audit_value', 'audit_head']) {
      const columns = table === 'audit_entry' ? ENTRY_COLUMNS : '*'
      const names = table === 'audit_entry' ? `(${ENTRY_COLUMNS})` : ''
      await run(`delete from ${table}`)
      await run(`insert into ${table} ${names} overriding system value select ${columns} from kept_${table}`)
      await client.query(`drop table kept_${table}`)
    }
    return { changed, ok: report.ok, first: formatAuditReport(report) }
  } finally {
    client.release(true)
  }
}

const ENTRY_COLUMNS = 'id, at, person_id, name, door, request_id, action, record, record_key, digest'
const SOME = '(select id from audit_entry order by md5(id::text) limit 1)'
const SOME_VALUE = '(select ctid from audit_value order by md5(entry_id::text || field) limit 1)'

/** Everything that could be done to a sealed audit. */
const TAMPERINGS: Readonly<Record<string, string>> = {
  'another name': `update audit_entry set name = name || 'x' where id = ${SOME}`,
  'another moment': `update audit_entry set at = at + interval '1 microsecond' where id = ${SOME}`,
  'another door': `update audit_entry set door = 'file' where id = ${SOME}`,
  'another person': `update audit_entry set person_id = 9 where id = ${SOME}`,
  'another request': `update audit_entry set request_id = null where id = ${SOME}`,
  'another action': `update audit_entry set action = 'Nothing' where id = ${SOME}`,
  'another record': `update audit_entry set record_key = record_key || '1' where id = ${SOME}`,
  'another digest': `update audit_entry set digest = md5(digest) || md5(digest) where id = ${SOME}`,
  'an entry deleted': `with gone as (delete from audit_value where entry_id = ${SOME}) delete from audit_entry where id = ${SOME}`,
  'the last entry deleted': `with gone as (delete from audit_value where entry_id = (select max(id) from audit_entry))
    delete from audit_entry where id = (select max(id) from audit_entry)`,
  'an entry put in': `insert into audit_entry (${ENTRY_COLUMNS}) overriding system value
    select 0, at, person_id, name, door, request_id, action, record, record_key, digest from audit_entry where id = ${SOME}`,
  'an entry deleted without its values': 'delete from audit_entry where id = (select max(entry_id) from audit_value)',
  'two entries swapped': `with moved as (update audit_value a set value = b.value, salt = b.salt, digest = b.digest from audit_value b
      where a.entry_id in (1, 2) and b.entry_id = 3 - a.entry_id)
    update audit_entry a set at = b.at, record_key = b.record_key, digest = b.digest from audit_entry b
    where a.id in (1, 2) and b.id = 3 - a.id`,
  'another value': `update audit_value set value = '"x' || md5(value) || '"' where ctid = ${SOME_VALUE}`,
  'another salt': `update audit_value set salt = salt || 'x' where ctid = ${SOME_VALUE}`,
  'a value with another field': `update audit_value set field = field || 'x' where ctid = ${SOME_VALUE}`,
  'a value deleted': `delete from audit_value where ctid = ${SOME_VALUE}`,
  'a value put in': `insert into audit_value (entry_id, side, field, value, salt, digest)
    select entry_id, side, field || 'more', value, salt, digest from audit_value where ctid = ${SOME_VALUE}`,
  'a value and its digest': `update audit_value set digest = encode(sha256('x'), 'hex') where ctid = ${SOME_VALUE}`,
  'a head deleted': `delete from audit_head where id = (select min(id) from audit_head)`,
  'another head': `update audit_head set entries_digest = encode(sha256('x'), 'hex') where id = (select max(id) from audit_head)`,
  'a head of another day': `update audit_head set day = day - 1 where id = (select max(id) from audit_head)`,
}

test('whatever is done to sealed entries is found, and nothing is found where nothing was done', async () => {
  const first: AuditEntry = { actor: OFFICER, action: 'Added', record: 'leader', recordKey: 1, new: { name: 'A' } }
  await write([first, { ...first, recordKey: 2 }])
  await sealAudit(database)
  await fc.assert(
    fc.asyncProperty(
      fc.array(anEntry, { minLength: 1, maxLength: 5 }),
      fc.constantFrom(...Object.entries(TAMPERINGS)),
      async (entries, [, statement]) => {
        await write(entries)
        await sealAudit(database)
        assert.deepEqual((await verifyAudit(database)).faults, [])
        const { changed, ok } = await tampered(statement)
        assert.ok(changed > 0, 'the tampering did something')
        assert.equal(ok, false)
        assert.deepEqual((await verifyAudit(database)).faults, [])
      },
    ),
    { numRuns: 20 },
  )
  for (const [name, statement] of Object.entries(TAMPERINGS)) assert.equal((await tampered(statement)).ok, false, name)
})

test('the report names the first entry that does not hold', async () => {
  const { first } = await tampered(`update audit_entry set name = 'Nobody' where id = 2`)
  assert.match(first, /^Audit: \d+ faults? in .*\n.*last head.*\n {2}Entry 2 \(Added, leader 2\) was changed/)
})

test('a head noted earlier must still be in the chain', async () => {
  const { lastHead } = await verifyAudit(database)
  assert.equal((await verifyAudit(database, { knownHead: lastHead ?? '' })).ok, true)
  const cut = await tampered('delete from audit_head where id > 1')
  assert.equal(cut.ok, true, 'without the note, a chain that was cut short looks whole')
  assert.equal((await verifyAudit(database, { knownHead: 'a'.repeat(64) })).ok, false)
})

test('no statement of the service changes or deletes an entry, a value or a head', async () => {
  for (const statement of [
    `update audit_entry set name = 'Nobody'`,
    'delete from audit_entry where id = 1',
    'delete from audit_value',
    `update audit_value set value = 'x'`,
    `update audit_value set removed_at = now(), removed_by_rule = 'mine'`,
    `update audit_value set value = null, salt = null, removed_at = now(), removed_by_rule = 'mine', digest = repeat('0', 64)`,
    'delete from audit_head',
    'update audit_head set entries = 1',
    'truncate audit_value',
    'truncate audit_entry cascade',
  ])
    await assert.rejects(database.pool.query(statement), /audit|violates/, statement)
})

test('a removed value says when and by which rule, and the chain still holds', async () => {
  const person = {
    actor: OFFICER,
    action: 'Added',
    record: 'leader',
    recordKey: 77,
    new: { name: 'B', region: 'East' },
  }
  await write([person])
  await sealAudit(database)
  const { rows } = await database.pool.query<{ count: number }>(
    `select blank_audit_values('leader', '77', '{name}', 'test-rule') as count`,
  )
  assert.equal(rows[0]?.count, 1)
  const report = await verifyAudit(database)
  assert.deepEqual(report.faults, [])
  assert.deepEqual(
    report.removed.map(({ rule, values }) => ({ rule, values })),
    [{ rule: 'test-rule', values: 1 }],
  )
  assert.match(formatAuditReport(report), /1 value removed on \d+ \w+ \d{4} by rule test-rule/)
})

test('an entry belongs into a transaction, goes with it, and writers do not wait for one another', async () => {
  const entry = { actor: OFFICER, action: 'Added', record: 'leader', recordKey: 5, new: {} }
  await assert.rejects(writeAudit(database.db, entry), /transaction/)
  const count = async () => (await verifyAudit(database)).entries
  const at = await count()
  const [one, two] = [await database.pool.connect(), await database.pool.connect()]
  try {
    await one.query('begin')
    await two.query('begin')
    await writeAudit(one, entry)
    await writeAudit(two, entry)
    await two.query('commit')
    await one.query('rollback')
  } finally {
    one.release()
    two.release()
  }
  assert.equal(await count(), at + 1)
})
