export { type CalendarParts, calendarRoutes } from './calendar-pages.ts'
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
export { type Cited, describePack, type PackDescription } from './describe-pack.ts'
export { addPack, loadInstalledPacks, type PackFolders } from './installed-packs.ts'
export { checkPackDirectory, findPack, loadPack, loadPacks, parsePack } from './load-pack.ts'
export {
  ADMINISTRATOR,
  type EligibilityRow,
  isRuleRow,
  type JudgedRow,
  type Pack,
  type PackParameter,
  packRef,
  type RuleRow,
} from './pack-schema.ts'
export type { PackFault } from './pack-source.ts'
export { programmeRoutes } from './pages.ts'
