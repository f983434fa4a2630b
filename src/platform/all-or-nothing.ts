import { CompiledQuery } from 'kysely'
import type { Db } from './db.ts'
import { type Decision, refuse } from './decision.ts'

class Refused extends Error {
  readonly decision: Decision<never>
  constructor(decision: Decision<never>) {
    super('refused')
    this.decision = decision
  }
}

/**
 * Runs work in one transaction; a refusal undoes everything that was stored before it. Within a transaction that is under way,
 * such as that of a scene or of a day, a refusal undoes this work alone.
 */
export async function allOrNothing<T>(db: Db, work: (transaction: Db) => Promise<Decision<T>>): Promise<Decision<T>> {
  if (db.isTransaction) return withinOne(db, work)
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

async function withinOne<T>(db: Db, work: (transaction: Db) => Promise<Decision<T>>): Promise<Decision<T>> {
  const say = (words: string) => db.executeQuery(CompiledQuery.raw(words))
  await say('savepoint all_or_nothing')
  const decision = await work(db)
  if (!decision.ok) await say('rollback to savepoint all_or_nothing')
  await say('release savepoint all_or_nothing')
  return decision
}
