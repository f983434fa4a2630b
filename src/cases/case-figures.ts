import { type RawBuilder, sql } from 'kysely'
import type { Db } from '../platform/db.ts'
import { runAsMachine } from '../platform/scope.ts'
import type { Flow, Pack } from '../programmes/index.ts'
import type { CaseStatus } from './case-state.ts'
import { readPack } from './case-store.ts'
import { partFlows } from './part-of-case.ts'
import { daysLate, partyOf } from './present-case.ts'

/** A step that is open in a case or in one that stands beside it. `late` counts working days past the due day, else 0. */
export type OpenLine = {
  readonly reference: string
  readonly step: string
  readonly title: string
  readonly stage: string
  readonly party: string
  readonly openedOn: string
  readonly dueOn: string | null
  readonly delayTo: string | null
  readonly late: number
  /** Due so soon that the pack wants it listed beforehand (`ahead` of its clock). */
  readonly soon: boolean
}

/** A case that stands beside another: what was asked for. `standing` is its decision, "open" without one, or "closed". */
export type RequestLine = {
  readonly id: number
  readonly reference: string
  readonly flow: string
  readonly title: string
  readonly standing: string
  readonly startedOn: string
}

/** How one case stands. Half days throughout; `used` is what was done, `validated` what was found good of it. */
export type CaseFigures = {
  readonly id: number
  readonly reference: string
  readonly programme: string
  readonly edition: string
  readonly flow: string
  readonly pack: Pack
  readonly name: string
  readonly urn: number | null
  readonly kind: string
  readonly byException: boolean
  readonly region: string | null
  readonly stage: string
  readonly stageTitle: string
  readonly status: CaseStatus
  readonly leader: { readonly reference: string; readonly name: string } | null
  readonly leaderId: number | null
  readonly startedOn: string
  readonly closedOn: string | null
  readonly agreed: number
  readonly extra: number
  readonly planned: number
  readonly used: number
  readonly validated: number
  readonly open: readonly OpenLine[]
  readonly requests: readonly RequestLine[]
  /** Ids of the claims of leaders who left: they stand beside the case and nobody asked for them. */
  readonly claims: readonly number[]
}

export type FiguresAsk = {
  readonly today: string
  /** Which cases the reader sees: `seesCases`. The database's own scope holds beside it. */
  readonly sees: RawBuilder<unknown>
  readonly programme?: string | undefined
  /** By name; "" for cases of no region. */
  readonly region?: string | undefined
  readonly stage?: string | undefined
}

type CaseRow = Omit<
  CaseFigures,
  'pack' | 'stageTitle' | 'leader' | 'planned' | 'used' | 'validated' | 'open' | 'requests' | 'claims'
> & {
  parentId: number | null
  standing: string
  packVersionId: number
  packHash: string
}

const SELECT = sql`select c.id, c.reference, c.parent_id as "parentId", c.programme, c.edition, c.flow, c.urn, c.kind, c.region,
    c.by_exception as "byException", c.stage, c.status, c.leader_id as "leaderId", c.started_on as "startedOn", c.closed_on as "closedOn",
    c.agreed_half_days as agreed, coalesce(e.name, g.name) as name, c.pack_version_id as "packVersionId",
    p.content_hash as "packHash", coalesce(c.flags ->> 'decision', case c.status when 'closed' then 'closed' else 'open' end) as standing,
    coalesce((select sum(x.half_days) from case_extension x where x.case_id = c.id), 0)::int as extra
  from support_case c join pack_version p on p.id = c.pack_version_id
    left join establishment e on e.id = c.establishment_id left join establishment_group g on g.uid = c.trust_uid`

/**
 * Every case that the reader sees, with what is open in it, its days and what was asked for beside it; by reference. Six
 * queries, however many cases.
 */
