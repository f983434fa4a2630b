import { sql } from 'kysely'
import type { BegunScene, SceneSummary } from '../src/demonstration/index.ts'
import { seedExerciseLeaders } from '../src/leaders/index.ts'
import { letDemonstrationMailWork } from '../src/messages/index.ts'
import type { Actor } from '../src/platform/actor.ts'
import { writeAudit } from '../src/platform/audit.ts'
import type { Database, Db } from '../src/platform/db.ts'
import { accept, type Decision, refuse } from '../src/platform/decision.ts'
import { type DayJob, findDay, NO_DAY, placeDay, readDay } from '../src/platform/demonstration-clock.ts'
import { goBack, keepRegisterChanges } from '../src/platform/demonstration-register.ts'
import type { Secrets } from '../src/platform/secret.ts'
import { findDatabaseKind } from '../src/platform/stamp.ts'
import type { Pack } from '../src/programmes/index.ts'
import { type EnglandFile, englandOf } from './england-file.ts'
import type { LeaderWords } from './england-leaders.ts'
import { hashOfRegister } from './england-register.ts'
import { ENGLAND_FILE, LIVE, readWorld, storeEngland, type WorldReport, wordsOf } from './load-england.ts'
import { loadSceneParts, partsWithout, type ToldScene } from './scene-parts.ts'
import { MADE_BY_USE } from './tables.ts'

/** Serialises beginnings: any constant will do, as long as no other lock uses it. */
const SCENE_LOCK = 7_500_001

export type BeginScene = LeaderWords & {
  readonly scene: string
  readonly by: Actor
  readonly packs: readonly Pack[]
  /** For what cases keep encrypted. */
  readonly secrets?: Secrets | undefined
  readonly file?: string
  /** Another day than the scene's own, ISO: for a moment that lies before it. */
  readonly today?: string
}

/**
 * Takes away everything that a demonstration made and puts the file's England and one scene in, in one transaction: afterwards
 * it is the same, whatever was before. Whoever was signed in is not any more. Refuses a database that is no demonstration
 * (`world.live`), an unknown scene (`demo.scene`), and a file or day that is wrong.
 */
export async function beginScene(
  database: Database,
  asked: BeginScene,
): Promise<Decision<BegunScene & { readonly world: WorldReport }>> {
  if ((await findDatabaseKind(database.db)) !== 'demonstration') return refuse(LIVE)
  const path = asked.file ?? ENGLAND_FILE
  const read = readWorld(path)
  if (!read.ok) return read
  const found = findScene(read.value, asked)
  if (!found.ok) return found
  const scene = found.value
  const england = englandOf(read.value.england, scene)
  const begun = await database.db.transaction().execute(async (db) => {
    await sql`select pg_advisory_xact_lock(${SCENE_LOCK})`.execute(db)
    await goBack(db, MADE_BY_USE, hashOfRegister(england))
    await keepRegisterChanges(db)
    await letDemonstrationMailWork(db)
    const world = await fillScene(db, { ...read.value, england, path, scene, asked })
    const { packs, secrets } = asked
    const window = { after: null, to: scene.today }
    const notLoaded = await loadSceneParts({ database, db, england, packs, secrets, scene, window })
    return { scene: scene.id, today: scene.today, notLoaded, world }
  })
  return accept(begun)
}

type FillScene = EnglandFile & { readonly path: string; readonly scene: ToldScene; readonly asked: BeginScene }

async function fillScene(db: Db, { scene, asked, ...file }: FillScene): Promise<WorldReport> {
  await placeDay(db, { today: scene.today, scene: scene.id })
  await writeAudit(db, {
    actor: { ...asked.by, personId: null },
    action: 'Scene begun',
    record: 'demonstration',
    recordKey: 'scene',
    new: { scene: scene.id, today: scene.today },
  })
  const world = await storeEngland(db, { ...file, words: asked, today: scene.today })
  await seedExerciseLeaders({ db }, { vocabulary: asked.vocabulary })
  return world
}

function findScene({ england }: EnglandFile, { scene: id, today }: BeginScene): Decision<ToldScene> {
  const scenes = england.scenes ?? []
  const scene = scenes.find((one) => one.id === id)
  if (!scene) {
    const known = scenes.map((one) => one.id).join(', ') || 'none'
    return refuse({ code: 'demo.scene', field: 'scene', message: `There is no scene "${id}". There are: ${known}` })
  }
  const told = scene.today
  if (today === undefined) return accept({ ...scene, told })
  return readDay(today) ? accept({ ...scene, told, today }) : refuse(NO_DAY)
}

/** Does what the scene that was begun tells of a day, when the day comes. */
function sceneDay(database: Database, packs: readonly Pack[], secrets: Secrets | undefined): DayJob {
  return {
    name: 'What the scene tells of the day',
    async run(db, day) {
      const held = await findDay(db)
      const read = readWorld(ENGLAND_FILE)
      const scene = read.ok ? read.value.england.scenes?.find((one) => one.id === held?.scene) : undefined
      if (!read.ok || !scene) return
      const window = { after: Temporal.PlainDate.from(day).subtract({ days: 1 }).toString(), to: day }
      const england = englandOf(read.value.england, scene)
      const told = { ...scene, told: scene.today }
      await loadSceneParts({ database, db, england, packs, secrets, scene: told, window })
    },
  }
}

/** The scenes of the shipped England, for the service: what there is, how to begin one, and what its later days bring. */
export function shippedScenes(database: Database, packs: readonly Pack[], secrets?: Secrets) {
  return {
    everyDay: [sceneDay(database, packs, secrets)],
    list(): readonly SceneSummary[] {
      const read = readWorld(ENGLAND_FILE)
      if (!read.ok) return []
      return (read.value.england.scenes ?? []).map((scene) => ({
        id: scene.id,
        title: scene.title ?? scene.id,
        today: scene.today,
        programme: scene.programme ?? 'all',
        notLoaded: partsWithout(scene),
        ...(scene.long !== undefined && { long: scene.long }),
      }))
    },
    begin: (scene: string, by: Actor, today?: string): Promise<Decision<BegunScene>> =>
      beginScene(database, { ...wordsOf(packs), packs, secrets, scene, by, ...(today !== undefined && { today }) }),
  }
}
