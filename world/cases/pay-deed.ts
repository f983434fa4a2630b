import { sql } from 'kysely'
import type { CaseParts } from '../../src/cases/index.ts'
import { preparePayment, releaseRun, takeResponse } from '../../src/money/index.ts'
import type { Actor } from '../../src/platform/actor.ts'
import type { Decision } from '../../src/platform/decision.ts'

type Paying = {
  readonly reference: string
  readonly on: string
  readonly pay: 'prepare' | 'release' | 'answer'
  readonly by: Actor
}

/** One step of the payment of what is due in a case, in the run that was prepared for it last. */
export async function payDeed(parts: CaseParts, { reference, on, pay, by }: Paying): Promise<Decision<unknown>> {
  if (pay === 'prepare') return preparePayment(parts, { reference, part: '', amount: undefined, by })
  const { rows } = await sql<{ run: string; number: number }>`
    select r.reference as run, i.number from payment_item i join payment_run r on r.id = i.run_id
      join money_line m on m.id = i.line_id join support_case c on c.id = m.case_id
    where c.reference = ${reference} order by i.id desc limit 1`.execute(parts.database.db)
  const { run, number } = rows[0] ?? { run: '', number: 0 }
  if (pay === 'release') return releaseRun(parts, { reference: run, by })
  const text = `Reference,Result,Date,Payment reference\n${run}-${number},paid,${on},BACS-${run}\n`
  return takeResponse(parts, { reference: run, text, by })
}
