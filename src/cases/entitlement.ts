import { getJudged, judgeTrusts } from '../eligibility/index.ts'
import type { Database } from '../platform/db.ts'
import { accept, type Decision, refuse } from '../platform/decision.ts'
import type { Pack } from '../programmes/index.ts'
import type { Basis } from './case-store.ts'

export type SubjectAsked =
  | { readonly kind: 'school'; readonly urn: number }
  | { readonly kind: 'trust'; readonly uid: string }

export type Entitlement = { readonly basis: Basis; readonly byException: boolean }

/**
 * Why a school or trust may have a case, on the data held on a day. Refuses with every criterion that is not met
 * (TSI-009), or when the register has no such open school.
 */
export async function findEntitlement(
  database: Database,
  pack: Pack,
  subject: SubjectAsked,
  on: string,
): Promise<Decision<Entitlement>> {
  const judged = await getJudged(database, pack, on)
  const found =
    subject.kind === 'school'
      ? judged.schools.find(({ school }) => school.urn === subject.urn)?.evaluation
      : judgeTrusts(judged).find(({ uid }) => uid === subject.uid)?.evaluation
  if (!found)
    return refuse({
      code: 'subject.not-open',
      message: 'The register has no open school or trust of this number on the day',
    })
  const met = found.rows.filter((row) => row.result === 'met')
  if (met.length === 0)
    return refuse(
      { code: 'case.not-entitled', message: 'No criterion is met and no exception is approved' },
      ...found.rows.map((row) => ({ code: `criterion.${row.id}`, message: `${row.title}: ${row.evidence}` })),
    )
  return accept({
    byException: false,
    basis: {
      on,
      rows: met.map(({ id, title, evidence }) => ({ id, title, words: evidence })),
      judgements: met.flatMap((row) =>
        row.judgements.map((one) => ({ urn: Number(one.judgedAt), date: one.date, grade: one.grade ?? 0 })),
      ),
    },
  })
}
