import type { Database } from '../platform/db.ts'
import { accept, type Decision, type Refusal, refuse } from '../platform/decision.ts'
import { type Answer, answerOf } from './answer.ts'
import { buildProblem, fingerprintOf } from './build-problem.ts'
import type { LeaderNeedPair, MatchFacts } from './match-facts.ts'
import { type FactSources, readMatchFacts } from './match-facts-store.ts'
import { findProven, type Scenario, storeSolution } from './scenario-store.ts'
import { solve } from './solve.ts'

/** No answer takes longer: after this the best one found so far is kept, with its bound. */
const SOLVE_SECONDS = 60
/** A page that waits longer than this shows progress instead. */
const ANSWER_WITHIN_MILLIS = 3000
/** The price of one pair is asked for on a page, so it may not keep anybody waiting. */
const PRICE_SECONDS = 3

export const NO_SCENARIO: Refusal = { code: 'not-found', message: 'There is no scenario with this number' }
export const CONFIRMED: Refusal = {
  code: 'matching.confirmed',
  message: 'This scenario is confirmed and stays as it is. Save it under another name to go on',
}

export type RunningSolve = { readonly because: string; readonly startedAt: number; readonly schools: number }

/** Solves scenarios one after another for each number; a newer question ends the older one of the same scenario. */
export type ScenarioSolver = {
  /** Works the answer out and stores it. `waiting` when it takes longer than a page may wait; it then goes on by itself. */
  answer(scenario: Scenario, because: string, sources: FactSources): Promise<'answered' | 'waiting'>
  find(scenarioId: number): RunningSolve | undefined
  /** Ends a solve that is under way; its decision stays, its answer is missing. */
  cancel(scenarioId: number): boolean
  /** What went wrong with the last solve of a scenario, once. */
  takeFailure(scenarioId: number): string | undefined
}

export function createScenarioSolver(database: Database): ScenarioSolver {
  const running = new Map<number, RunningSolve & { readonly abort: AbortController }>()
  const failures = new Map<number, string>()
  return {
    async answer(scenario, because, sources) {
      running.get(scenario.id)?.abort.abort()
      const facts = await readMatchFacts(database.db, scenario, sources)
      const abort = new AbortController()
      const entry = { because, startedAt: performance.now(), schools: facts.needs.length, abort }
      running.set(scenario.id, entry)
      const done = solveAndStore(database, scenario, facts, because, abort.signal)
        .catch((error: unknown) => {
          if (!abort.signal.aborted) failures.set(scenario.id, error instanceof Error ? error.message : String(error))
        })
        .finally(() => {
          if (running.get(scenario.id) === entry) running.delete(scenario.id)
        })
      return Promise.race([done.then(() => 'answered' as const), later(ANSWER_WITHIN_MILLIS)])
    },
    find: (scenarioId) => running.get(scenarioId),
    cancel(scenarioId) {
      const entry = running.get(scenarioId)
      entry?.abort.abort(new Error('Cancelled'))
      return entry !== undefined
    },
    takeFailure(scenarioId) {
      const failure = failures.get(scenarioId)
      failures.delete(scenarioId)
      return failure
    },
  }
}

function later(millis: number): Promise<'waiting'> {
  return new Promise((resolve) => setTimeout(() => resolve('waiting'), millis).unref())
}

async function solveAndStore(
  { db }: Database,
  scenario: Scenario,
  facts: MatchFacts,
  because: string,
  signal: AbortSignal,
): Promise<void> {
  const { problem, pairsAllowed, narrowedTo, brokenLocks } = buildProblem(facts)
  const fingerprint = fingerprintOf(facts)
  const proven = await findProven(db, scenario.id, fingerprint)
  const answer =
    proven ?? answerOf(facts, await solve(problem, { timeLimitSeconds: SOLVE_SECONDS, signal }), fingerprint)
  // A newer decision came in meanwhile: its own solve gives the answer.
  signal.throwIfAborted()
  const weights = scenario.standing.weights
  await storeSolution(db, { scenarioId: scenario.id, because, answer, weights, pairsAllowed, narrowedTo, brokenLocks })
}

/** What the best answer would be if this pair had to be made: the honest price of a rival. */
export async function priceOf(facts: MatchFacts, answer: Answer, pair: LeaderNeedPair): Promise<Decision<Answer>> {
  const locked = [...facts.locked.filter(({ need }) => need !== pair.need), pair]
  const { problem, brokenLocks } = buildProblem({ ...facts, locked })
  const broken = brokenLocks.find(({ need, leader }) => need === pair.need && leader === pair.leader)
  if (broken) return refuse({ code: 'matching.pair-not-possible', message: `This pair cannot be made: ${broken.why}` })
  const solution = await solve(problem, { timeLimitSeconds: PRICE_SECONDS })
  return accept(answerOf(facts, solution, answer.fingerprint))
}
