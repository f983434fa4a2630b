import { sql } from 'kysely'
import type { Db } from '../platform/db.ts'
import type { InspectionKind } from './register-tables.ts'
import type { Benchmark, HeldMeasure } from './school-measures.ts'

/** The current row of a school with the names it points to and the file it was last seen in. */
export type SchoolRecord = {
  readonly id: number
  readonly urn: number
  readonly ukprn: string | null
  readonly laestab: string | null
  readonly name: string
  readonly authority_code: string | null
  readonly authority_name: string | null
  readonly region: string | null
  readonly district: string | null
  readonly constituency: string | null
  readonly trust_uid: string | null
  readonly trust_name: string | null
  readonly trust_joined: string | null
  readonly type: string | null
  readonly type_group: string | null
  readonly phase: string | null
  readonly status: string
  readonly opened: string | null
  readonly closed: string | null
  readonly reason_opened: string | null
  readonly reason_closed: string | null
  readonly low_age: number | null
  readonly high_age: number | null
  readonly boarders: string | null
  readonly sixth_form: string | null
  readonly gender: string | null
  readonly religious_character: string | null
  readonly diocese: string | null
  readonly admissions: string | null
  readonly street: string | null
  readonly locality: string | null
  readonly address3: string | null
  readonly town: string | null
  readonly county: string | null
  readonly postcode: string | null
  readonly website: string | null
  readonly telephone: string | null
  readonly easting: number | null
  readonly northing: number | null
  readonly capacity: number | null
  readonly capacity_as_at: string | null
  readonly pupils: number | null
  readonly pupils_as_at: string | null
  readonly fsm_percent: string | null
  readonly fsm_as_at: string | null
  readonly latest_grade: number | null
  readonly latest_grade_on: string | null
  readonly latest_grade_urn: number | null
  /** Open on the facts held, but missing from the newest whole file of its type, of this date. */
  readonly not_listed_since: string | null
  readonly as_at: string
  readonly file_title: string
  readonly publisher: string
}

/** Undefined when the register holds no school of this URN. */
export async function findSchool(db: Db, urn: number): Promise<SchoolRecord | undefined> {
  const { rows } = await sql<SchoolRecord>`
    select e.id, e.urn, e.ukprn, e.laestab, e.name, e.authority_code, a.name as authority_name,
      coalesce(e.region, a.region) as region, e.district, e.constituency, e.trust_uid, g.name as trust_name,
      m.joined as trust_joined, e.type, e.type_group, e.phase, e.status, e.opened, e.closed, e.reason_opened,
      e.reason_closed, e.low_age, e.high_age, e.boarders, e.sixth_form, e.gender, e.religious_character, e.diocese,
      e.admissions, e.street, e.locality, e.address3, e.town, e.county, e.postcode, e.website, e.telephone, e.easting,
      e.northing, e.capacity, e.capacity_as_at, e.pupils, e.pupils_as_at, e.fsm_percent, e.fsm_as_at, e.latest_grade,
      e.latest_grade_on, e.latest_grade_urn, e.not_listed_since, e.as_at, f.title as file_title, f.publisher
    from establishment e
    join data_file f on f.id = e.data_file_id
    left join authority a on a.code = e.authority_code
    left join establishment_group g on g.uid = e.trust_uid
    left join group_membership m on m.establishment_id = e.id and m.group_uid = e.trust_uid
    where e.urn = ${urn}`.execute(db)
  return rows[0]
}

/** An inspection of the school or of one in its chain of plain predecessors. */
export type ChainInspection = {
  readonly urn: number
  readonly name: string
  /** Opening date of the establishment it is filed under. */
  readonly filed_opened: string | null
  readonly depth: number
  readonly inspected_on: string
  readonly published_on: string | null
  readonly kind: InspectionKind
  readonly overall: number | null
  readonly quality_of_education: number | null
  readonly behaviour: number | null
  readonly personal_development: number | null
  readonly leadership: number | null
  readonly early_years: number | null
  readonly sixth_form: number | null
  readonly safeguarding: string | null
  readonly category_of_concern: string | null
  readonly report_card: Readonly<Record<string, string>> | null
  readonly ungraded_outcome: string | null
  readonly file_title: string
  readonly file_as_at: string
}

