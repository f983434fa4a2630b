import type { Database } from '../platform/db.ts'

/** Files that list every establishment of their kind; any other file only adds to or corrects the register. */
export const FULL_COVERAGES: readonly string[] = ['all establishments', 'open state-funded schools']

/** A register file that an answer rests on. `lacks` names the facts that it does not hold, in words. */
export type SnapshotUsed = { readonly title: string; readonly asAt: string; readonly lacks: readonly string[] }

/** An establishment as the snapshot in force shows it. Dates are ISO; null means that the fact is not held. */
export type EstablishmentAt = {
  readonly id: number
  readonly urn: number
  readonly name: string
  readonly authorityCode: string | null
  readonly authority: string | null
  readonly region: string | null
  readonly phase: string | null
  readonly type: string | null
  readonly opened: string | null
  readonly trustUid: string | null
  readonly trust: string | null
  readonly pupils: number | null
  readonly postcode: string | null
  readonly easting: number | null
  readonly northing: number | null
}

/**
 * The newest whole register file on or before a day (ISO date), or the earliest held when none is that old
 * (design, section 6: "as at" uses the latest snapshot on or before it, says which, and marks what it lacks).
 */
export async function findSnapshot({ pool }: Pick<Database, 'pool'>, on: string): Promise<SnapshotUsed | undefined> {
  const { rows } = await pool.query<{ title: string; asAt: string; facts: string[] }>({
    name: 'register-snapshot',
    text: `select title, as_at as "asAt", facts from data_file
           where kind = 'schools' and coverage = any($1)
           order by as_at <= $2::date desc, case when as_at <= $2::date then as_at end desc nulls last, as_at, id desc
           limit 1`,
    values: [FULL_COVERAGES, on],
  })
  const row = rows[0]
  return row && { title: row.title, asAt: row.asAt, lacks: lackedBy(row.facts) }
}

const FACTS_IN_WORDS: Readonly<Record<string, string>> = {
  opened: 'opening dates',
  religious_character: 'religious character',
  diocese: 'diocese',
  trust_uid: 'trust',
  fsm_percent: 'free school meals',
}

/** What a register file does not hold, in words. */
export function lackedBy(facts: readonly string[]): string[] {
  return Object.entries(FACTS_IN_WORDS).flatMap(([fact, words]) => (facts.includes(fact) ? [] : [words]))
}

/**
 * Every establishment that was open on a day, as the snapshot in force shows it, ordered by URN. One that no whole file
 * has ever listed (a correction, or the invented England) counts from its own opening date.
 */
export async function listOpenOn(
  { pool }: Pick<Database, 'pool'>,
  on: string,
  snapshotAsAt: string | undefined,
): Promise<EstablishmentAt[]> {
  const { rows } = await pool.query<EstablishmentAt>({
    name: 'register-open-on',
    text: `
      with state as (
        select distinct on (version.establishment_id) version.*
        from establishment_version version
        join data_file file on file.id = version.data_file_id
        where not (file.coverage = any($1))
           or (version.as_at <= greatest($3::date, $2::date) and version.last_seen >= $3::date)
        order by version.establishment_id, version.as_at <= $2::date desc,
                 case when version.as_at <= $2::date then version.as_at end desc nulls last, version.as_at
      ), member as (
        select distinct on (membership.establishment_id) membership.establishment_id, trust.uid, trust.name
        from group_membership membership
        join establishment_group trust on trust.uid = membership.group_uid
        where trust.type in ('Multi-academy trust', 'Single-academy trust', 'Secure single-academy trust')
          and (membership.joined is null or membership.joined <= $2::date)
          and (membership.left_on is null or membership.left_on > $2::date)
        order by membership.establishment_id, membership.joined desc nulls last
      )
      select establishment.id, establishment.urn, state.name, state.authority_code as "authorityCode",
             authority.name as authority, coalesce(state.region, authority.region) as region, state.phase, state.type,
             coalesce(state.opened, establishment.opened) as opened, member.uid as "trustUid", member.name as trust,
             state.pupils, coalesce(state.postcode, establishment.postcode) as postcode,
             coalesce(state.easting, establishment.easting) as easting,
             coalesce(state.northing, establishment.northing) as northing
      from state
      join establishment on establishment.id = state.establishment_id
      left join authority on authority.code = state.authority_code
      left join member on member.establishment_id = state.establishment_id
      where establishment.urn is not null
        and (state.status like 'Open%' or (state.status = 'Closed' and state.closed > $2::date))
        and (state.closed is null or state.closed > $2::date)
        and (coalesce(state.opened, establishment.opened) is null or coalesce(state.opened, establishment.opened) <= $2::date)
      order by establishment.urn`,
    values: [FULL_COVERAGES, on, snapshotAsAt ?? '0001-01-01'],
  })
  return rows
}

/** One published inspection by the URN it is filed under, as rows for the reading of histories. */
export type FiledInspection = {
  readonly id: number
  readonly urn: number
  readonly date: string
  readonly publicationDate: string | null
  readonly kind: 'graded' | 'graded_no_overall' | 'report_card' | 'ungraded' | 'newer_unspecified'
  readonly overall: number | null
  readonly urnAtTime: number | null
}

type InspectionCells = [number, number, string, string | null, FiledInspection['kind'], number | null, number | null]

/** All inspections of every establishment up to a day; `on` bounds the inspection date. */
export async function listInspectionsTo({ pool }: Pick<Database, 'pool'>, on: string): Promise<FiledInspection[]> {
  const { rows } = await pool.query<InspectionCells>({
    name: 'register-inspections-to',
    text: `select inspection.id, establishment.urn, inspection.inspected_on, inspection.published_on, inspection.kind,
                  inspection.overall, inspection.urn_at_time
           from inspection join establishment on establishment.id = inspection.establishment_id
           where inspection.inspected_on <= $1::date and establishment.urn is not null`,
    values: [on],
    rowMode: 'array',
  })
  return rows.map(([id, urn, date, publicationDate, kind, overall, urnAtTime]) => ({
    id,
    urn,
    date,
    publicationDate,
    kind,
    overall,
    urnAtTime,
  }))
}

/** Names, opening and closing dates of all establishments as held now, and all plain links between them, for histories. */
export async function readLineage({ pool }: Pick<Database, 'pool'>) {
  const [schools, links] = await Promise.all([
    pool.query<[number, string, string | null, string | null]>({
      name: 'register-lineage',
      text: `select urn, name, opened, closed from establishment where urn is not null`,
      rowMode: 'array',
    }),
    pool.query<[number, number, string]>({
      name: 'register-links',
      text: `select establishment.urn, link.linked_urn, link.link_type
             from establishment_link link join establishment on establishment.id = link.establishment_id
             where establishment.urn is not null`,
      rowMode: 'array',
    }),
  ])
  return {
    establishments: schools.rows.map(([urn, name, opened, closed]) => ({ urn, name, opened, closed })),
    links: links.rows.map(([urn, linkedUrn, type]) => ({ urn, linkedUrn, type })),
  }
}

/** Changes whenever anything is taken in: an answer computed under another mark may be stale. */
export async function getDataMark({ pool }: Pick<Database, 'pool'>): Promise<string> {
  const { rows } = await pool.query<{ mark: string }>({
    name: 'register-data-mark',
    text: `select coalesce(max(id), 0) || '-' || coalesce(extract(epoch from max(imported_at))::bigint, 0) as mark from data_file`,
  })
  return rows[0]?.mark ?? '0'
}
