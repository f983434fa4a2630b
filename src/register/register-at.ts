import type { Database } from '../platform/db.ts'
import { longDate } from '../platform/words.ts'
import { findField } from './corrections/correction-fields.ts'

/**
 * Whatever answers queries on the register: the database, or a transaction that may still be undone. `fromUrn` leaves out what
 * has a smaller URN: whoever knows that all which is asked about lies above needs not read the whole country.
 */
export type RegisterReader = { readonly pool: Pick<Database['pool'], 'query'>; readonly fromUrn?: number }

/** The bound of a reader as a condition; a whole number, so that it can stand in the text. */
function boundOf({ fromUrn }: RegisterReader): string {
  return fromUrn === undefined ? 'establishment.urn is not null' : `establishment.urn >= ${Math.trunc(fromUrn)}`
}

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
  /** In words, what of the school itself or of its links is a person's correction; null: nothing. */
  readonly corrected: string | null
}

/**
 * The newest whole register file on or before a day (ISO date), or the earliest held when none is that old
 * (design, section 6: "as at" uses the latest snapshot on or before it, says which, and marks what it lacks).
 */
export async function findSnapshot({ pool }: RegisterReader, on: string): Promise<SnapshotUsed | undefined> {
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

/** One correction in force as SQL gives it, for the words of evidence. */
const MADE = `jsonb_build_object('field', field, 'on', made_on, 'by', made_by, 'source', source)`

type MadeCorrection = { readonly field: string; readonly on: string; readonly by: string; readonly source: string }

function sayCorrected(made: readonly MadeCorrection[]): string {
  return made
    .map(({ field, on, by, source }) => {
      const title = findField(field)?.title.toLowerCase() ?? field
      return `${title} corrected on ${longDate(on)} by ${by}, source: ${source}`
    })
    .join('; ')
}

/**
 * The facts of a dated state, a correction above what the file showed. What no state of the day holds is taken from the
 * current row, over which corrections lie already.
 */
const STATE_AT = [
  ...['authority_code', 'region', 'phase', 'type', 'status'].map(
    (fact) => `case when laid.facts ? '${fact}' then laid.facts ->> '${fact}' else shown.${fact} end as ${fact}`,
  ),
  `case when laid.facts ? 'pupils' then (laid.facts ->> 'pupils')::int else shown.pupils end as pupils`,
  `case when laid.facts ? 'closed' then (laid.facts ->> 'closed')::date else shown.closed end as closed`,
  `case when laid.facts ? 'opened' then (laid.facts ->> 'opened')::date
     else coalesce(shown.opened, establishment.opened) end as opened`,
  `case when laid.facts ? 'postcode' then laid.facts ->> 'postcode'
     else coalesce(shown.postcode, establishment.postcode) end as postcode`,
  'coalesce(shown.easting, establishment.easting) as easting',
  'coalesce(shown.northing, establishment.northing) as northing',
  'laid.facts',
].join(', ')

/**
 * Every establishment that was open on a day, as the snapshot in force shows it, ordered by URN. One that no whole file
 * has ever listed (a correction, or the invented England) counts from its own opening date.
 */
export async function listOpenOn(
  reader: RegisterReader,
  on: string,
  snapshotAsAt: string | undefined,
): Promise<EstablishmentAt[]> {
  const bound =
    reader.fromUrn === undefined
      ? ''
      : `and version.establishment_id in (
    select id from establishment where ${boundOf(reader)})`
  const { rows } = await reader.pool.query<Omit<EstablishmentAt, 'corrected'> & { made: MadeCorrection[] | null }>({
    name: bound ? 'register-open-on-from' : 'register-open-on',
    text: `
      with shown as (
        select distinct on (version.establishment_id) version.*
        from establishment_version version
        join data_file file on file.id = version.data_file_id
        where (not (file.coverage = any($1))
           or (version.as_at <= greatest($3::date, $2::date) and version.last_seen >= $3::date)) ${bound}
        order by version.establishment_id, version.as_at <= $2::date desc,
                 case when version.as_at <= $2::date then version.as_at end desc nulls last, version.as_at
      ), laid as (
        select establishment_id, jsonb_object_agg(part.key, part.value) as facts
        from register_correction, jsonb_each(corrected) part
        where ended_at is null and inspection_id is null and linked_urn is null
          and (holds_from is null or holds_from <= $2::date)
        group by establishment_id
      ), corrected as (
        select establishment_id, jsonb_agg(${MADE} order by id) as made
        from register_correction
        where ended_at is null and inspection_id is null and (holds_from is null or holds_from <= $2::date)
        group by establishment_id
      ), state as (
        select shown.establishment_id, shown.name, establishment.urn, ${STATE_AT}
        from shown
        join establishment on establishment.id = shown.establishment_id
        left join laid on laid.establishment_id = shown.establishment_id
      ), member as (
        select distinct on (membership.establishment_id) membership.establishment_id, trust.uid
        from group_membership membership
        join establishment_group trust on trust.uid = membership.group_uid
        where trust.type in ('Multi-academy trust', 'Single-academy trust', 'Secure single-academy trust')
          and (membership.joined is null or membership.joined <= $2::date)
          and (membership.left_on is null or membership.left_on > $2::date)
        order by membership.establishment_id, membership.joined desc nulls last
      )
      select state.establishment_id as id, state.urn, state.name, state.authority_code as "authorityCode",
             authority.name as authority, coalesce(state.region, authority.region) as region, state.phase, state.type,
             state.opened, trust.uid as "trustUid", trust.name as trust,
             state.pupils, state.postcode, state.easting, state.northing, corrected.made
      from state
      left join corrected on corrected.establishment_id = state.establishment_id
      left join authority on authority.code = state.authority_code
      left join member on member.establishment_id = state.establishment_id
      left join establishment_group trust
        on trust.uid = case when state.facts ? 'trust_uid' then state.facts ->> 'trust_uid' else member.uid end
      where state.urn is not null
        and (state.status like 'Open%' or (state.status = 'Closed' and state.closed > $2::date))
        and (state.closed is null or state.closed > $2::date)
        and (state.opened is null or state.opened <= $2::date)
      order by state.urn`,
    values: [FULL_COVERAGES, on, snapshotAsAt ?? '0001-01-01'],
  })
  return rows.map(({ made, ...school }) => ({ ...school, corrected: made && sayCorrected(made) }))
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
  /** In words, where a person corrected its grade or date: "grade corrected on 15 January 2024 by …, source …". */
  readonly corrected: string | null
}

type InspectionCells = [
  number,
  number,
  string,
  string | null,
  FiledInspection['kind'],
  number | null,
  number | null,
  MadeCorrection[] | null,
]

/** All inspections of every establishment up to a day; `on` bounds the inspection date. */
export async function listInspectionsTo(reader: RegisterReader, on: string): Promise<FiledInspection[]> {
  const { rows } = await reader.pool.query<InspectionCells>({
    name: reader.fromUrn === undefined ? 'register-inspections-to' : 'register-inspections-from',
    text: `select inspection.id, establishment.urn, inspection.inspected_on, inspection.published_on, inspection.kind,
                  inspection.overall, inspection.urn_at_time, correction.made
           from inspection join establishment on establishment.id = inspection.establishment_id
           left join (
             select inspection_id, jsonb_agg(${MADE} order by id) as made from register_correction
             where ended_at is null and inspection_id is not null group by inspection_id
           ) correction on correction.inspection_id = inspection.id
           where inspection.inspected_on <= $1::date and ${boundOf(reader)}`,
    values: [on],
    rowMode: 'array',
  })
  return rows.map(([id, urn, date, publicationDate, kind, overall, urnAtTime, made]) => ({
    id,
    urn,
    date,
    publicationDate,
    kind,
    overall,
    urnAtTime,
    corrected: made && sayCorrected(made),
  }))
}

/**
 * Names, opening and closing dates of all establishments as held now, all links between them, and the links that a person
 * cut or added, for histories.
 */
export async function readLineage(reader: RegisterReader) {
  const { pool, fromUrn } = reader
  const bound = boundOf(reader)
  const named = (name: string) => (fromUrn === undefined ? name : `${name}-from`)
  const [schools, links, changes] = await Promise.all([
    pool.query<[number, string, string | null, string | null]>({
      name: named('register-lineage'),
      text: `select urn, name, opened, closed from establishment where ${bound}`,
      rowMode: 'array',
    }),
    pool.query<[number, number, string]>({
      name: named('register-links'),
      text: `select establishment.urn, link.linked_urn, link.link_type
             from establishment_link link join establishment on establishment.id = link.establishment_id
             where ${bound}`,
      rowMode: 'array',
    }),
    pool.query<{ urn: number; predecessor: number; change: 'add' | 'cut' }>({
      name: named('register-link-corrections'),
      text: `select establishment.urn, correction.linked_urn as predecessor,
               case correction.corrected ->> 'link' when 'held' then 'add' else 'cut' end as change
             from register_correction correction join establishment on establishment.id = correction.establishment_id
             where correction.linked_urn is not null and correction.ended_at is null and ${bound}
             order by correction.id`,
    }),
  ])
  return {
    establishments: schools.rows.map(([urn, name, opened, closed]) => ({ urn, name, opened, closed })),
    links: links.rows.map(([urn, linkedUrn, type]) => ({ urn, linkedUrn, type })),
    changes: changes.rows,
  }
}

/** Changes whenever anything is taken in or corrected: an answer computed under another mark may be stale. */
export async function getDataMark({ pool }: RegisterReader): Promise<string> {
  const { rows } = await pool.query<{ mark: string }>({
    name: 'register-data-mark',
    text: `select coalesce(max(id), 0) || '-' || coalesce(extract(epoch from max(imported_at)), 0)
             || (select case when count(*) = 0 then '' else '-' || count(*) || '-' || count(ended_at)
                   || '-' || extract(epoch from max(greatest(made_at, ended_at))) end
                 from register_correction) as mark
           from data_file`,
  })
  return rows[0]?.mark ?? '0'
}
