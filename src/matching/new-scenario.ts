import { sql } from 'kysely'
import { type LeaderVocabulary, seedExerciseLeaders } from '../leaders/index.ts'
import type { Actor } from '../platform/actor.ts'
import type { Database, Db } from '../platform/db.ts'
import { accept, type Decision, type Refusal, refuse } from '../platform/decision.ts'
import { runAsMachine } from '../platform/scope.ts'
import { submitOnce } from '../platform/submit-once.ts'
import { longDate } from '../platform/words.ts'
import { type Pack, packRef } from '../programmes/index.ts'
import { auditScenario } from './audit-scenario.ts'
import { findQualifying } from './find-qualifying.ts'
import type { ScenarioKind } from './matching-tables.ts'
import { startOf, usualDaysOf } from './pack-settings.ts'
import { findScenario, lockScenario } from './scenario-store.ts'
import { NO_SCENARIO } from './solve-scenario.ts'

/** A new scenario as typed: texts, nothing checked. `source`: who qualifies, the invented England, or named schools. */
export type ScenarioFields = {
  readonly name: string
  readonly source: string
  readonly on: string
  readonly region: string
  readonly authority: string
  readonly urns: string
  readonly term: string
  readonly days: string
  readonly poolRegions: readonly string[]
  readonly poolTypes: readonly string[]
}

export type ScenarioSources = { readonly pack: Pack; readonly vocabulary: LeaderVocabulary }

/** `submission`: the same again makes no second scenario. */
type NewScenarioRequest = {
  readonly fields: ScenarioFields
  readonly sources: ScenarioSources
  readonly by: Actor
  readonly submission?: string | undefined
}

/** Shown beside every scenario: the order of schools is a rule, not a judgement of ours. */
export const PRIORITY_RULE = 'Priority by the latest judgement held: Inadequate 3, Requires improvement 2, otherwise 1'
const MOST_SCHOOLS = 1500
const FIRST_INVENTED_URN = 900_000

/**
 * Makes a scenario over chosen schools and leaders, ready to be solved. Real schools make an exercise with invented
 * leaders; invented schools are served by the leaders of the invented England; the two are never mixed. Refusals name the
 * field: `name.missing`, `term.missing`, `days.wrong`, `urns.*`, `matching.no-schools`, `matching.empty-pool`.
 */
export async function createScenario(
  database: Database,
  { fields, sources, by, submission }: NewScenarioRequest,
): Promise<Decision<{ id: number }>> {
  const { pack, vocabulary } = sources
  const halfDays = Number(fields.days || usualDaysOf(pack)) * 2
  const refusals = fieldRefusals(fields, halfDays, vocabulary)
  if (refusals.length > 0) return refuse(...refusals)
  const chosen = await chooseSchools(database, fields, sources)
  if (!chosen.ok) return chosen
  const { kind, schools, words } = chosen.value
  // Invented leaders of every region, whoever asks: the scenario then takes those of the person's own.
  if (kind === 'exercise') await runAsMachine(() => seedExerciseLeaders(database, { vocabulary }))
  const make = async (db: Db): Promise<Decision<{ id: number }>> => {
    const leaders = await listPool(db, kind, fields, by)
    if (leaders.length === 0) return refuse(EMPTY_POOL)
    const source = `${words}; ${poolInWords(fields, vocabulary)}`
    const id = await storeScenario(db, { name: fields.name, kind, pack, term: fields.term, source, by })
    await sql`insert into scenario_need (scenario_id, establishment_id, position, half_days, priority, areas)
      select ${id}, r.id, r.position, ${halfDays}, r.priority, ${kind === 'exercise' ? null : sql`'{}'::text[]`}
      from jsonb_to_recordset(${JSON.stringify(schools.map((school, position) => ({ ...school, position })))}::jsonb)
        as r(id integer, position integer, priority integer)`.execute(db)
    await sql`insert into scenario_leader (scenario_id, leader_id, position)
      select ${id}, leader_id, position from unnest(${leaders}::bigint[]) with ordinality as r(leader_id, position)`.execute(
      db,
    )
    const made = { name: fields.name, programme: packRef(pack), term: fields.term, source }
    const counts = { schools: schools.length, leaders: leaders.length }
    await auditScenario(db, by, id, { action: 'Made', new: { ...made, ...counts } })
    return accept({ id })
  }
  return database.db.transaction().execute((db) => submitOnce(db, submission, () => make(db)))
}

const EMPTY_POOL: Refusal = {
  code: 'matching.empty-pool',
  message: 'No leader on the roster fits this choice: choose more regions or types',
  field: 'poolRegions',
}

