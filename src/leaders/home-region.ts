import type { Actor } from '../platform/actor.ts'
import type { Refusal } from '../platform/decision.ts'
import type { Leader } from './leader.ts'

/**
 * Whoever looks after some regions keeps the leaders of these: put elsewhere, a leader would be out of their own reach at once.
 * Nothing where the region stays as it is. Refusal `region.not-yours`.
 */
export function checkHomeRegion(
  { scope }: Pick<Actor, 'scope'>,
  leader: Pick<Leader, 'region'>,
  before?: Pick<Leader, 'region'>,
): Refusal[] {
  if (scope.everything || leader.region === before?.region || scope.regions.includes(leader.region)) return []
  const yours = new Intl.ListFormat('en-GB', { type: 'disjunction' }).format(scope.regions)
  const message = yours ? `Choose a region that you look after: ${yours}` : 'You look after no region'
  return [{ code: 'region.not-yours', field: 'region', message }]
}
