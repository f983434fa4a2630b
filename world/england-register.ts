import { createHash } from 'node:crypto'
import { sql } from 'kysely'
import type { Db } from '../src/platform/db.ts'
import type { England, EnglandSchool } from './england-file.ts'

const COVERAGE = 'invented England'
/** The day from which all of it exists, except what the file says opened, closed or was inspected later. */
const FROM = '2016-09-01'

/** The file's words for a kind of school as the register writes them: type and group of types. */
const TYPES: Readonly<Record<string, readonly [type: string, group: string]>> = {
  community: ['Community school', 'Local authority maintained schools'],
  VA: ['Voluntary aided school', 'Local authority maintained schools'],
  foundation: ['Foundation school', 'Local authority maintained schools'],
  academy: ['Academy converter', 'Academies'],
  special: ['Community special school', 'Special schools'],
  'sixth form college': ['Further education', 'Colleges'],
  independent: ['Other independent school', 'Independent schools'],
  'independent special': ['Other independent special school', 'Independent schools'],
  'nursery (private)': ['Private nursery', 'Other types'],
  hospital: ['Hospital school', 'Special schools'],
}

const PHASES: Readonly<Record<string, string>> = {
  primary: 'Primary',
  secondary: 'Secondary',
  'all-through': 'All-through',
  '16 plus': '16 plus',
  nursery: 'Nursery',
}

/** Writes the schools, trusts, authorities, links and inspections. Repeating it changes nothing. */
export async function storeRegister(db: Db, england: England): Promise<void> {
  const sha256 = hashOfRegister(england)
  const schoolsFile = await storeFile(db, 'schools', sha256, england.schools.length)
  await storeAuthorities(db, england, schoolsFile)
  await storeTrusts(db, england, await storeFile(db, 'groups', sha256, england.trusts.length))
  await storeSchools(db, england, schoolsFile)
  await storeVersions(db, schoolsFile)
  await storeMemberships(db, england, await storeFile(db, 'group-links', sha256, england.trusts.length))
  const links = england.schools.flatMap((school) => linksOf(school, england.schools))
  await storeLinks(db, links, await storeFile(db, 'links', sha256, links.length))
  const inspections = england.schools.flatMap(inspectionsOf)
  await storeInspections(db, inspections, await storeFile(db, 'inspections', sha256, inspections.length))
}

/** The same for the same schools and bodies: names the files that they are stored under. */
export function hashOfRegister({ regions, authorities, dioceses, trusts, schools }: England): string {
  return createHash('sha256').update(JSON.stringify({ regions, authorities, dioceses, trusts, schools })).digest('hex')
}

async function storeFile(db: Db, kind: string, sha256: string, read: number): Promise<number> {
  const { rows } = await sql<{ id: number }>`
    with found as (
      select id from data_file where kind = ${kind} and coverage = ${COVERAGE} and sha256 = ${sha256}
    ), added as (
      insert into data_file (kind, name, title, publisher, as_at, coverage, columns, facts, sha256, rows_read, rows_added)
      select ${kind}, 'england.yaml', ${`Invented England: ${kind}`}, 'Alongside (invented)', ${FROM}::date, ${COVERAGE}, '{}',
        ${kind === 'schools' ? ['opened', 'closed', 'diocese', 'pupils', 'easting'] : []}::text[], ${sha256}, ${read}, ${read}
      where not exists (select from found)
      returning id
    )
    select id from found union all select id from added`.execute(db)
  const [file] = rows
  if (!file) throw new Error(`No data file could be stored for ${kind}`)
  return file.id
}

async function storeAuthorities(db: Db, { authorities, regions }: England, file: number): Promise<void> {
  const rows = authorities.map(({ id, name, region }) => ({ code: id, name, region: nameOf(regions, region) }))
  await sql`insert into authority (code, name, region, data_file_id)
    select code, name, region, ${file} from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as r(code text, name text, region text)
    on conflict (code) do update set name = excluded.name, region = excluded.region`.execute(db)
}

async function storeTrusts(db: Db, { trusts }: England, file: number): Promise<void> {
  const rows = trusts.map(({ id, name }) => ({ uid: id, name }))
  await sql`insert into establishment_group (uid, name, type, status, data_file_id)
    select uid, name, 'Multi-academy trust', 'Open', ${file} from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as r(uid text, name text)
    on conflict (uid) do update set name = excluded.name`.execute(db)
}

async function storeSchools(db: Db, england: England, file: number): Promise<void> {
  const rows = england.schools.map((school) => schoolRow(school, england))
  await sql`insert into establishment (urn, name, authority_code, type, type_group, phase, status, opened, closed, region, diocese,
      easting, northing, coordinate_source, pupils, pupils_as_at, fsm_percent, sixth_form, as_at, data_file_id)
    select urn, name, authority_code, type, type_group, phase, status, opened, closed, region, diocese,
      easting, northing, 'invented', pupils, 'invented', fsm_percent, sixth_form, ${FROM}::date, ${file}
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as r(urn integer, name text, authority_code text, type text,
      type_group text, phase text, status text, opened date, closed date, region text, diocese text, easting integer,
      northing integer, pupils integer, fsm_percent numeric, sixth_form text)
    on conflict (urn) do update set name = excluded.name, authority_code = excluded.authority_code, type = excluded.type,
      type_group = excluded.type_group, phase = excluded.phase, status = excluded.status, opened = excluded.opened,
      closed = excluded.closed, region = excluded.region, diocese = excluded.diocese, easting = excluded.easting,
      northing = excluded.northing, pupils = excluded.pupils, fsm_percent = excluded.fsm_percent,
      sixth_form = excluded.sixth_form, data_file_id = excluded.data_file_id`.execute(db)
}

