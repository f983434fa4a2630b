import type { Db } from './db.ts'
import { type Decision, refuse } from './decision.ts'

class Refused extends Error {
  readonly decision: Decision<never>
  constructor(decision: Decision<never>) {
    super('refused')
    this.decision = decision
  }
}

/** Runs work in one transaction; a refusal undoes everything that was stored before it. */
export async function allOrNothing<T>(db: Db, work: (transaction: Db) => Promise<Decision<T>>): Promise<Decision<T>> {
  try {
    return await db.transaction().execute(async (transaction) => {
      const decision = await work(transaction)
      if (!decision.ok) throw new Refused(refuse(...decision.refusals))
      return decision
    })
  } catch (error) {
    if (error instanceof Refused) return error.decision
    throw error
  }
}
