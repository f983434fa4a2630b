import { type RawBuilder, sql } from 'kysely'
import type { Actor } from '../platform/actor.ts'
import type { Db } from '../platform/db.ts'
import { ACCOUNTS, type Account, type Balances, type Posting } from './ledger.ts'

/** A line of money of one case, with what stands in each account in whole pence. */
export type MoneyLine = {
  readonly id: number
  readonly caseId: number
  readonly reference: string
  readonly programme: string
  readonly region: string | null
  readonly school: string
  readonly leaderId: number | null
  readonly leaderReference: string | null
  readonly line: string
  readonly part: string
  readonly kind: 'payable' | 'grant'
  readonly title: string
  readonly payee: string
  readonly madeOn: string
  readonly balances: Balances
}

type LineRow = Omit<MoneyLine, 'balances'> & { balances: Partial<Balances> | null }

const SELECT = sql`select m.id, m.case_id as "caseId", c.reference, c.programme, c.region, coalesce(e.name, g.name) as school,
    m.leader_id as "leaderId", l.reference as "leaderReference", m.line, m.part, m.kind, m.title, m.payee, m.made_on as "madeOn",
    (select json_object_agg(b.account, b.pence) from money_balance b where b.line_id = m.id) as balances
  from money_line m join support_case c on c.id = m.case_id
    left join establishment e on e.id = c.establishment_id left join establishment_group g on g.uid = c.trust_uid
    left join leader l on l.id = m.leader_id`

function toLine({ balances, ...row }: LineRow): MoneyLine {
  const all = { committed: 0, claimed: 0, due: 0, 'with-payer': 0, paid: 0 }
  for (const account of ACCOUNTS) all[account] = Number(balances?.[account] ?? 0)
  return { ...row, balances: all }
}

async function select(db: Db, where: RawBuilder<unknown>): Promise<MoneyLine[]> {
  const { rows } = await sql<LineRow>`${SELECT} where ${where} order by c.id, m.id`.execute(db)
  return rows.map(toLine)
}

export function listCaseLines(db: Db, caseId: number): Promise<MoneyLine[]> {
  return select(db, sql`m.case_id = ${caseId}`)
}

export async function findLine(db: Db, id: number): Promise<MoneyLine | undefined> {
  return (await select(db, sql`m.id = ${id}`))[0]
}

export type LineFilter = { readonly programme?: string; readonly region?: string; readonly account?: Account }

/** Lines that the person may see, by the database's own scope; `region` "" is for those of no region. */
export async function listLines(db: Db, { programme, region, account }: LineFilter): Promise<MoneyLine[]> {
  const where = [
    sql`true`,
    ...(programme ? [sql`c.programme = ${programme}`] : []),
    ...(region === undefined ? [] : [sql`coalesce(c.region, '') = ${region}`]),
  ]
  const lines = await select(db, sql.join(where, sql` and `))
  return account ? lines.filter(({ balances }) => balances[account] > 0) : lines
}

export type NewLine = Pick<MoneyLine, 'caseId' | 'leaderId' | 'line' | 'part' | 'kind' | 'title' | 'payee' | 'madeOn'>

/** Keeps a line, or its newest payee and the most that may be paid of it. Answers its id. */
export async function keepLine(db: Db, line: NewLine, mostPence: number): Promise<number> {
  const { caseId, leaderId, part, kind, title, payee, madeOn } = line
  const { rows } = await sql<{ id: number }>`
    insert into money_line (case_id, leader_id, line, part, kind, title, payee, most_pence, made_on)
    values (${caseId}, ${leaderId}, ${line.line}, ${part}, ${kind}, ${title}, ${payee}, ${mostPence}, ${madeOn})
    on conflict (case_id, line, part, leader_id) do update
      set payee = excluded.payee, most_pence = greatest(money_line.most_pence, excluded.most_pence)
    returning id`.execute(db)
  return rows[0]?.id ?? 0
}

/** Adds entries to the books; the database refuses what would not balance. */
export async function addEntries(
  db: Db,
  lineId: number,
  postings: readonly Posting[],
  { on, words, by }: { on: string; words: string; by: Actor },
): Promise<void> {
  for (const { from, to, pence } of postings)
    await sql`insert into money_entry (line_id, on_date, pence, from_account, to_account, words, made_by, made_by_id)
      values (${lineId}, ${on}, ${pence}, ${from}, ${to}, ${words}, ${by.name}, ${by.personId})`.execute(db)
}

export type MoneyEntry = {
  readonly lineId: number
  readonly on: string
  readonly pence: number
  readonly from: string
  readonly to: string
  readonly words: string
  readonly by: string
}

export async function listEntries(db: Db, lineIds: readonly number[]): Promise<MoneyEntry[]> {
  const { rows } = await sql<MoneyEntry>`
    select line_id as "lineId", on_date as "on", pence::float8 as pence, from_account as "from", to_account as "to", words, made_by as by
    from money_entry where line_id = any(${[...lineIds]}) order by id`.execute(db)
  return rows
}
