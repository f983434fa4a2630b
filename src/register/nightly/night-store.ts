import { sql } from 'kysely'
import type { ClientBase } from 'pg'
import type { Db } from '../../platform/db.ts'
import type { Refusal } from '../../platform/decision.ts'

export type NightFileOutcome = 'taken' | 'held' | 'taken-anyway' | 'thrown-away' | 'superseded'

/** The numbers of an import's trial, as far as it came. */
export type NightCounts = {
  readonly rows?: number
  readonly open?: number
  readonly closing?: number
  readonly lastRows?: number | null
}

/** A file that a night found, and what became of it. `path` is where it lay on this machine. */
export type NightFile = {
  readonly id: number
  readonly nightId: number
  readonly name: string
  readonly path: string
  readonly sha256: string
  readonly kind: string | null
  readonly asAt: string | null
  readonly outcome: NightFileOutcome
  readonly reasons: readonly Refusal[]
  readonly counts: NightCounts
  readonly dataFileId: number | null
  readonly foundAt: Date
  readonly decidedAt: Date | null
  readonly decidedBy: string | null
  readonly decisionReason: string | null
}

const FILE = sql`select id, night_id as "nightId", name, path, sha256, kind, as_at as "asAt", outcome, reasons, counts,
  data_file_id as "dataFileId", found_at as "foundAt", decided_at as "decidedAt", decided_by as "decidedBy",
  decision_reason as "decisionReason" from register_night_file`

export async function findNightFile(db: Db, id: number): Promise<NightFile | undefined> {
  const { rows } = await sql<NightFile>`${FILE} where id = ${id}`.execute(db)
  return rows[0]
}

/** Files that wait for a person, the one that waits longest first. */
export async function listHeldFiles(db: Db): Promise<NightFile[]> {
  const { rows } = await sql<NightFile>`${FILE} where outcome = 'held' order by id`.execute(db)
  return rows
}

export type Night = {
  readonly id: number
  readonly source: string
  readonly startedAt: Date
  readonly endedAt: Date | null
  readonly failed: string | null
  readonly files: readonly NightFile[]
}

/** The last nights on which the register was looked for, latest first. */
export async function listNights(db: Db, most: number): Promise<Night[]> {
  const nights = await sql<Omit<Night, 'files'>>`
    select id, source, started_at as "startedAt", ended_at as "endedAt", failed from register_night
    order by id desc limit ${most}`.execute(db)
  const first = nights.rows.at(-1)?.id ?? 0
  const files = await sql<NightFile>`${FILE} where night_id >= ${first} order by id`.execute(db)
  return nights.rows.map((night) => ({ ...night, files: files.rows.filter((file) => file.nightId === night.id) }))
}

export async function beginNight(db: Db, source: string): Promise<number> {
  const { rows } = await sql<{
    id: number
  }>`insert into register_night (source) values (${source}) returning id`.execute(db)
  const [night] = rows
  if (!night) throw new Error('The night was not stored')
  return night.id
}

export async function endNight(db: Db, id: number, failed: string | null): Promise<void> {
  await sql`update register_night set ended_at = now(), failed = ${failed} where id = ${id}`.execute(db)
}

/** Whether a file of this content needs nothing: it is in, waits, or was thrown away. Its name's date counts where it has one. */
export async function isSettled(
  db: Db,
  { sha256, name, asAt }: { sha256: string; name: string; asAt: string | undefined },
): Promise<boolean> {
  const { rows } = await sql`
    select from data_file where sha256 = ${sha256} and (${asAt ?? null}::date is null or as_at = ${asAt ?? null})
    union all
    select from register_night_file
      where sha256 = ${sha256} and name = ${name} and outcome in ('held', 'thrown-away', 'superseded')
    limit 1`.execute(db)
  return rows.length > 0
}

export type FoundFile = Pick<NightFile, 'name' | 'path' | 'sha256' | 'kind' | 'asAt'>

/** Notes in the transaction of an import that it took the file; what waited of its kind and is not newer waits no more. */
export async function storeTaken(
  client: Pick<ClientBase, 'query'>,
  { file, nightId, counts, dataFileId }: { file: FoundFile; nightId: number; counts: NightCounts; dataFileId: number },
): Promise<void> {
  await client.query(
    `update register_night_file set outcome = 'superseded', decided_at = now()
     where outcome = 'held' and kind = $1 and as_at <= $2`,
    [file.kind, file.asAt],
  )
  await client.query(
    `insert into register_night_file (night_id, name, path, sha256, kind, as_at, outcome, counts, data_file_id)
     values ($1, $2, $3, $4, $5, $6, 'taken', $7, $8)`,
    [nightId, file.name, file.path, file.sha256, file.kind, file.asAt, JSON.stringify(counts), dataFileId],
  )
}

export async function storeHeld(
  db: Db,
  {
    file,
    nightId,
    counts,
    reasons,
  }: { file: FoundFile; nightId: number; counts: NightCounts; reasons: readonly Refusal[] },
): Promise<number> {
  const { rows } = await sql<{ id: number }>`
    insert into register_night_file (night_id, name, path, sha256, kind, as_at, outcome, counts, reasons)
    values (${nightId}, ${file.name}, ${file.path}, ${file.sha256}, ${file.kind}, ${file.asAt}, 'held',
      ${JSON.stringify(counts)}, ${JSON.stringify(reasons)})
    returning id`.execute(db)
  return rows[0]?.id ?? 0
}
