export { getTotals } from './about-store.ts'
export { getEnglandMap } from './england-map.ts'
export { importFile } from './import-file.ts'
export type { ImportKind } from './import-kinds.ts'
export { formatImportReport } from './import-report.ts'
export { registerRoutes } from './pages.ts'
export { refreshProjections } from './projections.ts'
export {
  type EstablishmentAt,
  findSnapshot,
  getDataMark,
  listInspectionsTo,
  listOpenOn,
  readLineage,
  type SnapshotUsed,
} from './register-at.ts'
export { registerChecks } from './register-checks.ts'
export { loadShippedRegister, registerIsLoaded } from './shipped.ts'
