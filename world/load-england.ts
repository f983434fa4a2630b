import { basename, join } from 'node:path'
import { CompiledQuery } from 'kysely'
import { academicYear, leaderVocabulary } from '../src/leaders/index.ts'
import { machineActor } from '../src/platform/actor.ts'
import { writeAudit } from '../src/platform/audit.ts'
import { systemClock } from '../src/platform/clock.ts'
import type { Database, Db } from '../src/platform/db.ts'
import { accept, type Decision, refuse } from '../src/platform/decision.ts'
import { findDay } from '../src/platform/demonstration-clock.ts'
import { keepRegisterChanges } from '../src/platform/demonstration-register.ts'
import { runAsMachine } from '../src/platform/scope.ts'
import { findDatabaseKind } from '../src/platform/stamp.ts'
import { type Pack, runningPacks } from '../src/programmes/index.ts'
import { layCorrections, liftCorrections, refreshProjections } from '../src/register/index.ts'
import { storeBodies } from './england-bodies.ts'
import { type EnglandFile, readEngland } from './england-file.ts'
import { type LeaderWords, type LoadedLeaders, storeLeaders } from './england-leaders.ts'
import { storePeople } from './england-people.ts'
import { storeLocalPlaces } from './england-places.ts'
import { storeRegister } from './england-register.ts'

/** The invented England that the project ships. */
export const ENGLAND_FILE = join(import.meta.dirname, 'england.yaml')

const BY = machineActor('Invented England', 'system')

export type WorldReport = LoadedLeaders & {
  readonly file: string
  readonly authorities: number
  readonly trusts: number
  readonly schools: number
  readonly inspections: number
  readonly people: number
  /** Parts of the file that nothing in the service holds yet. */
  readonly notRead: readonly string[]
}

export type LoadWorld = LeaderWords & {
  /** A file of the shape of england.yaml; more parts may stand in it, and are named in the report. */
  readonly file?: string
}

/** The words and programmes that an England's leaders must fit. */
export function wordsOf(packs: readonly Pack[]): LeaderWords {
  return { vocabulary: leaderVocabulary(packs), programmes: runningPacks(packs).map(({ programme }) => programme) }
}

/**
 * Puts an invented England into a demonstration database, beside a register or alone. Repeating it brings the register's
 * part back to the file; leaders and people who are there stay as they are. Refuses a live database (`world.live`) and a file
 * that is wrong.
 */
export async function loadWorld(database: Database, asked: LoadWorld): Promise<Decision<WorldReport>> {
  if ((await findDatabaseKind(database.db)) === 'live') return refuse(LIVE)
  const path = asked.file ?? ENGLAND_FILE
  const read = readWorld(path)
  if (!read.ok) return read
  const report = await database.db.transaction().execute(async (db) => {
    await keepRegisterChanges(db)
    return storeEngland(db, { ...read.value, path, words: asked, today: null })
  })
  return accept(report)
}

export const LIVE = {
  code: 'world.live',
  message: 'This database holds live work. An invented England may not be put into it.',
}

type StoreEngland = EnglandFile & {
  readonly path: string
  readonly words: LeaderWords
  /** The day of a scene, whose academic year the interests of leaders are for; null: the first term's. */
  readonly today: string | null
}

/** Everything of the file but its scenes, in the caller's transaction. */
export async function storeEngland(
  db: Db,
  { england, notRead, path, words, today }: StoreEngland,
): Promise<WorldReport> {
  // Corrections lie over what the file says: it is stored without them, and they are laid over it again.
  await liftCorrections(db)
  await storeRegister(db, england)
  await layCorrections(db, { actor: BY, today: today ?? (await dayOf(db)) })
  const client = { query: (text: string) => db.executeQuery(CompiledQuery.raw(text)) }
  await refreshProjections(client, ['trust', 'grade'], { fromUrn: 900_000 })
  const { schools, trusts, authorities } = england
  const leaders = await storeLeaders(db, england, words, interestYear(words, today))
  await storeBodies(db, england)
  await storeLocalPlaces(db, england)
  const people = await storePeople(db, england)
  await writeAudit(db, {
    actor: BY,
    action: 'Invented England loaded',
    record: 'world',
    recordKey: basename(path),
    new: { schools: schools.length, trusts: trusts.length, leaders: england.leaders.length },
  })
  return {
    file: path,
    authorities: authorities.length,
    trusts: trusts.length,
    schools: schools.length,
    inspections: schools.reduce((sum, school) => sum + school.insp.length, 0),
    ...leaders,
    people,
    notRead,
  }
}

async function dayOf(db: Db): Promise<string> {
  return (await findDay(db))?.today ?? systemClock.today().toString()
}

function interestYear({ vocabulary }: LeaderWords, today: string | null): number {
  return academicYear(today ?? vocabulary.terms[0]?.from ?? '2023-09-01')
}

/** The people of the shipped file alone, so that a demonstration has somebody to sign in as before its England is loaded. */
export async function loadInventedPeople(database: Database): Promise<void> {
  const read = readWorld(ENGLAND_FILE)
  if (!read.ok) throw new Error(read.refusals.map((refusal) => refusal.message).join('\n'))
  await database.db.transaction().execute((db) => storePeople(db, read.value.england))
}

let shipped: Decision<EnglandFile> | undefined

/** Reads an England; the shipped one once, because its files stay as they are while the service runs. */
export function readWorld(path: string): Decision<EnglandFile> {
  if (path !== ENGLAND_FILE) return readEngland(path)
  shipped ??= readEngland(path)
  return shipped
}

/** What the service needs of the invented England: whether its schools are there, and how to bring them. */
export function inventedEngland(database: Database, packs: readonly Pack[]) {
  return {
    async isLoaded(): Promise<boolean> {
      const { rows } = await database.pool.query<{ held: boolean }>(
        'select exists (select from establishment where urn >= 900000) as held',
      )
      return rows[0]?.held === true
    },
    async load(): Promise<void> {
      // Whoever asks for it, it comes whole: leaders of every region.
      const loaded = await runAsMachine(() => loadWorld(database, wordsOf(packs)))
      if (!loaded.ok) throw new Error(loaded.refusals.map((refusal) => refusal.message).join('\n'))
    },
  }
}
