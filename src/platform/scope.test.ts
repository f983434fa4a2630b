import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { sql } from 'kysely'
import { startTestService, type TestService } from '../../world/test-service.ts'
import { type Actor, machineActor, NO_SCOPE, type Scope } from './actor.ts'
import { writeAudit } from './audit.ts'
import { backup } from './backup.ts'
import { readColumns } from './columns.ts'
import { connect, type Database, openDatabase } from './db.ts'
import { restore } from './restore.ts'
import { NOBODY, runAsMachine, runInScope, SERVICE_ROLE } from './scope.ts'
import { StartRefusal } from './start-refusal.ts'

let service: TestService
/** As a running service has it: without a scope its connections see nobody's rows. Two of them, so that all are shared. */
let small: Database
let url: string
before(async () => {
  service = await startTestService({ world: true, connections: 2 })
  url = service.database.pool.options.connectionString ?? ''
  small = connect({ connectionString: url, max: 2, connectionTimeoutMillis: 120_000 })
})
after(async () => {
  await small.close()
  await service.close()
})

function withDatabase(address: string, name: string): string {
  const changed = new URL(address)
  changed.pathname = `/${name}`
  return changed.href
}

function somebody(personId: number, scope: Partial<Scope>): Actor {
  return { ...machineActor('Somebody', 'system'), personId, capabilities: new Set(), scope: { ...NO_SCOPE, ...scope } }
}

const NORTH = somebody(900_001, { regions: ['North East'] })
const LONDON = somebody(900_002, { regions: ['London'] })

async function references({ pool }: Database): Promise<string> {
  const { rows } = await pool.query<{ reference: string }>('select reference from leader order by reference')
  return rows.map(({ reference }) => reference).join(' ')
}

/** Without persons, although their columns are declared as holding something of them, and why. */
const UNPROTECTED: Readonly<Record<string, string>> = {
  feedback: 'asks for no name and is read by administrators',
  register_correction: 'stands in the register, which is nobody’s own; who corrected it is told with the answers',
  eligibility_result: 'what was answered to “who qualifies” is nobody’s own; it tells who corrected the register',
}

function holdsPersons(...kinds: readonly (object | undefined)[]): boolean {
  return kinds.some((kind) => Object.keys(kind ?? {}).length > 0)
}

describe('The tables', () => {
  it('that hold something of persons have policies, for their owner too, that show all to the machine', async () => {
    const { rows } = await service.database.pool.query<{ name: string; forced: boolean; shows: boolean }>(
      `select relname::text as name, relrowsecurity and relforcerowsecurity as forced, exists (
         select from pg_policy p where p.polrelid = c.oid and p.polcmd in ('*', 'r')
           and pg_get_expr(p.polqual, p.polrelid) ~ 'alongside_(sees_all|is_machine)') as shows
       from pg_class c where relnamespace = 'public'::regnamespace and relkind = 'r'`,
    )
    const held = new Map(rows.map((row) => [row.name, row]))
    for (const [name, { about, contact, sensitive }] of Object.entries(readColumns().tables)) {
      if (!held.has(name) || UNPROTECTED[name] || !holdsPersons(about, contact, sensitive)) continue
      assert.ok(held.get(name)?.forced, `${name} holds something of persons and has no policy: docs/adr/0009-scope.md`)
    }
    for (const { name, forced, shows } of rows) assert.ok(!forced || shows, `${name}: the machine would miss rows`)
  })

  it('show no row to a connection without a scope, and take none', async () => {
    const { rows } = await service.database.pool.query<{ name: string }>(
      `select relname::text as name from pg_class
       where relnamespace = 'public'::regnamespace and relkind = 'r' and relrowsecurity`,
    )
    assert.ok(rows.length >= 20)
    let filled = 0
    for (const { name } of rows) {
      const count = `select count(*)::integer as count from ${name}`
      const all = await service.database.pool.query<{ count: number }>(count)
      const seen = await small.pool.query<{ count: number }>(count)
      assert.equal(seen.rows[0]?.count, 0, name)
      filled += Number((all.rows[0]?.count ?? 0) > 0)
    }
    assert.ok(filled > 8, `${filled} tables had rows to see`)
    await assert.rejects(
      small.pool.query(`insert into person (name, email, created_by) values ('A', 'a@example.org', 'A')`),
    )
  })

  it('are neither altered nor emptied by the role of requests, and the audit is not changed', async () => {
    for (const statement of [
      'drop table leader',
      'truncate leader',
      'alter table leader disable row level security',
      'create table more (id integer)',
      'delete from audit_entry',
      'update audit_value set value = null',
      `select blank_audit_values('leader', '1', '{name}', 'none')`,
      `insert into audit_head (sealed_at, day, first_id, last_id, entries, entries_digest, digest) values (now(), now(), 1, 1, 1, '', '')`,
      'delete from kysely_migration',
    ])
      await assert.rejects(
        runInScope(somebody(1, { everything: true }), () => small.pool.query(statement)),
        { code: '42501' },
        statement,
      )
  })
})

