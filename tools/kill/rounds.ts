import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { packFolders } from '../../src/app.ts'
import { openDatabase } from '../../src/platform/db.ts'
import { runAsMachine } from '../../src/platform/scope.ts'
import { stampDatabase } from '../../src/platform/stamp.ts'
import { loadInstalledPacks } from '../../src/programmes/index.ts'
import { inventedEngland } from '../../world/load-england.ts'
import { signInToDemonstration } from '../demo-session.ts'
import { findLost, readAcknowledged } from './acknowledged.ts'
import { createVictim, runCommand, type Victim } from './victim.ts'

export type Tell = (line: string) => void

const VICTIMS = ['service', 'database', 'both'] as const

/** A data folder with the invented England alone, so that a round does not wait for the whole register. */
export function prepareSmallFolder(dataDir: string): Promise<void> {
  return runAsMachine(() => makeSmallFolder(dataDir))
}

async function makeSmallFolder(dataDir: string): Promise<void> {
  const packs = await loadInstalledPacks(packFolders(dataDir))
  if (!packs.ok) throw new Error('The packs cannot be loaded')
  const database = await openDatabase({ dataDir, databaseUrl: undefined })
  await stampDatabase(database.db, 'demonstration')
  await inventedEngland(database, packs.value).load()
  // Otherwise the service would load the shipped register.
  await database.pool.query(
    `insert into import_progress (title, step, done, total, ended_at) values ('Register', 'comparing and indexing', 1, 1, now())`,
  )
  await database.close()
}

/**
 * Rounds of writing and killing. After each, everything that was acknowledged must be there and `verify` must pass. Throws
 * with what was lost. Answers how many acknowledgements were checked.
 */
export async function killInRounds(dataDir: string, rounds: number, tell: Tell): Promise<number> {
  const victim = await createVictim(dataDir)
  const file = join(dataDir, 'acknowledged.jsonl')
  rmSync(file, { force: true })
  victim.start()
  try {
    await victim.untilReady()
    const scenario = await makeScenario(victim)
    for (let round = 1; round <= rounds; round += 1) {
      const what = VICTIMS[(round - 1) % VICTIMS.length] ?? 'both'
      // Signed in before: a writer that is slow to start may find the database killed already.
      const { cookie } = await signInToDemonstration(victim.address)
      const writer = startWriter(victim, { file, first: round * 10_000, scenario, cookie })
      await untilAcknowledged(file, readAcknowledged(file).length)
      await sleep(200 + Math.random() * 1_000)
      await kill(victim, what)
      if (what !== 'database') victim.start()
      await victim.untilReady()
      await sleep(200) // the writer goes on over the service that came back
      await endWriter(writer)
      const acknowledged = await checkNothingLost(dataDir, file)
      tell(`round ${round}: ${what} killed, ${acknowledged} acknowledged changes are there, verify passes`)
    }
    return readAcknowledged(file).length
  } finally {
    await victim.stop()
  }
}

/** A kill before the first acknowledgement would prove nothing. */
async function untilAcknowledged(file: string, before: number): Promise<void> {
  for (let waited = 0; readAcknowledged(file).length <= before; waited += 50) {
    if (waited > 60_000) throw new Error('The writer had nothing acknowledged in a minute')
    await sleep(50)
  }
}

async function kill(victim: Victim, what: (typeof VICTIMS)[number]): Promise<void> {
  if (what !== 'service') victim.killDatabase()
  if (what !== 'database') await victim.killService()
  if (what !== 'database') return
  const answer = await fetch(`${victim.address}/leaders`).catch(() => undefined)
  if (answer && ![200, 503].includes(answer.status))
    throw new Error(`While the database was away a page answered ${answer.status}`)
}

async function makeScenario({ address }: Victim): Promise<number> {
  const fields = {
    programme: 'tsi@2023-24',
    name: 'Killed again and again',
    source: 'named',
    urns: '900001 900002 900005',
    term: '2023-24-spring',
    days: '8',
  }
  const answer = await fetch(`${address}/api/v1/matching`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...(await signInToDemonstration(address)) },
    body: JSON.stringify(fields),
  })
  const made: unknown = await answer.json()
  const { id } = Object(made)
  if (typeof id !== 'number') throw new Error(`No scenario was made: ${JSON.stringify(made)}`)
  return id
}

type Writing = { readonly file: string; readonly first: number; readonly scenario: number; readonly cookie: string }

function startWriter({ address }: Victim, { file, first, scenario, cookie }: Writing): ChildProcess {
  const words = [join(import.meta.dirname, 'writer.ts'), address, file, String(first), String(scenario), cookie]
  return spawn(process.execPath, words, { stdio: ['ignore', 'ignore', 'inherit'] })
}

async function endWriter(writer: ChildProcess): Promise<void> {
  if (writer.exitCode !== null) throw new Error('The writer met a refusal, so it proves nothing')
  const ended = once(writer, 'exit')
  writer.kill('SIGKILL')
  await ended
}

async function checkNothingLost(dataDir: string, file: string): Promise<number> {
  const acknowledged = readAcknowledged(file)
  const database = await openDatabase({ dataDir, databaseUrl: undefined }, { migrate: false })
  const lost = await runAsMachine(() => findLost(database, acknowledged)).finally(() => database.close())
  if (lost.length > 0) throw new Error(`Acknowledged and lost: ${lost.join(', ')}`)
  await checkVerified(dataDir)
  return acknowledged.length
}

async function checkVerified(dataDir: string): Promise<void> {
  const { code, said } = await runCommand(dataDir, ['verify'])
  if (code !== 0) throw new Error(`verify: ${said}`)
}

/** The first start killed while the database is made and migrated; the next start is whole. */
export async function killInMigration(dataDir: string, tell: Tell): Promise<void> {
  const after = 700 + Math.random() * 1_500
  await runCommand(dataDir, ['verify'], { killAfterMs: after })
  ;(await createVictim(dataDir)).killDatabase()
  await checkVerified(dataDir)
  tell(`killed ${Math.round(after)} ms after the first start, in the making of the database: the next start is whole`)
}

/** The first load of the whole register killed in its midst, service and server; the next start ends it. */
export async function killInFirstImport(dataDir: string, tell: Tell): Promise<void> {
  const victim = await createVictim(dataDir)
  victim.start()
  await sleep(6_000 + Math.random() * 6_000)
  victim.killDatabase()
  await victim.killService()
  victim.start()
  try {
    await victim.untilReady()
    await checkVerified(dataDir)
  } finally {
    await victim.stop()
  }
  tell('killed in the first load of the register: the next start ended it, verify passes')
}

/** A backup killed in its midst leaves the earlier one as it was; a whole one restores elsewhere. */
export async function killInBackup(dataDir: string, emptyDir: string, tell: Tell): Promise<void> {
  const file = join(dataDir, 'kill.backup')
  await expectDone(dataDir, ['backup', file])
  const killed = await runCommand(dataDir, ['backup', file], { killAfterMs: 600 + Math.random() * 600 })
  await expectDone(emptyDir, ['restore', file])
  await checkVerified(emptyDir)
  if (!existsSync(file)) throw new Error('The killed backup took the earlier one with it')
  tell(
    `a backup ${killed.code === null ? 'killed in its midst' : 'that was too quick to kill'}: the earlier file restores, verify passes`,
  )
}

async function expectDone(dataDir: string, words: readonly string[]): Promise<void> {
  const { code, said } = await runCommand(dataDir, words)
  if (code !== 0) throw new Error(`${words[0]}: ${said}`)
}
