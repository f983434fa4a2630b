import type { Clock } from '../platform/clock.ts'
import type { Database } from '../platform/db.ts'
import type { LeaderVocabulary } from './vocabulary.ts'

/** What the doors of this slice are built from. The vocabulary is asked for on each request: packs may be loaded meanwhile. */
export type LeaderParts = {
  readonly database: Database
  readonly clock: Clock
  readonly vocabulary: () => LeaderVocabulary
}
