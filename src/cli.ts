import { Command, CommanderError } from 'commander'
import { version } from './app.ts'
import { addAuditCommands } from './cli-audit.ts'
import { addBackupCommands } from './cli-backup.ts'
import { addImportCommand } from './cli-import.ts'
import { addProgrammeCommands } from './cli-programmes.ts'
import { addServeCommands } from './cli-serve.ts'
import { addUserCommands } from './cli-users.ts'
import { addWorkCommands } from './cli-work.ts'

/** What a command answers: its exit status, and what goes to standard output and standard error. */
export type CommandResult = { readonly exitCode: number; readonly stdout?: string; readonly stderr?: string }

/** The command line as outsiders script it (design, section 4): 0 done, 1 refused with JSON or words on stderr, 2 misused. */
export async function runCommandLine(words: string[]): Promise<number> {
  let exitCode = 0
  const program = new Command('alongside').description('Brings improvement support to schools.').version(version)
  program.exitOverride().showHelpAfterError('(add --help for the options)')
  const run = (work: () => Promise<CommandResult>) => async () => {
    const result = await work()
    if (result.stdout) process.stdout.write(result.stdout.endsWith('\n') ? result.stdout : `${result.stdout}\n`)
    if (result.stderr) process.stderr.write(result.stderr.endsWith('\n') ? result.stderr : `${result.stderr}\n`)
    exitCode = result.exitCode
  }
  addServeCommands(program, run)
  addImportCommand(program, run)
  addProgrammeCommands(program, run)
  addWorkCommands(program, run)
  addBackupCommands(program, run)
  addAuditCommands(program, run)
  addUserCommands(program, run)
  try {
    await program.parseAsync(words, { from: 'user' })
    return exitCode
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
    return 1
  }
}
