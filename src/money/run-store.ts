import { sql } from 'kysely'
import type { Actor } from '../platform/actor.ts'
import type { Db } from '../platform/db.ts'

export type RunStatus = 'prepared' | 'released' | 'cancelled' | 'done'

export type PaymentItem = {
  readonly id: number
  readonly number: number
  /** How the payer names it: the run's reference and the number in it. */
  readonly reference: string
  readonly lineId: number
  readonly pence: number
  readonly state: 'open' | 'paid' | 'failed' | 'cancelled'
  readonly paidOn: string | null
  readonly paidReference: string | null
  readonly reason: string | null
  readonly caseReference: string
  readonly title: string
  readonly payee: string
  readonly leaderId: number | null
  readonly leaderReference: string | null
}

export type PaymentRun = {
  readonly id: number
  readonly reference: string
  readonly programme: string
  readonly status: RunStatus
  readonly preparedOn: string
  readonly preparedBy: string
  readonly preparedById: number | null
  readonly releasedOn: string | null
  readonly releasedBy: string | null
  /** Regions of the cases in it; '' for a case of none. */
  readonly regions: readonly string[]
  readonly items: readonly PaymentItem[]
}

const ITEMS = sql`select i.id, i.number, r.reference || '-' || i.number as reference, i.line_id as "lineId",
    i.pence::float8 as pence, i.state, i.paid_on as "paidOn", i.paid_reference as "paidReference", i.reason,
    c.reference as "caseReference", m.title, m.payee, m.leader_id as "leaderId", l.reference as "leaderReference"
  from payment_item i join payment_run r on r.id = i.run_id join money_line m on m.id = i.line_id
    join support_case c on c.id = m.case_id left join leader l on l.id = m.leader_id`

const RUNS = sql`select id, reference, programme, status, prepared_on as "preparedOn", prepared_by as "preparedBy",
    prepared_by_id as "preparedById", released_on as "releasedOn", released_by as "releasedBy",
    array(select distinct coalesce(c.region, '') from payment_item i join money_line m on m.id = i.line_id
      join support_case c on c.id = m.case_id where i.run_id = payment_run.id) as regions from payment_run`

export async function findRun(db: Db, reference: string, lock = false): Promise<PaymentRun | undefined> {
  const { rows } = await sql<Omit<PaymentRun, 'items'>>`${RUNS} where reference = ${reference}
    ${lock ? sql`for update` : sql``}`.execute(db)
  const [run] = rows
  if (!run) return undefined
  const items = await sql<PaymentItem>`${ITEMS} where i.run_id = ${run.id} order by i.number`.execute(db)
  return { ...run, items: items.rows }
}

export type RunLine = Omit<PaymentRun, 'items'> & {
  readonly count: number
  readonly pence: number
  readonly open: number
}

/** The runs of programmes, newest first. */
export async function listRuns(db: Db, programmes: readonly string[]): Promise<RunLine[]> {
  const { rows } = await sql<RunLine>`
    select r.*, (select count(*)::int from payment_item i where i.run_id = r.id) as count,
      (select coalesce(sum(pence), 0)::float8 from payment_item i where i.run_id = r.id) as pence,
      (select count(*)::int from payment_item i where i.run_id = r.id and i.state = 'open') as open
    from (${RUNS}) r where r.programme = any(${[...programmes]}) order by r.id desc limit 200`.execute(db)
  return rows
}

/** What was paid or refused of some lines, newest first: when, with which reference. */
/** The runs of one programme as they stand, without the numbers of rows and persons. */
export async function listRunsOf({ database }: { database: { db: Db } }, programme: string) {
  const runs = await listRuns(database.db, [programme])
  return runs.map(({ id: _, preparedById: __, ...run }) => run)
}

export async function listAnswers(db: Db, lineIds: readonly number[]): Promise<PaymentItem[]> {
  const { rows } = await sql<PaymentItem>`${ITEMS}
    where i.line_id = any(${[...lineIds]}) and i.state <> 'cancelled' order by i.id desc`.execute(db)
  return rows
}

export async function insertRun(
  db: Db,
  { programme, on, by }: { programme: string; on: string; by: Actor },
): Promise<{ id: number; reference: string }> {
  // One at a time, so that the numbers have no gap and no two runs have the same.
  await sql`lock table payment_run in share row exclusive mode`.execute(db)
  const { rows } = await sql<{ id: number; reference: string }>`
    insert into payment_run (reference, programme, status, prepared_on, prepared_by, prepared_by_id)
    values ('R-' || (select lpad((count(*) + 1)::text, 4, '0') from payment_run), ${programme}, 'prepared', ${on}, ${by.name},
      ${by.personId})
    returning id, reference`.execute(db)
  const [made] = rows
  if (!made) throw new Error('A payment run could not be kept')
  return made
}

export async function insertItem(
  db: Db,
  item: { runId: number; number: number; lineId: number; pence: number },
): Promise<void> {
  const { runId, number, lineId, pence } = item
  await sql`insert into payment_item (run_id, number, line_id, pence, state)
    values (${runId}, ${number}, ${lineId}, ${pence}, 'open')`.execute(db)
}

export async function setRunStatus(db: Db, id: number, status: RunStatus): Promise<void> {
  await sql`update payment_run set status = ${status} where id = ${id}`.execute(db)
}

export async function markReleased(db: Db, id: number, { on, by }: { on: string; by: Actor }): Promise<void> {
  await sql`update payment_run set status = 'released', released_on = ${on}, released_by = ${by.name},
    released_by_id = ${by.personId} where id = ${id}`.execute(db)
}

export type ItemAnswer = {
  readonly state: 'paid' | 'failed' | 'cancelled'
  readonly on: string
  readonly paidOn: string | null
  readonly paidReference: string | null
  readonly reason: string | null
}

export async function answerItem(db: Db, id: number, answer: ItemAnswer): Promise<void> {
  await sql`update payment_item set state = ${answer.state}, answered_on = ${answer.on}, paid_on = ${answer.paidOn},
    paid_reference = ${answer.paidReference}, reason = ${answer.reason} where id = ${id}`.execute(db)
}
