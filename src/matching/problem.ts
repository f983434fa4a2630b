import { z } from 'zod'
import { accept, type Decision, type Refusal, refuse } from '../platform/decision.ts'

/** A school's need for support: `days` in halves and above 0, `priority` a whole number (larger is more important). */
export type Need = { readonly id: string; readonly days: number; readonly priority: number }

/** A leader's free capacity: `days` in halves, 0 or more. */
export type LeaderCapacity = { readonly id: string; readonly days: number }

/** A leader who may serve a need. `score` has at most two decimals and may be below 0; larger is better. */
export type Option = { readonly need: string; readonly leader: string; readonly score: number }

export type Pair = { readonly need: string; readonly leader: string }

/** A matching problem whose references, units and locks hold. The order of `options` is the order that breaks ties. */
export type Problem = {
  readonly needs: readonly Need[]
  readonly leaders: readonly LeaderCapacity[]
  readonly options: readonly Option[]
  readonly locks: readonly Pair[]
}

export type UnmetNeed = { readonly need: string; readonly reason: string }

/**
 * The answer of the solver. `bound` is the least proven upper bound of `score` among all assignments that reach
 * `priorityMet`; it equals `score` when `status` is `optimal`. Scores are in the unit of the input, `millis` whole.
 */
export type Solution = {
  readonly status: 'optimal' | 'feasible'
  readonly priorityMet: number
  readonly score: number
  readonly bound: number
  readonly assignments: readonly Pair[]
  readonly unmet: readonly UnmetNeed[]
  readonly millis: number
}

// Limits that keep every sum an exact whole number in a double and the solver's tolerances meaningful.
const MOST_DAYS = 100_000
const LARGEST_PRIORITY = 1_000_000
const LARGEST_SCORE = 1_000_000

const identifier = z.string('must be text').min(1, 'must not be empty')
const halfDays = z
  .number('must be a finite number')
  .max(MOST_DAYS, `must be at most ${MOST_DAYS}`)
  .refine((days) => Number.isInteger(days * 2), 'must be in halves, such as 2 or 2.5')

const ROW_SCHEMAS = {
  needs: z.object({
    id: identifier,
    days: halfDays.positive('must be more than 0'),
    priority: z
      .number('must be a finite number')
      .int('must be a whole number')
      .min(0, 'must be 0 or more')
      .max(LARGEST_PRIORITY, `must be at most ${LARGEST_PRIORITY}`),
  }),
  leaders: z.object({ id: identifier, days: halfDays.min(0, 'must be 0 or more') }),
  options: z.object({
    need: identifier,
    leader: identifier,
    score: z
      .number('must be a finite number')
      .min(-LARGEST_SCORE, `must be at least -${LARGEST_SCORE}`)
      .max(LARGEST_SCORE, `must be at most ${LARGEST_SCORE}`)
      .refine((score) => Number(score.toFixed(2)) === score, 'must have at most two decimals'),
  }),
  locks: z.object({ need: identifier, leader: identifier }),
}

/** A good row with the place where it stood, so that a refusal can point there. */
type Placed<T> = { readonly row: T; readonly place: string }

/**
 * Reads a problem from untrusted input, such as a JSON file: `{ needs, leaders, options, locks? }`.
 *
 * Answers every refusal at once, each with its place (`options[12].leader`). Codes: `problem.shape` (a wrong type or unit),
 * `problem.duplicate-id`, `problem.duplicate-option`, `problem.unknown-need`, `problem.unknown-leader`,
 * `problem.lock-without-option`, `problem.conflicting-lock` (one need locked to two leaders), `problem.locks-exceed-days`.
 * Locks that cannot hold together are refused here, so a parsed problem always has an answer. A repeated lock counts once.
 */
export function parseProblem(input: unknown): Decision<Problem> {
  const lists = z.record(z.string(), z.unknown()).safeParse(input)
  if (!lists.success) return refuse({ code: 'problem.shape', message: 'The problem must be a JSON object' })

  const refusals: Refusal[] = []
  const needs = readRows(lists.data, 'needs', ROW_SCHEMAS.needs, refusals)
  const leaders = readRows(lists.data, 'leaders', ROW_SCHEMAS.leaders, refusals)
  const options = readRows(lists.data, 'options', ROW_SCHEMAS.options, refusals)
  const locks = readRows({ locks: [], ...lists.data }, 'locks', ROW_SCHEMAS.locks, refusals)

  // A row that is wrong in its days still names a need or leader, so the references to it are not refused too.
  const needIds = idsOf(lists.data.needs)
  const leaderIds = idsOf(lists.data.leaders)
  refusals.push(...duplicateIds('needs', needIds), ...duplicateIds('leaders', leaderIds))
  refusals.push(...unknownIds(options, new Set(needIds), new Set(leaderIds)))
  refusals.push(...unknownIds(locks, new Set(needIds), new Set(leaderIds)))
  refusals.push(...duplicateOptions(options))
  refusals.push(...impossibleLocks(locks, options, needs, leaders))
  if (refusals.length > 0) return refuse(...refusals)

  const lockOfNeed = new Map(locks.map(({ row }) => [row.need, row]))
  return accept({
    needs: needs.map(({ row }) => row),
    leaders: leaders.map(({ row }) => row),
    options: options.map(({ row }) => row),
    locks: [...lockOfNeed.values()],
  })
}

