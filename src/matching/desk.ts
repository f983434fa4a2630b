import { type LeaderVocabulary, leaderVocabulary, titleOf } from '../leaders/index.ts'
import type { Actor } from '../platform/actor.ts'
import type { Clock } from '../platform/clock.ts'
import type { Database } from '../platform/db.ts'
import { accept, type Decision, refuse } from '../platform/decision.ts'
import { findPack, type Pack, packRef } from '../programmes/index.ts'
import { getEnglandMap } from '../register/index.ts'
import { auditScenario } from './audit-scenario.ts'
import { fingerprintOf } from './build-problem.ts'
import { type Change, type Changed, changeScenario, undoInScenario } from './change-scenario.ts'
import { compareAnswers } from './compare-scenarios.ts'
import type { LeaderNeedPair } from './match-facts.ts'
import { readMatchFacts } from './match-facts-store.ts'
import { copyScenario, createScenario, type ScenarioFields, saveRegionPriorities } from './new-scenario.ts'
import { type PairPage, presentPair, priceInWords } from './present-pair.ts'
import { namesOf, presentWorkbench, type Workbench } from './present-workbench.ts'
import {
  confirmScenario,
  listProposals,
  proposeLeader,
  type Reasons,
  type StoredProposal,
  withdrawProposal,
} from './propose.ts'
import { findScenario, listSolutions, type Scenario } from './scenario-store.ts'
import { CONFIRMED, createScenarioSolver, NO_SCENARIO, priceOf, type ScenarioSolver } from './solve-scenario.ts'

/** What this slice is built from. The slices below it are called directly; these are what the composition root knows. */
export type MatchingParts = {
  readonly database: Database
  readonly clock: Clock
  readonly packs: readonly Pack[]
  readonly inventedEngland: { isLoaded(): Promise<boolean>; load(): Promise<void> }
}

/** Where scenarios are worked on. Page and API both come here, so they refuse the same. */
export type Desk = {
  readonly parts: MatchingParts
  readonly vocabulary: LeaderVocabulary
  readonly solver: ScenarioSolver
}

/** `waiting`: the answer takes longer than a page may wait, and goes on by itself. */
export type AnswerState = 'answered' | 'waiting'

export function createDesk(parts: MatchingParts): Desk {
  return { parts, vocabulary: leaderVocabulary(parts.packs), solver: createScenarioSolver(parts.database) }
}

function packOf({ parts }: Desk, scenario: Scenario): Pack {
  const pack = findPack(packRef(scenario), parts.packs)
  if (!pack) throw new Error(`The pack ${packRef(scenario)} of scenario ${scenario.id} is not loaded`)
  return pack
}

function sourcesOf(desk: Desk, scenario: Scenario) {
  return { pack: packOf(desk, scenario), vocabulary: desk.vocabulary }
}

async function readBench(desk: Desk, id: number) {
  const { db } = desk.parts.database
  const scenario = await findScenario(db, id)
  if (!scenario) return undefined
  const [facts, solutions, proposals] = await Promise.all([
    readMatchFacts(db, scenario, sourcesOf(desk, scenario)),
    listSolutions(db, id, 2),
    listProposals(db, id),
  ])
  return { scenario, facts, solutions, proposals }
}

export async function findBench(desk: Desk, id: number): Promise<Workbench | undefined> {
  const bench = await readBench(desk, id)
  if (!bench) return undefined
  return presentWorkbench({
    ...bench,
    fingerprint: fingerprintOf(bench.facts),
    termTitle: titleOf(desk.vocabulary.terms, bench.scenario.term),
    programmeTitle: packOf(desk, bench.scenario).title,
    outline: getEnglandMap(),
  })
}

/** A school of a scenario on its page: still to be matched, or out of the running because it has a proposal. */
export type SchoolBench = {
  readonly id: number
  readonly name: string
  readonly exercise: boolean
  readonly confirmed: boolean
  readonly page: PairPage | null
  readonly proposal: StoredProposal | null
}

