import { sql } from 'kysely'
import type { Db } from '../platform/db.ts'
import { longDate } from '../platform/words.ts'
import {
  type ConflictAnswer,
  type ConflictSwitches,
  type LeaderTies,
  prepareConflicts,
  type SubjectTies,
} from './conflicts.ts'
import { yearInWords } from './vocabulary.ts'

/** Which pairs to answer for. `year`: the academic year (the year it begins in) whose interests must be answered. */
export type ConflictQuestion = {
  readonly leaders: readonly string[]
  readonly urns: readonly number[]
  readonly switches: ConflictSwitches
  readonly year: number
}

/**
 * Reads the ties of all these leaders and schools with a fixed number of queries and answers any pair from memory:
 * `(reference, urn) => answer`. Throws RangeError for a pair that was not asked for.
 */
export async function readConflicts(
  db: Db,
  question: ConflictQuestion,
): Promise<(leader: string, urn: number) => ConflictAnswer> {
  const leaders = await readLeaderTies(db, question.leaders, question.year)
  const subjects = await readSubjectTies(db, question.urns)
  const answer = prepareConflicts(leaders, subjects, question.switches)
  return (leader, urn) => answer(leader, String(urn))
}

type TieRow = {
  id: number
  reference: string
  exercise: boolean
  organisation_trust: string | null
  school_urn: string | null
  base_urn: string | null
  school_trust: string | null
  base_trust: string | null
  school_authority: string | null
  base_authority: string | null
  school_diocese: string | null
  base_diocese: string | null
  trust_authorities: string[]
  trust_dioceses: string[]
  trust_held: boolean
}

/** A diocese column says "none" with these words; an empty one says nothing. */
const NO_DIOCESE = sql.lit('Not applicable')

async function readLeaderTies(db: Db, references: readonly string[], year: number): Promise<LeaderTies[]> {
  const { rows } = await sql<TieRow>`
    select l.id, l.reference, l.exercise, l.organisation_trust_uid as organisation_trust,
      school.urn::text as school_urn, base.urn::text as base_urn,
      school.trust_uid as school_trust, base.trust_uid as base_trust,
      school.authority_code as school_authority, base.authority_code as base_authority,
      school.diocese as school_diocese, base.diocese as base_diocese,
      array(select distinct e.authority_code from establishment e
        where e.trust_uid = l.organisation_trust_uid and e.authority_code is not null) as trust_authorities,
      array(select distinct e.diocese from establishment e
        where e.trust_uid = l.organisation_trust_uid and e.diocese is not null) as trust_dioceses,
      l.exercise or l.organisation_trust_uid is not null or ${trustIsHeld('school')} as trust_held
    from leader l
      left join establishment school on school.id = l.organisation_establishment_id
      left join establishment base on base.id = l.base_establishment_id
    where l.reference = any(${[...references]})`.execute(db)
  const interests = await readInterestFacts(
    db,
    rows.map((row) => row.id),
  )
  return rows.map((row) => tiesOf(row, interests.get(row.id) ?? [], year))
}

/** A school of a kind that always has a trust, without one on record, is one whose trust is not held. */
function trustIsHeld(table: string) {
  const school = sql.table(table)
  return sql`(${school}.trust_uid is not null or coalesce(${school}.type_group, '') not in ('Academies', 'Free Schools', ''))`
}

type InterestRow = {
  leader_id: number
  kind: 'school' | 'trust' | 'nothing'
  key: string | null
  year: number
  declared_on: string
}

async function readInterestFacts(db: Db, ids: readonly number[]): Promise<Map<number, InterestRow[]>> {
  const { rows } = await sql<InterestRow>`
    select i.leader_id, i.kind, coalesce(e.urn::text, i.trust_uid) as key, i.year, i.declared_on
    from leader_interest i left join establishment e on e.id = i.establishment_id
    where i.leader_id = any(${[...ids]}::integer[]) and i.withdrawn_at is null
    order by i.year desc, i.id`.execute(db)
  return Map.groupBy(rows, (row) => row.leader_id)
}