describe('A scope', () => {
  it('holds for every way to a query, and for nothing after it', async () => {
    const all = await references(service.database)
    const north = await runInScope(NORTH, () => references(small))
    assert.match(north, /L-01/)
    assert.doesNotMatch(north, /L-05/)
    assert.equal(await runAsMachine(() => references(small)), all)
    const list = sql<{ reference: string }>`select reference from leader`
    const inTransaction = () => small.db.transaction().execute(async (db) => (await list.execute(db)).rows)
    assert.deepEqual(await runInScope(LONDON, inTransaction), [{ reference: 'L-05' }])
    assert.equal(await references(small), '')
  })

  it('reaches a leader by region, by reference or by trust, and what belongs to the leader with it', async () => {
    const terms = async () => {
      const { rows } = await small.pool.query<{ found: string }>(
        `select distinct reference as found from leader_term t join leader l on l.id = t.leader_id order by 1`,
      )
      return rows.map(({ found }) => found).join(' ')
    }
    assert.equal(await runInScope(somebody(1, { leaders: ['L-02'] }), terms), 'L-02')
    assert.equal(await runInScope(somebody(1, { organisations: ['T-09'] }), terms), 'L-01')
    assert.equal(await runInScope(somebody(1, { establishments: [900_001] }), terms), '')
    const days = 'select count(*)::integer as count from leader_term'
    const north = await runInScope(NORTH, () => small.pool.query<{ count: number }>(days))
    const all = await service.database.pool.query<{ count: number }>(days)
    assert.ok(Number(north.rows[0]?.count) > 0 && Number(north.rows[0]?.count) < Number(all.rows[0]?.count))
  })

  it('shows the history of a record with the record', async () => {
    const histories = async () => {
      const { rows } = await small.pool.query<{ reference: string }>(
        `select distinct v.value::jsonb #>> '{}' as reference from audit_entry e join audit_value v on v.entry_id = e.id
         where e.record = 'leader' and v.field = 'reference' and v.side = 'new' order by 1`,
      )
      return rows.map(({ reference }) => reference).join(' ')
    }
    assert.equal(await runInScope(LONDON, histories), 'L-05')
    assert.equal(await runInScope(NORTH, histories), await runInScope(NORTH, () => references(small)))
    assert.equal(await histories(), '')
  })

  it('shows colleagues, oneself and people of the own places, and no session of others', async () => {
    const { rows } = await service.database.pool.query<{ id: number; name: string }>(
      'select id, demonstration_ids[1] as name from person',
    )
    const idOf = (name: string) => rows.find((row) => row.name === name)?.id ?? 0
    const seen = async (actor: Actor) => {
      const found = await runInScope(actor, () =>
        small.pool.query<{ name: string }>('select demonstration_ids[1] as name from person'),
      )
      return new Set(found.rows.map(({ name }) => name))
    }
    const partner = await seen(somebody(idOf('dp-ne'), { regions: ['North East'] }))
    for (const name of ['dp-ne', 'rg-all', 'dp-sw', 'head-900001', 'ceo-01', 'la-ne', 'L-02'])
      assert.ok(partner.has(name), name)
    for (const name of ['head-900006', 'ceo-02', 'la-se', 'L-05', 'outsider-1']) assert.ok(!partner.has(name), name)
    const head = await seen(somebody(idOf('head-900001'), { establishments: [900_001] }))
    for (const name of ['head-900002', 'ceo-01', 'L-01', 'nobody']) assert.ok(!head.has(name), name)
    assert.ok(head.has('head-900001'))
    const sessions = await runInScope(NORTH, () => small.pool.query('select from user_session'))
    assert.equal(sessions.rows.length, 0)
  })

  it('lets nobody write a row that it would not show', async () => {
    const insert = `insert into leader (reference, type, region, organisation_name) values ($1, 'x', $2, 'Somewhere')`
    await runInScope(NORTH, () => small.pool.query(insert, ['N-1', 'North East']))
    await assert.rejects(
      runInScope(NORTH, () => small.pool.query(insert, ['N-2', 'London'])),
      /row-level security/,
    )
    const move = `update leader set region = 'London' where reference = 'N-1'`
    await assert.rejects(
      runInScope(NORTH, () => small.pool.query(move)),
      /row-level security/,
    )
    const other = await runInScope(LONDON, () =>
      small.pool.query(`update leader set name = 'X' where reference = 'N-1'`),
    )
    assert.equal(other.rowCount, 0)
    const gone = await runInScope(LONDON, () => small.pool.query(`delete from leader where reference = 'N-1'`))
    assert.equal(gone.rowCount, 0)
    await service.database.pool.query(`delete from leader where reference = 'N-1'`)
  })

  it('never leaks to the next on a pool of two, with transactions that fail in between', async () => {
    const expected = { north: await runInScope(NORTH, () => references(small)), london: 'L-05', nobody: '' }
    const turns = Array.from({ length: 300 }, (_, turn) => turn)
    const wrong: number[] = []
    await Promise.all(
      turns.map(async (turn) => {
        const who = (['north', 'london', 'nobody'] as const)[turn % 3] ?? 'nobody'
        const ask = async () => {
          if (turn % 5 === 0) await assert.rejects(small.pool.query('select 1 / 0'))
          if (turn % 7 !== 0) return references(small)
          return small.db
            .transaction()
            .execute(async (db) => {
              await writeAudit(db, { actor: NORTH, action: 'Tried', record: 'nothing', recordKey: turn })
              throw new Error('undone')
            })
            .catch(() => references(small))
        }
        const found = await (who === 'nobody' ? ask() : runInScope(who === 'north' ? NORTH : LONDON, ask))
        if (found !== expected[who]) wrong.push(turn)
      }),
    )
    assert.deepEqual(wrong, [])
  })

  it('is never set on a connection that was given back within a transaction', async () => {
    const client = await runInScope(NORTH, () => small.pool.connect())
    await client.query('begin')
    client.release()
    const { processID } = Object(client)
    const asked = await Promise.all([1, 2, 3].map(() => runInScope(LONDON, () => references(small))))
    assert.deepEqual(asked, ['L-05', 'L-05', 'L-05'])
    const pids = await Promise.all(
      [1, 2, 3].map(() =>
        runInScope(LONDON, () => small.pool.query<{ pid: number }>('select pg_backend_pid() as pid')),
      ),
    )
    assert.ok(pids.every(({ rows }) => rows[0]?.pid !== processID))
    assert.equal(await runInScope(LONDON, () => references(small)), 'L-05')
  })
})

