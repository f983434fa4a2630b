import type { Insertable } from 'kysely'
import type { Database } from '../src/platform/db.ts'
import { refreshProjections } from '../src/register/projections.ts'
import type { RegisterTables } from '../src/register/register-tables.ts'

type Row<Table extends keyof RegisterTables> = Insertable<RegisterTables[Table]>
type SchoolFields = Omit<Partial<Row<'establishment'>>, 'as_at' | 'data_file_id'> & { urn: number; name: string }

/** The date of the one file that a built register comes from. */
export const BUILT_AS_AT = '2026-06-02'

/**
 * A small invented register for tests, row by row: URN 900000 to 999999, codes 900 to 999. Nothing is random and nothing is
 * filled in but what a row must have. Call `done` at the end: it works out trusts, grades and listings from the facts.
 */
export async function buildRegister(database: Database) {
  const db = database.db.withTables<RegisterTables>()
  const data_file_id = await addFile(database)
  const idOf = async (urn: number): Promise<number> => {
    const found = await db.selectFrom('establishment').select('id').where('urn', '=', urn).executeTakeFirstOrThrow()
    return found.id
  }
  return {
    fileId: data_file_id,
    async authority(code: string, name: string, region: string) {
      await db.insertInto('authority').values({ code, name, region, data_file_id }).execute()
    },
    async trust(uid: string, name: string, fields: Partial<Row<'establishment_group'>> = {}) {
      const trust = { uid, name, type: 'Multi-academy trust', status: 'Open', ...fields, data_file_id }
      await db.insertInto('establishment_group').values(trust).execute()
    },
    async school(fields: SchoolFields) {
      const school = { status: 'Open', ...fields, as_at: BUILT_AS_AT, data_file_id }
      await db.insertInto('establishment').values(school).execute()
      const { urn, name, status } = school
      const state = { establishment_id: await idOf(urn), as_at: BUILT_AS_AT, last_seen: BUILT_AS_AT }
      await db
        .insertInto('establishment_version')
        .values({ ...state, data_file_id, row_hash: String(urn), name, status })
        .execute()
    },
    async member(urn: number, group_uid: string, joined: string) {
      const member = { establishment_id: await idOf(urn), group_uid, joined, data_file_id }
      await db.insertInto('group_membership').values(member).execute()
    },
    async link(urn: number, linked_urn: number, link_type: string, established: string) {
      const link = { establishment_id: await idOf(urn), linked_urn, link_type, established, data_file_id }
      await db.insertInto('establishment_link').values(link).execute()
    },
    async inspection(urn: number, inspected_on: string, fields: Partial<Row<'inspection'>>) {
      const inspection = {
        kind: 'graded' as const,
        ...fields,
        establishment_id: await idOf(urn),
        inspected_on,
        data_file_id,
      }
      await db.insertInto('inspection').values(inspection).execute()
    },
    async measure(urn: number, dataset: string, year: string, values: Record<string, number | string>) {
      const measure = { establishment_id: await idOf(urn), dataset, year, values, data_file_id }
      await db.insertInto('school_measure').values(measure).execute()
    },
    /** Means are worked out from real schools only, so a test states its own. */
    async mean(fields: Row<'measure_benchmark'>) {
      await db.insertInto('measure_benchmark').values(fields).execute()
    },
    async done() {
      const client = await database.pool.connect()
      try {
        await refreshProjections(client, ['listing', 'trust', 'grade'])
      } finally {
        client.release()
      }
    },
  }
}

async function addFile({ db }: Database): Promise<number> {
  const file = await db
    .withTables<RegisterTables>()
    .insertInto('data_file')
    .values({
      kind: 'schools',
      name: 'invented.csv',
      title: 'Invented register',
      publisher: 'Invented publisher',
      as_at: BUILT_AS_AT,
      coverage: 'open state-funded schools',
      columns: ['URN'],
      facts: ['name', 'status', 'opened'],
      sha256: 'invented',
      rows_read: 8,
      rows_added: 7,
      rows_rejected: 1,
    })
    .returning('id')
    .executeTakeFirstOrThrow()
  return file.id
}
