import { longDate } from '../platform/words.ts'
import { createLanguage, isRuleRow, type JudgedRow, type Pack } from '../programmes/index.ts'
import type { Basis, HistoryEntry } from './history.ts'
import { listReadings } from './readings.ts'
import { type CompiledRule, compileRule, judgeByRule } from './rule-row.ts'

/** `not-categorised`: no row is met, and one cannot be told from the data held. */
export type Outcome = 'eligible' | 'not-eligible' | 'not-categorised'
export type RowResult = 'met' | 'not-met' | 'unknown' | 'to-judge'
/** What an answer rests on: judgements (nearest evidence that is enough), a person's judgement, or a school of the trust. */
export type OutcomeBasis = Basis | 'judged' | 'member-school'

export type Subject = { readonly kind: 'school' | 'trust'; readonly urn: string; readonly name: string }
/** A judgement that only a person may make, as recorded: which row, by which role, on which day, and what it was. */
export type RecordedJudgement = {
  readonly row: string
  readonly by: string
  readonly on: string
  readonly holds: boolean
  /** Its number on record, and where it began when it was asked for. */
  readonly id?: number
  readonly origin?: string
}

export type EvaluationFacts = {
  readonly subject: Subject
  /** Newest first, as `readHistory` gives it. */
  readonly history: readonly HistoryEntry[]
  readonly recorded?: readonly RecordedJudgement[]
}

export type EvaluatedRow = {
  readonly id: string
  readonly title: string
  readonly result: RowResult
  /** One sentence, with dates and grades, that a head could read. */
  readonly evidence: string
  readonly judgements: readonly HistoryEntry[]
  readonly basis?: OutcomeBasis | undefined
  /** How a school or trust that qualifies by this row is marked in lists, where the pack says so. */
  readonly marks?: string
  /** The judgement on record that decided it, where a person did. */
  readonly judgement?: RecordedJudgement
}

export type Evaluation = Subject & {
  readonly outcome: Outcome
  readonly basis?: OutcomeBasis | undefined
  readonly rows: readonly EvaluatedRow[]
  /** Of a trust: the URNs of the schools through which it qualifies. */
  readonly through?: readonly string[]
}

const NEAREST_FIRST: readonly OutcomeBasis[] = ['own', 'chain', 'filed-later', 'member-school', 'judged']

/** `waiting` answers for the rows that no person has judged yet: it is the same for every school. */
type CompiledPack = {
  readonly rules: ReadonlyMap<string, CompiledRule>
  readonly waiting: ReadonlyMap<string, EvaluatedRow>
}
/** Reading expressions is dear beside evaluating them, so each pack is compiled once. */
const compiled = new WeakMap<Pack, CompiledPack>()

function getCompiled(pack: Pack): CompiledPack {
  const held = compiled.get(pack)
  if (held) return held
  const language = createLanguage(pack)
  const rules = new Map(pack.eligibility.rows.filter(isRuleRow).map((row) => [row.id, compileRule(row, language)]))
  const judged = pack.eligibility.rows.filter((row): row is JudgedRow => !isRuleRow(row))
  const fresh = { rules, waiting: new Map(judged.map((row) => [row.id, waitForPerson(row, pack)])) }
  compiled.set(pack, fresh)
  return fresh
}

/** Judges one school by every row of the pack's table: all rows are listed, met or not (TSI-009). */
export function evaluate(pack: Pack, facts: EvaluationFacts): Evaluation {
  const { rules } = getCompiled(pack)
  const readings = listReadings(facts.history)
  const rows = pack.eligibility.rows.map((row): EvaluatedRow => {
    const rule = rules.get(row.id)
    return rule ? judgeByRule(rule, facts.history, readings) : judgeByPerson(row.id, pack, facts.recorded)
  })
  return concluded(pack, facts.subject, rows)
}

/** A trust qualifies through a school of its own, or by a person's judgement of the trust itself (TSI-011). */
export function evaluateTrust(
  pack: Pack,
  facts: { subject: Subject; recorded?: readonly RecordedJudgement[] },
  members: readonly Evaluation[],
): Evaluation {
  const { through = [], judged = [] } = pack.eligibility.trusts ?? {}
  const rows = pack.eligibility.rows
    .filter((row) => through.includes(row.id) || judged.includes(row.id))
    .map((row) =>
      isRuleRow(row) ? judgeByMembers(row.id, row.title, members) : judgeByPerson(row.id, pack, facts.recorded),
    )
  const qualifying = members.filter((member) =>
    member.rows.some((row) => through.includes(row.id) && row.result === 'met'),
  )
  return { ...concluded(pack, facts.subject, rows), through: qualifying.map((member) => member.urn) }
}

