import type { Pool } from 'pg'
import { MADE_BY_USE } from './tables.ts'

/** What a refusal may leave: who signed in, that somebody tried, and what is worked out again. */
const LEFT_BY_TRYING = ['audit_entry', 'audit_head', 'audit_value', 'sign_in_attempt', 'submission', 'user_session']

/** Everything that use makes, but for what a refusal may leave. */
export const KEPT_TABLES: readonly string[] = MADE_BY_USE.filter((name) => !LEFT_BY_TRYING.includes(name))

/** Each table with a digest of all its rows, line by line: two that are equal say that nothing changed between them. */
export async function fingerprint(pool: Pick<Pool, 'query'>, tables: readonly string[] = KEPT_TABLES): Promise<string> {
  const parts = tables.map(
    (table) => `(select '${table} ' || md5(coalesce(string_agg(t::text, '|' order by t::text), '')) from ${table} t)`,
  )
  const { rows } = await pool.query<{ all: string }>(`select concat_ws(E'\\n', ${parts.join(', ')}) as all`)
  return rows[0]?.all ?? ''
}
