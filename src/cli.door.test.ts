import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { cp, mkdtemp, readFile, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { testDatabase } from './platform/test-database.ts'

const MAIN = join(import.meta.dirname, 'main.ts')
const WORLD = join(import.meta.dirname, '../world/england.yaml')
const PACK = join(import.meta.dirname, '../packs/tsi/2023-24')

type Answer = { exitCode: number | null; stdout: string; stderr: string }
type Refusals = { code: string; message: string; field?: string }[]

let database: Awaited<ReturnType<typeof testDatabase>>
let folder: string
before(async () => {
  database = await testDatabase()
  folder = await mkdtemp(join(tmpdir(), 'alongside-cli-'))
})
after(() => database.close())

/** The command as an outsider runs it: a process of its own, on a database of this test's. */
function alongside(...words: string[]): Promise<Answer> {
  const env = { ...process.env, DATABASE_URL: database.url, ALONGSIDE_DATA: folder }
  const child = spawn(process.execPath, [MAIN, ...words], { env })
  const said = { stdout: '', stderr: '' }
  child.stdout.on('data', (bytes) => (said.stdout += bytes))
  child.stderr.on('data', (bytes) => (said.stderr += bytes))
  return new Promise((resolve) => child.once('close', (exitCode) => resolve({ exitCode, ...said })))
}

async function write(name: string, text: string): Promise<string> {
  const file = join(folder, name)
  await writeFile(file, text)
  return file
}

describe('the command line as outsiders script it', () => {
  test('match answers the contract on standard output and keeps a lock', async () => {
    const problem = await write(
      'problem.json',
      JSON.stringify({
        needs: [
          { id: 'a', days: 10, priority: 3 },
          { id: 'b', days: 5, priority: 1 },
        ],
        leaders: [{ id: 'x', days: 10 }],
        options: [
          { need: 'a', leader: 'x', score: 9.5 },
          { need: 'b', leader: 'x', score: 99 },
        ],
        locks: [{ need: 'b', leader: 'x' }],
      }),
    )
    const { exitCode, stdout } = await alongside('match', '--problem', problem, '--json')
    const { millis, unmet, ...answer } = JSON.parse(stdout)
    assert.equal(exitCode, 0)
    assert.deepEqual(answer, {
      status: 'optimal',
      priorityMet: 1,
      score: 99,
      bound: 99,
      assignments: [{ need: 'b', leader: 'x' }],
    })
    assert.equal(typeof millis, 'number')
    assert.equal(unmet[0].need, 'a')
  })

  test('a refusal is JSON on standard error with exit status 1, a misuse has exit status 2', async () => {
    const bad = await alongside('match', '--problem', await write('bad.json', '{"needs":[{"id":"a","days":0.3}]}'))
    assert.equal(bad.exitCode, 1)
    assert.equal(bad.stdout, '')
    const refusals: Refusals = JSON.parse(bad.stderr)
    assert.ok(refusals.some((refusal) => refusal.field === 'needs[0].days'))
    assert.equal((await alongside('nothing')).exitCode, 2)
  })

  test('a reader who stops early, as head does, is no fault', async () => {
    const env = { ...process.env, DATABASE_URL: database.url, ALONGSIDE_DATA: folder }
    const child = spawn(process.execPath, [MAIN, 'packs', 'list'], { env })
    let stderr = ''
    child.stderr.on('data', (bytes) => (stderr += bytes))
    child.stdout.destroy()
    const exitCode = await new Promise((resolve) => child.once('close', resolve))
    assert.deepEqual([exitCode, stderr], [0, ''])
  })

  test('packs check names every fault with its line', async () => {
    const copy = join(folder, 'pack')
    await cp(PACK, copy, { recursive: true })
    assert.equal((await alongside('packs', 'check', copy)).exitCode, 0)
    const text = await readFile(join(copy, 'pack.yaml'), 'utf8')
    await writeFile(join(copy, 'pack.yaml'), text.replace('hit: any', 'hit: some').replace('issued:', 'isued:'))
    const { exitCode, stderr } = await alongside('packs', 'check', copy)
    assert.equal(exitCode, 1)
    const messages = (JSON.parse(stderr) as Refusals).map((refusal) => refusal.message).join('\n') // printed by the command above
    assert.match(messages, /pack\.yaml:\d+:\d+: .*isued/)
    assert.match(messages, /pack\.yaml:\d+:\d+: .*hit/)
  })

  test('a pack that is only described passes its check and says so; who qualifies for it is refused', async () => {
    const folders = ['gtg/2023', 'lle/2017', 'lln/2026-27'].map((name) => join(PACK, '../..', name))
    for (const { exitCode, stdout } of await Promise.all(folders.map((one) => alongside('packs', 'check', one)))) {
      assert.equal(exitCode, 0)
      assert.match(
        stdout,
        /^No fault found\.\n(This programme is described, not run by this release|Run by this release: )/,
      )
    }
    const copy = join(folder, 'levels')
    await cp(folders[0] ?? '', copy, { recursive: true })
    const text = await readFile(join(copy, 'process.yaml'), 'utf8')
    await writeFile(join(copy, 'process.yaml'), text.replace('level: intensive-b, until', 'level: intensive-c, until'))
    const broken = await alongside('packs', 'check', copy)
    assert.equal(broken.exitCode, 1)
    assert.match(broken.stderr, /process\.yaml:\d+:\d+: \S+ names the level intensive-c, which is not there/)
    assert.match((await alongside('packs', 'list')).stdout, /gtg@2023 .* Good to Great, run in part\n/)
    const asked = await alongside('eligibility', 'gtg')
    assert.equal(asked.exitCode, 1)
    assert.match(asked.stderr, /programme\.unknown/)
  })

  test('import keeps the good rows and lists the bad one; with --strict it saves nothing', async () => {
    const header =
      'URN,EstablishmentName,EstablishmentStatus (name),LA (code),TypeOfEstablishment (name),PhaseOfEducation (name)'
    const row = (urn: string) => `${urn},Import Row ${urn},Open,805,Community school,Primary`
    const file = await write('schools.csv', `${[header, row('900901'), row('90001'), row('900902')].join('\n')}\n`)
    const strict = await alongside('import', 'schools', file, '--strict')
    assert.equal(strict.exitCode, 1)
    assert.match(strict.stderr, /row 2: URN must have 6 digits/)
    const lenient = await alongside('import', 'schools', file, '--json')
    assert.equal(lenient.exitCode, 0)
    assert.deepEqual(JSON.parse(lenient.stdout).totals, { read: 3, added: 2, changed: 0, unchanged: 0, rejected: 1 })
  })

  test('world load twice gives the same, and a scene that does not exist is refused', async () => {
    const first = await alongside('world', 'load', WORLD)
    assert.equal(first.exitCode, 0, first.stderr)
    const count = async () =>
      (
        await database.pool.query(`select (select count(*) from establishment) as schools, (select count(*) from leader) as leaders,
        (select count(*) from inspection) as inspections, (select count(*) from leader_history) as history`)
      ).rows[0]
    const before = await count()
    assert.equal((await alongside('world', 'load', WORLD)).exitCode, 0)
    assert.deepEqual(await count(), before)
    assert.equal((await alongside('world', 'load', WORLD, '--scene', 'none-such')).exitCode, 1)
  })
})
