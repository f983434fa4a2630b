import { sql } from 'kysely'
import type { Actor } from '../platform/actor.ts'
import { writeAudit } from '../platform/audit.ts'
import { verifyAudit } from '../platform/audit-verify.ts'
import type { Database, Db } from '../platform/db.ts'
import { accept, type Decision, refuse } from '../platform/decision.ts'
import { type Check, type Verified, verify } from '../platform/verify.ts'

/** A run of verify that somebody asked for here. Not ended: it goes on, or was cut off. */
export type VerifyRun = {
  readonly id: number
  readonly startedAt: Date
  readonly startedBy: string
  readonly done: number
  readonly total: number
  readonly endedAt: Date | null
  readonly checks: readonly Verified[]
  readonly failed: string | null
}

export async function findLastVerify(db: Db): Promise<VerifyRun | undefined> {
  const { rows } = await sql<VerifyRun>`
    select id, started_at as "startedAt", started_by as "startedBy", done, total, ended_at as "endedAt", checks, failed
    from verify_run order by id desc limit 1`.execute(db)
  return rows[0]
}

/** Runs of this process, by database: a run that is not among them was cut off with the process that had begun it. */
const underWay = new WeakMap<Database['pool'], Promise<void>>()

/**
 * Begins a run in the background; its progress and result are kept. Refuses `verify.under-way` (409) while one goes on.
 * Answers its number, and `ended`, which resolves when it has ended however it went.
 */
export async function startVerify(
  database: Database,
  checks: readonly Check[],
  by: Actor,
): Promise<Decision<{ readonly id: number; readonly ended: Promise<void> }>> {
  if (underWay.has(database.pool)) return refuse(UNDER_WAY)
  const begun = beginRun(database, checks.length + 1, by)
  const ended = begun.then((id) => run(database, checks, id)).finally(() => underWay.delete(database.pool))
  ended.catch(() => undefined) // told below where it could not begin, and kept with the run elsewhere
  underWay.set(database.pool, ended)
  return accept({ id: await begun, ended })
}

const UNDER_WAY = { code: 'verify.under-way', message: 'A check is under way. Wait for its end' }

async function beginRun({ db }: Database, total: number, by: Actor): Promise<number> {
  return db.transaction().execute(async (transaction) => {
    await sql`update verify_run set ended_at = now(), failed = 'The service ended before it did.'
      where ended_at is null`.execute(transaction)
    const { rows } = await sql<{ id: number }>`
      insert into verify_run (started_by, total) values (${by.name}, ${total}) returning id`.execute(transaction)
    const id = rows[0]?.id ?? 0
    await writeAudit(transaction, { actor: by, action: 'Verify asked for', record: 'verify-run', recordKey: id })
    return id
  })
}

async function run(database: Database, checks: readonly Check[], id: number): Promise<void> {
  const { db } = database
  try {
    const results = await verify(database, checks, async (done) => {
      await sql`update verify_run set done = ${done} where id = ${id}`.execute(db)
    })
    const { faults } = await verifyAudit(database)
    const audit = { name: 'the audit is whole and in order', faults: faults.map(({ message }) => message) }
    const all: Verified[] = [...results, audit]
    await sql`update verify_run set done = total, ended_at = now(), checks = ${JSON.stringify(all)} where id = ${id}`.execute(
      db,
    )
  } catch (error) {
    const failed = error instanceof Error ? error.message : String(error)
    // With the database gone nothing can be kept; the next run says that this one was cut off.
    await sql`update verify_run set ended_at = now(), failed = ${failed} where id = ${id}`
      .execute(db)
      .catch(() => undefined)
  }
}

/** Whether a run goes on in this process. */
export function isVerifying(database: Database): boolean {
  return underWay.has(database.pool)
}
