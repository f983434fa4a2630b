import type { CaseParts } from '../cases/index.ts'

/** What money is built from: cases, whose facts it follows and whose secrets it opens for the payer's file. */
export type MoneyParts = CaseParts
