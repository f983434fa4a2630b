import { type RawBuilder, sql } from 'kysely'
import { type Actor, type Hat, isMachine } from '../platform/actor.ts'
import type { CaseRecord } from './case-store.ts'

/** Which cases an actor sees, as an SQL condition on `support_case c`: those of the places of each hat, by its programme. */
export function seesCases(actor: Actor): RawBuilder<unknown> {
  const { hats } = actor
  if (isMachine(actor)) return sql`true`
  const conditions = hats.map(({ programme, scopeKind, scopeValues, capabilities }) => {
    const values = [...scopeValues]
    const at: Readonly<Record<string, RawBuilder<unknown>>> = {
      national: sql`true`,
      region: sql`c.region = any(${values})`,
      authority: capabilities.includes('see-cases') ? sql`c.authority_code = any(${values})` : sql`false`,
      organisation: sql`c.trust_uid = any(${values})`,
      establishment: sql`c.urn::text = any(${values})`,
      leader: sql`c.leader_id in (select id from leader where reference = any(${values}))`,
      named: sql`c.id in (select case_id from case_member where person_id = ${actor.personId} and ended_on is null)`,
    }
    return sql`(c.programme = ${programme} and ${at[scopeKind] ?? sql`false`})`
  })
  return conditions.length > 0 ? sql`(${sql.join(conditions, sql` or `)})` : sql`false`
}

/** Whether an actor sees one case whole. */
export function seesCase(actor: Actor, record: CaseRecord, leader: string | null): boolean {
  const { hats } = actor
  if (isMachine(actor)) return true
  return hats.some(({ programme, scopeKind, scopeValues, capabilities }) => {
    if (programme !== record.programme) return false
    const values: Readonly<Record<string, string | null>> = {
      region: record.region,
      authority: capabilities.includes('see-cases') ? record.authorityCode : null,
      organisation: record.trustUid,
      establishment: record.urn === null ? null : String(record.urn),
      leader,
    }
    const value = values[scopeKind]
    return scopeKind === 'national' || (value !== null && value !== undefined && scopeValues.includes(value))
  })
}

/** The hat by which somebody who sees a case is one of the parties in it; undefined when they are not. */
export function hatInCase(
  actor: Actor,
  { record, leader }: { record: CaseRecord; leader: { reference: string } | null },
  parties: readonly string[],
): Hat | undefined {
  const roles = parties.flatMap((party) => record.pack.process?.parties[party]?.roles ?? [])
  return actor.hats.find(
    (hat) =>
      hat.programme === record.programme &&
      roles.includes(hat.role) &&
      seesCase({ ...actor, hats: [hat] }, record, leader?.reference ?? null),
  )
}
