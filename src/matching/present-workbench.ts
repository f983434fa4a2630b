import { countOf, thousands } from '../platform/words.ts'
import { type Answer, daysByLeader, FAR_MILES, type Match, totalsOf } from './answer.ts'
import { compareAnswers, type Names } from './compare-scenarios.ts'
import { findMatchedType, type LeaderFacts, type MatchFacts, type NeedFacts, PART_IDS } from './match-facts.ts'
import { drawMatchMap, type OutlineOfEngland } from './match-map.ts'
import type { StoredProposal } from './propose.ts'
import type { Scenario, StoredSolution } from './scenario-store.ts'
import { isUsed, milesInWords, PART_TITLES, prioritiesOf, sumPoints } from './score.ts'
import { unlocksOf } from './unlock.ts'

export type WorkbenchInput = {
  readonly scenario: Scenario
  readonly facts: MatchFacts
  /** The last answers, newest first. */
  readonly solutions: readonly StoredSolution[]
  readonly fingerprint: string
  readonly proposals: readonly StoredProposal[]
  readonly termTitle: string
  readonly programmeTitle: string
  readonly outline: OutlineOfEngland
}

/** What the workbench page and its API answer show of an answer; pure. */
export function presentWorkbench(input: WorkbenchInput) {
  const { scenario, facts, solutions } = input
  const [solution, before] = solutions
  const names = namesOf(facts)
  return {
    id: scenario.id,
    name: scenario.name,
    kind: scenario.kind,
    exercise: scenario.kind === 'exercise',
    confirmed: scenario.confirmedAt !== null,
    where: whereItStands(input),
    source: scenario.source,
    priorityRule: scenario.priorityRule,
    counts: `${countOf(facts.needs.length, 'school')}, ${countOf(facts.leaders.length, 'leader')}`,
    answer: solution ? presentAnswer(input, solution) : null,
    change: solution ? changeInWords(solution, before, names) : null,
    weights: PART_IDS.map((part) => ({
      part,
      title: PART_TITLES[part],
      value: scenario.standing.weights[part],
      unused: !isUsed(part, facts.settings),
    })),
    limits: scenario.standing.limits,
    regions: facts.settings.exercise ? [] : regionsOf(facts),
    canUndo: scenario.decisions.some(({ undoneAt }) => undoneAt === null),
    decisions: scenario.decisions.toReversed(),
    proposals: input.proposals,
    reasonsNeeded: solution ? reasonsNeeded(facts, solution.answer) : [],
  }
}

export type Workbench = ReturnType<typeof presentWorkbench>

/** The regions of the scenario's schools with the areas each may put first (TSI-069). */
function regionsOf({ needs, settings }: MatchFacts) {
  const regions = new Set(needs.flatMap(({ school }) => school.region ?? []))
  return [...regions].sort().map((region) => ({
    region,
    areas: Object.entries(settings.areaNames).map(([id, name]) => ({
      id,
      name,
      checked: prioritiesOf(region, settings).includes(id),
    })),
  }))
}

/** Names by id; an id that is in the scenario no more is shown as it is. */
export function namesOf(facts: MatchFacts): Names {
  const needs = new Map(facts.needs.map((need) => [need.id, need.school.name]))
  const leaders = new Map(facts.leaders.map((leader) => [leader.id, leader.label]))
  return { need: (id) => needs.get(id) ?? `School ${id}`, leader: (id) => leaders.get(id) ?? id }
}

function whereItStands({ scenario, termTitle, programmeTitle }: WorkbenchInput): string {
  const what = scenario.kind === 'exercise' ? '' : 'Invented England: '
  const status = scenario.confirmedAt ? '; confirmed: waiting for the enquiries to the leaders' : ''
  return `${what}${programmeTitle} ${scenario.edition}, ${termTitle}${status}`
}

function presentAnswer(input: WorkbenchInput, solution: StoredSolution) {
  const { facts, scenario, outline } = input
  const { answer } = solution
  const totals = totalsOf(answer)
  const matches = new Map(answer.matches.map((match) => [match.need, match]))
  const unlocks = unlocksOf(facts, answer)
  const newerDecision = scenario.decisions.some(({ madeAt, undoneAt }) => (undoneAt ?? madeAt) > solution.solvedAt)
  return {
    status: answer.status,
    proof: proofInWords(answer),
    stale: scenario.confirmedAt === null && (newerDecision || answer.fingerprint !== input.fingerprint),
    narrowed: solution.narrowedTo
      ? `${solution.pairsAllowed} pairs are possible; the ${solution.narrowedTo} best for each school were weighed, so the proof is about these.`
      : null,
    brokenLocks: solution.brokenLocks.map((lock) => ({ ...lock, ...labelsOf(facts, lock.need, lock.leader) })),
    totals,
    figures: figuresOf(answer),
    rows: facts.needs.flatMap((need) => {
      const match = matches.get(need.id)
      return match ? [rowOf(need, match, input)] : []
    }),
    unmet: facts.needs
      .filter((need) => !matches.has(need.id))
      .map((need) => ({ ...schoolRow(need), unlocks: unlocks.get(need.id)?.map(({ words }) => words) ?? [] })),
    load: loadOf(facts, answer),
    map: drawMatchMap(facts, answer, outline),
    millis: answer.millis,
  }
}

