import type { Command } from 'commander'
import { requirementsCommand } from '../tools/requirements.ts'
import { loadWorld } from '../world/load-england.ts'
import { packFolders } from './app.ts'
import type { CommandResult } from './cli.ts'
import { refused, withDatabase } from './cli-data.ts'
import type { Run } from './cli-serve.ts'
import { leaderVocabulary } from './leaders/index.ts'
import { runMatch } from './matching/index.ts'
import { readConfig } from './platform/config.ts'
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
    .option('--scene <id>', 'the scene to start from')
  load.action((file: string) => run(() => worldCommand(file, load.opts()))())

  const requirements = program
    .command('requirements')
    .description('which requirements the last test run proves')
    .option('--json', 'the list as JSON')
  requirements.action(() => run(() => requirementsCommand({ json: requirements.opts().json === true }))())
}

async function worldCommand(file: string, { scene }: { scene?: string }): Promise<CommandResult> {
  const packs = await loadInstalledPacks(packFolders(readConfig(process.env).dataDir))
  if (!packs.ok) return refused(packs.refusals)
  return withDatabase(async (database) => {
    await stampDatabase(database.db, 'demonstration')
    const vocabulary = leaderVocabulary(packs.value)
    const loaded = await loadWorld(database, { file, vocabulary, ...(scene && { scene }) })
    return loaded.ok ? { exitCode: 0, stdout: JSON.stringify(loaded.value, null, 2) } : refused(loaded.refusals)
  })
}