export async function readCaseFigures(db: Db, asked: FiguresAsk): Promise<CaseFigures[]> {
  const { rows } =
    await sql<CaseRow>`${SELECT} where ${sql.join(conditionsOf(asked), sql` and `)} order by c.id`.execute(db)
  const ids = rows.map(({ id }) => id)
  const { rows: beside } = await sql<CaseRow>`${SELECT} where c.parent_id = any(${ids}) order by c.id`.execute(db)
  const packs = await readPacks(db, [...rows, ...beside])
  const packOf = (row: CaseRow) => packs.get(row.packVersionId) as Pack // every row has one: a foreign key
  const [open, days, leaders] = [
    await readOpen(db, [...rows, ...beside], { packOf, today: asked.today }),
    await readDays(db, rows, packOf),
    await readLeaderNames(db, ids),
  ]
  const besideOf = Map.groupBy(beside, ({ parentId }) => parentId)
  return rows.map(({ parentId: _, standing: _standing, packVersionId: _id, packHash: _hash, ...row }, place) => {
    const children = besideOf.get(row.id) ?? []
    const pack = packOf(rows[place] as CaseRow) // the same row
    const flow = pack.process?.flows?.[row.flow]
    const isClaim = (child: CaseRow) => partFlows({ pack, flow: row.flow }).includes(child.flow)
    return {
      ...row,
      pack,
      stageTitle: stageTitle(flow, row.stage),
      leader: leaders.get(row.id) ?? null,
      ...(days.get(row.id) ?? NO_DAYS),
      open: [row, ...children].flatMap(({ id }) => open.get(id) ?? []),
      requests: children.filter((child) => !isClaim(child)).map((child) => toRequest(flow, child)),
      claims: children.filter(isClaim).map(({ id }) => id),
    }
  })
}

function conditionsOf({ sees, programme, region, stage }: FiguresAsk): RawBuilder<unknown>[] {
  return [
    sql`c.parent_id is null`,
    sees,
    ...(programme ? [sql`c.programme = ${programme}`] : []),
    ...(region === undefined ? [] : [sql`coalesce(c.region, '') = ${region}`]),
    ...(stage ? [sql`c.stage = ${stage}`] : []),
  ]
}

async function readPacks(db: Db, rows: readonly CaseRow[]): Promise<ReadonlyMap<number, Pack>> {
  const packs = new Map<number, Pack>()
  for (const row of rows) if (!packs.has(row.packVersionId)) packs.set(row.packVersionId, await readPack(db, row))
  return packs
}

function stageTitle(flow: Flow | undefined, stage: string): string {
  return flow?.stages.find(({ id }) => id === stage)?.title ?? stage
}

function toRequest(flow: Flow | undefined, child: CaseRow): RequestLine {
  const kind = Object.values(flow?.children ?? {}).find((one) => one.flow === child.flow)
  const { id, reference, standing, startedOn } = child
  return { id, reference, flow: child.flow, title: kind?.title ?? child.flow, standing, startedOn }
}

type OpenRow = Omit<OpenLine, 'title' | 'stage' | 'party' | 'late' | 'soon' | 'reference'> & {
  caseId: number
  key: string
}

/** Steps of cases that are open; in a held or closed one nothing runs late. */
async function readOpen(
  db: Db,
  cases: readonly CaseRow[],
  { packOf, today }: { packOf: (row: CaseRow) => Pack; today: string },
): Promise<ReadonlyMap<number, OpenLine[]>> {
  const byId = new Map(cases.filter(({ status }) => status === 'open').map((row) => [row.id, row]))
  const { rows } = await sql<OpenRow>`
    select case_id as "caseId", step, key, opened_on as "openedOn", due_on as "dueOn", delay_to as "delayTo" from case_step
    where state = 'open' and case_id = any(${[...byId.keys()]}) order by due_on nulls last, id`.execute(db)
  // many steps share a day, and counting working days takes longer than all the rest
  const lateness = new Map<string | null, number>()
  const lateOf = (due: string | null): number => {
    const late = lateness.get(due) ?? daysLate(due, today)
    lateness.set(due, late)
    return late
  }
  const lines = rows.flatMap(({ caseId, key, ...row }) => {
    const found = byId.get(caseId)
    if (!found) return []
    const pack = packOf(found)
    const step = pack.process?.flows?.[found.flow]?.steps[row.step]
    const party = step ? partyOf(step.owner) : ''
    const title = step?.title ?? row.step
    const line: OpenLine = {
      ...row,
      reference: found.reference,
      title: key ? `${title}: ${key}` : title,
      stage: found.stage,
      party: pack.process?.parties[party]?.title ?? party,
      late: lateOf(row.dueOn),
      soon: isSoon(row.dueOn, step?.clock?.ahead, today),
    }
    return [{ caseId, line }]
  })
  const grouped = Map.groupBy(lines, ({ caseId }) => caseId)
  return new Map([...grouped].map(([id, some]) => [id, some.map(({ line }) => line)]))
}

