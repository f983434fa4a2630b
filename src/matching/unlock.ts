import { countOf } from '../platform/words.ts'
import { type Answer, daysLeft } from './answer.ts'
import { constraintContext, type Exclusion, type ExclusionCode, exclusionsOf } from './hard-constraints.ts'
import { type MatchFacts, type Pairing, pairingOf } from './match-facts.ts'
import { scoreOf } from './score.ts'

/** One change that would serve an unmatched need with nobody else losing a leader. */
export type Unlock = {
  readonly code: ExclusionCode | 'days-used'
  readonly leader: string
  readonly words: string
  /** More days for `days-used` and `no-days`, the new limit in miles for `beyond-travel-limit`. */
  readonly amount?: number
}

type Candidate = {
  readonly pairing: Pairing
  readonly exclusions: readonly Exclusion[]
  readonly daysShort: number
  readonly score: number
}

const MOST_HINTS = 3

/**
 * What would serve each unmatched need: relaxations that leave the rest of the answer as it is, so each is enough by
 * itself. Only leaders with one thing in the way are named; the cheapest change of each kind.
 */
export function unlocksOf(facts: MatchFacts, answer: Answer): Map<string, Unlock[]> {
  const left = daysLeft(facts, answer)
  const context = constraintContext(facts)
  const unmet = new Set(answer.unmet)
  return new Map(
    facts.needs
      .filter(({ id }) => unmet.has(id))
      .map((need) => {
        const candidates = facts.leaders.map((leader): Candidate => {
          const pairing = pairingOf(need, leader, facts)
          return {
            pairing,
            exclusions: exclusionsOf(pairing, context),
            daysShort: Math.max(0, need.days - (left.get(leader.id) ?? 0)),
            score: scoreOf(pairing, facts.settings),
          }
        })
        return [need.id, unlocksOfNeed(candidates)]
      }),
  )
}

function unlocksOfNeed(candidates: readonly Candidate[]): Unlock[] {
  const days = cheapest(candidates.filter(onlyShortOfDays), (one) => one.daysShort)
  const travel = cheapest(candidates.filter(onlyInTheWay('beyond-travel-limit')), (one) => one.pairing.miles ?? 0)
  const others = [...HINTS.keys()].map((code) => cheapest(candidates.filter(onlyInTheWay(code)), (one) => -one.score))
  const found = [days && moreDays(days), travel && fartherTravel(travel), ...others.map((one) => one && hintOf(one))]
  const unlocks = found.filter((unlock) => unlock !== undefined).slice(0, MOST_HINTS)
  return unlocks.length > 0 ? unlocks : nothingSingle(candidates)
}

function onlyShortOfDays({ exclusions, daysShort }: Candidate): boolean {
  return daysShort > 0 && exclusions.every(({ code }) => code === 'no-days')
}

function onlyInTheWay(wanted: ExclusionCode): (candidate: Candidate) => boolean {
  return ({ exclusions, daysShort }) => daysShort === 0 && exclusions.length === 1 && exclusions[0]?.code === wanted
}

function cheapest(candidates: readonly Candidate[], price: (one: Candidate) => number): Candidate | undefined {
  return candidates.toSorted((a, b) => price(a) - price(b) || b.score - a.score)[0]
}

function moreDays({ pairing, daysShort }: Candidate): Unlock {
  const words = `${daysShort === 0.5 ? 'half a day' : countOf(daysShort, 'more day', 'more days')} of ${pairing.leader.label}`
  return { code: 'days-used', leader: pairing.leader.id, words, amount: daysShort }
}

function fartherTravel({ pairing: { leader, miles } }: Candidate): Unlock {
  const amount = Math.ceil(miles ?? 0)
  const whose =
    leader.travelLimitMiles !== null && leader.travelLimitMiles < amount ? `the own limit of ${leader.label}` : ''
  const words = whose
    ? `raise ${whose} to ${amount} miles`
    : `raise the travel limit to ${amount} miles (${leader.label})`
  return { code: 'beyond-travel-limit', leader: leader.id, words, amount }
}

const HINTS: ReadonlyMap<ExclusionCode, (pairing: Pairing) => string> = new Map([
  ['forbidden', ({ leader }: Pairing) => `allow ${leader.label} again`],
  ['phase-not-covered', ({ leader }: Pairing) => `offer leaders of another phase (${leader.label})`],
  [
    'out-of-region-not-offered',
    ({ leader, need }: Pairing) => `${leader.label} agrees to work in ${need.school.region ?? 'this region'}`,
  ],
  ['same-authority', ({ leader }: Pairing) => `allow leaders of the same authority (${leader.label})`],
  ['same-diocese', ({ leader }: Pairing) => `allow leaders of the same diocese (${leader.label})`],
  ['conflict-declared', ({ leader }: Pairing) => `clear the interest declared by ${leader.label}, with a reason`],
])

function hintOf({ pairing, exclusions }: Candidate): Unlock | undefined {
  const code = exclusions[0]?.code
  const words = code && HINTS.get(code)?.(pairing)
  return code && words ? { code, leader: pairing.leader.id, words } : undefined
}

/** No single change is enough: say what stands in the way of the leader with the fewest reasons. */
function nothingSingle(candidates: readonly Candidate[]): Unlock[] {
  const nearest = cheapest(candidates, (one) => one.exclusions.length)
  if (!nearest) return []
  const reasons = nearest.exclusions.map(({ reason }) => reason.toLowerCase())
  if (nearest.daysShort > 0 && !nearest.exclusions.some(({ code }) => code === 'no-days')) reasons.push('days used')
  const words = `no single change would be enough; nearest is ${nearest.pairing.leader.label}: ${reasons.join(', ')}`
  return [{ code: nearest.exclusions[0]?.code ?? 'days-used', leader: nearest.pairing.leader.id, words }]
}
