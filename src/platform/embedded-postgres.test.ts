import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { after, afterEach, before, describe, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { type EmbeddedOptions, type EmbeddedServer, startEmbedded, stopEmbedded } from './embedded-postgres.ts'
import { findPostmaster } from './postgres-process.ts'

// As root, the server is "nobody" where that user can pass, and in a user namespace where it cannot: both are tried.
const open = mkdtempSync(join(tmpdir(), 'alongside-embedded-'))
chmodSync(open, 0o711)
const closed = mkdtempSync(join(tmpdir(), 'alongside-embedded-'))
const used = join(open, 'used')

const servers: EmbeddedServer[] = []
const apps: ChildProcess[] = []

// What a failed test leaves must not keep this process waiting.
afterEach(async () => {
  for (const app of apps.splice(0)) app.kill('SIGKILL')
  for (const server of servers.splice(0)) await server.stop()
})

after(async () => {
  for (const folder of [used, join(closed, 'race')]) await stopEmbedded(folder)
  for (const folder of [open, closed]) rmSync(folder, { recursive: true, force: true })
})

async function start(folder: string, options?: EmbeddedOptions): Promise<EmbeddedServer> {
  const server = await startEmbedded(folder, options)
  servers.push(server)
  return server
}

async function query(server: EmbeddedServer, text: string): Promise<unknown[][]> {
  const client = new pg.Client({ ...server.connection })
  client.on('error', () => undefined)
  await client.connect()
  const answer = await client.query({ text, rowMode: 'array' })
  await client.end()
  return answer.rows
}

function serverOf(folder: string): number {
  const pid = findPostmaster(join(folder, 'postgres'))?.pid
  assert.ok(pid, 'a server should run')
  return pid
}

function assertStopped(folder: string): void {
  assert.equal(findPostmaster(join(folder, 'postgres')), undefined)
}

/** Another process that starts or joins the server, says so, and stays until its input ends. */
async function startApp(folder: string): Promise<{ app: ChildProcess; adopted: boolean }> {
  const script = `
    import { startEmbedded } from ${JSON.stringify(new URL('./embedded-postgres.ts', import.meta.url).href)}
    const server = await startEmbedded(process.env.FOLDER)
    console.log(JSON.stringify(server.adopted))
    process.stdin.resume().on('end', () => server.stop())`
  const app = spawn(process.execPath, ['--input-type=module', '-e', script], {
    env: { ...process.env, FOLDER: folder },
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  apps.push(app)
  const [line] = await once(createInterface({ input: app.stdout }), 'line')
  return { app, adopted: JSON.parse(String(line)) }
}

async function kill(app: ChildProcess): Promise<void> {
  app.kill('SIGKILL')
  await once(app, 'exit')
}

async function endInOrder(app: ChildProcess): Promise<void> {
  const ended = once(app, 'exit')
  app.stdin?.end()
  assert.deepEqual(await ended, [0, null])
}

describe('one data folder, over several lives', () => {
  before(async () => {
    const server = await start(used)
    assert.equal(server.adopted, false)
    await query(server, 'create table kept as select 42 as number')
    await server.stop()
    assertStopped(used)
  })

  test('a later start finds what was stored', async () => {
    const server = await start(used)
    assert.deepEqual(await query(server, 'select number from kept'), [[42]])
    await server.stop()
    assertStopped(used)
  })

  test('the server is durable, checks its pages, sorts alike everywhere and listens on no port', async () => {
    const server = await start(used)
    const settings = [
      'fsync',
      'synchronous_commit',
      'full_page_writes',
      'data_checksums',
      'listen_addresses',
      'server_encoding',
    ]
    const shown = settings.map((name) => `current_setting('${name}')`).join(', ')
    assert.deepEqual(await query(server, `select ${shown}`), [['on', 'on', 'on', 'on', '', 'UTF8']])
    assert.deepEqual(await query(server, `select lower('ÉCOLE'), 'Z' < 'a'`), [['école', true]])
    assert.deepEqual(
      await query(server, `select name from pg_available_extensions where name in ('pg_trgm', 'unaccent') order by 1`),
      [['pg_trgm'], ['unaccent']],
    )
    await server.stop()
  })

  test('a killed server is started again with everything that was acknowledged', async () => {
    const lost: Error[] = []
    const first = await start(used, { onLost: (error) => lost.push(error) })
    await query(first, `create table acknowledged as select 'yes' as answer`)
    process.kill(serverOf(used), 'SIGKILL')

    const second = await start(used)
    assert.equal(second.adopted, false)
    assert.deepEqual(await query(second, 'select answer from acknowledged'), [['yes']])
    assert.equal(lost.length, 1, 'who used the killed server is told')
    await first.stop()
    assert.deepEqual(await query(second, 'select 1'), [[1]], 'the dead presence of the first stops nothing')
    await second.stop()
    assertStopped(used)
  })

  test('a service whose server is killed starts it again by itself, as often as needed', async () => {
    const lost: Error[] = []
    const server = await start(used, { onLost: (error) => lost.push(error), comeBack: true })
    for (let times = 0; times < 2; times += 1) {
      const pid = serverOf(used)
      process.kill(pid, 'SIGKILL')
      while ((findPostmaster(join(used, 'postgres'))?.pid ?? pid) === pid) await sleep(10)
      let answer: unknown
      while (answer === undefined)
        answer = await query(server, 'select number from kept').catch(() => sleep(20, undefined))
      assert.deepEqual(answer, [[42]])
    }
    // The second may meet the first in the midst of its return, and is healed with it: then it is told once.
    assert.ok(lost.length === 1 || lost.length === 2, `told ${lost.length} times`)
    await server.stop()
    assertStopped(used)
  })

  test('the server of a killed process is joined by the next, which is then the last and stops it', async () => {
    const { app } = await startApp(used)
    const pid = serverOf(used)
    await kill(app)

    const server = await start(used)
    assert.equal(server.adopted, true)
    assert.equal(serverOf(used), pid)
    await server.stop()
    assertStopped(used)
  })

  test('process and server killed together heal', async () => {
    const { app } = await startApp(used)
    process.kill(serverOf(used), 'SIGKILL')
    await kill(app)

    const server = await start(used)
    assert.deepEqual(await query(server, 'select number from kept'), [[42]])
    await server.stop()
  })

  test('the lock of a dead server whose process number a stranger has now is removed', async () => {
    // As root the server is "nobody", and only a stranger of the same user looks like a server to it.
    const stranger = spawn('sleep', ['60'], process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : {})
    apps.push(stranger)
    writeFileSync(join(used, 'postgres', 'postmaster.pid'), `${stranger.pid}\n${used}\n1700000000\n5432\n\n\n1 1\n`)
    const server = await start(used)
    assert.deepEqual(await query(server, 'select number from kept'), [[42]])
    await server.stop()
    await kill(stranger)
  })

  test('who leaves first leaves the server to the other, however it began', async () => {
    const first = await start(used)
    const second = await start(used)
    assert.deepEqual([first.adopted, second.adopted], [false, true])
    await Promise.all([first.stop(), first.stop()])
    assert.deepEqual(await query(second, 'select 1'), [[1]])
    await second.stop()
    assertStopped(used)
  })

  test('one process leaves at the moment in which another comes', async () => {
    let server = await start(used)
    for (let round = 0; round < 5; round++) {
      const [next] = await Promise.all([start(used), server.stop()])
      assert.deepEqual(await query(next, 'select 1'), [[1]])
      server = next
    }
    await server.stop()
    assertStopped(used)
  })

  test('a left-over server can be stopped, one in use cannot', async () => {
    assert.equal(await stopEmbedded(join(open, 'nothing-here')), 'not-running')
    assert.equal(existsSync(join(open, 'nothing-here')), false)
    const { app } = await startApp(used)
    assert.equal(await stopEmbedded(used), 'in-use')
    await kill(app)
    assert.equal(await stopEmbedded(used), 'stopped')
    assert.equal(await stopEmbedded(used), 'not-running')
  })

  test('data of another PostgreSQL are refused and not touched', async () => {
    const version = join(used, 'postgres', 'PG_VERSION')
    writeFileSync(version, '17\n')
    await assert.rejects(start(used), {
      name: 'StartRefusal',
      message: /written by PostgreSQL 17.*alongside -- upgrade/,
    })
    writeFileSync(version, '18\n')
    const server = await start(used)
    await server.stop()
  })
})

test('two processes that start at once on an empty folder share one server', async () => {
  const folder = join(closed, 'race')
  const both = await Promise.all([startApp(folder), startApp(folder)])
  assert.deepEqual(both.map(({ adopted }) => adopted).sort(), [false, true])
  assert.deepEqual(
    readdirSync(folder).filter((name) => name.startsWith('postgres.new')),
    [],
  )
  await Promise.all(both.map(({ app }) => endInOrder(app)))
  assertStopped(folder)
})

test('a first start sweeps what a killed one left, and a long path gets a socket folder elsewhere', async () => {
  const folder = join(closed, 'x'.repeat(100))
  const dead = spawn('true')
  await once(dead, 'exit')
  const leftOver = join(folder, `postgres.new-${dead.pid}-a`)
  const inTheMaking = join(folder, `postgres.new-${process.pid}-b`)
  mkdirSync(leftOver, { recursive: true })
  writeFileSync(join(leftOver, 'PG_VERSION'), '18\n')
  mkdirSync(inTheMaking)

  const server = await start(folder)
  assert.equal(existsSync(leftOver), false)
  assert.equal(existsSync(inTheMaking), true)
  assert.ok(!server.socketDir.startsWith(folder) && server.socketDir.length < 90)
  assert.deepEqual(await query(server, 'select 1'), [[1]])
  await server.stop()
  rmSync(server.socketDir, { recursive: true })
})