describe('Requests of two people', () => {
  it('at the same time, on a service with two connections, each get their own', async () => {
    const cookies = await Promise.all(
      ['dp-ne', 'dp-lnse', 'nobody'].map(
        async (person) => (await service.postJson('/demo/sign-in', { person })).cookie,
      ),
    )
    const wanted = [/L-01/, /L-05/, /not-allowed/]
    const unwanted = [/L-05/, /L-01/, /L-0/]
    const answers = await Promise.all(
      Array.from({ length: 120 }, (_, turn) => service.as(cookies[turn % 3] ?? '').get('/api/v1/leaders')),
    )
    for (const [turn, { body }] of answers.entries()) {
      assert.match(body, wanted[turn % 3] ?? /never/)
      assert.doesNotMatch(body, unwanted[turn % 3] ?? /./)
    }
  })
})

describe('A database user who is no superuser', () => {
  /** A new user and a database of that user's own, on the tests' server. */
  async function createOwner(rights: string): Promise<{ url: string; name: string; remove(): Promise<void> }> {
    const name = `owner_${randomUUID().slice(0, 8)}`
    const { pool } = service.database
    await pool.query(`create role ${name} login password '${name}' ${rights}`)
    await pool.query(`create database ${name} owner ${name}`)
    const address = new URL(withDatabase(url, name))
    address.username = name
    address.password = name
    const remove = async () => {
      for (const database of [name, `${name}_2`]) await pool.query(`drop database if exists ${database} with (force)`)
      await pool.query(`drop role ${name}`)
    }
    return { url: address.href, name, remove }
  }

  /** A backup of that user holds every row, and the same user restores it. */
  async function movedWhole(owner: { url: string; name: string }, from: Database): Promise<void> {
    const folder = await mkdtemp(join(tmpdir(), 'alongside-scope-'))
    const asked = { file: join(folder, 'all.backup'), version: '0', now: Temporal.Now.instant(), dataDir: folder }
    await assert.rejects(backup(from, asked), /the work of the machine/)
    await runAsMachine(() => backup(from, asked))
    await service.database.pool.query(`create database ${owner.name}_2 owner ${owner.name}`)
    const databaseUrl = withDatabase(owner.url, `${owner.name}_2`)
    const empty = await openDatabase({ dataDir: '/nowhere', databaseUrl }, { migrate: false })
    const restored = await runAsMachine(() => restore(empty, { file: asked.file, dataDir: folder }))
    await empty.close()
    assert.ok(restored.ok)
    const again = await openDatabase({ dataDir: '/nowhere', databaseUrl })
    assert.equal(await runAsMachine(() => references(again)), 'A-1 A-2')
    assert.equal(await runInScope(NORTH, () => references(again)), 'A-1')
    const { rows } = await again.pool.query<{ count: number }>(
      `select count(*)::integer as count from pg_class where relforcerowsecurity`,
    )
    assert.ok(Number(rows[0]?.count) >= 20)
    await again.close()
    await rm(folder, { recursive: true })
  }

  it('who may not use the role of requests is told what to do', async () => {
    const owner = await createOwner('nocreaterole')
    try {
      await assert.rejects(openDatabase({ dataDir: '/nowhere', databaseUrl: owner.url }), (error: unknown) => {
        assert.ok(error instanceof StartRefusal)
        assert.equal(error.refusal.code, 'database.role')
        assert.match(error.message, new RegExp(`grant ${SERVICE_ROLE} to "${owner.name}"`))
        return true
      })
    } finally {
      await owner.remove()
    }
  })

  it('is kept to the policies too, and does the machine’s work with its scope', async () => {
    const owner = await createOwner('nocreaterole')
    await service.database.pool.query(`grant ${SERVICE_ROLE} to ${owner.name} with inherit false, set true`)
    const database = await openDatabase({ dataDir: '/nowhere', databaseUrl: owner.url })
    try {
      const insert = `insert into leader (reference, type, region, organisation_name) values ($1, 'x', $2, 'Somewhere')`
      await runAsMachine(async () => {
        await database.pool.query(insert, ['A-1', 'North East'])
        await database.pool.query(insert, ['A-2', 'London'])
      })
      assert.equal(await runAsMachine(() => references(database)), 'A-1 A-2')
      assert.equal(await runInScope(NORTH, () => references(database)), 'A-1')
      assert.equal(await references(database), '')
      const bare = connect({ connectionString: owner.url }, undefined, { ...NOBODY, role: 'none' })
      assert.equal(await references(bare), '', 'the owner without the scope of the machine')
      await bare.close()
      await movedWhole(owner, database)
    } finally {
      await database.close()
      await owner.remove()
    }
  })
})
