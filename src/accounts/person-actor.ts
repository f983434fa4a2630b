import { sql } from 'kysely'
import type { Actor } from '../platform/actor.ts'
import { type Grant, powersOf } from './grant.ts'
import type { SessionParts } from './session.ts'

/** A person as an actor with the roles of today, for what the service does in their scope; null for one who is removed. */
export async function findPersonActor(
  { database, clock, roles }: SessionParts,
  { personId, requestId }: { personId: number; requestId: string },
): Promise<Actor | null> {
  const today = clock.today().toString()
  const { rows } = await sql<{ name: string; grants: Grant[]; member_of: number[] }>`
    select p.name, coalesce((
        select jsonb_agg(jsonb_build_object('programme', programme, 'role', role, 'scopeKind', scope_kind,
          'scopeValues', scope_values, 'from', from_date, 'to', to_date) order by g.id)
        from role_grant g where g.person_id = p.id and from_date <= ${today} and (to_date is null or to_date >= ${today})
      ), '[]') as grants,
      array(select organisation_id from organisation_member m where m.person_id = p.id and m.left_at is null order by 1) as member_of
    from person p where p.id = ${personId} and p.state = 'active'`.execute(database.db)
  const [found] = rows
  if (!found) return null
  const { name, member_of: memberOf, grants } = found
  return { personId, name, memberOf, door: 'file', requestId, ...powersOf(grants, roles) }
}
