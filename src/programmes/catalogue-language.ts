import { CATALOGUE_FACTS } from './catalogue-facts.ts'
import type { Catalogue } from './catalogue-schema.ts'
import {
  type ConditionLanguage,
  compileExpression,
  createLanguage,
  evaluateCondition,
  type Facts,
  type ThreeValued,
} from './conditions.ts'

type Declared = Pick<Catalogue, 'asks' | 'parameters'>

/** What the conditions of a catalogue may name: the register's facts, what is asked of the school, its own parameters. */
export function catalogueLanguage({ asks, parameters }: Declared): ConditionLanguage {
  const asked = asks.map(({ id, type, text }) => [id, { type, mayBeUnknown: true, title: text }] as const)
  // A catalogue has no year of its own: its conditions read no dates.
  const year = { name: '', from: '0000-01-01', to: '9999-12-31', cites: [] }
  return createLanguage(
    { 'academic-year': year, eligibility: { parameters } },
    { ...CATALOGUE_FACTS, ...Object.fromEntries(asked) },
  )
}

export type Judge = (condition: string, facts: Facts) => ThreeValued

const judges = new WeakMap<Catalogue, Judge>()

/** Answers the conditions of a loaded catalogue in three values; each is compiled once. */
export function catalogueJudge(catalogue: Catalogue): Judge {
  const held = judges.get(catalogue)
  if (held) return held
  const language = catalogueLanguage(catalogue)
  const compiled = new Map<string, (facts: Facts) => unknown>()
  const judge: Judge = (condition, facts) => {
    const expression = compiled.get(condition) ?? compileExpression(condition, language)
    compiled.set(condition, expression)
    return evaluateCondition(expression, facts)
  }
  judges.set(catalogue, judge)
  return judge
}
