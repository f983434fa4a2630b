import { sql } from 'kysely'
import { machineActor } from '../platform/actor.ts'
import type { Db } from '../platform/db.ts'
import { runAsMachine } from '../platform/scope.ts'
import { bookCaseOf } from './book-case.ts'
import type { MoneyParts } from './money-parts.ts'

/** Books what a day brings by itself, such as the end of a partnership: once a day, for cases with money that is not due yet. */
export function bookOpenMoney(parts: MoneyParts): Promise<void> {
  return runAsMachine(async () => {
    const { db } = parts.database
    const { rows } = await sql<{ reference: string }>`
      select distinct c.reference from money_balance b join money_line m on m.id = b.line_id
        join support_case c on c.id = m.case_id
      where b.account in ('committed', 'claimed') and b.pence > 0 order by c.reference`.execute(db)
    const by = machineActor('Alongside', 'system')
    const book = (transaction: Db, reference: string) => bookCaseOf(parts, transaction, reference, by)
    for (const { reference } of rows)
      await (db.isTransaction ? book(db, reference) : db.transaction().execute((one) => book(one, reference)))
  })
}
