import type { CaseRecord, MoneyForeseen } from '../cases/index.ts'
import type { Db } from '../platform/db.ts'
import { type JudgedLine, judgeLines } from './book-case.ts'
import { inPounds } from './ledger.ts'
import type { MoneyParts } from './money-parts.ts'
import { ACCOUNT_TITLES } from './present-money.ts'

/** Each line of money of a case now, and as it would be judged if the case were as each of `thens`; nothing is stored by asking. */
export async function foreseeMoney(
  parts: MoneyParts,
  db: Db,
  now: CaseRecord,
  thens: readonly CaseRecord[],
): Promise<MoneyForeseen[][]> {
  const before = await judgeLines(parts, db, now)
  const foreseen: MoneyForeseen[][] = []
  for (const then of thens) foreseen.push(compare(before, then === now ? before : await judgeLines(parts, db, then)))
  return foreseen
}

function compare(before: readonly JudgedLine[], after: readonly JudgedLine[]): MoneyForeseen[] {
  return before.flatMap((line) => {
    const next = after.find((one) => isSame(one, line))
    const [nowWords, nextWords] = [inWords(line), next ? inWords(next) : 'nothing']
    if (nowWords === 'nothing' && nextWords === 'nothing') return []
    const { title, payee } = next?.wanted ?? line.wanted
    const { account, pence } = (next ?? line).standing
    return [{ title, payee, now: nowWords, next: nextWords, isUnclaimed: account === 'committed' && pence > 0 }]
  })
}

function isSame({ wanted: a }: JudgedLine, { wanted: b }: JudgedLine): boolean {
  return a.line === b.line && a.part === b.part && a.leaderId === b.leaderId
}

/** "£6,000 committed", "£6,000 paid", "nothing". */
function inWords({ standing, stored }: JudgedLine): string {
  const paid = stored?.balances.paid ?? 0
  const { account } = standing
  const open = account === 'none' ? 0 : Math.max(0, standing.pence - paid)
  const words = [
    ...(open > 0 && account !== 'none' ? [`${inPounds(open)} ${ACCOUNT_TITLES[account].toLowerCase()}`] : []),
    ...(paid > 0 ? [`${inPounds(paid)} paid`] : []),
  ]
  return words.join(', ') || 'nothing'
}
