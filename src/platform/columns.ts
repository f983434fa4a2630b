import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { parse } from 'yaml'
import { z } from 'zod'

const COLUMNS_FILE = resolve(import.meta.dirname, '../../db/columns.yaml')

const byColumn = z.record(z.string(), z.string())

const ruleSchema = z.strictObject({
  words: z.string(),
  /** After how many months what is due goes; a rule without them removes nothing by itself. */
  months: z.int().positive().optional(),
  due: z
    .strictObject({
      table: z.string(),
      key: z.string(),
      since: z.string(),
      when: z.record(z.string(), z.string()).optional(),
    })
    .optional(),
  /** The record in the audit whose key is the key of what is due. */
  record: z.string().optional(),
  /** By table, the column that holds that key: the columns under this rule are emptied there. */
  rows: byColumn.default({}),
  /** The same for tables whose rows go whole. */
  delete: byColumn.default({}),
  /** Fields of the record in the audit that are emptied with it. */
  fields: z.array(z.string()).default([]),
})

const tableSchema = z.strictObject({
  /** By subject, the column that says about whom a row is. */
  about: byColumn.optional(),
  no: z.array(z.string()),
  contact: byColumn.default({}),
  sensitive: byColumn.default({}),
})

const columnsSchema = z.strictObject({
  subjects: z.record(
    z.string(),
    z.strictObject({ table: z.string(), find: z.string(), key: z.string(), record: z.string() }),
  ),
  rules: z.record(z.string(), ruleSchema),
  tables: z.record(z.string(), tableSchema),
})

/** Every column of the database: whether it is about a person, and the rule that ends its time. */
export type Columns = z.infer<typeof columnsSchema>
export type RetentionRule = z.infer<typeof ruleSchema>

/** Reads `db/columns.yaml`. Throws when it is not of its shape. */
export function readColumns(file: string = COLUMNS_FILE): Columns {
  return columnsSchema.parse(parse(readFileSync(file, 'utf8')))
}

/** The columns of a table that are under a rule. */
export function columnsUnder({ tables }: Columns, table: string, rule: string): string[] {
  const declared = tables[table]
  return Object.entries({ ...declared?.contact, ...declared?.sensitive }).flatMap(([column, under]) =>
    under === rule ? [column] : [],
  )
}
