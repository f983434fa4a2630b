import type { Command } from 'commander'
import { type AppParts, everyDay, version } from './app.ts'
import { noticeSubjectChanges } from './cases/index.ts'
import type { CommandResult } from './cli.ts'
import { refused, withRegister } from './cli-data.ts'
import type { Run } from './cli-serve.ts'
import { machineActor } from './platform/actor.ts'
import { sealAudit } from './platform/audit-seal.ts'
import { systemClock } from './platform/clock.ts'
import { readConfig } from './platform/config.ts'
import type { Database } from './platform/db.ts'
import type { Decision } from './platform/decision.ts'
import { clockOf } from './platform/demonstration-clock.ts'
import { type NightJob, runNightJobs } from './platform/night-jobs.ts'
import { backupOfTheNight } from './platform/nightly-backup.ts'
import { applyRetention } from './platform/retention.ts'
import { countOf, thousands } from './platform/words.ts'
import {
  listHeldFiles,
  type NightReport,
  readNightSource,
  takeInAnyway,
  takeInNight,
  throwAway,
} from './register/index.ts'

const AT_COMMAND_LINE = machineActor('Command line', 'command line')
const BY_NIGHT = machineActor('Nightly register', 'system')

type NightWork = Pick<AppParts, 'database' | 'clock' | 'packs' | 'demonstration' | 'safety' | 'address'>

/**
 * What may no longer be kept goes, new register files are taken in, the day begins with what every day begins with, the
 * audit is sealed, and a backup is written. Each job keeps how it went; all get their turn, and failures are thrown together
 * at the end.
 */
export function workOfTheNight(parts: NightWork, dataDir: string): Promise<void> {
  const { database } = parts
  const jobs: NightJob[] = [
    {
      name: 'retention',
      work: async () => {
        const reports = await applyRetention(database, systemClock.today())
        const values = reports.reduce((sum, one) => sum + one.values, 0)
        return values > 0 ? `${countOf(values, 'value')} removed` : null
      },
    },
    { name: 'register', work: () => registerOfTheNight(database, dataDir) },
    { name: 'schools of open cases', work: () => askOwners(parts) },
    // After the register, whose events they may take.
    ...jobsOfTheDay(parts),
    {
      name: 'audit seal',
      work: async () => {
        const head = await sealAudit(database)
        return head ? `${countOf(head.entries, 'entry', 'entries')} sealed` : null
      },
    },
    {
      name: 'backup',
      work: async () => {
        await backupOfTheNight(database, { dataDir, version, now: systemClock.now() })
        return 'The backup of the day is there, or the database is younger than 12 hours'
      },
    },
  ]
  return runNightJobs(database, jobs)
}

/** What each day begins with. A demonstration runs its days when somebody moves them. */
function jobsOfTheDay(parts: NightWork): NightJob[] {
  if (parts.demonstration) return []
  return everyDay(parts).map(({ name, run }) => ({
    name,
    async work() {
      await run(parts.database.db, systemClock.today().toString())
      return 'Done'
    },
  }))
}

/** Whoever owns an open case whose school the register changed is asked how it goes on. */
async function askOwners({ database, clock }: Pick<NightWork, 'database' | 'clock'>): Promise<string | null> {
  const asked = await noticeSubjectChanges({ database, clock })
  return asked > 0 ? waitingCases(asked) : null
}

/** "1 open case waits for a decision because its school changed". */
export function waitingCases(count: number): string {
  return `${countOf(count, 'open case')} ${count === 1 ? 'waits' : 'wait'} for a decision because ${count === 1 ? 'its' : 'their'} school changed`
}

async function registerOfTheNight(database: Database, dataDir: string): Promise<string | null> {
  const source = readNightSource(process.env, dataDir)
  if (!source.ok) throw new Error(source.refusals.map(({ message }) => message).join(' '))
  if (!source.value) return 'No folder of register files is named in the settings'
  const report = await takeInNight({ database, source: source.value, clock: systemClock, by: BY_NIGHT })
  if (report.problems.length > 0) throw new Error(report.problems.join('; '))
  return summaryOf(report)
}

