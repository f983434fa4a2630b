export type { AccountParts } from './account-parts.ts'
export { findInventedActor, testContract } from './demonstration.ts'
export { explainRefusal } from './explain-refusal.ts'
export { findKeptForm, KEPT_COOKIE } from './kept-form.ts'
export { decideOpening, LINK_ADDRESS, LINK_GONE, type LinkFacts, stateOfLink } from './one-time-link.ts'
export {
  countWrongAddress,
  findLinkByToken,
  listLinks,
  makeLink,
  newLinkToken,
  type OneTimeLink,
  revokeLink,
  useLink,
} from './one-time-link-store.ts'
export type { WorkSource } from './open-work.ts'
export { keepTyped } from './pages-session.ts'
export { ATTEMPT_COOKIE } from './pages-sign-in.ts'
export { invite } from './people.ts'
export { findPersonActor } from './person-actor.ts'
export { type PlacedPerson, placeOrganisations, placePeople, placePerson } from './place-person.ts'
export { openProvider, type Provider, readProviderSettings } from './provider.ts'
export {
  type Acting,
  findActing,
  findOffice,
  findOrganisationKey,
  findRoleHolders,
  type OfficeOf,
  type RoleHolder,
  storeOffices,
} from './role-holders.ts'
export { ADMINISTRATOR, type Role } from './roles.ts'
export { accountRoutes } from './routes.ts'
export { authenticate } from './service-token.ts'
export { countSessions, digest, insertSession, newSecret, openSession, SESSION_COOKIE } from './session.ts'
