import { type CaseRecord, findCase, lacksOf } from '../cases/index.ts'
import { type Actor, covers, isMachine } from '../platform/actor.ts'
import { allOrNothing } from '../platform/all-or-nothing.ts'
import { writeAudit } from '../platform/audit.ts'
import type { Db } from '../platform/db.ts'
import { accept, type Decision, type Refusal, refuse } from '../platform/decision.ts'
import { submitOnce } from '../platform/submit-once.ts'
import { bookCaseOf, type JudgedLine, judgeLines } from './book-case.ts'
import { amountRefusal, ownMoneyRefusal, type PaymentFacts, paymentRefusal } from './decide-payment.ts'
import { decideMove, inPounds, NOTHING } from './ledger.ts'
import { addEntries, listLines, type MoneyLine } from './line-store.ts'
import type { MoneyParts } from './money-parts.ts'
import { insertItem, insertRun } from './run-store.ts'

export type RunMade = { readonly reference: string; readonly items: number; readonly pounds: number }

/** Puts everything of a programme that is due, in the regions of whoever asks, into one run. Refused as `run.empty` where nothing is. */
export function prepareRun(
  parts: MoneyParts,
  { programme, by, submission }: { programme: string; by: Actor; submission?: string | undefined },
): Promise<Decision<RunMade>> {
  return allOrNothing(parts.database.db, (db) =>
    submitOnce(db, submission, async () => {
      const due = await bookDue(parts, db, programme, by)
      if (due.length === 0)
        return refuse({ code: 'run.empty', message: 'Nothing is due: a claim must be approved before it is paid' })
      return makeRun(parts, db, { programme, lines: due, by })
    }),
  )
}

/** Everything of a programme that is due in the regions of whoever asks, once the books follow each case. */
async function bookDue(parts: MoneyParts, db: Db, programme: string, by: Actor): Promise<MoneyLine[]> {
  const own = hatsFor(by, programme)
  const isOwn = ({ region }: MoneyLine) => isMachine(by) || own.some(({ scope }) => covers(scope, { region }))
  const open = (await listLines(db, { programme })).filter(isOwn)
  for (const reference of new Set(open.map((line) => line.reference))) await bookCaseOf(parts, db, reference, by)
  return (await listLines(db, { programme, account: 'due' })).filter(isOwn)
}

/** What a run of a programme would hold if it were prepared now. The books of its cases follow their facts first. */
export function listReady(parts: MoneyParts, programme: string, by: Actor): Promise<MoneyLine[]> {
  return parts.database.db.transaction().execute((db) => bookDue(parts, db, programme, by))
}

function hatsFor({ hats }: Actor, programme: string) {
  return hats.filter((hat) => hat.programme === programme && hat.capabilities.includes('prepare-payments'))
}

export type CasePaymentAsk = {
  readonly reference: string
  /** One line or part only; all that is due without it. */
  readonly part: string
  readonly amount: unknown
  readonly by: Actor
  readonly submission?: string | undefined
}

/** Prepares the payment of what is due in one case. Refused with everything that is missing (TSI-107). */
export function preparePayment(parts: MoneyParts, ask: CasePaymentAsk): Promise<Decision<RunMade>> {
  return allOrNothing(parts.database.db, (db) =>
    submitOnce(db, ask.submission, async () => {
      await bookCaseOf(parts, db, ask.reference, ask.by)
      const record = await findCase(db, ask.reference)
      const judged = record ? await judgeLines(parts, db, record) : []
      const wanted = judged.filter(({ wanted: { line, part } }) => !ask.part || line === ask.part || part === ask.part)
      if (!record || wanted.length === 0) return refuse(nothingWanted(record, judged, ask))
      const fullOf = (one: JudgedLine) => fullWords(record, one)
      const judgedFacts = wanted.map((one) => ({ one, facts: paymentFacts(one, fullOf(one)) }))
      const payable = judgedFacts.filter(({ facts }) => paymentRefusal(facts) === undefined)
      const sum = payable.reduce((total, { facts }) => total + facts.due, 0)
      const wrong = amountRefusal(ask.amount, sum, judgedFacts[0]?.facts.full ?? null)
      if (wrong) return refuse(wrong)
      const refusals = judgedFacts.flatMap(({ facts }): Refusal | readonly Refusal[] => paymentRefusal(facts) ?? [])
      if (payable.length === 0) return refuse(...refusals)
      const lines = payable.flatMap(({ one }) => one.stored ?? [])
      return makeRun(parts, db, { programme: record.programme, lines, by: ask.by })
    }),
  )
}

/** What the pack answers where a grant is asked for more than its payments; null for a claim. */
function fullWords({ pack }: CaseRecord, { wanted: { line } }: JudgedLine): string | null {
  const found = pack.money?.lines[line]
  return found?.kind === 'grant' ? found.full : null
}

/** Why there is nothing of what was asked for: where the case has a grant, its payments are all that it has (TSI-042). */
function nothingWanted(record: CaseRecord | undefined, judged: readonly JudgedLine[], ask: CasePaymentAsk): Refusal {
  const full = record && judged.flatMap((one) => fullWords(record, one) ?? [])[0]
  if (full && ask.part) return { code: 'grant.part', message: full, field: 'part' }
  return { code: 'payment.none', message: ['There is no such money in this case', ...lacksOf(record)].join(': ') }
}

export function paymentFacts({ wanted, standing, stored }: JudgedLine, full: string | null): PaymentFacts {
  const { due, paid, 'with-payer': withPayer } = stored?.balances ?? NOTHING
  return { title: wanted.title, standing, due, paid, withPayer, full, leaderReference: stored?.leaderReference ?? null }
}

async function makeRun(
  parts: MoneyParts,
  db: Db,
  { programme, lines, by }: { programme: string; lines: readonly MoneyLine[]; by: Actor },
): Promise<Decision<RunMade>> {
  const own = ownMoneyRefusal(
    by,
    lines.map(({ leaderReference }) => leaderReference),
  )
  if (own) return refuse(own)
  const on = parts.clock.today().toString()
  const run = await insertRun(db, { programme, on, by })
  let pence = 0
  for (const [at, line] of lines.entries()) {
    const moved = decideMove(line.balances, 'prepare', line.balances.due)
    if (!moved.ok) return moved
    await addEntries(db, line.id, [moved.value], { on, words: `Payment run ${run.reference}`, by })
    await insertItem(db, { runId: run.id, number: at + 1, lineId: line.id, pence: moved.value.pence })
    pence += moved.value.pence
  }
  await writeAudit(db, {
    actor: by,
    action: 'Payment run prepared',
    record: 'payment-run',
    recordKey: run.reference,
    new: { payments: lines.length, sum: inPounds(pence) },
  })
  return accept({ reference: run.reference, items: lines.length, pounds: pence / 100 })
}
