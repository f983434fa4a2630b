import { type RawBuilder, sql } from 'kysely'
import type { Actor } from '../platform/actor.ts'
import type { Db } from '../platform/db.ts'
import type { ChangeOption, MoveTarget, SubjectChange, SubjectEvent } from './subject-change.ts'

const COLUMNS = sql`d.id, d.case_id as "caseId", d.from_urn as "fromUrn", d.from_name as "fromName", d.party, d.acts,
  d.opened_on as "openedOn", d.due_on as "dueOn", d.choice, d.to_establishment_id as "toEstablishmentId", d.to_urn as "toUrn",
  d.to_name as "toName", d.reason, d.effects, d.decided_on as "decidedOn", d.decided_by as "decidedBy",
  d.decided_by_id as "decidedById", d.decided_as as "decidedAs",
  (select coalesce(jsonb_agg(jsonb_build_object('registerEventId', v.register_event_id, 'kind', v.kind, 'words', v.words,
      'on', v.on_date, 'source', v.source, 'sourceAsAt', v.source_as_at) order by v.on_date, v.register_event_id), '[]')
    from case_subject_event v where v.change_id = d.id) as events`

async function select(db: Db, where: RawBuilder<unknown>): Promise<SubjectChange[]> {
  const { rows } = await sql<SubjectChange>`
    select ${COLUMNS} from case_subject_change d where ${where} order by d.id`.execute(db)
  return rows
}

/** Every change that the register showed of a case's school, oldest first, those that wait last. */
export function listChanges(db: Db, caseId: number): Promise<SubjectChange[]> {
  return select(db, sql`d.case_id = ${caseId}`)
}

export async function findChange(db: Db, caseId: number, id: number): Promise<SubjectChange | undefined> {
  return (await select(db, sql`d.case_id = ${caseId} and d.id = ${id}`))[0]
}

/** The one that waits for its decision; a case beside another waits with it. */
export async function findWaiting(db: Db, caseId: number): Promise<SubjectChange | undefined> {
  return (await select(db, sql`d.case_id = ${caseId} and d.choice is null`))[0]
}

/** An open case that is about a school, and begins no other. */
export type ConcernedCase = { readonly reference: string; readonly establishmentId: number }

export async function listConcerned(db: Db, schools: readonly number[]): Promise<ConcernedCase[]> {
  const { rows } = await sql<ConcernedCase>`
    select reference, establishment_id as "establishmentId" from support_case
    where establishment_id = any(${[...schools]}) and subject_kind = 'school' and status <> 'closed' and parent_id is null
    order by id`.execute(db)
  return rows
}

export type NewChange = {
  readonly caseId: number
  readonly establishmentId: number
  readonly urn: number | null
  readonly name: string
  readonly party: string
  readonly acts: readonly string[]
  readonly on: string
  readonly due: string | null
}

export async function insertChange(db: Db, change: NewChange): Promise<number> {
  const { rows } = await sql<{ id: number }>`
    insert into case_subject_change (case_id, from_establishment_id, from_urn, from_name, party, acts, opened_on, due_on)
    values (${change.caseId}, ${change.establishmentId}, ${change.urn}, ${change.name}, ${change.party}, ${[...change.acts]},
      ${change.on}, ${change.due}) returning id`.execute(db)
  return rows[0]?.id ?? 0
}

export async function insertEvents(db: Db, changeId: number, events: readonly SubjectEvent[]): Promise<void> {
  for (const one of events)
    await sql`insert into case_subject_event (change_id, register_event_id, kind, words, on_date, source, source_as_at)
      values (${changeId}, ${one.registerEventId}, ${one.kind}, ${one.words}, ${one.on}, ${one.source}, ${one.sourceAsAt})
      on conflict do nothing`.execute(db)
}

export async function storeDecision(
  db: Db,
  changeId: number,
  {
    option,
    reason,
    today,
    by,
    as,
  }: { option: ChangeOption; reason: string; today: string; by: Actor; as: string | null },
): Promise<void> {
  const { choice, target, effects } = option
  await sql`update case_subject_change set choice = ${choice}, reason = ${reason}, effects = ${JSON.stringify(effects)}::jsonb,
      to_establishment_id = ${target?.establishmentId ?? null}, to_urn = ${target?.urn ?? null}, to_name = ${target?.name ?? null},
      decided_on = ${today}, decided_at = now(), decided_by = ${by.name}, decided_by_id = ${by.personId}, decided_as = ${as},
      door = ${by.door}
    where id = ${changeId}`.execute(db)
}

