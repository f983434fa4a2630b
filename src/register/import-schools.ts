import type { PoolClient } from 'pg'
import { OTHER_FACTS, STATE_FACTS } from './import-layout-schools.ts'
import type { StageColumns } from './import-stage.ts'

export const SCHOOLS_STAGE: StageColumns = {
  urn: 'integer',
  authority_name: 'text',
  ...STATE_FACTS,
  ...OTHER_FACTS,
  row_hash: 'text',
  other: 'jsonb',
}

/** The data file whose staged rows are being saved. `facts` are our names of what it holds. */
export type SavedFile = { readonly id: number; readonly asAt: string; readonly facts: readonly string[] }

export type SaveTotals = { readonly added: number; readonly changed: number; readonly unchanged: number }

const STATE_NAMES = Object.keys(STATE_FACTS)
const FACT_NAMES = [...STATE_NAMES, ...Object.keys(OTHER_FACTS)]

/**
 * Facts that a blank cell does not take away: figures and places that a publisher left out this time. What stands
 * together is taken together, so that a figure keeps its own date.
 */
const KEPT_WHEN_BLANK: Readonly<Record<string, string>> = {
  pupils: 'pupils',
  pupils_as_at: 'pupils',
  capacity: 'capacity',
  capacity_as_at: 'capacity',
  fsm_percent: 'fsm_percent',
  fsm_as_at: 'fsm_percent',
  easting: 'easting',
  northing: 'easting',
  coordinate_source: 'easting',
  region: 'region',
}

/**
 * Saves staged establishments: new ones are added, the current row takes each fact from the newest file that holds it,
 * every distinct dated state is kept, and what changed in a fact that was held before is written down. Deletes nothing.
 */
export async function saveSchools(client: PoolClient, file: SavedFile): Promise<SaveTotals> {
  const earlier = await readEarlierFiles(client, file)
  await saveAuthorities(client, file)
  const added = await addEstablishments(client, file)
  await findChanges(client, file, earlier)
  await keepOldValues(client, file, earlier)
  await updateEstablishments(client, file)
  await saveStates(client, file, earlier)
  const { rows } = await client.query<{ total: number; changed: number }>(
    `select count(*)::int as total,
       (select count(*)::int from (select id from next_state union select id from seen_state where not same) touched
        where id not in (select id from added_establishment)) as changed
     from stage`,
  )
  const { total, changed } = rows[0] ?? { total: 0, changed: 0 }
  return { added, changed, unchanged: total - added - changed }
}

type EarlierFiles = { readonly known: string[]; readonly hasNewer: boolean }

async function readEarlierFiles(client: PoolClient, file: SavedFile): Promise<EarlierFiles> {
  const { rows } = await client.query<EarlierFiles>(
    `select coalesce(array_agg(distinct fact) filter (where fact is not null), '{}') as known,
       coalesce(bool_or(f.as_at > $2), false) as "hasNewer"
     from data_file f left join lateral unnest(f.facts) fact on true
     where f.kind = 'schools' and f.id <> $1`,
    [file.id, file.asAt],
  )
  return rows[0] ?? { known: [], hasNewer: false }
}

/** Authorities that only the register names; and the region of rows from files that hold none. */
async function saveAuthorities(client: PoolClient, file: SavedFile): Promise<void> {
  await client.query(
    `insert into authority (code, name, region, data_file_id)
     select distinct on (authority_code) authority_code, authority_name, region, $1 from stage
     where authority_code is not null and authority_name is not null
     order by authority_code, region nulls last
     on conflict (code) do nothing`,
    [file.id],
  )
  if (file.facts.includes('region')) return
  await client.query(
    `update stage s set region = a.region from authority a where a.code = s.authority_code and a.region is not null`,
  )
}

async function addEstablishments(client: PoolClient, file: SavedFile): Promise<number> {
  await client.query('create temp table added_establishment (id integer) on commit drop')
  const names = FACT_NAMES.join(', ')
  const { rowCount } = await client.query(
    `with added as (
       insert into establishment (urn, ${names}, as_at, data_file_id)
       select urn, ${names}, $2, $1 from stage s
       where not exists (select from establishment e where e.urn = s.urn) order by urn
       returning id)
     insert into added_establishment select id from added`,
    [file.id, file.asAt],
  )
  await client.query('analyze added_establishment')
  return rowCount ?? 0
}

/** The table `next_state`: each establishment that will differ, with all its facts as they will be. */
async function findChanges(client: PoolClient, file: SavedFile, earlier: EarlierFiles): Promise<void> {
  const facts = FACT_NAMES.filter((fact) => file.facts.includes(fact) || fact === 'region')
  const values = facts.map((fact) => `${nextValue(fact, file.facts.includes(fact), earlier.hasNewer)} as ${fact}`)
  const untouched = FACT_NAMES.filter((fact) => !facts.includes(fact)).map((fact) =>
    fact === 'closed' ? `${closedUnlessOpenLater(file)} as closed` : `e.${fact}`,
  )
  // A newer file that holds a fact of this establishment outranks this one for that fact.
  const held = earlier.hasNewer
    ? `left join lateral (
         select array_agg(distinct fact) as facts
         from establishment_version v join data_file f on f.id = v.data_file_id, unnest(f.facts) fact
         where v.establishment_id = e.id and v.last_seen > $1) newer on true`
    : ''
  const all = FACT_NAMES.map((fact) => `n.${fact}`).join(', ')
  const old = FACT_NAMES.map((fact) => `e.${fact}`).join(', ')
  await client.query(
    `create temp table next_state on commit drop as
     select n.* from (
       select e.id, e.urn, ${[...values, ...untouched].join(', ')}
       from stage s join establishment e on e.urn = s.urn ${held}
       where e.id not in (select id from added_establishment) and $1::date is not null) n
     join establishment e on e.id = n.id
     where row(${all}) is distinct from row(${old})`,
    [file.asAt],
  )
}

