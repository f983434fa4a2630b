export { alertRoutes } from './alert-pages.ts'
export {
  addWorkingDays,
  dueDate,
  englandCalendar,
  findLimit,
  findNextTerm,
  isWorkingDay,
  type Term,
  workingDaysAfter,
} from './calendar.ts'
export { calendarRoutes } from './calendar-pages.ts'
export type { Calculator } from './catalogue-calculators.ts'
export {
  type Beneficiary,
  CATALOGUE_FACTS,
  CATALOGUE_PHASES,
  type CataloguePhase,
  SETTING_IDS,
  SETTINGS,
  type Setting,
} from './catalogue-facts.ts'
export { catalogueJudge, type Judge } from './catalogue-language.ts'
export type {
  Catalogue,
  CatalogueEntry,
  CatalogueRule,
  Pathway,
  PlaceKind,
  Resource,
} from './catalogue-schema.ts'
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
export { describePack, notRunInWords } from './describe-pack.ts'
export { dutyOfFlow, flowOfDuty } from './duty-flow.ts'
export { type Field, type Fields, NOTE_LENGTH } from './field-schema.ts'
export { type CaseFacts, evaluateFlow, fillWords, judgeCondition, LeaderFact, SubjectFact } from './flow-conditions.ts'
export type {
  Form,
  FormCheck,
  FormField,
  FormFields,
  FormGroup,
  FormPoint,
  FormSection,
  FormSignature,
} from './form-schema.ts'
export { addPack, loadInstalledPacks, type PackFolders } from './installed-packs.ts'
export {
  isGroup,
  isLetterField,
  LETTER_FIELDS,
  type Letter,
  type LetterFieldName,
  type LetterPlace,
  type LetterRecipient,
  type RecipientRule,
  splitLetter,
} from './letter-schema.ts'
export { findLetter, recipientApplies } from './letters.ts'
export { findPackWarnings } from './load-catalogue.ts'
export { checkPackDirectory, findPack, loadPack, loadPacks } from './load-pack.ts'
export type { MoneyClaim, MoneyGrant, MoneyNeed, MoneyPart } from './money-schema.ts'
export {
  casePacks,
  isRuleRow,
  type JudgedRow,
  type Origin,
  originsOf,
  type Pack,
  packRef,
  partlyRunningPacks,
  type RuleRow,
  runningPacks,
  titleWithState,
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
  type Duty,
  type Flow,
  type Log,
  type Outcome,
  type Party,
  type Reminders,
  type Step,
  type StepCheck,
  type StepClock,
  SUBJECT_CHANGES,
} from './process-schema.ts'
export type { Standing, Trigger } from './standing-schema.ts'
export type { StudyRules, StudySource } from './study-schema.ts'
export { getTerms } from './term-store.ts'
export { valueRoutes } from './value-pages.ts'
export { type FoundContact, findContact, findValue } from './value-store.ts'
export { whoActs } from './who-acts.ts'
export type { Checklist, ModelStep, Specialism, Work } from './work-schema.ts'
