import type { Command } from 'commander'
import type { CommandResult } from './cli.ts'
import { refused, withDatabase } from './cli-data.ts'
import type { Run } from './cli-serve.ts'
import { machineActor } from './platform/actor.ts'
import { sealAudit } from './platform/audit-seal.ts'
import { systemClock } from './platform/clock.ts'
import { applyRetention, type RetentionReport } from './platform/retention.ts'
import { exportSubject, formatSubjectExport } from './platform/subject-export.ts'
import { countOf } from './platform/words.ts'

/** Commands about what was done and what may be kept: the audit, retention, and what is held about a person. */
export function addAuditCommands(program: Command, run: Run): void {
  const audit = program.command('audit').description('the record of every change; verify tells whether it holds')
  audit
    .command('seal')
    .description('seal every entry that has no head yet; once a day is enough')
    .action(() => run(sealCommand)())

  const retention = program
    .command('retention')
    .description('what the retention rules no longer let be kept')
    .option('--apply', 'remove it; without, only tell')
    .option('--json', 'the list as JSON')
  retention.action(() => run(() => retentionCommand(retention.opts()))())

  const exports = program.command('export').description('what the service holds, for taking away')
  const person = exports
    .command('person')
    .description('everything held about one person, by the reference of a leader or the address of an account')
    .argument('<reference>')
    .option('--json', 'as JSON')
  person.action((reference: string) => run(() => personCommand(reference, person.opts()))())
}

function sealCommand(): Promise<CommandResult> {
  return withDatabase(async (database) => {
    const head = await sealAudit(database)
    const stdout = head
      ? `Sealed ${countOf(head.entries, 'entry', 'entries')} up to ${head.lastId}: ${head.digest}`
      : 'Every entry is sealed already.'
    return { exitCode: 0, stdout }
  })
}

function retentionCommand({ apply, json }: { apply?: boolean; json?: boolean }): Promise<CommandResult> {
  return withDatabase(async (database) => {
    const reports = await applyRetention(database, systemClock.today(), { dryRun: apply !== true })
    const stdout = json
      ? JSON.stringify(reports, null, 2)
      : reports.map((one) => inWords(one, apply === true)).join('\n')
    return { exitCode: 0, stdout }
  })
}

function inWords({ rule, words, records, values }: RetentionReport, applied: boolean): string {
  const what = `${countOf(values, 'value')} of ${countOf(records, 'record')}`
  return `${rule}: ${what} ${applied ? 'removed' : 'due'}. ${words}`
}

function personCommand(name: string, { json }: { json?: boolean }): Promise<CommandResult> {
  return withDatabase(async (database) => {
    const asked = { name, today: systemClock.today(), by: machineActor('Command line', 'command line') }
    const found = await exportSubject(database, asked)
    if (!found)
      return refused([{ code: 'person.unknown', message: `Nobody is held under “${name}”`, field: 'reference' }])
    return { exitCode: 0, stdout: json ? JSON.stringify(found, null, 2) : formatSubjectExport(found) }
  })
}
