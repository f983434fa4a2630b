import type { Actor, Hat } from '../platform/actor.ts'
import { type CaseFacts, evaluateFlow, type Pack, type Party } from '../programmes/index.ts'

/** Where a case is, and whose it is: what a role's scope is held against. Any of them may be missing. */
export type CasePlace = {
  readonly region: string | null
  readonly authority: string | null
  readonly diocese: string | null
  readonly urn: number | null
  readonly trust: string | null
  /** Reference of the leader whom a step asks, or who works on the case. */
  readonly leader: string | null
  /** Region of that leader's home. */
  readonly leaderRegion: string | null
}

/** A role at a place, as text, so that an open step finds whoever may do it by one index: "tsi/head@urn:900001". */
export type ActKey = string

export type Owner = string | { readonly party: string; readonly of: 'leader' }

const SCOPE_WORDS: Readonly<Record<Hat['scopeKind'], string>> = {
  national: '*',
  region: 'region:',
  authority: 'authority:',
  organisation: 'organisation:',
  establishment: 'urn:',
  leader: 'leader:',
  named: 'named:',
}

/** The region whose people act where that is another than the case's own: the leader's home (TSI-071). Undefined where it is the same. */
export function otherRegion(owner: Owner, acts: readonly ActKey[], own: string | null): string | undefined {
  if (typeof owner === 'string') return undefined
  const [region] = acts.flatMap((key) => /@region:(.+)$/.exec(key)?.[1] ?? [])
  return region === own ? undefined : region
}

/** Every role at every place that somebody holds today. */
export function keysOfActor(actor: Pick<Actor, 'hats'>): ActKey[] {
  return actor.hats.flatMap((hat) => keysOfHat(hat))
}

function keysOfHat({ programme, role, scopeKind, scopeValues }: Hat): ActKey[] {
  const base = `${programme ?? ''}/${role}@`
  if (scopeKind === 'national') return [`${base}*`]
  return scopeValues.map((value) => base + SCOPE_WORDS[scopeKind] + value)
}

/** The role of an actor that lets them act, as the audit and the history name it; undefined when none does. */
export function findHat(actor: Pick<Actor, 'hats'>, acts: readonly ActKey[]): string | undefined {
  return actor.hats.find((hat) => keysOfHat(hat).some((key) => acts.includes(key)))?.role
}

/** The roles of a party that may act: all of them, or the one that its expression picks. */
export function rolesOf(party: Party, facts: CaseFacts): string[] {
  if (!party.acts) return party.roles
  const chosen = String(evaluateFlow(party.acts, facts))
  return party.roles.includes(chosen) ? [chosen] : party.roles
}

/** Who may act for a party about a case, as keys. `of: leader` goes by the region of the leader's home (TSI-071). */
export function actKeys(pack: Pack, owner: Owner, place: CasePlace, facts: CaseFacts): ActKey[] {
  const id = typeof owner === 'string' ? owner : owner.party
  const party = pack.process?.parties[id]
  if (!party) throw new Error(`The pack has no party ${id}`)
  const at = typeof owner === 'string' ? place : { ...place, region: place.leaderRegion ?? place.region }
  return rolesOf(party, facts).flatMap((role) => keysOfRole(pack, role, at))
}

/** A role at the places of a case, and the same role for all of England. */
export function keysOfRole(pack: Pack, role: string, place: CasePlace): ActKey[] {
  const base = `${pack.programme}/${role}@`
  const scopes = pack.roles[role]?.scope ?? []
  const places = scopes.flatMap((scope) => placesOf(scope, place))
  return [`${base}*`, ...places.map((one) => base + one)]
}

function placesOf(scope: string, place: CasePlace): string[] {
  const own = [
    ...(place.urn === null ? [] : [`urn:${place.urn}`]),
    ...(place.trust === null ? [] : [`organisation:${place.trust}`]),
  ]
  switch (scope) {
    case 'region':
      return place.region === null ? [] : [`region:${place.region}`]
    case 'authority':
      return place.authority === null ? [] : [`authority:${place.authority}`]
    case 'own':
      return own
    case 'assigned':
      // a leader, or somebody to whom the school is assigned
      return [
        ...(place.leader === null ? [] : [`leader:${place.leader}`]),
        ...(place.urn === null ? [] : [`urn:${place.urn}`]),
      ]
    case 'self':
      return place.leader === null ? [] : [`leader:${place.leader}`]
    case 'named':
      return place.diocese === null ? [] : [`organisation:${place.diocese}`]
    default:
      return []
  }
}

/** The key of a role at a school (URN) or a trust (its number), as open steps hold it. */
export function actKeyAt(
  { programme }: Pick<Pack, 'programme'>,
  { role, of, key }: { readonly role: string; readonly of: string; readonly key: string },
): ActKey {
  return `${programme}/${role}@${of === 'trust' ? SCOPE_WORDS.organisation : SCOPE_WORDS.establishment}${key}`
}
