import type { Command } from 'commander'
import type { CommandResult } from './cli.ts'
import type { Run } from './cli-serve.ts'
import { readConfig } from './platform/config.ts'
import { type Database, openDatabase } from './platform/db.ts'
import type { Refusal } from './platform/decision.ts'
import {
  formatImportReport,
  type ImportKind,
  importFile,
  loadShippedRegister,
  registerIsLoaded,
} from './register/index.ts'

const IMPORT_KINDS: readonly ImportKind[] = ['schools', 'groups', 'links', 'inspections']

/** Opens the data folder's database for one command: joins a running server or starts one for the run. */
export async function withDatabase(work: (database: Database) => Promise<CommandResult>): Promise<CommandResult> {
  const database = await openDatabase(readConfig(process.env))
  try {
    return await work(database)
  } finally {
    await database.close()
  }
}

/** As above for commands that need the register: an empty folder gets the shipped one first. */
export function withRegister(work: (database: Database) => Promise<CommandResult>): Promise<CommandResult> {
  return withDatabase(async (database) => {
    if (!(await registerIsLoaded(database.db))) {
      process.stderr.write('Loading the shipped register first …\n')
      await loadShippedRegister(database, { onProgress: () => undefined })
    }
    return work(database)
  })
}

export function refused(refusals: readonly Refusal[]): CommandResult {
  return { exitCode: 1, stderr: JSON.stringify(refusals, null, 2) }
}

export function addDataCommands(program: Command, run: Run): void {
  const command = program
    .command('import')
    .description('take in an official file (windows-1252 or UTF-8, plain or .gz)')
    .argument('<kind>', IMPORT_KINDS.join(', '))
    .argument('<file>')
    .option('--as-at <date>', 'date of the file (default: from its name, else today)')
    .option('--strict', 'save nothing if any row is bad')
    .option('--json', 'the report as JSON')
  command.action((kind: string, file: string) => run(() => importCommand(kind, file, command.opts()))())
}

async function importCommand(
  kind: string,
  file: string,
  options: { asAt?: string; strict?: boolean; json?: boolean },
): Promise<CommandResult> {
  const known = IMPORT_KINDS.find((one) => one === kind)
  if (!known)
    return refused([
      { code: 'import.kind', message: `There is no import of "${kind}"; choose ${IMPORT_KINDS.join(', ')}.` },
    ])
  return withDatabase(async (database) => {
    const decision = await importFile(database, {
      kind: known,
      file,
      asAt: options.asAt,
      strict: options.strict === true,
    })
    if (!decision.ok) return refused(decision.refusals)
    const stdout = options.json ? JSON.stringify(decision.value, null, 2) : formatImportReport(decision.value)
    return { exitCode: 0, stdout }
  })
}
