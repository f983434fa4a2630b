import {
  type ConditionLanguage,
  compileExpression,
  compileWords,
  type Expression,
  evaluateCondition,
  type Facts,
  type RuleRow,
  type ThreeValued,
} from '../programmes/index.ts'
import type { Basis, HistoryEntry } from './history.ts'
import { listReadings, type Reading } from './readings.ts'
import { listJudgements, sayUncertain } from './words.ts'

export type CompiledRule = {
  readonly id: string
  readonly title: string
  readonly when: Expression
  readonly uses: Expression
  readonly found: (facts: Facts) => string
  readonly otherwise: readonly { readonly when: Expression; readonly say: (facts: Facts) => string }[]
}

/**
 * What a rule says of a history. Sentence and judgements (newest first) are worked out when they are read: judging the whole
 * register asks for them only where it shows them.
 */
export type RuleFinding = {
  readonly id: string
  readonly title: string
  readonly result: ThreeValued
  readonly evidence: string
  readonly judgements: readonly HistoryEntry[]
  readonly basis: Basis | undefined
}

const WITHOUT: readonly { basis: Basis; keeps: readonly Basis[] }[] = [
  { basis: 'own', keeps: ['own'] },
  { basis: 'chain', keeps: ['own', 'chain'] },
]

export function compileRule(row: RuleRow, language: ConditionLanguage): CompiledRule {
  return {
    id: row.id,
    title: row.title,
    when: compileExpression(row.when, language),
    uses: compileExpression(row.uses, language),
    found: compileWords(row.found, language),
    otherwise: row.otherwise.map(({ when, say }) => ({
      when: compileExpression(when, language),
      say: compileWords(say, language),
    })),
  }
}

/** Where readings of the history differ in their answer the result is unknown; `readings` are those of `history`. */
export function judgeByRule(
  rule: CompiledRule,
  history: readonly HistoryEntry[],
  readings: readonly Reading[],
): RuleFinding {
  const result = resultOf(rule, readings)
  return {
    id: rule.id,
    title: rule.title,
    result,
    basis: result === 'met' ? findBasis(rule, history) : undefined,
    get evidence() {
      return sayFinding(rule, result, history, readings)
    },
    get judgements() {
      return fewestUsed(rule, readings).judgements
    },
  }
}

function sayFinding(
  rule: CompiledRule,
  result: ThreeValued,
  history: readonly HistoryEntry[],
  readings: readonly Reading[],
) {
  if (result === 'unknown') return sayUncertain(history)
  const { facts, judgements } = fewestUsed(rule, readings)
  const listed = listJudgements(judgements)
  if (result === 'met') return `${listed}: ${rule.found(facts)}.`
  const why = reasonWhyNot(rule, readings)
  return listed ? `Not met: ${why} (${listed}).` : `Not met: ${why}.`
}

function resultOf(rule: CompiledRule, readings: readonly Reading[]): ThreeValued {
  let result: ThreeValued | undefined
  for (const { facts } of readings) {
    const answer = evaluateCondition(rule.when, facts)
    if (result !== undefined && answer !== result) return 'unknown'
    result = answer
  }
  return result ?? 'unknown'
}

/** Of several readings the one that rests on the fewest judgements: what it names, all of them hold. */
function fewestUsed(rule: CompiledRule, readings: readonly Reading[]) {
  const all = readings.map((reading) => ({ facts: reading.facts, judgements: usedEntries(rule, reading) }))
  const [fewest] = all.sort((a, b) => a.judgements.length - b.judgements.length)
  return fewest ?? { facts: { graded: [] }, judgements: [] }
}

function usedEntries(rule: CompiledRule, { facts, entries }: Reading): HistoryEntry[] {
  const used = rule.uses(facts)
  if (!Array.isArray(used)) throw new Error(`The judgements that ${rule.id} rests on must be a list`)
  return used.flatMap((judgement) => entries[facts.graded.indexOf(judgement)] ?? [])
}

/** The first reason of the pack that holds in every reading, in the same words. */
function reasonWhyNot(rule: CompiledRule, readings: readonly Reading[]): string {
  for (const { when, say } of rule.otherwise) {
    if (!readings.every((reading) => evaluateCondition(when, reading.facts) === 'met')) continue
    const [words, ...others] = new Set(readings.map((reading) => say(reading.facts)))
    if (words !== undefined && others.length === 0) return words
  }
  return 'the judgements held do not meet this'
}

/** The nearest evidence that is enough by itself: own rows, else the predecessors' too, else rows filed later. */
function findBasis(rule: CompiledRule, history: readonly HistoryEntry[]): Basis {
  const enough = WITHOUT.find(({ keeps }) => {
    const part = history.filter((entry) => keeps.includes(entry.basis))
    return resultOf(rule, listReadings(part)) === 'met'
  })
  return enough?.basis ?? 'filed-later'
}
