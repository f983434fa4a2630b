import type { AuditTransaction } from './audit.ts'
import { accept, type Decision } from './decision.ts'
import { runStatement } from './statement.ts'

/**
 * Does the work of one submission once, within the transaction of that work: the same key again, also at the same moment
 * or after a crash, is answered as the first time and nothing is done. A refusal is not kept, so that the mended form can
 * be sent. Without a key the work is done each time. `T` must be what JSON can hold.
 */
export async function submitOnce<T>(
  transaction: AuditTransaction,
  key: string | undefined,
  work: () => Promise<Decision<T>>,
): Promise<Decision<T>> {
  if (!key) return work()
  await runStatement(transaction, `delete from submission where made_at < now() - interval '30 days'`)
  // Another transaction with the same key is waited for here.
  const begun = await runStatement(
    transaction,
    'insert into submission (key) values ($1) on conflict do nothing returning key',
    [key],
  )
  if (begun.length === 0) {
    const [done] = await runStatement<{ result: T }>(transaction, 'select result from submission where key = $1', [key])
    if (!done) throw new Error('A submission that was there is gone')
    return accept(done.result)
  }
  const decision = await work()
  if (decision.ok)
    await runStatement(transaction, 'update submission set result = $2 where key = $1', [
      key,
      JSON.stringify(decision.value),
    ])
  else await runStatement(transaction, 'delete from submission where key = $1', [key])
  return decision
}