function readRows<T>(
  lists: Record<string, unknown>,
  name: string,
  schema: z.ZodType<T>,
  refusals: Refusal[],
): Placed<T>[] {
  const list = z.array(z.unknown()).safeParse(lists[name])
  if (!list.success) {
    refusals.push({ code: 'problem.shape', message: `${name} must be a list`, field: name })
    return []
  }
  return list.data.flatMap((value, index) => {
    const place = `${name}[${index}]`
    const parsed = schema.safeParse(value)
    if (parsed.success) return [{ row: parsed.data, place }]
    for (const issue of parsed.error.issues) {
      const field = [place, ...issue.path].join('.')
      refusals.push({ code: 'problem.shape', message: `${field} ${issue.message}`, field })
    }
    return []
  })
}

const named = z.object({ id: identifier })

/** The id at each place of a list, undefined where a row has none. */
function idsOf(list: unknown): (string | undefined)[] {
  return Array.isArray(list) ? list.map((row: unknown) => named.safeParse(row).data?.id) : []
}

function duplicateIds(name: string, ids: readonly (string | undefined)[]): Refusal[] {
  const seen = new Set<string>()
  return ids.flatMap((id, index) => {
    if (id === undefined) return []
    const field = `${name}[${index}].id`
    if (seen.has(id)) return [{ code: 'problem.duplicate-id', message: `${field} repeats the id “${id}”`, field }]
    seen.add(id)
    return []
  })
}

function unknownIds(
  rows: readonly Placed<Pair>[],
  needs: ReadonlySet<string | undefined>,
  leaders: ReadonlySet<string | undefined>,
): Refusal[] {
  return rows.flatMap(({ row, place }) => {
    const refusals: Refusal[] = []
    if (!needs.has(row.need)) {
      const field = `${place}.need`
      refusals.push({ code: 'problem.unknown-need', message: `${field} names no need: “${row.need}”`, field })
    }
    if (!leaders.has(row.leader)) {
      const field = `${place}.leader`
      refusals.push({ code: 'problem.unknown-leader', message: `${field} names no leader: “${row.leader}”`, field })
    }
    return refusals
  })
}

function duplicateOptions(options: readonly Placed<Option>[]): Refusal[] {
  const seen = new Set<string>()
  return options.flatMap(({ row, place }) => {
    const key = pairKey(row)
    if (seen.has(key)) {
      const message = `${place} repeats the option of “${row.need}” with “${row.leader}”`
      return [{ code: 'problem.duplicate-option', message, field: place }]
    }
    seen.add(key)
    return []
  })
}

function impossibleLocks(
  locks: readonly Placed<Pair>[],
  options: readonly Placed<Option>[],
  needs: readonly Placed<Need>[],
  leaders: readonly Placed<LeaderCapacity>[],
): Refusal[] {
  const refusals: Refusal[] = []
  const offered = new Set(options.map(({ row }) => pairKey(row)))
  const leaderOfNeed = new Map<string, string>()
  const daysLeft = new Map(leaders.map(({ row }) => [row.id, row.days]))
  const daysOfNeed = new Map(needs.map(({ row }) => [row.id, row.days]))
  for (const { row, place } of locks) {
    const already = leaderOfNeed.get(row.need)
    if (already === row.leader) continue
    if (already !== undefined) {
      const message = `${place} locks “${row.need}” to “${row.leader}”, which is already locked to “${already}”`
      refusals.push({ code: 'problem.conflicting-lock', message, field: place })
      continue
    }
    leaderOfNeed.set(row.need, row.leader)
    if (!offered.has(pairKey(row))) {
      const message = `${place} locks “${row.need}” to “${row.leader}”, which is not among its options`
      refusals.push({ code: 'problem.lock-without-option', message, field: place })
    }
    const left = daysLeft.get(row.leader)
    const days = daysOfNeed.get(row.need)
    if (left === undefined || days === undefined) continue // refused above as unknown or unreadable
    daysLeft.set(row.leader, left - days)
    if (left - days < 0) {
      const message = `${place}: the locks of “${row.leader}” need ${days - left} more days than the leader has`
      refusals.push({ code: 'problem.locks-exceed-days', message, field: place })
    }
  }
  return refusals
}

// A JSON pair cannot be mistaken for another, whatever characters the ids hold.
function pairKey({ need, leader }: Pair): string {
  return JSON.stringify([need, leader])
}
