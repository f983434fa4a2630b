import type { Command } from 'commander'
import { packFolders, standingParts } from './app.ts'
import type { CommandResult } from './cli.ts'
import { refused, withRegister } from './cli-data.ts'
import type { Run } from './cli-serve.ts'
import { machineActor } from './platform/actor.ts'
import { readConfig } from './platform/config.ts'
import { clockOf } from './platform/demonstration-clock.ts'
import { countOf } from './platform/words.ts'
import { loadInstalledPacks } from './programmes/index.ts'
import {
  findRunStanding,
  followStandings,
  listSchoolStandings,
  type StandingParts,
  standingJson,
} from './standings/index.ts'

const BY = machineActor('Command line', 'command line')

/** `standings list` and `standings follow`: at which level schools are, and the night's raising of levels by hand. */
export function addStandingCommands(program: Command, run: Run): void {
  const standings = program.command('standings').description('at which level of a programme schools are')
  const list = standings
    .command('list')
    .description('the schools of a standing with their level today and its history')
    .argument('<programme>', 'programme@edition')
    .argument('<standing>')
    .option('--json', 'the answer as JSON')
  list.action((ref: string, standing: string) => run(() => listCommand(ref, standing, list.opts().json === true))())
  standings
    .command('follow')
    .description('raise levels to the rules that act at once, as the service does by night')
    .action(() =>
      run(() =>
        withStandings(async (parts) => ({
          exitCode: 0,
          stdout: `${countOf(await followStandings(parts), 'level')} raised.`,
        })),
      )(),
    )
}

async function withStandings(work: (parts: StandingParts) => Promise<CommandResult>): Promise<CommandResult> {
  const packs = await loadInstalledPacks(packFolders(readConfig(process.env).dataDir))
  if (!packs.ok) return refused(packs.refusals)
  return withRegister(async (database) =>
    work(standingParts({ database, clock: await clockOf(database), packs: packs.value })),
  )
}

function listCommand(ref: string, standing: string, asJson: boolean): Promise<CommandResult> {
  return withStandings(async (parts) => {
    const found = findRunStanding(parts.packs, ref, standing)
    if (!found)
      return refused([
        { code: 'standing.unknown', message: 'There is no such standing that the service keeps.', field: 'standing' },
      ])
    const schools = (await listSchoolStandings(parts, found, BY)).map((one) => standingJson(found, one))
    const lines = schools.map(
      ({ urn, name, words, from }) => `${urn}  ${name}: ${words}${from ? `, since ${from}` : ''}`,
    )
    return { exitCode: 0, stdout: asJson ? JSON.stringify({ schools }, null, 2) : lines.join('\n') }
  })
}
