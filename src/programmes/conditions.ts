import {
  type Environment as CelEnvironment,
  Environment,
  EvaluationError,
  type ParseResult,
} from '@marcbachmann/cel-js'
import type { Pack } from './pack-schema.ts'

/** Conditions of a pack: CEL with declared facts and a few named functions, in three values (packs: "cannot tell"). */
export type ThreeValued = 'met' | 'not-met' | 'unknown'

/** Longer ones are refused: whoever needs more wants a named function of the engine. */
export const LONGEST_CONDITION = 200

/** CEL counts in big integers; making one for each of 90,000 judgements would be felt. */
const GRADES = [0n, 1n, 2n, 3n, 4n]

/** One graded judgement as a condition sees it: newest first in a list. `grade` 1 to 4, `date` an ISO plain date. */
export class Judgement {
  readonly grade: bigint
  readonly date: string
  constructor(grade: number, date: string) {
    this.grade = GRADES[grade] ?? BigInt(grade)
    this.date = date
  }
}

/** A fact that a condition may read. Reading one that may be unknown and is not held makes the condition unknown. */
export type FactDeclaration = { readonly type: string; readonly mayBeUnknown: boolean; readonly title: string }
export type FactValue = string | boolean | bigint | number | readonly Judgement[] | object
export type Facts = { readonly [name: string]: FactValue | undefined }

export const ELIGIBILITY_FACTS: { readonly [name: string]: FactDeclaration } = {
  graded: { type: 'list<Judgement>', mayBeUnknown: false, title: 'Graded judgements, newest first' },
}

type Year = Pack['academic-year']
type Judgements = readonly Judgement[]
type NamedFunction = { readonly signature: string; readonly title: string; readonly make: (year: Year) => Handler }
// biome-ignore lint/suspicious/noExplicitAny: the library checks arguments against the signature when a pack loads
type Handler = (...args: any[]) => unknown

function runOf(list: Judgements, grade: bigint): Judgements {
  const end = list.findIndex((judgement) => judgement.grade !== grade)
  return end === -1 ? list : list.slice(0, end)
}

/** The named functions of conditions; a new one is one line here and one word in docs. */
export const NAMED_FUNCTIONS: readonly NamedFunction[] = [
  {
    signature: 'runOf(list<Judgement>, int): int',
    title: 'how many judgements in a row, counted back from the newest, have the grade',
    make: () => (list: Judgements, grade: bigint) => BigInt(runOf(list, grade).length),
  },
  {
    signature: 'run(list<Judgement>, int): list<Judgement>',
    title: 'the judgements of that row',
    make: () => runOf,
  },
  {
    signature: 'newest(list<Judgement>, int): list<Judgement>',
    title: 'the newest judgements, so many',
    make: () => (list: Judgements, count: bigint) => list.slice(0, Number(count)),
  },
  {
    signature: 'inYear(string): bool',
    title: 'whether the date lies in the academic year of the edition',
    make: (year) => (date: string) => year.from <= date && date <= year.to,
  },
]

class UnknownFact extends Error {
  constructor(fact: string) {
    super(`The fact ${fact} is not known`)
  }
}

/** What the conditions of one pack may name. Building it is dear, so it is built once for a pack. */
export type ConditionLanguage = {
  readonly environment: CelEnvironment
  readonly declarations: readonly (readonly [name: string, fact: FactDeclaration])[]
  readonly constants: Facts
}

/** Facts, the pack's own parameters (whole number, decimal or date), `year` and the named functions. */
export function createLanguage(
  pack: Pick<Pack, 'academic-year'> & { eligibility: Pick<Pack['eligibility'], 'parameters'> },
  facts = ELIGIBILITY_FACTS,
): ConditionLanguage {
  const year = pack['academic-year']
  const environment = new Environment()
  environment.registerType('Judgement', { ctor: Judgement, fields: { grade: 'int', date: 'string' } })
  const declarations = Object.entries(facts)
  for (const [name, fact] of declarations) environment.registerVariable(name, fact.type)
  environment.registerVariable('year', 'string')
  const constants: Record<string, FactValue> = { year: year.name }
  for (const [name, { value }] of Object.entries(pack.eligibility.parameters ?? {})) {
    environment.registerVariable(name, parameterType(value))
    constants[name] = typeof value === 'number' && Number.isInteger(value) ? BigInt(value) : value
  }
  for (const { signature, make } of NAMED_FUNCTIONS) environment.registerFunction(signature, make(year))
  registerKnown(environment)
  return { environment, declarations, constants }
}

