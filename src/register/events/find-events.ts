import type { PoolClient } from 'pg'
import type { SavedFile } from '../import-schools.ts'
import type { DataFileKind } from '../register-tables.ts'

const WAS_OPEN = `(b.status like 'Open%' and b.not_listed_since is null)`
const IS_OPEN = `(e.status like 'Open%' and e.not_listed_since is null)`

/** Kinds of file whose content can mean an event. */
const TELLING: readonly DataFileKind[] = ['schools', 'groups', 'group-links', 'links', 'inspections']

/**
 * Keeps how the register stands before an import is saved, until its transaction ends. To be followed by `storeEvents`
 * when the projections are worked out again.
 */
export async function rememberRegister(client: PoolClient): Promise<void> {
  await client.query(
    `create temp table school_before on commit drop as
     select id, name, status, closed, authority_code, region, trust_uid, not_listed_since, latest_grade, latest_grade_on
     from establishment`,
  )
  await client.query(
    `create temp table link_before on commit drop as select establishment_id, linked_urn, link_type from establishment_link`,
  )
  await client.query(
    `create temp table inspection_before on commit drop as select coalesce(max(id), 0) as id from inspection`,
  )
  await client.query('analyze school_before, link_before')
}

/**
 * Stores what the file changed as events. A first file of a kind raises none of what it adds, because all of it would
 * be new. The import holds the lock of imports, so events become visible in the order of their numbers.
 */
export async function storeEvents(client: PoolClient, file: SavedFile, kind: DataFileKind): Promise<void> {
  if (!TELLING.includes(kind)) return
  if (kind === 'links') await storeLinkEvents(client, file)
  else if (kind === 'inspections') await storeInspectionEvents(client, file)
  else await storeSchoolEvents(client, file)
}

async function storeSchoolEvents(client: PoolClient, file: SavedFile): Promise<void> {
  await client.query(
    `with file as (select kind, coverage from data_file where id = $1),
     followed as (
       select exists (
         select from data_file f, file
         where f.kind = file.kind and f.id <> $1 and (f.kind <> 'schools' or f.coverage = file.coverage)) as yes,
         (select kind = 'schools' from file) as of_schools
     )
     insert into register_event (kind, establishment_id, from_values, to_values, on_date, data_file_id)
     select v.kind, e.id, v.old, v.new, coalesce(v.day, $2), $1
     from establishment e
     left join school_before b on b.id = e.id
     left join authority was_in on was_in.code = b.authority_code
     left join authority is_in on is_in.code = e.authority_code
     left join establishment_group was_of on was_of.uid = b.trust_uid
     left join establishment_group is_of on is_of.uid = e.trust_uid
     left join group_membership joined on joined.establishment_id = e.id and joined.group_uid = e.trust_uid
     left join group_membership gone on gone.establishment_id = e.id and gone.group_uid = b.trust_uid
     cross join followed
     cross join lateral (values
       ('opened', ${IS_OPEN} and case when b.id is null then followed.yes else not ${WAS_OPEN} end,
         jsonb_build_object('status', b.status), jsonb_build_object('status', e.status), e.opened),
       ('closed', ${WAS_OPEN} and not ${IS_OPEN}, jsonb_build_object('status', b.status),
         jsonb_build_object('status', e.status, 'closed', e.closed, 'reason', e.reason_closed, 'notListedSince', e.not_listed_since),
         coalesce(e.closed, e.not_listed_since)),
       ('moved-trust', b.id is not null and b.trust_uid is distinct from e.trust_uid and (followed.yes or followed.of_schools),
         jsonb_build_object('uid', b.trust_uid, 'name', was_of.name), jsonb_build_object('uid', e.trust_uid, 'name', is_of.name),
         case when e.trust_uid is null then gone.left_on else joined.joined end),
       ('moved-authority', b.authority_code <> e.authority_code,
         jsonb_build_object('code', b.authority_code, 'name', was_in.name),
         jsonb_build_object('code', e.authority_code, 'name', is_in.name), null),
       ('moved-region', b.region <> e.region, jsonb_build_object('region', b.region), jsonb_build_object('region', e.region), null),
       ('renamed', b.name <> e.name, jsonb_build_object('name', b.name), jsonb_build_object('name', e.name), null)
     ) v (kind, happened, old, new, day)
     where v.happened
     order by e.id, v.kind`,
    [file.id, file.asAt],
  )
}

/** A link may stand with either school or both, in one file or in two: the pair raises one event. */
async function storeLinkEvents(client: PoolClient, file: SavedFile): Promise<void> {
  await client.query(
    `with fresh as (
       select l.link_type, l.established,
         case when l.link_type ~* '^predecessor' then p.id else e.id end as earlier,
         case when l.link_type ~* '^predecessor' then e.id else p.id end as later,
         case when l.link_type ~* '^(predecessor|successor)$' then 'converted'
              when l.link_type ~* 'merge|amalgam' then 'merged' when l.link_type ~* 'split' then 'split' end as kind
       from establishment_link l
       join establishment e on e.id = l.establishment_id join establishment p on p.urn = l.linked_urn
       where not exists (
         select from link_before b
         where b.establishment_id = l.establishment_id and b.linked_urn = l.linked_urn and b.link_type = l.link_type)
     ), pair as (
       select distinct on (kind, least(earlier, later), greatest(earlier, later)) *
       from fresh where kind is not null and earlier <> later
       order by kind, least(earlier, later), greatest(earlier, later), established nulls last, link_type
     )
     insert into register_event (kind, establishment_id, other_establishment_id, to_values, on_date, data_file_id)
     select kind, earlier, later, jsonb_build_object('link', link_type), coalesce(established, $2), $1 from pair
     where exists (select from data_file where kind = 'links' and id <> $1)
       and not exists (
         select from register_event o
         where o.kind = pair.kind and o.establishment_id in (earlier, later) and o.other_establishment_id in (earlier, later))
     order by earlier, later`,
    [file.id, file.asAt],
  )
}

/** An inspection of which only a date is known is no news yet. */
async function storeInspectionEvents(client: PoolClient, file: SavedFile): Promise<void> {
  await client.query(
    `insert into register_event (kind, establishment_id, from_values, to_values, on_date, data_file_id)
     select case when i.kind = 'graded' then 'graded' else 'inspected' end, i.establishment_id,
       case when b.latest_grade is null then '{}' else jsonb_build_object('grade', b.latest_grade, 'on', b.latest_grade_on) end,
       jsonb_strip_nulls(jsonb_build_object('kind', i.kind, 'grade', i.overall, 'inspectedOn', i.inspected_on,
         'publishedOn', i.published_on, 'outcome', i.ungraded_outcome)),
       coalesce(i.published_on, i.inspected_on), $1
     from inspection i left join school_before b on b.id = i.establishment_id
     where i.id > (select id from inspection_before) and i.kind <> 'newer_unspecified'
       and exists (select from data_file where kind = 'inspections' and id <> $1)
     order by i.inspected_on, i.id`,
    [file.id],
  )
}
