import { sql } from 'kysely'
import type { Actor } from '../platform/actor.ts'
import { writeAudit } from '../platform/audit.ts'
import type { Db } from '../platform/db.ts'
import type { Pack } from '../programmes/index.ts'
import type { Circumstances } from './circumstances.ts'
import type { Signpost, SignpostKind } from './signpost.ts'

/** The record that a signposting stands with: a case by its number, later. */
export type SignpostRecord = { readonly record: string; readonly recordKey: string }

export type StoredSignpost = Omit<Signpost, 'warnings' | 'kind'> & {
  readonly id: number
  readonly kind: SignpostKind
  readonly by: string
}

/** Stores a decided signposting in the transaction of the case's step, with its audit entry. */
export async function storeSignpost(
  transaction: Db,
  pack: Pick<Pack, 'programme' | 'edition'>,
  { record, recordKey }: SignpostRecord,
  { signpost, subject, by }: { signpost: Signpost; subject: Circumstances; by: Actor },
): Promise<number> {
  const { kind, entry, on, area, told, route, details, reason } = signpost
  const { rows } = await sql<{ id: number }>`
    insert into signposting (programme, edition, entry, record, record_key, subject_kind, subject_key, kind, decided_on,
      area, told, route, details, reason, entered_by)
    values (${pack.programme}, ${pack.edition}, ${entry}, ${record}, ${recordKey}, ${subject.beneficiary}, ${subject.key},
      ${kind}, ${on}, ${area}, ${told}, ${JSON.stringify(route)}::jsonb, ${JSON.stringify(details)}::jsonb, ${reason},
      ${by.name})
    returning id`.execute(transaction)
  await writeAudit(transaction, {
    actor: by,
    action: 'Programme signposted',
    record,
    recordKey,
    new: { entry, kind, on, area, told, ...details },
    reason,
  })
  return rows[0]?.id ?? 0
}

/** Everything decided for one record, oldest first. */
export async function listSignposts(db: Db, { record, recordKey }: SignpostRecord): Promise<StoredSignpost[]> {
  const { rows } = await sql<StoredSignpost>`
    select id, kind, entry, decided_on as "on", area, told, route, details, reason, entered_by as by
    from signposting where record = ${record} and record_key = ${recordKey} order by id`.execute(db)
  return rows
}

/** How often an entry was signposted to a school or trust before, over all its records and editions. */
export async function countEarlierSignposts(
  db: Db,
  { programme }: Pick<Pack, 'programme'>,
  entry: string,
  { beneficiary, key }: Pick<Circumstances, 'beneficiary' | 'key'>,
): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    select count(*)::int as count from signposting
    where programme = ${programme} and entry = ${entry} and kind = 'signposted'
      and subject_kind = ${beneficiary} and subject_key = ${key}`.execute(db)
  return rows[0]?.count ?? 0
}
