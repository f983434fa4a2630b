export { type LeaderCapacity, readCapacity, type TermCapacity } from './capacity.ts'
export { type ConflictQuestion, readConflicts } from './conflict-store.ts'
export {
  type Conflict,
  type ConflictAnswer,
  type ConflictKind,
  type ConflictSwitches,
  findConflicts,
  type LeaderTies,
  type NotHeld,
  prepareConflicts,
  type SubjectTies,
} from './conflicts.ts'
export { seedExerciseLeaders } from './exercise-leaders.ts'
export { formatLeaderImport, importLeaders, type LeaderFault, type LeaderImportReport } from './import-leaders.ts'
export { type DeclarationState, declarationState, declareInterest } from './interests.ts'
export { EMPTY_FIELDS, type Leader, type LeaderFields } from './leader.ts'
export type { Actor } from './leader-history.ts'
export type { LeaderParts } from './leader-parts.ts'
export { daysInWords, freeHalfDays } from './ledger.ts'
export { listRoster, type RosterQuery, type RosterRow } from './roster.ts'
export { leaderRoutes } from './routes.ts'
export { changeLeader, createLeader, type Saved } from './save-leader.ts'
export { type DaysAsked, freeDays, holdDays, promiseDays } from './take-days.ts'
export {
  academicYear,
  currentTerm,
  findWord,
  type LeaderVocabulary,
  leaderVocabulary,
  PHASES,
  type TermWord,
  titleOf,
  type Word,
  yearInWords,
} from './vocabulary.ts'