function summaryOf({ files }: NightReport): string {
  const held = files.filter((file) => file.outcome === 'held').length
  return `${countOf(files.length - held, 'file')} taken in, ${countOf(held, 'import')} held for a person`
}

/** `register nightly`: the import of the night by hand, and the answers to what it holds. */
export function addNightCommands(program: Command, run: Run): void {
  const register = program
    .command('register')
    .description('the nightly register: take in new files, settle held imports')
  const nightly = register
    .command('nightly')
    .description('take in the new files of the folder named in ALONGSIDE_REGISTER_FOLDER, as the service does by night')
    .option('--json', 'the report as JSON')
  nightly.action(() => run(() => nightlyCommand(nightly.opts().json === true))())
  register
    .command('held')
    .description('imports that wait for a person, as JSON')
    .action(() =>
      run(() =>
        withRegister(async ({ db }) => ({ exitCode: 0, stdout: JSON.stringify(await listHeldFiles(db), null, 2) })),
      )(),
    )
  addSettling(register, run, 'take-in', 'take a held import in although it changes much', takeInAnyway)
  addSettling(register, run, 'throw-away', 'settle that a held import is not taken in', throwAway)
}

type Settle = typeof takeInAnyway | typeof throwAway

function addSettling(register: Command, run: Run, name: string, words: string, settle: Settle): void {
  const command = register
    .command(name)
    .description(words)
    .argument('<number>', 'of the held import, as "register held" lists it')
    .requiredOption('--reason <words>', 'why; it is kept')
  command.action((number: string) =>
    run(() =>
      withRegister(async (database) => {
        const asked = { id: Number(number) || 0, reason: command.opts().reason, by: AT_COMMAND_LINE }
        const decision: Decision<unknown> = await settle({ database, clock: systemClock }, asked)
        if (!decision.ok) return refused(decision.refusals)
        await noticeSubjectChanges({ database, clock: await clockOf(database) })
        return { exitCode: 0, stdout: JSON.stringify(decision.value, null, 2) }
      }),
    )(),
  )
}

async function nightlyCommand(asJson: boolean): Promise<CommandResult> {
  const source = readNightSource(process.env, readConfig(process.env).dataDir)
  if (!source.ok) return refused(source.refusals)
  const found = source.value
  if (!found)
    return refused([
      {
        code: 'register.no-source',
        message:
          'Set ALONGSIDE_REGISTER_FOLDER to the folder with the official files, or ALONGSIDE_REGISTER_ADDRESSES.',
      },
    ])
  return withRegister(async (database) => {
    const report = await takeInNight({ database, source: found, clock: systemClock, by: AT_COMMAND_LINE })
    const asked = await noticeSubjectChanges({ database, clock: await clockOf(database) })
    const words = asked > 0 ? `${formatNight(report)}\n${waitingCases(asked)}` : formatNight(report)
    return {
      exitCode: report.problems.length > 0 ? 1 : 0,
      stdout: asJson ? JSON.stringify(report, null, 2) : words,
      ...(report.problems.length > 0 && { stderr: report.problems.join('\n') }),
    }
  })
}

function formatNight(report: NightReport): string {
  const lines = report.files.flatMap(({ file, kind, asAt, outcome, reasons, report: done }) => {
    const totals = done?.totals
    const numbers = totals
      ? `: ${thousands(totals.read)} rows read, ${thousands(totals.added)} added, ${thousands(totals.changed)} changed, ${thousands(totals.rejected)} left out`
      : ''
    const what = `${file} (${kind ?? 'kind not known'}, as at ${asAt ?? 'no date'})`
    return outcome === 'taken'
      ? [`taken in: ${what}${numbers}`]
      : [`held for a person: ${what}`, ...reasons.map(({ message }) => `  ${message}`)]
  })
  return [...lines, `${report.source}: ${summaryOf(report)}`].join('\n')
}
