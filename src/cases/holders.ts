import { sql } from 'kysely'
import type { Hat } from '../platform/actor.ts'
import type { Db } from '../platform/db.ts'
import type { Pack } from '../programmes/index.ts'
import type { CaseRecord } from './case-store.ts'

/** Somebody who holds a role for the place of a case today. */
export type Holder = {
  readonly role: string
  readonly personId: number
  readonly name: string
  readonly email: string
  /** Holds the role for all of England, not for this place. */
  readonly national: boolean
}

type Row = Omit<Holder, 'national'> & Pick<Hat, 'scopeKind' | 'scopeValues'>

/** Who holds the programme's roles (a diocese is known to the register by its name, to roles by its key) for a case's school, trust, authority, diocese and region on a day; national ones last. */
export async function readHolders(db: Db, record: CaseRecord, on: string): Promise<Holder[]> {
  const { rows } = await sql<Row>`
    select g.role, p.id as "personId", p.name, p.email, g.scope_kind as "scopeKind", g.scope_values as "scopeValues"
    from role_grant g join person p on p.id = g.person_id
    where g.programme = ${record.programme} and p.state <> 'removed'
      and g.from_date <= ${on} and (g.to_date is null or g.to_date >= ${on})
      and (g.scope_kind = 'national'
        or (g.scope_kind = 'region' and ${record.region} = any(g.scope_values))
        or (g.scope_kind = 'authority' and ${record.authorityCode} = any(g.scope_values))
        or (g.scope_kind = 'establishment' and ${String(record.urn ?? '')} = any(g.scope_values))
        or (g.scope_kind = 'organisation' and (${record.trustUid} = any(g.scope_values) or ${record.diocese} = any(g.scope_values)
          or g.scope_values && array(select o.register_key from organisation o
            where o.kind = 'diocese' and lower(o.name) = lower(${record.diocese})))))
    order by (g.scope_kind = 'national'), g.role, p.name`.execute(db)
  return rows.map(({ role, personId, name, email, scopeKind }) => ({
    role,
    personId,
    name,
    email,
    national: scopeKind === 'national',
  }))
}

/** Roles of the pack that somebody holds for the case: what "contact(role)" asks. */
export function contactRoles(pack: Pack, holders: readonly Holder[]): Set<string> {
  return new Set(holders.map(({ role }) => role).filter((role) => role in pack.roles))
}
