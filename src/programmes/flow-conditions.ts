import { Environment } from '@marcbachmann/cel-js'
import { longDate } from '../platform/words.ts'
import {
  type ConditionLanguage,
  compileExpression,
  compileWords,
  evaluateCondition,
  type FactDeclaration,
  registerKnown,
  type ThreeValued,
} from './conditions.ts'

/** The subject of a case as a condition sees it. `kind` is one of "single school", "school in trust" (told as "school in MAT"), "trust". */
export class SubjectFact {
  readonly kind: string
  readonly name: string
  readonly phase: string
  readonly region: string
  readonly maintained: boolean
  readonly inTrust: boolean
  readonly hasDiocese: boolean
  readonly primaryAge: boolean
  readonly special: boolean
  readonly trust: string
  constructor(facts: { readonly [K in keyof SubjectFact]: SubjectFact[K] }) {
    this.kind = facts.kind
    this.name = facts.name
    this.phase = facts.phase
    this.region = facts.region
    this.maintained = facts.maintained
    this.inTrust = facts.inTrust
    this.hasDiocese = facts.hasDiocese
    this.primaryAge = facts.primaryAge
    this.special = facts.special
    this.trust = facts.trust
  }
}

/** A leader's free days in a term, which ends on an ISO plain date. */
export type TermDays = { readonly to: string; readonly freeDays: number }

/**
 * The leader who is asked about or works on a case. `conflict`: an interest or a tie that nobody has cleared. Days are free
 * ones, in all terms that are not over and in each of them. All are null where no condition asks for them.
 */
export class LeaderFact {
  readonly name: string
  readonly reference: string
  readonly type: string
  readonly region: string
  readonly conflict: boolean | null
  readonly freeDays: number | null
  readonly terms: readonly TermDays[] | null
  constructor(facts: { readonly [K in keyof LeaderFact]: LeaderFact[K] }) {
    this.name = facts.name
    this.reference = facts.reference
    this.type = facts.type
    this.region = facts.region
    this.conflict = facts.conflict
    this.freeDays = facts.freeDays
    this.terms = facts.terms
  }
}

/** Everything that a condition of a flow may ask. Days are in days; a step's answers are texts as they are stored. */
export type CaseFacts = {
  readonly subject: SubjectFact
  readonly leader: LeaderFact | undefined
  readonly today: string
  readonly agreed: number
  readonly extra: number
  readonly delivered: number
  readonly validated: number
  readonly level: string
  /** What the leader claims, in pounds. */
  readonly claimed: number
  /** Whether a step has ended in the present round; with a key, that one of several. */
  done(step: string): boolean
  isOpen(step: string): boolean
  outcome(step: string): string
  answer(step: string, field: string): string
  /** What was answered in the step of the case beside which this one began; empty for a case that stands alone. */
  asked(field: string): string
  /** The ISO day on which a step ended; empty when it has not. */
  day(step: string): string
  /** What is being entered now; empty when left out. */
  field(name: string): string
  contact(role: string): boolean
  flag(name: string): boolean
  /** How many items of a log are in a state; an empty state counts all. */
  items(log: string, state: string): number
  /** Days of one person on one date: those of the log's entry at hand, with all others of that person on its date. 0 without an entry. */
  daysOnDate(): number
  section(name: string): string
  /** The days of a log's items in a state, in words. */
  listed(log: string, state: string): string
  /** What another section of the case's form holds; empty when it holds nothing. */
  entry(section: string, field: string): string
  /** In how many rows of a group of the section at hand a field holds a value. */
  rows(group: string, field: string, value: string): number
  /** Whether the case is eligible by this criterion, or by an exception of this origin. */
  basis(row: string): boolean
  /** How a case beside this one stands: empty, "open" while undecided, "approved", "declined" or "closed". */
  child(name: string): string
  /** Whether a step of a case beside this one is open. */
  childIsAt(name: string, step: string): boolean
  /** The ISO day on which the next term after a day begins; empty where the pack has none, or there is no day. */
  termAfter(day: string): string
  /**
   * The free days of the leader at hand in the term that holds the day so many weeks from today, or in the one after it where that day
   * lies between two. Not a number where nobody is at hand or no such term is known: then no comparison holds.
   */
  freeDaysAhead(weeks: number): number
  /** How the last letter of a kind stands: empty before one was queued, "waiting", "sent" or "failed". */
  letter(id: string): string
}

const VARIABLES: { readonly [name: string]: FactDeclaration } = {
  subject: { type: 'SubjectFact', mayBeUnknown: false, title: 'The school or trust' },
  leader: { type: 'LeaderFact', mayBeUnknown: true, title: 'The leader who is asked or works on it' },
  today: { type: 'string', mayBeUnknown: false, title: 'Today' },
  agreed: { type: 'double', mayBeUnknown: false, title: 'Days agreed' },
  extra: { type: 'double', mayBeUnknown: false, title: 'Extra days approved' },
  delivered: { type: 'double', mayBeUnknown: false, title: 'Days delivered' },
  validated: { type: 'double', mayBeUnknown: false, title: 'Days validated' },
  level: { type: 'string', mayBeUnknown: false, title: 'Level of support' },
  claimed: { type: 'double', mayBeUnknown: false, title: 'What the leader claims, in pounds' },
}

type Language = ConditionLanguage & { facts: CaseFacts | undefined }

/** What conditions of flows may name, whatever the pack. Parsing is dear, so one serves all. */
const language: Language = createFlowLanguage()

