import { findInventedActor, placePeople, type Role } from '../../src/accounts/index.ts'
import { type Actor, machineActor } from '../../src/platform/actor.ts'
import type { Db } from '../../src/platform/db.ts'
import type { England } from '../england-file.ts'
import type { Doer } from './deed.ts'

const EVERYBODY_ELSE = machineActor('Invented England', 'system')
/** Before every scene, as the roles of the other invented people. */
const FROM = '2016-09-01'

export type CaseSubject = {
  readonly key: { readonly kind: 'school'; readonly urn: number } | { readonly kind: 'trust'; readonly uid: string }
  readonly region: string
  readonly trust: string | null
  readonly diocese: string | null
  readonly name: string
}

/** A school by its URN or a trust by its id, in the words of the scene. Throws when the England has neither. */
export function subjectOf(england: England, id: string): CaseSubject {
  const trust = england.trusts.find((one) => one.id === id)
  const urn = trust ? trust.schools[0] : Number(id)
  const school = england.schools.find((one) => one.urn === urn)
  const region = england.authorities.find((one) => one.id === school?.la)?.region
  if (!school || !region) throw new Error(`The invented England has no school or trust ${id}`)
  return {
    key: trust ? { kind: 'trust', uid: trust.id } : { kind: 'school', urn: school.urn },
    region,
    trust: trust?.id ?? school.trust ?? null,
    diocese: trust ? null : (school.diocese ?? null),
    name: trust?.name ?? school.name,
  }
}

/** The office of a school whose head the England does not name: it answers and signs for the school. */
export function officeOf(england: England, subject: CaseSubject): string | undefined {
  if (subject.trust || subject.key.kind === 'trust') return undefined
  return holderOf(england, 'head', String(subject.key.urn)) ? undefined : `office-${subject.key.urn}`
}

/** Puts the offices of such schools in, so that a scene has somebody to sign in as for each of its schools. */
export async function placeOffices(db: Db, england: England, subjects: readonly CaseSubject[], programme: string) {
  const offices = subjects.flatMap((subject) => {
    const id = officeOf(england, subject)
    return id && subject.key.kind === 'school' ? [{ id, urn: subject.key.urn, name: subject.name }] : []
  })
  await placePeople(
    db,
    offices.map(({ id, urn, name }) => ({
      ids: [id],
      name: `Office of ${name}`,
      email: `${id}@example.org`,
      organisation: null,
      approver: false,
      grants: [
        {
          programme,
          role: 'head',
          scopeKind: 'establishment',
          scopeValues: [String(urn)],
          from: FROM,
          to: null,
        } as const,
      ],
    })),
  )
}

/** Who holds a role for a place, by the England's list of people. */
function holderOf({ people = [] }: England, role: string, place: string): string | undefined {
  return people.find(({ grants }) => grants.some(([, held, scope]) => held === role && [scope].flat().includes(place)))
    ?.id
}

/** The invented person who does what a party does in a case; undefined where the England has nobody. */
export function doerOf(
  england: England,
  { doer, subject, leader }: { doer: Doer; subject: CaseSubject; leader: string | undefined },
): string | undefined {
  if (typeof doer === 'object') return doer.person
  const { region, trust, key } = subject
  const leadersRegion = england.leaders.find(({ id }) => id === leader)?.region ?? region
  switch (doer) {
    case 'rg':
      return holderOf(england, 'regions-group', region) ?? holderOf(england, 'regions-group', 'national')
    case 'director':
      return holderOf(england, 'regional-director', region)
    case 'rdp':
      return holderOf(england, 'delivery-partner-lead', region)
    case 'leader-rdp':
      return holderOf(england, 'delivery-partner-lead', leadersRegion)
    case 'payments':
      return holderOf(england, 'payments', 'national')
    case 'sl':
      return leader
    case 'supported':
      if (trust) return holderOf(england, 'trust-ceo', trust) ?? england.leaders.find(({ org }) => org === trust)?.id
      return key.kind === 'school'
        ? (holderOf(england, 'head', String(key.urn)) ?? officeOf(england, subject))
        : undefined
  }
}

/** Finds actors of one scene, each once a day that their roles may differ by. */
export function actorsOf(db: Db, roles: readonly Role[]) {
  const known = new Map<string, Promise<Actor | null>>()
  return async (person: string | undefined, today: string): Promise<Actor> => {
    if (!person) return EVERYBODY_ELSE
    const key = `${person} ${today}`
    const found = known.get(key) ?? findInventedActor(db, { person, today, roles })
    known.set(key, found)
    const actor = await found
    if (!actor) throw new Error(`Nobody of the invented England is called ${person}`)
    return actor
  }
}

export function emailOf({ people = [], leaders }: England, id: string): string {
  return [...people, ...leaders].find((one) => one.id === id)?.email ?? id
}
