import type { PoolClient } from 'pg'

/** A connection, or whatever else runs a statement within the caller's transaction. */
type Client = { query(text: string): Promise<unknown> }

/** What is worked out from the facts and stored beside them, so that lists can filter by it. */
export type Projection = 'listing' | 'trust' | 'grade' | 'benchmark'

const REFRESH: Record<Projection, (client: Client, fromUrn: number) => Promise<void>> = {
  listing: refreshListing,
  trust: refreshTrusts,
  grade: refreshGrades,
  benchmark: refreshBenchmarks,
}

/**
 * Works the named projections out again from the facts, inside the caller's transaction. With `fromUrn` those of trusts and
 * grades for establishments from that URN on only, where nothing else changed.
 */
export async function refreshProjections(
  client: Client,
  projections: readonly Projection[],
  { fromUrn = 0 }: { readonly fromUrn?: number } = {},
): Promise<void> {
  for (const projection of projections) await REFRESH[projection](client, fromUrn)
}

/** A condition on establishments, by the column that names one; empty for all of them. */
function fromUrnOn(word: 'where' | 'and', column: string, fromUrn: number): string {
  return fromUrn > 0 ? `${word} ${column} in (select id from establishment where urn >= ${fromUrn})` : ''
}

/**
 * `not_listed_since`: an establishment that a whole file once showed, is open on the facts held, and is missing from the
 * newest whole file that covers its type. It has closed or changed its type, on a day that the files do not tell.
 */
async function refreshListing(client: Client): Promise<void> {
  await client.query(
    `with whole as (
       select id, as_at, coverage from data_file
       where kind = 'schools' and coverage in ('all establishments', 'open state-funded schools')
     ), everything as (
       select max(as_at) as as_at from whole where coverage = 'all establishments'
     ), state_funded as (
       select max(as_at) as as_at from whole
     ), state_funded_type as (
       select distinct type from establishment where as_at >= (select as_at from state_funded)
     ), wanted as (
       select e.id, case
           when e.status = 'Closed' then null
           when e.as_at < state_funded.as_at and e.type in (select type from state_funded_type) then state_funded.as_at
           when e.as_at < everything.as_at then everything.as_at
         end as since
       from establishment e, everything, state_funded
       where exists (
         select from establishment_version v where v.establishment_id = e.id and v.data_file_id in (select id from whole))
     )
     update establishment e set not_listed_since = w.since
     from wanted w where w.id = e.id and e.not_listed_since is distinct from w.since`,
  )
}

/** `trust_uid`: the academy trust that the register's files give an establishment, or a person's correction of it. */
async function refreshTrusts(client: Client, fromUrn: number): Promise<void> {
  await client.query(
    `with wanted as (
       select t.id, case when c.id is null then t.uid else c.corrected ->> 'trust_uid' end as uid
       from register_trust t
       left join register_correction c on c.establishment_id = t.id and c.field = 'trust' and c.ended_at is null
       ${fromUrnOn('where', 't.id', fromUrn)}
     )
     update establishment e set trust_uid = w.uid
     from wanted w where w.id = e.id and e.trust_uid is distinct from w.uid`,
  )
}

/**
 * `latest_grade…`: the newest overall grade over an establishment and its plain predecessors, never merged, amalgamated or
 * split ones (design, section 6). For filters and lists; who qualifies is judged elsewhere, with reasons.
 */
async function refreshGrades(client: Client, fromUrn: number): Promise<void> {
  await client.query(
    `with recursive plain as materialized (select * from plain_predecessor),
     lineage (id, member) as (
       select distinct establishment_id, establishment_id from plain ${fromUrnOn('where', 'establishment_id', fromUrn)}
       union
       select l.id, p.id from lineage l
       join plain k on k.establishment_id = l.member
       join establishment p on p.urn = k.predecessor_urn
     ), judged as (
       select i.establishment_id as id, i.id as inspection_id from inspection i
       where i.kind = 'graded' ${fromUrnOn('and', 'i.establishment_id', fromUrn)}
       union
       select l.id, i.id from lineage l join inspection i on i.establishment_id = l.member and i.kind = 'graded'
     ), newest as (
       select distinct on (j.id) j.id, i.overall, i.inspected_on, p.urn
       from judged j join inspection i on i.id = j.inspection_id join establishment p on p.id = i.establishment_id
       where i.overall is not null
       order by j.id, coalesce(i.published_on, i.inspected_on) desc, i.inspected_on desc, i.id desc
     ), wanted as (
       select e.id, n.overall, n.inspected_on, n.urn from establishment e left join newest n on n.id = e.id
       ${fromUrnOn('where', 'e.id', fromUrn)}
     )
     update establishment e set latest_grade = w.overall, latest_grade_on = w.inspected_on, latest_grade_urn = w.urn
     from wanted w where w.id = e.id
       and (e.latest_grade, e.latest_grade_on, e.latest_grade_urn)
         is distinct from (w.overall, w.inspected_on, w.urn)`,
  )
}

