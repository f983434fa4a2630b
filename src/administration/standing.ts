import type { NightJobState } from '../platform/night-jobs.ts'
import { countOf, momentInWords, thousands } from '../platform/words.ts'
import type { BackupFile, Disk } from './read-machine.ts'
import type { VerifyRun } from './verify-runs.ts'

/** How one thing stands: `look` wants somebody's eyes, `wrong` wants action. `remedy` says what to do then. */
export type Standing = {
  readonly id: string
  readonly title: string
  readonly state: 'well' | 'look' | 'wrong'
  readonly words: string
  readonly remedy: string
  readonly href?: string
}

const HOUR = 3_600_000
/** A night, and some time to be late. */
const LATE_HOURS = 26
const BACKUP_LATE_HOURS = 50
/** A new database has its first backup in its second night. */
const YOUNG_HOURS = 40
const LEAST_FREE_BYTES = 2 * 1024 ** 3
const LEAST_FREE_SHARE = 0.1

const JOB_WORDS: Readonly<Record<string, { readonly title: string; readonly remedy: string }>> = {
  retention: {
    title: 'Removing what may no longer be kept',
    remedy: 'Run “retention --apply” by hand and read its message; it is tried again the next night.',
  },
  register: {
    title: 'Taking in new register files',
    remedy: 'Check that the folder of ALONGSIDE_REGISTER_FOLDER is there and can be read, then run “register nightly”.',
  },
  'audit seal': { title: 'Sealing the audit', remedy: 'Run “verify” and read what it says of the audit.' },
  backup: {
    title: 'Backup of the day',
    remedy: 'Look for room on the disk and write one by hand with “backup FILE”. Copy backups to another machine.',
  },
}

export function standingOfJob(job: NightJobState, now: Date): Standing {
  const known = JOB_WORDS[job.name]
  const frame = {
    id: `job-${job.name.replaceAll(' ', '-')}`,
    title: known?.title ?? job.name,
    remedy: known?.remedy ?? 'Read the log of the service.',
  }
  const began = momentInWords(job.startedAt)
  if (job.failed) return { ...frame, state: 'wrong', words: `Failed on ${began}: ${job.failed}` }
  const isLate = now.getTime() - job.startedAt.getTime() > LATE_HOURS * HOUR
  if (!job.endedAt)
    return {
      ...frame,
      state: isLate ? 'wrong' : 'look',
      words: `Begun on ${began} and not ended: it goes on, or was cut off`,
    }
  const words = `${job.result ?? 'Done'} (${began})`
  return isLate
    ? { ...frame, state: 'look', words: `${words}. That is more than a night ago: the service did not run` }
    : { ...frame, state: 'well', words }
}

export function standingOfDisk({ used, free, whole }: Disk): Standing {
  const frame = {
    id: 'disk',
    title: 'Disk',
    remedy: 'Make room or move the data folder to a larger disk: the service cannot write when it is full.',
  }
  if (free === null || whole === null) return { ...frame, state: 'look', words: 'The data folder cannot be looked at' }
  const words = `${sizeInWords(used ?? 0)} used by the data folder, ${sizeInWords(free)} free of ${sizeInWords(whole)}`
  const isLow = free < LEAST_FREE_BYTES || free < whole * LEAST_FREE_SHARE
  return { ...frame, state: isLow ? 'wrong' : 'well', words }
}

export function standingOfBackup(
  backup: BackupFile | undefined,
  { now, madeAt }: { now: Date; madeAt: Date | null },
): Standing {
  const frame = {
    id: 'backup',
    title: 'Last backup of a night',
    remedy: 'Write one now with “backup FILE” and copy it to another machine; then see why the night wrote none.',
  }
  const hoursSince = (instant: Date) => (now.getTime() - instant.getTime()) / HOUR
  if (!backup) {
    const isYoung = madeAt !== null && hoursSince(madeAt) < YOUNG_HOURS
    return {
      ...frame,
      state: isYoung ? 'well' : 'wrong',
      words: isYoung ? 'None yet: the database is new, and the first comes in the night' : 'There is none',
    }
  }
  const words = `${backup.name}, ${sizeInWords(backup.size)}, written on ${momentInWords(backup.writtenAt)}`
  return { ...frame, state: hoursSince(backup.writtenAt) > BACKUP_LATE_HOURS ? 'wrong' : 'well', words }
}

export function standingOfVerify(run: VerifyRun | undefined, isRunning: boolean): Standing {
  const frame = {
    id: 'verify',
    title: 'Last check of the data (verify)',
    remedy:
      'Stop changing data, keep the last backups, and read each fault below. A restore of the last good backup into a new folder shows what differs.',
  }
  if (!run) return { ...frame, state: 'look', words: 'Never run from this page. Run it below; it changes nothing' }
  const began = momentInWords(run.startedAt)
  if (!run.endedAt)
    return isRunning
      ? {
          ...frame,
          state: 'look',
          words: `Under way: ${run.done} of ${countOf(run.total, 'check')} done. Load this page again to see how far it is`,
        }
      : { ...frame, state: 'look', words: `Begun on ${began} and cut off. Run it again` }
  if (run.failed) return { ...frame, state: 'wrong', words: `Could not be done on ${began}: ${run.failed}` }
  const faults = run.checks.reduce((sum, check) => sum + check.faults.length, 0)
  const words = `${countOf(run.checks.length, 'check')} on ${began}, asked for by ${run.startedBy}: ${faults === 0 ? 'all hold' : countOf(faults, 'fault')}`
  return { ...frame, state: faults === 0 ? 'well' : 'wrong', words }
}

export function standingOfHeld(held: number): Standing {
  return {
    id: 'held',
    title: 'Imports held for a person',
    state: held > 0 ? 'look' : 'well',
    words: held > 0 ? `${countOf(held, 'import')} waiting` : 'None',
    remedy: 'Open each, look at its reasons, and take it in anyway or throw it away.',
    href: '/about-the-data/nights',
  }
}

export function standingOfMigrations({
  applied,
  missing,
}: {
  applied: readonly string[]
  missing: readonly string[]
}): Standing {
  return {
    id: 'migrations',
    title: 'Migrations',
    state: missing.length > 0 ? 'wrong' : 'well',
    words: `${countOf(applied.length, 'migration')}, the last ${applied.at(-1) ?? 'none'}${missing.length > 0 ? `; missing: ${missing.join(', ')}` : ''}`,
    remedy: 'Start the service again: migrations run at start. Where one fails, its message names the file and line.',
  }
}

const UNITS = ['bytes', 'KiB', 'MiB', 'GiB', 'TiB']

/** "1.4 GiB" for a number of bytes. */
export function sizeInWords(bytes: number): string {
  let size = bytes
  let unit = 0
  while (size >= 1024 && unit < UNITS.length - 1) {
    size /= 1024
    unit += 1
  }
  return `${size < 10 && unit > 0 ? size.toFixed(1) : thousands(Math.round(size))} ${UNITS[unit]}`
}
