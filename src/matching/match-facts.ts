/** British National Grid, metres. */
export type Place = { readonly easting: number; readonly northing: number }

/** What matching may know of a school: published facts. Null is "not held" and never "none". */
export type SchoolFacts = {
  readonly id: number
  readonly urn: number | null
  readonly name: string
  /** In the register's words, such as "Primary" or "All-through". */
  readonly phase: string | null
  readonly authority: string | null
  readonly region: string | null
  readonly trust: string | null
  readonly place: Place | null
}

/** One school's need: `days` in halves, `priority` a whole number (larger first), areas as ids of the pack's focus areas. */
export type NeedFacts = {
  readonly id: string
  readonly school: SchoolFacts
  readonly days: number
  readonly priority: number
  /** Null: not used, because the school is real and nobody's concerns about it are held (design, section 5). */
  readonly areas: readonly string[] | null
}

export type LeaderFacts = {
  readonly id: string
  /** Counts every change of the leader, the days or the interests. */
  readonly version: number
  /** A name, or "Leader 014" in an exercise. */
  readonly label: string
  /** Ids of leader types; a match is made as one of them (TSI-194). */
  readonly types: readonly string[]
  readonly active: boolean
  readonly region: string | null
  readonly worksOutOfRegion: boolean
  /** The leader's own limit; null: none was given. */
  readonly travelLimitMiles: number | null
  readonly phases: readonly string[] | null
  readonly expertise: readonly string[] | null
  /** Where journeys begin, in words and on the map. */
  readonly base: string | null
  readonly place: Place | null
  readonly organisation: string | null
  /** Days offered and still free in the period of the scenario; null: availability is not held. */
  readonly offeredDays: number | null
  readonly freeDays: number | null
  /** Finished and running deployments; null: none are recorded anywhere yet. */
  readonly deployments: number | null
}

/** What ties a leader to a school, with the path through the register, and which facts are missing to say "none". */
export type Ties = {
  readonly conflicts: readonly { readonly kind: TieKind; readonly path: string; readonly source: string }[]
  readonly notHeld: readonly string[]
}
export type TieKind = 'same-school' | 'same-trust' | 'declared-interest' | 'same-authority' | 'same-diocese'

export const NO_TIES: Ties = { conflicts: [], notHeld: [] }

/** The closed set of what a score is made of. A pack names which of them count, and how much. */
export const PART_IDS = ['expertise', 'experience', 'capacity', 'priority', 'distance', 'leader-type'] as const
export type PartId = (typeof PART_IDS)[number]
export type Weights = Readonly<Record<PartId, number>>

export type LeaderType = {
  readonly id: string
  readonly name: string
  readonly rank: number
  /** The question that must be answered when this type is proposed (TSI-021). */
  readonly reason?: string | undefined
}

/** What an officer may change in a scenario. Limits exclude; weights only rank. */
export type Limits = {
  readonly travelMiles: number
  readonly homeRegionOnly: boolean
  readonly phaseRequired: boolean
  readonly sameAuthority: boolean
  readonly sameDiocese: boolean
}

export type MatchSettings = {
  readonly exercise: boolean
  readonly weights: Weights
  readonly limits: Limits
  readonly leaderTypes: readonly LeaderType[]
  /** Names of the focus areas by id. */
  readonly areaNames: Readonly<Record<string, string>>
  /** The areas that each region puts first in this period. */
  readonly regionPriorities: Readonly<Record<string, readonly string[]>>
}

export type LeaderNeedPair = { readonly need: string; readonly leader: string }

/** Everything that a match is worked out from. The order of both lists breaks ties. */
export type MatchFacts = {
  readonly needs: readonly NeedFacts[]
  readonly leaders: readonly LeaderFacts[]
  readonly tiesOf: (need: NeedFacts, leader: LeaderFacts) => Ties
  readonly settings: MatchSettings
  readonly locked: readonly LeaderNeedPair[]
  readonly forbidden: readonly LeaderNeedPair[]
  /** Declared interests that an officer cleared with a reason (TSI-090). */
  readonly cleared: readonly LeaderNeedPair[]
}

/** A leader beside a need, with the straight line between them and what ties them. */
export type Pairing = {
  readonly need: NeedFacts
  readonly leader: LeaderFacts
  readonly miles: number | null
  readonly ties: Ties
}

const METRES_IN_A_MILE = 1609.344

export function pairingOf(need: NeedFacts, leader: LeaderFacts, { tiesOf }: Pick<MatchFacts, 'tiesOf'>): Pairing {
  return { need, leader, miles: milesBetween(leader.place, need.school.place), ties: tiesOf(need, leader) }
}

/** Straight line on the grid, at most 0.4 % from the true distance within England; null when a place is not held. */
function milesBetween(from: Place | null, to: Place | null): number | null {
  if (!from || !to) return null
  return Math.hypot(from.easting - to.easting, from.northing - to.northing) / METRES_IN_A_MILE
}

const KNOWN_BY: Readonly<Record<string, readonly string[]>> = {
  Nursery: ['nursery'],
  Primary: ['primary', 'all-through'],
  'Middle deemed primary': ['middle', 'primary', 'all-through'],
  Secondary: ['secondary', 'all-through'],
  'Middle deemed secondary': ['middle', 'secondary', 'all-through'],
  '16 plus': ['16 plus'],
}

/**
 * How far a leader's phases cover a school's, 0 to 1; half for one of the two phases of an all-through school. Null when
 * the phase of the school ("Not applicable" for a special school) or of the leader is not held.
 */
export function phaseCover(school: SchoolFacts, phases: LeaderFacts['phases']): number | null {
  if (!phases?.length || school.phase === null) return null
  if (school.phase === 'All-through')
    return phases.includes('all-through')
      ? 1
      : ['primary', 'secondary'].filter((one) => phases.includes(one)).length / 2
  const known = KNOWN_BY[school.phase]
  return known ? Number(phases.some((phase) => known.includes(phase))) : null
}

/** The nearer of the scenario's limit and the leader's own, in miles. */
export function travelLimitOf(leader: LeaderFacts, limits: Limits): number {
  return Math.min(limits.travelMiles, leader.travelLimitMiles ?? limits.travelMiles)
}

/** The type as which a leader is matched: the one that the pack ranks first; undefined when it knows none of them. */
export function findMatchedType(leader: LeaderFacts, leaderTypes: readonly LeaderType[]): LeaderType | undefined {
  return leaderTypes.filter((type) => leader.types.includes(type.id)).sort((a, b) => a.rank - b.rank)[0]
}

/** A pair as one text; a JSON pair cannot be mistaken for another, whatever the ids hold. */
export function pairKey(need: string, leader: string): string {
  return JSON.stringify([need, leader])
}
