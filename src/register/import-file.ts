import { basename } from 'node:path'
import type { PoolClient } from 'pg'
import { type Actor, machineActor } from '../platform/actor.ts'
import { writeAudit } from '../platform/audit.ts'
import { type Clock, systemClock } from '../platform/clock.ts'
import type { Database } from '../platform/db.ts'
import { accept, type Decision, type Refusal, refuse } from '../platform/decision.ts'
import { layCorrections, liftCorrections } from './corrections/lay-corrections.ts'
import { readDate } from './csv-cell.ts'
import { type CsvFile, inspectCsvFile, readCsvRecords, UnreadableFile } from './csv-file.ts'
import { rememberRegister, storeEvents } from './events/find-events.ts'
import { doublesTable, withoutTextIndexes } from './import-bulk.ts'
import { findDateInFileName } from './import-dates.ts'
import { chooseImport, type Import, type ImportKind } from './import-kinds.ts'
import type { Layout } from './import-layout.ts'
import type { Dataset } from './import-measures.ts'
import type { ImportReport, ImportTotals } from './import-report.ts'
import { checkRows, type ImportFault, type RowTally } from './import-rows.ts'
import type { SavedFile, SaveTotals } from './import-schools.ts'
import { rejectUnknownUrns, stageRows } from './import-stage.ts'
import { refreshProjections } from './projections.ts'

export type ImportRequest = {
  readonly kind: ImportKind
  readonly file: string
  /** ISO date of the facts; otherwise the date in the file's name, otherwise today. */
  readonly asAt?: string | undefined
  /** Save nothing at all if any row is bad. */
  readonly strict: boolean
  /** Hears how many rows have been read. */
  readonly onProgress?: ((rows: number) => void) | undefined
  readonly clock?: Clock
  /** Who brings it; without, the service itself. */
  readonly by?: Actor
  /** How the file is described where answers rest on it; otherwise said from its name and layout. */
  readonly described?: { readonly title: string; readonly publisher: string; readonly coverage: string }
  /** For measures: which dataset the file is. */
  readonly dataset?: Dataset | undefined
  /**
   * Part of a first load, before anybody reads: search indexes are built afterwards, and the projections are left to the
   * end of the whole load.
   */
  readonly firstLoad?: boolean
  /** Told when all rows have been read and the save begins. */
  readonly onRead?: (() => void) | undefined
  /** The rows are read at once, but saved only when this is done: the files that the save builds on. */
  readonly after?: Promise<unknown> | undefined
  /** Looks at the finished import before it is committed, in its transaction: with a refusal nothing is stored. */
  readonly review?: (client: PoolClient, done: Reviewed) => Promise<readonly Refusal[]>
  /** Whom the file lists; otherwise said from its name. */
  readonly coverage?: string | undefined
}

/** An import as its review finds it. The temporary table school_before holds how the schools stood. */
export type Reviewed = { readonly report: ImportReport; readonly header: readonly string[]; readonly layout: Layout }

/** Serialises imports and corrections: any constant will do, as long as no other lock uses it. */
export const IMPORT_LOCK = 7_110_001

const MOST_FAULTS_LISTED = 1000

/**
 * Takes one official file into the register, in one transaction, one import at a time. Bad rows are named and left out
 * (TSI-017); with `strict` they stop it all. Known records take what a newer file says, nothing is removed, old values
 * are kept. Refuses with `file.missing`, `file.truncated`, `file.not-csv`, `file.empty`, `columns.missing`,
 * `as-at.not-a-date` or `row.bad`; then nothing was stored.
 */
export async function importFile(database: Database, request: ImportRequest): Promise<Decision<ImportReport>> {
  const clock = request.clock ?? systemClock
  const asAt = request.asAt ?? findDateInFileName(basename(request.file), clock.today()) ?? clock.today().toString()
  if (readDate(asAt) !== asAt)
    return refuse({ code: 'as-at.not-a-date', message: `${asAt} is not a date such as 2026-06-02`, field: 'asAt' })
  try {
    const csv = await inspectCsvFile(request.file)
    const chosen = chooseImport(request.kind, csv.header, { asAt, dataset: request.dataset })
    if (chosen.fitted.missing.length > 0) return refuse(...missingColumns(chosen.fitted.missing))
    return await inTransaction(database, (client) => store(client, { request, csv, chosen, asAt }))
  } catch (error) {
    if (error instanceof UnreadableFile) return refuse({ code: error.code, message: error.message, field: 'file' })
    throw error
  }
}

function missingColumns(missing: string[]): Refusal[] {
  return missing.map((column) => ({
    code: 'columns.missing',
    message: `The file has no column ${column}; nothing was imported`,
    field: column,
  }))
}

type Work = { request: ImportRequest; csv: CsvFile; chosen: Import; asAt: string }