/**
 * Inspections of a school and of its plain predecessors (never merged, amalgamated or split ones: design, section 6), latest
 * first. A link counts whichever of the two schools it is filed under.
 */
export async function listChainInspections(db: Db, schoolId: number): Promise<ChainInspection[]> {
  const { rows } = await sql<ChainInspection>`
    with recursive chain (id, urn, depth) as (
      select id, urn, 0 from establishment where id = ${schoolId}
      union
      select p.id, p.urn, chain.depth + 1
      from chain join establishment p on p.urn in (
        select predecessor_urn from plain_predecessor where establishment_id = chain.id
        union
        select o.urn from establishment_link s join establishment o on o.id = s.establishment_id
        where s.linked_urn = chain.urn and s.link_type = 'Successor' and not exists (
          select from register_correction c
          where c.establishment_id = chain.id and c.linked_urn = o.urn and c.ended_at is null
            and c.corrected ->> 'link' = 'not held'))
      where chain.depth < 8)
    select e.urn, e.name, e.opened as filed_opened, c.depth, i.inspected_on, i.published_on, i.kind, i.overall,
      i.quality_of_education, i.behaviour, i.personal_development, i.leadership, i.early_years, i.sixth_form,
      i.safeguarding, i.category_of_concern, i.report_card, i.ungraded_outcome,
      f.title as file_title, f.as_at as file_as_at
    from (select id, min(depth) as depth from chain group by id) c
    join establishment e on e.id = c.id
    join inspection i on i.establishment_id = c.id
    join data_file f on f.id = i.data_file_id
    order by i.inspected_on desc, i.id desc`.execute(db)
  return rows
}

export type SchoolLink = {
  readonly urn: number
  readonly name: string | null
  readonly link_type: string
  readonly established: string | null
  readonly held: boolean
}

/** Links to other schools as published with this one, latest first. */
export async function listLinks(db: Db, schoolId: number): Promise<SchoolLink[]> {
  const { rows } = await sql<SchoolLink>`
    select l.linked_urn as urn, coalesce(e.name, l.linked_name) as name, l.link_type, l.established,
      e.id is not null as held
    from establishment_link l left join establishment e on e.urn = l.linked_urn
    where l.establishment_id = ${schoolId}
    order by l.established desc nulls last, l.linked_urn`.execute(db)
  return rows
}

/** Published figures by dataset and year; the head count of the register itself is the dataset "register". */
export async function listMeasures(db: Db, school: SchoolRecord): Promise<HeldMeasure[]> {
  const { rows } = await sql<HeldMeasure>`
    select m.dataset, m.year, m.values, f.title, f.publisher, f.as_at
    from school_measure m join data_file f on f.id = m.data_file_id
    where m.establishment_id = ${school.id}`.execute(db)
  const { pupils, pupils_as_at, file_title, publisher, as_at } = school
  if (pupils === null) return rows
  const count = { dataset: 'register', year: 'current', values: { pupils }, title: file_title, publisher }
  return [...rows, { ...count, as_at: pupils_as_at ?? as_at }]
}

/** The means of the areas that a school lies in, among schools of its phase. */
export async function listBenchmarks(
  db: Db,
  school: Pick<SchoolRecord, 'id' | 'authority_code' | 'region'>,
): Promise<Benchmark[]> {
  const { rows } = await sql<Benchmark>`
    select b.dataset, b.year, b.measure, b.area_kind, coalesce(a.name, b.area) as area, b.mean, b.schools
    from establishment e
    join measure_benchmark b on b.phase = broad_phase(e.phase)
    left join authority a on b.area_kind = 'authority' and a.code = b.area
    where e.id = ${school.id} and (b.area_kind = 'england'
      or (b.area_kind = 'region' and b.area = ${school.region})
      or (b.area_kind = 'authority' and b.area = ${school.authority_code}))`.execute(db)
  return rows
}
