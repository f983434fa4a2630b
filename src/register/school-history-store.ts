import { sql } from 'kysely'
import type { Db } from '../platform/db.ts'

/** One dated state of a school as a register file showed it. */
export type SchoolState = {
  readonly as_at: string
  readonly last_seen: string
  readonly file_title: string
  readonly name: string
  readonly status: string
  readonly type: string | null
  readonly phase: string | null
  readonly authority_code: string | null
  readonly laestab: string | null
  readonly ukprn: string | null
  readonly postcode: string | null
  readonly pupils: number | null
}

export async function listStates(db: Db, schoolId: number): Promise<SchoolState[]> {
  const { rows } = await sql<SchoolState>`
    select v.as_at, v.last_seen, f.title as file_title, v.name, v.status, v.type, v.phase, v.authority_code, v.laestab,
      v.ukprn, v.postcode, v.pupils
    from establishment_version v join data_file f on f.id = v.data_file_id
    where v.establishment_id = ${schoolId} order by v.as_at`.execute(db)
  return rows
}

/** What an import changed in a record about a school, old and new value by fact. */
export type RegisterChange = {
  readonly record: string
  readonly record_key: string
  readonly old_values: Readonly<Record<string, unknown>>
  readonly new_values: Readonly<Record<string, unknown>>
  readonly changed_at: Date
  readonly file_title: string
  readonly file_as_at: string
}

/** Records about schools carry the URN as the first word of their key. */
const SCHOOL_RECORDS = ['school', 'establishment', 'inspection', 'membership', 'link', 'measure']

export async function listChanges(db: Db, urn: number): Promise<RegisterChange[]> {
  const { rows } = await sql<RegisterChange>`
    select c.record, c.record_key, c.old_values, c.new_values, c.changed_at, f.title as file_title,
      f.as_at as file_as_at
    from register_change c join data_file f on f.id = c.data_file_id
    where c.record = any(${SCHOOL_RECORDS})
      and (c.record_key = ${String(urn)} or c.record_key like ${`${urn} %`})
    order by c.id desc limit 200`.execute(db)
  return rows
}
