import { readFile } from 'node:fs/promises'
import { basename } from 'node:path'
import type { Command } from 'commander'
import { packFolders } from './app.ts'
import { noticeSubjectChanges } from './cases/index.ts'
import type { CommandResult } from './cli.ts'
import { refused, withDatabase } from './cli-data.ts'
import { waitingCases } from './cli-night.ts'
import type { Run } from './cli-serve.ts'
import { formatLeaderImport, importLeaders, leaderVocabulary } from './leaders/index.ts'
import { machineActor } from './platform/actor.ts'
import { readConfig } from './platform/config.ts'
import { clockOf } from './platform/demonstration-clock.ts'
import { loadInstalledPacks } from './programmes/index.ts'
import { formatImportReport, type ImportKind, importFile } from './register/index.ts'

const OFFICIAL: readonly ImportKind[] = ['schools', 'groups', 'links', 'inspections']
const KINDS: readonly string[] = [...OFFICIAL, 'leaders']

const AT_COMMAND_LINE = machineActor('Command line', 'command line')

type ImportFlags = { asAt?: string; strict?: boolean; json?: boolean }

export function addImportCommand(program: Command, run: Run): void {
  const command = program
    .command('import')
    .description('take in an official file (windows-1252 or UTF-8, plain or .gz), or a roster of leaders')
    .argument('<kind>', KINDS.join(', '))
    .argument('<file>')
    .option('--as-at <date>', 'date of the file (default: from its name, else today)')
    .option('--strict', 'save nothing if any row is bad')
    .option('--json', 'the report as JSON')
  command.action((kind: string, file: string) => run(() => importCommand(kind, file, command.opts()))())
}

async function importCommand(kind: string, file: string, flags: ImportFlags): Promise<CommandResult> {
  if (kind === 'leaders') return importLeadersCommand(file, flags)
  const known = OFFICIAL.find((one) => one === kind)
  if (!known)
    return refused([{ code: 'import.kind', message: `There is no import of "${kind}"; choose ${KINDS.join(', ')}.` }])
  return withDatabase(async (database) => {
    const asked = { kind: known, file, asAt: flags.asAt, strict: flags.strict === true }
    const clock = await clockOf(database)
    const decision = await importFile(database, { ...asked, by: AT_COMMAND_LINE, clock })
    if (!decision.ok) return refused(decision.refusals)
    const waiting = await noticeSubjectChanges({ database, clock })
    const words = [formatImportReport(decision.value), ...(waiting > 0 ? [waitingCases(waiting)] : [])].join('\n')
    return { exitCode: 0, stdout: flags.json ? JSON.stringify(decision.value, null, 2) : words }
  })
}

/** `import leaders FILE`: the roster's own file, beside the register's official ones. */
async function importLeadersCommand(file: string, flags: ImportFlags): Promise<CommandResult> {
  const packs = await loadInstalledPacks(packFolders(readConfig(process.env).dataDir))
  if (!packs.ok) return refused(packs.refusals)
  const bytes = await readFile(file).catch(() => undefined)
  if (!bytes)
    return refused([{ code: 'import.unreadable-file', message: `The file “${file}” cannot be read.`, field: 'file' }])
  return withDatabase(async (database) => {
    const imported = await importLeaders(database, {
      fileName: basename(file),
      bytes,
      strict: flags.strict === true,
      vocabulary: leaderVocabulary(packs.value),
      by: machineActor('Command line', 'command line'),
    })
    if (!imported.ok) return refused(imported.refusals)
    const stdout = flags.json ? JSON.stringify(imported.value, null, 2) : formatLeaderImport(imported.value)
    return { exitCode: 0, stdout }
  })
}
