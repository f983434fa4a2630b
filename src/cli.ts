import { Command, CommanderError } from 'commander'
import { version } from './app.ts'
import { addAuditCommands } from './cli-audit.ts'
import { addBackupCommands } from './cli-backup.ts'
import { addImportCommand } from './cli-import.ts'
import { addNightCommands } from './cli-night.ts'
import { addPaymentCommands } from './cli-payments.ts'
import { addProgrammeCommands } from './cli-programmes.ts'
import { addServeCommands } from './cli-serve.ts'
import { addStandingCommands } from './cli-standings.ts'
import { addUserCommands } from './cli-users.ts'
import { addWorkCommands } from './cli-work.ts'
import { runAsMachine } from './platform/scope.ts'

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
  // The service says itself which of its work is the machine's: its requests are not.
  addServeCommands(program, run)
  const atMachine: typeof run = (work) => run(() => runAsMachine(work))
  addImportCommand(program, atMachine)
  addNightCommands(program, atMachine)
  addProgrammeCommands(program, atMachine)
  addStandingCommands(program, atMachine)
  addWorkCommands(program, atMachine)
  addPaymentCommands(program, atMachine)
  addBackupCommands(program, atMachine)
  addAuditCommands(program, atMachine)
  addUserCommands(program, atMachine)
  try {
    await program.parseAsync(words, { from: 'user' })
    return exitCode
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2
    process.stderr.write(`${wordsOf(error)}\n`)
    return 1
  }
}

/** Some faults, such as one of several connections that all failed, have no message of their own. */
function wordsOf(error: unknown): string {
  if (error instanceof AggregateError) return [error.message, ...error.errors.map(wordsOf)].filter(Boolean).join('; ')
  return error instanceof Error ? error.message || error.name : String(error)
}