function isSoon(due: string | null, ahead: number | undefined, today: string): boolean {
  if (due === null || ahead === undefined || due < today) return false
  return due <= Temporal.PlainDate.from(today).add({ days: ahead }).toString()
}

type Days = Pick<CaseFigures, 'planned' | 'used' | 'validated'>
const NO_DAYS: Days = { planned: 0, used: 0, validated: 0 }

/** Days of the log that the programme pays work by; help from outside is left out, and what was withdrawn. */
async function readDays(
  db: Db,
  cases: readonly CaseRow[],
  packOf: (row: CaseRow) => Pack,
): Promise<ReadonlyMap<number, Days>> {
  const { rows } = await sql<{ caseId: number; log: string; state: string; counted: boolean; halfDays: number }>`
    select case_id as "caseId", log, state, counted, sum(half_days)::int as "halfDays" from case_log_item
    where withdrawn_on is null and external is null and case_id = any(${cases.map(({ id }) => id)})
    group by case_id, log, state, counted`.execute(db)
  const byCase = Map.groupBy(rows, ({ caseId }) => caseId)
  return new Map(
    cases.map((row) => {
      const pack = packOf(row)
      const id = pack.work?.flow === row.flow ? pack.work.log.of : ''
      const first = pack.process?.flows?.[row.flow]?.logs?.[id]?.states[0]
      const items = (byCase.get(row.id) ?? []).filter(({ log }) => log === id)
      const sum = (some: typeof items) => some.reduce((total, { halfDays }) => total + halfDays, 0)
      const days: Days = {
        planned: sum(items.filter(({ state }) => state === first)),
        used: sum(items.filter(({ state }) => state !== first)),
        validated: sum(items.filter(({ counted }) => counted)),
      }
      return [row.id, days]
    }),
  )
}

/** Who comes is told with the case, also where the leader's own record is out of the reader's reach. */
async function readLeaderNames(db: Db, ids: readonly number[]) {
  const { rows } = await runAsMachine(() =>
    sql<{ id: number; reference: string; name: string }>`
      select c.id, l.reference, coalesce(l.name, l.reference) as name from support_case c join leader l on l.id = c.leader_id
      where c.id = any(${[...ids]})`.execute(db),
  )
  return new Map(rows.map(({ id, ...leader }) => [id, leader]))
}

/** How a step of a case ended the last time, with the title of its ending. */
export type EndingLine = {
  readonly caseId: number
  readonly step: string
  readonly title: string
  readonly outcome: string
  readonly outcomeTitle: string
  readonly doneOn: string
}

/** What was answered and decided in cases: the last ending of each step that can end in several ways and was not set aside. */
export async function readEndings(db: Db, cases: readonly CaseFigures[]): Promise<EndingLine[]> {
  const byId = new Map(cases.map((one) => [one.id, one]))
  const { rows } = await sql<Omit<EndingLine, 'title' | 'outcomeTitle'>>`
    select distinct on (case_id, step, key) case_id as "caseId", step, outcome, done_on as "doneOn" from case_step
    where state = 'done' and not superseded and outcome <> '' and case_id = any(${[...byId.keys()]})
    order by case_id, step, key, seq desc`.execute(db)
  return rows.flatMap((row) => {
    const found = byId.get(row.caseId)
    const step = found?.pack.process?.flows?.[found.flow]?.steps[row.step]
    const outcome = step?.outcomes?.[row.outcome]
    return step && outcome ? [{ ...row, title: step.title, outcomeTitle: outcome.title }] : []
  })
}
