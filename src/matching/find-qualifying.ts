import { getJudged } from '../eligibility/index.ts'
import type { Database } from '../platform/db.ts'
import type { Pack } from '../programmes/index.ts'

/** URNs of the schools that a pack's table finds eligible on a day (ISO date), on the data held. */
export async function findQualifying(database: Database, pack: Pack, on: string): Promise<number[]> {
  const judged = await getJudged(database, pack, on)
  return judged.schools.filter(({ evaluation }) => evaluation.outcome === 'eligible').map(({ school }) => school.urn)
}
