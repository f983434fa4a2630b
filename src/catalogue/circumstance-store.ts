import { sql } from 'kysely'
import type { Db } from '../platform/db.ts'
import { type Circumstances, type SchoolFacts, schoolCircumstances, trustCircumstances } from './circumstances.ts'

const COLUMNS = sql`e.urn, e.name, e.type, e.phase, e.low_age, e.high_age, e.sixth_form, e.pupils, e.fsm_percent,
  coalesce(e.region, a.region) as region, e.authority_code, a.name as authority_name, f.title as file_title`
const TABLES = sql`establishment e join data_file f on f.id = e.data_file_id left join authority a on a.code = e.authority_code`

/** A school by its URN; undefined when the register holds none. */
export async function findSchoolCircumstances(db: Db, urn: number): Promise<Circumstances | undefined> {
  const { rows } = await sql<SchoolFacts>`select ${COLUMNS} from ${TABLES} where e.urn = ${urn}`.execute(db)
  return rows[0] && schoolCircumstances(rows[0])
}

/** A trust with its open schools; undefined when the register holds none. */
export async function findTrustCircumstances(db: Db, uid: string): Promise<Circumstances | undefined> {
  const { rows } = await sql<{ uid: string; name: string }>`
    select uid, name from establishment_group where uid = ${uid}`.execute(db)
  const [trust] = rows
  if (!trust) return undefined
  const { rows: schools } = await sql<SchoolFacts>`
    select ${COLUMNS} from ${TABLES} where e.trust_uid = ${uid} and e.closed is null and e.urn is not null
    order by e.urn`.execute(db)
  return trustCircumstances({ ...trust, schools })
}
