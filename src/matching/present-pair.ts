import type { Answer } from './answer.ts'
import { compareAnswers } from './compare-scenarios.ts'
import { dividePool, explainNeed, type NeedExplanation, type Rival } from './explain.ts'
import { constraintContext } from './hard-constraints.ts'
import { findMatchedType, type MatchFacts, type NeedFacts, type Pairing } from './match-facts.ts'
import { namesOf } from './present-workbench.ts'
import { factorsOf, freeInWords } from './proposal.ts'
import { namesOf as areasInWords, milesInWords, prioritiesOf, type ScorePart, scoreOf } from './score.ts'

/** The price of a rival as solved: what the whole would lose, and who would move. */
export type Price = { readonly leader: string; readonly words: string }

export type PairPageInput = {
  readonly facts: MatchFacts
  readonly answer: Answer | null
  readonly needId: string
  readonly price: Price | null
}

const BAR_WIDTH = 640
const NO_ANSWER: Answer = {
  status: 'feasible',
  score: 0,
  bound: 0,
  priorityMet: 0,
  priorityAll: 0,
  needs: 0,
  matches: [],
  unmet: [],
  millis: 0,
  fingerprint: '',
}

/** One school: who was chosen and why, the next three, everybody else. Undefined when the school is not in the facts. */
export function presentPair({ facts, answer, needId, price }: PairPageInput) {
  const told = explainNeed(facts, answer ?? NO_ANSWER, needId)
  if (!told) return undefined
  const { need, chosen } = told
  return {
    need: needId,
    school: need.school,
    days: need.days,
    priority: need.priority,
    areas: need.areas === null ? null : areasInWords(need.areas, facts.settings.areaNames) || 'none recorded',
    chosen: chosen && {
      leader: chosen.match.leader,
      label: chosen.pairing.leader.label,
      miles: milesInWords(chosen.match.miles),
      score: chosen.match.score.toFixed(2),
      notHeld: chosen.pairing.ties.notHeld,
      parts: chosen.parts.map((part, index) => ({ ...presentPart(part), letter: letterOf(index) })),
      bar: stackOf(chosen.parts),
      most: mostOf(chosen.parts),
    },
    locked: told.locked,
    rivals: told.rivals.map((rival) => presentRival(rival, price)),
    candidates: candidatesOf(facts, need),
    excluded: excludedOf(told),
    excludedFor: countReasons(told),
    allowed: told.allowed,
    regionPriorities: areasInWords(prioritiesOf(need.school.region, facts.settings), facts.settings.areaNames),
    areaChoices: Object.entries(facts.settings.areaNames).map(([value, text]) => ({
      value,
      text,
      checked: need.areas?.includes(value) ?? false,
    })),
  }
}

export type PairPage = NonNullable<ReturnType<typeof presentPair>>

function presentPart(part: ScorePart) {
  return {
    title: part.title,
    points: part.points.toFixed(2),
    weight: part.used ? String(part.weight) : 'not used',
    why: part.why,
  }
}

/** What could be reached with the parts that are used. */
function mostOf(parts: readonly ScorePart[]): number {
  return parts.reduce((sum, { weight, used }) => sum + (used ? weight : 0), 0)
}

function letterOf(index: number): string {
  return String.fromCharCode('A'.charCodeAt(0) + index)
}

/** The parts side by side; the rest of the bar is what was not reached. Letters stand where there is room for them. */
function stackOf(parts: readonly ScorePart[]) {
  const most = mostOf(parts) || 1
  let x = 0
  return {
    width: BAR_WIDTH,
    segments: parts.map(({ points }, index) => {
      const width = Math.round((points / most) * BAR_WIDTH * 10) / 10
      const segment = { x, width, letter: width >= 14 ? letterOf(index) : '', middle: x + width / 2, number: index + 1 }
      x = Math.round((x + width) * 10) / 10
      return segment
    }),
  }
}

function presentRival(rival: Rival, price: Price | null) {
  return {
    leader: rival.leader.id,
    label: rival.leader.label,
    score: rival.score.toFixed(2),
    miles: milesInWords(rival.miles),
    daysLeft: rival.daysLeft,
    why: rival.why,
    kind: rival.kind,
    price: price?.leader === rival.leader.id ? price.words : null,
  }
}

/** TSI-069: the four factors of everybody who may serve or only lacks days; types in the order of the pack (TSI-021). */
function candidatesOf(facts: MatchFacts, need: NeedFacts) {
  const { allowed, excluded } = dividePool(facts, need, constraintContext(facts))
  const short = excluded.filter(({ exclusions }) => exclusions.every(({ code }) => code === 'no-days'))
  return [...allowed, ...short.map(({ pairing }) => pairing)]
    .map((pairing) => candidateOf(pairing, facts))
    .sort((a, b) => a.rank - b.rank || Number(a.noCapacity) - Number(b.noCapacity) || b.points - a.points)
}

function candidateOf(pairing: Pairing, { settings }: MatchFacts) {
  const { leader, need, miles } = pairing
  const type = findMatchedType(leader, settings.leaderTypes)
  const points = scoreOf(pairing, settings)
  const factors = factorsOf(pairing, settings)
  return {
    leader: leader.id,
    label: leader.label,
    type: type?.name ?? 'not ranked',
    typeQuestion: type?.reason ?? null,
    rank: type?.rank ?? Number.MAX_SAFE_INTEGER,
    points,
    score: points.toFixed(2),
    miles: milesInWords(miles),
    freeDays: leader.freeDays,
    capacity: freeInWords(pairing),
    noCapacity: (leader.freeDays ?? 0) < need.days,
    experience: factors.experience.note,
    expertise: factors.expertise.note,
    priorities: factors.priorities.note,
    notHeld: pairing.ties.notHeld,
  }
}

function excludedOf({ excluded }: NeedExplanation) {
  return excluded.map(({ pairing, exclusions }) => ({
    leader: pairing.leader.id,
    label: pairing.leader.label,
    miles: milesInWords(pairing.miles),
    reasons: exclusions.map(({ reason, evidence }) => ({ reason, evidence })),
    declared: exclusions.some(({ code }) => code === 'conflict-declared'),
    forbidden: exclusions.some(({ code }) => code === 'forbidden'),
  }))
}

/** "12 beyond the travel limit, 3 no days": how many leaders each reason keeps out, most first; one may have several. */
function countReasons({ excluded }: NeedExplanation): { reason: string; count: number }[] {
  const counts = new Map<string, number>()
  for (const { exclusions } of excluded)
    for (const { reason } of exclusions) counts.set(reason, (counts.get(reason) ?? 0) + 1)
  return [...counts].map(([reason, count]) => ({ reason, count })).sort((a, b) => b.count - a.count)
}

/** What the best answer loses when a rival has to be taken, with the moves that follow. */
export function priceInWords(facts: MatchFacts, answer: Answer, forced: Answer, leader: string): Price {
  const { words } = compareAnswers(answer, forced, namesOf(facts))
  const priority = answer.priorityMet - forced.priorityMet
  const start = priority > 0 ? `Taken all the same, ${priority} of priority would be lost: ` : 'Taken all the same: '
  const proof = forced.status === 'optimal' ? '' : ' (the best found in the time allowed)'
  return { leader, words: `${start}${words}${proof}` }
}
