import type { Actor } from '../../platform/actor.ts'
import { type AuditTransaction, writeAudits } from '../../platform/audit.ts'
import { runStatement } from '../../platform/statement.ts'

/** The columns of the current row that a correction may change. */
const SCHOOL_COLUMNS = [
  'phase',
  'type',
  'status',
  'authority_code',
  'region',
  'pupils',
  'pupils_as_at',
  'opened',
  'closed',
  'street',
  'locality',
  'address3',
  'town',
  'county',
  'postcode',
  'diocese',
  'trust_uid',
].join(', ')

const INSPECTION_COLUMNS = 'overall, inspected_on, published_on'

/**
 * Puts the register's own values back where corrections lie over them, so that an import meets what files said. To be
 * followed by `layCorrections` in the same transaction.
 */
export function liftCorrections(client: AuditTransaction): Promise<void> {
  return write(client, 'register')
}

/** Writes one side of every correction in force into the current rows. */
async function write(client: AuditTransaction, side: 'register' | 'corrected'): Promise<void> {
  const laid = (key: string) =>
    `select ${key} as id, jsonb_object_agg(part.key, part.value) as facts
     from register_correction c, jsonb_each(c.${side}) part
     where c.ended_at is null and c.linked_urn is null and (c.inspection_id is null) = ${key === 'establishment_id'}
     group by ${key}`
  await runStatement(
    client,
    `update establishment e set (${SCHOOL_COLUMNS}) = (select ${SCHOOL_COLUMNS} from jsonb_populate_record(e, laid.facts))
     from (${laid('establishment_id')}) laid where laid.id = e.id`,
  )
  await runStatement(
    client,
    `update inspection i set (${INSPECTION_COLUMNS}) = (select ${INSPECTION_COLUMNS} from jsonb_populate_record(i, laid.facts))
     from (${laid('inspection_id')}) laid where laid.id = i.id`,
  )
}

/** What ended corrections: an import, with its file, on a day. */
export type LaidBy = { readonly actor: Actor; readonly today: string }

/**
 * Reads anew what the register says under each correction, ends those with which it now agrees, and lays the others over
 * the current rows. The projections are to be worked out after it. Answers the numbers of those that ended.
 */
export async function layCorrections(client: AuditTransaction, by: LaidBy): Promise<number[]> {
  await readRegister(client)
  const ended = await endAgreeing(client, by)
  await write(client, 'corrected')
  return ended
}

async function readRegister(client: AuditTransaction): Promise<void> {
  const nowOf = (row: string) =>
    `(select jsonb_object_agg(key, coalesce(${row} -> key, 'null')) from jsonb_object_keys(c.corrected) key)`
  // A correction must differ from the register while it is in force; those that agree now are ended in the same statement.
  await runStatement(
    client,
    `create temp table register_now on commit drop as
     select c.id, ${nowOf(`(to_jsonb(e) || jsonb_build_object('trust_uid', t.uid))`)} as now
     from register_correction c join establishment e on e.id = c.establishment_id
     left join (
       select id, uid from register_trust
       where id in (select establishment_id from register_correction where field = 'trust' and ended_at is null)) t on t.id = e.id
     where c.ended_at is null and c.inspection_id is null and c.linked_urn is null
     union all
     select c.id, ${nowOf('to_jsonb(i)')} from register_correction c join inspection i on i.id = c.inspection_id
     where c.ended_at is null
     union all
     select c.id, jsonb_build_object('link', case when exists (
         select from establishment_link l
         where l.establishment_id = e.id and l.linked_urn = c.linked_urn and l.link_type = 'Predecessor'
         union all
         select from establishment_link l join establishment o on o.id = l.establishment_id
         where o.urn = c.linked_urn and l.linked_urn = e.urn and l.link_type = 'Successor') then 'held' else 'not held' end)
     from register_correction c join establishment e on e.id = c.establishment_id
     where c.ended_at is null and c.linked_urn is not null`,
  )
  await runStatement(
    client,
    `update register_correction c set register = n.now from register_now n
     where n.id = c.id and n.now -> c.fact <> c.corrected -> c.fact and n.now <> c.register`,
  )
}

type Ended = {
  id: number
  urn: number | null
  establishment_id: number
  field: string
  corrected: object
  register: object
}

async function endAgreeing(client: AuditTransaction, { actor, today }: LaidBy): Promise<number[]> {
  // An inspection that the register itself now holds on the corrected day is the agreement.
  const rows = await runStatement<Ended>(
    client,
    `update register_correction c
     set ended_at = now(), ended_on = $1, ended_how = 'register agrees', register = c.register || n.now
     from register_now n, establishment e
     where n.id = c.id and e.id = c.establishment_id and c.ended_at is null
       and (n.now -> c.fact = c.corrected -> c.fact
         or c.field = 'inspected-on' and exists (
           select from inspection mine join inspection other
             on other.establishment_id = mine.establishment_id and other.kind = mine.kind and other.id <> mine.id
           where mine.id = c.inspection_id and other.inspected_on = (c.corrected ->> 'inspected_on')::date))
     returning c.id, e.urn, c.establishment_id, c.field, c.corrected, c.register`,
    [today],
  )
  await runStatement(client, 'drop table register_now')
  await storeCorrectionEvents(
    client,
    rows.map((row) => ({ ...row, kind: 'correction-ended' as const, from: row.corrected, to: row.register })),
    today,
  )
  await writeAudits(
    client,
    rows.map(({ id, urn, establishment_id: school, field, corrected }) => ({
      actor,
      action: 'Correction ended: the register agrees',
      record: 'school-correction',
      recordKey: urn ?? school,
      old: { number: id, field, ...corrected },
    })),
  )
  return rows.map(({ id }) => id)
}

export type CorrectionEvent = {
  readonly kind: 'corrected' | 'correction-ended'
  readonly id: number
  readonly establishment_id: number
  readonly field: string
  readonly from: object
  readonly to: object
}

/** Raises events of corrections, so that whoever rests on a fact hears of it as of any other change. */
export async function storeCorrectionEvents(
  client: AuditTransaction,
  events: readonly CorrectionEvent[],
  today: string,
): Promise<void> {
  if (events.length === 0) return
  await runStatement(
    client,
    `insert into register_event (kind, establishment_id, from_values, to_values, on_date, correction_id)
     select kind, establishment_id, "from" || jsonb_build_object('field', field), "to" || jsonb_build_object('field', field), $2, id
     from jsonb_to_recordset($1::jsonb) as r (kind text, id integer, establishment_id integer, field text, "from" jsonb, "to" jsonb)
     order by id`,
    [JSON.stringify(events), today],
  )
}

/** What must hold: each correction in force is what the current row shows. */
export async function findCorrectionsNotLaid(client: AuditTransaction): Promise<string[]> {
  const rows = await runStatement<{ urn: number | null; field: string }>(
    client,
    `select e.urn, c.field from register_correction c
     join establishment e on e.id = c.establishment_id left join inspection i on i.id = c.inspection_id
     where c.ended_at is null and c.linked_urn is null
       and not (case when i.id is null then to_jsonb(e) else to_jsonb(i) end) @> c.corrected
     order by e.urn, c.field limit 20`,
  )
  return rows.map(
    ({ urn, field }) => `URN ${urn}: the correction of its ${field} is in force, and the record does not show it`,
  )
}
