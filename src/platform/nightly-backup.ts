import { mkdir, readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { backup } from './backup.ts'
import type { Database } from './db.ts'

const KEPT = 14
/** A database that was just made has its first backup in the night, not while the first person waits. */
const YOUNG_HOURS = 12
const NAME = /^alongside-(\d{4}-\d{2}-\d{2})\.tar\.gz$/

/** Where the backups of the nights stand in a data folder: `alongside-YYYY-MM-DD.tar.gz`, by the day in London. */
export function nightlyFolder(dataDir: string): string {
  return join(dataDir, 'backups')
}

/** Writes the day's backup unless it is there, and then takes away all but the newest 14. */
export async function backupOfTheNight(
  database: Database,
  { dataDir, version, now }: { dataDir: string; version: string; now: Temporal.Instant },
): Promise<void> {
  if (await isYoung(database, now)) return
  const folder = nightlyFolder(dataDir)
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const today = `alongside-${now.toZonedDateTimeISO('Europe/London').toPlainDate().toString()}.tar.gz`
  if (!(await readdir(folder)).includes(today))
    await backup(database, { file: join(folder, today), version, now, dataDir })
  const nights = (await readdir(folder)).filter((name) => NAME.test(name)).sort()
  for (const name of nights.slice(0, -KEPT)) await rm(join(folder, name))
}

async function isYoung({ pool }: Database, now: Temporal.Instant): Promise<boolean> {
  const { rows } = await pool.query<{ madeAt: Date }>(
    `select min(set_at) as "madeAt" from service_setting having count(*) > 0`,
  )
  const [made] = rows
  return !made || now.epochMilliseconds - made.madeAt.getTime() < YOUNG_HOURS * 3_600_000
}
