export {
  addWorkingDays,
  dueDate,
  englandCalendar,
  findLimit,
  findNextTerm,
  findTerm,
  isWorkingDay,
  type Term,
  workingDaysAfter,
} from './calendar.ts'
export { calendarRoutes } from './calendar-pages.ts'
export {
  type ConditionLanguage,
  compileExpression,
  compileWords,
  createLanguage,
  type Expression,
  evaluateCondition,
  type Facts,
  Judgement,
  type ThreeValued,
} from './conditions.ts'
export { describePack } from './describe-pack.ts'
export { type Field, type Fields, type FieldType, NOTE_LENGTH } from './field-schema.ts'
export { type CaseFacts, evaluateFlow, fillWords, judgeCondition, LeaderFact, SubjectFact } from './flow-conditions.ts'
export type {
  Form,
  FormCheck,
  FormField,
  FormFields,
  FormGroup,
  FormSection,
  FormSignature,
} from './form-schema.ts'
export { addPack, loadInstalledPacks, type PackFolders } from './installed-packs.ts'
export { checkPackDirectory, findPack, loadPack, loadPacks } from './load-pack.ts'
export { isRuleRow, type JudgedRow, type Pack, packRef, type RuleRow } from './pack-schema.ts'
export { programmeRoutes } from './pages.ts'
export {
  type Anytime,
  type Child,
  CLOSE,
  type Flow,
  type Log,
  type Outcome,
  type Party,
  type Process,
  type Step,
  type StepCheck,
  type StepClock,
} from './process-schema.ts'
export { getTerms } from './term-store.ts'
