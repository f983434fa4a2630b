import { sql } from 'kysely'
import type { Actor } from './actor.ts'
import { writeAudit } from './audit.ts'
import { type AuditChange, readAudit } from './audit-history.ts'
import { type Columns, readColumns } from './columns.ts'
import type { Database, Db } from './db.ts'
import { presentHistory } from './web/history.ts'
import { countOf, longDate } from './words.ts'

type Row = Readonly<Record<string, unknown>>

/** Everything that is held about one person, by table, with the history of their record. */
export type SubjectExport = {
  readonly subject: string
  readonly name: string
  readonly asAt: string
  readonly tables: readonly { readonly table: string; readonly rows: readonly Row[] }[]
  readonly history: readonly AuditChange[]
}

/**
 * Gathers what is held about the person of a reference, such as a leader's: every row that db/columns.yaml says is about
 * them. Undefined when nobody is known by it. Leaves an entry that it was done.
 */
export async function exportSubject(
  { db }: Pick<Database, 'db'>,
  { name, today, by }: { name: string; today: Temporal.PlainDate; by: Actor },
  columns: Columns = readColumns(),
): Promise<SubjectExport | undefined> {
  return db.transaction().execute(async (transaction) => {
    const held = await listTables(transaction)
    for (const [subject, { table, find, key, record }] of Object.entries(columns.subjects)) {
      if (!held.has(table)) continue
      const { rows } = await sql<{ key: string }>`
        select ${sql.ref(key)}::text as key from ${sql.table(table)}
        where lower(${sql.ref(find)}) = lower(${name})`.execute(transaction)
      const [found] = rows
      if (!found) continue
      const tables = await readRows(transaction, columns, { subject, key: found.key, held })
      const history = await readAudit(transaction, [{ record, keys: [found.key] }], 100_000)
      await writeAudit(transaction, { actor: by, action: 'Everything held was exported', record, recordKey: found.key })
      return { subject, name, asAt: today.toString(), tables, history }
    }
    return undefined
  })
}

async function listTables(db: Db): Promise<ReadonlySet<string>> {
  const { rows } = await sql<{ name: string }>`
    select relname as name from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace`.execute(db)
  return new Set(rows.map((row) => row.name))
}

async function readRows(
  db: Db,
  columns: Columns,
  { subject, key, held }: { subject: string; key: string; held: ReadonlySet<string> },
) {
  const tables: { table: string; rows: Row[] }[] = []
  for (const [table, { about }] of Object.entries(columns.tables)) {
    const column = about?.[subject]
    if (!column || !held.has(table)) continue
    const { rows } = await sql<Row>`
      select * from ${sql.table(table)} where ${sql.ref(column)}::text = ${key}`.execute(db)
    if (rows.length > 0) tables.push({ table, rows })
  }
  return tables
}

/** The same in words, to be read by the person themselves. */
export function formatSubjectExport({ subject, name, asAt, tables, history }: SubjectExport): string {
  const lines = [`Everything held about ${subject} ${name}, as at ${longDate(asAt)}`]
  for (const { table, rows } of tables) {
    lines.push('', `${inWords(table)} (${countOf(rows.length, 'record')})`)
    for (const row of rows) {
      const said = Object.entries(row).flatMap(([column, value]) =>
        value === null || value === '' ? [] : [`  ${inWords(column)}: ${textOf(value)}`],
      )
      lines.push(...said, '')
    }
  }
  lines.push('', `History (${countOf(history.length, 'change')})`)
  for (const change of presentHistory(history, { fields: {} })) {
    lines.push(
      `  ${change.at}: ${change.what}, ${change.who}, ${change.door}${change.reason ? `. ${change.reason}` : ''}`,
    )
    for (const { field, before, after } of change.values)
      lines.push(`    ${field}: ${before ? `${before} → ` : ''}${after || 'nothing'}`)
  }
  return `${lines.join('\n')}\n`
}

function inWords(name: string): string {
  const words = name.replaceAll('_', ' ')
  return words.slice(0, 1).toUpperCase() + words.slice(1)
}

function textOf(value: unknown): string {
  if (value instanceof Date) return value.toISOString()
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}