function fieldRefusals(fields: ScenarioFields, halfDays: number, vocabulary: LeaderVocabulary): Refusal[] {
  const { name, term } = fields
  const refusals: Refusal[] = []
  if (!name) refusals.push({ code: 'name.missing', message: 'Enter a name', field: 'name' })
  if (!vocabulary.terms.some(({ id }) => id === term))
    refusals.push({ code: 'term.missing', message: 'Choose a term', field: 'term' })
  if (fields.source !== 'named' && !isDate(fields.on))
    refusals.push({ code: 'on.wrong', message: 'Enter the day as year, month and day, like 2023-11-20', field: 'on' })
  if (!Number.isInteger(halfDays) || halfDays <= 0 || halfDays > 400)
    refusals.push({
      code: 'days.wrong',
      message: 'Days must be a number of days or half days, like 7.5',
      field: 'days',
    })
  return refusals
}

function isDate(text: string): boolean {
  return /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(Date.parse(text))
}

type ChosenSchool = { readonly id: number; readonly priority: number }
type Chosen = { readonly kind: ScenarioKind; readonly schools: readonly ChosenSchool[]; readonly words: string }

async function chooseSchools(
  database: Database,
  fields: ScenarioFields,
  sources: ScenarioSources,
): Promise<Decision<Chosen>> {
  const urns =
    fields.source === 'named' ? readUrns(fields.urns) : accept(await qualifyingUrns(database, fields, sources))
  if (!urns.ok) return urns
  const kind = urns.value.some((urn) => urn >= FIRST_INVENTED_URN) ? 'invented' : 'exercise'
  if (urns.value.some((urn) => urn >= FIRST_INVENTED_URN !== (kind === 'invented'))) return refuse(MIXED)
  const schools = await readChosen(database.db, urns.value, fields)
  if (schools.length === 0) return refuse(NO_SCHOOLS)
  if (schools.length > MOST_SCHOOLS)
    return refuse({ ...NO_SCHOOLS, message: `${schools.length} schools are too many: choose a region or an authority` })
  if (fields.source === 'named' && schools.length < urns.value.length)
    return refuse({ code: 'urns.unknown', message: 'One of these schools is not in the register', field: 'urns' })
  return accept({ kind, schools, words: schoolsInWords(fields, sources.pack) })
}

const MIXED: Refusal = {
  code: 'urns.mixed',
  message: 'Real schools and schools of the invented England cannot stand in one scenario',
  field: 'urns',
}
const NO_SCHOOLS: Refusal = {
  code: 'matching.no-schools',
  message: 'No school qualifies under this choice: change the day, the region or the authority',
  field: 'source',
}

function readUrns(text: string): Decision<number[]> {
  const words = text.split(/[\s,;]+/).filter((word) => word !== '')
  const wrong = words.filter((word) => !/^\d{6}$/.test(word))
  if (words.length > 0 && wrong.length === 0) return accept([...new Set(words.map(Number))])
  const message = wrong.length > 0 ? `“${wrong[0]}” is not a URN: a URN has six digits` : 'Enter at least one URN'
  return refuse({ code: 'urns.wrong', message, field: 'urns' })
}

async function qualifyingUrns(
  database: Database,
  { source, on }: ScenarioFields,
  { pack }: ScenarioSources,
): Promise<number[]> {
  const urns = await findQualifying(database, pack, on)
  return urns.filter((urn) => urn >= FIRST_INVENTED_URN === (source === 'invented'))
}

async function readChosen(
  db: Db,
  urns: readonly number[],
  { region, authority }: ScenarioFields,
): Promise<ChosenSchool[]> {
  const { rows } = await sql<ChosenSchool>`
    select e.id, case e.latest_grade when 4 then 3 when 3 then 2 else 1 end as priority
    from establishment e left join authority a on a.code = e.authority_code
    where e.urn = any(${[...urns]}::integer[])
      and (${region} = '' or coalesce(e.region, a.region) = ${region}) and (${authority} = '' or e.authority_code = ${authority})
    order by priority desc, e.name, e.id`.execute(db)
  return rows
}

/**
 * The leaders of one of the two worlds; those who left are never offered. Only somebody for all of England chooses from other
 * regions than the own (docs/adr/0009-scope.md).
 */
async function listPool(
  db: Db,
  kind: ScenarioKind,
  { poolRegions, poolTypes }: ScenarioFields,
  { scope }: Actor,
): Promise<number[]> {
  const { rows } = await sql<{ id: number }>`
    select id from leader
    where exercise = ${kind === 'exercise'} and state <> 'left'
      and (${scope.everything} or region = any(${[...scope.regions]}::text[]))
      and (cardinality(${[...poolRegions]}::text[]) = 0 or region = any(${[...poolRegions]}::text[]))
      and (cardinality(${[...poolTypes]}::text[]) = 0 or type = any(${[...poolTypes]}::text[]) or also_types && ${[...poolTypes]}::text[])
    order by reference`.execute(db)
  return rows.map(({ id }) => id)
}

