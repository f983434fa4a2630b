import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { sql } from 'kysely'
import type { PoolClient } from 'pg'
import { parse } from 'yaml'
import { z } from 'zod'
import type { Database, Db } from '../platform/db.ts'
import { putIndexesBack, setIndexesAside } from './import-bulk.ts'
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
    await inTransaction(client, () => setIndexesAside(client))
    const done = new Map<ShippedFile, number>()
    let step = ''
    await inOverlap(files, async (file) => {
      const tell = (rows: number) => {
        done.set(file, rows)
        onProgress({ title: WHOLE, step, done: [...done.values()].reduce((sum, one) => sum + one, 0), total })
      }
      step = file.title
      tell(0)
      const path = join(folder, file.file)
      if (await isImported(database.db, file, path)) return async () => tell(file.rows)
      const note = await beginStep(database.db, { title: file.title, step: 'rows', total: file.rows })
      return (turn) => note(() => loadFile(database, file, path, { tell, ...turn }))
    })
    onProgress({ title: WHOLE, step: LAST_STEP, done: total, total })
    const note = await beginStep(database.db, { title: WHOLE, step: LAST_STEP, total })
    await note(() => finish(database, client))
  } finally {
    // Ends the session and with it the lock, also after a failure in the midst of a transaction.
    client.release(true)
  }
}

/** As many files are in work at a time: one is read, the others wait to be saved or are. */
const AT_ONCE = 5

type Turn = { readonly onRead: () => void; readonly after: Promise<void> }
/** Loads a file that has begun: tells when its rows are read, and saves them when `after` is done. */
type Load = (turn: Turn) => Promise<void>

/**
 * Loads files side by side, read one after the other. Up to the last register file each is saved after the one before it;
 * the rest fill tables of their own and wait for that one only. After a failure nothing further begins, and what runs is
 * waited for.
 */
async function inOverlap(files: readonly ShippedFile[], begin: (file: ShippedFile) => Promise<Load>): Promise<void> {
  const lastRegister = files.findLastIndex((file) => file.kind === 'schools')
  const loads: Promise<void>[] = []
  try {
    for (const [place, file] of files.entries()) {
      await loads[place - AT_ONCE]
      const load = await begin(file)
      const after = loads[Math.min(place - 1, lastRegister)] ?? Promise.resolve()
      const { promise: isRead, resolve: onRead } = Promise.withResolvers<void>()
      const one = load({ onRead, after })
      loads.push(one)
      // Also when it was not read or failed; a failure is met again below.
      one.then(onRead, onRead)
      await isRead
    }
    await Promise.all(loads)
  } finally {
    await Promise.allSettled(loads)
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
  { tell, onRead, after }: Turn & { tell: (rows: number) => void },
): Promise<void> {
  const { title, publisher, coverage, kind, asAt, dataset, year } = file
  const decision = await importFile(database, {
    kind,
    file: path,
    asAt,
    strict: false,
    onProgress: tell,
    onRead,
    after,
    described: { title, publisher, coverage },
    dataset: dataset ? { name: dataset, publisher, ...(year ? { year } : {}) } : undefined,
    firstLoad: true,
  })
  if (!decision.ok) throw new Error(`${file.file}: ${decision.refusals.map((one) => one.message).join('; ')}`)
  tell(file.rows)
}

async function finish({ pool }: Database, client: PoolClient): Promise<void> {
  await analyseRegister(client, 'facts')
  await inTransaction(client, () => refreshProjections(client, ['listing', 'trust', 'grade']))
  const other = await pool.connect()
  try {
    await Promise.all([
      inTransaction(client, () => putIndexesBack(client)),
      inTransaction(other, () => refreshProjections(other, ['benchmark'])),
    ])
  } finally {
    other.release(true)
  }
  await analyseRegister(client, 'projections')
}

/** Commits what succeeds; a failure is left to the end of the session. */
async function inTransaction(client: PoolClient, work: () => Promise<void>): Promise<void> {
  await client.query('begin')
  await work()
  await client.query('commit')
}

/** Opens a step's row in import_progress; what is returned runs its work and notes the end, or the failure with its reason. */
async function beginStep(
  db: Db,
  { title, step, total }: { title: string; step: string; total: number },
): Promise<(work: () => Promise<void>) => Promise<void>> {
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
  return async (work) => {
    try {
      await work()
    } catch (error) {
      await end({ failed: error instanceof Error ? error.message : String(error) })
      throw error
    }
    await end({ done: total })
  }
}
