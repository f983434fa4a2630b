import type { LeaderVocabulary } from '../leaders/index.ts'
import type { Actor } from '../platform/actor.ts'
import type { Clock } from '../platform/clock.ts'
import type { Database, Db } from '../platform/db.ts'
import type { Decision } from '../platform/decision.ts'
import type { Secrets } from '../platform/secret.ts'
import type { LeaderFact, Pack } from '../programmes/index.ts'
import type { Answers, CaseEvent } from './case-state.ts'
import type { CaseRecord } from './case-store.ts'
import type { ClaimFacts, FormRow } from './form-state.ts'
import type { MoreFacts } from './read-facts.ts'
import type { FindCatalogueEntry } from './signposts.ts'

/** An effect that a step has, with everything that carrying it out needs. `db` is the step's transaction. */
export type EffectCall = {
  readonly db: Db
  readonly record: CaseRecord
  readonly name: string
  readonly words: readonly string[]
  readonly leader: (LeaderFact & { readonly id: number }) | undefined
  readonly fields: Answers
  readonly reasons: Readonly<Record<string, string>>
  readonly today: string
  readonly by: Actor
}
export type Effect = (call: EffectCall) => Promise<Decision<void>>

/** Letters of a step, sent in its transaction. */
export type LetterCall = {
  readonly db: Db
  readonly record: CaseRecord
  readonly step: string
  readonly letters: readonly string[]
  readonly leader: (LeaderFact & { readonly id: number }) | undefined
  readonly today: string
  readonly by: Actor
}

/** What the slice of cases is built from. Slices above it add effects, letters and facts of their own. */
export type CaseParts = {
  readonly database: Database
  readonly clock: Clock
  readonly packs: readonly Pack[]
  readonly vocabulary: () => LeaderVocabulary
  readonly effects?: Readonly<Record<string, Effect>>
  readonly sendLetters?: (call: LetterCall) => Promise<Decision<void>>
  /** Counts of what slices above keep, beside those of the case's own work. */
  readonly moreFacts?: (db: Db, record: CaseRecord) => Promise<Pick<MoreFacts, 'items'>>
  /** An entry of a pack's catalogue, for pointing a school to it. */
  readonly findCatalogueEntry?: FindCatalogueEntry
  /** What the leader who works on the case may claim; without it, what its log of days says may be paid for. */
  readonly claimFacts?: (db: Db, record: CaseRecord) => Promise<ClaimFacts | undefined>
  /** The activities that the form asks about at the end; without it, the ways of support that the plan names. */
  readonly plannedActivities?: (db: Db, record: CaseRecord) => Promise<readonly FormRow[] | undefined>
  /** For what is kept encrypted; without a key nothing of that kind is kept. */
  readonly secrets?: Secrets | undefined
  /** Told of every event, after it was stored and in its transaction. */
  readonly onEvents?: (db: Db, record: CaseRecord, events: readonly CaseEvent[], by: Actor) => Promise<void>
}
