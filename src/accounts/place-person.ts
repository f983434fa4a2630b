import { sql } from 'kysely'
import type { Db } from '../platform/db.ts'
import type { Grant } from './grant.ts'
import type { OrganisationKind } from './person-store.ts'

export type PlacedOrganisation = {
  readonly kind: OrganisationKind
  readonly name: string
  readonly registerKey: string | null
}

/** An invented person as a world file has it. `ids`: how a demonstration calls this person. */
export type PlacedPerson = {
  readonly ids: readonly string[]
  readonly name: string
  readonly email: string
  readonly organisation: PlacedOrganisation | null
  readonly approver: boolean
  readonly grants: readonly Grant[]
}

const BY = 'Invented England'

/** Puts one invented person into a demonstration, as `placePeople` does several. */
export function placePerson(db: Db, placed: PlacedPerson): Promise<void> {
  return placePeople(db, [placed])
}

/**
 * Puts invented people into a demonstration, ready to be signed in as, in their order; each address once. Repeating it changes
 * nothing: who is there keeps everything and gains what was missing.
 */
export async function placePeople(db: Db, people: readonly PlacedPerson[]): Promise<void> {
  const given = JSON.stringify(people)
  await sql`insert into person (name, email, state, demonstration_ids, created_by)
    select p->>'name', p->>'email', 'active', array(select jsonb_array_elements_text(p->'ids')), ${BY}
    from jsonb_array_elements(${given}::jsonb) with ordinality g (p, n) order by n
    on conflict (lower(email)) do update set demonstration_ids = person.demonstration_ids || array(
      select id from unnest(excluded.demonstration_ids) id where id <> all (person.demonstration_ids))`.execute(db)
  await placeOrganisations(
    db,
    people.flatMap(({ organisation }) => organisation ?? []),
  )
  await sql`insert into organisation_member (organisation_id, person_id, approver, added_by)
    select o.id, person.id, (p->>'approver')::boolean, ${BY}
    from jsonb_array_elements(${given}::jsonb) g (p)
      join person on lower(person.email) = lower(p->>'email')
      join organisation o on o.kind = p->'organisation'->>'kind'
        and o.register_key is not distinct from p->'organisation'->>'registerKey'
        and (o.register_key is not null or lower(o.name) = lower(p->'organisation'->>'name'))
    on conflict (organisation_id, person_id) do update
      set left_at = null, removed_by = null, approver = organisation_member.approver or excluded.approver`.execute(db)
  await sql`insert into role_grant (person_id, programme, role, scope_kind, scope_values, from_date, to_date, granted_by)
    select person.id, r.programme, r.role, r."scopeKind", r."scopeValues", r."from", r."to", ${BY}
    from jsonb_array_elements(${given}::jsonb) with ordinality g (p, n)
      join person on lower(person.email) = lower(p->>'email'),
      jsonb_array_elements(p->'grants') with ordinality w (written, m),
      jsonb_to_record(written) r (programme text, role text, "scopeKind" text, "scopeValues" text[], "from" date, "to" date)
    where not exists (select from role_grant held where held.person_id = person.id and held.role = r.role
      and held.programme is not distinct from r.programme and held.scope_kind = r."scopeKind"
      and held.scope_values = r."scopeValues")
    order by n, m`.execute(db)
}

/** Puts organisations in that are not there yet, in their order. */
export async function placeOrganisations(db: Db, organisations: readonly PlacedOrganisation[]): Promise<void> {
  await sql`insert into organisation (kind, name, register_key)
    select kind, name, key from (
      select distinct on (kind, coalesce(key, lower(name))) kind, name, key, n
      from jsonb_array_elements(${JSON.stringify(organisations)}::jsonb) with ordinality g (o, n),
        lateral (select o->>'kind' as kind, o->>'name' as name, o->>'registerKey' as key) one
      order by kind, coalesce(key, lower(name)), n) given
    where not exists (select from organisation held where held.kind = given.kind
      and held.register_key is not distinct from key and (key is not null or lower(held.name) = lower(given.name)))
    order by n`.execute(db)
}
