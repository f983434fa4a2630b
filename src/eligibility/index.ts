export { type AnswerOptions, toJson } from './answer-json.ts'
export { eligibilityApi } from './api.ts'
export { type Cause, type Comparison, compareRuns, type Judged, type Move, type Run } from './compare-runs.ts'
export {
  type EvaluatedRow,
  type Evaluation,
  type EvaluationFacts,
  evaluate,
  evaluateTrust,
  type Outcome,
  type OutcomeBasis,
  type RecordedJudgement,
  type RowResult,
  type Subject,
} from './evaluate.ts'
export { type Basis, chainOf, type HistoryEntry, type HistoryMode, readHistory } from './history.ts'
export {
  type FactsOn,
  getFactsOn,
  getJudged,
  type JudgedRegister,
  type JudgedSchool,
  judgeSchools,
  judgeTrusts,
  readFactsOn,
} from './judge-register.ts'
export { type EligibilityParts, eligibilityPages, usualDay } from './pages.ts'
export { reasonOf } from './present-answer.ts'
export { readQuestion } from './question.ts'
export {
  type Establishment,
  type Grade,
  type InspectionKind,
  type InspectionRow,
  type LinkChange,
  type LinkRow,
  plainPredecessors,
  prepareRegisterView,
  type RegisterEntry,
  type RegisterView,
} from './register-view.ts'
export { listThresholds, type ThresholdChange, withThreshold } from './what-if.ts'
export { gradeInWords, listJudgements, ON_THE_DATA_HELD } from './words.ts'
