import type { Pack } from '../programmes/index.ts'
import { type LeaderType, type Limits, PART_IDS, type PartId, type Weights } from './match-facts.ts'

/** Ours, where a pack gives no limit: the longest line between two places in England is shorter. */
const NO_TRAVEL_LIMIT_MILES = 500

/** What a scenario of this programme begins with. Throws when the pack weighs a part that the engine does not know. */
export function startOf(pack: Pack): { weights: Weights; limits: Limits } {
  const { weights = {}, limits = {}, conflicts = {} } = pack.matching ?? {}
  const unknown = Object.keys(weights).find((id) => !PART_IDS.some((part) => part === id))
  if (unknown) throw new Error(`The pack weighs "${unknown}"; matching knows ${PART_IDS.join(', ')}`)
  const weightOf = (part: PartId): number => weights[part]?.weight ?? 0
  return {
    weights: {
      expertise: weightOf('expertise'),
      experience: weightOf('experience'),
      capacity: weightOf('capacity'),
      priority: weightOf('priority'),
      distance: weightOf('distance'),
      'leader-type': weightOf('leader-type'),
    },
    limits: {
      travelMiles: limits.travel?.value ?? NO_TRAVEL_LIMIT_MILES,
      homeRegionOnly: false,
      phaseRequired: false,
      sameAuthority: conflicts['same-authority']?.active ?? false,
      sameDiocese: conflicts.diocese?.active ?? false,
    },
  }
}

export function leaderTypesOf(pack: Pack): LeaderType[] {
  return pack.matching?.['leader-types'].types.map((type) => ({ ...type })) ?? []
}

/** Days that a school gets when nobody says otherwise: the first entitlement that is counted in days. */
export function usualDaysOf(pack: Pack): number {
  const inDays = Object.values(pack.entitlements ?? {}).find(({ unit }) => unit === 'day')
  return inDays?.grant ?? 1
}
