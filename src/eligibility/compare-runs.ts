import type { Pack } from '../programmes/index.ts'
import { type Evaluation, type EvaluationFacts, evaluate } from './evaluate.ts'
import type { HistoryEntry } from './history.ts'

/** One judging of many schools: with which pack, as at which day, and of each school the facts and the answer. */
export type Run = { readonly pack: Pack; readonly on: string; readonly judged: ReadonlyMap<string, Judged> }
export type Judged = { readonly facts: EvaluationFacts; readonly evaluation: Evaluation }

/** Why a school entered or left, the deciding facts and rules by name. */
export type Cause =
  | { readonly kind: 'opened' | 'closed' }
  | { readonly kind: 'new-inspection' | 'newly-held' | 'no-longer-held'; readonly judgement: HistoryEntry }
  | { readonly kind: 'link'; readonly judgement: HistoryEntry }
  | { readonly kind: 'person'; readonly row: string; readonly on: string }
  | {
      readonly kind: 'threshold'
      readonly parameter: string
      readonly from: number | string
      readonly to: number | string
    }
  | { readonly kind: 'rule'; readonly row: string }

export type Move = { readonly urn: string; readonly name: string; readonly causes: readonly Cause[] }
export type Comparison = { readonly entered: readonly Move[]; readonly left: readonly Move[]; readonly stayed: number }

/** Who entered and who left between two runs, and which fact or rule did it. Pure: judges again where both changed. */
export function compareRuns(before: Run, after: Run): Comparison {
  const entered: Move[] = []
  const left: Move[] = []
  let stayed = 0
  for (const urn of [...new Set([...before.judged.keys(), ...after.judged.keys()])].sort()) {
    const [was, is] = [before.judged.get(urn), after.judged.get(urn)]
    const [wasIn, isIn] = [isEligible(was), isEligible(is)]
    if (wasIn && isIn) stayed += 1
    if (wasIn === isIn) continue
    const move = { urn, name: (is ?? was)?.evaluation.name ?? urn, causes: listCauses(before, after, was, is) }
    if (isIn) entered.push(move)
    else left.push(move)
  }
  return { entered, left, stayed }
}

function isEligible(judged: Judged | undefined): boolean {
  return judged?.evaluation.outcome === 'eligible'
}

function listCauses(before: Run, after: Run, was: Judged | undefined, is: Judged | undefined): Cause[] {
  if (!was) return [{ kind: 'opened' }]
  if (!is) return [{ kind: 'closed' }]
  const outcome = was.evaluation.outcome
  const byFacts = evaluate(before.pack, is.facts).outcome !== outcome
  const byRules = evaluate(after.pack, was.facts).outcome !== outcome
  // Neither alone was enough: then both together did it.
  const both = !byFacts && !byRules
  return [
    ...(byFacts || both ? changedFacts(was.facts, is.facts, before.on) : []),
    ...(byRules || both ? changedRules(before.pack, after.pack) : []),
  ]
}

function changedFacts(was: EvaluationFacts, is: EvaluationFacts, earlier: string): Cause[] {
  return [
    ...missingIn(was.history, is.history).map((judgement) => ({ kind: howItCame(judgement, earlier), judgement })),
    ...missingIn(is.history, was.history).map((judgement) => ({ kind: howItWent(judgement), judgement })),
    ...(is.recorded ?? [])
      .filter(({ row, on }) => !was.recorded?.some((other) => other.row === row && other.on === on))
      .map(({ row, on }) => ({ kind: 'person' as const, row, on })),
  ]
}

/** Of `entries` those that `held` does not hold. */
function missingIn(held: readonly HistoryEntry[], entries: readonly HistoryEntry[]): HistoryEntry[] {
  const ids = new Set(held.map((entry) => entry.id))
  return entries.filter((entry) => !ids.has(entry.id))
}

function howItCame(judgement: HistoryEntry, earlier: string): 'new-inspection' | 'newly-held' | 'link' {
  if (judgement.date > earlier) return 'new-inspection'
  return judgement.basis === 'own' ? 'newly-held' : 'link'
}

function howItWent(judgement: HistoryEntry): 'no-longer-held' | 'link' {
  return judgement.basis === 'own' ? 'no-longer-held' : 'link'
}

function changedRules(before: Pack, after: Pack): Cause[] {
  const [was, is] = [thresholds(before), thresholds(after)]
  const causes: Cause[] = []
  for (const [parameter, to] of is) {
    const from = was.get(parameter)
    if (from !== undefined && from !== to) causes.push({ kind: 'threshold', parameter, from, to })
  }
  const rows = new Map(before.eligibility.rows.map((row) => [row.id, JSON.stringify(row)]))
  for (const row of after.eligibility.rows) {
    if (rows.get(row.id) !== JSON.stringify(row)) causes.push({ kind: 'rule', row: row.id })
    rows.delete(row.id)
  }
  return [...causes, ...[...rows.keys()].map((row) => ({ kind: 'rule' as const, row }))]
}

function thresholds(pack: Pack): Map<string, number | string> {
  const values = Object.entries(pack.eligibility.parameters ?? {}).map(([name, { value }]) => [name, value] as const)
  return new Map([...values, ['year.from', pack['academic-year'].from], ['year.to', pack['academic-year'].to]])
}
