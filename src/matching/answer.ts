import { isOutOfRegion } from './hard-constraints.ts'
import { type MatchFacts, type Pairing, pairingOf } from './match-facts.ts'
import type { Solution } from './problem.ts'
import { scoreOf, sumPoints } from './score.ts'

/** A matched pair as it was when the answer was found, so that answers can be compared after facts have moved on. */
export type Match = {
  readonly need: string
  readonly leader: string
  readonly days: number
  readonly score: number
  readonly miles: number | null
  readonly outOfRegion: boolean
}

/** One answer of the solver to one scenario: `bound` is the least proven limit of `score`, in points. */
export type Answer = {
  readonly status: Solution['status']
  readonly score: number
  readonly bound: number
  readonly priorityMet: number
  readonly priorityAll: number
  readonly needs: number
  readonly matches: readonly Match[]
  readonly unmet: readonly string[]
  readonly millis: number
  readonly fingerprint: string
}

/** The numbers by which two answers are judged beside their score. Miles are straight lines, one way, once per school. */
export type Totals = {
  readonly met: number
  readonly needs: number
  readonly priorityMet: number
  readonly priorityAll: number
  readonly score: number
  readonly milesTotal: number
  readonly milesMean: number | null
  readonly outOfRegion: number
  readonly far: number
  readonly leadersUsed: number
  readonly daysMost: number
  readonly daysMean: number | null
}

/** What the press and the evaluations of such programmes count as far (conventions, section 0). */
export const FAR_MILES = 50

export function answerOf(facts: MatchFacts, solution: Solution, fingerprint: string): Answer {
  const needs = new Map(facts.needs.map((need) => [need.id, need]))
  const leaders = new Map(facts.leaders.map((leader) => [leader.id, leader]))
  const matches = solution.assignments.flatMap((pair) => {
    const need = needs.get(pair.need)
    const leader = leaders.get(pair.leader)
    return need && leader ? [matchOf(pairingOf(need, leader, facts), facts)] : []
  })
  return {
    status: solution.status,
    score: sumPoints(matches.map(({ score }) => score)),
    bound: solution.bound,
    priorityMet: solution.priorityMet,
    priorityAll: facts.needs.reduce((sum, { priority }) => sum + priority, 0),
    needs: facts.needs.length,
    matches,
    unmet: solution.unmet.map(({ need }) => need),
    millis: solution.millis,
    fingerprint,
  }
}

function matchOf(pairing: Pairing, { settings }: MatchFacts): Match {
  const { need, leader, miles } = pairing
  const score = scoreOf(pairing, settings)
  return { need: need.id, leader: leader.id, days: need.days, score, miles, outOfRegion: isOutOfRegion(pairing) }
}

export function totalsOf(answer: Answer): Totals {
  const miles = answer.matches.flatMap((match) => (match.miles === null ? [] : [match.miles]))
  const milesTotal = miles.reduce((sum, one) => sum + one, 0)
  const loads = [...daysByLeader(answer).values()]
  const days = loads.reduce((sum, one) => sum + one, 0)
  return {
    met: answer.matches.length,
    needs: answer.needs,
    priorityMet: answer.priorityMet,
    priorityAll: answer.priorityAll,
    score: answer.score,
    milesTotal,
    milesMean: miles.length > 0 ? milesTotal / miles.length : null,
    outOfRegion: answer.matches.filter((match) => match.outOfRegion).length,
    far: miles.filter((one) => one > FAR_MILES).length,
    leadersUsed: loads.length,
    daysMost: Math.max(0, ...loads),
    daysMean: loads.length > 0 ? days / loads.length : null,
  }
}

/** Days that an answer gives to each leader whom it uses. */
export function daysByLeader(answer: Pick<Answer, 'matches'>): Map<string, number> {
  const days = new Map<string, number>()
  for (const match of answer.matches) days.set(match.leader, (days.get(match.leader) ?? 0) + match.days)
  return days
}

/** Days that each leader of the pool still has after the answer. */
export function daysLeft(facts: MatchFacts, answer: Pick<Answer, 'matches'>): Map<string, number> {
  const used = daysByLeader(answer)
  return new Map(facts.leaders.map(({ id, freeDays }) => [id, (freeDays ?? 0) - (used.get(id) ?? 0)]))
}
