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