function labelsOf(facts: MatchFacts, need: string, leader: string) {
  const names = namesOf(facts)
  return { school: names.need(need), label: names.leader(leader) }
}

function proofInWords(answer: Answer): string {
  if (answer.status === 'optimal')
    return 'Proven: no other allocation meets more priority, or the same with more points'
  const gap = pointsInWords(sumPoints([answer.bound, -answer.score]))
  return `The best found in the time allowed, not proven: more priority may be possible, or up to ${gap} more points with the same priority`
}

/** The question that the programme asks of lower-ranked types, with the leaders of the answer whom it concerns (TSI-021). */
function reasonsNeeded({ leaders, settings }: MatchFacts, answer: Answer) {
  const used = daysByLeader(answer)
  const asked = leaders.flatMap((leader) => {
    const question = used.has(leader.id) && findMatchedType(leader, settings.leaderTypes)?.reason
    return question ? [{ question, label: leader.label }] : []
  })
  return [...Map.groupBy(asked, ({ question }) => question)].map(([question, all]) => ({
    question,
    leaders: all.map(({ label }) => label).join(', '),
  }))
}

/** Six numbers a director asks for first. */
function figuresOf(answer: Answer): { label: string; value: string; note: string }[] {
  const totals = totalsOf(answer)
  const mean =
    totals.daysMean === null ? '' : `${totals.daysMean.toFixed(1)} days each on average, most ${totals.daysMost}`
  return [
    {
      label: 'Score',
      value: pointsInWords(totals.score),
      note: answer.status === 'optimal' ? 'proven best' : `at most ${pointsInWords(answer.bound)}`,
    },
    {
      label: 'Schools met',
      value: `${totals.met} of ${totals.needs}`,
      note: countOf(totals.needs - totals.met, 'school unmatched', 'schools unmatched'),
    },
    { label: 'Priority met', value: `${totals.priorityMet} of ${totals.priorityAll}`, note: 'met before points count' },
    {
      label: 'Miles',
      value: thousands(Math.round(totals.milesTotal)),
      note: totals.milesMean === null ? 'one way' : `${totals.milesMean.toFixed(1)} on average, one way`,
    },
    { label: `Over ${FAR_MILES} miles`, value: totals.far.toString(), note: `${totals.outOfRegion} out of region` },
    { label: 'Leaders used', value: totals.leadersUsed.toString(), note: mean },
  ]
}

/** 6170.1 as "6,170.10". */
function pointsInWords(points: number): string {
  return points.toLocaleString('en-GB', { minimumFractionDigits: 2, maximumFractionDigits: 2 })
}

function schoolRow({ id, school, priority, days }: NeedFacts) {
  return {
    need: id,
    school: school.name,
    urn: school.urn,
    phase: school.phase ?? 'phase not held',
    authority: school.authority ?? '',
    priority,
    days,
  }
}

function rowOf(need: NeedFacts, match: Match, { facts, scenario }: WorkbenchInput) {
  const leader = facts.leaders.find(({ id }) => id === match.leader)
  const miles = match.miles === null ? '–' : Math.round(match.miles).toString()
  return {
    ...schoolRow(need),
    leader: match.leader,
    label: leader?.label ?? match.leader,
    score: match.score.toFixed(2),
    miles,
    milesInWords: milesInWords(match.miles),
    far: (match.miles ?? 0) > FAR_MILES,
    outOfRegion: match.outOfRegion,
    locked: scenario.standing.locked.some((lock) => lock.need === need.id && lock.leader === match.leader),
  }
}

const MOST_LOAD_ROWS = 100

function loadOf(facts: MatchFacts, answer: Answer) {
  const given = daysByLeader(answer)
  const rows = facts.leaders.map((leader) => loadRow(leader, given.get(leader.id) ?? 0, facts))
  const shown = rows.toSorted((a, b) => b.given - a.given).slice(0, MOST_LOAD_ROWS)
  return { rows: shown, more: rows.length - shown.length }
}

function loadRow(leader: LeaderFacts, given: number, { settings }: MatchFacts) {
  return {
    label: leader.label,
    type: findMatchedType(leader, settings.leaderTypes)?.name ?? 'not ranked',
    region: leader.region ?? 'not held',
    offered: leader.offeredDays ?? 'not held',
    free: leader.freeDays ?? 0,
    given,
    left: (leader.freeDays ?? 0) - given,
  }
}

/** What the last change did; for the first answer, what it is. */
function changeInWords(solution: StoredSolution, before: StoredSolution | undefined, names: Names) {
  if (!before) return { words: `${solution.because}.`, changes: [] }
  const sameScale = JSON.stringify(solution.weights) === JSON.stringify(before.weights)
  const { words, changes } = compareAnswers(before.answer, solution.answer, names, {
    because: solution.because,
    sameScale,
  })
  return { words, changes: changes.map((change) => change.words) }
}
