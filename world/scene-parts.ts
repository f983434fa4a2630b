import type { Clock } from '../src/platform/clock.ts'
import type { Db } from '../src/platform/db.ts'
import { type EnglandScene, partInWords } from './england-file.ts'

/** What a loader of one part gets: the transaction of the whole scene, and what the scene says under the part's name. */
export type SceneWork = { readonly db: Db; readonly clock: Clock; readonly scene: EnglandScene; readonly part: unknown }

/** Puts one part of a scene in, as people would have done it. Throws when it cannot, which leaves the old scene whole. */
export type LoadScenePart = (work: SceneWork) => Promise<void>

/** By the name of the part under `exists`. Parts run in the order of this list; a part without a loader is told as not loaded. */
export const SCENE_PARTS: Readonly<Record<string, LoadScenePart>> = {}

/** Loads what has a loader. Answers the parts that have none, such as "cases (4)". */
export async function loadSceneParts(
  db: Db,
  scene: EnglandScene,
  loaders: Readonly<Record<string, LoadScenePart>> = SCENE_PARTS,
): Promise<readonly string[]> {
  const exists: Readonly<Record<string, unknown>> = Object(scene.exists)
  const day = Temporal.PlainDate.from(scene.today)
  const clock: Clock = { today: () => day, now: () => day.toZonedDateTime('Europe/London').toInstant() }
  for (const [name, load] of Object.entries(loaders))
    if (name in exists) await load({ db, clock, scene, part: exists[name] })
  return partsWithout(scene, Object.keys(loaders))
}

/** What a scene speaks of that nothing puts in yet. */
export function partsWithout(scene: EnglandScene, loaded: readonly string[] = Object.keys(SCENE_PARTS)): string[] {
  const exists: Readonly<Record<string, unknown>> = Object(scene.exists)
  return Object.entries(exists).flatMap(([name, value]) => (loaded.includes(name) ? [] : [partInWords(name, value)]))
}
