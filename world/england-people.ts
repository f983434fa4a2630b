import { type OfficeOf, type PlacedPerson, placePeople, storeOffices } from '../src/accounts/index.ts'
import type { Db } from '../src/platform/db.ts'
import { organisationsOf } from './england-bodies.ts'
import type { England, EnglandLeader, EnglandPerson } from './england-file.ts'

type Written = EnglandPerson['grants'][number]
type Grant = PlacedPerson['grants'][number]

/** The day from which the roles of invented people hold; before every scene. */
const FROM = '2016-09-01'

/** By the kind of leader, where the file says nothing: programme and role for the own record. */
const LEADER_ROLES: Readonly<Record<string, readonly [string, string]>> = {
  'MAT CEO': ['tsi', 'system-leader'],
  NLE: ['tsi', 'system-leader'],
  LLE: ['lle', 'lle'],
  'LLE applicant': ['lle', 'applicant'],
  SLE: ['lle', 'sle'],
  AST: ['lln', 'ast'],
}
/** A national leader whom an alliance of local ones counts among its own is of their programme. */
const DESIGNATED: Readonly<Record<string, readonly [string, string]>> = { NLE: ['lle', 'nle'] }
/** The kind of leader who leads the own trust. */
const HEAD_OF_TRUST = 'MAT CEO'
/** Roles whose holders look after the people of their organisation, where the file does not say. */
const LOOK_AFTER_PEOPLE = new Set(['trust-ceo', 'delivery-partner-lead', 'authority-contact', 'tsa-manager'])

/** Puts the file's people, and its leaders as people, into a demonstration. Repeating it changes nothing. Answers how many. */
export async function storePeople(db: Db, england: England): Promise<number> {
  const people = joinPeople([
    ...(england.people ?? []).map((person) => placed(person, england)),
    ...leadersAsPeople(england),
  ])
  await placePeople(db, people)
  await storeOffices(db, officesOf(england), 'Invented England')
  return people.length
}

/** The programme of a leader and the role for the own record; undefined for a kind that the file does not explain. */
export function leaderRole(
  { type, designated }: EnglandLeader,
  { leader_roles = {} }: England,
): readonly [string, string] | undefined {
  return (designated && DESIGNATED[type]) || leader_roles[type] || LEADER_ROLES[type]
}

function placed(
  { id, same_person_as, name, email, org, approver, grants }: EnglandPerson,
  england: England,
): PlacedPerson {
  return {
    ids: same_person_as ? [id, same_person_as] : [id],
    name,
    email,
    organisation: organisationOf(org ?? firstPlace(grants, england), england),
    approver: approver ?? grants.some(([, role]) => LOOK_AFTER_PEOPLE.has(role)),
    grants: grants.flatMap((grant) => readGrant(grant, england)),
  }
}

/** A leader sees the own record, and as head of a trust the own trust. */
function leadersAsPeople(england: England): PlacedPerson[] {
  return england.leaders.flatMap((leader) => {
    const role = leaderRole(leader, england)
    if (!role || !leader.email) return []
    const { id, name, email, org, type } = leader
    const leadsTrust = type === HEAD_OF_TRUST
    const written: Written[] = [[...role, id], ...(leadsTrust ? [[role[0], 'trust-ceo', org] satisfies Written] : [])]
    return [
      {
        ids: [id],
        name,
        email,
        organisation: organisationOf(org, england),
        approver: leadsTrust,
        grants: written.flatMap((grant) => readGrant(grant, england)),
      },
    ]
  })
}

/** One person for one address: who stands in the file twice has both ids and all grants. */
function joinPeople(people: readonly PlacedPerson[]): PlacedPerson[] {
  return [...Map.groupBy(people, ({ email }) => email.toLowerCase()).values()].flatMap(([first, ...more]) =>
    first
      ? [
          {
            ...first,
            ids: [...new Set([first, ...more].flatMap(({ ids }) => ids))],
            organisation: [first, ...more].find((one) => one.organisation)?.organisation ?? null,
            approver: [first, ...more].some((one) => one.approver),
            grants: distinct([first, ...more].flatMap((one) => one.grants)),
          },
        ]
      : [],
  )
}

function distinct(grants: readonly Grant[]): Grant[] {
  return [...new Map(grants.map((grant) => [JSON.stringify(grant), grant])).values()]
}

/** The organisation of somebody of whom the file names none: where the first grant reaches. A region is its partner's. */
function firstPlace(grants: readonly Written[], england: England): string | undefined {
  const bodies = organisationsOf(england)
  const partnerOf = (role: string, place: string) =>
    role.startsWith('delivery-partner')
      ? england.delivery_partners?.find(({ regions }) => regions.includes(place))?.id
      : undefined
  return grants
    .flatMap(([, role, scope]) => [scope].flat().flatMap((place) => [place, partnerOf(role, place) ?? place]))
    .find((place) => bodies.has(place))
}

function organisationOf(id: string | undefined, england: England): PlacedPerson['organisation'] {
  return organisationsOf(england).get(id ?? '') ?? null
}

/** Words under which somebody is attached to nothing yet. */
const NOTHING = 'nothing yet'

function readGrant([programme, role, scope]: Written, england: England): Grant[] {
  const values = [scope].flat()
  const base = { programme: programme === 'all' ? null : programme, role, from: FROM, to: null }
  const [first = NOTHING] = values
  const region = england.regions.find((one) => one.id === first)
  const of = (scopeKind: Grant['scopeKind'], scopeValues: readonly string[] = values): Grant[] => [
    { ...base, scopeKind, scopeValues },
  ]
  if (first === 'national') return of('national', [])
  if (region) return of('region', [region.name])
  if (england.authorities.some(({ id }) => id === first)) return of('authority')
  if (/^9\d{5}$/.test(first)) return of('establishment')
  if (/^L-/.test(first)) return of('leader')
  if (organisationsOf(england).has(first) && !england.networks?.some(({ id }) => id === first))
    return of('organisation')
  return of('named', values.length > 0 ? values : [NOTHING])
}

/** Every invented organisation can be written to, also where nobody of it is known by name. */
function officesOf({ schools, trusts, authorities, dioceses }: England) {
  const office = (kind: OfficeOf['kind'], id: string | number) => ({
    kind,
    key: String(id),
    email: `office-${String(id).toLowerCase()}@example.org`,
  })
  return [
    ...schools.map(({ urn }) => office('school', urn)),
    ...trusts.map(({ id }) => office('trust', id)),
    ...authorities.map(({ id }) => office('authority', id)),
    ...dioceses.map(({ id }) => office('diocese', id)),
  ]
}
