import { sql } from 'kysely'

/**
 * Whether an establishment counts as open now, as SQL over `establishment e`: open on the facts held, and not missing from the
 * newest whole file of its type.
 */
export const OPEN_NOW = sql`(e.status in ('Open', 'Open, but proposed to close') and e.not_listed_since is null)`

export const UNLISTED = sql`(e.status <> 'Closed' and e.not_listed_since is not null)`

/** The status in the words of lists. The register's own word stands, except where the newest file no longer has the school. */
export function statusInWords(school: { readonly status: string; readonly not_listed_since: string | null }): string {
  return school.status !== 'Closed' && school.not_listed_since ? 'No longer listed' : school.status
}
