import type pg from 'pg'
import { digestHead, entriesHash } from './audit-digest.ts'
import { type Clock, systemClock } from './clock.ts'
import type { Database } from './db.ts'

/** A seal over all entries since the one before it. */
export type AuditHead = {
  readonly id: number
  readonly sealedAt: string
  readonly day: string
  readonly firstId: number
  readonly lastId: number
  readonly entries: number
  readonly entriesDigest: string
  readonly previous: string | null
  readonly digest: string
}

export const HEAD_COLUMNS = `id, to_char(sealed_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as "sealedAt",
  day::text as day, first_id as "firstId", last_id as "lastId", entries, entries_digest as "entriesDigest",
  previous_digest as previous, digest`

/** One sealing at a time. */
const SEAL_LOCK = 7_110_040

/** Entries that are read at once. */
const PAGE = 5000

/**
 * Seals every entry that has none yet, for a day's end, a backup or on demand; undefined when there is none. Writers are
 * held only while the last number is read, never while digests are worked out.
 */
export async function sealAudit(
  { pool }: Pick<Database, 'pool'>,
  clock: Clock = systemClock,
): Promise<AuditHead | undefined> {
  const client = await pool.connect()
  try {
    await client.query('select pg_advisory_lock($1)', [SEAL_LOCK])
    const last = await findLastHead(client)
    const upTo = await settledUpTo(client)
    const summed = await sumEntries(client, last?.lastId ?? 0, upTo)
    if (summed.entries === 0) return undefined
    const head = {
      sealedAt: new Date().toISOString().replace('Z', '000Z'),
      day: clock.today().toString(),
      firstId: (last?.lastId ?? 0) + 1,
      lastId: upTo,
      ...summed,
      previous: last?.digest ?? null,
    }
    return await storeHead(client, { ...head, digest: digestHead(head) })
  } finally {
    client.release(true) // ends the session and with it the lock
  }
}

async function findLastHead(client: pg.ClientBase): Promise<AuditHead | undefined> {
  const { rows } = await client.query<AuditHead>(`select ${HEAD_COLUMNS} from audit_head order by id desc limit 1`)
  return rows[0]
}

/**
 * The last number after which no smaller one can still appear: the lock waits for transactions that have written, and a
 * number is only drawn under the lock that it conflicts with.
 */
async function settledUpTo(client: pg.ClientBase): Promise<number> {
  await client.query('begin')
  try {
    await client.query(`set local lock_timeout = '10s'`)
    await client.query('lock table audit_entry in share mode')
    const { rows } = await client.query<{ last: number }>('select coalesce(max(id), 0) as last from audit_entry')
    await client.query('commit')
    return rows[0]?.last ?? 0
  } catch (error) {
    await client.query('rollback')
    throw error
  }
}

async function sumEntries(client: pg.ClientBase, after: number, upTo: number) {
  const hash = entriesHash()
  let entries = 0
  for (let from = after; ; ) {
    const { rows } = await client.query<{ id: number; digest: string }>(
      'select id, digest from audit_entry where id > $1 and id <= $2 order by id limit $3',
      [from, upTo, PAGE],
    )
    for (const { id, digest } of rows) hash.add(id, digest)
    entries += rows.length
    const last = rows.at(-1)
    if (!last) return { entries, entriesDigest: hash.end() }
    from = last.id
  }
}

async function storeHead(client: pg.ClientBase, head: Omit<AuditHead, 'id'>): Promise<AuditHead | undefined> {
  const { rows } = await client.query<AuditHead>(
    `insert into audit_head (sealed_at, day, first_id, last_id, entries, entries_digest, previous_digest, digest)
     values ($1, $2, $3, $4, $5, $6, $7, $8) returning ${HEAD_COLUMNS}`,
    [head.sealedAt, head.day, head.firstId, head.lastId, head.entries, head.entriesDigest, head.previous, head.digest],
  )
  return rows[0]
}
