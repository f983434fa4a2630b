import { sql } from 'kysely'
import type { Db } from '../platform/db.ts'
import type { Grant } from './grant.ts'
import {
  addMember,
  findPersonByEmail,
  getOrganisation,
  insertGrant,
  listGrants,
  type OrganisationKind,
} from './person-store.ts'

/** An invented person as a world file has it. `ids`: how a demonstration calls this person. */
export type PlacedPerson = {
  readonly ids: readonly string[]
  readonly name: string
  readonly email: string
  readonly organisation: {
    readonly kind: OrganisationKind
    readonly name: string
    readonly registerKey: string | null
  } | null
  readonly approver: boolean
  readonly grants: readonly Grant[]
}

const BY = 'Invented England'

/** Puts an invented person into a demonstration, ready to be signed in as. Repeating it changes nothing. */
export async function placePerson(db: Db, placed: PlacedPerson): Promise<void> {
  await sql`insert into person (name, email, state, demonstration_ids, created_by)
    values (${placed.name}, ${placed.email}, 'active', ${[...placed.ids]}, ${BY})
    on conflict (lower(email)) do update set demonstration_ids = array(
      select distinct unnest(person.demonstration_ids || excluded.demonstration_ids) order by 1)`.execute(db)
  const person = await findPersonByEmail(db, placed.email)
  if (!person) throw new Error(`${placed.name} is not there`)
  if (placed.organisation) {
    const { id: organisationId } = await getOrganisation(db, placed.organisation)
    await addMember(db, { organisationId, personId: person.id, approver: placed.approver, by: BY })
  }
  const held = new Set((await listGrants(db, person.id)).map(keyOf))
  for (const grant of placed.grants)
    if (!held.has(keyOf(grant))) await insertGrant(db, { personId: person.id, grant, by: BY })
}

function keyOf({ programme, role, scopeKind, scopeValues }: Grant): string {
  return JSON.stringify([programme, role, scopeKind, scopeValues])
}
