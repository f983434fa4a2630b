import { sql } from 'kysely'
import { type CaseRecord, findCase, readCaseFacts } from '../cases/index.ts'
import type { Db } from '../platform/db.ts'
import { longDate } from '../platform/words.ts'
import { type JudgedLine, judgeLines } from './book-case.ts'
import { ACCOUNTS, type Account, inPounds, NOTHING } from './ledger.ts'
import { listEntries } from './line-store.ts'
import type { MoneyParts } from './money-parts.ts'
import { listAnswers, type PaymentItem } from './run-store.ts'

export const ACCOUNT_TITLES: Readonly<Record<Account | 'outside', string>> = {
  outside: 'Not in the books',
  committed: 'Committed',
  claimed: 'Claimed',
  due: 'Due',
  'with-payer': 'With the payer',
  paid: 'Paid',
}

/** A line of a case in words: what, to whom, how much, how it stands, when it was paid and what is missing. */
export type LineView = {
  readonly line: string
  readonly part: string
  readonly title: string
  readonly payee: string
  /** With the name of a trust that is known by its number alone: "Harbour Lamp Learning Trust (T-09)". */
  readonly payeeTitle: string
  readonly pence: number
  readonly pounds: number
  readonly amount: string
  readonly state: 'none' | 'not-due' | 'claimed' | 'disputed' | 'stopped' | 'due' | 'in-run' | 'payment-processed'
  readonly stateTitle: string
  readonly missing: readonly string[]
  readonly note: string | null
  readonly paidOn: string | null
  readonly paidReference: string | null
  readonly trouble: string | null
}

const STATES: Readonly<Record<LineView['state'], string>> = {
  none: 'Nothing to pay',
  'not-due': 'Not due',
  claimed: 'Claimed, being checked',
  disputed: 'Disputed',
  stopped: 'Will not be paid',
  due: 'Due',
  'in-run': 'With the payer',
  'payment-processed': 'Payment processed',
}

function stateOf({ standing, stored }: JudgedLine): LineView['state'] {
  const { paid, due, 'with-payer': withPayer } = stored?.balances ?? NOTHING
  if (withPayer > 0) return 'in-run'
  if (standing.note) return standing.account === 'none' ? 'stopped' : 'disputed'
  if (paid > 0 && due === 0 && standing.pence <= paid) return 'payment-processed'
  if (standing.account === 'committed') return 'not-due'
  return standing.account
}

function lineView(judged: JudgedLine, answers: readonly PaymentItem[], payeeTitle: string): LineView {
  const { wanted, standing, stored } = judged
  const own = answers.filter(({ lineId }) => lineId === stored?.id)
  const paid = own.find((one) => one.state === 'paid')
  const [latest] = own
  const state = stateOf(judged)
  const pence = Math.max(standing.pence, stored?.balances.paid ?? 0)
  return {
    line: wanted.line,
    part: wanted.part,
    title: wanted.title,
    payee: wanted.payee,
    payeeTitle,
    pence,
    pounds: pence / 100,
    amount: inPounds(pence),
    state,
    stateTitle: STATES[state],
    missing: standing.missing,
    note: standing.note,
    paidOn: paid?.paidOn ?? null,
    paidReference: paid?.paidReference ?? null,
    trouble: latest?.state === 'failed' ? latest.reason : null,
  }
}

/** The money of a case, and of the cases beside it in lines of their own (TSI-027): for its page and the API. Amounts in the books are whole pence. */
export async function readCaseMoney(parts: MoneyParts, db: Db, record: CaseRecord) {
  const beside = await Promise.all(record.children.map(({ reference }) => findCase(db, reference)))
  const cases = [record, ...beside.flatMap((one) => one ?? [])]
  const judged = (await Promise.all(cases.map((one) => judgeLines(parts, db, one)))).flat()
  const ids = judged.flatMap(({ stored }) => stored?.id ?? [])
  const answers = await listAnswers(db, ids)
  const facts = await readCaseFacts(parts, db, record)
  const books = Object.fromEntries(
    ACCOUNTS.map((account) => [
      account,
      judged.reduce((sum, { stored }) => sum + (stored?.balances[account] ?? 0), 0) / 100,
    ]),
  )
  const trusts = await nameTrusts(
    db,
    judged.map(({ wanted }) => wanted.payee),
  )
  const titleOf = (payee: string) => (trusts.has(payee) ? `${trusts.get(payee)} (${payee})` : payee)
  const lineOf = new Map(judged.flatMap(({ stored }) => (stored ? [[stored.id, stored] as const] : [])))
  return {
    lines: judged.filter((one) => !isOver(one)).map((one) => lineView(one, answers, titleOf(one.wanted.payee))),
    books,
    days: { agreed: facts.agreed, extra: facts.extra, validated: facts.validated },
    entries: (await listEntries(db, ids)).map(({ lineId, ...entry }) => ({
      ...entry,
      of: [lineOf.get(lineId)?.title, lineOf.get(lineId)?.payee].filter(Boolean).join(', '),
    })),
  }
}

async function nameTrusts(db: Db, uids: readonly string[]): Promise<Map<string, string>> {
  const { rows } = await sql<{ uid: string; name: string }>`
    select uid, name from establishment_group where uid = any(${uids})`.execute(db)
  return new Map(rows.map(({ uid, name }) => [uid, name]))
}

/** The promise to a leader who left, once the claim beside the case has taken its place: its entries stay in the books. */
function isOver({ standing, stored }: JudgedLine): boolean {
  const { paid, 'with-payer': withPayer } = stored?.balances ?? NOTHING
  return stored !== undefined && standing.account === 'committed' && standing.pence + paid + withPayer === 0
}

/** What will be paid, when, and why not yet: one sentence or two a line. */
export function inWords({
  state,
  amount,
  payeeTitle,
  missing,
  note,
  paidOn,
  paidReference,
  trouble,
}: LineView): string {
  const to = payeeTitle ? ` to ${payeeTitle}` : ''
  switch (state) {
    case 'payment-processed':
      return `${amount} was paid${to} on ${longDate(paidOn)}, reference ${paidReference}.`
    case 'in-run':
      return `${amount} is with the payer; the date of payment is told here once it is made.`
    case 'due':
      return trouble
        ? `The payment of ${amount}${to} failed: ${trouble}. It is due again.`
        : `${amount} is due${to}: nothing is missing, and it goes into the next payment run.`
    case 'none':
      return 'Nothing is promised yet.'
    case 'stopped':
      return `${note}. Nothing will be paid.`
    case 'disputed':
      return `${note}. Nothing is paid until that is settled.`
    default:
      return `${amount}${to} is not due yet. Missing: ${missing.join('; ')}.`
  }
}
