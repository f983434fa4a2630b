import { type RawBuilder, sql } from 'kysely'
import { seesCases } from '../cases/index.ts'
import { type Actor, isMachine } from '../platform/actor.ts'
import type { Db } from '../platform/db.ts'
import { type ListQuery, PAGE_SIZE } from '../platform/web/list.ts'
import type { StudyState } from './study.ts'
import { REGION_OF_SUBJECT } from './study-store.ts'

/** A case study as a line of a list. */
export type StudyLine = {
  readonly reference: string
  readonly programme: string
  readonly title: string
  readonly state: StudyState
  readonly about: readonly string[]
  readonly regions: readonly string[]
  readonly publishedOn: string | null
  readonly withdrawnOn: string | null
  readonly startedOn: string
}

export const STUDY_FILTERS = ['q', 'programme', 'region', 'state'] as const
/** By itself a list has the newest first. */
const NEWEST = 'newest'
export const STUDY_SORTS = [NEWEST, 'title', 'region', 'state', 'since'] as const

const SINCE = sql`coalesce(t.published_on, t.withdrawn_on, t.started_on)`
const ORDER: Readonly<Record<string, RawBuilder<unknown>>> = {
  since: SINCE,
  title: sql`plain_text(t.title)`,
  region: sql`of.regions`,
  state: sql`t.state`,
}

/** Published ones of the asker's programmes, and drafts about cases that the asker sees (docs/adr/0009-scope.md). */
function seesStudies(actor: Actor): RawBuilder<unknown> {
  if (isMachine(actor)) return sql`true`
  const programmes = actor.hats.flatMap(({ programme }) => programme ?? [])
  return sql`((t.state = 'published' and t.programme = any(${programmes}::text[]))
    or exists (select from support_case c where c.id = any(t.case_ids) and ${seesCases(actor)}))`
}

const OF_STUDY = sql`case_study t left join lateral (
    select array_agg(distinct coalesce(e.name, g.name)) as about,
      coalesce(array_agg(distinct ${REGION_OF_SUBJECT}) filter (where ${REGION_OF_SUBJECT} is not null), '{}') as regions
    from case_study_subject s left join establishment e on e.id = s.establishment_id
      left join authority a on a.code = e.authority_code left join establishment_group g on g.uid = s.trust_uid
    where s.study_id = t.id) of on true`

/** One page of what somebody may see, or all of it when `size` is null. */
export async function listStudies(
  db: Db,
  asked: ListQuery,
  { by, size = PAGE_SIZE }: { by: Actor; size?: number | null },
): Promise<{ total: number; rows: StudyLine[] }> {
  const where = sql.join([seesStudies(by), ...conditionsOf(asked.filters)], sql` and `)
  const isDown = asked.sort === NEWEST || asked.direction === 'desc'
  const limit = size === null ? sql`` : sql`limit ${size} offset ${(asked.page - 1) * size}`
  const { rows } = await sql<StudyLine & { total: number }>`
    select t.reference, t.programme, t.title, t.state, coalesce(of.about, '{}') as about, of.regions,
      t.published_on as "publishedOn", t.withdrawn_on as "withdrawnOn", t.started_on as "startedOn", count(*) over ()::int as total
    from ${OF_STUDY} where ${where}
    order by ${ORDER[asked.sort] ?? SINCE} ${isDown ? sql`desc` : sql`asc`}, t.id desc ${limit}`.execute(db)
  return { total: rows[0]?.total ?? 0, rows: rows.map(({ total: _, ...line }) => line) }
}

function conditionsOf({ q, programme, region, state }: ListQuery['filters']): RawBuilder<unknown>[] {
  return [
    ...(q
      ? [
          sql`(plain_text(t.title) like '%' || plain_text(${q}) || '%' or t.reference = ${q}
            or exists (select from unnest(of.about) as name where plain_text(name) like '%' || plain_text(${q}) || '%')
            or exists (select from case_study_section w where w.study_id = t.id
              and plain_text(w.words) like '%' || plain_text(${q}) || '%')
            or exists (select from case_study_subject s join establishment e on e.id = s.establishment_id
              where s.study_id = t.id and e.urn::text = ${q}))`,
        ]
      : []),
    ...(programme ? [sql`t.programme = ${programme}`] : []),
    ...(region ? [sql`${region} = any(of.regions)`] : []),
    ...(state ? [sql`t.state = ${state}`] : []),
  ]
}

/** Studies about a case, whatever their state, newest first: for the page of the case. */
export async function listStudiesOfCase(
  db: Db,
  caseId: number,
): Promise<Pick<StudyLine, 'reference' | 'title' | 'state' | 'publishedOn' | 'withdrawnOn' | 'startedOn'>[]> {
  const { rows } = await sql<StudyLine>`
    select reference, title, state, published_on as "publishedOn", withdrawn_on as "withdrawnOn", started_on as "startedOn"
    from case_study where case_ids @> array[${caseId}]::integer[] order by id desc`.execute(db)
  return rows
}
