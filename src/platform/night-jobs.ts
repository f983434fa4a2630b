import { sql } from 'kysely'
import type { Database, Db } from './db.ts'

/** One job of the night. `work` answers in words what it did; null: there was nothing to do. */
export type NightJob = { readonly name: string; readonly work: () => Promise<string | null> }

/** How a job went last. Not ended: it runs, or was cut off. */
export type NightJobState = {
  readonly name: string
  readonly startedAt: Date
  readonly endedAt: Date | null
  readonly result: string | null
  readonly failed: string | null
}

/**
 * Runs the jobs one after the other and keeps how each went. One that fails does not keep the others from their turn; at
 * the end all failures are thrown together.
 */
export async function runNightJobs({ db }: Database, jobs: readonly NightJob[]): Promise<void> {
  const failures: string[] = []
  for (const { name, work } of jobs) {
    await sql`insert into night_job (name, started_at) values (${name}, now())
      on conflict (name) do update set started_at = now(), ended_at = null, result = null, failed = null`.execute(db)
    try {
      await endJob(db, name, { result: (await work()) ?? 'Nothing to do', failed: null })
    } catch (error) {
      const failed = error instanceof Error ? error.message : String(error)
      failures.push(`${name}: ${failed}`)
      await endJob(db, name, { result: null, failed })
    }
  }
  if (failures.length > 0) throw new Error(failures.join('; '))
}

async function endJob(
  db: Db,
  name: string,
  { result, failed }: Pick<NightJobState, 'result' | 'failed'>,
): Promise<void> {
  await sql`update night_job set ended_at = now(), result = ${result}, failed = ${failed} where name = ${name}`.execute(
    db,
  )
}

/** Every job that has ever run, by name. */
export async function listNightJobs(db: Db): Promise<NightJobState[]> {
  const { rows } =
    await sql<NightJobState>`select name, started_at as "startedAt", ended_at as "endedAt", result, failed
    from night_job order by name`.execute(db)
  return rows
}
