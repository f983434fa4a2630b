import { createHash, type Hash } from 'node:crypto'
import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, resolve, sep } from 'node:path'
import { buffer } from 'node:stream/consumers'
import type pg from 'pg'
import { type CopyStreamQuery, from as copyFrom } from 'pg-copy-streams'
import { countLines, listTables, quoted } from './backup.ts'
import { readBackupFile } from './backup-file.ts'
import { type BackupManifest, MANIFEST_NAME, MIGRATOR_TABLES, manifestSchema, tableOf } from './backup-manifest.ts'
import type { Database } from './db.ts'
import { accept, type Decision, refuse } from './decision.ts'
import { migrateInTransaction, readMigrations } from './migrate.ts'

/**
 * Takes a backup into an empty database, whole or not at all: the file is checked first against its hashes, then in one
 * transaction the schema of its release is made, filled, and brought to this release. Refusals: `restore.unreadable`,
 * `restore.damaged`, `restore.newer`, `restore.not-empty`.
 */
export async function restore(
  { pool }: Database,
  { file, dataDir }: { file: string; dataDir: string },
): Promise<Decision<BackupManifest>> {
  const checked = await checkBackup(file)
  if (!checked.ok) return checked
  const manifest = checked.value
  const known = new Set(readMigrations().map(({ name }) => name))
  const unknown = manifest.migrations.find((name) => !known.has(name))
  if (unknown)
    return refuse({
      code: 'restore.newer',
      message: `This backup was written by a newer release (${manifest.product}, with ${unknown}). Restore it with that release or a later one.`,
    })
  const client = await pool.connect()
  try {
    await client.query('begin')
    const filled = await findFilledTable(client)
    if (filled) {
      await client.query('rollback')
      client.release()
      return refuse({
        code: 'restore.not-empty',
        message: `The database is not empty: the table ${filled} holds data. Restore into a new data folder or an empty database.`,
      })
    }
    await fill(client, file, manifest)
    await writeFilesBack(file, dataDir)
    await client.query('commit')
    client.release()
    return accept(manifest)
  } catch (error) {
    client.release(true)
    throw error
  }
}

/** Reads a backup from end to end: every hash and count of its manifest holds, and nothing else is in it. */
export async function checkBackup(file: string): Promise<Decision<BackupManifest>> {
  const found = new Map<string, { hash: Hash; rows: number; bytes: number }>()
  let manifest: BackupManifest | undefined
  try {
    for await (const { name, bytes } of readBackupFile(file)) {
      if (name === MANIFEST_NAME) {
        manifest = manifestSchema.parse(JSON.parse((await buffer(bytes)).toString('utf8')))
        continue
      }
      const key = tableOf(name) ?? name
      const part = found.get(key) ?? { hash: createHash('sha256'), rows: 0, bytes: 0 }
      found.set(key, part)
      for await (const chunk of bytes) {
        part.hash.update(chunk)
        part.rows += countLines(chunk)
        part.bytes += chunk.length
      }
    }
  } catch (error) {
    return refuse({ code: 'restore.unreadable', message: `${file} is no whole backup: ${reasonOf(error)}` })
  }
  if (!manifest)
    return refuse({ code: 'restore.unreadable', message: `${file} is no whole backup: it has no manifest.` })
  const empty = createHash('sha256').digest('hex')
  const wrong = [
    ...manifest.tables.filter(({ name, rows, sha256 }) => {
      const part = found.get(name)
      return (part?.hash.digest('hex') ?? empty) !== sha256 || (part?.rows ?? 0) !== rows
    }),
    ...manifest.files.filter(({ name, sha256 }) => found.get(name)?.hash.digest('hex') !== sha256),
  ].map(({ name }) => name)
  if (wrong.length === 0) return accept(manifest)
  return refuse({
    code: 'restore.damaged',
    message: `${file} is damaged: ${wrong.join(', ')} differs from its manifest.`,
  })
}

function reasonOf(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error)
  return text.includes('alongside-backup') ? 'its manifest is of another kind of file.' : text
}

async function findFilledTable(client: pg.PoolClient): Promise<string | undefined> {
  for (const { name } of await listTables(client)) {
    if (MIGRATOR_TABLES.includes(name)) continue
    const { rowCount } = await client.query(`select from public.${quoted(name)} limit 1`)
    if (rowCount) return name
  }
  return undefined
}

/**
 * The schema of the backup's release, its rows, then the migrations since. References and indexes are made again after the
 * rows, so that the order of tables does not matter and every reference is proven; triggers rest, because what they did is
 * in the rows already.
 */
