import { sql } from 'kysely'
import type { Db } from '../platform/db.ts'
import type { Grant } from './grant.ts'

export type PersonState = 'invited' | 'active' | 'removed'
export type PersonRow = {
  readonly id: number
  readonly name: string
  readonly email: string
  readonly state: PersonState
}
export type OrganisationKind =
  | 'trust'
  | 'authority'
  | 'alliance'
  | 'partner'
  | 'diocese'
  | 'government'
  | 'division'
  | 'network'
  | 'firm'
  | 'school'
export type OrganisationRow = { readonly id: number; readonly kind: OrganisationKind; readonly name: string }
export type MemberRow = PersonRow & {
  readonly approver: boolean
  readonly added_on: string
  readonly reviewed_on: string | null
}
export type GrantRow = Grant & { readonly id: number; readonly grantedBy: string }

export async function listPeople(db: Db): Promise<(PersonRow & { readonly organisations: string })[]> {
  const { rows } = await sql<PersonRow & { organisations: string }>`
    select p.id, p.name, p.email, p.state, coalesce(string_agg(o.name, ', ' order by o.name), '') as organisations
    from person p
      left join organisation_member m on m.person_id = p.id and m.left_at is null
      left join organisation o on o.id = m.organisation_id
    group by p.id order by p.name`.execute(db)
  return rows
}

export async function findPerson(db: Db, id: number): Promise<PersonRow | undefined> {
  const { rows } = await sql<PersonRow>`select id, name, email, state from person where id = ${id}`.execute(db)
  return rows[0]
}

export async function findPersonByEmail(db: Db, email: string): Promise<PersonRow | undefined> {
  const { rows } = await sql<PersonRow>`
    select id, name, email, state from person where lower(email) = lower(${email})`.execute(db)
  return rows[0]
}

/** All grants of a person, those in force and those that ended or are to begin, newest first. */
export async function listGrants(db: Db, personId: number): Promise<GrantRow[]> {
  const { rows } = await sql<GrantRow>`
    select id, programme, role, scope_kind as "scopeKind", scope_values as "scopeValues", from_date as "from",
      to_date as "to", granted_by as "grantedBy"
    from role_grant where person_id = ${personId} order by from_date desc, id desc`.execute(db)
  return rows
}

/** Grants of one role that other people hold, on any day. */
export async function listGrantsOfOthers(
  db: Db,
  { programme, role, personId }: { programme: string | null; role: string; personId: number },
): Promise<Grant[]> {
  const { rows } = await sql<Grant>`
    select g.programme, g.role, scope_kind as "scopeKind", scope_values as "scopeValues", from_date as "from", to_date as "to"
    from role_grant g join person p on p.id = g.person_id
    where g.programme is not distinct from ${programme} and g.role = ${role} and p.id <> ${personId}
      and p.state <> 'removed'`.execute(db)
  return rows
}

export async function insertGrant(
  db: Db,
  { personId, grant, by }: { personId: number; grant: Grant; by: string },
): Promise<void> {
  await sql`insert into role_grant (person_id, programme, role, scope_kind, scope_values, from_date, to_date, granted_by)
    values (${personId}, ${grant.programme}, ${grant.role}, ${grant.scopeKind}, ${[...grant.scopeValues]},
      ${grant.from}, ${grant.to}, ${by})`.execute(db)
}

/** The organisations of a person; `approver` where the person looks after its people. */
export async function listOrganisationsOf(
  db: Db,
  personId: number,
): Promise<(OrganisationRow & { readonly approver: boolean })[]> {
  const { rows } = await sql<OrganisationRow & { approver: boolean }>`
    select o.id, o.kind, o.name, m.approver from organisation o join organisation_member m on m.organisation_id = o.id
    where m.person_id = ${personId} and m.left_at is null order by o.name`.execute(db)
  return rows
}

export async function listOrganisations(db: Db): Promise<OrganisationRow[]> {
  const { rows } = await sql<OrganisationRow>`select id, kind, name from organisation order by name`.execute(db)
  return rows
}

export async function findOrganisation(db: Db, id: number): Promise<OrganisationRow | undefined> {
  const { rows } = await sql<OrganisationRow>`select id, kind, name from organisation where id = ${id}`.execute(db)
  return rows[0]
}

export async function listMembers(db: Db, organisationId: number): Promise<MemberRow[]> {
  const { rows } = await sql<MemberRow>`
    select p.id, p.name, p.email, p.state, m.approver, m.reviewed_on,
      (m.added_at at time zone 'Europe/London')::date as added_on
    from person p join organisation_member m on m.person_id = p.id
    where m.organisation_id = ${organisationId} and m.left_at is null order by p.name`.execute(db)
  return rows
}

export async function addMember(
  db: Db,
  asked: { organisationId: number; personId: number; approver: boolean; by: string },
): Promise<void> {
  await sql`insert into organisation_member (organisation_id, person_id, approver, added_by)
    values (${asked.organisationId}, ${asked.personId}, ${asked.approver}, ${asked.by})
    on conflict (organisation_id, person_id) do update
      set left_at = null, removed_by = null, approver = organisation_member.approver or excluded.approver`.execute(db)
}
