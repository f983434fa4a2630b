import { sql } from 'kysely'
import {
  academicYear,
  type LeaderCapacity,
  type LeaderVocabulary,
  readCapacity,
  readConflicts,
} from '../leaders/index.ts'
import type { Db } from '../platform/db.ts'
import type { Pack } from '../programmes/index.ts'
import type { LeaderFacts, MatchFacts, MatchSettings, NeedFacts, SchoolFacts, Ties } from './match-facts.ts'
import { leaderTypesOf } from './pack-settings.ts'
import type { Scenario } from './scenario-store.ts'

/** What reads a scenario's facts beside the database: the packs' words, and the pack that the scenario is under. */
export type FactSources = { readonly pack: Pack; readonly vocabulary: LeaderVocabulary }

/**
 * Everything a scenario is matched on, as the register and the roster hold it now. Schools that already have a proposal
 * are left out while the scenario is open; once it is confirmed all are there, and the days it holds itself count as free.
 */
export async function readMatchFacts(
  db: Db,
  scenario: Scenario,
  { pack, vocabulary }: FactSources,
): Promise<MatchFacts> {
  const settings = settingsOf(scenario, pack)
  const needs = await readNeeds(db, scenario)
  const leaders = await readPool(db, scenario, vocabulary)
  const term = vocabulary.terms.find(({ id }) => id === scenario.term)
  const answer = await readConflicts(db, {
    leaders: leaders.map(({ id }) => id),
    urns: needs.flatMap(({ school }) => (school.urn === null ? [] : [school.urn])),
    switches: { authority: settings.limits.sameAuthority, diocese: settings.limits.sameDiocese },
    year: academicYear(term?.from ?? pack['academic-year'].from),
  })
  const tiesOf = (need: NeedFacts, leader: LeaderFacts): Ties =>
    need.school.urn === null ? UNKNOWN_TIES : answer(leader.id, need.school.urn)
  const { locked, forbidden, cleared } = scenario.standing
  return { needs, leaders, tiesOf, settings, locked, forbidden, cleared }
}

const UNKNOWN_TIES: Ties = { conflicts: [], notHeld: ['trust', 'interests'] }

function settingsOf(scenario: Scenario, pack: Pack): MatchSettings {
  return {
    exercise: scenario.kind === 'exercise',
    weights: scenario.standing.weights,
    limits: scenario.standing.limits,
    leaderTypes: leaderTypesOf(pack),
    areaNames: Object.fromEntries(pack['focus-areas']?.areas.map(({ id, name }) => [id, name]) ?? []),
    regionPriorities: scenario.regionPriorities,
  }
}

type SchoolRow = {
  id: number
  urn: number | null
  name: string
  phase: string | null
  authority: string | null
  region: string | null
  trust: string | null
  easting: number | null
  northing: number | null
}

function schoolOf(row: SchoolRow): SchoolFacts {
  const place = row.easting === null || row.northing === null ? null : { easting: row.easting, northing: row.northing }
  const { id, urn, name, phase, authority, region, trust } = row
  return { id, urn, name, phase, authority, region, trust, place }
}

/** The columns of SchoolRow from `establishment e`. */
const SCHOOL_COLUMNS = sql`
  e.id, e.urn, e.name, e.phase, (select name from authority where code = e.authority_code) as authority,
  coalesce(e.region, (select region from authority where code = e.authority_code)) as region,
  coalesce((select name from establishment_group where uid = e.trust_uid), e.trust_name) as trust, e.easting, e.northing`

/** What the register holds of schools by URN. */
export async function readSchools(db: Db, urns: readonly number[]): Promise<SchoolFacts[]> {
  const { rows } = await sql<SchoolRow>`
    select ${SCHOOL_COLUMNS} from establishment e where e.urn = any(${urns}) order by e.urn`.execute(db)
  return rows.map(schoolOf)
}

type NeedRow = SchoolRow & { half_days: number; priority: number; areas: string[] | null }

async function readNeeds(db: Db, scenario: Scenario): Promise<NeedFacts[]> {
  const { rows } = await sql<NeedRow>`
    select ${SCHOOL_COLUMNS}, n.half_days, n.priority, n.areas
    from scenario_need n join establishment e on e.id = n.establishment_id
    where n.scenario_id = ${scenario.id} and (${scenario.confirmedAt !== null} or not exists (
      select from proposal p where p.scenario_id = n.scenario_id and p.establishment_id = n.establishment_id
        and p.withdrawn_at is null))
    order by n.position`.execute(db)
  return rows.map((row) => {
    const id = String(row.id)
    const stored = { days: row.half_days / 2, priority: row.priority, areas: row.areas }
    return { id, school: schoolOf(row), ...(scenario.standing.needs.get(id) ?? stored) }
  })
}

async function readPool(db: Db, scenario: Scenario, vocabulary: LeaderVocabulary): Promise<LeaderFacts[]> {
  const { rows } = await sql<{ reference: string; own_half_days: number }>`
    select l.reference, case when ${scenario.confirmedAt !== null} then coalesce((select sum(p.half_days)::integer
      from proposal p where p.scenario_id = s.scenario_id and p.leader_id = s.leader_id and p.withdrawn_at is null), 0)
      else 0 end as own_half_days
    from scenario_leader s join leader l on l.id = s.leader_id
    where s.scenario_id = ${scenario.id} order by s.position`.execute(db)
  const window = vocabulary.terms.filter(({ id }) => id === scenario.term)
  const held = await readCapacity(
    db,
    window,
    rows.map(({ reference }) => reference),
  )
  const byReference = new Map(held.map((leader) => [leader.reference, leader]))
  return rows.flatMap(({ reference, own_half_days }) => {
    const leader = byReference.get(reference)
    return leader ? [leaderOf(leader, own_half_days)] : []
  })
}

/** `ownHalfDays`: half days that the asker holds itself, which count as free to it. */
export function leaderOf(leader: LeaderCapacity, ownHalfDays: number): LeaderFacts {
  const [term] = leader.capacity
  const { easting, northing } = leader.base ?? { easting: null, northing: null }
  return {
    id: leader.reference,
    version: leader.version,
    label: leader.exercise ? leader.reference : leader.name || leader.reference,
    types: [leader.type, ...leader.alsoTypes],
    active: leader.state === 'active',
    region: leader.region,
    worksOutOfRegion: leader.worksOutOfRegion,
    travelLimitMiles: leader.travelLimitMiles,
    phases: leader.phases.length > 0 ? leader.phases : null,
    expertise: leader.expertise.length > 0 ? leader.expertise : null,
    base: leader.base?.name ?? null,
    place: easting === null || northing === null ? null : { easting, northing },
    organisation: leader.organisation.name,
    offeredDays: term ? term.available / 2 : null,
    freeDays: term ? (term.free + ownHalfDays) / 2 : null,
    deployments: null, // the slice of cases will count them
  }
}
