import { type PlacedPerson, placePerson } from '../src/accounts/index.ts'
import type { Database } from '../src/platform/db.ts'
import type { England, EnglandPerson } from './england-file.ts'

type Written = EnglandPerson['grants'][number]
type Grant = PlacedPerson['grants'][number]

/** The day from which the roles of invented people hold; before every scene. */
const FROM = '2016-09-01'

/** Puts the file's people, and its leaders as people, into a demonstration. Repeating it changes nothing. Answers how many. */
export async function storePeople(database: Database, england: England): Promise<number> {
  const people = [...(england.people ?? []).map((person) => placed(person, england)), ...leadersAsPeople(england)]
  await database.db.transaction().execute(async (db) => {
    for (const person of people) await placePerson(db, person)
  })
  return people.length
}

function placed({ id, name, email, org, approver, grants }: EnglandPerson, england: England): PlacedPerson {
  return {
    ids: [id],
    name,
    email,
    organisation: organisationOf(org ?? firstPlace(grants), england),
    approver: approver === true,
    grants: grants.map((grant) => readGrant(grant, england)),
  }
}

/** A leader sees the own record; the role is the one that the file gives to leaders. */
function leadersAsPeople({ leaders, leaderRole }: England): PlacedPerson[] {
  if (!leaderRole) return []
  const [programme, role] = leaderRole
  return leaders.flatMap(({ id, name, email }) =>
    email
      ? [
          {
            ids: [id],
            name,
            email,
            organisation: null,
            approver: false,
            grants: [{ programme, role, scopeKind: 'leader', scopeValues: [id], from: FROM, to: null }],
          },
        ]
      : [],
  )
}

function firstPlace(grants: readonly Written[]): string | undefined {
  return grants.map(([, , scope]) => String(scope)).find((scope) => /^(T|LA|D)-/.test(scope))
}

function organisationOf(id: string | undefined, england: England): PlacedPerson['organisation'] {
  const trust = england.trusts.find((one) => one.id === id)
  if (trust) return { kind: 'trust', name: trust.name, registerKey: trust.id }
  const authority = england.authorities.find((one) => one.id === id)
  if (authority) return { kind: 'authority', name: authority.name, registerKey: authority.id }
  const diocese = england.dioceses.find((one) => one.id === id)
  if (diocese) return { kind: 'diocese', name: diocese.name, registerKey: null }
  const other = england.organisations?.find((one) => one.id === id)
  return other ? { kind: other.kind, name: other.name, registerKey: null } : null
}

function readGrant([programme, role, scope]: Written, england: England): Grant {
  const values = [scope].flat().map(String)
  const base = { programme: programme === 'all' ? null : programme, role, from: FROM, to: null }
  const [first = ''] = values
  const region = england.regions.find((one) => one.id === first)
  if (first === 'national') return { ...base, scopeKind: 'national', scopeValues: [] }
  if (region) return { ...base, scopeKind: 'region', scopeValues: [region.name] }
  if (/^LA-/.test(first)) return { ...base, scopeKind: 'authority', scopeValues: values }
  if (/^(T|D)-/.test(first)) return { ...base, scopeKind: 'organisation', scopeValues: values }
  if (/^9\d{5}$/.test(first)) return { ...base, scopeKind: 'establishment', scopeValues: values }
  if (/^L-/.test(first)) return { ...base, scopeKind: 'leader', scopeValues: values }
  return { ...base, scopeKind: 'named', scopeValues: values }
}
