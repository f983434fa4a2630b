import { countOf } from '../platform/words.ts'
import {
  findMatchedType,
  type LeaderType,
  type MatchSettings,
  PART_IDS,
  type Pairing,
  type PartId,
  phaseCover,
} from './match-facts.ts'

/** One part of a score: points in hundredths of a point at most `weight`, and the facts behind them in words. */
export type ScorePart = {
  readonly part: PartId
  readonly title: string
  readonly points: number
  readonly weight: number
  /** False where an exercise may not look: the part then gives nothing to anybody. */
  readonly used: boolean
  readonly why: string
}

export const PART_TITLES: Readonly<Record<PartId, string>> = {
  expertise: 'Expertise',
  experience: 'Experience',
  capacity: 'Capacity left',
  priority: 'Regional priority',
  distance: 'Distance',
  'leader-type': 'Leader type',
}

const NOT_IN_EXERCISE = 'Not used in an exercise: no areas of need are held for a real school'

// Phase is certain from the roster; a record of deployments is a lesser sign, and full at three (our setting).
const PHASE_SHARE = 0.8
const DEPLOYMENTS_FOR_FULL_SHARE = 3

/** From 0 to 1: how much of a part's weight a pair earns. What is not held earns nothing, and the words say so. */
type Part = {
  readonly share: (pairing: Pairing, settings: MatchSettings) => number
  readonly why: (pairing: Pairing, settings: MatchSettings) => string
}

const PARTS: Readonly<Record<PartId, Part>> = {
  expertise: {
    share: ({ need, leader }, { exercise }) => (exercise ? 0 : shareCovered(need.areas, leader.expertise)),
    why: ({ need, leader }, settings) =>
      settings.exercise
        ? NOT_IN_EXERCISE
        : coverageInWords(need.areas, leader.expertise, ['area of need', 'areas of need'], settings),
  },
  experience: { share: experienceShare, why: experienceInWords },
  capacity: {
    share: ({ need, leader }) => (leader.freeDays ? Math.max(0, leader.freeDays - need.days) / leader.freeDays : 0),
    why: ({ need, leader }) =>
      leader.freeDays === null
        ? 'Free days are not held'
        : `${countOf(Math.max(0, leader.freeDays - need.days), 'day')} of ${leader.freeDays} free would be left`,
  },
  priority: {
    share: ({ need, leader }, settings) =>
      settings.exercise ? 0 : shareCovered(prioritiesOf(need.school.region, settings), leader.expertise),
    why: ({ need, leader }, settings) =>
      settings.exercise
        ? 'Not used in an exercise'
        : coverageInWords(
            prioritiesOf(need.school.region, settings),
            leader.expertise,
            ['priority', 'priorities'],
            settings,
          ),
  },
  distance: {
    share: ({ miles }, { limits }) => (miles === null ? 0 : Math.max(0, 1 - miles / limits.travelMiles)),
    why: ({ miles }, { limits }) =>
      miles === null
        ? 'Distance is not held: a place on the map is missing'
        : `${milesInWords(miles)}; nothing at ${limits.travelMiles} miles`,
  },
  'leader-type': {
    share: ({ leader }, { leaderTypes }) => rankShare(findMatchedType(leader, leaderTypes), leaderTypes),
    why: ({ leader }, { leaderTypes }) =>
      findMatchedType(leader, leaderTypes)?.name ?? 'The programme does not rank this type of leader',
  },
}

/** The score of a pair in points with two decimals: exactly the sum of its parts. */
export function scoreOf(pairing: Pairing, settings: MatchSettings): number {
  let hundredths = 0
  for (const part of PART_IDS) hundredths += hundredthsOf(part, pairing, settings)
  return hundredths / 100
}