function nextValue(fact: string, holds: boolean, hasNewer: boolean): string {
  const anchor = KEPT_WHEN_BLANK[fact]
  const mine = `s.${fact}`
  const theirs = `e.${fact}`
  const fillBlank = (first: 's' | 'e') =>
    anchor === undefined
      ? `${first}.${fact}`
      : `case when ${first}.${anchor} is not null then ${first}.${fact} else ${first === 's' ? theirs : mine} end`
  if (!holds) return fillBlank('e')
  if (!hasNewer) return fillBlank('s')
  const openLater =
    fact === 'closed'
      ? `when 'status' = any(newer.facts) and e.status like 'Open%' and s.closed < e.as_at then e.closed`
      : ''
  return `case when '${fact}' = any(newer.facts) then ${fillBlank('e')} ${openLater} else ${fillBlank('s')} end`
}

/**
 * A planned closing date falls when a newer file without closing dates shows the school open after it; `nextValue` says
 * the same for files that arrive in the other order.
 */
function closedUnlessOpenLater(file: SavedFile): string {
  const stillOpen = `e.as_at < $1 and s.status like 'Open%' and e.closed < $1`
  return file.facts.includes('status') ? `case when ${stillOpen} then null else e.closed end` : 'e.closed'
}

async function keepOldValues(client: PoolClient, file: SavedFile, earlier: EarlierFiles): Promise<void> {
  const facts = FACT_NAMES.filter((fact) => earlier.known.includes(fact) && file.facts.includes(fact))
  if (facts.length === 0) return
  const pairs = facts.map((fact) => `('${fact}', to_jsonb(e.${fact}), to_jsonb(n.${fact}))`)
  await client.query(
    `insert into register_change (data_file_id, record, record_key, old_values, new_values)
     select $1, 'establishment', e.urn::text, d.old, d.new
     from next_state n join establishment e on e.id = n.id
     cross join lateral (
       select jsonb_object_agg(fact, old) as old, jsonb_object_agg(fact, new) as new
       from (values ${pairs.join(', ')}) pair (fact, old, new) where old is distinct from new) d
     where d.old is not null`,
    [file.id],
  )
}

async function updateEstablishments(client: PoolClient, file: SavedFile): Promise<void> {
  const set = FACT_NAMES.map((fact) => `${fact} = n.${fact}`).join(', ')
  await client.query(
    `update establishment e set ${set}, as_at = greatest(e.as_at, $2),
       data_file_id = case when e.as_at <= $2 then $1 else e.data_file_id end
     from next_state n where e.id = n.id`,
    [file.id, file.asAt],
  )
  await client.query(
    `update establishment e set as_at = $2, data_file_id = $1 from stage s where s.urn = e.urn and e.as_at < $2`,
    [file.id, file.asAt],
  )
}

const STATE_LIST = ['data_file_id', 'row_hash', ...STATE_NAMES, 'other']

/** Keeps the dated states; the table `seen_state` tells whose history gained or mended one (`not same`). */
async function saveStates(client: PoolClient, file: SavedFile, earlier: EarlierFiles): Promise<void> {
  await client.query(
    `create temp table seen_state on commit drop as
     select e.id, s.urn, v.as_at, v.last_seen, v.row_hash is not distinct from s.row_hash as same
     from stage s join establishment e on e.urn = s.urn
     left join lateral (
       select * from establishment_version v where v.establishment_id = e.id and v.as_at <= $1
       order by v.as_at desc limit 1) v on true`,
    [file.asAt],
  )
  if (earlier.hasNewer) await partStatesAround(client, file)
  await client.query(
    `update establishment_version v set last_seen = $1 from seen_state s
     where s.same and v.establishment_id = s.id and v.as_at = s.as_at and v.last_seen < $1`,
    [file.asAt],
  )
  await client.query(
    `insert into establishment_version (establishment_id, as_at, last_seen, ${STATE_LIST.join(', ')})
     select n.id, $2, $2, $1, s.row_hash, ${STATE_NAMES.map((fact) => `s.${fact}`).join(', ')}, s.other
     from seen_state n join stage s on s.urn = n.urn where not n.same
     on conflict (establishment_id, as_at) do update set last_seen = excluded.last_seen,
       ${STATE_LIST.map((name) => `${name} = excluded.${name}`).join(', ')}`,
    [file.id, file.asAt],
  )
}

/** A file between two sightings of one state shows another: the state is parted into before and after. */
async function partStatesAround(client: PoolClient, file: SavedFile): Promise<void> {
  await client.query(
    `insert into establishment_version (establishment_id, as_at, last_seen, ${STATE_LIST.join(', ')})
     select v.establishment_id, later.as_at, v.last_seen, ${STATE_LIST.map((name) => `v.${name}`).join(', ')}
     from seen_state s join establishment_version v on v.establishment_id = s.id and v.as_at = s.as_at,
       (select min(as_at) as as_at from data_file where kind = 'schools' and as_at > $1) later
     where not s.same and v.last_seen > $1
     on conflict do nothing`,
    [file.asAt],
  )
  await client.query(
    `update establishment_version v
     set last_seen = (select max(as_at) from data_file where kind = 'schools' and as_at < $1)
     from seen_state s where not s.same and v.establishment_id = s.id and v.as_at = s.as_at
       and v.as_at < $1 and v.last_seen > $1`,
    [file.asAt],
  )
}
