import { accept, type Decision, type Refusal, refuse } from '../platform/decision.ts'
import type { ConstraintContext, Exclusion, ExclusionCode } from './hard-constraints.ts'
import { exclusionsOf } from './hard-constraints.ts'
import { findMatchedType, type MatchSettings, type Pairing, type PartId } from './match-facts.ts'
import { experienceInWords, prioritiesOf, type ScorePart, scoreOf, scoreParts } from './score.ts'

/** A score where the part has a weight, and always a note in words. */
export type Factor = { readonly points: number | null; readonly note: string }

/** The four things that matching weighs (TSI-069); a candidate shows them and a proposal keeps them. */
export type Factors = Readonly<Record<'capacity' | 'experience' | 'expertise' | 'priorities', Factor>>

/** What a proposal keeps of the choice, beside who and when. */
export type Rationale = {
  readonly score: number
  readonly miles: number | null
  readonly parts: readonly ScorePart[]
  readonly factors: Factors
  readonly matchedAs: string | null
  readonly overrideReason: string | null
  readonly typeReason: string | null
}

export const EXERCISE_REFUSAL: Refusal = {
  code: 'matching.exercise',
  message:
    'This is an exercise over real schools: it shows what matching would say and cannot be confirmed. Proposals are made in the invented England',
}

/** What an officer may set aside with a reason; ties and declared interests never, a leader who is not active never. */
const MAY_OVERRIDE: ReadonlySet<ExclusionCode> = new Set([
  'no-days',
  'beyond-travel-limit',
  'out-of-region-not-offered',
  'phase-not-covered',
  'forbidden',
])

export type ProposalAsk = {
  readonly pairing: Pairing
  readonly settings: MatchSettings
  readonly context: ConstraintContext
  readonly overrideReason: string
  readonly typeReason: string
}

/**
 * Whether this leader may be put forward for this school, and what is then kept. A leader without capacity needs an
 * override reason (TSI-069, TSI-075), a lower-ranked type the reason why none of the first is available (TSI-021), and a
 * declared interest refuses until it is cleared (TSI-090). Codes: `matching.exercise`, `matching.excluded`,
 * `matching.override-needed`, `matching.type-reason-needed`.
 */
export function decideProposal(ask: ProposalAsk): Decision<Rationale> {
  const { pairing, settings, context } = ask
  if (settings.exercise) return refuse(EXERCISE_REFUSAL)
  const exclusions = exclusionsOf(pairing, context)
  const type = findMatchedType(pairing.leader, settings.leaderTypes)
  const refusals = [...exclusionRefusals(pairing, exclusions, ask.overrideReason)]
  if (type?.reason && !ask.typeReason)
    refusals.push({
      code: 'matching.type-reason-needed',
      message: `${pairing.leader.label}: ${type.reason}`,
      field: 'typeReason',
    })
  if (refusals.length > 0) return refuse(...refusals)
  return accept({
    score: scoreOf(pairing, settings),
    miles: pairing.miles,
    parts: scoreParts(pairing, settings),
    factors: factorsOf(pairing, settings),
    matchedAs: type?.id ?? null,
    overrideReason: ask.overrideReason || null,
    typeReason: ask.typeReason || null,
  })
}

function exclusionRefusals({ leader }: Pairing, exclusions: readonly Exclusion[], reason: string): Refusal[] {
  return exclusions.flatMap((exclusion): Refusal[] => {
    const words = `${leader.label}: ${exclusion.reason.toLowerCase()} (${exclusion.evidence})`
    if (!MAY_OVERRIDE.has(exclusion.code)) return [{ code: 'matching.excluded', message: words, field: 'leader' }]
    if (reason) return []
    return [{ code: 'matching.override-needed', message: `${words}. Give a reason to go on`, field: 'reason' }]
  })
}

/** Free days, experience, expertise against the areas of need, and the region's priorities, each in points and words. */
export function factorsOf(pairing: Pairing, settings: MatchSettings): Factors {
  const parts = new Map(scoreParts(pairing, settings).map((part) => [part.part, part]))
  const { leader, need } = pairing
  const factor = (part: PartId, otherwise: string): Factor => ({
    points: parts.get(part)?.points ?? null,
    note: parts.get(part)?.why ?? otherwise,
  })
  const flags = prioritiesOf(need.school.region, settings).length
  return {
    capacity: {
      points: parts.get('capacity')?.points ?? null,
      note: capacityInWords(pairing),
    },
    experience: factor('experience', experienceInWords(pairing)),
    expertise: factor('expertise', leader.expertise ? 'Not weighed in this scenario' : 'Expertise is not held'),
    priorities: factor(
      'priority',
      flags ? 'Not weighed in this scenario' : 'No priorities are recorded for the region',
    ),
  }
}

/** "No capacity: 0 of 8 days free", "Not enough: 4 of 10 days free, 5 needed", "5 of 10 days free" (TSI-069). */
function capacityInWords({ leader, need }: Pairing): string {
  const free = freeInWords({ leader, need })
  if (!leader.freeDays) return `No capacity: ${free}`
  return leader.freeDays < need.days ? `Not enough: ${free}` : free
}

/** The balance behind it, with what is needed where that is more. */
export function freeInWords({ leader, need }: Pick<Pairing, 'leader' | 'need'>): string {
  if (leader.freeDays === null) return 'availability in this period is not held'
  const short = leader.freeDays < need.days ? `, ${need.days} needed` : ''
  return `${leader.freeDays} of ${leader.offeredDays ?? leader.freeDays} days free${short}`
}