/** One school of a scenario; `price` names a rival whose cost is worked out by solving again with that pair made. */
export async function findSchoolBench(
  desk: Desk,
  id: number,
  need: string,
  price = '',
): Promise<SchoolBench | undefined> {
  const bench = await readBench(desk, id)
  if (!bench) return undefined
  const { facts, scenario, solutions, proposals } = bench
  const answer = solutions[0]?.answer ?? null
  const priced = price && answer ? await askPrice(facts, answer, { need, leader: price }) : null
  const page = presentPair({ facts, answer, needId: need, price: priced }) ?? null
  const proposal = proposals.find((one) => one.need === need) ?? null
  if (!page && !proposal) return undefined
  const { exercise } = facts.settings
  return { id, name: scenario.name, exercise, confirmed: scenario.confirmedAt !== null, page, proposal }
}

async function askPrice(...[facts, answer, pair]: Parameters<typeof priceOf>) {
  const forced = await priceOf(facts, answer, pair)
  if (forced.ok) return priceInWords(facts, answer, forced.value, pair.leader)
  return { leader: pair.leader, words: forced.refusals[0]?.message ?? '' }
}

async function answerAfter(desk: Desk, changed: Decision<Changed>): Promise<Decision<AnswerState>> {
  if (!changed.ok) return changed
  const { scenario, because } = changed.value
  return accept(await desk.solver.answer(scenario, because, sourcesOf(desk, scenario)))
}

async function solveAgain(desk: Desk, id: number, because: string): Promise<Decision<AnswerState>> {
  const scenario = await findScenario(desk.parts.database.db, id)
  if (!scenario) return refuse(NO_SCENARIO)
  return scenario.confirmedAt ? refuse(CONFIRMED) : answerAfter(desk, accept({ scenario, because }))
}

/** Asked for by hand: the answer then tells what the decisions did that have none yet, such as after a cancelled solve. */
export async function solveByHand(desk: Desk, id: number, by: Actor): Promise<Decision<AnswerState>> {
  const { db } = desk.parts.database
  const [scenario, [last]] = await Promise.all([findScenario(db, id), listSolutions(db, id, 1)])
  const waiting =
    scenario?.decisions.filter(({ madeAt, undoneAt }) => !undoneAt && (!last || madeAt > last.solvedAt)) ?? []
  if (scenario && !scenario.confirmedAt)
    await db.transaction().execute((transaction) => auditScenario(transaction, by, id, { action: 'Solving asked for' }))
  return solveAgain(desk, id, waiting.map(({ words }) => words).join(', ') || 'Solving again')
}

/** Ends a solve that is still going on; its answer never comes. */
export async function cancelSolving({ parts, solver }: Desk, id: number, by: Actor): Promise<Decision<void>> {
  const { db } = parts.database
  // The solver knows numbers only: whose they are, the database tells.
  if (!(await findScenario(db, id))) return refuse(NO_SCENARIO)
  if (solver.cancel(id))
    await db.transaction().execute((transaction) => auditScenario(transaction, by, id, { action: 'Solving stopped' }))
  return accept(undefined)
}

export async function startScenario(
  desk: Desk,
  programme: string,
  fields: ScenarioFields,
  by: Actor,
  submission?: string,
): Promise<Decision<{ id: number; state: AnswerState }>> {
  const { database, packs } = desk.parts
  const pack = findPack(programme, packs)
  if (!pack?.matching) return refuse({ code: 'programme.missing', message: 'Choose a programme', field: 'programme' })
  const created = await createScenario(database, {
    fields,
    sources: { pack, vocabulary: desk.vocabulary },
    by,
    submission,
  })
  if (!created.ok) return created
  const state = await solveAgain(desk, created.value.id, 'The first answer')
  return state.ok ? accept({ id: created.value.id, state: state.value }) : state
}