/** The measures that are compared, by dataset. */
export const COMPARED_MEASURES: Readonly<Record<string, readonly string[]>> = {
  absence: ['PERCTOT', 'PPERSABS10'],
  ks2: ['PTRWM_EXP', 'PTRWM_HIGH', 'READPROG', 'WRITPROG', 'MATPROG'],
  ks4: ['ATT8SCR', 'P8MEA', 'PTL2BASICS_94'],
  census: ['PNUMFSMEVER', 'NOR'],
}

/** Plain means over open schools; each school counts once, whatever its size. */
async function refreshBenchmarks(client: Client): Promise<void> {
  const values = Object.entries(COMPARED_MEASURES).map(
    ([dataset, names]) =>
      // Each row of measures is opened once, not once for each measure.
      `select s.*, m.dataset, m.year, c.measure, (c.value #>> '{}')::double precision as number
       from school s join school_measure m on m.establishment_id = s.id and m.dataset = '${dataset}'
       cross join lateral jsonb_to_record(m.values) r (${names.map((name) => `"${name}" jsonb`).join(', ')})
       cross join lateral (values ${names.map((name) => `('${name}', r."${name}")`).join(', ')}) c (measure, value)
       where jsonb_typeof(c.value) = 'number'`,
  )
  await client.query('delete from measure_benchmark')
  await client.query(
    `insert into measure_benchmark (dataset, year, measure, area_kind, area, phase, mean, schools)
     with school as materialized (
       select id, authority_code, region, broad_phase(phase) as phase, pupils from establishment
       where status like 'Open%' and not_listed_since is null and region is not null and urn < 900000
         and authority_code is not null
     ), value as (
       ${values.join(' union all ')}
       union all
       select s.*, 'register', 'current', 'pupils', s.pupils from school s where s.pupils is not null
     ), by_authority as (
       select dataset, year, measure, phase, authority_code, region, sum(number) as sum, count(*) as schools
       from value group by dataset, year, measure, phase, authority_code, region
     )
     select dataset, year, measure,
       case when grouping(authority_code) = 0 then 'authority' when grouping(region) = 0 then 'region' else 'england' end,
       coalesce(case when grouping(authority_code) = 0 then authority_code when grouping(region) = 0 then region end, 'England'),
       phase, sum(sum) / sum(schools)::double precision, sum(schools)::int
     from by_authority
     group by dataset, year, measure, phase, grouping sets ((authority_code), (region), ())`,
  )
}

/**
 * Columns by which rows are chosen, joined or ordered; the rest, four of five, would take most of the time. The projections
 * are worked out from the facts, so these are better looked at before.
 */
const ANALYSED = {
  facts: [
    'data_file, authority, establishment_group, group_membership, establishment_link, inspection',
    'establishment_version (establishment_id, as_at, last_seen, data_file_id, status, opened, closed, authority_code)',
    'school_measure (establishment_id, dataset, year)',
    'register_change (data_file_id, record, record_key)',
  ],
  projections: [
    `establishment (id, urn, name, status, closed, authority_code, type, phase, region, trust_uid, latest_grade,
       latest_grade_on, not_listed_since, as_at, data_file_id, search_text)`,
    'measure_benchmark',
  ],
} as const

/** Fresh statistics for the planner; outside any transaction, after a large import. */
export async function analyseRegister(client: Pick<PoolClient, 'query'>, part: keyof typeof ANALYSED): Promise<void> {
  await client.query(`analyze ${ANALYSED[part].join(', ')}`)
}
