import { sql } from 'kysely'
import { findOrganisationKey } from '../accounts/index.ts'
import type { Db } from '../platform/db.ts'

/** Where a school belongs today: keys for scopes, names for readers. A diocese has the key of its organisation, else its name. */
export type SchoolPlace = {
  readonly id: number
  readonly urn: number
  readonly name: string
  readonly region: string | null
  readonly authority: string | null
  readonly authorityName: string | null
  readonly trust: string | null
  readonly trustName: string | null
  readonly diocese: string | null
  readonly dioceseName: string | null
}

export async function findSchoolPlace(db: Db, urn: number): Promise<SchoolPlace | undefined> {
  const { rows } = await sql<Omit<SchoolPlace, 'diocese'>>`
    select e.id, e.urn, e.name, coalesce(e.region, a.region) as region, e.authority_code as authority,
      a.name as "authorityName", e.trust_uid as trust, g.name as "trustName",
      case when e.diocese ~* '^(not applicable|does not apply|not recorded)$' then null else e.diocese end as "dioceseName"
    from establishment e
      left join authority a on a.code = e.authority_code
      left join establishment_group g on g.uid = e.trust_uid
    where e.urn = ${urn}`.execute(db)
  const [found] = rows
  if (!found) return undefined
  const { dioceseName } = found
  const key = dioceseName ? await findOrganisationKey(db, { kind: 'diocese', name: dioceseName }) : null
  return { ...found, diocese: key ?? dioceseName }
}

/** A trust and where it belongs: the register gives trusts no region, so it is the one that most of its schools lie in. */
export type TrustPlace = { readonly trust: string; readonly name: string; readonly region: string | null }

export async function findTrustPlace(db: Db, uid: string): Promise<TrustPlace | undefined> {
  const { rows } = await sql<TrustPlace>`
    select g.uid as trust, g.name, (
      select coalesce(e.region, a.region) from establishment e left join authority a on a.code = e.authority_code
      where e.trust_uid = g.uid and coalesce(e.region, a.region) is not null
      group by 1 order by count(*) desc, 1 limit 1) as region
    from establishment_group g where g.uid = ${uid}`.execute(db)
  return rows[0]
}

/** The trust that a school belonged to on a day, with its type as the register has it, or a person's correction of that. */
export async function findTrustOn(
  db: Db,
  { urn, on }: { urn: number; on: string },
): Promise<{ readonly uid: string; readonly name: string; readonly type: string } | undefined> {
  const { rows } = await sql<{ uid: string; name: string; type: string }>`
    with corrected as (
      select c.corrected ->> 'trust_uid' as uid
      from register_correction c join establishment e on e.id = c.establishment_id
      where e.urn = ${urn} and c.field = 'trust' and c.ended_at is null
        and (c.holds_from is null or c.holds_from <= ${on}::date)
    ), filed as (
      select g.uid
      from group_membership m
        join establishment e on e.id = m.establishment_id
        join establishment_group g on g.uid = m.group_uid
      where e.urn = ${urn} and g.type in ('Multi-academy trust', 'Single-academy trust', 'Secure single-academy trust')
        and (m.joined is null or m.joined <= ${on}::date) and (m.left_on is null or m.left_on > ${on}::date)
      order by m.joined desc nulls last limit 1
    )
    select g.uid, g.name, g.type from establishment_group g
    where g.uid in (select uid from corrected
      union all select uid from filed where not exists (select from corrected))`.execute(db)
  return rows[0]
}

export const MULTI_ACADEMY_TRUST = 'Multi-academy trust'
