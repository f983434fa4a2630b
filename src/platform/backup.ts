import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { readdir, readFile } from 'node:fs/promises'
import { join, relative } from 'node:path'
import type pg from 'pg'
import { to as copyTo } from 'pg-copy-streams'
import { type BackupWriter, writeBackupFile } from './backup-file.ts'
import { type BackedTable, type BackupManifest, MANIFEST_NAME, MIGRATOR_TABLES } from './backup-manifest.ts'
import type { Database } from './db.ts'

/** What a backup needs beside the database: where to write, the product's version, and the data folder for loaded packs. */
export type BackupRequest = {
  readonly file: string
  readonly version: string
  readonly now: Temporal.Instant
  readonly dataDir: string
}

/** Folders of the data folder that hold work and stand in no table. */
export const FILE_FOLDERS: readonly string[] = ['packs']

const PART_BYTES = 4 * 1024 * 1024

/**
 * Writes everything into one file, from one snapshot: what others change meanwhile is in it whole or not at all. The
 * service goes on. An earlier file of the name is replaced only when the new one is complete and on the disk.
 */
export async function backup({ pool }: Database, request: BackupRequest): Promise<BackupManifest> {
  const client = await pool.connect()
  const writer = writeBackupFile(request.file)
  try {
    await client.query('begin isolation level repeatable read, read only')
    await client.query(`set local datestyle = 'ISO, YMD'; set local timezone = 'UTC'`)
    await seeEveryRow(client)
    const manifest = await writeSnapshot(client, writer, request)
    await client.query('commit')
    await writer.finish()
    client.release()
    return manifest
  } catch (error) {
    client.release(true)
    await writer.drop()
    throw error
  }
}

/**
 * A backup never leaves rows out in silence. With row_security off PostgreSQL itself refuses whoever passes no policy by; an
 * owner who is kept to them too must be the machine, whom every policy shows every row (scope.test.ts).
 */
async function seeEveryRow(client: pg.PoolClient): Promise<void> {
  const { rows } = await client.query<{ above: boolean }>(
    'select rolsuper or rolbypassrls as above from pg_roles where rolname = current_user',
  )
  if (rows[0]?.above) {
    await client.query('set local row_security = off')
    return
  }
  const stand = await client.query<{ machine: boolean }>(
    'select alongside_is_machine() and alongside_sees_all() as machine',
  )
  if (!stand.rows[0]?.machine)
    throw new Error('A backup is the work of the machine: this connection does not see every row')
}

async function writeSnapshot(
  client: pg.PoolClient,
  writer: BackupWriter,
  { version, now, dataDir }: BackupRequest,
): Promise<BackupManifest> {
  const tables: BackedTable[] = []
  for (const { name, columns } of await listTables(client))
    if (!MIGRATOR_TABLES.includes(name)) tables.push(await writeTable(client, writer, { name, columns }))
  const facts = await readFacts(client)
  const manifest: BackupManifest = {
    format: 'alongside-backup-1',
    product: version,
    takenAt: now.toString({ smallestUnit: 'millisecond' }),
    ...facts,
    tables,
    sequences: await readSequences(client),
    files: await writeFiles(writer, dataDir),
  }
  await writer.add(MANIFEST_NAME, Buffer.from(`${JSON.stringify(manifest, null, 2)}\n`))
  return manifest
}

/** Tables of our schema with the columns that hold something of their own; generated ones follow from the rest. */
export async function listTables(client: pg.ClientBase): Promise<{ name: string; columns: string[] }[]> {
  const { rows } = await client.query<{ name: string; columns: string[] }>(
    `select c.relname::text as name, array_agg(a.attname::text order by a.attnum) filter (where a.attgenerated = '') as columns
     from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
     where c.relnamespace = 'public'::regnamespace and c.relkind = 'r'
     group by c.relname order by c.relname`,
  )
  return rows
}

async function writeTable(
  client: pg.PoolClient,
  writer: BackupWriter,
  { name, columns }: { name: string; columns: string[] },
): Promise<BackedTable> {
  const hash = createHash('sha256')
  let rows = 0
  let part = 0
  let held: Buffer[] = []
  const write = async () => {
    part += 1
    const bytes = Buffer.concat(held)
    held = []
    await writer.add(`tables/${name}/${String(part).padStart(6, '0')}.copy`, bytes)
  }
  const stream = client.query(copyTo(`copy public.${quoted(name)} (${columns.map(quoted).join(', ')}) to stdout`))
  let size = 0
  for await (const chunk of stream) {
    const bytes = Buffer.from(chunk)
    hash.update(bytes)
    rows += countLines(bytes)
    held.push(bytes)
    size += bytes.length
    if (size < PART_BYTES) continue
    await write()
    size = 0
  }
  if (size > 0) await write()
  return { name, columns, rows, sha256: hash.digest('hex') }
}

/** In COPY's text format a line is a row: a line break within a value is written as \n. */
export function countLines(bytes: Buffer): number {
  let lines = 0
  for (let at = bytes.indexOf(10); at !== -1; at = bytes.indexOf(10, at + 1)) lines += 1
  return lines
}

export function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`
}

async function readFacts(client: pg.PoolClient) {
  const { rows } = await client.query<{ postgres: string; kind: string | null; migrations: string[] }>(
    `select current_setting('server_version') as postgres,
       (select value #>> '{}' from service_setting where key = 'kind') as kind,
       array(select name::text from kysely_migration order by name) as migrations`,
  )
  const [facts] = rows
  if (!facts) throw new Error('The database tells nothing of itself')
  return facts
}

/** Read after the tables: a counter may stand further than the rows, never behind them. */
async function readSequences(client: pg.PoolClient): Promise<BackupManifest['sequences']> {
  const names = await client.query<{ name: string }>(
    `select relname::text as name from pg_class where relnamespace = 'public'::regnamespace and relkind = 'S' order by 1`,
  )
  const sequences: BackupManifest['sequences'] = []
  for (const { name } of names.rows) {
    const { rows } = await client.query<{ value: string; called: boolean }>(
      `select last_value::text as value, is_called as called from public.${quoted(name)}`,
    )
    for (const row of rows) sequences.push({ name, ...row })
  }
  return sequences
}

async function writeFiles(writer: BackupWriter, dataDir: string): Promise<BackupManifest['files']> {
  const files: BackupManifest['files'] = []
  for (const folder of FILE_FOLDERS.map((name) => join(dataDir, name)).filter((path) => existsSync(path))) {
    const entries = await readdir(folder, { recursive: true, withFileTypes: true })
    for (const path of entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name))) {
      const bytes = await readFile(path)
      const name = `files/${relative(dataDir, path).replaceAll('\\', '/')}`
      await writer.add(name, bytes)
      files.push({ name, bytes: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex') })
    }
  }
  return files
}
