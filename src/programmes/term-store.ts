import type { Database } from '../platform/db.ts'
import type { Term } from './calendar.ts'
import { type Pack, packRef } from './pack-schema.ts'

/** The terms in force for an authority: its own where an administrator gave some for the edition, else the edition's. */
export async function getTerms(
  { pool }: Database,
  pack: Pack,
  authority: string | null,
): Promise<{ terms: readonly Term[]; own: boolean }> {
  const { rows } = await pool.query<{ terms: Term[] }>(
    `select terms from authority_terms where programme = $1 and edition = $2 and authority_code = $3 order by id desc limit 1`,
    [pack.programme, pack.edition, authority],
  )
  const own = rows[0]?.terms ?? []
  return own.length > 0 ? { terms: own, own: true } : { terms: pack.terms.default, own: false }
}

/** Keeps an authority's dates for the edition; an empty list goes back to the edition's own. Earlier sets stay stored. */
export async function saveTerms(
  { pool }: Database,
  pack: Pack,
  authority: string,
  terms: readonly Term[],
): Promise<void> {
  const { rowCount } = await pool.query(
    `insert into authority_terms (programme, edition, authority_code, terms)
     select $1, $2, code, $4 from authority where code = $3`,
    [pack.programme, pack.edition, authority, JSON.stringify(terms)],
  )
  if (rowCount !== 1) throw new Error(`${packRef(pack)}: there is no authority ${authority}`)
}

/** Authorities of England by name, for choosing one. */
export async function listAuthorities({ pool }: Database): Promise<{ code: string; name: string }[]> {
  const { rows } = await pool.query<{ code: string; name: string }>(
    `select code, name from authority where region is not null order by name`,
  )
  return rows
}