/** The parts behind `scoreOf`, those with a weight, in the order of PART_IDS (TSI-069). */
export function scoreParts(pairing: Pairing, settings: MatchSettings): ScorePart[] {
  return PART_IDS.filter((part) => settings.weights[part] > 0).map((part) => ({
    part,
    title: PART_TITLES[part],
    points: hundredthsOf(part, pairing, settings) / 100,
    weight: settings.weights[part],
    used: isUsed(part, settings),
    why: PARTS[part].why(pairing, settings),
  }))
}

/** Areas of need and what regions put first are never used over real schools (design, section 5). */
export function isUsed(part: PartId, { exercise }: Pick<MatchSettings, 'exercise'>): boolean {
  return !(exercise && (part === 'expertise' || part === 'priority'))
}

/** Adds points without the drift of binary fractions. */
export function sumPoints(points: Iterable<number>): number {
  let hundredths = 0
  for (const one of points) hundredths += Math.round(one * 100)
  return hundredths / 100
}

export function milesInWords(miles: number | null): string {
  if (miles === null) return 'distance not held'
  return miles < 0.5 ? 'less than a mile' : countOf(Math.round(miles), 'mile')
}

/** The areas that a region puts first; an empty list where none are held. */
export function prioritiesOf(region: string | null, settings: MatchSettings): readonly string[] {
  return (region === null ? undefined : settings.regionPriorities[region]) ?? []
}

function hundredthsOf(part: PartId, pairing: Pairing, settings: MatchSettings): number {
  const weight = settings.weights[part]
  return weight > 0 ? Math.round(weight * PARTS[part].share(pairing, settings) * 100) : 0
}

function shareCovered(wanted: readonly string[] | null, expertise: readonly string[] | null): number {
  if (!wanted?.length || !expertise) return 0
  return wanted.filter((area) => expertise.includes(area)).length / wanted.length
}

function coverageInWords(
  wanted: readonly string[] | null,
  expertise: readonly string[] | null,
  [one, several]: readonly [string, string],
  { areaNames }: MatchSettings,
): string {
  if (!wanted?.length) return `No ${several} are recorded`
  if (!expertise) return 'Expertise is not held'
  const covered = wanted.filter((area) => expertise.includes(area))
  const all = countOf(wanted.length, one, several)
  if (covered.length === 0) return `None of ${all}: ${namesOf(wanted, areaNames)}`
  return `${covered.length} of ${all}: ${namesOf(covered, areaNames)}`
}

export function namesOf(areas: readonly string[], areaNames: Readonly<Record<string, string>>): string {
  return areas.map((area) => areaNames[area] ?? area).join(', ')
}

function experienceShare({ need, leader }: Pairing): number {
  const deployments = Math.min(1, (leader.deployments ?? 0) / DEPLOYMENTS_FOR_FULL_SHARE)
  return PHASE_SHARE * (phaseCover(need.school, leader.phases) ?? 0) + (1 - PHASE_SHARE) * deployments
}

export function experienceInWords({ need, leader }: Pick<Pairing, 'need' | 'leader'>): string {
  const earlier =
    leader.deployments === null
      ? 'no earlier deployments are held yet'
      : countOf(leader.deployments, 'earlier deployment')
  const words = `${phaseInWords({ need, leader })}; ${earlier}`
  return words[0]?.toUpperCase() + words.slice(1)
}

function phaseInWords({ need, leader }: Pick<Pairing, 'need' | 'leader'>): string {
  if (!leader.phases?.length) return "The leader's phases are not held"
  const knows = `knows ${leader.phases.join(', ')}`
  switch (phaseCover(need.school, leader.phases)) {
    case null:
      return `${knows}; the register gives no phase for the school`
    case 1:
      return `${knows}, the school's phase`
    case 0:
      return `${knows}, not the school's phase (${need.school.phase})`
    default:
      return `${knows}, part of the school's phase (${need.school.phase})`
  }
}

function rankShare(type: LeaderType | undefined, types: readonly LeaderType[]): number {
  const last = Math.max(...types.map((one) => one.rank))
  const first = Math.min(...types.map((one) => one.rank))
  return type === undefined || last === first ? 0 : (last - type.rank) / (last - first)
}
