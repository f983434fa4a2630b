import { accept, type Decision, refuse } from '../platform/decision.ts'
import { longDate } from '../platform/words.ts'

/** One level of a school. Days are ISO; `until` is the first day on which it holds no more (null: open), equal to `from` where it was set aside. */
export type StandingValue = {
  readonly level: string
  readonly variant: string | null
  readonly from: string
  readonly until: string | null
  readonly origin: 'floor' | 'decision'
  /** The row of the table that set it; null for a person's decision. */
  readonly row: string | null
  readonly evidence: string
  readonly by: string
}

/** A row of the table that is met and keeps the school at a level or above it. */
export type Floor = { readonly row: string; readonly level: string; readonly evidence: string }

/** What a standing is of: its levels from the lowest to the highest with their titles, and of which levels a variant is. */
export type Levels = {
  readonly order: readonly { readonly id: string; readonly title: string }[]
  readonly variants: Readonly<Record<string, { readonly title: string; readonly of: readonly string[] }>>
}

/**
 * What happens to a history: how the ends of values move, in this order, and which value is new (null: an earlier one goes on).
 */
export type StandingChange<V extends StandingValue = StandingValue> = {
  readonly set: Pick<StandingValue, 'level' | 'variant' | 'from' | 'until'> | null
  readonly ends: readonly { readonly value: V; readonly until: string | null }[]
}

/** The value of a day; undefined before the first. */
export function valueOn<V extends StandingValue>(values: readonly V[], day: string): V | undefined {
  return values.find(({ from, until }) => from <= day && (until === null || day < until))
}

/** From the lowest (0) to the highest; -1 for a level that the standing does not have, and for none. */
export function rankOf({ order }: Levels, level: string | undefined): number {
  return order.findIndex(({ id }) => id === level)
}

/** The floor that counts: of those in force, the one of the highest level. */
export function highestFloor(levels: Levels, floors: readonly Floor[]): Floor | undefined {
  return floors.toSorted((a, b) => rankOf(levels, b.level) - rankOf(levels, a.level))[0]
}

/**
 * What a floor in force does today: raises the level to it, and sets aside what was decided for later below it, so that the level
 * before goes on. Null where every value from today on is at or above it; never lowers anything.
 */
export function raiseToFloor<V extends StandingValue>(
  levels: Levels,
  values: readonly V[],
  floor: Floor,
  today: string,
): StandingChange<V> | null {
  const isBelow = ({ level }: StandingValue) => rankOf(levels, level) < rankOf(levels, floor.level)
  const held = holding(values)
  const ahead = held.filter(({ until }) => until === null || until > today)
  const low = ahead.filter(isBelow)
  const isHeld = ahead.some((one) => one.from <= today)
  if (isHeld && low.length === 0) return null
  const from = isHeld ? latest(low[0]?.from ?? today, today) : today
  const next = ahead.find((one) => !isBelow(one) && one.from > from)
  const until = next?.from ?? null
  const ends = low
    .filter((one) => next === undefined || one.from < next.from)
    .map((value) => ({ value, until: latest(value.from, from) }))
  // A person's step down that has not held a day yet is undone by the floor: what held before goes on.
  const before = held.find((one) => one.until === from && !isBelow(one))
  if (before) return { set: null, ends: [...ends, { value: before, until }] }
  return { set: { level: floor.level, variant: null, from, until }, ends }
}

function latest(one: string, other: string): string {
  return one > other ? one : other
}

export type AskedStanding = { readonly level: string; readonly variant: string | null; readonly from: string }

export type StandingFacts<V extends StandingValue> = {
  readonly levels: Levels
  readonly values: readonly V[]
  /** Floors in force today. */
  readonly floors: readonly Floor[]
  readonly today: string
}

/**
 * A person's decision: any level that is not below a floor in force, from a day after the newest value began. A day that has
 * passed may only raise, so that no day was ever below what held on it. Codes: `standing.level`, `standing.floor`,
 * `standing.overlap`, `standing.same`, `standing.backdated`.
 */
export function decideStanding<V extends StandingValue>(
  asked: AskedStanding,
  { levels, values, floors, today }: StandingFacts<V>,
): Decision<StandingChange<V>> {
  const rank = rankOf(levels, asked.level)
  const variant = asked.variant === null ? undefined : levels.variants[asked.variant]
  if (rank < 0 || (asked.variant !== null && !variant?.of.includes(asked.level)))
    return refuse({
      code: 'standing.level',
      field: 'level',
      message: 'Choose one of the levels',
      allowed: levels.order.map(({ id }) => id),
    })
  const floor = highestFloor(levels, floors)
  if (floor && rank < rankOf(levels, floor.level))
    return refuse({
      code: 'standing.floor',
      field: 'level',
      message: `${titleOf(levels, asked.level)} is not open: ${titleOf(levels, floor.level)} or higher is automatic. ${floor.evidence}`,
    })
  const newest = holding(values).at(-1)
  const unfit = newest && againstNewest(asked, newest, { levels, today })
  if (unfit) return refuse(unfit)
  return accept({
    set: { ...asked, until: null },
    ends: newest && (newest.until === null || newest.until > asked.from) ? [{ value: newest, until: asked.from }] : [],
  })
}

function againstNewest(
  { level, variant, from }: AskedStanding,
  newest: StandingValue,
  { levels, today }: { levels: Levels; today: string },
) {
  const holds = `${titleOf(levels, newest.level)} holds from ${longDate(newest.from)}, set by ${newest.by}`
  // What a rule set may be confirmed or raised on the same day.
  if (from < newest.from || (from === newest.from && newest.origin === 'decision'))
    return { code: 'standing.overlap', field: 'from', message: `${holds}: choose a later day` }
  if (newest.origin === 'decision' && newest.level === level && newest.variant === variant)
    return { code: 'standing.same', field: 'level', message: `${holds} already` }
  if (from < today && rankOf(levels, level) < rankOf(levels, newest.level))
    return {
      code: 'standing.backdated',
      field: 'from',
      message: `${titleOf(levels, level)} is lower than ${titleOf(levels, newest.level)}: it begins today or later`,
    }
  return undefined
}

/** Those that hold at least a day, oldest first. */
function holding<V extends StandingValue>(values: readonly V[]): V[] {
  return values.filter(({ from, until }) => from !== until).toSorted((a, b) => a.from.localeCompare(b.from))
}

export function titleOf({ order }: Levels, level: string): string {
  return order.find(({ id }) => id === level)?.title ?? level
}

/** What persons judged of a row, newest first: by which role, and whether it holds. */
export type JudgedOfRow = { readonly by: string; readonly holds: boolean }

/**
 * Whether the floor of a row that persons judge is in force: from when one of its judges finds it, until one of those who set the
 * standing finds that it holds no more. What others find about its end does not lift it (GTG-023).
 */
export function judgedFloorHolds(judgements: readonly JudgedOfRow[], setters: readonly string[]): boolean {
  return judgements.find(({ by, holds }) => holds || setters.includes(by))?.holds ?? false
}
