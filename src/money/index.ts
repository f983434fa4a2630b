import { type CaseParts, hasPartialClaim } from '../cases/index.ts'
import { described } from '../platform/web/api-description.ts'
import { asTheMachine } from '../platform/web/as-machine.ts'
import type { Route } from '../platform/web/route.ts'
import { MONEY_API } from './api-description.ts'
import { bookCase, bookClaimsBeside } from './book-case.ts'
import { caseMoneyRoutes } from './case-routes.ts'
import { foreseeMoney } from './foresee.ts'
import type { MoneyParts } from './money-parts.ts'
import { moneyOverviewRoutes } from './money-routes.ts'
import { runRoutes } from './run-routes.ts'

export { bookOpenMoney } from './book-open.ts'
export { type CaseMoney, readCaseMoney } from './case-figures.ts'
export { inPounds } from './ledger.ts'
export { moneyChecks } from './money-checks.ts'
export type { MoneyParts } from './money-parts.ts'
export { listReady, preparePayment, prepareRun } from './prepare-run.ts'
export { PAYER_COLUMNS, payerRows, releaseRun } from './release-run.ts'
export { listRunsOf } from './run-store.ts'
export { takeResponse } from './take-response.ts'

/** Every way into money. Lists keep to the person's scope; one case and a run ask by themselves who may see them. */
export function moneyRoutes(parts: MoneyParts): Route[] {
  return described(
    [...moneyOverviewRoutes(parts), ...[...caseMoneyRoutes(parts), ...runRoutes(parts)].map(asTheMachine)],
    MONEY_API,
  )
}

/** Cases whose books follow every step of them, in its transaction. */
export function withMoney(parts: CaseParts): CaseParts {
  const booking: CaseParts = {
    ...parts,
    foreseeMoney: (db, now, thens) => foreseeMoney(booking, db, now, thens),
    async onEvents(db, record, events, by) {
      await parts.onEvents?.(db, record, events, by)
      await bookCase(booking, db, record, by)
      const leaves = events.some((event) => event.type === 'effect' && event.name === 'part-claim')
      if (leaves || hasPartialClaim(record)) await bookClaimsBeside(booking, db, record, by)
    },
  }
  return booking
}
