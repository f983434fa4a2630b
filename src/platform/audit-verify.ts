import type pg from 'pg'
import {
  type AuditSide,
  type DigestedEntry,
  digestEntry,
  digestHead,
  digestValue,
  entriesHash,
} from './audit-digest.ts'
import { type AuditHead, HEAD_COLUMNS } from './audit-seal.ts'
import type { Database } from './db.ts'
import { countOf, longDate, thousands } from './words.ts'

/** Where the audit does not hold. `entry` or `head` is the number of the first row that shows it. */
export type AuditFault = { readonly entry?: number; readonly head?: number; readonly message: string }

/** Values that a retention rule removed on a day. */
export type AuditRemoval = { readonly rule: string; readonly on: string; readonly values: number }

export type AuditReport = {
  readonly ok: boolean
  readonly entries: number
  readonly heads: number
  /** The number up to which entries are sealed; later ones are held by their own digests only. */
  readonly sealedTo: number
  /** Worth noting elsewhere: whoever knows it can show later that nothing before it was rewritten. */
  readonly lastHead: string | null
  readonly removed: readonly AuditRemoval[]
  /** In the order of the entries, the first hundred. */
  readonly faults: readonly AuditFault[]
}

type StoredValue = {
  readonly entry_id: number
  readonly side: AuditSide
  readonly field: string
  readonly value: string | null
  readonly salt: string | null
  readonly digest: string
}

type StoredEntry = DigestedEntry & { readonly id: number; readonly digest: string }

/** Entries that are read at once. */
const PAGE = 2000
const MOST_FAULTS = 100
/** Below every number, so that nothing hides under the first. */
const START = Number.MIN_SAFE_INTEGER
const END = Number.MAX_SAFE_INTEGER

/**
 * Works out every digest again and compares: values, entries, and the chain of heads over them. Reads one state of the
 * database and changes nothing. With `knownHead`, a digest noted earlier, also that this head is still in the chain.
 */
export async function verifyAudit(
  { pool }: Pick<Database, 'pool'>,
  { knownHead }: { knownHead?: string | undefined } = {},
): Promise<AuditReport> {
  const client = await pool.connect()
  try {
    await client.query('begin isolation level repeatable read read only')
    const { rows: heads } = await client.query<AuditHead>(`select ${HEAD_COLUMNS} from audit_head order by id`)
    const checked = await checkEntries(client, heads)
    const faults = [...checked.faults, ...chainFaults(heads, knownHead)].slice(0, MOST_FAULTS)
    return {
      ok: faults.length === 0,
      entries: checked.entries,
      heads: heads.length,
      sealedTo: heads.at(-1)?.lastId ?? 0,
      lastHead: heads.at(-1)?.digest ?? null,
      removed: await readRemovals(client),
      faults,
    }
  } finally {
    await client.query('rollback')
    client.release()
  }
}

/** Each head by itself, and that it follows the one before without a gap. */
function chainFaults(heads: readonly AuditHead[], knownHead: string | undefined): AuditFault[] {
  const faults: AuditFault[] = []
  for (const [place, head] of heads.entries()) {
    const before = heads[place - 1]
    if (head.previous !== (before?.digest ?? null) || head.firstId !== (before?.lastId ?? 0) + 1)
      faults.push({ head: head.id, message: `Head ${head.id} does not follow the head before it` })
    if (digestHead(head) !== head.digest) faults.push({ head: head.id, message: `Head ${head.id} was changed` })
  }
  if (knownHead && !heads.some(({ digest }) => digest === knownHead))
    faults.push({ message: `The head ${knownHead} that was noted earlier is not in the chain` })
  return faults
}

/** Walks all entries once, page by page, and adds them up under the head that seals them. */
async function checkEntries(client: pg.ClientBase, heads: readonly AuditHead[]) {
  const faults: AuditFault[] = []
  const seals = sealsOver(heads, faults)
  let entries = 0
  for (let after = START; ; ) {
    const page = await readEntries(client, after)
    const values = await readValues(client, after, page.at(-1)?.id ?? END)
    for (const entry of page) {
      faults.push(...entryFaults(entry, values.get(entry.id) ?? []))
      values.delete(entry.id)
      seals.add(entry)
    }
    for (const entry of values.keys())
      faults.push({ entry, message: `Entry ${entry} is not there, but its values are` })
    entries += page.length
    const last = page.at(-1)
    if (!last) break
    after = last.id
  }
  seals.end()
  return { entries, faults }
}

