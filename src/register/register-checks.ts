import type { PoolClient } from 'pg'
import type { Check } from '../platform/verify.ts'
import { findCorrectionsNotLaid } from './corrections/lay-corrections.ts'
import { refreshProjections } from './projections.ts'

/** What the register must agree on with itself. Each works the stored answer out again and compares. */
export const registerChecks: readonly Check[] = [
  {
    name: 'trusts, latest grades and listing of schools agree with memberships, inspections and files',
    find: findStaleSchools,
  },
  { name: 'corrections in force stand in the records that they correct', find: findCorrectionsNotLaid },
  { name: 'the schools’ dated states do not end before they begin', find: findBackwardStates },
]

const PROJECTED = 'not_listed_since, trust_uid, latest_grade, latest_grade_on, latest_grade_urn'

async function findStaleSchools(client: Parameters<Check['find']>[0]): Promise<string[]> {
  // Until a first load has ended its projections are not worked out yet, and no page shows them.
  const { rows } = await client.query<{ waiting: boolean }>('select exists (select from register_put_back) as waiting')
  if (rows[0]?.waiting) return []
  await client.query(`create temp table projected_before on commit drop as select id, ${PROJECTED} from establishment`)
  await refreshProjections(client, ['listing', 'trust', 'grade'])
  const stale = await client.query<{ name: string }>(
    `select coalesce('URN ' || e.urn, 'establishment ' || e.id) as name
     from establishment e join projected_before b using (id)
     where (${columnsOf('e')}) is distinct from (${columnsOf('b')}) order by e.urn limit 20`,
  )
  return stale.rows.map(({ name }) => `${name}: what is stored differs from what its facts say`)
}

function columnsOf(alias: string): string {
  return PROJECTED.split(', ')
    .map((column) => `${alias}.${column}`)
    .join(', ')
}

async function findBackwardStates(client: Pick<PoolClient, 'query'>): Promise<string[]> {
  const { rows } = await client.query<{ id: number }>(
    'select establishment_id as id from establishment_version where last_seen < as_at order by 1 limit 20',
  )
  return rows.map(({ id }) => `establishment ${id} was last seen before it was first seen`)
}
