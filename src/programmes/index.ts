export { alertRoutes } from './alert-pages.ts'
export {
  addWorkingDays,
  dueDate,
  englandCalendar,
  findLimit,
  isWorkingDay,
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
export { listDataAlerts } from './data-alerts.ts'
export { describePack } from './describe-pack.ts'
export { type Field, type Fields, NOTE_LENGTH } from './field-schema.ts'
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
export {
  isRuleRow,
  type JudgedRow,
  type Origin,
  originsOf,
  type Pack,
  packRef,
  type RuleRow,
} from './pack-schema.ts'
export { programmeRoutes } from './pages.ts'
export { placePeopleRoutes } from './people-pages.ts'
export {
  findPeopledTrust,
  listContacts,
  missingInWords,
} from './place-people.ts'
export {
  type Anytime,
  CLOSE,
  type Flow,
  type Log,
  type Outcome,
  type Party,
  type Step,
  type StepCheck,
  type StepClock,
} from './process-schema.ts'
export { valueRoutes } from './value-pages.ts'
export { type FoundContact, findContact, findValue } from './value-store.ts'
export { whoActs } from './who-acts.ts'
export type { Checklist, ModelStep, Specialism, Work } from './work-schema.ts'
