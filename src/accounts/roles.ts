import type { Capability } from '../platform/actor.ts'

/** A role as a pack declares it, or of the service itself (`programme` null). Roles are data; their powers are the engine's. */
export type Role = {
  readonly programme: string | null
  readonly programmeTitle: string
  readonly id: string
  readonly title: string
  readonly may: readonly Capability[]
  /** For which parts of the records the pack means it, in the pack's words; none said for the service's own. */
  readonly scopes?: readonly string[]
  /** Only one person may hold it for a place at a time (TSI-066). */
  readonly single: boolean
  /** Roles of the same programme that nobody may hold beside it: claimant and payer, for instance. */
  readonly conflictsWith?: readonly string[]
}

/** The role that no pack needs to declare: keeps people, packs, terms and the register, and works on no case. */
export const ADMINISTRATOR: Role = {
  programme: null,
  programmeTitle: 'The service',
  id: 'administrator',
  title: 'Administrator',
  may: ['see-eligibility', 'see-leaders', 'edit-terms', 'give-feedback', 'administer', 'audit'],
  single: false,
}

/** Undefined for a role whose programme is not loaded: it is kept on record and gives nothing. Editions share their grants. */
export function findRole(roles: readonly Role[], programme: string | null, id: string): Role | undefined {
  return roles.find((role) => role.programme === programme && role.id === id)
}

/** Every role by its key, `programme/role`; of one programme where a known one is given, and the one meant where only its id was. */
export function likelyRoles(roles: readonly Role[], programme: string | null, id: string): string[] {
  const alike = roles.filter((role) => role.id === id)
  const within = roles.filter((role) => role.programme === programme && programme !== null)
  const found = [alike, within, roles].find((some) => some.length > 0) ?? []
  return [...new Set(found.map(roleKey))]
}

/** Role as forms and the API name it: the programme, a stroke, the role; the service's own roles have no programme. */
export function roleKey({ programme, id }: Pick<Role, 'programme' | 'id'>): string {
  return `${programme ?? ''}/${id}`
}

/** The powers of a role in every loaded edition of its programme together. */
export function capabilitiesOf(roles: readonly Role[], programme: string | null, id: string): Capability[] {
  return roles.filter((role) => role.programme === programme && role.id === id).flatMap((role) => role.may)
}

/** Roles that give a capability, for telling somebody who may do what they may not. */
export function rolesWith(roles: readonly Role[], capability: Capability): Role[] {
  return roles.filter((role) => role.may.includes(capability))
}
