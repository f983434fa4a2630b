import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { sql } from 'kysely'
import type { PoolClient } from 'pg'
import { parse } from 'yaml'
import { z } from 'zod'
import type { Database, Db } from '../platform/db.ts'
import { withoutTextIndexes } from './import-bulk.ts'
import { importFile } from './import-file.ts'
import { analyseRegister, refreshProjections } from './projections.ts'
import type { RegisterTables } from './register-tables.ts'

const FOLDER = join(import.meta.dirname, 'shipped')

const described = {
  file: z.string(),
  title: z.string(),
  publisher: z.string(),
  source: z.string(),
  limits: z.string(),
}

const manifestSchema = z.strictObject({
  licence: z.string(),
  credit: z.string(),
  files: z.array(
    z.strictObject({
      ...described,
      kind: z.enum(['authorities', 'groups', 'schools', 'links', 'inspections', 'measures']),
      asAt: z.iso.date(),
      coverage: z.string(),
      rows: z.int().positive(),
      dataset: z.string().optional(),
      year: z.string().optional(),
    }),
  ),
  maps: z.array(z.strictObject(described)),
})

/** What the project ships, with publisher, date and limits of each file, and the credit line that must be shown. */
export type ShippedManifest = z.infer<typeof manifestSchema>

type ShippedFile = ShippedManifest['files'][number]

/** Where a first load stands: the register's step, and rows done of all rows of all files. */
export type LoadStep = {
  readonly title: string
  readonly step: string
  readonly done: number
  readonly total: number
}

/** One load at a time; another waits and then finds it done. */
const LOAD_LOCK = 7_110_002

/** The step whose end means that everything shipped has been taken in. */
const WHOLE = 'Register'
const LAST_STEP = 'comparing and indexing'

export async function readShippedManifest(folder: string = FOLDER): Promise<ShippedManifest> {
  return manifestSchema.parse(parse(await readFile(join(folder, 'manifest.yaml'), 'utf8')))
}

/** Whether a load of the shipped register has once come to its end. */
export async function registerIsLoaded(db: Db): Promise<boolean> {
  const { rows } = await sql`
    select from import_progress
    where title = ${WHOLE} and step = ${LAST_STEP} and ended_at is not null and failed is null limit 1`.execute(db)
  return rows.length > 0
}

/**
 * Takes in every shipped file in the order of the manifest, then works out the projections. Each file is one transaction
 * and is skipped when it is in already, so a load that was cut off goes on where it stopped. Progress goes to `onProgress`
 * and to import_progress. Throws when a shipped file is refused, which is a fault of this project.
 */
export async function loadShippedRegister(
  database: Database,
  { onProgress, folder = FOLDER }: { onProgress: (step: LoadStep) => void; folder?: string },
): Promise<void> {
  const { files } = await readShippedManifest(folder)
  const total = files.reduce((sum, file) => sum + file.rows, 0)
  const client = await database.pool.connect()
  try {
    await client.query('select pg_advisory_lock($1)', [LOAD_LOCK])
    if (await registerIsLoaded(database.db)) return
    let done = 0
    for (const file of files) {
      const tell = (rows: number) => onProgress({ title: WHOLE, step: file.title, done: done + rows, total })
      tell(0)
      const path = join(folder, file.file)
      if (!(await isImported(database.db, file, path))) await loadFile(database, file, path, tell)
      done += file.rows
    }
    onProgress({ title: WHOLE, step: LAST_STEP, done, total })
    await noting(database.db, { title: WHOLE, step: LAST_STEP, total }, () => finish(client))
  } finally {
    // Ends the session and with it the lock, also after a failure in the midst of a transaction.
    client.release(true)
  }
}

async function isImported(db: Db, file: ShippedFile, path: string): Promise<boolean> {
  const sha256 = createHash('sha256')
    .update(await readFile(path))
    .digest('hex')
  const { rows } = await sql`
    select from data_file where sha256 = ${sha256} and as_at = ${file.asAt} limit 1`.execute(db)
  return rows.length > 0
}

async function loadFile(
  database: Database,
  file: ShippedFile,
  path: string,
  onProgress: (rows: number) => void,
): Promise<void> {
  const { title, publisher, coverage, kind, asAt, dataset, year } = file
  await noting(database.db, { title, step: 'rows', total: file.rows }, async () => {
    const decision = await importFile(database, {
      kind,
      file: path,
      asAt,
      strict: false,
      onProgress,
      described: { title, publisher, coverage },
      dataset: dataset ? { name: dataset, publisher, ...(year ? { year } : {}) } : undefined,
      firstLoad: true,
    })
    if (!decision.ok) throw new Error(`${file.file}: ${decision.refusals.map((one) => one.message).join('; ')}`)
  })
}

async function finish(client: PoolClient): Promise<void> {
  await client.query('begin')
  await withoutTextIndexes(client, 'establishment', () =>
    refreshProjections(client, ['listing', 'trust', 'grade', 'benchmark']),
  )
  await client.query('commit')
  await analyseRegister(client)
}

/** Runs a step with its row in import_progress: open while it runs, then ended, or failed with the reason. */
async function noting(
  db: Db,
  { title, step, total }: { title: string; step: string; total: number },
  work: () => Promise<void>,
): Promise<void> {
  const progress = db.withTables<Pick<RegisterTables, 'import_progress'>>()
  const { id } = await progress
    .insertInto('import_progress')
    .values({ title, step, done: 0, total })
    .returning('id')
    .executeTakeFirstOrThrow()
  const end = (result: { done?: number; failed?: string }) =>
    progress
      .updateTable('import_progress')
      .set({ ...result, ended_at: new Date() })
      .where('id', '=', id)
      .execute()
  try {
    await work()
  } catch (error) {
    await end({ failed: error instanceof Error ? error.message : String(error) })
    throw error
  }
  await end({ done: total })
}
