import { pipeline } from 'node:stream/promises'
import type { PoolClient } from 'pg'
import { from as copyFrom } from 'pg-copy-streams'
import type { Actor } from '../platform/actor.ts'
import { writeAudit } from '../platform/audit.ts'
import type { Database } from '../platform/db.ts'
import { accept } from '../platform/decision.ts'
import { submitOnce } from '../platform/submit-once.ts'
import { type Pack, packRef } from '../programmes/index.ts'
import type { SnapshotUsed } from '../register/index.ts'
import { type Comparison, compareRuns, type Judged } from './compare-runs.ts'
import type { EvaluatedRow, Evaluation, RecordedJudgement } from './evaluate.ts'
import type { HistoryEntry } from './history.ts'
import type { JudgedRegister } from './judge-register.ts'
import type { ChangedSettings } from './question.ts'

/** A recorded answer to "who qualifies": the question, the data it rests on, and how many came out. */
export type RecordedRun = {
  readonly id: number
  readonly programme: string
  readonly edition: string
  readonly packVersion: string
  readonly on: string
  readonly changed: ChangedSettings
  readonly snapshots: readonly SnapshotUsed[]
  readonly dataMark: string
  readonly considered: number
  readonly eligible: number
  readonly reason: string | null
  readonly recordedAt: Date
}

const RUN_COLUMNS = `id, programme, edition, pack->>'version' as "packVersion", on_date as "on",
  changed_parameters as changed, snapshots, data_mark as "dataMark", considered, eligible, reason, recorded_at as "recordedAt"`

/** What a person adds to a recorded answer. */
export type RunDetails = {
  readonly changed: ChangedSettings
  readonly reason: string | null
  /** The same again records no second run. */
  readonly submission?: string | undefined
  readonly by: Actor
}

/** Keeps an answer whole, every school with its rows, in one transaction. Answers the run's number. */
export async function recordRun({ pool }: Database, judged: JudgedRegister, more: RunDetails): Promise<number> {
  const client = await pool.connect()
  try {
    await client.query('begin')
    const stored = await submitOnce(client, more.submission, async () => {
      const id = await insertRun(client, judged, more)
      await copyResults(client, id, judged)
      await auditRun(client, id, judged, more)
      return accept(id)
    })
    await client.query('commit')
    if (!stored.ok) throw new Error('Recording refuses nothing')
    return stored.value
  } catch (error) {
    await client.query('rollback')
    throw error
  } finally {
    client.release()
  }
}

async function auditRun(client: PoolClient, id: number, judged: JudgedRegister, more: RunDetails): Promise<void> {
  const { pack, on, schools } = judged
  const asked = { programme: packRef(pack), on, changed: more.changed, considered: schools.length }
  const run = { actor: more.by, record: 'eligibility-run', recordKey: id, reason: more.reason }
  await writeAudit(client, { ...run, action: 'Recorded', new: asked })
}

async function insertRun(client: PoolClient, judged: JudgedRegister, more: RunDetails): Promise<number> {
  const { pack, on, snapshots, dataMark, schools } = judged
  const eligible = schools.filter((one) => one.evaluation.outcome === 'eligible').length
  const { rows } = await client.query<{ id: number }>(
    `insert into eligibility_run
       (programme, edition, pack, on_date, changed_parameters, snapshots, data_mark, considered, eligible, reason)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) returning id`,
    [
      pack.programme,
      pack.edition,
      JSON.stringify(pack),
      on,
      JSON.stringify(more.changed),
      JSON.stringify(snapshots),
      dataMark,
      schools.length,
      eligible,
      more.reason,
    ],
  )
  const [row] = rows
  if (!row) throw new Error(`The run of ${packRef(pack)} was not stored`)
  return row.id
}

async function copyResults(client: PoolClient, id: number, { schools }: JudgedRegister): Promise<void> {
  const columns = 'run_id, establishment_id, outcome, basis, rows, history, recorded'
  const target = client.query(copyFrom(`copy eligibility_result (${columns}) from stdin`))
  await pipeline(function* () {
    for (const { school, evaluation, history, recorded } of schools) {
      const rows = evaluation.rows.map(({ id: row, title, result, evidence }) => ({ id: row, title, result, evidence }))
      const cells = [
        id,
        school.id,
        evaluation.outcome,
        evaluation.basis ?? '',
        JSON.stringify(rows),
        JSON.stringify(history),
        JSON.stringify(recorded),
      ]
      yield `${cells.map((cell) => escapeCopy(String(cell))).join('\t')}\n`
    }
  }, target)
}

