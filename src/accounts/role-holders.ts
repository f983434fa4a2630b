import { sql } from 'kysely'
import type { Place } from '../platform/actor.ts'
import type { Db } from '../platform/db.ts'
import type { OrganisationKind } from './person-store.ts'

/** Somebody who holds a role for a place on a day. */
export type RoleHolder = {
  readonly personId: number
  readonly name: string
  readonly email: string
  readonly role: string
}

export type HoldersAsked = {
  /** Null for the service's own roles. */
  readonly programme: string | null
  readonly role: string
  readonly place: Place
  /** ISO date; grants count from their first day to their last. */
  readonly on: string
}

/**
 * Everybody who holds a role for a place on a day: who holds it for the nearest part first (the school before its trust, all of
 * England last), then by name. A grant that a closed account ended counts up to the day before.
 */
export async function findRoleHolders(db: Db, { programme, role, place, on }: HoldersAsked): Promise<RoleHolder[]> {
  const { region = null, authority = null, trust = null, diocese = null, urn = null, leader = null } = place
  const { rows } = await sql<RoleHolder>`
    select p.id as "personId", p.name, p.email, g.role
    from role_grant g join person p on p.id = g.person_id
    where g.programme is not distinct from ${programme}::text and g.role = ${role}
      and g.from_date <= ${on}::date and (g.to_date is null or g.to_date >= ${on}::date)
      and not (p.state = 'removed' and g.ended_by is not null and g.to_date <= ${on}::date)
      and (g.scope_kind = 'national'
        or (g.scope_kind = 'region' and ${region}::text = any (g.scope_values))
        or (g.scope_kind = 'authority' and ${authority}::text = any (g.scope_values))
        or (g.scope_kind = 'organisation' and g.scope_values && array[${trust}::text, ${diocese}::text])
        or (g.scope_kind = 'establishment' and ${urn}::text = any (g.scope_values))
        or (g.scope_kind = 'leader' and ${leader}::text = any (g.scope_values)))
    group by p.id, p.name, p.email, g.role
    order by min(array_position(array['leader', 'establishment', 'organisation', 'authority', 'region', 'national'],
      g.scope_kind)), p.name, p.id`.execute(db)
  return rows
}

/** Who acts in a role for a place: its holders, else those of the role that stands in while it is vacant. */
export type Acting = { readonly role: string; readonly substitute: boolean; readonly holders: readonly RoleHolder[] }

/** `vacantOf` names the role that stands in for another; a chain of them is followed, each role once. */
export async function findActing(
  db: Db,
  asked: HoldersAsked,
  vacantOf: (role: string) => string | undefined,
): Promise<Acting> {
  const tried = new Set<string>()
  let role: string | undefined = asked.role
  while (role !== undefined && !tried.has(role)) {
    tried.add(role)
    const holders = await findRoleHolders(db, { ...asked, role })
    if (holders.length > 0) return { role, substitute: role !== asked.role, holders }
    role = vacantOf(role)
  }
  return { role: asked.role, substitute: false, holders: [] }
}

/** An organisation whose office may be written to: schools by URN, trusts by UID, authorities by code, others by their key. */
export type OfficeOf = { readonly kind: OrganisationKind | 'school'; readonly key: string }

/** The office's e-mail address, for mail to an organisation of which nobody is known by name. */
export async function findOffice(db: Db, { kind, key }: OfficeOf): Promise<string | undefined> {
  const { rows } = await sql<{ email: string }>`
    select email from office where kind = ${kind} and key = ${key}`.execute(db)
  return rows[0]?.email
}

/** Keeps offices; a later address takes the place of the one before. */
export async function storeOffices(
  db: Db,
  offices: readonly (OfficeOf & { readonly email: string })[],
  by: string,
): Promise<void> {
  await sql`insert into office (kind, key, email, set_by)
    select kind, key, email, ${by} from jsonb_to_recordset(${JSON.stringify(offices)}::jsonb)
      as given (kind text, key text, email text)
    on conflict (kind, key) do update set email = excluded.email, set_by = excluded.set_by`.execute(db)
}

/** The key of an organisation that is known by its name; null when none is, or it has no key. */
export async function findOrganisationKey(
  db: Db,
  { kind, name }: { readonly kind: OrganisationKind; readonly name: string },
): Promise<string | null> {
  const { rows } = await sql<{ key: string | null }>`
    select register_key as key from organisation where kind = ${kind} and lower(name) = lower(${name})
    order by register_key nulls last limit 1`.execute(db)
  return rows[0]?.key ?? null
}