/** The case, and the open ones beside it, are about another school from now on. */
export async function moveCase(db: Db, caseId: number, target: MoveTarget): Promise<void> {
  await sql`update support_case set establishment_id = ${target.establishmentId}, urn = ${target.urn}, kind = ${target.kind},
      trust_uid = ${target.trustUid}, region = ${target.region}, authority_code = ${target.authorityCode},
      diocese = ${target.diocese}, version = version + 1
    where id = ${caseId} or (parent_id = ${caseId} and status <> 'closed')`.execute(db)
}

export async function setActs(db: Db, caseId: number, seq: number, acts: readonly string[]): Promise<void> {
  await sql`update case_step set acts = ${[...acts]} where case_id = ${caseId} and seq = ${seq}`.execute(db)
}

const TARGET = sql`e.id as "establishmentId", e.urn, e.name, case when e.trust_uid is null then 'single school' else 'school in trust' end as kind,
  e.trust_uid as "trustUid", g.name as "trustName", coalesce(e.region, a.region) as region, e.authority_code as "authorityCode",
  a.name as "authorityName", nullif(e.diocese, 'Not applicable') as diocese, e.status,
  (e.status like 'Open%' and e.not_listed_since is null) as "isOpen"
  from establishment e left join authority a on a.code = e.authority_code
  left join establishment_group g on g.uid = e.trust_uid`

export type RegisteredSchool = MoveTarget & { readonly status: string | null; readonly isOpen: boolean }

/** A school as the register shows it now. */
export async function findRegistered(db: Db, establishmentId: number): Promise<RegisteredSchool | undefined> {
  const { rows } = await sql<RegisteredSchool>`select ${TARGET} where e.id = ${establishmentId}`.execute(db)
  return rows[0]
}

/** The schools in which the register says that this one goes on, by links held with either of them. */
export async function listSuccessors(db: Db, establishmentId: number): Promise<RegisteredSchool[]> {
  const { rows } = await sql<RegisteredSchool>`select ${TARGET}
    where e.id <> ${establishmentId} and e.id in (
      select s.id from establishment_link l join establishment s on s.urn = l.linked_urn
        where l.establishment_id = ${establishmentId} and l.link_type ~* '^successor'
      union select l.establishment_id from establishment_link l join establishment o on o.urn = l.linked_urn
        where o.id = ${establishmentId} and l.link_type ~* '^predecessor')
    order by (e.status like 'Open%') desc, e.opened desc nulls last, e.urn`.execute(db)
  return rows
}

/** Another open case of the same flow that is about this school already. */
export async function findRival(
  db: Db,
  { programme, flow, id }: { programme: string; flow: string; id: number },
  establishmentId: number,
): Promise<string | undefined> {
  const { rows } = await sql<{ reference: string }>`
    select reference from support_case where programme = ${programme} and flow = ${flow} and id <> ${id}
      and establishment_id = ${establishmentId} and subject_kind = 'school' and status <> 'closed' and parent_id is null
    limit 1`.execute(db)
  return rows[0]?.reference
}

/** A decision that waits, as a line of "My work" and of the API. */
export type DecisionLine = {
  readonly id: number
  readonly reference: string
  readonly programme: string
  readonly name: string
  readonly words: string
  readonly openedOn: string
  readonly dueOn: string | null
}

export async function listDecisions(db: Db, keys: readonly string[], limit: number): Promise<DecisionLine[]> {
  const { rows } = await sql<DecisionLine>`
    select d.id, c.reference, c.programme, coalesce(e.name, d.from_name) as name, d.opened_on as "openedOn", d.due_on as "dueOn",
      coalesce((select string_agg(v.words, '. ' order by v.on_date, v.register_event_id) from case_subject_event v
        where v.change_id = d.id), '') as words
    from case_subject_change d join support_case c on c.id = d.case_id left join establishment e on e.id = c.establishment_id
    where d.choice is null and c.status <> 'closed' and d.acts && ${[...keys]}::text[]
    order by d.due_on nulls last, d.id limit ${limit}`.execute(db)
  return rows
}
