import { sql } from 'kysely'
import type { Db } from '../platform/db.ts'
import { type Base, fieldsOf, type Leader, type Organisation } from './leader.ts'
import { leaderDb } from './leader-tables.ts'
import type { Leave } from './ledger.ts'

/**
 * A leader as stored. `editVersion` tells whether somebody saved the record since it was opened; `version` counts every change,
 * of the days, leave and interests too.
 */
export type StoredLeader = {
  readonly id: number
  readonly version: number
  readonly editVersion: number
  readonly leader: Leader
}

type LeaderRow = {
  id: number
  version: number
  edit_version: number
  reference: string
  name: string | null
  email: string | null
  type: string
  also_types: string[]
  region: string
  phases: string[]
  school_types: string[]
  expertise: string[]
  travel_limit_miles: number | null
  works_out_of_region: boolean
  state: string
  exercise: boolean
  organisation_establishment_id: number | null
  organisation_trust_uid: string | null
  organisation_name: string | null
  organisation_title: string
  organisation_urn: number | null
  base_establishment_id: number | null
  base_urn: number | null
  base_title: string | null
  base_easting: number | null
  base_northing: number | null
  days: Record<string, number>
}

/** Leaders by reference, with the names of their organisation and base as the register has them today. */
export async function readLeaders(db: Db, references?: readonly string[]): Promise<StoredLeader[]> {
  const chosen = references ? sql`where l.reference = any(${[...references]})` : sql``
  const { rows } = await sql<LeaderRow>`
    select l.id, l.version, l.edit_version, l.reference, l.name, l.email, l.type, l.also_types, l.region, l.phases, l.school_types,
      l.expertise, l.travel_limit_miles, l.works_out_of_region, l.state, l.exercise,
      l.organisation_establishment_id, l.organisation_trust_uid, l.organisation_name,
      coalesce(organisation.name, trust.name, l.organisation_name) as organisation_title,
      organisation.urn as organisation_urn,
      l.base_establishment_id, base.urn as base_urn, base.name as base_title,
      coalesce(base.easting, l.base_easting) as base_easting, coalesce(base.northing, l.base_northing) as base_northing,
      coalesce((select jsonb_object_agg(t.term, t.available_half_days) from leader_term t where t.leader_id = l.id), '{}') as days
    from leader l
      left join establishment organisation on organisation.id = l.organisation_establishment_id
      left join establishment_group trust on trust.uid = l.organisation_trust_uid
      left join establishment base on base.id = l.base_establishment_id
    ${chosen}
    order by l.reference`.execute(db)
  return rows.map((row) => ({
    id: row.id,
    version: row.version,
    editVersion: row.edit_version,
    leader: leaderOf(row),
  }))
}

export async function findLeader(db: Db, reference: string): Promise<StoredLeader | undefined> {
  const [stored] = await readLeaders(db, [reference])
  return stored
}

function leaderOf(row: LeaderRow): Leader {
  return {
    reference: row.reference,
    name: row.name ?? '',
    email: row.email ?? '',
    type: row.type,
    alsoTypes: row.also_types,
    organisation: organisationOf(row),
    base: baseOf(row),
    region: row.region,
    phases: row.phases,
    schoolTypes: row.school_types,
    expertise: row.expertise,
    travelLimitMiles: row.travel_limit_miles,
    worksOutOfRegion: row.works_out_of_region,
    state: row.state,
    exercise: row.exercise,
    days: row.days,
  }
}

function organisationOf(row: LeaderRow): Organisation {
  const establishmentId = row.organisation_establishment_id
  const name = row.organisation_title
  if (establishmentId !== null) return { kind: 'school', key: String(row.organisation_urn), name, establishmentId }
  if (row.organisation_trust_uid !== null)
    return { kind: 'trust', key: row.organisation_trust_uid, name, establishmentId: null }
  return { kind: 'invented', key: row.organisation_name ?? '', name, establishmentId: null }
}

function baseOf(row: LeaderRow): Base | null {
  const place = { easting: row.base_easting, northing: row.base_northing }
  if (row.base_establishment_id !== null)
    return {
      key: String(row.base_urn),
      name: row.base_title ?? '',
      establishmentId: row.base_establishment_id,
      ...place,
    }
  if (place.easting === null) return null
  const key = `${place.easting}, ${place.northing}`
  return { key, name: key, establishmentId: null, ...place }
}

