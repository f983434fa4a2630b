import { caseParts } from '../src/app.ts'
import type { CaseParts } from '../src/cases/index.ts'
import type { Clock } from '../src/platform/clock.ts'
import type { Database, Db } from '../src/platform/db.ts'
import type { Secrets } from '../src/platform/secret.ts'
import type { Pack } from '../src/programmes/index.ts'
import { loadCases } from './cases/load-cases.ts'
import { loadPartnerships } from './cases/load-partnerships.ts'
import { loadStudies } from './cases/load-studies.ts'
import { type England, type EnglandScene, partInWords } from './england-file.ts'
import { inTransactionOf } from './in-transaction.ts'
import { loadLevels } from './levels/load-levels.ts'

/**
 * The days of which things happen now: up to `to`, and after `after` where a day is moved. A scene speaks of days that are
 * still to come; what it tells of them happens when they do.
 */
export type Window = { readonly after: string | null; readonly to: string }

/** A scene as it is told: `told` is its own day in the file, also where it begins on another. */
export type ToldScene = EnglandScene & { readonly told: string }

/** What loading a scene needs: the transaction of the whole, and the England that it plays in. */
export type SceneParts = {
  readonly database: Database
  readonly db: Db
  readonly england: England
  readonly packs: readonly Pack[]
  readonly secrets?: Secrets | undefined
  readonly scene: ToldScene
  readonly window: Window
}

/** What a loader of one part gets, with what the scene says under the part's name. `casesOn`: cases with a clock on a day. */
export type SceneWork = SceneParts & {
  readonly part: unknown
  readonly programme: string
  casesOn(day: string): CaseParts
}

/** Puts one part of a scene in, as people would have done it. Throws when it cannot, which leaves the old scene whole. */
type ScenePart = {
  readonly load: (work: SceneWork) => Promise<void>
}

/** By programme and the name of the part under `exists`. Parts run in the order of this list; one that is not here is told as not loaded. */
const SCENE_PARTS: Readonly<Record<string, Readonly<Record<string, ScenePart>>>> = {
  tsi: {
    cases: { load: loadCases },
    partnerships: { load: loadPartnerships },
    case_studies: { load: loadStudies },
  },
  gtg: {
    levels: { load: loadLevels },
  },
}

/** Loads what has a loader and happens in the window of days. Answers what is not loaded, such as "cases (4)". */
export async function loadSceneParts(parts: SceneParts): Promise<readonly string[]> {
  const { scene, packs, database, db, secrets } = parts
  const exists: Readonly<Record<string, unknown>> = Object(scene.exists)
  const pack = packs.find(({ programme }) => programme === scene.programme)
  const within = inTransactionOf(database, db)
  const casesOn = (day: string) => {
    // The past of a scene is without letters: its outbox begins empty.
    const { letters: _, ...rest } = caseParts({ database: within, clock: clockOn(day), packs, secrets })
    return rest
  }
  for (const [name, { load }] of Object.entries(loadersOf(scene)))
    if (name in exists && pack)
      await load({ ...parts, casesOn, part: exists[name], programme: `${pack.programme}@${pack.edition}` })
  return partsWithout(scene)
}

/** What a scene speaks of that nothing puts in yet. */
export function partsWithout(scene: EnglandScene): string[] {
  const exists: Readonly<Record<string, unknown>> = Object(scene.exists)
  const loaders = loadersOf(scene)
  return Object.entries(exists).flatMap(([name, value]) => (loaders[name] ? [] : [partInWords(name, value)]))
}

function loadersOf({ programme }: EnglandScene): Readonly<Record<string, ScenePart>> {
  return SCENE_PARTS[programme ?? ''] ?? {}
}

function clockOn(day: string): Clock {
  const date = Temporal.PlainDate.from(day)
  return { today: () => date, now: () => date.toZonedDateTime('Europe/London').toInstant() }
}