function schoolsInWords({ source, on, region, authority }: ScenarioFields, pack: Pack): string {
  if (source === 'named') return 'Schools named by URN'
  const where = [region, authority && `authority ${authority}`].filter((text) => text !== '').join(', ')
  const world = source === 'invented' ? ' in the invented England' : ''
  return `Schools that qualify under ${pack.title} ${pack.edition} on ${longDate(on)}${world}${where && `, ${where}`}`
}

function poolInWords({ poolRegions, poolTypes }: ScenarioFields, { leaderTypes }: LeaderVocabulary): string {
  const types = poolTypes.map((id) => leaderTypes.find((type) => type.id === id)?.title ?? id)
  return `leaders of ${types.join(', ') || 'every type'} in ${poolRegions.join(', ') || 'every region'}`
}

type NewScenario = { name: string; kind: ScenarioKind; pack: Pack; term: string; source: string; by: Actor }

async function storeScenario(db: Db, { name, kind, pack, term, source, by }: NewScenario): Promise<number> {
  const { weights, limits } = startOf(pack)
  const { rows } = await sql<{ id: number }>`
    insert into scenario (name, kind, programme, edition, term, source, priority_rule, weights, limits, created_by,
      kept_by, made_by_person)
    values (${name}, ${kind}, ${pack.programme}, ${pack.edition}, ${term}, ${source}, ${PRIORITY_RULE},
      ${JSON.stringify(weights)}, ${JSON.stringify(limits)}, ${by.name}, ${by.personId}, ${by.personId})
    returning id`.execute(db)
  return rows[0]?.id ?? 0
}

/** A copy under another name: same schools, pool and standing decisions, to be changed and compared. */
export function copyScenario(
  { db }: Database,
  { id, name, by }: { id: number; name: string; by: Actor },
): Promise<Decision<{ id: number }>> {
  return db.transaction().execute(async (transaction) => {
    await lockScenario(transaction, id)
    const scenario = await findScenario(transaction, id)
    if (!scenario) return refuse(NO_SCENARIO)
    if (!name) return refuse({ code: 'name.missing', message: 'Enter a name for the copy', field: 'name' })
    const { rows } = await sql<{ id: number }>`
      insert into scenario (name, kind, programme, edition, term, source, priority_rule, weights, limits, region_priorities,
        copied_from, created_by, kept_by, made_by_person)
      select ${name}, kind, programme, edition, term, source, priority_rule, weights, limits, region_priorities, id, ${by.name},
        ${by.personId}, ${by.personId}
      from scenario where id = ${id} returning id`.execute(transaction)
    const copy = rows[0]?.id ?? 0
    await sql`insert into scenario_need select ${copy}, establishment_id, position, half_days, priority, areas
      from scenario_need where scenario_id = ${id}`.execute(transaction)
    await sql`insert into scenario_leader select ${copy}, leader_id, position
      from scenario_leader where scenario_id = ${id}`.execute(transaction)
    await sql`insert into scenario_decision
        (scenario_id, kind, establishment_id, leader_id, values, words, reason, made_at, made_by, door)
      select ${copy}, kind, establishment_id, leader_id, values, words, reason, made_at, made_by, door
      from scenario_decision where scenario_id = ${id} and undone_at is null order by id`.execute(transaction)
    await auditScenario(transaction, by, copy, { action: 'Made', new: { name, copiedFrom: id } })
    return accept({ id: copy })
  })
}

/** What each region puts first in this period (TSI-069): ids of focus areas by region. */
export function saveRegionPriorities(
  { db }: Database,
  { id, priorities, by }: { id: number; priorities: Readonly<Record<string, readonly string[]>>; by: Actor },
): Promise<void> {
  return db.transaction().execute(async (transaction) => {
    const { rows } = await sql<{ before: unknown }>`
      update scenario s set region_priorities = ${JSON.stringify(priorities)}
      from (select id, region_priorities as before from scenario where id = ${id} for no key update) held
      where s.id = held.id and s.confirmed_at is null returning held.before`.execute(transaction)
    const [row] = rows
    if (!row) return
    const values = { old: { priorities: row.before }, new: { priorities } }
    await auditScenario(transaction, by, id, { action: 'Priorities of the regions changed', ...values })
  })
}
