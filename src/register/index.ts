export { getTotals } from './about-store.ts'
export { getEnglandMap } from './england-map.ts'
export { importFile } from './import-file.ts'
export type { ImportKind } from './import-kinds.ts'
export { formatImportReport } from './import-report.ts'
export { registerRoutes } from './pages.ts'
export {
  findSchoolPlace,
  findTrustOn,
  findTrustPlace,
  MULTI_ACADEMY_TRUST,
} from './place.ts'
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
export { presentSchoolFrame } from './school.ts'
export { findSchool } from './school-store.ts'
export { loadShippedRegister, registerIsLoaded } from './shipped.ts'
