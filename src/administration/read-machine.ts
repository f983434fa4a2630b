import { readdir, stat, statfs } from 'node:fs/promises'
import { join } from 'node:path'
import { sql } from 'kysely'
import type { Db } from '../platform/db.ts'
import { readMigrations } from '../platform/migrate.ts'
import { nightlyFolder } from '../platform/nightly-backup.ts'

/** All sizes in bytes; null where it cannot be told. */
export type Disk = { readonly used: number | null; readonly free: number | null; readonly whole: number | null }

export async function readDisk(dataDir: string): Promise<Disk> {
  const [used, system] = await Promise.all([sizeOf(dataDir), statfs(dataDir).catch(() => undefined)])
  if (!system) return { used, free: null, whole: null }
  return { used, free: system.bavail * system.bsize, whole: system.blocks * system.bsize }
}

/** Files come and go while they are counted, and some may belong to another user: what cannot be seen counts nothing. */
async function sizeOf(folder: string): Promise<number | null> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => undefined)
  if (!entries) return null
  let sum = 0
  for (const entry of entries) {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) sum += (await sizeOf(path)) ?? 0
    else if (entry.isFile()) sum += (await stat(path).catch(() => undefined))?.size ?? 0
  }
  return sum
}

export async function readDatabaseSize(db: Db): Promise<number> {
  const { rows } = await sql<{ size: number }>`select pg_database_size(current_database()) as size`.execute(db)
  return rows[0]?.size ?? 0
}

export type BackupFile = { readonly name: string; readonly size: number; readonly writtenAt: Date }

/** The newest backup of the nights. */
export async function findLastBackup(dataDir: string): Promise<BackupFile | undefined> {
  const folder = nightlyFolder(dataDir)
  const names = (await readdir(folder).catch(() => [])).filter((name) => name.endsWith('.tar.gz')).sort()
  const name = names.at(-1)
  const file = name && (await stat(join(folder, name)).catch(() => undefined))
  return name && file ? { name, size: file.size, writtenAt: file.mtime } : undefined
}

/** The migrations that the database holds, and those of this release that it does not. */
export async function readMigrationState(db: Db): Promise<{ applied: readonly string[]; missing: readonly string[] }> {
  const { rows } = await sql<{ name: string }>`select name from kysely_migration order by name`.execute(db)
  const applied = rows.map(({ name }) => name)
  return {
    applied,
    missing: readMigrations()
      .map(({ name }) => name)
      .filter((name) => !applied.includes(name)),
  }
}

/** When the database was made, or null when that is not known. */
export async function findMadeAt(db: Db): Promise<Date | null> {
  const { rows } = await sql<{ made: Date | null }>`select min(set_at) as made from service_setting`.execute(db)
  return rows[0]?.made ?? null
}
