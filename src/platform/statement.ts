import { CompiledQuery } from 'kysely'
import type { AuditTransaction } from './audit.ts'

/** Runs one statement in a transaction of either kind and answers its rows. Throws when there is no transaction. */
export async function runStatement<R extends object>(
  transaction: AuditTransaction,
  text: string,
  values: readonly unknown[] = [],
): Promise<R[]> {
  if (!('executeQuery' in transaction)) return (await transaction.query<R>(text, [...values])).rows
  if (!transaction.isTransaction) throw new Error('This belongs into the transaction of its work')
  return (await transaction.executeQuery<R>(CompiledQuery.raw(text, [...values]))).rows
}
