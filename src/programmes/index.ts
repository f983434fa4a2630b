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
export { addPack, loadInstalledPacks, type PackFolders } from './installed-packs.ts'
export { checkPackDirectory, findPack, loadPack, loadPacks } from './load-pack.ts'
export { isRuleRow, type JudgedRow, type Pack, packRef, type RuleRow } from './pack-schema.ts'
export { programmeRoutes } from './pages.ts'
