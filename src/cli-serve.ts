import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Command } from 'commander'
import { shippedScenes } from '../world/begin-scene.ts'
import { inventedEngland, loadInventedPeople } from '../world/load-england.ts'
import { openProvider, readProviderSettings } from './accounts/index.ts'
import { type AppParts, createApp, deliveryOf, packFolders } from './app.ts'
import type { CommandResult } from './cli.ts'
import { workOfTheNight } from './cli-night.ts'
import { getJudged, usualDay } from './eligibility/index.ts'
import { readServiceDetails } from './information/index.ts'
import { leaderVocabulary, seedExerciseLeaders } from './leaders/index.ts'
import { openMail, readMailSettings } from './messages/index.ts'
import type { Clock } from './platform/clock.ts'
import { type Config, readConfig } from './platform/config.ts'
import { isDatabaseAway } from './platform/database-away.ts'
import { type Database, openDatabase } from './platform/db.ts'
import { clockOf } from './platform/demonstration-clock.ts'
import { keepRegisterChanges, withoutKeepingChanges } from './platform/demonstration-register.ts'
import { stopEmbedded } from './platform/embedded-postgres.ts'
import { everyNight } from './platform/nightly.ts'
import { runAsMachine } from './platform/scope.ts'
import { readSecrets } from './platform/secret.ts'
import { holdServiceLock } from './platform/service-lock.ts'
import { stampDatabase } from './platform/stamp.ts'
import { readSafetySettings } from './platform/web/safety-settings.ts'
import { loadInstalledPacks, type Pack, runningPacks } from './programmes/index.ts'
import { loadShippedRegister, registerIsLoaded } from './register/index.ts'

export type Run = (work: () => Promise<CommandResult>) => () => Promise<void>

type Loading = { title: string; step: string; done: number; total: number }

export function addServeCommands(program: Command, run: Run): void {
  const serveCommand = program.command('serve').description('start the service on this machine')
  serveCommand
    .option('--port <number>', 'port on the loopback address; 0 takes any free one (default: PORT or 3000)')
    .option('--data <folder>', 'data folder (default: ALONGSIDE_DATA or data/)')
    .option('--demo', 'demonstration: invented people, nothing is sent')
    .action(() => run(() => serve(readConfig(process.env, serveCommand.opts())))())

  const stopCommand = program.command('db:stop').description('end an embedded server that an ended service left')
  stopCommand.option('--data <folder>', 'data folder').action(() =>
    run(async () => {
      const outcome = await stopEmbedded(readConfig(process.env, stopCommand.opts()).dataDir)
      const words = {
        stopped: 'Stopped.',
        'not-running': 'No server is running.',
        'in-use': 'Another process uses the server; it stays.',
      }
      return { exitCode: outcome === 'in-use' ? 1 : 0, stdout: words[outcome] }
    })(),
  )
}

/** Listens first and loads the register behind `/ready`, so that the page shows how far the first start is. */
async function serve(config: Config): Promise<CommandResult> {
  const packs = await loadInstalledPacks(packFolders(config.dataDir))
  if (!packs.ok) return { exitCode: 1, stderr: packs.refusals.map((refusal) => refusal.message).join('\n') }
  const database = await openDatabase(config, {
    onError: (error) => process.stderr.write(`Database: ${error.message}\n`),
    comeBack: true,
  })
  const tellOf = (what: string) => (error: Error) => process.stderr.write(`${what}: ${error.message}\n`)
  try {
    const taken = Promise.withResolvers<void>()
    const lock = await runAsMachine(() => takeDatabase(database, config, taken.resolve))
    const settings = readProviderSettings(process.env)
    const mail = openMail(readMailSettings(process.env))
    const clock = await runAsMachine(() => clockOf(database))
    const { demonstration } = config
    const secrets = readSecrets(process.env, config)
    const parts: AppParts = {
      database,
      clock,
      packs: packs.value,
      demonstration,
      delivery: deliveryOf({ database, demonstration, clock, packs: packs.value }, mail, tellOf('Mail')),
      inventedEngland: inventedEngland(database, packs.value),
      scenes: shippedScenes(database, packs.value, secrets),
      cacheFolder: join(config.dataDir, 'cache'),
      dataDir: config.dataDir,
      details: readServiceDetails(process.env),
      secrets,
      safety: readSafetySettings(process.env),
      ...(config.port !== 0 && { address: `http://${config.host}:${config.port}` }),
      ...(settings && { provider: openProvider(settings) }),
    }
    let loading: Loading | null = (await registerIsLoaded(database.db))
      ? null
      : { title: 'Register', step: 'starting', done: 0, total: 1 }
    const server = await createApp(
      parts,
      () => loading,
      () => !lock.isHeld(),
    )
    const address = await server.listen({ host: config.host, port: config.port })
    process.stdout.write(`Alongside is at ${address} (this machine only).\n`)
    const stopped = Promise.race([untilAskedToStop(), endWhen(taken.promise)])
    if (loading) {
      await Promise.race([
        runAsMachine(() =>
          withoutKeepingChanges(database.db, () =>
            loadRegister(database, (step) => {
              loading = step
            }),
          ),
        ),
        stopped,
      ])
      loading = null
    }
    await runAsMachine(() => keepRegisterChanges(database.db))
    const vocabulary = leaderVocabulary(packs.value)
    if (demonstration) await runAsMachine(() => seedExerciseLeaders(database, { vocabulary }))
    process.stdout.write('Ready.\n')
    void runAsMachine(() => warmUp(database, packs.value, clock))
    const endNights = everyNight(
      () => runAsMachine(() => workOfTheNight(parts, config.dataDir)),
      tellOf('Work of the night'),
    )
    const endDelivery = parts.delivery.start()
    await stopped
    await endNights()
    await endDelivery()
    await server.close()
    const exitCode = await Promise.race([taken.promise.then(() => 1), Promise.resolve(0)])
    await lock.release()
    return { exitCode }
  } finally {
    await database.close()
  }
}

/** Makes this the one service of a database of its kind. */
async function takeDatabase(database: Database, { demonstration }: Config, onTaken: () => void) {
  await stampDatabase(database.db, demonstration ? 'demonstration' : 'live')
  const lock = await holdServiceLock(database.pool, { onTaken })
  if (demonstration) await loadInventedPeople(database)
  return lock
}

async function loadRegister(database: Database, show: (step: Loading) => void): Promise<void> {
  process.stdout.write('First start: loading the published register.\n')
  let last = ''
  const onProgress = (step: Loading) => {
    show(step)
    const line = `  ${step.title}: ${step.step}`
    if (line !== last) process.stdout.write(`${line}\n`)
    last = line
  }
  for (;;) {
    try {
      return await loadShippedRegister(database, { onProgress })
    } catch (error) {
      if (!isDatabaseAway(error)) throw error
      await sleep(1_000) // it comes back by itself, and the load goes on where it stopped
    }
  }
}

/** Judges the register once in the background, so that the first person does not wait for it. A fault shows on the page. */
async function warmUp(database: Database, packs: readonly Pack[], clock: Clock): Promise<void> {
  for (const pack of runningPacks(packs)) await getJudged(database, pack, usualDay(pack, clock)).catch(() => undefined)
}

/** Another service has the data now: this one must not go on. */
async function endWhen(taken: Promise<void>): Promise<void> {
  await taken
  process.stderr.write('Another service has taken over this database, so this one ends.\n')
}

function untilAskedToStop(): Promise<void> {
  return new Promise((resolve) => {
    process.once('SIGINT', () => resolve())
    process.once('SIGTERM', () => resolve())
  })
}
