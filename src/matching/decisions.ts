import { accept, type Decision, refuse } from '../platform/decision.ts'
import { type LeaderNeedPair, type Limits, pairKey, type Weights } from './match-facts.ts'

/** What may stand of a pair. `clear`: its declared interest is cleared with a reason (TSI-090). */
type PairStanding = 'lock' | 'forbid' | 'clear'

/** What one school needs: days in halves, a whole priority, and areas where they are used. */
export type NeedValues = { readonly days: number; readonly priority: number; readonly areas: readonly string[] | null }

/** What an officer does to a scenario. A later one of the same pair or kind stands above an earlier one. */
export type ScenarioDecision =
  | { readonly kind: PairStanding | 'release'; readonly pair: LeaderNeedPair }
  | { readonly kind: 'weights'; readonly weights: Weights }
  | { readonly kind: 'limits'; readonly limits: Limits }
  | { readonly kind: 'need'; readonly need: string; readonly values: NeedValues }

/** What stands after all decisions that were not undone. */
export type Standing = {
  readonly locked: readonly LeaderNeedPair[]
  readonly forbidden: readonly LeaderNeedPair[]
  readonly cleared: readonly LeaderNeedPair[]
  readonly weights: Weights
  readonly limits: Limits
  /** Needs that were changed, by need. */
  readonly needs: ReadonlyMap<string, NeedValues>
}

/** The decisions in the order they were made, over what the scenario began with. Undone ones are left out before. */
export function standingOf(
  start: { readonly weights: Weights; readonly limits: Limits },
  decisions: readonly ScenarioDecision[],
): Standing {
  const stands = new Map<string, LeaderNeedPair & { kind: PairStanding }>()
  const needs = new Map<string, NeedValues>()
  let { weights, limits } = start
  for (const decision of decisions) {
    switch (decision.kind) {
      case 'weights':
        weights = decision.weights
        break
      case 'limits':
        limits = decision.limits
        break
      case 'need':
        needs.set(decision.need, decision.values)
        break
      case 'release':
        for (const kind of ['lock', 'forbid', 'clear'] as const) stands.delete(keyOf(kind, decision.pair))
        break
      case 'clear':
        stands.set(keyOf('clear', decision.pair), { kind: 'clear', ...decision.pair })
        break
      default:
        replaceDecision(stands, decision.kind, decision.pair)
    }
  }
  const of = (kind: PairStanding) => [...stands.values()].filter((one) => one.kind === kind)
  return { locked: of('lock'), forbidden: of('forbid'), cleared: of('clear'), weights, limits, needs }
}

/** A school has one leader, so a new lock takes the place of its old one; a pair is locked or forbidden, never both. */
function replaceDecision(
  stands: Map<string, LeaderNeedPair & { kind: PairStanding }>,
  kind: 'lock' | 'forbid',
  pair: LeaderNeedPair,
): void {
  stands.delete(keyOf(kind === 'lock' ? 'forbid' : 'lock', pair))
  if (kind === 'lock')
    for (const [key, other] of stands) if (other.kind === 'lock' && other.need === pair.need) stands.delete(key)
  stands.set(keyOf(kind, pair), { kind, ...pair })
}

function keyOf(kind: PairStanding, { need, leader }: LeaderNeedPair): string {
  return `${kind} ${pairKey(need, leader)}`
}

/** Whether a pair may be released: only something that stands can be taken back. */
export function decideRelease(standing: Standing, pair: LeaderNeedPair): Decision<LeaderNeedPair> {
  const stands = [standing.locked, standing.forbidden, standing.cleared].some((list) =>
    list.some((one) => one.need === pair.need && one.leader === pair.leader),
  )
  if (stands) return accept(pair)
  return refuse({
    code: 'matching.nothing-to-release',
    message: 'This pair is neither locked nor forbidden nor cleared',
  })
}