async function store(client: PoolClient, work: Work): Promise<Decision<ImportReport>> {
  const { request, csv, chosen, asAt } = work
  const tally: RowTally = { read: 0, faults: [] }
  const records = readCsvRecords(csv)
  await records.next()
  const rows = checkRows(records, { fitted: chosen.fitted, width: csv.header.length, tally })
  await stageRows(client, chosen.stage, rows, request.onProgress)
  request.onRead?.()
  await request.after
  await takeTurn(client, request.firstLoad ?? false)
  if (chosen.needsSchools) tally.faults.push(...(await rejectUnknownUrns(client)))
  tally.faults.sort((a, b) => a.row - b.row)
  if (request.strict && tally.faults.length > 0) return refuse(...tally.faults.map(refusalOf))

  if (!request.firstLoad) {
    await rememberRegister(client)
    await liftCorrections(client)
  }
  const file = await addDataFile(client, work)
  const saved = await save(client, work, file)
  const totals = { read: tally.read, ...saved, rejected: tally.faults.length }
  await closeDataFile(client, file.id, totals, tally.faults)
  const { kind } = chosen.fitted.layout
  await writeAudit(client, {
    actor: request.by ?? machineActor('The service', 'system'),
    action: 'File taken in',
    record: 'data-file',
    recordKey: file.id,
    new: { file: basename(request.file), kind, asAt, sha256: csv.sha256, ...totals },
  })
  if (!request.firstLoad) {
    await layCorrections(client, {
      actor: request.by ?? machineActor('The service', 'system'),
      today: (request.clock ?? systemClock).today().toString(),
    })
    await refreshProjections(client, chosen.projections)
    await storeEvents(client, file, kind)
  }
  const report: ImportReport = {
    file: basename(request.file),
    kind,
    asAt,
    dataFileId: file.id,
    totals,
    faults: tally.faults.slice(0, MOST_FAULTS_LISTED),
    ignoredColumns: chosen.fitted.ignored,
    personColumns: chosen.fitted.persons,
  }
  const { layout } = chosen.fitted
  const objections = (await request.review?.(client, { report, header: csv.header, layout })) ?? []
  return objections.length > 0 ? refuse(...objections) : accept(report)
}

/** A first load runs several saves at once where they do not touch; it has the register for itself and no other import. */
async function takeTurn(client: PoolClient, isFirstLoad: boolean): Promise<void> {
  await client.query(`select pg_advisory_xact_lock${isFirstLoad ? '_shared' : ''}($1)`, [IMPORT_LOCK])
}

async function save(client: PoolClient, { request, chosen }: Work, file: SavedFile): Promise<SaveTotals> {
  const { searched } = chosen
  if (!searched) return chosen.save(client, file)
  const inBulk = request.firstLoad || (await doublesTable(client, searched.table, searched.key))
  if (!inBulk) return chosen.save(client, file)
  return withoutTextIndexes(client, searched.table, () => chosen.save(client, file))
}

function refusalOf(fault: ImportFault): Refusal {
  const refusal = { code: 'row.bad', message: fault.message }
  return fault.field === undefined ? refusal : { ...refusal, field: fault.field }
}

async function inTransaction<T>(
  { pool }: Database,
  work: (client: PoolClient) => Promise<Decision<T>>,
): Promise<Decision<T>> {
  const client = await pool.connect()
  let broken: Error | undefined
  try {
    await client.query('begin')
    const decision = await work(client)
    await client.query(decision.ok ? 'commit' : 'rollback')
    return decision
  } catch (error) {
    // A failed COPY leaves the transaction aborted; the connection is fit again only if the rollback works.
    await client.query('rollback').catch((failure: Error) => {
      broken = failure
    })
    throw error
  } finally {
    client.release(broken)
  }
}

async function addDataFile(client: PoolClient, { request, csv, chosen, asAt }: Work): Promise<SavedFile> {
  const { layout, facts, persons } = chosen.fitted
  const name = basename(request.file)
  const coverage = request.coverage ?? coverageOf(name)
  const described = request.described ?? { title: name, publisher: layout.publisher, coverage }
  const { rows } = await client.query<{ id: number }>(
    `insert into data_file (kind, name, title, publisher, as_at, coverage, columns, facts, sha256)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9) returning id`,
    [
      layout.kind,
      name,
      described.title,
      described.publisher,
      asAt,
      described.coverage,
      csv.header.filter((column) => !persons.includes(column)),
      facts,
      csv.sha256,
    ],
  )
  const [row] = rows
  if (!row) throw new Error('The data file was not stored')
  return { id: row.id, asAt, facts }
}

/** GIAS says in a download's name whom it lists; any other file adds to the register and tells nothing by silence. */
export function coverageOf(name: string): string {
  if (/^edubasealldata\d/i.test(name)) return 'all establishments'
  return /^edubaseallstatefunded\d/i.test(name) ? 'open state-funded schools' : 'the rows it holds'
}

async function closeDataFile(
  client: PoolClient,
  id: number,
  totals: ImportTotals,
  faults: readonly ImportFault[],
): Promise<void> {
  await client.query(
    `update data_file set rows_read = $2, rows_added = $3, rows_changed = $4, rows_unchanged = $5, rows_rejected = $6
     where id = $1`,
    [id, totals.read, totals.added, totals.changed, totals.unchanged, totals.rejected],
  )
  const listed = faults.slice(0, MOST_FAULTS_LISTED)
  await client.query(
    `insert into data_file_fault (data_file_id, line, field, message)
     select $1, * from unnest($2::int[], $3::text[], $4::text[])`,
    [
      id,
      listed.map((fault) => fault.line),
      listed.map((fault) => fault.field ?? null),
      listed.map((fault) => fault.message),
    ],
  )
}
