import { sql } from 'kysely'
import type { Actor } from '../platform/actor.ts'
import type { Db } from '../platform/db.ts'
import type { Answers } from './case-state.ts'
import type { Extension, LogItem, NewItem } from './log-item.ts'

const ITEM = sql`i.id, i.log, i.leader_id as "leaderId", coalesce(l.name, l.reference) as "leaderName", i.state, i.on_date as on,
  i.half_days as "halfDays", i.step, i.area, i.member_id as "memberId", p.name as "memberName", i.external, i.extension, i.fields,
  i.reasons, i.counted, i.claim_case_id as "claimCaseId", i.late_to as "lateTo", i.late_refusal as "lateRefusal", i.engagement,
  i.engagement_note as "engagementNote", i.confirmed_on as "confirmedOn", i.confirmed_by as "confirmedBy", i.made_by as "madeBy"`
const FROM = sql`case_log_item i join leader l on l.id = i.leader_id left join case_member m on m.id = i.member_id
  left join person p on p.id = m.person_id`

/** The items of a log of a case that were not withdrawn, by day. */
export async function readLog(db: Db, caseId: number, log: string): Promise<LogItem[]> {
  const { rows } = await sql<LogItem>`select ${ITEM} from ${FROM}
    where i.case_id = ${caseId} and i.log = ${log} and i.withdrawn_on is null order by i.on_date, i.id`.execute(db)
  return rows
}

/** An item with the reference of its case, as a line of "my visits". */
export type VisitLine = LogItem & {
  readonly reference: string
  readonly name: string
  /** The claim of a leader who left that the day belongs to, by the reference of the case beside. */
  readonly claim: string | null
}

/** Items of a leader, or done by a person, from a day on or up to it. */
export async function readVisits(
  db: Db,
  { leaders, personId }: { leaders: readonly string[]; personId: number | null },
): Promise<VisitLine[]> {
  const { rows } = await sql<VisitLine>`select ${ITEM}, c.reference, coalesce(e.name, g.name) as name,
      k.reference as claim from ${FROM}
    join support_case c on c.id = i.case_id left join support_case k on k.id = i.claim_case_id left join establishment e on e.id = c.establishment_id
    left join establishment_group g on g.uid = c.trust_uid
    where i.withdrawn_on is null and (l.reference = any(${[...leaders]}) or m.person_id = ${personId})
    order by i.on_date desc, i.id limit 500`.execute(db)
  return rows
}

export async function readExtensions(db: Db, caseId: number): Promise<Extension[]> {
  const { rows } =
    await sql<Extension>`select half_days as "halfDays", approved_on as "approvedOn", until_on as "untilOn"
    from case_extension where case_id = ${caseId} order by approved_on, id`.execute(db)
  return rows
}

export async function insertItem(
  db: Db,
  {
    caseId,
    log,
    leaderId,
    item,
    fields,
    reasons,
    counted,
    today,
    by,
  }: {
    caseId: number
    log: string
    leaderId: number
    item: NewItem
    fields: Answers
    reasons: Readonly<Record<string, string>>
    counted: boolean
    today: string
    by: Actor
  },
): Promise<number> {
  const { rows } = await sql<{ id: number }>`
    insert into case_log_item (case_id, log, leader_id, state, on_date, half_days, step, area, member_id, external, extension,
      fields, reasons, counted, made_on, made_by, made_by_id)
    values (${caseId}, ${log}, ${leaderId}, ${item.state}, ${item.on}, ${item.halfDays}, ${item.step}, ${item.area},
      ${item.memberId}, ${item.external}, ${item.extension}, ${JSON.stringify(fields)}::jsonb,
      ${JSON.stringify(reasons)}::jsonb, ${counted}, ${today}, ${by.name}, ${by.personId}) returning id`.execute(db)
  return rows[0]?.id ?? 0
}

export async function insertMove(
  db: Db,
  {
    itemId,
    state,
    today,
    by,
    note = null,
  }: { itemId: number; state: string; today: string; by: Actor; note?: string | null },
): Promise<void> {
  await sql`insert into case_log_move (item_id, state, moved_on, moved_by, moved_by_id, note)
    values (${itemId}, ${state}, ${today}, ${by.name}, ${by.personId}, ${note})`.execute(db)
}

export async function setState(
  db: Db,
  { itemId, state, counted }: { itemId: number; state: string; counted: boolean },
): Promise<void> {
  await sql`update case_log_item set state = ${state}, counted = ${counted} where id = ${itemId}`.execute(db)
}

export type Move = {
  readonly itemId: number
  readonly state: string
  readonly on: string
  readonly by: string
  readonly note: string | null
}

export async function readMoves(db: Db, caseId: number): Promise<Move[]> {
  const { rows } = await sql<Move>`select v.item_id as "itemId", v.state, v.moved_on as on, v.moved_by as by, v.note
    from case_log_move v join case_log_item i on i.id = v.item_id where i.case_id = ${caseId} order by v.id`.execute(db)
  return rows
}

export type ItemNote = { readonly itemId: number; readonly on: string; readonly words: string; readonly by: string }

export async function readItemNotes(db: Db, caseId: number): Promise<ItemNote[]> {
  const { rows } = await sql<ItemNote>`select n.item_id as "itemId", n.on_date as on, n.words, n.made_by as by
    from case_log_note n join case_log_item i on i.id = n.item_id where i.case_id = ${caseId} order by n.id`.execute(db)
  return rows
}

/** Keeps that extra half days were approved on a day, to be worked until another (TSI-052, TSI-055). Never changed afterwards. */
export async function recordExtension(
  db: Db,
  asked: { caseId: number; halfDays: number; approvedOn: string; untilOn: string | null; by: string },
): Promise<void> {
  await sql`insert into case_extension (case_id, half_days, approved_on, until_on, approved_by)
    values (${asked.caseId}, ${asked.halfDays}, ${asked.approvedOn}, ${asked.untilOn}, ${asked.by})`.execute(db)
}
