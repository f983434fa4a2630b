import type { Actor } from '../platform/actor.ts'
import type { Clock } from '../platform/clock.ts'
import type { Database } from '../platform/db.ts'
import type { Decision } from '../platform/decision.ts'
import type { DayJob } from '../platform/demonstration-clock.ts'

/** A scene to start from. `title`: what is going on; `programme` is its code, or "all"; `notLoaded` names what nothing puts in yet: "cases (4)". */
export type SceneSummary = {
  readonly id: string
  readonly title: string
  readonly today: string
  readonly programme: string
  readonly notLoaded: readonly string[]
  /** How long it takes to begin, in words, where that is more than a moment. */
  readonly long?: string
}

export type BegunScene = Pick<SceneSummary, 'today' | 'notLoaded'> & { readonly scene: string }

/** The scenes of the invented England. `begin` empties what the demonstration made; `today` replaces the scene's own day. */
export type Scenes = {
  list(): readonly SceneSummary[]
  /** What the scene that was begun tells of later days, done as they come, before anything else of the day. */
  readonly everyDay: readonly DayJob[]
  begin(scene: string, by: Actor, today?: string): Promise<Decision<BegunScene>>
}

/** What this slice is built from. */
export type DemonstrationParts = {
  readonly database: Database
  readonly clock: Clock
  readonly demonstration: boolean
  /** What happens when a day begins, in this order. */
  readonly everyDay: readonly DayJob[]
  readonly scenes: Scenes
  /** Titles of programmes by their code. */
  readonly programmes: ReadonlyMap<string, string>
}
