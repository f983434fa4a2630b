import { sql } from 'kysely'
import type { Actor } from '../platform/actor.ts'
import { writeAudit } from '../platform/audit.ts'
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

export type NewTerms = { readonly authority: string; readonly terms: readonly Term[]; readonly by: Actor }

/** Keeps an authority's dates for the edition; an empty list goes back to the edition's own. Earlier sets stay stored. */
export async function saveTerms(database: Database, pack: Pack, { authority, terms, by }: NewTerms): Promise<void> {
  const before = await getTerms(database, pack, authority)
  const stored = await database.db.transaction().execute(async (transaction) => {
    const { numAffectedRows } = await sql`
      insert into authority_terms (programme, edition, authority_code, terms)
      select ${pack.programme}, ${pack.edition}, code, ${JSON.stringify(terms)}::jsonb from authority where code = ${authority}`.execute(
      transaction,
    )
    await writeAudit(transaction, {
      actor: by,
      action: terms.length > 0 ? 'Own terms set' : 'Own terms taken back',
      record: 'authority-terms',
      recordKey: `${packRef(pack)} ${authority}`,
      old: before.own ? { terms: before.terms } : {},
      new: { terms },
    })
    return numAffectedRows === 1n
  })
  if (!stored) throw new Error(`${packRef(pack)}: there is no authority ${authority}`)
}

/** Authorities of England by name, for choosing one. */
export async function listAuthorities({ pool }: Database): Promise<{ code: string; name: string }[]> {
  const { rows } = await pool.query<{ code: string; name: string }>(
    `select code, name from authority where region is not null order by name`,
  )
  return rows
}
