import type { Refusal } from '../platform/decision.ts'
import type { Log } from '../programmes/index.ts'
import type { Answers } from './case-state.ts'

/** One dated item of a log. Half days throughout; `memberId` null is the leader in person; days are ISO plain dates. */
export type LogItem = {
  readonly id: number
  readonly log: string
  readonly leaderId: number
  readonly leaderName: string
  readonly state: string
  readonly on: string
  readonly halfDays: number
  readonly step: string
  readonly area: string | null
  readonly memberId: number | null
  readonly memberName: string | null
  readonly external: string | null
  readonly extension: boolean
  readonly fields: Answers
  readonly reasons: Readonly<Record<string, string>>
  readonly counted: boolean
  /** The claim of a leader who left that this day belongs to: an id of the case beside; null for days of whoever works on it now. */
  readonly claimCaseId: number | null
  readonly lateTo: string | null
  readonly lateRefusal: string | null
  readonly engagement: string | null
  readonly engagementNote: string | null
  readonly confirmedOn: string | null
  readonly confirmedBy: string | null
  readonly madeBy: string
}

/** Extra days that were approved, in half days; they may be worked from the day of approval until the day given. */
export type Extension = { readonly halfDays: number; readonly approvedOn: string; readonly untilOn: string | null }

export type Allowance = { readonly agreed: number; readonly extensions: readonly Extension[] }

/** How many half days a leader's validated work may be paid for, and why the rest may not (TSI-053, TSI-055). */
export type Payable = {
  readonly items: readonly { readonly item: LogItem; readonly halfDays: number; readonly because: string | null }[]
  readonly halfDays: number
}

const NOT_VALIDATED = 'Not validated before the leader left'

/**
 * Counts what may be claimed, in the order of days: ordinary days up to the days agreed; extra days up to those approved on
 * or before that day, and within the time given for them. Help from outside never counts. Days of leaders who left come first,
 * whatever a successor logs for an earlier day; those that were done and not validated are used, and nobody is paid for them.
 */
export function countPayable(all: readonly LogItem[], { agreed, extensions }: Allowance, lateWords: string): Payable {
  let ordinary = 0
  let extra = 0
  const counted = all
    .filter((item) => item.counted || (item.claimCaseId !== null && !item.external))
    .toSorted(inClaimOrder)
    .map((item) => {
      if (item.external) return { item, halfDays: 0, because: 'Help from outside is not claimed' }
      if (!item.extension) {
        const halfDays = Math.max(0, Math.min(item.halfDays, agreed - ordinary))
        ordinary += halfDays
        return { item, halfDays, because: halfDays < item.halfDays ? 'More than the days agreed' : null }
      }
      const late = lateness(item, extensions)
      if (late !== 'in time')
        return { item, halfDays: 0, because: late === 'open' ? lateWords : (item.lateRefusal ?? '') }
      const halfDays = Math.max(0, Math.min(item.halfDays, approvedBy(extensions, item.on) - extra))
      extra += halfDays
      return {
        item,
        halfDays,
        because: halfDays < item.halfDays ? 'Not approved as an extra day before it was worked' : null,
      }
    })
  const items = counted.map((one) =>
    one.item.counted ? one : { ...one, halfDays: 0, because: one.because ?? NOT_VALIDATED },
  )
  return { items, halfDays: items.reduce((sum, one) => sum + one.halfDays, 0) }
}

/** Claims of leaders who left in the order in which they left, in each what was validated first; then the days of now. */
function inClaimOrder(a: LogItem, b: LogItem): number {
  const [mine, theirs] = [a.claimCaseId ?? Number.MAX_SAFE_INTEGER, b.claimCaseId ?? Number.MAX_SAFE_INTEGER]
  if (mine !== theirs) return mine - theirs
  if (a.counted !== b.counted) return a.counted ? -1 : 1
  return a.on < b.on ? -1 : a.on > b.on ? 1 : a.id - b.id
}

/** Half days of extra work approved on or before a day. */
export function approvedBy(extensions: readonly Extension[], on: string): number {
  return extensions.filter((one) => one.approvedOn <= on).reduce((sum, one) => sum + one.halfDays, 0)
}

/** The last day given for extra work; null without one. */
export function lastDayOf(extensions: readonly Extension[]): string | null {
  return extensions.reduce<string | null>(
    (last, { untilOn }) => (untilOn && (!last || untilOn > last) ? untilOn : last),
    null,
  )
}

