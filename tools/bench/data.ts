import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import type { PoolClient } from 'pg'
import { from as copyFrom, to as copyTo } from 'pg-copy-streams'
import { judgeSchools, readFactsOn } from '../../src/eligibility/index.ts'
import { type RandomProblemShape, randomProblem } from '../../src/matching/random-problem.ts'
import { solve } from '../../src/matching/solve.ts'
import { readConfig } from '../../src/platform/config.ts'
import { type Database, openDatabase } from '../../src/platform/db.ts'
import { runAsMachine } from '../../src/platform/scope.ts'
import { findPack, loadPacks, runningPacks } from '../../src/programmes/index.ts'
import { withoutTextIndexes } from '../../src/register/import-bulk.ts'
import { importFile } from '../../src/register/index.ts'
import { round } from './pages.ts'
import { startService } from './service.ts'

const ROOT = join(import.meta.dirname, '../..')
const REGISTER = join(ROOT, 'src/register/shipped/establishments_all_2023-11.csv.gz')
const TABLES = ['establishment', 'establishment_version']

/** From an empty folder to the whole register ready, and a second start. Budgets: 30 s and 3 s. */
export async function benchStarts() {
  const dataFolder = await mkdtemp(join(tmpdir(), 'alongside-bench-'))
  const first = await startService(dataFolder)
  await first.stop()
  const second = await startService(dataFolder)
  await second.stop()
  return {
    dataFolder,
    figures: { firstSeconds: round(first.readySeconds), secondSeconds: round(second.readySeconds) },
    remove: () => rm(dataFolder, { recursive: true, force: true }),
  }
}

/**
 * The full register of 50,515 rows into empty indexed tables, against COPY of the very rows that it made into the same. Both
 * build the search index once at the end: row by row it would take most of either time.
 */
export async function benchImport() {
  const folder = await mkdtemp(join(tmpdir(), 'alongside-bench-import-'))
  const database = await openDatabase({ dataDir: folder, databaseUrl: undefined })
  try {
    const importMs = await timed(() => importOnce(database))
    const againMs = await timed(() => importOnce(database))
    const copyMs = await runAsMachine(() => copySameRows(database))
    return {
      copyMs: Math.round(copyMs),
      importMs: Math.round(importMs),
      importToCopy: round(importMs / copyMs),
      budget: 4,
      againMs: Math.round(againMs),
      againToFirst: round(againMs / importMs),
      againBudget: 2,
    }
  } finally {
    await database.close()
    await rm(folder, { recursive: true, force: true })
  }
}

async function importOnce(database: Database): Promise<void> {
  const decision = await runAsMachine(() => importFile(database, { kind: 'schools', file: REGISTER, strict: false }))
  if (!decision.ok) throw new Error(JSON.stringify(decision.refusals))
}

async function copySameRows({ pool }: Database): Promise<number> {
  const client = await pool.connect()
  try {
    const copies: { table: string; columns: string; bytes: Buffer[] }[] = []
    for (const table of TABLES) {
      const columns = await plainColumns(client, table)
      const bytes: Buffer[] = []
      for await (const chunk of client.query(copyTo(`copy (select ${columns} from ${table}) to stdout`)))
        bytes.push(chunk)
      copies.push({ table, columns, bytes })
    }
    await client.query(`truncate ${TABLES.join(', ')} cascade`)
    return await timed(async () => {
      await client.query('begin')
      await withoutTextIndexes(client, 'establishment', async () => {
        for (const { table, columns, bytes } of copies)
          await pipeline(bytes, client.query(copyFrom(`copy ${table} (${columns}) from stdin`)))
      })
      await client.query('commit')
    })
  } finally {
    client.release()
  }
}

/** Every column of a table that is stored as given, not computed. */
async function plainColumns(client: PoolClient, table: string): Promise<string> {
  const { rows } = await client.query<{ columns: string }>(
    `select string_agg(quote_ident(attname), ', ' order by attnum) as columns from pg_attribute
     where attrelid = $1::regclass and attnum > 0 and not attisdropped and attgenerated = ''`,
    [table],
  )
  return rows[0]?.columns ?? ''
}

/** Every open school judged from the database. Budgets: 2 s in all, rules at most a fifth of it. */
export async function benchEligibility(dataFolder: string) {
  const packs = await loadPacks(join(ROOT, 'packs'))
  if (!packs.ok) throw new Error(JSON.stringify(packs.refusals))
  const [newest] = runningPacks(packs.value)
  const pack = newest && findPack(newest.programme, packs.value)
  if (!pack) throw new Error('No pack is loaded')
  const database = await openDatabase(readConfig({}, { data: dataFolder }))
  try {
    const day = pack['academic-year'].to
    judgeSchools(pack, await readFactsOn(database, day))
    const { schools, millis } = judgeSchools(pack, await readFactsOn(database, day))
    const total = millis.reading + millis.judging
    return {
      considered: schools.length,
      totalMs: Math.round(total),
      budgetMs: 2000,
      rulesMs: Math.round(millis.judging),
      rulesShare: round(millis.judging / total),
      budgetShare: 0.2,
    }
  } finally {
    await database.close()
  }
}

/** Needs, leaders, options of each need. */
const SIZES = [
  [200, 60, 12],
  [200, 300, 30],
  [600, 800, 40],
  [1500, 2000, 40],
] as const
/** Nobody plans with an answer that takes longer, and no measurement hangs. */
const MATCH_SECONDS = 60
/** What a school gets by the offer of 2023-24. */
const USUAL_DAYS = 10

/**
 * Both objectives at four sizes, proven (`optimal`) or with the share of the bound that was reached. Budget: 600 x 800 with
 * 24,000 options in 10 s.
 */
export async function benchMatch() {
  const figures: Record<string, { status: string; seconds: number; scoreToBound: number }> = {}
  for (const [place, [needs, leaders, optionsPerNeed]] of SIZES.entries()) {
    const scarce = leaders < needs
    const shape: RandomProblemShape = {
      needs,
      leaders,
      optionsPerNeed,
      scores: scarce ? 'tied' : 'uniform',
      days: 'mixed',
      priorities: 3,
      seed: place + 1,
    }
    const { status, millis, score, bound } = await solve(drawProblem(shape, scarce), {
      timeLimitSeconds: MATCH_SECONDS,
    })
    figures[`${needs} x ${leaders} x ${optionsPerNeed}`] = {
      status,
      seconds: round(millis / 1000),
      scoreToBound: round(score / bound),
    }
  }
  return figures
}

/** Where leaders are few, needs of many sizes make a packing puzzle that no programme sets: all are of the usual days. */
function drawProblem(shape: RandomProblemShape, scarce: boolean) {
  const problem = randomProblem(shape)
  return scarce ? { ...problem, needs: problem.needs.map((need) => ({ ...need, days: USUAL_DAYS })) } : problem
}

async function timed(work: () => Promise<void>): Promise<number> {
  const started = performance.now()
  await work()
  return performance.now() - started
}