/** An interest counts until it is withdrawn, whatever its year; "declared" asks about the current year only. */
function tiesOf(row: TieRow, interests: readonly InterestRow[], year: number): LeaderTies {
  const record = 'Leader record'
  const register = 'Register'
  const tie = (key: string | null, via: string, source: string) => (key === null ? [] : [{ key, via, source }])
  const leads = row.school_urn === null ? '' : `leads ${row.school_urn}`
  const dioceses = [
    ...wider(row.school_diocese, leads),
    ...wider(row.base_diocese, `is based at ${row.base_urn}`),
    ...row.trust_dioceses.flatMap((diocese) => wider(diocese, `leads ${row.organisation_trust}`)),
  ]
  return {
    reference: row.reference,
    schools: [...tie(row.school_urn, leads, record), ...tie(row.base_urn, `is based at ${row.base_urn}`, record)],
    trusts: [
      ...tie(row.organisation_trust, `leads ${row.organisation_trust}`, register),
      ...tie(row.school_trust, `${leads} of ${row.school_trust}`, register),
      ...tie(row.base_trust, `is based at ${row.base_urn} of ${row.base_trust}`, register),
    ],
    authorities: [
      ...tie(row.school_authority, `${leads} in ${row.school_authority}`, register),
      ...tie(row.base_authority, `is based at ${row.base_urn} in ${row.base_authority}`, register),
      ...row.trust_authorities.flatMap((code) => tie(code, `leads ${row.organisation_trust} in ${code}`, register)),
    ],
    dioceses: dioceses.filter((one) => one.key !== 'Not applicable'),
    interests: interests.flatMap((one) =>
      one.kind === 'nothing' || one.key === null
        ? []
        : [
            {
              kind: one.kind,
              key: one.key,
              year: yearInWords(one.year),
              source: `Declared ${longDate(one.declared_on)}`,
            },
          ],
    ),
    declared: row.exercise || interests.some((one) => one.year === year),
    held: {
      trust: row.trust_held,
      authority: row.school_authority !== null || row.base_authority !== null || row.trust_authorities.length > 0,
      diocese: dioceses.length > 0,
    },
  }
}

function wider(diocese: string | null, via: string) {
  return diocese === null ? [] : [{ key: diocese, via: `${via} of ${diocese}`, source: 'Register' }]
}

type SubjectRow = {
  urn: string
  trust_uid: string | null
  trust_name: string | null
  trust_held: boolean
  authority_code: string | null
  authority_name: string | null
  diocese: string | null
  no_diocese: boolean
  earlier_urns: string[]
}

async function readSubjectTies(db: Db, urns: readonly number[]): Promise<SubjectTies[]> {
  const { rows } = await sql<SubjectRow>`
    with recursive earlier (start_id, id, urn, step) as (
      select e.id, e.id, e.urn, 0 from establishment e where e.urn = any(${[...urns]}::integer[])
      union
      select earlier.start_id, before.id, before.urn, earlier.step + 1
      from earlier
        join establishment_link link on link.establishment_id = earlier.id and link.link_type like 'Predecessor%'
        join establishment before on before.urn = link.linked_urn
      where earlier.step < 10
    )
    select e.urn::text as urn, e.trust_uid, trust.name as trust_name, ${trustIsHeld('e')} as trust_held,
      e.authority_code, authority.name as authority_name, e.diocese, coalesce(e.diocese = ${NO_DIOCESE}, false) as no_diocese,
      array(select earlier.urn::text from earlier where earlier.start_id = e.id and earlier.step > 0
        group by earlier.urn order by min(earlier.step), earlier.urn) as earlier_urns
    from establishment e
      left join establishment_group trust on trust.uid = e.trust_uid
      left join authority on authority.code = e.authority_code
    where e.urn = any(${[...urns]}::integer[])`.execute(db)
  return rows.map((row) => ({
    label: row.urn,
    urn: row.urn,
    earlierUrns: row.earlier_urns,
    trust:
      row.trust_uid === null ? noneIf(row.trust_held) : { key: row.trust_uid, name: row.trust_name ?? row.trust_uid },
    authority:
      row.authority_code === null
        ? undefined
        : { key: row.authority_code, name: row.authority_name ?? row.authority_code },
    diocese: row.diocese === null || row.no_diocese ? noneIf(row.no_diocese) : { key: row.diocese, name: row.diocese },
  }))
}

function noneIf(known: boolean): null | undefined {
  return known ? null : undefined
}
