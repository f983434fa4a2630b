import type { Actor } from '../platform/actor.ts'
import { allOrNothing } from '../platform/all-or-nothing.ts'
import { writeAudit } from '../platform/audit.ts'
import type { Db } from '../platform/db.ts'
import { accept, type Decision, refuse } from '../platform/decision.ts'
import { bookCaseOf } from './book-case.ts'
import type { MoneyParts } from './money-parts.ts'
import { answerOne, NO_RUN } from './release-run.ts'
import { judgeResponse, type ResponseAnswer, type RowFault, readResponse } from './response.ts'
import { findRun, setRunStatus } from './run-store.ts'

export type ResponseTaken = {
  readonly reference: string
  readonly paid: number
  readonly failed: number
  readonly faults: readonly RowFault[]
  /** Payments of the run that have no answer yet. */
  readonly open: number
}

/** Takes the payer's response in: good rows are kept, every other row is answered with what is wrong in it. */
export function takeResponse(
  parts: MoneyParts,
  { reference, text, by }: { reference: string; text: string; by: Actor },
): Promise<Decision<ResponseTaken>> {
  return allOrNothing(parts.database.db, async (db) => {
    const run = await findRun(db, reference, true)
    if (!run) return refuse(NO_RUN)
    if ((run.status !== 'released' && run.status !== 'done') || run.releasedOn === null)
      return refuse({
        code: 'run.not-released',
        message: `Payment run ${reference} is ${run.status}: nothing was paid yet`,
      })
    const rows = readResponse(text)
    if (!rows.ok) return rows
    const today = parts.clock.today().toString()
    const { answers, faults } = judgeResponse(rows.value, run.items, { today, releasedOn: run.releasedOn })
    const kept = await keepAnswers(db, answers, by)
    if (!kept.ok) return kept
    for (const one of new Set(answers.map(({ item }) => item.caseReference))) await bookCaseOf(parts, db, one, by)
    const open = run.items.filter(({ state }) => state === 'open').length - answers.length
    if (open === 0) await setRunStatus(db, run.id, 'done')
    const paid = answers.filter(({ answer }) => answer.state === 'paid').length
    const failed = answers.length - paid
    await writeAudit(db, {
      actor: by,
      action: "Payer's response taken in",
      record: 'payment-run',
      recordKey: reference,
      new: { paid, failed, 'rows refused': faults.length },
    })
    return accept({ reference, paid, failed, faults, open })
  })
}

async function keepAnswers(db: Db, answers: readonly ResponseAnswer[], by: Actor): Promise<Decision<void>> {
  for (const { item, answer } of answers) {
    const words =
      answer.state === 'paid' ? `Payment processed, ${answer.paidReference}` : `Payment failed: ${answer.reason}`
    const moved = await answerOne(db, item, { answer, words, by })
    if (!moved.ok) return moved
  }
  return accept(undefined)
}
