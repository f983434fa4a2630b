import { findCase, openBankDetails } from '../cases/index.ts'
import type { Actor } from '../platform/actor.ts'
import { allOrNothing } from '../platform/all-or-nothing.ts'
import { writeAudit } from '../platform/audit.ts'
import type { Db } from '../platform/db.ts'
import { accept, type Decision, type Refusal, refuse } from '../platform/decision.ts'
import type { TableRow } from '../platform/web/table-file.ts'
import { bookCaseOf, judgeLines } from './book-case.ts'
import { ownMoneyRefusal, payersOf, releaseRefusal } from './decide-payment.ts'
import { decideMove, inPounds } from './ledger.ts'
import { addEntries, findLine } from './line-store.ts'
import type { MoneyParts } from './money-parts.ts'
import {
  answerItem,
  findRun,
  type ItemAnswer,
  markReleased,
  type PaymentItem,
  type PaymentRun,
  setRunStatus,
} from './run-store.ts'

export type RunMoved = { readonly reference: string; readonly status: string }
export const NO_RUN: Refusal = { code: 'run.unknown', message: 'There is no such payment run' }

type RunAsk = { readonly reference: string; readonly by: Actor }

/** Releases a run for payment: by a second person, and only while everything in it may still be paid. */
export function releaseRun(parts: MoneyParts, { reference, by }: RunAsk): Promise<Decision<RunMoved>> {
  return allOrNothing(parts.database.db, async (db) => {
    const run = await findRun(db, reference, true)
    if (!run) return refuse(NO_RUN)
    const stopped =
      releaseRefusal(run, by, payersOfRun(parts, run)) ??
      ownMoneyRefusal(
        by,
        run.items.map(({ leaderReference }) => leaderReference),
      )
    if (stopped) return refuse(stopped)
    const changed = await changedSince(parts, db, run)
    if (changed.length > 0) return refuse(...changed)
    await markReleased(db, run.id, { on: parts.clock.today().toString(), by })
    return told(db, run, { by, action: 'Payment run released', status: 'released' })
  })
}

/** Who may release a run, by the roles of its programme. */
export function payersOfRun(
  { packs }: Pick<MoneyParts, 'packs'>,
  { programme }: Pick<PaymentRun, 'programme'>,
): string[] {
  return [...new Set(packs.filter((pack) => pack.programme === programme).flatMap(payersOf))]
}

/** What was due when the run was prepared and no longer is, such as a claim that went back. */
async function changedSince(parts: MoneyParts, db: Db, { items }: PaymentRun): Promise<Refusal[]> {
  const found: Refusal[] = []
  for (const item of items) {
    const record = await findCase(db, item.caseReference)
    const lines = record ? await judgeLines(parts, db, record) : []
    const line = lines.find(({ stored }) => stored?.id === item.lineId)
    if (line?.standing.account === 'due') continue
    const missing = line?.standing.missing.join(', ') || line?.standing.note || 'it is not due any more'
    found.push({
      code: 'payment.not-due',
      message: `${item.caseReference}, ${item.title}, may not be paid now: ${missing}. Cancel this run and prepare another`,
    })
  }
  return found
}

/** Takes a run back that is not released: what is in it is due again. */
export function cancelRun(parts: MoneyParts, { reference, by }: RunAsk): Promise<Decision<RunMoved>> {
  return allOrNothing(parts.database.db, async (db) => {
    const run = await findRun(db, reference, true)
    if (!run) return refuse(NO_RUN)
    if (run.status !== 'prepared')
      return refuse({ code: 'run.moved-on', message: `Payment run ${reference} is ${run.status} already` })
    const on = parts.clock.today().toString()
    const answer = { state: 'cancelled', on, paidOn: null, paidReference: null, reason: null } as const
    for (const item of run.items) {
      const moved = await answerOne(db, item, { answer, words: `Payment run ${reference} cancelled`, by })
      if (!moved.ok) return moved
    }
    await setRunStatus(db, run.id, 'cancelled')
    for (const one of new Set(run.items.map((item) => item.caseReference))) await bookCaseOf(parts, db, one, by)
    return told(db, run, { by, action: 'Payment run cancelled', status: 'cancelled' })
  })
}

const MOVES = { paid: 'pay', failed: 'fail', cancelled: 'cancel' } as const

/** Stores what became of one payment and moves its money, in the caller's transaction. */
export async function answerOne(
  db: Db,
  item: PaymentItem,
  { answer, words, by }: { answer: ItemAnswer; words: string; by: Actor },
): Promise<Decision<void>> {
  const line = await findLine(db, item.lineId)
  if (!line) throw new Error(`There is no line ${item.lineId}`)
  const moved = decideMove(line.balances, MOVES[answer.state], item.pence)
  if (!moved.ok) return moved
  await answerItem(db, item.id, answer)
  await addEntries(db, item.lineId, [moved.value], { on: answer.on, words, by })
  return accept(undefined)
}

async function told(
  db: Db,
  { reference, items }: PaymentRun,
  { by, action, status }: { by: Actor; action: string; status: string },
): Promise<Decision<RunMoved>> {
  const sum = items.reduce((total, { pence }) => total + pence, 0)
  await writeAudit(db, {
    actor: by,
    action,
    record: 'payment-run',
    recordKey: reference,
    new: { payments: items.length, sum: inPounds(sum) },
  })
  return accept({ reference, status })
}

export const PAYER_COLUMNS = [
  { key: 'reference', head: 'Reference' },
  { key: 'payee', head: 'Payee' },
  { key: 'account-name', head: 'Account name' },
  { key: 'sort-code', head: 'Sort code' },
  { key: 'account-number', head: 'Account number' },
  { key: 'amount', head: 'Amount' },
  { key: 'about', head: 'About' },
]

/** The rows of the payer's file, with whole bank details: that they were seen is audited in each case (TSI-140). */
export function payerRows(parts: MoneyParts, { reference, by }: RunAsk): Promise<Decision<TableRow[]>> {
  return allOrNothing(parts.database.db, async (db) => {
    const run = await findRun(db, reference, true)
    if (!run) return refuse(NO_RUN)
    if (run.status !== 'released')
      return refuse({
        code: 'run.not-released',
        message: `Payment run ${reference} is ${run.status}: only a released run is paid`,
      })
    const rows: TableRow[] = []
    for (const item of run.items.filter(({ state }) => state === 'open')) {
      const record = await findCase(db, item.caseReference)
      const bank = record && (await openBankDetails(parts, db, record, item.leaderId))
      const about = `${item.caseReference} ${item.title}`
      const amount = (item.pence / 100).toFixed(2)
      rows.push({ ...bank, reference: item.reference, payee: item.payee, amount, about })
      await writeAudit(db, {
        actor: by,
        action: 'Bank details seen in full',
        record: 'case',
        recordKey: item.caseReference,
        new: { for: `payer's file of run ${reference}` },
      })
    }
    return accept(rows)
  })
}