function judgeByMembers(id: string, title: string, members: readonly Evaluation[]): EvaluatedRow {
  const found = members.flatMap((member) => member.rows.filter((row) => row.id === id).map((row) => ({ member, row })))
  const deciding = (['met', 'unknown'] as const).find((result) => found.some(({ row }) => row.result === result))
  if (!deciding)
    return {
      id,
      title,
      result: 'not-met',
      basis: undefined,
      judgements: [],
      evidence: 'Not met: no school of the trust meets this.',
    }
  const decisive = found.filter(({ row }) => row.result === deciding)
  return {
    id,
    title,
    result: deciding,
    judgements: decisive.flatMap(({ row }) => row.judgements),
    evidence: decisive.map(({ member, row }) => `${member.name} (URN ${member.urn}): ${row.evidence}`).join(' '),
    basis: deciding === 'met' ? 'member-school' : undefined,
  }
}

function judgeByPerson(id: string, pack: Pack, recorded: readonly RecordedJudgement[] = []): EvaluatedRow {
  const waiting = getCompiled(pack).waiting.get(id)
  if (!waiting) throw new Error(`Row ${id} is not one that a person judges`)
  const [last] = recorded.filter((judgement) => judgement.row === id).sort((a, b) => b.on.localeCompare(a.on))
  if (!last) return waiting
  const words = `by the ${roleTitles([last.by], pack)} on ${longDate(last.on)}.`
  const [held, not] = last.origin ? ['Approved', 'Refused'] : ['Judged to hold', 'Judged not to hold']
  return last.holds
    ? { ...waiting, result: 'met', basis: 'judged', evidence: `${held} ${words}`, judgement: last }
    : { ...waiting, result: 'not-met', evidence: `${not} ${words}`, judgement: last }
}

function waitForPerson({ id, title, marks, 'judged-by': judges }: JudgedRow, pack: Pack): EvaluatedRow {
  const evidence = `To be judged by: ${roleTitles(judges, pack)}.`
  return { id, title, result: 'to-judge', basis: undefined, judgements: [], evidence, ...(marks && { marks }) }
}

/** How a school or trust that qualifies is marked: only where no row without a mark is met. */
export function marksOf({ outcome, rows }: Pick<Evaluation, 'outcome' | 'rows'>): string[] {
  const met = rows.filter((row) => row.result === 'met')
  if (outcome !== 'eligible' || met.some((row) => row.marks === undefined)) return []
  return [...new Set(met.flatMap((row) => row.marks ?? []))]
}

/** A mark as a reader has it: "by exception". */
export function markInWords(mark: string): string {
  return mark.replaceAll('-', ' ')
}

function roleTitles(roles: readonly string[], pack: Pack): string {
  return roles.map((role) => pack.roles[role]?.title ?? role).join(' or ')
}

function concluded(pack: Pack, { kind, urn, name }: Subject, rows: readonly EvaluatedRow[]): Evaluation {
  const outcome = outcomeOf(pack.eligibility.hit, rows)
  const isMet = (nearest: OutcomeBasis) => rows.some((row) => row.result === 'met' && row.basis === nearest)
  const basis = outcome === 'eligible' ? NEAREST_FIRST.find(isMet) : undefined
  return { kind, urn, name, outcome, basis, rows }
}

/** A row that waits for a person leaves the answer "not eligible" for now; one that data cannot tell leaves it open. */
function outcomeOf(hit: Pack['eligibility']['hit'], rows: readonly EvaluatedRow[]): Outcome {
  const has = (result: RowResult) => rows.some((row) => row.result === result)
  if (hit === 'all') {
    if (has('not-met')) return 'not-eligible'
    return has('unknown') ? 'not-categorised' : has('to-judge') ? 'not-eligible' : 'eligible'
  }
  if (has('met')) return 'eligible'
  return has('unknown') ? 'not-categorised' : 'not-eligible'
}