/** Holds the leader's row until the end of the transaction: every change of a leader or of the days comes after another. */
export async function lockLeaders(db: Db, ids: readonly number[]): Promise<void> {
  await sql`select id from leader where id = any(${[...ids]}::integer[]) order by id for no key update`.execute(db)
}

function columnsOf(leader: Leader) {
  const { organisation, base } = leader
  return {
    reference: leader.reference,
    name: leader.name || null,
    email: leader.email || null,
    type: leader.type,
    also_types: [...leader.alsoTypes],
    organisation_establishment_id: organisation.establishmentId,
    organisation_trust_uid: organisation.kind === 'trust' ? organisation.key : null,
    organisation_name: organisation.kind === 'invented' ? organisation.name : null,
    base_establishment_id: base?.establishmentId ?? null,
    base_easting: base && base.establishmentId === null ? base.easting : null,
    base_northing: base && base.establishmentId === null ? base.northing : null,
    region: leader.region,
    phases: [...leader.phases],
    school_types: [...leader.schoolTypes],
    expertise: [...leader.expertise],
    travel_limit_miles: leader.travelLimitMiles,
    works_out_of_region: leader.worksOutOfRegion,
    state: leader.state,
    exercise: leader.exercise,
  }
}

/** Inserts leaders and their days. Those whose reference is taken are left as they are, and not among the answers. */
export async function insertLeaders(db: Db, leaders: readonly Leader[]): Promise<{ id: number; leader: Leader }[]> {
  if (leaders.length === 0) return []
  const inserted = await leaderDb(db)
    .insertInto('leader')
    .values(leaders.map(columnsOf))
    .onConflict((conflict) => conflict.column('reference').doNothing())
    .returning(['id', 'reference'])
    .execute()
  const byReference = new Map(leaders.map((leader) => [leader.reference, leader]))
  const stored = inserted.flatMap(({ id, reference }) => {
    const leader = byReference.get(reference)
    return leader ? [{ id, leader }] : []
  })
  const terms = stored.flatMap(({ id, leader }) =>
    Object.entries(leader.days).map(([term, halfDays]) => ({
      leader_id: id,
      term,
      available_half_days: halfDays,
      over_reason: null,
    })),
  )
  if (terms.length > 0) await leaderDb(db).insertInto('leader_term').values(terms).execute()
  return stored
}

export async function updateLeader(db: Db, id: number, leader: Leader): Promise<void> {
  await leaderDb(db)
    .updateTable('leader')
    .set((eb) => ({
      ...columnsOf(leader),
      version: eb('version', '+', 1),
      edit_version: eb('edit_version', '+', 1),
      changed_at: new Date(),
    }))
    .where('id', '=', id)
    .execute()
}

/** Counts a change of the days, leave or interests. */
export async function touchLeader(db: Db, id: number): Promise<void> {
  await leaderDb(db)
    .updateTable('leader')
    .set((eb) => ({ version: eb('version', '+', 1), changed_at: new Date() }))
    .where('id', '=', id)
    .execute()
}

/** Leave by leader id, in the order of time. */
export async function readLeave(db: Db, ids: readonly number[]): Promise<Map<number, (Leave & { id: number })[]>> {
  const rows = await leaderDb(db)
    .selectFrom('leader_leave')
    .selectAll()
    .where('leader_id', 'in', ids.length > 0 ? [...ids] : [0])
    .orderBy('from_on')
    .execute()
  const byLeader = Map.groupBy(rows, (row) => row.leader_id)
  return new Map(
    [...byLeader].map(([id, leave]) => [id, leave.map((one) => ({ id: one.id, from: one.from_on, to: one.to_on }))]),
  )
}

/** What history keeps: the fields as flat values, so that two versions compare key by key. */
export function historyValues(leader: Leader): Record<string, unknown> {
  const { days, ...fields } = fieldsOf(leader)
  return { ...fields, ...Object.fromEntries(Object.entries(days).map(([term, text]) => [`days ${term}`, text])) }
}