/** Told every entry in order; compares the sum at the end of each head. */
function sealsOver(heads: readonly AuditHead[], faults: AuditFault[]) {
  let place = 0
  let count = 0
  let hash = entriesHash()
  const close = (head: AuditHead) => {
    if (count !== head.entries)
      faults.push({
        entry: head.firstId,
        head: head.id,
        message: `Head ${head.id} seals ${thousands(head.entries)} entries from ${head.firstId} to ${head.lastId}, but ${thousands(count)} are there`,
      })
    else if (hash.end() !== head.entriesDigest)
      faults.push({
        entry: head.firstId,
        head: head.id,
        message: `The entries from ${head.firstId} to ${head.lastId} are not those that head ${head.id} seals, or in another order`,
      })
    place += 1
    count = 0
    hash = entriesHash()
  }
  return {
    add({ id, digest }: StoredEntry) {
      for (let head = heads[place]; head && id > head.lastId; head = heads[place]) close(head)
      count += 1
      hash.add(id, digest)
    },
    end() {
      for (let head = heads[place]; head; head = heads[place]) close(head)
    },
  }
}

function entryFaults(entry: StoredEntry, values: readonly StoredValue[]): AuditFault[] {
  const what = `Entry ${entry.id} (${entry.action}, ${entry.record} ${entry.recordKey})`
  const wrong = values.filter(
    ({ salt, value, digest }) => salt !== null && value !== null && digestValue(salt, value) !== digest,
  )
  const faults = wrong.map(({ side, field }) => ({
    entry: entry.id,
    message: `${what}: the ${side} value of ${field} was changed`,
  }))
  if (digestEntry(entry, values) === entry.digest) return faults
  return [...faults, { entry: entry.id, message: `${what} was changed, or values were added to it or taken away` }]
}

async function readEntries(client: pg.ClientBase, after: number): Promise<StoredEntry[]> {
  const { rows } = await client.query<StoredEntry>(
    `select id, to_char(at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as at, person_id as "personId", name, door,
       request_id as "requestId", action, record, record_key as "recordKey", digest
     from audit_entry where id > $1 order by id limit $2`,
    [after, PAGE],
  )
  return rows
}

async function readValues(client: pg.ClientBase, after: number, upTo: number): Promise<Map<number, StoredValue[]>> {
  const { rows } = await client.query<StoredValue>(
    `select entry_id, side, field, value, salt, digest from audit_value where entry_id > $1 and entry_id <= $2`,
    [after, upTo],
  )
  return Map.groupBy(rows, (row) => row.entry_id)
}

async function readRemovals(client: pg.ClientBase): Promise<AuditRemoval[]> {
  const { rows } = await client.query<AuditRemoval>(
    `select removed_by_rule as rule, (removed_at at time zone 'Europe/London')::date as "on", count(*)::integer as values
     from audit_value where removed_at is not null group by 1, 2 order by 2, 1`,
  )
  return rows
}

/** The report as the terminal shows it. */
export function formatAuditReport(report: AuditReport): string {
  const { ok, entries, heads, sealedTo, lastHead, removed, faults } = report
  const lines = [
    `Audit: ${countOf(entries, 'entry', 'entries')} in order, ${countOf(heads, 'daily seal')}, sealed up to entry ${sealedTo}`,
    ...(lastHead ? [`  last head ${lastHead}`] : []),
    ...removed.map((one) => `  ${countOf(one.values, 'value')} removed on ${longDate(one.on)} by rule ${one.rule}`),
  ]
  if (ok) return `${lines.join('\n')}\n`
  lines[0] = `Audit: ${countOf(faults.length, 'fault')} in ${countOf(entries, 'entry', 'entries')}; the first stands first`
  return `${[...lines, ...faults.map(({ message }) => `  ${message}`)].join('\n')}\n`
}
