import type { Db } from '../platform/db.ts'
import type { CaseRecord } from './case-store.ts'
import type { LogItem } from './log-item.ts'
import { readLog } from './log-store.ts'
import { listPartialClaims, type PartialClaim, parentOfClaim } from './part-of-case.ts'
import { workOf, workTotals } from './work-facts.ts'

/** Who did which days of a case. `claim` is the case beside it in which somebody who left claims; null for the leader of now. */
export type LeaderDays = {
  readonly leader: string
  readonly used: number
  readonly validated: number
  readonly from: string
  readonly until: string
  readonly claim: string | null
  readonly leftOn: string | null
}

/** Days of a case by leader, in the order in which they worked, and the days that are left of those agreed and approved. */
export type DaysByLeader = { readonly leaders: readonly LeaderDays[]; readonly daysLeft: number }

/** Undefined for a case without a log of days, such as one that stands beside another. Days in days. */
export async function readDaysByLeader(db: Db, record: CaseRecord): Promise<DaysByLeader | undefined> {
  const work = workOf(record)
  const first = work && record.pack.process?.flows?.[record.flow]?.logs?.[work.log.of]?.states[0]
  if (!work) return undefined
  const done = (await readLog(db, record.id, work.log.of)).filter(({ state, external }) => state !== first && !external)
  const claims = await listPartialClaims(db, record)
  const groups = Map.groupBy(done, ({ leaderId, claimCaseId }) => claimCaseId ?? -leaderId)
  const order = (group: number) => (group > 0 ? group : Number.MAX_SAFE_INTEGER)
  const leaders = [...groups]
    .toSorted(([a], [b]) => order(a) - order(b))
    .map(([group, items]) =>
      leaderDays(
        items,
        claims.find(({ id }) => id === group),
      ),
    )
  const { agreedHalfDays, extraHalfDays } = record.state
  return { leaders, daysLeft: Math.max(0, (agreedHalfDays + extraHalfDays - sumOf(done)) / 2) }
}

/** Days of a case that leaders before this one have done: a successor is told of those that are left (TSI-081). */
export async function daysOfEarlierLeaders(db: Db, record: CaseRecord, leaderId: number): Promise<number> {
  const work = workOf(record)
  const planned = work && record.pack.process?.flows?.[record.flow]?.logs?.[work.log.of]?.states[0]
  if (!work) return 0
  const items = await readLog(db, record.id, work.log.of)
  return sumOf(items.filter((one) => one.state !== planned && !one.external && one.leaderId !== leaderId)) / 2
}

const sumOf = (items: readonly LogItem[]): number => items.reduce((sum, { halfDays }) => sum + halfDays, 0)

function leaderDays(items: readonly LogItem[], claim: PartialClaim | undefined): LeaderDays {
  return {
    leader: items[0]?.leaderName ?? '',
    used: sumOf(items) / 2,
    validated: sumOf(items.filter(({ counted }) => counted)) / 2,
    from: items[0]?.on ?? '',
    until: items.at(-1)?.on ?? '',
    claim: claim?.reference ?? null,
    leftOn: claim?.startedOn ?? null,
  }
}

/** The days that the claim of a leader who left counts; undefined for every other case. */
export async function readClaimDays(db: Db, record: CaseRecord) {
  const parent = parentOfClaim(record)
  if (!parent) return undefined
  const { days, payable, notPayable } = await workTotals(db, parent, { claimCaseId: record.id })
  return {
    about: parent.reference,
    days: days.map(({ on, halfDays, what }) => ({ on, days: halfDays / 2, what })),
    notClaimable: notPayable.map(({ on, halfDays, because }) => ({ on, days: halfDays / 2, because })),
    claimableDays: payable / 2,
  }
}
