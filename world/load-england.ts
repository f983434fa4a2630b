import { basename, join } from 'node:path'
import { sql } from 'kysely'
import {
  academicYear,
  createLeader,
  declareInterest,
  EMPTY_FIELDS,
  findWord,
  type LeaderFields,
  type LeaderVocabulary,
} from '../src/leaders/index.ts'
import { machineActor } from '../src/platform/actor.ts'
import { writeAudit } from '../src/platform/audit.ts'
import type { Database } from '../src/platform/db.ts'
import { accept, type Decision, refuse } from '../src/platform/decision.ts'
import { findDatabaseKind } from '../src/platform/stamp.ts'
import { refreshProjections } from '../src/register/index.ts'
import { type England, type EnglandLeader, readEngland } from './england-file.ts'
import { storePeople } from './england-people.ts'
import { storeRegister } from './england-register.ts'

/** The invented England that the project ships. */
export const ENGLAND_FILE = join(import.meta.dirname, 'england.yaml')

const BY = machineActor('Invented England', 'system')

export type WorldReport = {
  readonly file: string
  readonly authorities: number
  readonly trusts: number
  readonly schools: number
  readonly inspections: number
  readonly leadersAdded: number
  readonly people: number
  readonly leadersKept: number
  readonly leadersSkipped: readonly { readonly reference: string; readonly reason: string }[]
  /** The date of the scene, when one was asked for. */
  readonly today: string | null
  /** Parts of the file that nothing in the service holds yet. */
  readonly notRead: readonly string[]
}

export type LoadWorld = {
  /** A file of the shape of england.yaml; more parts may stand in it, and are named in the report. */
  readonly file?: string
  readonly scene?: string
  readonly vocabulary: LeaderVocabulary
}

/**
 * Puts an invented England into a demonstration database, beside a register or alone. Repeating it brings the register's
 * part back to the file; leaders who are there stay as they are. Refuses a live database (`world.live`), an unknown scene
 * and a file that is wrong.
 */
export async function loadWorld(database: Database, asked: LoadWorld): Promise<Decision<WorldReport>> {
  if ((await findDatabaseKind(database.db)) === 'live')
    return refuse({
      code: 'world.live',
      message: 'This database holds live work. An invented England may not be put into it.',
    })
  const path = asked.file ?? ENGLAND_FILE
  const read = readEngland(path)
  if (!read.ok) return read
  const { england, notRead } = read.value
  const scene = england.scenes?.find((one) => one.id === asked.scene)
  if (asked.scene && !scene)
    return refuse({ code: 'world.scene', message: `The file has no scene "${asked.scene}"`, field: 'scene' })

  await database.db.transaction().execute(async (transaction) => {
    await storeRegister(transaction, england)
    const counts = { schools: england.schools.length, trusts: england.trusts.length, leaders: england.leaders.length }
    await writeAudit(transaction, {
      actor: BY,
      action: 'Invented England loaded',
      record: 'world',
      recordKey: basename(path),
      new: { ...counts, scene: scene?.id ?? null },
    })
  })
  await refreshRegister(database)
  const year = academicYear(scene?.today ?? asked.vocabulary.terms[0]?.from ?? '2023-09-01')
  const leaders = await loadLeaders(database, england, asked.vocabulary, year)
  const people = await storePeople(database, england)
  return accept({
    file: path,
    authorities: england.authorities.length,
    trusts: england.trusts.length,
    schools: england.schools.length,
    inspections: england.schools.reduce((sum, school) => sum + school.insp.length, 0),
    ...leaders,
    people,
    today: scene?.today ?? null,
    notRead: [...notRead, ...(scene ? [`what scene ${scene.id} adds`] : [])],
  })
}

async function refreshRegister({ pool }: Database): Promise<void> {
  const client = await pool.connect()
  try {
    await client.query('begin')
    await refreshProjections(client, ['trust', 'grade'])
    await client.query('commit')
  } catch (error) {
    await client.query('rollback')
    throw error
  } finally {
    client.release()
  }
}

