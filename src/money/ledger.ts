import { accept, type Decision, refuse } from '../platform/decision.ts'

/**
 * Where the money of a line stands. It comes from outside when it is promised, and goes back there when the promise ends:
 * over all accounts, a line is always nought.
 */
export const ACCOUNTS = ['committed', 'claimed', 'due', 'with-payer', 'paid'] as const
export type Account = (typeof ACCOUNTS)[number]
/** Accounts that follow from the facts of a case; the other two are moved by payments only. */
const FROM_FACTS = ['committed', 'claimed', 'due'] as const
export type FactAccount = (typeof FROM_FACTS)[number]

/** Whole pence in each account. */
export type Balances = Readonly<Record<Account, number>>
export const NOTHING: Balances = { committed: 0, claimed: 0, due: 0, 'with-payer': 0, paid: 0 }

/** A movement of whole pence, more than nought. */
export type Posting = { readonly from: Account | 'outside'; readonly to: Account | 'outside'; readonly pence: number }

/** What the facts say of a line: all that it comes to, and where it stands but for what was paid of it. */
export type Wanted = { readonly account: FactAccount | 'none'; readonly pence: number }

/** The postings that bring a line to where the facts say. What is paid or with the payer stays, whatever the facts say now. */
export function decidePostings(now: Balances, { account, pence }: Wanted): Posting[] {
  const rest = account === 'none' ? 0 : Math.max(0, pence - now.paid - now['with-payer'])
  const target = (one: FactAccount) => (one === account ? rest : 0)
  const postings: Posting[] = []
  let missing = account === 'none' ? 0 : rest - now[account]
  for (const one of FROM_FACTS) {
    let surplus = now[one] - target(one)
    if (surplus <= 0) continue
    const moved = Math.min(surplus, Math.max(0, missing))
    if (moved > 0 && account !== 'none') postings.push({ from: one, to: account, pence: moved })
    missing -= moved
    surplus -= moved
    if (surplus > 0) postings.push({ from: one, to: 'outside', pence: surplus })
  }
  if (missing > 0 && account !== 'none') postings.push({ from: 'outside', to: account, pence: missing })
  return postings
}

/** What payments do with a line. */
export type Move = 'prepare' | 'pay' | 'fail' | 'cancel'
const WAYS: Readonly<Record<Move, { from: Account; to: Account }>> = {
  prepare: { from: 'due', to: 'with-payer' },
  pay: { from: 'with-payer', to: 'paid' },
  fail: { from: 'with-payer', to: 'due' },
  cancel: { from: 'with-payer', to: 'due' },
}

/** One step of a payment. Refused as `money.not-there` where the account does not hold that much. */
export function decideMove(now: Balances, move: Move, pence: number): Decision<Posting> {
  const { from, to } = WAYS[move]
  if (pence <= 0 || now[from] < pence)
    return refuse({
      code: 'money.not-there',
      message: `Only ${inPounds(now[from])} stand there, not ${inPounds(pence)}`,
    })
  return accept({ from, to, pence })
}

export function post(now: Balances, { from, to, pence }: Posting): Balances {
  const next = { ...now }
  if (from !== 'outside') next[from] -= pence
  if (to !== 'outside') next[to] += pence
  return next
}

/** Of one leader in whole pence: what may be claimed for the own days, and what is paid or on its way to the payer. */
export type OthersShare = { readonly payable: number; readonly gone: number }

/**
 * What is left of all that a case may pay for days once the shares of other leaders are set aside, in whole pence and never less
 * than nought. A share counts whether it is claimed or not, since its days are used; what was paid counts where it is more.
 */
export function restAfter(allPence: number, others: readonly OthersShare[]): number {
  const taken = others.reduce((sum, { payable, gone }) => sum + Math.max(payable, gone), 0)
  return Math.max(0, allPence - taken)
}

/** "£6,000", "£3,300.50". */
export function inPounds(pence: number): string {
  const digits = pence % 100 === 0 ? 0 : 2
  return (pence / 100).toLocaleString('en-GB', {
    style: 'currency',
    currency: 'GBP',
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  })
}
