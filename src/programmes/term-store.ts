import { sql } from 'kysely'
import type { Actor } from '../platform/actor.ts'
import { writeAudit } from '../platform/audit.ts'
import type { Database } from '../platform/db.ts'
import { accept, type Decision, type Refusal, refuse } from '../platform/decision.ts'
import type { Term } from './calendar.ts'
import { type Pack, packRef } from './pack-schema.ts'

/** `version` changes with every saving; 0 where nothing was saved. */
export type TermsInForce = { readonly terms: readonly Term[]; readonly own: boolean; readonly version: number }

/** The terms in force for an authority: its own where an administrator gave some for the edition, else the edition's. */
export async function getTerms({ pool }: Database, pack: Pack, authority: string | null): Promise<TermsInForce> {
  const { rows } = await pool.query<{ id: number; terms: Term[] }>(
    `select id, terms from authority_terms where programme = $1 and edition = $2 and authority_code = $3 order by id desc limit 1`,
    [pack.programme, pack.edition, authority],
  )
  const own = rows[0]?.terms ?? []
  const version = rows[0]?.id ?? 0
  return own.length > 0 ? { terms: own, own: true, version } : { terms: pack.terms.default, own: false, version }
}

export type NewTerms = {
  readonly authority: string
  readonly terms: readonly Term[]
  readonly by: Actor
  /** What the change was made on; without it, on whatever is saved now. */
  readonly version?: number | undefined
}

/**
 * Keeps an authority's dates for the edition; an empty list goes back to the edition's own. Earlier sets stay stored. Refusal
 * `moved-on` (409): somebody saved since.
 */
export async function saveTerms(
  database: Database,
  pack: Pack,
  { authority, terms, by, version }: NewTerms,
): Promise<Decision<'saved'>> {
  const before = await getTerms(database, pack, authority)
  if (version !== undefined && version !== before.version) return refuse(MOVED_ON)
  return database.db.transaction().execute(async (transaction) => {
    // One saving of an authority's terms at a time.
    await sql`select from authority where code = ${authority} for no key update`.execute(transaction)
    const { rows } = await sql<{ version: number }>`
      select coalesce(max(id), 0)::int as version from authority_terms
      where programme = ${pack.programme} and edition = ${pack.edition} and authority_code = ${authority}`.execute(
      transaction,
    )
    if (rows[0]?.version !== before.version) return refuse(MOVED_ON)
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
    if (numAffectedRows !== 1n) throw new Error(`${packRef(pack)}: there is no authority ${authority}`)
    return accept('saved' as const)
  })
}

const MOVED_ON: Refusal = {
  code: 'moved-on',
  message:
    'Somebody else saved these terms since you opened them. What is saved now is shown above; what you typed is kept below. Saving again puts yours in its place',
}

/** Authorities of England by name, for choosing one. */
export async function listAuthorities({ pool }: Database): Promise<{ code: string; name: string }[]> {
  const { rows } = await pool.query<{ code: string; name: string }>(
    `select code, name from authority where region is not null order by name`,
  )
  return rows
}