/** Reads a change against the scenario as it stands, records it, and solves again. */
export async function decide(
  desk: Desk,
  id: number,
  read: (scenario: Scenario, pack: Pack) => Decision<Change>,
  by: Actor,
): Promise<Decision<AnswerState>> {
  const scenario = await findScenario(desk.parts.database.db, id)
  if (!scenario) return refuse(NO_SCENARIO)
  const sources = sourcesOf(desk, scenario)
  const change = read(scenario, sources.pack)
  if (!change.ok) return change
  return answerAfter(desk, await changeScenario(desk.parts.database, { id, change: change.value, sources, by }))
}

export async function undo(desk: Desk, id: number, by: Actor): Promise<Decision<AnswerState>> {
  return answerAfter(desk, await undoInScenario(desk.parts.database, id, by))
}

export async function setRegionPriorities(
  desk: Desk,
  id: number,
  priorities: Readonly<Record<string, readonly string[]>>,
  by: Actor,
): Promise<Decision<AnswerState>> {
  await saveRegionPriorities(desk.parts.database, { id, priorities, by })
  return solveAgain(desk, id, 'Changing the priorities of the regions')
}

export async function saveAs(desk: Desk, id: number, name: string, by: Actor): Promise<Decision<{ id: number }>> {
  const copied = await copyScenario(desk.parts.database, { id, name, by })
  if (copied.ok) await solveAgain(desk, copied.value.id, `Copied from scenario ${id}`)
  return copied
}

export async function propose(
  desk: Desk,
  id: number,
  { pair, reasons, by }: { pair: LeaderNeedPair; reasons: Reasons; by: Actor },
): Promise<Decision<{ proposals: number[] }>> {
  const scenario = await findScenario(desk.parts.database.db, id)
  if (!scenario) return refuse(NO_SCENARIO)
  const asked = { id, pair, reasons, sources: sourcesOf(desk, scenario), by }
  const proposed = await proposeLeader(desk.parts.database, asked)
  if (proposed.ok) await solveAgain(desk, id, 'A school has a proposal now and left the problem')
  return proposed
}

export async function withdraw(
  desk: Desk,
  id: number,
  { need, reason, by }: { need: string; reason: string; by: Actor },
): Promise<Decision<{ withdrawn: number }>> {
  if (!(await findScenario(desk.parts.database.db, id))) return refuse(NO_SCENARIO)
  const withdrawn = await withdrawProposal(desk.parts.database, { id, need, reason, by })
  // A confirmed scenario is not solved again: it stays as it was agreed, without this pair.
  if (withdrawn.ok) await solveAgain(desk, id, 'A proposal was withdrawn and its school is back in the problem')
  return withdrawn
}

export async function confirm(
  desk: Desk,
  id: number,
  { reasons, by }: { reasons: Reasons; by: Actor },
): Promise<Decision<{ proposals: number[] }>> {
  const scenario = await findScenario(desk.parts.database.db, id)
  if (!scenario) return refuse(NO_SCENARIO)
  return confirmScenario(desk.parts.database, { id, reasons, sources: sourcesOf(desk, scenario), by })
}

/** Two scenarios side by side; undefined where one is not there, or has no answer yet. */
export async function compare(desk: Desk, id: number, otherId: number) {
  const [one, other] = await Promise.all([readBench(desk, id), readBench(desk, otherId)])
  const [before, after] = [other?.solutions[0], one?.solutions[0]]
  if (!one || !other || !before || !after) return undefined
  const sameScale = JSON.stringify(before.weights) === JSON.stringify(after.weights)
  const exercise = one.scenario.kind === 'exercise' || other.scenario.kind === 'exercise'
  const comparison = compareAnswers(before.answer, after.answer, namesOf(one.facts), { sameScale })
  return { id, name: one.scenario.name, otherId, other: other.scenario.name, exercise, sameScale, ...comparison }
}
