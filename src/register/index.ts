export { getTotals } from './about-store.ts'
export { layCorrections, liftCorrections } from './corrections/lay-corrections.ts'
export type { RestingThing, RestsOnRegister } from './corrections/make-correction.ts'
export { getEnglandMap } from './england-map.ts'
export { sayEvent } from './events/event-words.ts'
export { readEventsSince, takeEvents } from './events/read-events.ts'
export type { RegisterEvent } from './events/register-event.ts'
export { importFile } from './import-file.ts'
export type { ImportKind } from './import-kinds.ts'
export { formatImportReport } from './import-report.ts'
export { gradeName } from './inspection-words.ts'
export { countHeld, takeInAnyway, throwAway } from './nightly/decide-held.ts'
export { readNightSource } from './nightly/night-source.ts'
export { listHeldFiles, listNights } from './nightly/night-store.ts'
export { type NightReport, takeInNight } from './nightly/take-night.ts'
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
  type RegisterReader,
  readLineage,
  type SnapshotUsed,
} from './register-at.ts'
export { registerChecks } from './register-checks.ts'
export { presentSchoolFrame } from './school.ts'
export { findSchool } from './school-store.ts'
export { loadShippedRegister, registerIsLoaded } from './shipped.ts'
