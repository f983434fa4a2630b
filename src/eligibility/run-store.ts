import { pipeline } from 'node:stream/promises'
import type { PoolClient } from 'pg'
import { from as copyFrom } from 'pg-copy-streams'
import type { Database } from '../platform/db.ts'
import { packRef } from '../programmes/index.ts'
import type { SnapshotUsed } from '../register/index.ts'
import type { Evaluation } from './evaluate.ts'
import type { JudgedRegister } from './judge-register.ts'

/** A recorded answer to "who qualifies": the question, the data it rests on, and how many came out. */
export type RecordedRun = {
  readonly id: number
  readonly programme: string
  readonly edition: string
  readonly packVersion: string
  readonly on: string
  readonly changed: Readonly<Record<string, number | string>>
  readonly snapshots: readonly SnapshotUsed[]
  readonly dataMark: string
  readonly considered: number
  readonly eligible: number
  readonly reason: string | null
  readonly recordedAt: Date
}

/** What a run said of one school; `rows` as `evaluate` gave them, with evidence in words. */
export type RecordedResult = {
  readonly urn: string
  readonly name: string
  readonly outcome: Evaluation['outcome']
  readonly basis: string
  readonly rows: Evaluation['rows']
}

const RUN_COLUMNS = `id, programme, edition, pack_version as "packVersion", on_date as "on", changed_parameters as changed,
  snapshots, data_mark as "dataMark", considered, eligible, reason, recorded_at as "recordedAt"`

/** Keeps an answer whole, every school with its rows, in one transaction. Answers the run's number. */
export async function recordRun(
  { pool }: Database,
  judged: JudgedRegister,
  more: { changed: Readonly<Record<string, number | string>>; reason: string | null },
): Promise<number> {
  const client = await pool.connect()
  try {
    await client.query('begin')
    const id = await insertRun(client, judged, more)
    await copyResults(client, id, judged)
    await client.query('commit')
    return id
  } catch (error) {
    await client.query('rollback')
    throw error
  } finally {
    client.release()
  }
}

async function insertRun(client: PoolClient, judged: JudgedRegister, more: { changed: object; reason: string | null }): Promise<number> {
  const { pack, on, snapshots, dataMark, schools } = judged
  const eligible = schools.filter((one) => one.evaluation.outcome === 'eligible').length
  const { rows } = await client.query<{ id: number }>(
    `insert into eligibility_run (programme, edition, pack_version, on_date, changed_parameters, snapshots, data_mark, considered, eligible, reason)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) returning id`,
    [pack.programme, pack.edition, pack.version, on, more.changed, JSON.stringify(snapshots), dataMark, schools.length, eligible, more.reason],
  )
  const [row] = rows
  if (!row) throw new Error(`The run of ${packRef(pack)} was not stored`)
  return row.id
}

async function copyResults(client: PoolClient, id: number, { schools }: JudgedRegister): Promise<void> {
  const target = client.query(copyFrom('copy eligibility_result (run_id, establishment_id, outcome, basis, rows) from stdin'))
  await pipeline(function* () {
    for (const { school, evaluation } of schools) {
      const rows = JSON.stringify(evaluation.rows.map(({ id: row, title, result, evidence, judgements }) => ({ id: row, title, result, evidence, judgements })))
      yield `${id}\t${school.id}\t${evaluation.outcome}\t${evaluation.basis ?? ''}\t${escapeCopy(rows)}\n`
    }
  }, target)
}

/** COPY's text format: a backslash, and the breaks between columns and rows, are escaped. */
function escapeCopy(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('\t', '\\t').replaceAll('\n', '\\n').replaceAll('\r', '\\r')
}

/** Newest first. */
export async function listRuns({ pool }: Database, programme: string, edition: string): Promise<RecordedRun[]> {
  const { rows } = await pool.query<RecordedRun>(
    `select ${RUN_COLUMNS} from eligibility_run where programme = $1 and edition = $2 order by id desc limit 200`,
    [programme, edition],
  )
  return rows
}

export async function findRun({ pool }: Database, id: number): Promise<RecordedRun | undefined> {
  const { rows } = await pool.query<RecordedRun>(`select ${RUN_COLUMNS} from eligibility_run where id = $1`, [id])
  return rows[0]
}

/** Schools whose outcome differs between two runs, or that only one of them considered; `before` and `after` as recorded. */
export async function listDifferences({ pool }: Database, before: number, after: number) {
  const { rows } = await pool.query<{ before: RecordedResult | null; after: RecordedResult | null }>(
    `with a as (select * from eligibility_result where run_id = $1), b as (select * from eligibility_result where run_id = $2)
     select case when a.run_id is null then null else
              jsonb_build_object('urn', e.urn::text, 'name', e.name, 'outcome', a.outcome, 'basis', a.basis, 'rows', a.rows) end as before,
            case when b.run_id is null then null else
              jsonb_build_object('urn', e.urn::text, 'name', e.name, 'outcome', b.outcome, 'basis', b.basis, 'rows', b.rows) end as after
     from a full join b using (establishment_id)
     join establishment e on e.id = establishment_id
     where a.outcome is distinct from b.outcome
     order by e.name, e.id`,
    [before, after],
  )
  return rows
}

/** The schools that a run found eligible. */
export async function listEligibleOf({ pool }: Database, run: number): Promise<RecordedResult[]> {
  const { rows } = await pool.query<RecordedResult>(
    `select e.urn::text as urn, e.name, r.outcome, r.basis, r.rows from eligibility_result r
     join establishment e on e.id = r.establishment_id
     where r.run_id = $1 and r.outcome = 'eligible' order by e.name, e.id`,
    [run],
  )
  return rows
}