/** An extra day past the time given waits for an answer: a new day, or a refusal (TSI-053). */
export function lateness(
  { extension, on, lateTo, lateRefusal }: Pick<LogItem, 'extension' | 'on' | 'lateTo' | 'lateRefusal'>,
  extensions: readonly Extension[],
): 'in time' | 'open' | 'refused' {
  const last = lastDayOf(extensions)
  if (!extension || last === null || on <= last) return 'in time'
  if (lateRefusal) return 'refused'
  return lateTo !== null && on <= lateTo ? 'in time' : 'open'
}

export type NewItem = Pick<
  LogItem,
  'state' | 'on' | 'halfDays' | 'step' | 'area' | 'memberId' | 'external' | 'extension'
>

/** What is left to plan, in half days: agreed days for ordinary work, approved ones for extra work. */
export function roomFor(
  items: readonly LogItem[],
  item: Pick<LogItem, 'extension'>,
  { agreed, extensions }: Allowance,
): number {
  const taken = items
    .filter((one) => !one.external && one.extension === item.extension)
    .reduce((sum, one) => sum + one.halfDays, 0)
  return (item.extension ? extensions.reduce((sum, one) => sum + one.halfDays, 0) : agreed) - taken
}

/** Whether a day that nobody marked is one of the extra days: some are approved and left by then, and no agreed one is (TSI-028). */
export function isExtraByItself(
  items: readonly LogItem[],
  { on, external }: { readonly on: string; readonly external: string | null },
  allowance: Allowance,
): boolean {
  return (
    external === null &&
    approvedBy(allowance.extensions, on) > 0 &&
    roomFor(items, { extension: false }, allowance) <= 0 &&
    roomFor(items, { extension: true }, allowance) > 0
  )
}

/**
 * What the engine itself asks of an item, whatever the pack says: a planned day fits into what is agreed (work that was done
 * may be logged beyond it and is not paid), an extra day needs an approval before it, a done day is not in the future.
 */
export function itemRefusals(
  item: NewItem,
  others: readonly LogItem[],
  { today, log, allowance }: { today: string; log: Log; allowance: Allowance },
): Refusal[] {
  const refusals: Refusal[] = []
  const isPlanned = item.state === log.states[0]
  if (!isPlanned && item.on > today)
    refusals.push({ code: 'log.in-future', message: 'A day that was done must be today or in the past', field: 'date' })
  if (item.extension && approvedBy(allowance.extensions, item.on) === 0)
    refusals.push({
      code: 'log.not-approved',
      message: 'An extra day must lie after the approval of extra days; none is approved on or before this day',
      field: 'date',
    })
  const room = roomFor(others, item, allowance)
  if (isPlanned && !item.external && item.halfDays > room)
    refusals.push({
      code: 'log.too-many',
      message: `Days planned: ${daysText(room)} left of ${daysText(allowance.agreed)} agreed${item.extension ? ' extra' : ''}, ${daysText(item.halfDays)} are entered`,
      field: 'days',
    })
  return refusals
}

/**
 * Days of whoever did an entry, on its date: its own and those of all other entries. `entered` is what conditions see of it, with
 * its `id` once it is stored; who names nobody did it in person as the leader. 0 where no entry is at hand.
 */
export function daysOnDate(items: readonly LogItem[], entered: Answers, leaderId: number | null): number {
  const { id, date, days, performer, external } = entered
  if (!date) return 0
  const stored = items.find((one) => String(one.id) === id)
  const memberId = performer ? Number(performer) : null
  const who = whoDid({ leaderId: stored?.leaderId ?? leaderId, memberId, external: String(external ?? '') || null })
  const others = items.filter((one) => one !== stored && one.on === date && whoDid(one) === who)
  return Number(days ?? 0) + others.reduce((sum, { halfDays }) => sum + halfDays, 0) / 2
}

type Doer = Pick<LogItem, 'memberId' | 'external'> & { readonly leaderId: number | null }

function whoDid({ leaderId, memberId, external }: Doer): string {
  if (external) return `outside: ${external}`
  return memberId === null ? `leader ${leaderId}` : `member ${memberId}`
}

/** The states that an item passes on its way from one to another, in order; undefined when that is no way forward. */
export function wayTo({ states }: Log, from: string | null, to: string): string[] | undefined {
  const start = from === null ? -1 : states.indexOf(from)
  const end = states.indexOf(to)
  return end > start ? states.slice(Math.max(start + 1, 0), end + 1) : undefined
}

/** "0.5", "1", "2.5": half days as days. */
export function daysText(halfDays: number): string {
  return String(Math.max(0, halfDays) / 2)
}
