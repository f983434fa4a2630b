import { sql } from 'kysely'
import type { CaseFigures } from '../cases/index.ts'
import type { Db } from '../platform/db.ts'
import { ACCOUNTS, type Account, type Balances, NOTHING } from './ledger.ts'

/** The money of a case and of what stands beside it, in whole pence, and the half days that its claims come to. */
export type CaseMoney = { readonly balances: Balances; readonly claimedHalfDays: number }

type Row = { caseId: number; line: string; account: Account; pence: number }

/**
 * Money by the id of each case given, as far as the reader sees its lines; a case without money is left out. A claim counts as
 * days from the day it is handed in: what stands claimed, due, with the payer or paid, by the day rate of the case's own rules.
 */
export async function readCaseMoney(db: Db, cases: readonly CaseFigures[]): Promise<ReadonlyMap<number, CaseMoney>> {
  const ownerOf = new Map(
    cases.flatMap((one) => [one.id, ...one.claims, ...one.requests.map(({ id }) => id)].map((id) => [id, one])),
  )
  const { rows } = await sql<Row>`
    select m.case_id as "caseId", m.line, b.account, sum(b.pence)::float8 as pence
    from money_line m join money_balance b on b.line_id = m.id
    where b.account <> 'outside' and m.case_id = any(${[...ownerOf.keys()]}) group by m.case_id, m.line, b.account`.execute(
    db,
  )
  const byOwner = Map.groupBy(rows, ({ caseId }) => ownerOf.get(caseId))
  return new Map([...byOwner].flatMap(([owner, some]) => (owner ? [[owner.id, sumUp(owner, some)]] : [])))
}

function sumUp({ pack }: CaseFigures, rows: readonly Row[]): CaseMoney {
  const balances: Record<Account, number> = { ...NOTHING }
  for (const { account, pence } of rows) balances[account] += pence
  const claimed = rows.reduce((sum, { line, account, pence }) => {
    const found = pack.money?.lines[line]
    const rate = found?.kind === 'payable' ? (pack.entitlements?.[found.of]?.rate ?? 0) : 0
    return rate > 0 && account !== ACCOUNTS[0] ? sum + (pence * 2) / (rate * 100) : sum
  }, 0)
  return { balances, claimedHalfDays: Math.round(claimed) }
}
