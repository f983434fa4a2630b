import { type RawBuilder, sql } from 'kysely'
import { machineActor } from './actor.ts'
import { writeAudit } from './audit.ts'
import { type Columns, columnsUnder, type RetentionRule, readColumns } from './columns.ts'
import type { Database, Db } from './db.ts'

/** What a rule found due: how many records, and how many values of them went (or would go). */
export type RetentionReport = {
  readonly rule: string
  readonly words: string
  readonly records: number
  readonly values: number
}

const ACTOR = machineActor('Retention', 'system')

/**
 * Empties what the rules of `db/columns.yaml` no longer let be kept on a day, in the tables and in the audit, and leaves an
 * entry with the rule for each record. One transaction for each rule. With `dryRun` everything is undone and only told.
 */
export async function applyRetention(
  { db }: Pick<Database, 'db'>,
  today: Temporal.PlainDate,
  { columns = readColumns(), dryRun = false }: { columns?: Columns; dryRun?: boolean } = {},
): Promise<RetentionReport[]> {
  const reports: RetentionReport[] = []
  for (const [id, rule] of Object.entries(columns.rules)) {
    if (!rule.months || !rule.due) continue
    const work = { id, rule, columns, before: today.subtract({ months: rule.months }).toString() }
    const counts = await inTransaction(db, dryRun, (transaction) => applyRule(transaction, work))
    reports.push({ rule: id, words: rule.words, ...counts })
  }
  return reports
}

/** Thrown to undo a transaction that was only a try. */
class OnlyTried extends Error {}

async function inTransaction<T>(db: Db, dryRun: boolean, work: (transaction: Db) => Promise<T>): Promise<T> {
  let result: { readonly value: T } | undefined
  try {
    await db.transaction().execute(async (transaction) => {
      result = { value: await work(transaction) }
      if (dryRun) throw new OnlyTried()
    })
  } catch (error) {
    if (!(error instanceof OnlyTried)) throw error
  }
  if (!result) throw new Error('The work of a transaction gave nothing')
  return result.value
}

type Work = { readonly id: string; readonly rule: RetentionRule; readonly columns: Columns; readonly before: string }

async function applyRule(db: Db, work: Work): Promise<{ records: number; values: number }> {
  const { id, rule } = work
  let records = 0
  let values = 0
  for (const key of await listDue(db, work)) {
    const emptied = (await emptyRows(db, work, key)) + (await deleteRows(db, rule, key))
    const removed = rule.record ? await blankAudit(db, rule.record, { key, rule: id, fields: rule.fields }) : 0
    if (emptied + removed === 0) continue
    records += 1
    values += emptied + removed
    const { table } = rule.due ?? { table: '' }
    await writeAudit(db, {
      actor: ACTOR,
      action: 'Personal details removed',
      record: rule.record ?? table,
      recordKey: key,
      new: { rule: id, values: emptied + removed },
      reason: rule.words,
    })
  }
  return { records, values }
}

async function listDue(db: Db, { rule, before }: Work): Promise<string[]> {
  if (!rule.due) return []
  const { table, key, since, when = {} } = rule.due
  const states = Object.entries(when).map(([column, value]) => sql`and ${sql.ref(column)} = ${value}`)
  const { rows } = await sql<{ key: string }>`
    select ${sql.ref(key)}::text as key from ${sql.table(table)}
    where (${sql.ref(since)} at time zone 'Europe/London')::date <= ${before}::date ${sql.join(states, sql` `)}
    order by ${sql.ref(key)} for update`.execute(db)
  return rows.map((row) => row.key)
}

async function emptyRows(db: Db, { id, rule, columns }: Work, key: string): Promise<number> {
  let emptied = 0
  for (const [table, keyColumn] of Object.entries(rule.rows)) {
    for (const column of columnsUnder(columns, table, id)) {
      const { numAffectedRows } = await sql`
        update ${sql.table(table)} set ${sql.ref(column)} = ${await nothingFor(db, table, column)}
        where ${sql.ref(keyColumn)}::text = ${key} and ${sql.ref(column)}::text <> ''`.execute(db)
      emptied += Number(numAffectedRows ?? 0)
    }
  }
  return emptied
}

/** Null where the column may be, else an empty text. */
async function nothingFor(db: Db, table: string, column: string): Promise<RawBuilder<unknown>> {
  const { rows } = await sql<{ nullable: boolean }>`
    select not attnotnull as nullable from pg_attribute
    where attrelid = ${table}::regclass and attname = ${column}`.execute(db)
  return rows[0]?.nullable ? sql`null` : sql`''`
}

async function deleteRows(db: Db, rule: RetentionRule, key: string): Promise<number> {
  let deleted = 0
  for (const [table, keyColumn] of Object.entries(rule.delete)) {
    const { numAffectedRows } = await sql`
      delete from ${sql.table(table)} where ${sql.ref(keyColumn)}::text = ${key}`.execute(db)
    deleted += Number(numAffectedRows ?? 0)
  }
  return deleted
}

async function blankAudit(
  db: Db,
  record: string,
  { key, rule, fields }: { key: string; rule: string; fields: readonly string[] },
): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    select blank_audit_values(${record}, ${key}, ${[...fields]}::text[], ${rule}) as count`.execute(db)
  return rows[0]?.count ?? 0
}
