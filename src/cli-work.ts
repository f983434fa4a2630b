import type { Command } from 'commander'
import { requirementsCommand } from '../tools/requirements.ts'
import { beginScene } from '../world/begin-scene.ts'
import { loadWorld, wordsOf } from '../world/load-england.ts'
import { packFolders } from './app.ts'
import type { CommandResult } from './cli.ts'
import { refused, withDatabase } from './cli-data.ts'
import type { Run } from './cli-serve.ts'
import { runMatch } from './matching/index.ts'
import { machineActor } from './platform/actor.ts'
import { readConfig } from './platform/config.ts'
import { readSecrets } from './platform/secret.ts'
import { stampDatabase } from './platform/stamp.ts'
import { loadInstalledPacks } from './programmes/index.ts'

/** Commands beside the register: the pure solver, an invented England, and what the tests prove. */
export function addWorkCommands(program: Command, run: Run): void {
  const match = program
    .command('match')
    .description('solve a matching problem, proven where time allows; needs no database')
    .requiredOption('--problem <file>', 'the problem as JSON')
    .option('--time-limit <seconds>', 'answer the best found by then')
    .option('--json', 'the answer as JSON (the only form)')
  match.action(() => run(() => runMatch({ problemFile: match.opts().problem, timeLimit: match.opts().timeLimit }))())

  const world = program.command('world').description('an invented England for demonstrations')
  const load = world
    .command('load')
    .description('load an invented England into a demonstration database')
    .argument('<fixture>', 'the file, such as world/england.yaml')
    .option('--scene <id>', 'begin this scene: what the demonstration made goes')
  load.action((file: string) => run(() => worldCommand(file, load.opts()))())

  const requirements = program
    .command('requirements')
    .description('which requirements the last test run proves')
    .option('--json', 'the list as JSON')
  requirements.action(() => run(() => requirementsCommand({ json: requirements.opts().json === true }))())
}

async function worldCommand(file: string, { scene }: { scene?: string }): Promise<CommandResult> {
  const config = readConfig(process.env)
  const packs = await loadInstalledPacks(packFolders(config.dataDir))
  if (!packs.ok) return refused(packs.refusals)
  const secrets = readSecrets(process.env, { ...config, demonstration: true })
  return withDatabase(async (database) => {
    await stampDatabase(database.db, 'demonstration')
    const asked = { file, ...wordsOf(packs.value) }
    const by = machineActor('Command line', 'command line')
    const loaded = scene
      ? await beginScene(database, { ...asked, packs: packs.value, secrets, scene, by })
      : await loadWorld(database, asked)
    return loaded.ok ? { exitCode: 0, stdout: JSON.stringify(loaded.value, null, 2) } : refused(loaded.refusals)
  })
}