export function parameterType(value: number | string): 'int' | 'double' | 'string' {
  if (typeof value === 'string') return 'string'
  return Number.isInteger(value) ? 'int' : 'double'
}

/** `known(x)`: false where reading x meets an unknown fact. The library hands macros untyped parts. */
export function registerKnown(environment: CelEnvironment): void {
  environment.registerFunction('known(ast): bool', ({ args }: KnownCall) => ({
    asked: args[0],
    typeCheck(checker: Checker, macro: KnownMacro, context: unknown) {
      checker.check(macro.asked, context)
      return checker.getType('bool')
    },
    evaluate(evaluator: Runner, macro: KnownMacro, context: unknown) {
      try {
        evaluator.run(macro.asked, context)
        return true
      } catch (error) {
        if (meansUnknown(error)) return false
        throw error
      }
    },
  }))
}
type KnownCall = { args: unknown[] }
type KnownMacro = { asked: unknown }
type Checker = { check(node: unknown, context: unknown): unknown; getType(name: string): unknown }
type Runner = { run(node: unknown, context: unknown): unknown }

/** A fault in a condition; `at` is the place in its text, counted from 0. */
export type ConditionFault = { readonly code: string; readonly message: string; readonly at: number }

/** The first fault of an expression, or undefined when it parses and gives the wanted type (any type for a `{…}`). */
export function findConditionFault(source: string, wanted: string | undefined, language: ConditionLanguage) {
  if (source.length > LONGEST_CONDITION)
    return fault(
      'condition.too-long',
      `has ${source.length} characters, at most ${LONGEST_CONDITION} are allowed`,
      LONGEST_CONDITION,
    )
  const checked = language.environment.check(source)
  if (!checked.valid)
    return fault('condition.faulty', checked.error?.summary ?? 'cannot be read', checked.error?.range?.start ?? 0)
  if (wanted && String(checked.type) !== wanted)
    return fault('condition.wrong-type', `gives ${checked.type}, but ${wanted} is needed`, 0)
  return undefined
}

function fault(code: string, message: string, at: number): ConditionFault {
  return { code, message, at }
}

export type Expression = (facts: Facts) => unknown

/** Parses once; the result reads facts through a guard. Throws when the text is faulty: packs are checked on loading. */
export function compileExpression(source: string, language: ConditionLanguage): Expression {
  const parsed: ParseResult = language.environment.parse(source)
  return (facts) => parsed(guardFacts(facts, language))
}

/** Three-valued: a fact that is not held decides nothing, but `false && unknown` is false and `true || unknown` true. */
export function evaluateCondition(expression: Expression, facts: Facts): ThreeValued {
  try {
    return expression(facts) === true ? 'met' : 'not-met'
  } catch (error) {
    if (meansUnknown(error)) return 'unknown'
    throw error
  }
}

/** An empty list read at [0], a division by nothing: the question cannot be answered, which is no "no". */
function meansUnknown(error: unknown): boolean {
  return error instanceof UnknownFact || error instanceof EvaluationError
}

/** Whole-register judging runs this tens of thousands of times: the plain case is one copy. */
function guardFacts(facts: Facts, language: ConditionLanguage): Facts {
  const context: Record<string, FactValue | undefined> = { ...language.constants, ...facts }
  for (const [name, declared] of language.declarations) {
    if (context[name] !== undefined) continue
    if (!declared.mayBeUnknown) throw new Error(`The fact ${name} must be given`)
    Object.defineProperty(context, name, { enumerable: true, get: () => throwUnknown(name) })
  }
  return context
}

function throwUnknown(name: string): never {
  throw new UnknownFact(name)
}

/** Fills `{expression}` in a text of the pack: "{runOf(graded, 3)} in a row" gives "2 in a row". */
export function compileWords(
  text: string,
  language: ConditionLanguage,
  show: (value: unknown) => string = String,
): (facts: Facts) => string {
  const parts = splitWords(text).map((part) =>
    part.expression === undefined ? part.text : compileExpression(part.expression, language),
  )
  return (facts) => parts.map((part) => (typeof part === 'string' ? part : show(part(facts)))).join('')
}

/** The `{…}` of a text with their places, and the words between them. */
export function splitWords(text: string): { text: string; at: number; expression?: string }[] {
  let at = 0
  return text
    .split(/(\{[^}]*\})/)
    .map((piece) => {
      const part = piece.startsWith('{')
        ? { text: piece, at: at + 1, expression: piece.slice(1, -1) }
        : { text: piece, at }
      at += piece.length
      return part
    })
    .filter((part) => part.text !== '')
}
