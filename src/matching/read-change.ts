import { accept, type Decision, type Refusal, refuse } from '../platform/decision.ts'
import { type RouteRequest, textOf, textsOf } from '../platform/web/route.ts'
import type { Change } from './change-scenario.ts'
import { type Limits, PART_IDS, type PartId, type Weights } from './match-facts.ts'

type Body = RouteRequest['body']

const PAIR_KINDS = ['lock', 'forbid', 'clear', 'release'] as const
type PairKind = (typeof PAIR_KINDS)[number]

/** A button of the page says all in one value, `lock:123:Leader 004`; the API gives `kind`, `need` and `leader`. */
export function readPairChange(body: Body): Decision<Change> {
  const [kind = '', need = '', ...leader] = textOf(body, 'do').split(':')
  const asked = textOf(body, 'do')
    ? { kind, need, leader: leader.join(':') }
    : { kind: textOf(body, 'kind'), need: textOf(body, 'need'), leader: textOf(body, 'leader') }
  const known = PAIR_KINDS.find((one): one is PairKind => one === asked.kind)
  if (!known)
    return refuse(
      wrong('kind', `There is no decision “${asked.kind}”: lock, forbid, clear, release, weights, limits or need`),
    )
  if (!/^\d+$/.test(asked.need) || !asked.leader) return refuse(wrong('need', 'Name the school and the leader'))
  const decision = { kind: known, pair: { need: asked.need, leader: asked.leader } }
  return accept({ decision, reason: textOf(body, 'reason') })
}

/** Weights from 0 to 1000 by part, in points with at most two decimals; a part that is not sent keeps its weight. */
export function readWeights(body: Body, present: Weights): Decision<Change> {
  const refusals: Refusal[] = []
  const weightOf = (part: PartId): number => {
    const text = fieldText(body, part)
    if (text === undefined) return present[part]
    const weight = Number(text)
    const good = text !== '' && weight >= 0 && weight <= 1000 && Number(weight.toFixed(2)) === weight
    if (!good) refusals.push(wrong(part, `The weight of ${part} must be a number from 0 to 1000`))
    return weight
  }
  const weights: Weights = {
    expertise: weightOf('expertise'),
    experience: weightOf('experience'),
    capacity: weightOf('capacity'),
    priority: weightOf('priority'),
    distance: weightOf('distance'),
    'leader-type': weightOf('leader-type'),
  }
  if (refusals.length === 0 && PART_IDS.every((part) => weights[part] === 0))
    refusals.push(wrong('expertise', 'At least one weight must be above 0'))
  return refusals.length > 0 ? refuse(...refusals) : accept({ decision: { kind: 'weights', weights } })
}

/** Limits of a form: a box that is not ticked is not sent, and means no. */
export function readLimits(body: Body, present: Limits): Decision<Change> {
  const text = fieldText(body, 'travelMiles')
  const travelMiles = text === undefined ? present.travelMiles : Number(text)
  if (!(travelMiles >= 1 && travelMiles <= 500))
    return refuse(wrong('travelMiles', 'The travel limit must be a number of miles from 1 to 500'))
  const ticked = new Set(textsOf(body, 'switches'))
  const limits = {
    travelMiles,
    homeRegionOnly: ticked.has('homeRegionOnly'),
    phaseRequired: ticked.has('phaseRequired'),
    sameAuthority: ticked.has('sameAuthority'),
    sameDiocese: ticked.has('sameDiocese'),
  }
  return accept({ decision: { kind: 'limits', limits } })
}

/** Days, priority and areas of one school. Areas of a real school are never taken (design, section 5). */
export function readNeedChange(
  body: Body,
  need: string,
  { exercise, known }: { exercise: boolean; known: readonly string[] },
): Decision<Change> {
  const days = Number(fieldText(body, 'days') || Number.NaN)
  const priority = Number(fieldText(body, 'priority') || Number.NaN)
  const areas = textsOf(body, 'areas').filter((area) => area !== '')
  const refusals: Refusal[] = []
  if (!(Number.isInteger(days * 2) && days > 0 && days <= 200))
    refusals.push(wrong('days', 'Days must be a number of days or half days, like 7.5'))
  if (!(Number.isInteger(priority) && priority >= 0 && priority <= 1000))
    refusals.push(wrong('priority', 'Priority must be a whole number from 0 to 1000'))
  if (exercise && areas.length > 0)
    refusals.push({ code: 'matching.exercise', message: 'No areas of need are kept for a real school', field: 'areas' })
  const unknown = areas.find((area) => !known.includes(area))
  if (unknown) refusals.push(wrong('areas', `There is no focus area “${unknown}”`))
  if (refusals.length > 0) return refuse(...refusals)
  return accept({ decision: { kind: 'need', need, values: { days, priority, areas: exercise ? null : areas } } })
}

function wrong(field: string, message: string): Refusal {
  return { code: 'matching.wrong', message, field }
}

/** Text of a field, or of a number in a JSON body; undefined when it is not sent. */
function fieldText(body: Body, name: string): string | undefined {
  const value = body[name]
  if (value === undefined) return undefined
  return typeof value === 'number' ? String(value) : textOf(body, name)
}