async function fill(client: pg.PoolClient, file: string, manifest: BackupManifest): Promise<void> {
  await client.query(`set local datestyle = 'ISO, YMD'; set local timezone = 'UTC'`)
  await migrateInTransaction(client, manifest.migrations)
  const tables = manifest.tables.map(({ name }) => quoted(name))
  for (const table of tables) await client.query(`alter table ${table} disable trigger user`)
  const forced = await listForced(client)
  for (const table of forced) await client.query(`alter table ${table} no force row level security`)
  // A migration may have put rows of its own in; the backup holds them too.
  await client.query(`truncate ${tables.join(', ')}`)
  const putBack = await setAside(client)
  await copyRows(client, file, manifest)
  for (const table of tables) await client.query(`alter table ${table} enable trigger user`)
  for (const table of forced) await client.query(`alter table ${table} force row level security`)
  for (const statement of putBack) await client.query(statement)
  for (const { name, value, called } of manifest.sequences)
    await client.query('select setval($1::regclass, $2, $3)', [`public.${quoted(name)}`, value, called])
  await migrateInTransaction(client)
  // Made while the service runs and so no part of the schema; a demonstration goes on keeping what its register was.
  await client.query('select keep_register_changes(true)')
  await client.query('analyze')
}

/** Tables whose policies hold for their owner too: COPY does not fill these. */
async function listForced(client: pg.PoolClient): Promise<string[]> {
  const { rows } = await client.query<{ name: string }>(
    `select oid::regclass::text as name from pg_class
     where relnamespace = 'public'::regnamespace and relforcerowsecurity`,
  )
  return rows.map(({ name }) => name)
}

/** Takes away references and indexes that only make reading quicker, which those of exclusions are not; answers the statements that bring them back. */
async function setAside(client: pg.PoolClient): Promise<string[]> {
  const { rows } = await client.query<{ away: string; back: string }>(
    `select 1 as turn, format('alter table %s drop constraint %I', k.conrelid::regclass, k.conname) as away,
       format('alter table %s add constraint %I %s', k.conrelid::regclass, k.conname, pg_get_constraintdef(k.oid)) as back
     from pg_constraint k where k.connamespace = 'public'::regnamespace and k.contype = 'f'
     union all
     select 2, format('drop index %s', x.indexrelid::regclass), pg_get_indexdef(x.indexrelid)
     from pg_index x join pg_class c on c.oid = x.indrelid
     where c.relnamespace = 'public'::regnamespace and c.relkind = 'r' and not x.indisunique and not x.indisexclusion
     order by 1, 2`,
  )
  for (const { away } of rows) await client.query(away)
  return rows.map(({ back }) => back).reverse()
}

async function copyRows(client: pg.PoolClient, file: string, manifest: BackupManifest): Promise<void> {
  const columns = new Map(manifest.tables.map((table) => [table.name, table.columns]))
  let open: { name: string; target: CopyStreamQuery } | undefined
  for await (const { name, bytes } of readBackupFile(file)) {
    const table = tableOf(name)
    if (open && open.name !== table) {
      await endOf(open.target)
      open = undefined
    }
    if (table && !open) {
      const list = (columns.get(table) ?? []).map(quoted).join(', ')
      open = { name: table, target: client.query(copyFrom(`copy public.${quoted(table)} (${list}) from stdin`)) }
    }
    for await (const chunk of bytes) if (open) await written(open.target, chunk)
  }
}

function written(target: CopyStreamQuery, chunk: Buffer): Promise<void> {
  return new Promise((resolve, reject) => target.write(chunk, (error) => (error ? reject(error) : resolve())))
}

function endOf(target: CopyStreamQuery): Promise<void> {
  return new Promise((resolve, reject) => {
    target.once('error', reject).once('finish', resolve)
    target.end()
  })
}

/** Packs that were loaded. They come before the commit: a folder more does no harm, one less would. */
async function writeFilesBack(file: string, dataDir: string): Promise<void> {
  for await (const { name, bytes } of readBackupFile(file)) {
    const content = await buffer(bytes)
    if (!name.startsWith('files/')) continue
    const path = resolve(dataDir, name.slice('files/'.length))
    if (!path.startsWith(resolve(dataDir) + sep)) throw new Error(`The backup names a file outside its folder: ${name}`)
    await mkdir(dirname(path), { recursive: true })
    await writeFile(path, content)
  }
}
