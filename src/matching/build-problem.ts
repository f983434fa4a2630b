import { createHash } from 'node:crypto'
import { constraintContext, isExcluded } from './hard-constraints.ts'
import {
  type LeaderFacts,
  type LeaderNeedPair,
  type MatchFacts,
  type NeedFacts,
  type Pairing,
  pairingOf,
  pairKey,
} from './match-facts.ts'
import type { Option, Problem } from './problem.ts'
import { scoreOf } from './score.ts'

/** Above MOST_OPTIONS allowed pairs only the best of each need go to the solver; every page of such an answer says so. */
export const MOST_OPTIONS = 24_000
export const BEST_PER_NEED = 40

/** A lock that cannot hold any more, and why; it is left out of the problem and told on the page. */
export type BrokenLock = LeaderNeedPair & { readonly why: string }

export type BuiltProblem = {
  readonly problem: Problem
  readonly fingerprint: string
  readonly pairsAllowed: number
  readonly narrowedTo: number | null
  readonly brokenLocks: readonly BrokenLock[]
}

/** Needs beside the pool as numbers for the solver, with everything that is excluded left out. Pure. */
export function buildProblem(facts: MatchFacts): BuiltProblem {
  const context = constraintContext(facts)
  const lockedPairs = new Set(facts.locked.map(({ need, leader }) => pairKey(need, leader)))
  const optionsByNeed = facts.needs.map((need) =>
    facts.leaders.flatMap((leader) => {
      const pairing = pairingOf(need, leader, facts)
      return isExcluded(pairing, context) ? [] : [optionOf(pairing, facts)]
    }),
  )
  const pairsAllowed = optionsByNeed.reduce((sum, options) => sum + options.length, 0)
  const narrowed = pairsAllowed > MOST_OPTIONS
  const options = optionsByNeed.flatMap((all) => (narrowed ? bestOf(all, lockedPairs) : all))
  const { locks, brokenLocks } = holdingLocks(facts, options)
  const problem = {
    needs: facts.needs.map(({ id, days, priority }) => ({ id, days, priority })),
    leaders: facts.leaders.map(({ id, freeDays }) => ({ id, days: wholeHalves(freeDays ?? 0) })),
    options,
    locks,
  }
  return {
    problem,
    fingerprint: fingerprintOf(facts),
    pairsAllowed,
    narrowedTo: narrowed ? BEST_PER_NEED : null,
    brokenLocks,
  }
}

/** Of everything an answer rests on: the same fingerprint has the same answer, and costs no look at each pair. */
export function fingerprintOf({ needs, leaders, settings, locked, forbidden, cleared }: MatchFacts): string {
  const inputs = JSON.stringify([needs, leaders, settings, locked, forbidden, cleared])
  return createHash('sha256').update(inputs).digest('hex')
}

function optionOf(pairing: Pairing, { settings }: MatchFacts): Option {
  return { need: pairing.need.id, leader: pairing.leader.id, score: scoreOf(pairing, settings) }
}

function bestOf(options: readonly Option[], locked: ReadonlySet<string>): Option[] {
  const byScore = options.toSorted((a, b) => b.score - a.score)
  const kept = new Set(byScore.slice(0, BEST_PER_NEED))
  return options.filter((option) => kept.has(option) || locked.has(pairKey(option.need, option.leader)))
}

/** The solver knows days in halves; a leader is never given more than the ledger holds. */
function wholeHalves(days: number): number {
  return Math.floor(days * 2) / 2
}

function holdingLocks(facts: MatchFacts, options: readonly Option[]) {
  const offered = new Set(options.map(({ need, leader }) => pairKey(need, leader)))
  const needs = new Map(facts.needs.map((need) => [need.id, need]))
  const daysLeft = new Map(facts.leaders.map((leader) => [leader.id, wholeHalves(leader.freeDays ?? 0)]))
  const locks: LeaderNeedPair[] = []
  const brokenLocks: BrokenLock[] = []
  const taken = new Set<string>()
  for (const lock of facts.locked) {
    const need = needs.get(lock.need)
    const left = daysLeft.get(lock.leader)
    if (!need || left === undefined || taken.has(lock.need)) continue
    const why = whyBroken(lock, need, left, offered)
    if (why) brokenLocks.push({ ...lock, why })
    else {
      taken.add(lock.need)
      daysLeft.set(lock.leader, left - need.days)
      locks.push({ need: lock.need, leader: lock.leader })
    }
  }
  return { locks, brokenLocks }
}

function whyBroken(lock: LeaderNeedPair, need: NeedFacts, left: number, offered: ReadonlySet<string>): string | null {
  if (!offered.has(pairKey(lock.need, lock.leader))) return 'the leader may no longer be offered to this school'
  return left < need.days ? 'the other locks of this leader take the days' : null
}

/** One need and one leader by id, or undefined; for pages that speak of a single pair. */
export function findPairing(facts: MatchFacts, { need, leader }: LeaderNeedPair): Pairing | undefined {
  const foundNeed: NeedFacts | undefined = facts.needs.find((one) => one.id === need)
  const foundLeader: LeaderFacts | undefined = facts.leaders.find((one) => one.id === leader)
  return foundNeed && foundLeader ? pairingOf(foundNeed, foundLeader, facts) : undefined
}
