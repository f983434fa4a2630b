import { sql } from 'kysely'
import type { Db } from '../platform/db.ts'

export type Member = {
  readonly id: number
  readonly leaderId: number
  readonly personId: number
  readonly name: string
  readonly email: string
  readonly specialism: string
  readonly about: string | null
  readonly fromOn: string
  readonly endedOn: string | null
}

/** The team of a case, those who left included. */
export async function readTeam(db: Db, caseId: number): Promise<Member[]> {
  const { rows } = await sql<Member>`
    select m.id, m.leader_id as "leaderId", m.person_id as "personId", p.name, p.email, m.specialism, m.about,
      m.from_on as "fromOn", m.ended_on as "endedOn"
    from case_member m join person p on p.id = m.person_id where m.case_id = ${caseId} order by m.id`.execute(db)
  return rows
}

export type Colleague = { readonly personId: number; readonly name: string; readonly email: string }

/**
 * Whether somebody belongs to the leader's own trust or school on a day: as a member of its organisation or by a role there.
 * A membership counts back from when it was entered, because it is entered after people began.
 */
const belongs = (leaderId: number, on: string) => sql`(
  exists (select from organisation_member om join organisation o on o.id = om.organisation_id
    join leader l on l.id = ${leaderId} left join establishment le on le.id = l.organisation_establishment_id
    where om.person_id = p.id and (om.left_at is null or om.left_at::date >= ${on}::date)
      and ((o.kind = 'trust' and o.register_key = coalesce(l.organisation_trust_uid, le.trust_uid))
        or (o.kind = 'school' and o.register_key in (select e.urn::text from establishment e
          where e.id = l.organisation_establishment_id or e.trust_uid = l.organisation_trust_uid))))
  or exists (select from role_grant g join leader l on l.id = ${leaderId}
      left join establishment le on le.id = l.organisation_establishment_id
    where g.person_id = p.id and g.from_date <= ${on} and (g.to_date is null or g.to_date >= ${on})
      and ((g.scope_kind = 'organisation' and coalesce(l.organisation_trust_uid, le.trust_uid) = any(g.scope_values))
        or (g.scope_kind = 'establishment' and g.scope_values && array(select e.urn::text from establishment e
          where e.id = l.organisation_establishment_id or e.trust_uid = l.organisation_trust_uid)))))`

export async function belongsToLeader(db: Db, personId: number, leaderId: number, on: string): Promise<boolean> {
  const { rows } = await sql`select from person p where p.id = ${personId} and p.state <> 'removed'
    and ${belongs(leaderId, on)}`.execute(db)
  return rows.length > 0
}

/** People of the leader's own trust or school, for choosing one. */
export async function listColleagues(db: Db, leaderId: number, on: string): Promise<Colleague[]> {
  const { rows } = await sql<Colleague>`select p.id as "personId", p.name, p.email from person p
    where p.state <> 'removed' and ${belongs(leaderId, on)} order by p.name limit 200`.execute(db)
  return rows
}

export async function findPerson(db: Db, email: string): Promise<Colleague | undefined> {
  const { rows } = await sql<Colleague>`select id as "personId", name, email from person
    where lower(email) = lower(${email}) and state <> 'removed'`.execute(db)
  return rows[0]
}
