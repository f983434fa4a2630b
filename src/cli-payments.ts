import { readFile, rm, writeFile } from 'node:fs/promises'
import type { Command } from 'commander'
import { stringify } from 'csv-stringify/sync'
import { findInventedActor } from './accounts/index.ts'
import { caseParts, packFolders, rolesOf } from './app.ts'
import type { CommandResult } from './cli.ts'
import { refused, withDatabase } from './cli-data.ts'
import type { Run } from './cli-serve.ts'
import {
  inPounds,
  listReady,
  listRunsOf,
  type MoneyParts,
  PAYER_COLUMNS,
  payerRows,
  prepareRun,
  releaseRun,
  takeResponse,
} from './money/index.ts'
import { type Actor, machineActor } from './platform/actor.ts'
import { readConfig } from './platform/config.ts'
import type { Decision, Refusal } from './platform/decision.ts'
import { clockOf } from './platform/demonstration-clock.ts'
import { readSecrets } from './platform/secret.ts'
import { findDatabaseKind } from './platform/stamp.ts'
import { loadInstalledPacks } from './programmes/index.ts'

type Work = (parts: MoneyParts) => Promise<CommandResult>
/** Gives a command the money of a database; tests give it theirs. */
export type WithMoney = (work: Work) => Promise<CommandResult>

const AT_COMMAND_LINE = machineActor('Command line', 'command line')

/**
 * `payment-runs …`: what is ready, a run, its file for the payer and the payer's answer. Releasing is a person's own act at the page,
 * so a command releases for nobody but an invented person of a demonstration.
 */
export function addPaymentCommands(program: Command, run: Run, withMoney: WithMoney = withInstalledMoney): void {
  const payments = program.command('payment-runs').description('payment runs, by the same rules as the pages')
  const add = (name: string, description: string) => payments.command(name).description(description)
  const programme = (command: Command) =>
    command.requiredOption('--programme <id>', 'the programme, such as the first part of programme@edition')
  const ready = programme(add('ready', 'what is due and in no run yet'))
  ready.action(() => run(() => withMoney((parts) => readyCommand(parts, ready.opts().programme)))())
  const list = programme(add('list', 'the runs and how they stand'))
  list.action(() => run(() => withMoney((parts) => listCommand(parts, list.opts().programme)))())
  const prepare = programme(add('prepare', 'put everything that is due into one run'))
  prepare.action(() => run(() => withMoney((parts) => prepareCommand(parts, prepare.opts().programme)))())
  const release = add('release', 'release a run as a second person; in a demonstration only, else at its page')
  release.argument('<run>', 'the reference of the run').option('--as <person>', 'one of the invented people')
  release.action((reference: string) =>
    run(() => withMoney((parts) => releaseCommand(parts, reference, release.opts().as)))(),
  )
  const file = add('file', "write the payer's file of a released run; it holds whole bank details")
  file
    .argument('<run>', 'the reference of the run')
    .requiredOption('--to <file>', 'where to write it; it must not be there')
  file.action((reference: string) => run(() => withMoney((parts) => fileCommand(parts, reference, file.opts().to)))())
  const response = add('response', "take the payer's answer in, row by row")
  response.argument('<run>', 'the reference of the run').argument('<file>', 'the CSV that the payer sent')
  response.action((reference: string, from: string) =>
    run(() => withMoney((parts) => responseCommand(parts, reference, from)))(),
  )
}

async function withInstalledMoney(work: Work): Promise<CommandResult> {
  const config = readConfig(process.env)
  const packs = await loadInstalledPacks(packFolders(config.dataDir))
  if (!packs.ok) return refused(packs.refusals)
  return withDatabase(async (database) => {
    const demonstration = (await findDatabaseKind(database.db)) === 'demonstration'
    const secrets = readSecrets(process.env, { dataDir: config.dataDir, demonstration })
    return work(
      caseParts({ database, clock: await clockOf(database), packs: packs.value, ...(secrets && { secrets }) }),
    )
  })
}

function told(value: object): CommandResult {
  return { exitCode: 0, stdout: JSON.stringify(value, null, 2) }
}

function answered(decision: Decision<object>): CommandResult {
  return decision.ok ? told(decision.value) : refused(decision.refusals)
}

async function readyCommand(parts: MoneyParts, programme: string): Promise<CommandResult> {
  const lines = await listReady(parts, programme, AT_COMMAND_LINE)
  return told({
    ready: lines.map(({ reference, title, payee, balances }) => ({
      case: reference,
      title,
      payee,
      due: inPounds(balances.due),
    })),
  })
}

async function listCommand(parts: MoneyParts, programme: string): Promise<CommandResult> {
  return told({ runs: await listRunsOf(parts, programme) })
}

async function prepareCommand(parts: MoneyParts, programme: string): Promise<CommandResult> {
  return answered(await prepareRun(parts, { programme, by: AT_COMMAND_LINE }))
}

const NO_SUCH_PERSON: Refusal = {
  code: 'person.unknown',
  message:
    'There is no such invented person, or the person may not pay: outside a demonstration a run is released at its page',
  field: 'as',
}

async function releaseCommand(
  parts: MoneyParts,
  reference: string,
  person: string | undefined,
): Promise<CommandResult> {
  const by = person === undefined ? AT_COMMAND_LINE : await inventedActor(parts, person)
  if (!by?.capabilities.has('pay')) return refused([NO_SUCH_PERSON])
  return answered(await releaseRun(parts, { reference, by }))
}

/** One of the invented people, who exist in a demonstration alone. */
async function inventedActor({ database: { db }, clock, packs }: MoneyParts, person: string): Promise<Actor | null> {
  if ((await findDatabaseKind(db)) !== 'demonstration') return null
  const found = await findInventedActor(db, { person, today: clock.today().toString(), roles: rolesOf(packs) })
  return found && { ...found, door: 'command line' }
}

/** The file is made before the bank details are opened, for nobody else's eyes and never over another. */
async function fileCommand(parts: MoneyParts, reference: string, to: string): Promise<CommandResult> {
  try {
    await writeFile(to, '', { mode: 0o600, flag: 'wx' })
  } catch (error) {
    return refused([fileRefusal('file.not-written', to, error)])
  }
  const rows = await payerRows(parts, { reference, by: AT_COMMAND_LINE })
  if (!rows.ok) {
    await rm(to)
    return refused(rows.refusals)
  }
  const cells = rows.value.map((row) => PAYER_COLUMNS.map(({ key }) => row[key] ?? ''))
  await writeFile(
    to,
    stringify([PAYER_COLUMNS.map(({ head }) => head), ...cells], { escape_formulas: true, bom: true }),
  )
  return told({ reference, payments: rows.value.length, file: to })
}

function fileRefusal(code: string, file: string, error: unknown): Refusal {
  return { code, message: `${file}: ${error instanceof Error ? error.message : String(error)}`, field: 'file' }
}

async function responseCommand(parts: MoneyParts, reference: string, from: string): Promise<CommandResult> {
  try {
    const text = await readFile(from, 'utf8')
    return answered(await takeResponse(parts, { reference, text, by: AT_COMMAND_LINE }))
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT')
      return refused([fileRefusal('file.missing', from, error)])
    throw error
  }
}
