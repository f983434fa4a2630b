import { type RawBuilder, sql } from 'kysely'
import type { Db } from '../platform/db.ts'
import { plannedEachTime } from '../platform/prepared-statements.ts'
import { runAsMachine } from '../platform/scope.ts'
import type { ListQuery } from '../platform/web/list.ts'
import { PAGE_SIZE } from '../platform/web/list.ts'
import { kindInWords } from './subject-kind.ts'

/** A case as a line of a list. `due` is the nearest due day of what is open, `waiting` how many steps are. */
export type CaseLine = {
  readonly reference: string
  readonly programme: string
  readonly edition: string
  readonly flow: string
  readonly name: string
  readonly urn: number | null
  readonly trustUid: string | null
  readonly kind: string
  readonly region: string | null
  readonly stage: string
  readonly status: string
  readonly leader: string | null
  readonly byException: boolean
  readonly due: string | null
  readonly waiting: number
  readonly startedOn: string
}

export const CASE_FILTERS = ['q', 'stage', 'status', 'region', 'leader', 'late', 'by-exception', 'duties'] as const
export const CASE_SORTS = ['due', 'reference', 'name', 'stage', 'region', 'leader', 'started'] as const

const ORDER: Readonly<Record<string, RawBuilder<unknown>>> = {
  due: sql`c.next_due`,
  reference: sql`c.id`,
  name: sql`coalesce(e.name, g.name)`,
  stage: sql`c.stage`,
  region: sql`c.region`,
  leader: sql`l.name`,
  started: sql`c.started_on`,
}

/** Cases that the person may see, one page of them, or all when `size` is null. `today` says what is late. */
export async function listCases(
  db: Db,
  asked: ListQuery,
  { today, sees, size = PAGE_SIZE }: { today: string; sees: RawBuilder<unknown>; size?: number | null },
): Promise<{ total: number; rows: CaseLine[] }> {
  const where = sql.join([sees, ...conditionsOf(asked.filters, today)], sql` and `)
  const direction = asked.direction === 'desc' ? sql`desc nulls last` : sql`asc nulls last`
  const order = sql`order by ${ORDER[asked.sort] ?? sql`c.next_due`} ${direction}, c.id`
  const limit = size === null ? sql`` : sql`limit ${size} offset ${(asked.page - 1) * size}`
  const from = sql`support_case c left join establishment e on e.id = c.establishment_id
    left join establishment_group g on g.uid = c.trust_uid left join leader l on l.id = c.leader_id`
  const { q, leader } = asked.filters
  const bare = q || leader ? from : sql`support_case c`
  // The page is chosen first, so that only its cases are looked into.
  const [counted, found] = await Promise.all([
    sql<{ total: number }>`${plannedEachTime} select count(*)::int as total from ${bare} where ${where}`.execute(db),
    sql<CaseLine>`${plannedEachTime}
      select c.reference, c.programme, c.edition, c.flow, coalesce(e.name, g.name) as name, c.urn, c.trust_uid as "trustUid",
        c.kind, c.region, c.stage, c.status, l.name as leader, c.by_exception as "byException", c.next_due as due,
        (select count(*)::int from case_step s where s.case_id = c.id and s.state = 'open') as waiting,
        c.started_on as "startedOn"
      from ${from} where c.id in (select c.id from ${from} where ${where} ${order} ${limit}) ${order}`.execute(db),
  ])
  return { total: counted.rows[0]?.total ?? 0, rows: await withLeaders(db, found.rows) }
}

/** A head sees no leaders but reads in the own case who comes: names are added once the cases are chosen. */
async function withLeaders(db: Db, lines: readonly CaseLine[]): Promise<CaseLine[]> {
  const references = lines.map(({ reference }) => reference)
  const { rows } = await runAsMachine(() =>
    sql<{ reference: string; name: string }>`
      select c.reference, coalesce(l.name, l.reference) as name from support_case c join leader l on l.id = c.leader_id
      where c.reference = any(${references})`.execute(db),
  )
  const names = new Map(rows.map(({ reference, name }) => [reference, name]))
  return lines.map((line) => ({
    ...line,
    kind: kindInWords(line.kind),
    leader: names.get(line.reference) ?? null,
  }))
}

