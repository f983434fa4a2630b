import { sql } from 'kysely'
import type { Actor } from '../platform/actor.ts'
import type { Db } from '../platform/db.ts'
import type { Answer } from './answer.ts'
import type { BrokenLock } from './build-problem.ts'
import { type NeedValues, type ScenarioDecision, type Standing, standingOf } from './decisions.ts'
import type { Limits, Weights } from './match-facts.ts'
import { matchingDb, type ScenarioKind } from './matching-tables.ts'

export type Scenario = {
  readonly id: number
  readonly name: string
  readonly kind: ScenarioKind
  readonly programme: string
  readonly edition: string
  readonly term: string
  readonly source: string
  readonly priorityRule: string
  readonly regionPriorities: Readonly<Record<string, readonly string[]>>
  readonly copiedFrom: number | null
  readonly confirmedAt: Date | null
  readonly createdAt: Date
  /** What it began with; what stands now follows from the decisions. */
  readonly start: { readonly weights: Weights; readonly limits: Limits }
  readonly decisions: readonly MadeDecision[]
  readonly standing: Standing
}

/** A decision as it was made. `words` tell it in a sentence's beginning: "Locking Leader 004 to Elm School". */
export type MadeDecision = {
  readonly id: number
  readonly decision: ScenarioDecision
  readonly words: string
  readonly reason: string | null
  readonly madeAt: Date
  readonly madeBy: string
  readonly undoneAt: Date | null
}

/** One stored answer of the solver, with why it was asked for. */
export type StoredSolution = {
  readonly id: number
  readonly because: string
  readonly weights: Weights
  readonly answer: Answer
  readonly pairsAllowed: number
  readonly narrowedTo: number | null
  readonly brokenLocks: readonly BrokenLock[]
  readonly solvedAt: Date
}

/** A scenario with what was decided in it. Undefined when there is none with this number. */
export async function findScenario(db: Db, id: number): Promise<Scenario | undefined> {
  const row = await matchingDb(db).selectFrom('scenario').selectAll().where('id', '=', id).executeTakeFirst()
  if (!row) return undefined
  const decisions = await readDecisions(db, id)
  const start = { weights: row.weights, limits: row.limits }
  const standing = standingOf(
    start,
    decisions.filter(({ undoneAt }) => undoneAt === null).map(({ decision }) => decision),
  )
  return {
    id: row.id,
    name: row.name,
    kind: row.kind,
    programme: row.programme,
    edition: row.edition,
    term: row.term,
    source: row.source,
    priorityRule: row.priority_rule,
    regionPriorities: row.region_priorities,
    copiedFrom: row.copied_from,
    confirmedAt: row.confirmed_at,
    createdAt: row.created_at,
    start,
    decisions,
    standing,
  }
}

async function readDecisions(db: Db, scenarioId: number): Promise<MadeDecision[]> {
  const { rows } = await sql<{
    id: number
    kind: string
    need: string | null
    leader: string | null
    values: unknown
    words: string
    reason: string | null
    made_at: Date
    made_by: string
    undone_at: Date | null
  }>`
    select d.id, d.kind, d.establishment_id::text as need, l.reference as leader, d.values, d.words, d.reason, d.made_at,
      d.made_by, d.undone_at
    from scenario_decision d left join leader l on l.id = d.leader_id
    where d.scenario_id = ${scenarioId} order by d.id`.execute(db)
  return rows.map((row) => ({
    id: row.id,
    decision: decisionOf(row.kind, row.need ?? '', row.leader ?? '', row.values),
    words: row.words,
    reason: row.reason,
    madeAt: row.made_at,
    madeBy: row.made_by,
    undoneAt: row.undone_at,
  }))
}

function decisionOf(kind: string, need: string, leader: string, values: unknown): ScenarioDecision {
  switch (kind) {
    case 'weights':
      return { kind, weights: values as Weights } // written by storeDecision only
    case 'limits':
      return { kind, limits: values as Limits } // written by storeDecision only
    case 'need':
      return { kind, need, values: values as NeedValues } // written by storeDecision only
    case 'lock':
    case 'forbid':
    case 'clear':
    case 'release':
      return { kind, pair: { need, leader } }
    default:
      throw new Error(`A decision of a kind that nothing writes: ${kind}`)
  }
}

export type ScenarioSummary = {
  readonly id: number
  readonly name: string
  readonly kind: ScenarioKind
  readonly programme: string
  readonly edition: string
  readonly term: string
  readonly schools: number
  readonly leaders: number
  readonly confirmed_at: Date | null
  readonly created_at: Date
  readonly answer: Answer | null
}

