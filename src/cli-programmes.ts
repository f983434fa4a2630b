import type { Command } from 'commander'
import { packFolders } from './app.ts'
import type { CommandResult } from './cli.ts'
import { refused, withDatabase, withRegister } from './cli-data.ts'
import type { Run } from './cli-serve.ts'
import { type AnswerOptions, judgeSchools, readFactsOn, readQuestion, toJson, usualDay } from './eligibility/index.ts'
import { machineActor } from './platform/actor.ts'
import { writeAudit } from './platform/audit.ts'
import { type Clock, systemClock } from './platform/clock.ts'
import { readConfig } from './platform/config.ts'
import { clockOf } from './platform/demonstration-clock.ts'
import { longDate } from './platform/words.ts'
import {
  addPack,
  checkPackDirectory,
  findPack,
  findPackWarnings,
  loadInstalledPacks,
  loadPack,
  notRunInWords,
  type Pack,
  packRef,
  runningPacks,
  titleWithState,
} from './programmes/index.ts'

type EligibilityFlags = { on?: string; subject?: string; authority?: string; all?: boolean; json?: boolean }

export function addProgrammeCommands(program: Command, run: Run): void {
  const eligibility = program
    .command('eligibility')
    .description('who qualifies for a programme on a day, and why')
    .argument('<programme>', 'programme, or programme@edition')
    .option('--on <date>', "day asked about (default: today, within the edition's year)")
    .option('--subject <kind>', 'school or trust', 'school')
    .option('--authority <code>', 'schools of one authority only')
    .option('--all', 'list those who do not qualify too')
    .option('--json', 'the answer as JSON')
  eligibility.action((ref: string) => run(() => eligibilityCommand(ref, eligibility.opts()))())

  const packs = program.command('packs').description('check and list programmes')
  packs
    .command('check')
    .description('check the pack of a folder; every fault is named with its line')
    .argument('<folder>')
    .action((folder: string) => run(() => checkCommand(folder))())
  packs
    .command('load')
    .description('add an edition beside the others; a running service shows it after its next start')
    .argument('<folder>')
    .action((folder: string) => run(() => loadCommand(folder))())
  packs
    .command('list')
    .description('list the loaded editions')
    .action(() => run(listCommand)())
}

async function eligibilityCommand(ref: string, flags: EligibilityFlags): Promise<CommandResult> {
  const packs = await loadInstalledPacks(packFolders(readConfig(process.env).dataDir))
  if (!packs.ok) return refused(packs.refusals)
  if (flags.subject !== 'school' && flags.subject !== 'trust')
    return refused([{ code: 'subject.unknown', message: 'The subject must be school or trust.', field: 'subject' }])
  const options: AnswerOptions = { subject: flags.subject, authority: flags.authority, all: flags.all === true }
  // What is asked wrongly is refused before a register is loaded for it.
  const running = runningPacks(packs.value)
  const wrong = readAsked(ref, flags, running, systemClock)
  if (!wrong.ok) return refused(wrong.refusals)
  return withRegister(async (database) => {
    const question = readAsked(ref, flags, running, await clockOf(database))
    if (!question.ok) return refused(question.refusals)
    const answer = toJson(judgeSchools(question.value.pack, await readFactsOn(database, question.value.on)), options)
    return { exitCode: 0, stdout: flags.json ? JSON.stringify(answer, null, 2) : inWords(answer) }
  })
}

function readAsked(ref: string, { on }: EligibilityFlags, packs: readonly Pack[], clock: Clock) {
  const pack = findPack(ref, packs)
  const today = pack ? usualDay(pack, clock) : clock.today().toString()
  return readQuestion(ref, new URLSearchParams(on ? { on } : {}), packs, today)
}

function inWords({ ref, on, considered, note, results }: ReturnType<typeof toJson>): string {
  const lines = results.map((one) => `${one.urn ?? one.name}  ${one.name}: ${reasons(one)}`)
  return [...lines, `${results.length} of ${considered} as at ${longDate(on)} by ${ref}, ${note}.`].join('\n')
}

function reasons({ outcome, rows }: ReturnType<typeof toJson>['results'][number]): string {
  const deciding = rows.filter((row) => row.result === (outcome === 'eligible' ? 'met' : 'unknown'))
  return deciding.map((row) => row.evidence).join(' ') || outcome
}

async function checkCommand(folder: string): Promise<CommandResult> {
  const faults = await checkPackDirectory(folder)
  if (faults.length > 0) return refused(faults)
  const warnings = (await findPackWarnings(folder)).map(({ message }) => `Warning: ${message}`)
  const pack = await loadPack(folder)
  const notRun = pack.ok ? notRunInWords(pack.value) : ''
  return { exitCode: 0, stdout: [...warnings, 'No fault found.', notRun].filter(Boolean).join('\n') }
}

async function loadCommand(folder: string): Promise<CommandResult> {
  return withDatabase(async ({ db }) => {
    const added = await addPack(packFolders(readConfig(process.env).dataDir), folder)
    if (!added.ok) return refused(added.refusals)
    const { version, title } = added.value
    await db.transaction().execute((transaction) =>
      writeAudit(transaction, {
        actor: machineActor('Command line', 'command line'),
        action: 'Loaded',
        record: 'pack',
        recordKey: packRef(added.value),
        new: { title, version },
      }),
    )
    return { exitCode: 0, stdout: `Loaded ${packRef(added.value)}, version ${version}.` }
  })
}

async function listCommand(): Promise<CommandResult> {
  const packs = await loadInstalledPacks(packFolders(readConfig(process.env).dataDir))
  if (!packs.ok) return refused(packs.refusals)
  return {
    exitCode: 0,
    stdout: packs.value.map((pack) => `${packRef(pack)}  version ${pack.version}  ${titleWithState(pack)}`).join('\n'),
  }
}
