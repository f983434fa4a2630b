import { sql } from 'kysely'
import type { Db } from './db.ts'

/** A value that a retention rule took away: that it was there stays known. */
export type RemovedValue = { readonly removedOn: string; readonly rule: string }

/** One change as it is shown: what it was, and its values by field. */
export type AuditChange = {
  readonly id: number
  readonly at: Date
  readonly name: string
  readonly door: string
  readonly action: string
  readonly record: string
  readonly recordKey: string
  readonly old: Readonly<Record<string, unknown>>
  readonly new: Readonly<Record<string, unknown>>
  readonly reason: string | null
  /** The role in which it was done, where it was done in one. */
  readonly role: string | null
  readonly removed: Readonly<Record<string, RemovedValue>>
}

/** A kind of record, and which of them. */
export type RecordAsked = { readonly record: string; readonly keys: readonly (string | number)[] }

type Row = Omit<AuditChange, 'old' | 'new' | 'reason' | 'role' | 'removed'> & {
  readonly values: readonly {
    readonly side: 'old' | 'new' | 'why'
    readonly field: string
    readonly value: unknown
    readonly on: string | null
    readonly rule: string | null
  }[]
}

/** Every change of the records that are named, newest first. */
export async function readAudit(db: Db, asked: readonly RecordAsked[], most = 1000): Promise<AuditChange[]> {
  const named = asked.flatMap(({ record, keys }) => keys.map((key) => ({ record, key: String(key) })))
  const { rows } = await sql<Row>`
    select e.id, e.at, e.name, e.door, e.action, e.record, e.record_key as "recordKey",
      coalesce((select jsonb_agg(jsonb_build_object('side', v.side, 'field', v.field, 'value', v.value::jsonb,
        'on', (v.removed_at at time zone 'Europe/London')::date, 'rule', v.removed_by_rule))
        from audit_value v where v.entry_id = e.id), '[]') as values
    from audit_entry e
      join jsonb_to_recordset(${JSON.stringify(named)}::jsonb) as named (record text, key text)
        on e.record = named.record and e.record_key = named.key
    order by e.id desc limit ${most}`.execute(db)
  return rows.map(toChange)
}

function toChange({ values, ...row }: Row): AuditChange {
  const of = (side: string) =>
    Object.fromEntries(values.filter((one) => one.side === side).map(({ field, value }) => [field, value]))
  const { reason, role } = of('why')
  const gone = values.flatMap(({ field, on, rule }) => (on && rule ? [[field, { removedOn: on, rule }] as const] : []))
  return {
    ...row,
    old: of('old'),
    new: of('new'),
    reason: typeof reason === 'string' ? reason : null,
    role: typeof role === 'string' ? role : null,
    removed: Object.fromEntries(gone),
  }
}