/** The people of the shipped file alone, so that a demonstration has somebody to sign in as before its England is loaded. */
export async function loadInventedPeople(database: Database): Promise<void> {
  const read = readEngland(ENGLAND_FILE)
  if (!read.ok) throw new Error(read.refusals.map((refusal) => refusal.message).join('\n'))
  await storePeople(database, read.value.england)
}

/** What the service needs of the invented England: whether its schools are there, and how to bring them. */
export function inventedEngland(database: Database, vocabulary: LeaderVocabulary) {
  return {
    async isLoaded(): Promise<boolean> {
      const { rows } = await database.pool.query<{ held: boolean }>(
        'select exists (select from establishment where urn >= 900000) as held',
      )
      return rows[0]?.held === true
    },
    async load(): Promise<void> {
      const loaded = await loadWorld(database, { vocabulary })
      if (!loaded.ok) throw new Error(loaded.refusals.map((refusal) => refusal.message).join('\n'))
    },
  }
}

type LoadedLeaders = Pick<WorldReport, 'leadersAdded' | 'leadersKept' | 'leadersSkipped'>

async function loadLeaders(
  database: Database,
  england: England,
  vocabulary: LeaderVocabulary,
  year: number,
): Promise<LoadedLeaders> {
  const { rows } = await sql<{ reference: string }>`select reference from leader`.execute(database.db)
  const held = new Set(rows.map((row) => row.reference))
  const skipped: { reference: string; reason: string }[] = []
  let added = 0
  let kept = 0
  for (const leader of england.leaders) {
    if (held.has(leader.id)) {
      kept += 1
      continue
    }
    const reason = await loadLeader(database, { leader, england, vocabulary, year })
    if (reason === undefined) added += 1
    else skipped.push({ reference: leader.id, reason })
  }
  return { leadersAdded: added, leadersKept: kept, leadersSkipped: skipped }
}

type LoadLeader = { leader: EnglandLeader; england: England; vocabulary: LeaderVocabulary; year: number }

/** Undefined when the leader was stored, else why not. Leader and interests are stored together or not at all. */
async function loadLeader(
  { db }: Database,
  { leader, england, vocabulary, year }: LoadLeader,
): Promise<string | undefined> {
  if (!findWord(vocabulary.leaderTypes, leader.type)) return `no loaded pack has the type "${leader.type}"`
  return db.transaction().execute(async (transaction) => {
    const fields = fieldsOf(leader, england, vocabulary)
    const created = await createLeader({ db: transaction }, { fields, vocabulary, by: BY })
    if (!created.ok) return created.refusals.map((one) => one.message).join('; ')
    const interest = { leader: leader.id, year, by: BY }
    if (leader.conflicts?.length === 0)
      await declareInterest({ db: transaction }, { ...interest, target: '', nature: '', nothing: true })
    for (const target of leader.conflicts ?? [])
      await declareInterest({ db: transaction }, { ...interest, target, nature: 'Declared interest', nothing: false })
    return undefined
  })
}

function fieldsOf(leader: EnglandLeader, { regions }: England, { terms }: LeaderVocabulary): LeaderFields {
  return {
    ...EMPTY_FIELDS,
    reference: leader.id,
    name: leader.name,
    email: leader.email ?? '',
    type: leader.type,
    alsoTypes: leader.also ? [leader.also] : [],
    organisation: leader.org,
    base: leader.base ?? '',
    region: regions.find((region) => region.id === leader.region)?.name ?? '',
    phases: leader.phases ?? [],
    expertise: leader.expertise ?? [],
    state: leader.state ?? 'active',
    days: Object.fromEntries(
      Object.entries(leader.days ?? {}).flatMap(([word, days]) => {
        const term = terms.find((one) => `${one.id} ${one.title}`.toLowerCase().includes(word.toLowerCase()))
        return term ? [[term.id, String(days)]] : []
      }),
    ),
  }
}
