import { countOf } from '../platform/words.ts'
import { type Answer, daysLeft, type Match } from './answer.ts'
import { type ConstraintContext, constraintContext, type Exclusion, exclusionsOf } from './hard-constraints.ts'
import { type LeaderFacts, type MatchFacts, type NeedFacts, type Pairing, pairingOf } from './match-facts.ts'
import { type ScorePart, scoreOf, scoreParts, sumPoints } from './score.ts'

/** An allowed leader who was not chosen, and why the best answer as a whole left the pair out. */
export type Rival = {
  readonly leader: LeaderFacts
  readonly miles: number | null
  readonly score: number
  /** Against the chosen pair; null for an unmatched need. */
  readonly difference: number | null
  readonly daysLeft: number
  readonly serves: readonly NeedFacts[]
  readonly kind: 'days-used' | 'lower' | 'equal' | 'better'
  readonly why: string
}

export type NeedExplanation = {
  readonly need: NeedFacts
  readonly chosen: { readonly pairing: Pairing; readonly match: Match; readonly parts: readonly ScorePart[] } | null
  readonly locked: boolean
  readonly rivals: readonly Rival[]
  readonly allowed: number
  readonly excluded: readonly { readonly pairing: Pairing; readonly exclusions: readonly Exclusion[] }[]
}

const NEXT_RIVALS = 3

/** Why this leader serves this need, why the next three do not, and who may not. Undefined when the need is unknown. */
export function explainNeed(facts: MatchFacts, answer: Answer, needId: string): NeedExplanation | undefined {
  const need = facts.needs.find(({ id }) => id === needId)
  if (!need) return undefined
  const { allowed, excluded } = dividePool(facts, need, constraintContext(facts))
  const match = answer.matches.find((one) => one.need === needId)
  const chosen = match && findChosen(facts, need, match)
  const locked = facts.locked.some((lock) => lock.need === needId)
  const scene = { facts, answer, need, match, locked, left: daysLeft(facts, answer) }
  const rivals = allowed
    .filter(({ leader }) => leader.id !== match?.leader)
    .map((pairing) => ({ pairing, score: scoreOf(pairing, facts.settings) }))
    .sort((a, b) => b.score - a.score)
    .slice(0, NEXT_RIVALS)
    .map(({ pairing, score }) => rivalOf(pairing, score, scene))
  return { need, chosen: chosen ?? null, locked, rivals, allowed: allowed.length, excluded }
}

export type DividedPool = {
  readonly allowed: readonly Pairing[]
  readonly excluded: readonly { readonly pairing: Pairing; readonly exclusions: readonly Exclusion[] }[]
}

/** The whole pool beside one need: who may serve it, and who may not with every reason. */
export function dividePool(facts: MatchFacts, need: NeedFacts, context: ConstraintContext): DividedPool {
  const judged = facts.leaders.map((leader) => {
    const pairing = pairingOf(need, leader, facts)
    return { pairing, exclusions: exclusionsOf(pairing, context) }
  })
  return {
    allowed: judged.filter(({ exclusions }) => exclusions.length === 0).map(({ pairing }) => pairing),
    excluded: judged.filter(({ exclusions }) => exclusions.length > 0),
  }
}

function findChosen(facts: MatchFacts, need: NeedFacts, match: Match): NeedExplanation['chosen'] | undefined {
  const leader = facts.leaders.find(({ id }) => id === match.leader)
  if (!leader) return undefined
  const pairing = pairingOf(need, leader, facts)
  return { pairing, match, parts: scoreParts(pairing, facts.settings) }
}

type Scene = {
  readonly facts: MatchFacts
  readonly answer: Answer
  readonly need: NeedFacts
  readonly match: Match | undefined
  readonly locked: boolean
  readonly left: ReadonlyMap<string, number>
}

function rivalOf({ leader, miles }: Pairing, score: number, scene: Scene): Rival {
  const { facts, answer, need, match } = scene
  const left = scene.left.get(leader.id) ?? 0
  const servedIds = new Set(answer.matches.filter((one) => one.leader === leader.id).map((one) => one.need))
  const serves = facts.needs.filter(({ id }) => servedIds.has(id))
  const difference = match ? sumPoints([score, -match.score]) : null
  const kind = kindOf(left >= need.days, difference)
  const base = { leader, miles, score, difference, daysLeft: left, serves, kind }
  return { ...base, why: whyLost(base, scene) }
}

function kindOf(hasDays: boolean, difference: number | null): Rival['kind'] {
  if (!hasDays) return 'days-used'
  if (difference === null || difference > 0) return 'better'
  return difference === 0 ? 'equal' : 'lower'
}

/**
 * With days to spare, the plain exchange is possible, so the best answer would lose at most the difference. Without, only
 * solving again with this pair locked tells the price; the words then say where the days went.
 */
function whyLost(rival: Omit<Rival, 'why'>, { need, locked, match, answer }: Scene): string {
  switch (rival.kind) {
    case 'days-used':
      return daysUsedInWords(rival, need)
    case 'lower':
      return `${daysInWords(rival.daysLeft)} free, but the pair scores ${pointsInWords(rival.difference)} less: taking it would lower the total by up to ${pointsInWords(rival.difference)}`
    case 'equal':
      return 'Scores the same; between equal answers the order of the pool decides'
    case 'better':
      if (locked && match)
        return `Scores ${pointsInWords(rival.difference)} more, but another leader is locked to this school`
      return answer.status === 'optimal'
        ? 'Has the days and may serve: the facts changed since this answer, so solve again'
        : 'Has the days and may serve: this answer is not the proven best, so solve again for longer'
  }
}

function daysUsedInWords(rival: Omit<Rival, 'why'>, need: NeedFacts): string {
  const schools = rival.serves.map(({ school }) => school.name).join(', ')
  const left = `${daysInWords(rival.daysLeft)} left, ${need.days} needed`
  return schools ? `The days go to ${schools}; ${left}` : left
}

function daysInWords(days: number): string {
  return days === 0.5 ? 'half a day' : countOf(days, 'day')
}

function pointsInWords(points: number | null): string {
  return Math.abs(points ?? 0).toFixed(2)
}
