export { alertRoutes } from './alert-pages.ts'
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
export { valueRoutes } from './value-pages.ts'
export { type FoundContact, findContact, findValue } from './value-store.ts'
export { whoActs } from './who-acts.ts'
