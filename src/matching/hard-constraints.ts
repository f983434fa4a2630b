import {
  type LeaderNeedPair,
  type MatchFacts,
  type MatchSettings,
  type Pairing,
  pairKey,
  phaseCover,
  type TieKind,
  travelLimitOf,
} from './match-facts.ts'
import { milesInWords } from './score.ts'

/** Why a leader is not offered to a school, in words, with the fact that says so. */
export type Exclusion = { readonly code: ExclusionCode; readonly reason: string; readonly evidence: string }

export type ExclusionCode =
  | 'not-active'
  | 'same-school'
  | 'same-trust'
  | 'conflict-declared'
  | 'forbidden'
  | 'no-days'
  | 'beyond-travel-limit'
  | 'out-of-region-not-offered'
  | 'phase-not-covered'
  | 'same-authority'
  | 'same-diocese'

/** What the predicates ask beside the pair itself, indexed once for all pairs. */
export type ConstraintContext = {
  readonly settings: MatchSettings
  readonly forbidden: ReadonlySet<string>
  readonly cleared: ReadonlySet<string>
}

type Constraint = {
  readonly code: ExclusionCode
  readonly excludes: (pairing: Pairing, context: ConstraintContext) => boolean
  readonly tell: (pairing: Pairing, context: ConstraintContext) => { reason: string; evidence: string }
}

export function constraintContext(facts: Pick<MatchFacts, 'settings' | 'forbidden' | 'cleared'>): ConstraintContext {
  const keys = (pairs: readonly LeaderNeedPair[]) => new Set(pairs.map(({ need, leader }) => pairKey(need, leader)))
  return { settings: facts.settings, forbidden: keys(facts.forbidden), cleared: keys(facts.cleared) }
}

/** All reasons why a pair may not be made; none means that it may. Two facts that are not held never agree. */
export function exclusionsOf(pairing: Pairing, context: ConstraintContext): Exclusion[] {
  return CONSTRAINTS.filter(({ excludes }) => excludes(pairing, context)).map(({ code, tell }) => ({
    code,
    ...tell(pairing, context),
  }))
}

export function isExcluded(pairing: Pairing, context: ConstraintContext): boolean {
  return CONSTRAINTS.some(({ excludes }) => excludes(pairing, context))
}

function sameSchool(pairing: Pairing): boolean {
  return isTied(pairing, 'same-school')
}

function sameTrust(pairing: Pairing): boolean {
  return isTied(pairing, 'same-trust')
}

/** TSI-090: a recorded interest refuses the pair until it is cleared with a reason. */
function conflictDeclared(pairing: Pairing, { cleared }: ConstraintContext): boolean {
  return isTied(pairing, 'declared-interest') && !cleared.has(pairKey(pairing.need.id, pairing.leader.id))
}

/** Availability that is not held is no availability: a promise of unknown days cannot be kept. */
function noDays({ need, leader }: Pairing): boolean {
  return (leader.freeDays ?? 0) < need.days
}

function beyondTravelLimit({ leader, miles }: Pairing, { settings }: ConstraintContext): boolean {
  return miles !== null && miles > travelLimitOf(leader, settings.limits)
}

function outOfRegionNotOffered({ need, leader }: Pairing, { settings }: ConstraintContext): boolean {
  const out = isOutOfRegion({ need, leader })
  return out && (!leader.worksOutOfRegion || settings.limits.homeRegionOnly)
}

/** The home region of the leader is another than the school's; false where one of them is not held. */
export function isOutOfRegion({ need, leader }: Pick<Pairing, 'need' | 'leader'>): boolean {
  return need.school.region !== null && leader.region !== null && need.school.region !== leader.region
}

function phaseNotCovered({ need, leader }: Pairing, { settings }: ConstraintContext): boolean {
  return settings.limits.phaseRequired && phaseCover(need.school, leader.phases) === 0
}

function sameAuthority(pairing: Pairing, { settings }: ConstraintContext): boolean {
  return settings.limits.sameAuthority && isTied(pairing, 'same-authority')
}

