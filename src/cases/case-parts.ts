import type { LeaderVocabulary } from '../leaders/index.ts'
import type { ComposedMessage, MessageSubject, PresentedDraft } from '../messages/index.ts'
import type { Actor } from '../platform/actor.ts'
import type { Clock } from '../platform/clock.ts'
import type { Database, Db } from '../platform/db.ts'
import type { Decision } from '../platform/decision.ts'
import type { Secrets } from '../platform/secret.ts'
import type { WaitingLine } from '../platform/waiting-line.ts'
import type { Anytime, CaseFacts, LeaderFact, Pack, Step } from '../programmes/index.ts'
import type { Answers, CaseEvent } from './case-state.ts'
import type { CaseRecord } from './case-store.ts'
import type { OpenStep } from './present-case.ts'
import type { SeenCase } from './read-case.ts'

/** An effect that a step has, with everything that carrying it out needs. `db` is the step's transaction. */
export type EffectCall = {
  readonly db: Db
  readonly record: CaseRecord
  /** Which of the openings and actions of the case it is that was done. */
  readonly seq: number
  readonly name: string
  readonly words: readonly string[]
  readonly leader: (LeaderFact & { readonly id: number }) | undefined
  readonly fields: Answers
  readonly reasons: Readonly<Record<string, string>>
  readonly today: string
  readonly by: Actor
}
export type Effect = (call: EffectCall) => Promise<Decision<void>>

/** A step whose letters are to be written. `record` is the case as the step leaves it, `db` the step's transaction. */
export type LetterCall = {
  readonly db: Db
  readonly record: CaseRecord
  readonly step: Step | Anytime
  readonly leader: (LeaderFact & { readonly id: number }) | undefined
  readonly facts: CaseFacts
  readonly fields: Answers
  readonly outcome: string
  readonly reasons: Readonly<Record<string, string>>
  /** The form or JSON as sent: which copies are ticked, who is left out. */
  readonly body: Readonly<Record<string, unknown>>
  readonly today: string
  readonly by: Actor
}

/** A letter as the page of its step shows it. `isOpen`: its words follow from what is still to be entered. */
export type LetterDraft = { readonly title: string; readonly isOpen: boolean; readonly draft: PresentedDraft }

/** An open step as its reminder tells of it. `acts`: who may do it, as keys. */
export type StepToRemind = OpenStep & { readonly acts: readonly string[] }
/** A reminder before it goes, and ready to go or what keeps it from going. */
export type ReminderLetter = {
  readonly draft: PresentedDraft
  readonly composed: Decision<ComposedMessage>
  readonly about: MessageSubject
}

/** What writes and sends the letters of steps. */
export type CaseLetters = {
  /** Where browsers find the service, without a slash at the end, for links in letters; empty where it is not known. */
  readonly origin: string
  /** Queues them in the step's transaction. Refuses with each recipient and each fact that is missing: then the step is not done. */
  send(call: LetterCall): Promise<Decision<void>>
  draft(call: LetterCall): Promise<readonly LetterDraft[]>
  /** The letter that reminds of an open step; undefined where the pack has none. */
  remind(call: LetterCall, open: StepToRemind): Promise<ReminderLetter | undefined>
  /** By id of the letter, how the last one of the case stands: waiting, sent or failed. */
  states(db: Db, record: CaseRecord): Promise<ReadonlyMap<string, string>>
}

/** A line of money as the case stands now, and as it would stand then, in words. `isUnclaimed`: work was done that nobody claims yet. */
export type MoneyForeseen = {
  readonly title: string
  readonly payee: string
  readonly now: string
  readonly next: string
  readonly isUnclaimed: boolean
}

/** What a slice above keeps beside a case, for its page and its JSON. `more` is what the reader can do about it. */
export type CaseBeside = {
  readonly heading: string
  readonly links: readonly { readonly text: string; readonly href: string; readonly note: string }[]
  readonly more: { readonly text: string; readonly href: string } | null
}

/** What the slice of cases is built from. Slices above it add effects, letters and facts of their own. */
export type CaseParts = {
  readonly database: Database
  readonly clock: Clock
  readonly packs: readonly Pack[]
  readonly vocabulary: () => LeaderVocabulary
  readonly effects?: Readonly<Record<string, Effect>>
  /** Without it no letter is written: so the past of an invented case is brought about. */
  readonly letters?: CaseLetters
  /** How the money of a case would stand if it were as each of `thens`, in their order; nothing is stored by asking. */
  readonly foreseeMoney?: (
    db: Db,
    now: CaseRecord,
    thens: readonly CaseRecord[],
  ) => Promise<readonly (readonly MoneyForeseen[])[]>
  /** What slices above keep beside a case, as this person may see it. */
  readonly besides?: (db: Db, seen: SeenCase, by: Actor) => Promise<readonly CaseBeside[]>
  /** What waits for this person in slices above. */
  readonly alsoWaiting?: (db: Db, by: Actor) => Promise<readonly WaitingLine[]>
  /** For what is kept encrypted; without a key nothing of that kind is kept. */
  readonly secrets?: Secrets | undefined
  /** Told of every event, after it was stored and in its transaction. */
  readonly onEvents?: (db: Db, record: CaseRecord, events: readonly CaseEvent[], by: Actor) => Promise<void>
}
