import type { Command } from 'commander'
import { invite } from './accounts/index.ts'
import { packFolders, rolesOf } from './app.ts'
import type { CommandResult } from './cli.ts'
import { refused, withDatabase } from './cli-data.ts'
import type { Run } from './cli-serve.ts'
import { machineActor } from './platform/actor.ts'
import { systemClock } from './platform/clock.ts'
import { readConfig } from './platform/config.ts'
import { loadInstalledPacks } from './programmes/index.ts'

/** `users invite EMAIL --role administrator`: the first person of a service that is not a demonstration. */
export function addUserCommands(program: Command, run: Run): void {
  const users = program.command('users').description('people who may sign in')
  const inviteCommand = users
    .command('invite')
    .description('invite somebody; prints the address to send on, which works once')
    .argument('<email>', 'the address that the person signs in with')
    .requiredOption('--role <role>', 'administrator, or a role of a programme as programme/role, for all of England')
    .option('--name <name>', 'how the person is called')
  inviteCommand.action((email: string) => run(() => inviteByCommand(email, inviteCommand.opts()))())
}

async function inviteByCommand(email: string, options: { role: string; name?: string }): Promise<CommandResult> {
  const packs = await loadInstalledPacks(packFolders(readConfig(process.env).dataDir))
  if (!packs.ok) return refused(packs.refusals)
  const [programme, role] = options.role.includes('/') ? options.role.split('/') : [null, options.role]
  return withDatabase(async (database) => {
    const invited = await invite(
      { database, clock: systemClock, roles: rolesOf(packs.value) },
      {
        email,
        name: options.name ?? '',
        organisationId: null,
        grant: {
          programme: programme ?? null,
          role: role ?? '',
          scopeKind: 'national',
          scopeValues: [],
          from: systemClock.today().toString(),
          to: null,
        },
        by: machineActor('Command line', 'command line'),
      },
    )
    if (!invited.ok) return refused(invited.refusals)
    const place = (process.env.ALONGSIDE_ORIGIN ?? '').replace(/\/$/, '')
    const invitation = `${place}/invitations/${invited.value.code}`
    return { exitCode: 0, stdout: JSON.stringify({ email, role: options.role, invitation }, null, 2) }
  })
}