function schoolRow(school: EnglandSchool, { authorities, regions, dioceses }: England) {
  const [type, typeGroup] = TYPES[school.type] ?? [school.type, 'Other types']
  const authority = authorities.find((one) => one.id === school.la)
  return {
    urn: school.urn,
    name: school.name,
    authority_code: school.la,
    type,
    type_group: typeGroup,
    phase: PHASES[school.phase] ?? school.phase,
    status: school.closed ? 'Closed' : 'Open',
    opened: school.opened ?? null,
    closed: school.closed ?? null,
    region: authority ? nameOf(regions, authority.region) : null,
    diocese: school.diocese ? nameOf(dioceses, school.diocese) : 'Not applicable',
    easting: school.E,
    northing: school.N,
    pupils: school.pupils ?? null,
    fsm_percent: school.fsm ?? null,
    sixth_form: sixthForm(school.sixth_form),
  }
}

function sixthForm(has: boolean | undefined): string | null {
  if (has === undefined) return null
  return has ? 'Has a sixth form' : 'Does not have a sixth form'
}

function nameOf(words: readonly { id: string; name: string }[], wanted: string): string {
  const found = words.find((word) => word.id === wanted)
  if (!found) throw new Error(`The file has nothing with the id ${wanted}`)
  return found.name
}

/** One dated state each: what opened or closed later says so by its dates. */
async function storeVersions(db: Db, file: number): Promise<void> {
  await sql`insert into establishment_version (establishment_id, as_at, last_seen, data_file_id, row_hash, name, authority_code,
      type, type_group, phase, status, opened, closed, region, easting, northing, pupils)
    select id, as_at, as_at, data_file_id, md5(e::text), name, authority_code,
      type, type_group, phase, status, opened, closed, region, easting, northing, pupils
    from establishment e where data_file_id = ${file}
    on conflict (establishment_id, as_at) do update set row_hash = excluded.row_hash, name = excluded.name,
      authority_code = excluded.authority_code, type = excluded.type, type_group = excluded.type_group,
      phase = excluded.phase, status = excluded.status, opened = excluded.opened, closed = excluded.closed,
      region = excluded.region, easting = excluded.easting, northing = excluded.northing, pupils = excluded.pupils,
      data_file_id = excluded.data_file_id`.execute(db)
}

async function storeMemberships(db: Db, { trusts, schools }: England, file: number): Promise<void> {
  const opened = new Map(schools.map((school) => [school.urn, school.opened ?? null]))
  const rows = trusts.flatMap(({ id, schools: urns }) =>
    urns.map((urn) => ({ uid: id, urn, joined: opened.get(urn) ?? null })),
  )
  await sql`insert into group_membership (establishment_id, group_uid, joined, data_file_id)
    select e.id, r.uid, r.joined, ${file}
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as r(uid text, urn integer, joined date)
      join establishment e on e.urn = r.urn
    on conflict (establishment_id, group_uid) do update set joined = excluded.joined`.execute(db)
}

type Link = { urn: number; linked: number; name: string; type: string; established: string | null }

function linksOf(school: EnglandSchool, all: readonly EnglandSchool[]): Link[] {
  const link = (linked: number | undefined, type: string): Link[] => {
    const other = all.find((one) => one.urn === linked)
    const established = type === 'Predecessor' ? school.opened : other?.opened
    return other
      ? [{ urn: school.urn, linked: other.urn, name: other.name, type, established: established ?? null }]
      : []
  }
  return [...link(school.predecessor, 'Predecessor'), ...link(school.successor, 'Successor')]
}

async function storeLinks(db: Db, links: readonly Link[], file: number): Promise<void> {
  await sql`insert into establishment_link (establishment_id, linked_urn, linked_name, link_type, established, data_file_id)
    select e.id, r.linked, r.name, r.type, r.established, ${file}
    from jsonb_to_recordset(${JSON.stringify(links)}::jsonb) as r(urn integer, linked integer, name text, type text, established date)
      join establishment e on e.urn = r.urn
    on conflict do nothing`.execute(db)
}

type Inspection = { urn: number; on: string; kind: string; overall: number | null; concern: string | null }

/** Serious weaknesses and special measures are both grade 4, told apart by the category of concern. */
function inspectionsOf({ urn, insp }: EnglandSchool): Inspection[] {
  return insp.map(([on, grade]) => {
    if (grade === 'none') return { urn, on, kind: 'graded_no_overall', overall: null, concern: null }
    if (typeof grade === 'number') return { urn, on, kind: 'graded', overall: grade, concern: null }
    return { urn, on, kind: 'graded', overall: 4, concern: grade === 'SW' ? 'SWK' : 'SM' }
  })
}

async function storeInspections(db: Db, inspections: readonly Inspection[], file: number): Promise<void> {
  await sql`insert into inspection (establishment_id, inspected_on, published_on, kind, overall, category_of_concern, urn_at_time, data_file_id)
    select e.id, r."on", r."on", r.kind, r.overall, r.concern, r.urn, ${file}
    from jsonb_to_recordset(${JSON.stringify(inspections)}::jsonb) as r(urn integer, "on" date, kind text, overall smallint, concern text)
      join establishment e on e.urn = r.urn
    on conflict (establishment_id, inspected_on, kind) do update
      set overall = excluded.overall, category_of_concern = excluded.category_of_concern`.execute(db)
}