function createFlowLanguage(): Language {
  const environment = new Environment({ unlistedVariablesAreDyn: false })
  environment.registerType('SubjectFact', {
    ctor: SubjectFact,
    fields: {
      kind: 'string',
      name: 'string',
      phase: 'string',
      region: 'string',
      maintained: 'bool',
      inTrust: 'bool',
      hasDiocese: 'bool',
      primaryAge: 'bool',
      special: 'bool',
      trust: 'string',
    },
  })
  environment.registerType('LeaderFact', {
    ctor: LeaderFact,
    fields: {
      name: 'string',
      reference: 'string',
      type: 'string',
      region: 'string',
      conflict: 'bool',
      freeDays: 'double',
    },
  })
  const declarations = Object.entries(VARIABLES)
  for (const [name, fact] of declarations) environment.registerVariable(name, fact.type)
  const made: Language = { environment, declarations, constants: {}, facts: undefined }
  registerFunctions(environment, () => {
    if (!made.facts) throw new Error('A condition of a flow is asked without a case')
    return made.facts
  })
  registerKnown(environment)
  return made
}

function registerFunctions(environment: Environment, facts: () => CaseFacts): void {
  const text = (value: unknown) => String(value)
  environment.registerFunction('done(string): bool', (step: unknown) => facts().done(text(step)))
  environment.registerFunction('isOpen(string): bool', (step: unknown) => facts().isOpen(text(step)))
  environment.registerFunction('outcome(string): string', (step: unknown) => facts().outcome(text(step)))
  environment.registerFunction('answer(string, string): string', (step: unknown, field: unknown) =>
    facts().answer(text(step), text(field)),
  )
  environment.registerFunction('asked(string): string', (field: unknown) => facts().asked(text(field)))
  environment.registerFunction('day(string): string', (step: unknown) => facts().day(text(step)))
  environment.registerFunction('field(string): string', (name: unknown) => facts().field(text(name)))
  environment.registerFunction('given(string): bool', (name: unknown) => facts().field(text(name)) !== '')
  environment.registerFunction('number(string): double', (name: unknown) => Number(facts().field(text(name)) || 0))
  environment.registerFunction('contact(string): bool', (role: unknown) => facts().contact(text(role)))
  environment.registerFunction('flag(string): bool', (name: unknown) => facts().flag(text(name)))
  environment.registerFunction('items(string, string): double', (log: unknown, state: unknown) =>
    facts().items(text(log), text(state)),
  )
  environment.registerFunction('listed(string, string): string', (log: unknown, state: unknown) =>
    facts().listed(text(log), text(state)),
  )
  environment.registerFunction('daysOnDate(): double', () => facts().daysOnDate())
  environment.registerFunction('child(string): string', (name: unknown) => facts().child(text(name)))
  environment.registerFunction('childIsAt(string, string): bool', (name: unknown, step: unknown) =>
    facts().childIsAt(text(name), text(step)),
  )
  environment.registerFunction('termAfter(string): string', (day: unknown) => facts().termAfter(text(day)))
  environment.registerFunction('freeDaysAhead(int): double', (weeks: unknown) => facts().freeDaysAhead(Number(weeks)))
  environment.registerFunction('letter(string): string', (id: unknown) => facts().letter(text(id)))
  environment.registerFunction('section(string): string', (name: unknown) => facts().section(text(name)))
  environment.registerFunction('entry(string, string): string', (section: unknown, field: unknown) =>
    facts().entry(text(section), text(field)),
  )
  environment.registerFunction(
    'rows(string, string, string): double',
    (group: unknown, field: unknown, value: unknown) => facts().rows(text(group), text(field), text(value)),
  )
  environment.registerFunction('basis(string): bool', (row: unknown) => facts().basis(text(row)))
}

/** The language of flows for checking a pack. */
export const FLOW_LANGUAGE: ConditionLanguage = language

const conditions = new Map<string, (facts: CaseFacts) => ThreeValued>()

/** Whether a condition holds for a case, in three values. Each text is parsed once in the life of the service. */
export function judgeCondition(source: string, facts: CaseFacts): ThreeValued {
  let condition = conditions.get(source)
  if (!condition) {
    const expression = compileExpression(source, language)
    condition = (given) => within(given, () => evaluateCondition(expression, variablesOf(given)))
    conditions.set(source, condition)
  }
  return condition(facts)
}

const values = new Map<string, (facts: CaseFacts) => unknown>()

/** The value of an expression, such as the role that acts. Throws where it asks for a fact that is not held. */
export function evaluateFlow(source: string, facts: CaseFacts): unknown {
  let value = values.get(source)
  if (!value) {
    const expression = compileExpression(source, language)
    value = (given) => within(given, () => expression(variablesOf(given)))
    values.set(source, value)
  }
  return value(facts)
}

const texts = new Map<string, (facts: CaseFacts) => string>()

/** Fills `{expression}` in words of the pack from a case: "Contact missing for {subject.trust}". */
export function fillWords(text: string, facts: CaseFacts): string {
  let fill = texts.get(text)
  if (!fill) {
    const compiled = compileWords(text, language, shown)
    fill = (given) => within(given, () => compiled(variablesOf(given)))
    texts.set(text, fill)
  }
  return fill(facts)
}

/** A day is written out, as on every page; everything else as it is. */
function shown(value: unknown): string {
  const written = String(value)
  return /^\d{4}-\d{2}-\d{2}$/.test(written) ? longDate(written) : written
}

/** Conditions run to their end at once, so the functions may read the facts of the case at hand. */
function within<T>(facts: CaseFacts, work: () => T): T {
  const before = language.facts
  language.facts = facts
  try {
    return work()
  } finally {
    language.facts = before
  }
}

function variablesOf(facts: CaseFacts) {
  const { subject, leader, today, agreed, extra, delivered, validated, level, claimed } = facts
  return { subject, leader, today, agreed, extra, delivered, validated, level, claimed }
}