/** COPY's text format: a backslash, and the breaks between columns and rows, are escaped. */
function escapeCopy(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('\t', '\\t').replaceAll('\n', '\\n').replaceAll('\r', '\\r')
}

/** Newest first, at most 200. */
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

/** What a run said of one school. */
export type RecordedResult = {
  readonly urn: string
  readonly name: string
  readonly outcome: Evaluation['outcome']
  readonly rows: readonly Pick<EvaluatedRow, 'id' | 'title' | 'result' | 'evidence'>[]
}

/** The schools that a run found eligible, by name. */
export async function listEligibleOf({ pool }: Database, run: number): Promise<RecordedResult[]> {
  const { rows } = await pool.query<RecordedResult>(
    `select e.urn::text as urn, e.name, r.outcome, r.rows from eligibility_result r
     join establishment e on e.id = r.establishment_id
     where r.run_id = $1 and r.outcome = 'eligible' order by e.name, e.id`,
    [run],
  )
  return rows
}

type Side = {
  outcome: Evaluation['outcome']
  rows: Evaluation['rows']
  history: HistoryEntry[]
  recorded: RecordedJudgement[]
}

/** Who entered and who left between two recorded runs, and which fact or rule did it; rests only on what was recorded. */
export async function compareRecorded(database: Database, before: number, after: number): Promise<Comparison> {
  const [was, is, differences, stayed] = await Promise.all([
    getQuestion(database, before),
    getQuestion(database, after),
    listDifferences(database, before, after),
    countStayed(database, before, after),
  ])
  const sideOf = (side: 'before' | 'after') =>
    new Map(
      differences.flatMap((row) => (row[side] ? [[row.urn, toJudged(row.urn, row.name, row[side])] as const] : [])),
    )
  const { entered, left } = compareRuns({ ...was, judged: sideOf('before') }, { ...is, judged: sideOf('after') })
  return { entered, left, stayed }
}

function toJudged(urn: string, name: string, side: Side): Judged {
  const subject = { kind: 'school' as const, urn, name }
  return {
    facts: { subject, history: side.history, recorded: side.recorded },
    evaluation: { ...subject, outcome: side.outcome, basis: undefined, rows: side.rows },
  }
}

async function getQuestion({ pool }: Database, run: number): Promise<{ pack: Pack; on: string }> {
  const { rows } = await pool.query<{ pack: Pack; on: string }>(
    `select pack, on_date as "on" from eligibility_run where id = $1`,
    [run],
  )
  const [row] = rows
  if (!row) throw new Error(`There is no run ${run}`)
  return row
}

async function listDifferences({ pool }: Database, before: number, after: number) {
  const side = (from: string) =>
    `case when ${from}.run_id is null then null
          else jsonb_build_object('outcome', ${from}.outcome, 'rows', ${from}.rows, 'history', ${from}.history,
            'recorded', ${from}.recorded) end`
  const { rows } = await pool.query<{ urn: string; name: string; before: Side | null; after: Side | null }>(
    `select e.urn::text as urn, e.name, ${side('a')} as before, ${side('b')} as after
     from (select * from eligibility_result where run_id = $1) a
     full join (select * from eligibility_result where run_id = $2) b using (establishment_id)
     join establishment e on e.id = establishment_id
     where a.outcome is distinct from b.outcome and 'eligible' in (a.outcome, b.outcome)`,
    [before, after],
  )
  return rows
}

async function countStayed({ pool }: Database, before: number, after: number): Promise<number> {
  const { rows } = await pool.query<{ count: number }>(
    `select count(*) from eligibility_result a join eligibility_result b using (establishment_id)
     where a.run_id = $1 and b.run_id = $2 and a.outcome = 'eligible' and b.outcome = 'eligible'`,
    [before, after],
  )
  return rows[0]?.count ?? 0
}
