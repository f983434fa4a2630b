import { countSessions } from '../accounts/index.ts'
import type { Clock } from '../platform/clock.ts'
import type { Database } from '../platform/db.ts'
import { listNightJobs } from '../platform/night-jobs.ts'
import type { Check } from '../platform/verify.ts'
import { countOf, longDate, momentInWords } from '../platform/words.ts'
import { countHeld, getTotals, listNights } from '../register/index.ts'
import { findLastBackup, findMadeAt, readDatabaseSize, readDisk, readMigrationState } from './read-machine.ts'
import {
  type Standing,
  sizeInWords,
  standingOfBackup,
  standingOfDisk,
  standingOfHeld,
  standingOfJob,
  standingOfMigrations,
  standingOfVerify,
} from './standing.ts'
import { findLastVerify, isVerifying, type VerifyRun } from './verify-runs.ts'

/** Something that waits to be sent; whoever sends mail adds its own in app.ts. */
export type MailQueue = { readonly title: string; readonly countWaiting: () => Promise<number> }

export type AdministrationParts = {
  readonly database: Database
  readonly clock: Clock
  readonly version: string
  readonly demonstration: boolean
  /** Where the data stand on this machine; without it nothing is said of the disk and of backups. */
  readonly dataDir?: string
  readonly checks: readonly Check[]
  readonly mail: readonly MailQueue[]
}

export type Overview = {
  readonly version: string
  readonly kind: 'demonstration' | 'live'
  readonly service: readonly Standing[]
  readonly jobs: readonly Standing[]
  readonly verify: VerifyRun | null
}

/** How the installation stands, everything read now; times are real ones, also where a demonstration moves its clock. */
export async function readOverview(parts: AdministrationParts): Promise<Overview> {
  const { database, version, demonstration } = parts
  const now = new Date()
  const [run, jobs] = await Promise.all([findLastVerify(database.db), listNightJobs(database.db)])
  const service = [
    ...(await readRegister(database)),
    standingOfMigrations(await readMigrationState(database.db)),
    await readMail(parts),
    ...(await readMachine(parts, now)),
    standingOfVerify(run, isVerifying(database)),
    await readSessions(parts),
  ]
  const kind = demonstration ? 'demonstration' : 'live'
  return { version, kind, service, jobs: jobs.map((job) => standingOfJob(job, now)), verify: run ?? null }
}

async function readRegister(database: Database): Promise<Standing[]> {
  const [{ asAt, open }, [night], held] = await Promise.all([
    getTotals(database.db),
    listNights(database.db, 1),
    countHeld(database),
  ])
  const looked = night
    ? `; last looked for new files on ${momentInWords(night.startedAt)}`
    : '; no night has looked for new files'
  return [
    {
      id: 'register',
      title: 'Register',
      state: asAt === null || night?.failed ? 'look' : 'well',
      words: `${asAt ? `As at ${longDate(asAt)}, ${countOf(open, 'open school')}` : 'Empty'}${looked}${night?.failed ? `: ${night.failed}` : ''}`,
      remedy: 'Name the folder with official files in ALONGSIDE_REGISTER_FOLDER, or take a file in by hand.',
      href: '/about-the-data/nights',
    },
    standingOfHeld(held),
  ]
}

async function readMail({ mail }: AdministrationParts): Promise<Standing> {
  const frame = {
    id: 'mail',
    title: 'Mail waiting',
    remedy: 'See whether the mail server answers; what waits is sent again by itself.',
  }
  if (mail.length === 0) return { ...frame, state: 'well', words: '0: this release sends no mail yet' }
  const counts = await Promise.all(
    mail.map(async ({ title, countWaiting }) => ({ title, count: await countWaiting() })),
  )
  const waiting = counts.filter(({ count }) => count > 0)
  const words = waiting.length > 0 ? waiting.map(({ title, count }) => `${count} ${title}`).join(', ') : '0'
  return { ...frame, state: waiting.length > 0 ? 'look' : 'well', words }
}

async function readMachine({ database: { db }, dataDir }: AdministrationParts, now: Date): Promise<Standing[]> {
  const size: Standing = {
    id: 'database',
    title: 'Database',
    state: 'well',
    words: sizeInWords(await readDatabaseSize(db)),
    remedy: 'It grows with every register file; make room before the disk is full.',
  }
  if (!dataDir) return [size]
  const [disk, backup, madeAt] = await Promise.all([readDisk(dataDir), findLastBackup(dataDir), findMadeAt(db)])
  return [standingOfDisk(disk), size, standingOfBackup(backup, { now, madeAt })]
}

async function readSessions(parts: AdministrationParts): Promise<Standing> {
  const { sessions, people } = await countSessions(parts)
  return {
    id: 'sessions',
    title: 'Sessions in use',
    state: 'well',
    words: `${countOf(sessions, 'session')} of ${countOf(people, 'person', 'people')}`,
    remedy: 'Where somebody should not be signed in, open the person and end the sessions.',
    href: '/people',
  }
}
