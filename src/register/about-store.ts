import { sql } from 'kysely'
import type { Db } from '../platform/db.ts'
import { OPEN_NOW } from './status.ts'

/** A file that was taken in, and what came of it. */
export type DataFile = {
  readonly id: number
  readonly kind: string
  readonly name: string
  readonly title: string
  readonly publisher: string
  readonly as_at: string
  readonly coverage: string
  readonly facts: readonly string[]
  readonly rows_read: number
  readonly rows_added: number
  readonly rows_changed: number
  readonly rows_unchanged: number
  readonly rows_rejected: number
  readonly imported_at: Date
}

export async function listDataFiles(db: Db): Promise<DataFile[]> {
  const { rows } = await sql<DataFile>`select * from data_file order by as_at desc, id desc`.execute(db)
  return rows
}

export async function findDataFile(db: Db, id: number): Promise<DataFile | undefined> {
  const { rows } = await sql<DataFile>`select * from data_file where id = ${id}`.execute(db)
  return rows[0]
}

export type Fault = { readonly line: number; readonly field: string | null; readonly message: string }

const MOST_FAULTS_SHOWN = 200

export async function listFaults(db: Db, fileId: number): Promise<Fault[]> {
  const { rows } = await sql<Fault>`
    select line, field, message from data_file_fault where data_file_id = ${fileId}
    order by line, field limit ${MOST_FAULTS_SHOWN}`.execute(db)
  return rows
}

/** What the register holds, in numbers; the counts of the first page and of the page about the data. */
export type RegisterTotals = {
  readonly open: number
  readonly all: number
  readonly inspections: number
  readonly trusts: number
  /** The date of the newest register file, or null on an empty register. */
  readonly asAt: string | null
}

export async function getTotals(db: Db): Promise<RegisterTotals> {
  const { rows } = await sql<RegisterTotals>`
    select (select count(*)::int from establishment e where ${OPEN_NOW}) as open,
      (select count(*)::int from establishment) as "all",
      (select count(*)::int from inspection) as inspections,
      (select count(*)::int from establishment_group
        where type in ('Multi-academy trust', 'Single-academy trust', 'Secure single-academy trust')
          and lower(status) = 'open') as trusts,
      (select max(as_at) from data_file where kind = 'schools') as "asAt"`.execute(db)
  return rows[0] ?? { open: 0, all: 0, inspections: 0, trusts: 0, asAt: null }
}

export async function findAsAt(db: Db): Promise<string | null> {
  const { rows } = await sql<{ as_at: string | null }>`
    select max(as_at) as as_at from data_file where kind = 'schools'`.execute(db)
  return rows[0]?.as_at ?? null
}
