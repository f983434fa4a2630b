import type { ColumnType, Generated, GeneratedAlways, Selectable } from 'kysely'
import type { Db } from '../platform/db.ts'

type Stamp = ColumnType<Date, never, never>

/** The tables of db/migrations/0003_leaders.sql. Dates are ISO texts, days are whole numbers of half days. */
export type LeaderTables = {
  leader: LeaderTable
  leader_term: LeaderTermTable
  leader_day_entry: LeaderDayEntryTable
  leader_leave: { id: GeneratedAlways<number>; leader_id: number; from_on: string; to_on: string }
  leader_interest: LeaderInterestTable
}

export type LeaderTable = {
  id: GeneratedAlways<number>
  reference: string
  name: string | null
  email: string | null
  type: string
  also_types: string[]
  organisation_establishment_id: number | null
  organisation_trust_uid: string | null
  organisation_name: string | null
  base_establishment_id: number | null
  base_easting: number | null
  base_northing: number | null
  region: string
  phases: string[]
  school_types: string[]
  expertise: string[]
  travel_limit_miles: number | null
  works_out_of_region: boolean
  state: string
  exercise: Generated<boolean>
  version: Generated<number>
  edit_version: Generated<number>
  created_at: Stamp
  changed_at: ColumnType<Date, never, Date>
}

export type LeaderTermTable = {
  leader_id: number
  term: string
  available_half_days: number
  held_half_days: ColumnType<number, never, never>
  promised_half_days: ColumnType<number, never, never>
  over_reason: string | null
}

export type LeaderDayEntryTable = {
  id: GeneratedAlways<number>
  leader_id: number
  term: string
  kind: 'hold' | 'promise'
  half_days: number
  taken_for: string
  over_reason: string | null
  from_hold_id: number | null
  made_at: Stamp
  made_by: string
  door: string
  released_at: ColumnType<Date | null, never, Date>
  released_by: ColumnType<string | null, never, string>
  release_reason: ColumnType<string | null, never, string | null>
}
export type LedgerEntry = Selectable<LeaderDayEntryTable>

export type LeaderInterestTable = {
  id: GeneratedAlways<number>
  leader_id: number
  year: number
  kind: 'school' | 'trust' | 'nothing'
  establishment_id: number | null
  trust_uid: string | null
  nature: string | null
  declared_at: Stamp
  declared_on: string
  declared_by: string
  withdrawn_at: ColumnType<Date | null, never, Date>
  withdrawn_on: ColumnType<string | null, never, string>
  withdrawn_by: ColumnType<string | null, never, string>
  withdrawn_reason: ColumnType<string | null, never, string | null>
}

/** The query builder with this slice's tables. */
export function leaderDb(db: Db) {
  return db.withTables<LeaderTables>()
}

/** Runs `work` in the caller's transaction when there is one, else in its own. */
export async function inTransaction<T>(db: Db, work: (transaction: Db) => Promise<T>): Promise<T> {
  return db.isTransaction ? work(db) : db.transaction().execute(work)
}
