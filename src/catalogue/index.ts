export { readCommand } from './check-signpost.ts'
export { findSchoolCircumstances, findTrustCircumstances } from './circumstance-store.ts'
export type { Circumstances } from './circumstances.ts'
export { catalogueRoutes } from './routes.ts'
export {
  decideSignpost,
  type Signpost as DecidedSignpost,
  type SignpostCommand,
  type SignpostKind,
} from './signpost.ts'
export { countEarlierSignposts, listSignposts, type StoredSignpost, storeSignpost } from './signpost-store.ts'
export { listUndecided, standingOf, suggest } from './suggest.ts'
