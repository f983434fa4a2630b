import type { Db } from '../platform/db.ts'
import { runAsMachine } from '../platform/scope.ts'
import { findValue, type Pack } from '../programmes/index.ts'
import { ACCOUNTS, type Account } from './ledger.ts'
import { listLines } from './line-store.ts'

/** The money of a programme in a region, in whole pence. `left` is what the budget still has; null where none is entered. */
export type RegionMoney = {
  readonly programme: string
  readonly region: string
  readonly budget: number | null
  readonly accounts: Readonly<Record<Account, number>>
  readonly booked: number
  readonly left: number | null
}

/** By programme and region, as far as the person sees lines of money; a region appears with its first line. */
export async function readOverview(db: Db, packs: readonly Pack[], on: string): Promise<RegionMoney[]> {
  const lines = await listLines(db, {})
  const groups = Map.groupBy(lines, ({ programme, region }) => JSON.stringify([programme, region ?? '']))
  const rows = [...groups.values()].map(async (group): Promise<RegionMoney> => {
    const { programme = '', region } = group[0] ?? {}
    const accounts = { committed: 0, claimed: 0, due: 0, 'with-payer': 0, paid: 0 }
    for (const { balances } of group) for (const account of ACCOUNTS) accounts[account] += balances[account]
    const booked = ACCOUNTS.reduce((sum, account) => sum + accounts[account], 0)
    const budget = await budgetOf(db, packs, { programme, region: region ?? '', on })
    const left = budget === null ? null : budget - booked
    return { programme, region: region ?? '', budget, accounts, booked, left }
  })
  const read = await Promise.all(rows)
  return read.sort((a, b) => a.programme.localeCompare(b.programme) || a.region.localeCompare(b.region))
}

/** The budget that was entered for a region and counts on a day, in whole pence; null without any. */
async function budgetOf(
  db: Db,
  packs: readonly Pack[],
  { programme, region, on }: { programme: string; region: string; on: string },
): Promise<number | null> {
  const pack = packs.findLast((one) => one.programme === programme && one.money?.budget)
  const id = pack?.money?.budget
  if (!pack || !id) return null
  // Budgets are kept with the other values of a programme; the sum of a region is told to whoever sees its money.
  const found = await runAsMachine(() => findValue(db, { pack, id, key: [region], on }))
  return typeof found?.value === 'number' ? Math.round(found.value * 100) : null
}
