import { sql } from 'kysely'
import { findRoleHolders } from '../accounts/index.ts'
import type { Actor } from '../platform/actor.ts'
import { writeAudit } from '../platform/audit.ts'
import type { Database, Db } from '../platform/db.ts'
import { accept, type Decision } from '../platform/decision.ts'
import type { EditedValue, Pack } from './pack-schema.ts'
import {
  type Contact,
  decideValue,
  type HeldValue,
  isInForce,
  placeOfKey,
  type TypedValue,
  type ValueRow,
} from './value-rules.ts'

/** A value as it counts on a day: typed for its days, or the holder of the role that it follows. */
export type FoundValue = {
  readonly value: HeldValue
  readonly source: 'typed' | 'holder'
  readonly from: string | null
  readonly to: string | null
}

export type ValueAsked = {
  readonly pack: Pack
  /** The value's id in the pack. */
  readonly id: string
  /** One part for each name under the value's `by`, in its order. */
  readonly key: readonly string[]
  /** ISO date. */
  readonly on: string
}

/**
 * A value of a pack as it counts on a day; undefined when there is none. A typed one goes before the holder of the role that it
 * follows (`holder-of`); one that was typed as "none" says that there is none, whoever holds the role.
 */
export async function findValue(db: Db, { pack, id, key, on }: ValueAsked): Promise<FoundValue | undefined> {
  const declared = pack.values?.[id]
  if (!declared) throw new Error(`${pack.programme} keeps no value ${id}`)
  const typed = (await listValues(db, { pack, id, key })).find((row) => isInForce(row, on))
  if (typed) {
    const { value, from, to } = typed
    return value === null ? undefined : { value, source: 'typed', from, to }
  }
  const role = declared['holder-of']
  if (!role) return undefined
  const [holder] = await findRoleHolders(db, { programme: pack.programme, role, place: placeOfKey(declared, key), on })
  if (!holder) return undefined
  return { value: { name: holder.name, email: holder.email }, source: 'holder', from: null, to: null }
}

/** Whom to write to for a place on a day: the contact that counts, else those who stand in while there is none. */
export type FoundContact = { readonly contact: Contact | null; readonly standIns: readonly Contact[] }

export async function findContact(db: Db, asked: ValueAsked): Promise<FoundContact> {
  const found = await findValue(db, asked)
  if (found && typeof found.value === 'object') return { contact: found.value, standIns: [] }
  const { pack, id, key, on } = asked
  const declared = pack.values?.[id]
  if (!declared?.vacant) return { contact: null, standIns: [] }
  const place = placeOfKey(declared, key)
  const holders = await findRoleHolders(db, { programme: pack.programme, role: declared.vacant, place, on })
  return { contact: null, standIns: holders.map(({ name, email }) => ({ name, email })) }
}

/** Every value on record for one key, newest first. */
export async function listValues(
  db: Db,
  { pack, id, key }: Omit<ValueAsked, 'on'>,
): Promise<(ValueRow & { readonly setBy: string })[]> {
  const { rows } = await sql<ValueRow & { setBy: string }>`
    select id, value, from_date as "from", to_date as "to", set_by as "setBy" from pack_value
    where programme = ${pack.programme} and value_id = ${id} and key = ${[...key]}::text[]
    order by from_date desc`.execute(db)
  return rows
}

/** The keys that have a value on record. */
export async function listKeys(db: Db, pack: Pack, id: string): Promise<string[][]> {
  const { rows } = await sql<{ key: string[] }>`
    select distinct key from pack_value where programme = ${pack.programme} and value_id = ${id} order by key`.execute(
    db,
  )
  return rows.map(({ key }) => key)
}

/** Regions of England, by name. */
export async function listRegions(db: Db): Promise<string[]> {
  const { rows } = await sql<{ region: string }>`
    select distinct region from authority where region is not null order by region`.execute(db)
  return rows.map(({ region }) => region)
}

export type NewValue = {
  readonly pack: Pack
  readonly id: string
  readonly declared: EditedValue
  readonly key: readonly string[]
  readonly typed: TypedValue
  readonly today: string
  readonly by: Actor
}

/** Keeps a value from a day on; the one before ends the day before. Refusals as `decideValue`. */
export async function setValue({ db }: Pick<Database, 'db'>, asked: NewValue): Promise<Decision<'saved'>> {
  const { pack, id, key } = asked
  return db.transaction().execute(async (transaction) => {
    await sql`select pg_advisory_xact_lock(hashtext(${`${pack.programme} ${id} value`}))`.execute(transaction)
    const held = await listValues(transaction, { pack, id, key })
    const decided = decideValue(asked.declared, asked.typed, { held, today: asked.today })
    if (!decided.ok) return decided
    const { value, from, to, ends, replaces } = decided.value
    const before = held.find((row) => isInForce(row, from))
    if (ends !== null)
      await sql`update pack_value set to_date = ${from}::date - 1 where id = ${ends}`.execute(transaction)
    if (replaces !== null) await sql`delete from pack_value where id = ${replaces}`.execute(transaction)
    await sql`insert into pack_value (programme, value_id, key, value, from_date, to_date, set_by)
      values (${pack.programme}, ${id}, ${[...key]}::text[], ${value === null ? null : JSON.stringify(value)}::jsonb,
        ${from}, ${to}, ${asked.by.name})`.execute(transaction)
    await writeAudit(transaction, {
      actor: asked.by,
      action: value === null ? 'Value ended' : 'Value set',
      record: VALUE_RECORD,
      recordKey: valueKeyOf(pack, id, key),
      old: before ? { value: before.value, from: before.from } : {},
      new: { value, from, to },
    })
    return accept('saved' as const)
  })
}

/** The name of a value's record in the audit, and its key there. */
export const VALUE_RECORD = 'pack-value'
export function valueKeyOf(pack: Pack, id: string, key: readonly string[]): string {
  return `${pack.programme} ${id} ${key.join(' / ')}`
}
