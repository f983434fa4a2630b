import { findEntitlement as findEligible } from '../eligibility/index.ts'
import type { Database } from '../platform/db.ts'
import { accept, type Decision } from '../platform/decision.ts'
import type { Pack } from '../programmes/index.ts'
import type { Basis } from './case-store.ts'

export type SubjectAsked =
  | { readonly kind: 'school'; readonly urn: number }
  | { readonly kind: 'trust'; readonly uid: string }

export type Entitlement = { readonly basis: Basis; readonly byException: boolean }

/** Why a school or trust may have a case, as the case keeps it (TSI-015). Refusals of `findEntitlement` of eligibility. */
export async function findEntitlement(
  database: Database,
  pack: Pack,
  subject: SubjectAsked,
  on: string,
): Promise<Decision<Entitlement>> {
  const found = await findEligible(database, { pack, subject, on })
  if (!found.ok) return found
  const { rows, byException, origin } = found.value
  const decided = rows.flatMap((row) => (row.decided ? [row.decided] : []))[0]
  return accept({
    byException,
    basis: {
      on,
      rows: rows.map(({ id, title, evidence }) => ({ id, title, words: evidence })),
      judgements: rows.flatMap((row) =>
        row.judgements.map(({ judgedAt, date, grade }) => ({ urn: judgedAt, date, grade: grade ?? 0 })),
      ),
      ...(decided && { decidedBy: decided.by }),
      ...(origin && { origin }),
    },
  })
}
