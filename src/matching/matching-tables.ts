import type { ColumnType, Generated, GeneratedAlways } from 'kysely'
import type { Db } from '../platform/db.ts'
import type { Answer } from './answer.ts'
import type { BrokenLock } from './build-problem.ts'
import type { Limits, Weights } from './match-facts.ts'
import type { Factor } from './proposal.ts'
import type { ScorePart } from './score.ts'

type Json<T> = ColumnType<T, string, string>
type Stamp = ColumnType<Date, never, never>

/** The tables of db/migrations/0004_matching.sql. Days are whole numbers of half days, scores exact decimals. */
export type MatchingTables = {
  scenario: ScenarioTable
  scenario_need: ScenarioNeedTable
  scenario_leader: { scenario_id: number; leader_id: number; position: number }
  scenario_decision: ScenarioDecisionTable
  scenario_solution: ScenarioSolutionTable
  proposal: ProposalTable
}

export type ScenarioKind = 'exercise' | 'invented'

type ScenarioTable = {
  id: GeneratedAlways<number>
  name: string
  kind: ScenarioKind
  programme: string
  edition: string
  term: string
  source: string
  priority_rule: string
  weights: Json<Weights>
  limits: Json<Limits>
  region_priorities: Json<Record<string, string[]>>
  copied_from: number | null
  confirmed_at: ColumnType<Date | null, never, Date>
  created_at: Stamp
  created_by: string
  /** Who looks after it: whoever made it, until it is handed over. */
  kept_by: number | null
}

type ScenarioNeedTable = {
  scenario_id: number
  establishment_id: number
  position: number
  half_days: number
  priority: number
  areas: string[] | null
}

type ScenarioDecisionTable = {
  id: GeneratedAlways<number>
  scenario_id: number
  kind: 'lock' | 'forbid' | 'clear' | 'release' | 'weights' | 'limits' | 'need'
  establishment_id: number | null
  leader_id: number | null
  values: ColumnType<unknown, string | null, never>
  words: string
  reason: string | null
  made_at: Stamp
  made_by: string
  door: string
  undone_at: ColumnType<Date | null, never, Date>
  undone_by: ColumnType<string | null, never, string>
}

type ScenarioSolutionTable = {
  id: GeneratedAlways<number>
  scenario_id: number
  because: string
  status: 'optimal' | 'feasible'
  score: ColumnType<string, number, never>
  fingerprint: string
  weights: Json<Weights>
  answer: Json<Answer>
  pairs_allowed: number
  narrowed_to: number | null
  broken_locks: Json<BrokenLock[]>
  millis: number
  solved_at: Stamp
}

type ProposalTable = {
  id: GeneratedAlways<number>
  scenario_id: number
  establishment_id: number
  leader_id: number
  solution_id: number | null
  matched_as: string | null
  half_days: number
  score: ColumnType<string, number, never>
  miles: number | null
  parts: Json<ScorePart[]>
  factors: Json<Record<string, Factor>>
  override_reason: string | null
  type_reason: string | null
  day_entry_id: Generated<number | null>
  made_at: Stamp
  made_by: string
  door: string
  withdrawn_at: ColumnType<Date | null, never, Date>
  withdrawn_by: ColumnType<string | null, never, string>
}

/** The query builder with this slice's tables. */
export function matchingDb(db: Db) {
  return db.withTables<MatchingTables>()
}
