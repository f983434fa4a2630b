export { findNextTerm, type Term } from './calendar.ts'
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
export { describePack } from './describe-pack.ts'
export { addPack, loadInstalledPacks, type PackFolders } from './installed-packs.ts'
export { findPackWarnings } from './load-catalogue.ts'
export { checkPackDirectory, findPack, loadPack, loadPacks } from './load-pack.ts'
export { isRuleRow, type JudgedRow, type Pack, packRef, type RuleRow } from './pack-schema.ts'
export { programmeRoutes } from './pages.ts'
export { getTerms } from './term-store.ts'
