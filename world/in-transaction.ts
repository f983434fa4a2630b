import { CompiledQuery } from 'kysely'
import type { Database, Db } from '../src/platform/db.ts'

type Asked = string | { readonly text: string; readonly values?: readonly unknown[]; readonly rowMode?: 'array' }

/**
 * The database as it is within a transaction, for use cases that ask the pool: they see what the transaction stored, and
 * everything is undone together. Reads of the register stop at the invented schools.
 */
export function inTransactionOf(database: Database, db: Db): Database & { readonly fromUrn: number } {
  const pool = {
    async query(asked: Asked, more: readonly unknown[] = []) {
      const { text, values = more, rowMode } = typeof asked === 'string' ? { text: asked } : asked
      const { rows } = await db.executeQuery<Record<string, unknown>>(CompiledQuery.raw(text, [...values]))
      return { rows: rowMode === 'array' ? rows.map((row) => Object.values(row)) : rows }
    },
  }
  // Asks through the one connection of the transaction: nobody within a scene takes a connection of its own.
  const asPool = pool as unknown as Database['pool'] // only `query` of a pool is used by what a scene does
  return { ...database, db, pool: asPool, fromUrn: 900_000 }
}
