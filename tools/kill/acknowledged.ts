import { existsSync, readFileSync } from 'node:fs'
import type { Database } from '../../src/platform/db.ts'

/** Something the service said yes to. `miles`: the leader's travel limit from then on, which only grows. */
export type Acknowledged =
  | { readonly kind: 'leader'; readonly leader: string; readonly miles: number }
  | { readonly kind: 'decision'; readonly distance: number }

/** Whole lines only: the writer may have been killed in the midst of one. */
export function readAcknowledged(file: string): Acknowledged[] {
  if (!existsSync(file)) return []
  const lines = readFileSync(file, 'utf8').split('\n').slice(0, -1)
  return lines.map((line) => JSON.parse(line))
}

/** What was acknowledged and is not there, in words. */
export async function findLost({ pool }: Database, acknowledged: readonly Acknowledged[]): Promise<string[]> {
  const leaders = await pool.query<{ reference: string; miles: number }>(
    `select reference, travel_limit_miles as miles from leader where reference like 'K-%'`,
  )
  const miles = new Map(leaders.rows.map((row) => [row.reference, row.miles]))
  const decisions = await pool.query<{ distance: number }>(
    `select (values->>'distance')::int as distance from scenario_decision where kind = 'weights'`,
  )
  const distances = new Set(decisions.rows.map(({ distance }) => distance))
  return acknowledged.flatMap((one) => {
    if (one.kind === 'decision') return distances.has(one.distance) ? [] : [`the decision on distance ${one.distance}`]
    return (miles.get(one.leader) ?? 0) >= one.miles ? [] : [`leader ${one.leader} with ${one.miles} miles`]
  })
}
