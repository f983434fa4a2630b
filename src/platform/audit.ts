import { CompiledQuery } from 'kysely'
import type pg from 'pg'
import type { Actor } from './actor.ts'
import { type DigestedEntry, type DigestedValue, digestEntry, digestValue, newSalt } from './audit-digest.ts'
import type { Db } from './db.ts'

/** What an entry keeps of who acted. */
type AuditActor = Pick<Actor, 'personId' | 'name' | 'door' | 'requestId' | 'acting'>

/** One change. `record` and `recordKey` name what was changed; old and new values by field, as JSON can hold them. */
export type AuditEntry = {
  readonly actor: AuditActor
  /** In a few words, as the history shows it: "Added", "Days held". */
  readonly action: string
  readonly record: string
  readonly recordKey: string | number
  readonly old?: Readonly<Record<string, unknown>>
  readonly new?: Readonly<Record<string, unknown>>
  readonly reason?: string | null
}

/** The transaction of the change, of either kind. */
export type AuditTransaction = pg.ClientBase | Db

const STORE = `
  with given as materialized (
    select nextval(pg_get_serial_sequence('audit_entry', 'id')) as id, entry
    from jsonb_array_elements($1::jsonb) with ordinality as g (entry, place) order by place
  ), stored as (
    insert into audit_entry (id, at, person_id, name, door, request_id, action, record, record_key, digest)
      overriding system value
    select id, (entry->>'at')::timestamptz, (entry->>'personId')::bigint, entry->>'name', entry->>'door',
      entry->>'requestId', entry->>'action', entry->>'record', entry->>'recordKey', entry->>'digest'
    from given
  )
  insert into audit_value (entry_id, side, field, value, salt, digest)
  select given.id, v.side, v.field, v.value, v.salt, v.digest
  from given, jsonb_to_recordset(given.entry->'values')
    as v (side text, field text, value text, salt text, digest text)`

/** Stores one entry in the transaction of its change. Throws when there is no transaction. */
export function writeAudit(transaction: AuditTransaction, entry: AuditEntry): Promise<void> {
  return writeAudits(transaction, [entry])
}

/** Stores several entries, in their order, in one statement. */
export async function writeAudits(transaction: AuditTransaction, entries: readonly AuditEntry[]): Promise<void> {
  if (entries.length === 0) return
  // Real time, also where a demonstration moves its clock.
  const at = new Date().toISOString().replace('Z', '000Z')
  const given = JSON.stringify(entries.map((entry) => toStore(entry, at)))
  if (!('executeQuery' in transaction)) await transaction.query(STORE, [given])
  else if (transaction.isTransaction) await transaction.executeQuery(CompiledQuery.raw(STORE, [given]))
  else throw new Error('An audit entry belongs into the transaction of its change')
}

type StoredValue = DigestedValue & { readonly value: string; readonly salt: string }

function toStore(entry: AuditEntry, at: string) {
  const { actor, action, record, reason } = entry
  const values = [
    ...valuesOf('old', entry.old ?? {}),
    ...valuesOf('new', entry.new ?? {}),
    ...valuesOf('why', { ...(reason && { reason }), ...(actor.acting && { role: actor.acting }) }),
  ]
  const digested: DigestedEntry = {
    at,
    personId: actor.personId,
    name: actor.name,
    door: actor.door,
    requestId: actor.requestId || null,
    action,
    record,
    recordKey: String(entry.recordKey),
  }
  return { ...digested, values, digest: digestEntry(digested, values) }
}

function valuesOf(side: DigestedValue['side'], values: Readonly<Record<string, unknown>>): StoredValue[] {
  return Object.entries(values).flatMap(([field, given]) => {
    const value = JSON.stringify(given)
    if (value === undefined) return [] // not said is not stored; null is
    const salt = newSalt()
    return [{ side, field, value, salt, digest: digestValue(salt, value) }]
  })
}