function conditionsOf(filters: ListQuery['filters'], today: string): RawBuilder<unknown>[] {
  const { q, stage, status, region, leader, late, duties } = filters
  const exception = filters['by-exception']
  return [
    // A case beside another is told on the page of that one; whoever does not see that one finds it here.
    sql`(c.parent_id is null
      or not (select alongside_sees_all()) and not exists (select from support_case p where p.id = c.parent_id))`,
    ...(q
      ? [
          sql`(plain_text(coalesce(e.name, g.name)) like '%' || plain_text(${q}) || '%' or c.reference = ${q} or c.urn::text = ${q}
            or lower(c.trust_uid) = lower(${q}) or plain_text(g.name) like '%' || plain_text(${q}) || '%'
            or exists (select from case_subject_change d where d.case_id = c.id and d.choice = 'move' and d.from_urn::text = ${q}))`,
        ]
      : []),
    // Duties come and go with every term: they have a list of their own.
    ...(duties ? [sql`c.period is not null`] : [sql`(c.period is null or c.reference = ${q ?? ''})`]),
    ...(stage ? [sql`c.stage = ${stage}`] : []),
    ...(status ? [sql`c.status = ${status}`] : []),
    ...(region ? [sql`c.region = ${region}`] : []),
    ...(leader ? [sql`l.reference = ${leader}`] : []),
    ...(exception ? [sql`c.by_exception`] : []),
    ...(late ? [sql`c.next_due < ${today}`] : []),
  ]
}

/** A step that is open for somebody: a line of "My work". */
export type WorkLine = {
  readonly reference: string
  readonly programme: string
  readonly flow: string
  readonly packVersionId: number
  readonly seq: number
  readonly step: string
  readonly key: string
  readonly name: string
  readonly stage: string
  readonly openedOn: string
  readonly dueOn: string | null
  readonly delayTo: string | null
  /** The last day on which a letter reminded of it. */
  readonly remindedOn: string | null
}

/** Open steps of cases that are open, whose doers include one of the keys, the most urgent first. */
export function listWork(db: Db, keys: readonly string[], limit: number): Promise<WorkLine[]> {
  return listSteps(db, sql`s.acts && ${[...keys]}::text[]`, limit)
}

/** Open steps of others in the cases that somebody sees: whom one waits for. */
export function listWaiting(
  db: Db,
  { keys, sees, limit }: { keys: readonly string[]; sees: RawBuilder<unknown>; limit: number },
): Promise<WorkLine[]> {
  return listSteps(db, sql`${sees} and not (s.acts && ${[...keys]}::text[])`, limit)
}

/**
 * The index of who may act cannot be used before a policy is asked, and asking for every step of a big service takes long: the
 * machine finds the most urgent steps, and of these the person is shown what is in scope.
 */
async function listSteps(db: Db, where: RawBuilder<unknown>, limit: number): Promise<WorkLine[]> {
  const { rows: found } = await runAsMachine(() =>
    sql<{ id: number }>`${plannedEachTime} select s.id from case_step s join support_case c on c.id = s.case_id
      where s.state = 'open' and c.status = 'open' and ${where} order by s.due_on, s.id limit ${limit * 2}`.execute(db),
  )
  const { rows } = await sql<WorkLine>`
    select c.reference, c.programme, c.flow, c.pack_version_id as "packVersionId", s.seq, s.step, s.key,
      coalesce(e.name, g.name) as name, c.stage, s.opened_on as "openedOn", s.due_on as "dueOn", s.delay_to as "delayTo",
      (select max(r.on_day) from case_reminder r
        where r.case_id = s.case_id and r.step_seq = s.seq and r.message_id is not null) as "remindedOn"
    from case_step s join support_case c on c.id = s.case_id
      left join establishment e on e.id = c.establishment_id left join establishment_group g on g.uid = c.trust_uid
    where s.id = any(${found.map(({ id }) => id)}) order by s.due_on, s.id limit ${limit}`.execute(db)
  return rows
}

/** How many open cases somebody sees in each region, and in how many of them a step is late. */
export async function countByRegion(
  db: Db,
  { sees, today }: { sees: RawBuilder<unknown>; today: string },
): Promise<{ region: string; cases: number; late: number }[]> {
  const { rows } = await sql<{ region: string; cases: number; late: number }>`${plannedEachTime}
    select c.region, count(*)::int as cases, (count(*) filter (where c.next_due < ${today}))::int as late
    from support_case c where c.status = 'open' and c.region is not null and ${sees}
    group by c.region order by c.region`.execute(db)
  return rows
}

export type NoticeLine = {
  readonly id: number
  readonly reference: string
  readonly name: string
  readonly words: string
  /** The page below the case's own that it opens; empty for the case itself. */
  readonly part: string
  readonly madeOn: string
}

export async function listNotices(db: Db, keys: readonly string[], limit: number): Promise<NoticeLine[]> {
  // Found by the machine and shown in scope, as steps are.
  const { rows: found } = await runAsMachine(() =>
    sql<{ id: number }>`${plannedEachTime} select id from case_notice
      where seen_at is null and acts && ${[...keys]}::text[] order by id desc limit ${limit * 2}`.execute(db),
  )
  const { rows } = await sql<NoticeLine>`
    select n.id, c.reference, coalesce(e.name, g.name) as name, n.words, n.part, n.made_on as "madeOn"
    from case_notice n join support_case c on c.id = n.case_id
      left join establishment e on e.id = c.establishment_id left join establishment_group g on g.uid = c.trust_uid
    where n.id = any(${found.map(({ id }) => id)}) order by n.id desc limit ${limit}`.execute(db)
  return rows
}
