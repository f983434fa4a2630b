export { getTotals, type RegisterTotals } from './about-store.ts'
export { type EnglandMap, getEnglandMap } from './england-map.ts'
export { type ImportRequest, importFile } from './import-file.ts'
export type { ImportKind } from './import-kinds.ts'
export { formatImportReport, type ImportReport } from './import-report.ts'
export type { ImportFault } from './import-rows.ts'
export { gradeLetter, gradeName, gradeNameOn } from './inspection-words.ts'
export { drawAuthorityMap, type GridPlace, type OutlineMap } from './national-grid-map.ts'
export { registerRoutes } from './pages.ts'
export { COMPARED_MEASURES, refreshProjections } from './projections.ts'
export {
  type EstablishmentAt,
  type FiledInspection,
  FULL_COVERAGES,
  findSnapshot,
  getDataMark,
  listInspectionsTo,
  listOpenOn,
  readLineage,
  type SnapshotUsed,
} from './register-at.ts'
export type { RegisterTables } from './register-tables.ts'
export {
  type LoadStep,
  loadShippedRegister,
  readShippedManifest,
  registerIsLoaded,
  type ShippedManifest,
} from './shipped.ts'