/** Every scenario, the newest first, with its last answer. */
export async function listScenarios(db: Db): Promise<ScenarioSummary[]> {
  const { rows } = await sql<ScenarioSummary>`
    select s.id, s.name, s.kind, s.programme, s.edition, s.term, s.confirmed_at, s.created_at, last.answer,
      (select count(*)::integer from scenario_need n where n.scenario_id = s.id) as schools,
      (select count(*)::integer from scenario_leader l where l.scenario_id = s.id) as leaders
    from scenario s
      left join lateral (select answer from scenario_solution x where x.scenario_id = s.id order by x.id desc limit 1) last on true
    order by s.id desc`.execute(db)
  return rows
}

/** The last answers of a scenario, the newest first. */
export async function listSolutions(db: Db, scenarioId: number, count: number): Promise<StoredSolution[]> {
  const rows = await matchingDb(db)
    .selectFrom('scenario_solution')
    .selectAll()
    .where('scenario_id', '=', scenarioId)
    .orderBy('id', 'desc')
    .limit(count)
    .execute()
  return rows.map((row) => ({
    id: row.id,
    because: row.because,
    weights: row.weights,
    answer: row.answer,
    pairsAllowed: row.pairs_allowed,
    narrowedTo: row.narrowed_to,
    brokenLocks: row.broken_locks,
    solvedAt: row.solved_at,
  }))
}

/** An answer that was proven for exactly these inputs; solving them again would give it again. */
export async function findProven(db: Db, scenarioId: number, fingerprint: string): Promise<Answer | undefined> {
  const row = await matchingDb(db)
    .selectFrom('scenario_solution')
    .select('answer')
    .where('scenario_id', '=', scenarioId)
    .where('fingerprint', '=', fingerprint)
    .where('status', '=', 'optimal')
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst()
  return row?.answer
}

export type NewSolution = Omit<StoredSolution, 'id' | 'solvedAt'> & { readonly scenarioId: number }

export async function storeSolution(db: Db, solution: NewSolution): Promise<void> {
  const { answer } = solution
  await matchingDb(db)
    .insertInto('scenario_solution')
    .values({
      scenario_id: solution.scenarioId,
      because: solution.because,
      status: answer.status,
      score: answer.score,
      fingerprint: answer.fingerprint,
      weights: JSON.stringify(solution.weights),
      answer: JSON.stringify(answer),
      pairs_allowed: solution.pairsAllowed,
      narrowed_to: solution.narrowedTo,
      broken_locks: JSON.stringify(solution.brokenLocks),
      millis: answer.millis,
    })
    .execute()
}

export type NewDecision = {
  readonly scenarioId: number
  readonly decision: ScenarioDecision
  readonly words: string
  readonly reason: string | null
  readonly by: Pick<Actor, 'name' | 'door'>
}

export async function storeDecision(db: Db, { scenarioId, decision, words, reason, by }: NewDecision): Promise<void> {
  const pair = 'pair' in decision ? decision.pair : null
  const need = decision.kind === 'need' ? decision.need : pair?.need
  const values = valuesOf(decision)
  await sql`insert into scenario_decision
      (scenario_id, kind, establishment_id, leader_id, values, words, reason, made_by, door)
    values (${scenarioId}, ${decision.kind}, ${need === undefined ? null : Number(need)},
      (select id from leader where reference = ${pair?.leader ?? null}), ${values && JSON.stringify(values)}::jsonb,
      ${words}, ${reason}, ${by.name}, ${by.door})`.execute(db)
}

function valuesOf(decision: ScenarioDecision): Weights | Limits | NeedValues | null {
  if (decision.kind === 'weights') return decision.weights
  if (decision.kind === 'limits') return decision.limits
  return decision.kind === 'need' ? decision.values : null
}

/** Takes back the last decision that stands; undefined when none does. Undoing again takes back the one before. */
export async function undoLastDecision(db: Db, scenarioId: number, who: string): Promise<string | undefined> {
  const { rows } = await sql<{ words: string }>`
    update scenario_decision set undone_at = now(), undone_by = ${who}
    where id = (select max(id) from scenario_decision where scenario_id = ${scenarioId} and undone_at is null)
    returning words`.execute(db)
  return rows[0]?.words
}

/** Holds the scenario's row, so that decisions, confirmation and copies of it come one after another. */
export async function lockScenario(db: Db, id: number): Promise<void> {
  await sql`select id from scenario where id = ${id} for no key update`.execute(db)
}