function sameDiocese(pairing: Pairing, { settings }: ConstraintContext): boolean {
  return settings.limits.sameDiocese && isTied(pairing, 'same-diocese')
}

function isTied({ ties }: Pairing, kind: TieKind): boolean {
  return ties.conflicts.some((tie) => tie.kind === kind)
}

/** The path through the register and its source, as the roster found it. */
function pathOf({ ties }: Pairing, kind: TieKind): string {
  const found = ties.conflicts.filter((tie) => tie.kind === kind)
  return found.map(({ path, source }) => `${path} (${source})`).join('; ')
}

/** The order is that of the telling: who the leader is, then whose, then what was decided, then reach. */
const CONSTRAINTS: readonly Constraint[] = [
  {
    code: 'not-active',
    excludes: ({ leader }) => !leader.active,
    tell: () => ({ reason: 'Not on the active roster', evidence: "The leader's standing on the roster" }),
  },
  {
    code: 'same-school',
    excludes: sameSchool,
    tell: (pairing) => ({ reason: 'Leads this school', evidence: pathOf(pairing, 'same-school') }),
  },
  {
    code: 'same-trust',
    excludes: sameTrust,
    tell: (pairing) => ({ reason: 'Belongs to the same trust', evidence: pathOf(pairing, 'same-trust') }),
  },
  {
    code: 'conflict-declared',
    excludes: conflictDeclared,
    tell: (pairing) => ({ reason: 'Conflict declared', evidence: pathOf(pairing, 'declared-interest') }),
  },
  {
    code: 'forbidden',
    excludes: ({ need, leader }, { forbidden }) => forbidden.has(pairKey(need.id, leader.id)),
    tell: () => ({
      reason: 'Forbidden in this scenario',
      evidence: 'A decision of this scenario, which can be undone',
    }),
  },
  {
    code: 'no-days',
    excludes: noDays,
    tell: ({ need, leader }) => ({
      reason: leader.freeDays ? 'Not enough free days' : 'No capacity',
      evidence:
        leader.freeDays === null
          ? 'Availability in this period is not held'
          : `${leader.freeDays} of ${leader.offeredDays ?? leader.freeDays} days free, ${need.days} needed`,
    }),
  },
  {
    code: 'beyond-travel-limit',
    excludes: beyondTravelLimit,
    tell: ({ leader, miles }, { settings }) => ({
      reason: 'Beyond the travel limit',
      evidence: `${milesInWords(miles)} in a straight line; ${ownLimit(leader, settings) ? "the leader's own limit" : 'the limit'} is ${travelLimitOf(leader, settings.limits)}`,
    }),
  },
  {
    code: 'out-of-region-not-offered',
    excludes: outOfRegionNotOffered,
    tell: ({ need, leader }) => ({
      reason: leader.worksOutOfRegion ? 'Home regions only in this scenario' : 'Does not work outside the home region',
      evidence: `Home region ${leader.region}; the school is in ${need.school.region}`,
    }),
  },
  {
    code: 'phase-not-covered',
    excludes: phaseNotCovered,
    tell: ({ need, leader }) => ({
      reason: 'Does not know the phase',
      evidence: `Knows ${leader.phases?.join(', ') || 'none'}; the school is ${need.school.phase}`,
    }),
  },
  {
    code: 'same-authority',
    excludes: sameAuthority,
    tell: (pairing) => ({ reason: 'Works in the same authority', evidence: pathOf(pairing, 'same-authority') }),
  },
  {
    code: 'same-diocese',
    excludes: sameDiocese,
    tell: (pairing) => ({ reason: 'Belongs to the same diocese', evidence: pathOf(pairing, 'same-diocese') }),
  },
]

function ownLimit(leader: Pairing['leader'], { limits }: MatchSettings): boolean {
  return leader.travelLimitMiles !== null && leader.travelLimitMiles < limits.travelMiles
}
