import { sql } from 'kysely'
import type { Db } from '../platform/db.ts'
import { PAGE_SIZE } from '../platform/web/list.ts'
import type { LeaderVocabulary, TermWord, Word } from './vocabulary.ts'

/** What a roster list is asked for. Filters are ids; an empty text is no filter. `term` is the one whose days are shown. */
export type RosterQuery = {
  readonly text: string
  readonly type: string
  readonly region: string
  readonly phase: string
  readonly expertise: string
  readonly state: string
  /** Only leaders with free days in `term`. */
  readonly free: boolean
  readonly term: TermWord | undefined
  /** The academic year (the year it begins in) whose declarations are shown. */
  readonly year: number
  readonly sort: RosterSort
  readonly descending: boolean
  /** From 1; undefined gives every row. */
  readonly page: number | undefined
}

export const ROSTER_SORTS = ['reference', 'name', 'type', 'organisation', 'region', 'free'] as const
export type RosterSort = (typeof ROSTER_SORTS)[number]

export type RosterRow = {
  readonly reference: string
  readonly name: string | null
  readonly email: string | null
  readonly exercise: boolean
  readonly type: string
  readonly also_types: string[]
  readonly organisation: string
  readonly organisation_key: string
  readonly base_key: string | null
  readonly region: string
  readonly phases: string[]
  readonly school_types: string[]
  readonly expertise: string[]
  readonly travel_limit_miles: number | null
  readonly works_out_of_region: boolean
  readonly state: string
  /** Half days of the term asked for. */
  readonly available: number
  readonly held: number
  readonly promised: number
  readonly blocked: boolean
  readonly free: number
  readonly declared: 'not-declared' | 'nothing' | 'declared'
  /** Available half days by term id. */
  readonly days: Record<string, number>
  readonly total: number
}

const SORT_COLUMNS: Record<RosterSort, string> = {
  reference: 'reference',
  name: 'name',
  type: 'type',
  organisation: 'organisation',
  region: 'region',
  free: 'free',
}

/** One page of the roster and how many there are in all. Every word of the text must be found somewhere in the record. */
export async function listRoster(
  db: Db,
  query: RosterQuery,
  vocabulary: LeaderVocabulary,
): Promise<{ rows: RosterRow[]; total: number }> {
  const order = sql`${sql.ref(SORT_COLUMNS[query.sort])} ${query.descending ? sql`desc` : sql`asc`} nulls last, reference`
  const limit = query.page === undefined ? sql`` : sql`limit ${PAGE_SIZE} offset ${(query.page - 1) * PAGE_SIZE}`
  const { rows } = await sql<RosterRow>`
    with roster as (${rosterRows(query)})
    select *, count(*) over ()::integer as total from roster
    where ${sql.join([sql`true`, ...conditions(query, vocabulary)], sql` and `)}
    order by ${order} ${limit}`.execute(db)
  if (rows.length === 0 && query.page !== undefined && query.page > 1) {
    const first = await listRoster(db, { ...query, page: 1 }, vocabulary)
    return { rows: [], total: first.total }
  }
  return { rows, total: rows[0]?.total ?? 0 }
}

function rosterRows({ term, year }: RosterQuery) {
  return sql`
    select l.id, l.reference, l.name, l.email, l.exercise, l.type, l.also_types, l.region, l.phases, l.school_types, l.expertise,
      l.travel_limit_miles, l.works_out_of_region, l.state,
      coalesce(school.name, trust.name, l.organisation_name) as organisation,
      coalesce(school.urn::text, trust.uid, l.organisation_name) as organisation_key,
      coalesce(base.urn::text, l.base_easting || ', ' || l.base_northing) as base_key,
      coalesce(days.available_half_days, 0) as available, coalesce(days.held_half_days, 0) as held,
      coalesce(days.promised_half_days, 0) as promised, away.blocked,
      greatest(0, case when away.blocked then 0 else coalesce(days.available_half_days, 0) end
        - coalesce(days.held_half_days + days.promised_half_days, 0)) as free,
      case when not exists (select from leader_interest i where i.leader_id = l.id and i.year = ${year} and i.withdrawn_at is null)
        then 'not-declared'
        when exists (select from leader_interest i where i.leader_id = l.id and i.year = ${year} and i.withdrawn_at is null
          and i.kind <> 'nothing') then 'declared' else 'nothing' end as declared,
      coalesce((select jsonb_object_agg(t.term, t.available_half_days) from leader_term t where t.leader_id = l.id), '{}') as days
    from leader l
      left join establishment school on school.id = l.organisation_establishment_id
      left join establishment_group trust on trust.uid = l.organisation_trust_uid
      left join establishment base on base.id = l.base_establishment_id
      left join leader_term days on days.leader_id = l.id and days.term = ${term?.id ?? ''}
      cross join lateral (select exists (select from leader_leave leave where leave.leader_id = l.id
        and leave.from_on <= ${term?.from ?? null}::date and leave.to_on >= ${term?.to ?? null}::date) as blocked) away`
}

function conditions(query: RosterQuery, vocabulary: LeaderVocabulary) {
  const wanted = []
  if (query.type) wanted.push(sql`(type = ${query.type} or ${query.type} = any(also_types))`)
  if (query.region) wanted.push(sql`region = ${query.region}`)
  if (query.phase) wanted.push(sql`${query.phase} = any(phases)`)
  if (query.expertise) wanted.push(sql`${query.expertise} = any(expertise)`)
  if (query.state) wanted.push(sql`state = ${query.state}`)
  if (query.free) wanted.push(sql`free > 0`)
  for (const word of query.text.split(/\s+/).filter((one) => one !== '')) wanted.push(wordFound(word, vocabulary))
  return wanted
}

/** Types and expertise are stored as ids but searched by their titles, as people read them. */
function wordFound(word: string, { leaderTypes, focusAreas }: LeaderVocabulary) {
  const named = (words: readonly Word[]) =>
    words.filter((one) => one.title.toLowerCase().includes(word.toLowerCase())).map((one) => one.id)
  const types = named(leaderTypes)
  const pattern = `%${word.replaceAll(/[\\%_]/g, '\\$&')}%`
  return sql`(plain_text(concat_ws(' ', reference, name, email, organisation, organisation_key, region)) like plain_text(${pattern})
    or type = any(${types}) or also_types && ${types}::text[] or expertise && ${named(focusAreas)}::text[])`
}
