import type { Database } from '../platform/db.ts'
import { accept, type Decision, type Refusal, refuse } from '../platform/decision.ts'
import { isRuleRow, originsOf, type Pack, packRef } from '../programmes/index.ts'
import { type EvaluatedRow, marksOf, type OutcomeBasis } from './evaluate.ts'
import { kindFaults } from './judgement.ts'
import { type JudgementRecord, listJudgementsOf, type SubjectKey } from './judgement-store.ts'
import { findSubject, type SubjectKind } from './subject.ts'
import { answerFor, type SubjectAnswer } from './subject-answer.ts'

/** A row that was met, with what it rests on: judgements of inspections, or what a person decided, when and in which role. */
export type MetRow = {
  readonly id: string
  readonly title: string
  readonly evidence: string
  readonly basis: OutcomeBasis | null
  readonly judgements: readonly { readonly date: string; readonly grade: number | null; readonly judgedAt: number }[]
  readonly decided: JudgementRecord | null
}

/** That a school or trust is entitled, whole, so that it can be kept: nothing of it changes with the register afterwards. */
export type Entitlement = {
  readonly programme: string
  readonly edition: string
  readonly packVersion: string
  readonly on: string
  readonly subject: {
    readonly kind: SubjectKind
    readonly urn: number | null
    readonly uid: string | null
    readonly name: string
    readonly region: string | null
    readonly trust: { readonly uid: string; readonly name: string } | null
  }
  /** Every row that is met; `reason` is the one that counts as the reason, the first of the edition's order. */
  readonly rows: readonly MetRow[]
  readonly reason: string
  readonly basis: OutcomeBasis | null
  /** Of a trust: the schools through which it qualifies. */
  readonly through: readonly number[]
  readonly marks: readonly string[]
  /** Only by a row that is asked for, and from where that began. */
  readonly byException: boolean
  readonly origin: string | null
  readonly snapshots: SubjectAnswer['snapshots']
  readonly dataMark: string
}

export type EntitlementAsked = {
  readonly pack: Pack
  readonly subject: SubjectKey
  /** ISO date. */
  readonly on: string
  /** What somebody says that the subject is; refused where the register says otherwise. */
  readonly kind?: string | undefined
}

/**
 * Whether a school or trust is entitled on a day, and the snapshot to keep with its case. Refusals: `not-found`, `kind.conflict`,
 * `eligibility.none` with one `eligibility.row` for each criterion that is not met, and `eligibility.ask` where it may be asked for.
 */
export async function findEntitlement(database: Database, asked: EntitlementAsked): Promise<Decision<Entitlement>> {
  const { pack, on, kind = '' } = asked
  const subject = await findSubject(database.db, asked.subject, on)
  const answer = subject && (await answerFor(database, asked))
  if (!subject || !answer)
    return refuse({ code: 'not-found', message: `The register holds no such open school or trust on ${on}` })
  const conflict = kindFaults(kind, subject.kind)
  if (conflict.length > 0) return refuse(...conflict)
  const { evaluation, snapshots, dataMark } = answer
  if (evaluation.outcome !== 'eligible') return refuse(...whyNot(pack, evaluation.rows))
  const decisions = await listJudgementsOf(database.db, pack, asked.subject)
  const rows = evaluation.rows.filter(({ result }) => result === 'met').map((row) => toMet(row, decisions))
  const asking = rowsAskedFor(pack)
  const byException = rows.every(({ id }) => asking.has(id))
  const { key, trust } = subject
  return accept({
    programme: pack.programme,
    edition: pack.edition,
    packVersion: pack.version,
    on,
    subject: {
      kind: subject.kind,
      urn: key.kind === 'school' ? key.urn : null,
      uid: key.kind === 'trust' ? key.uid : null,
      name: subject.name,
      region: subject.place.region,
      trust,
    },
    rows,
    reason: rows[0]?.id ?? '',
    basis: evaluation.basis ?? null,
    through: (evaluation.through ?? []).map(Number),
    marks: marksOf(evaluation),
    byException,
    origin: (byException && rows[0]?.decided?.origin) || null,
    snapshots,
    dataMark,
  })
}

function rowsAskedFor(pack: Pack): ReadonlySet<string> {
  return new Set(pack.eligibility.rows.flatMap((row) => (!isRuleRow(row) && originsOf(row).length > 0 ? [row.id] : [])))
}

function toMet(row: EvaluatedRow, decisions: readonly JudgementRecord[]): MetRow {
  return {
    id: row.id,
    title: row.title,
    evidence: row.evidence,
    basis: row.basis ?? null,
    judgements: row.judgements.map(({ date, grade, judgedAt }) => ({
      date,
      grade: grade ?? null,
      judgedAt: Number(judgedAt),
    })),
    decided: decisions.find(({ id }) => id === row.judgement?.id) ?? null,
  }
}

/** Every criterion that is not met, with its reason (TSI-009), and that it may be asked for otherwise (TSI-011). */
function whyNot(pack: Pack, rows: readonly EvaluatedRow[]): Refusal[] {
  const asking = rowsAskedFor(pack)
  const unmet = rows.filter(({ id }) => !asking.has(id))
  const offered = pack.eligibility.rows.filter(({ id }) => asking.has(id) && rows.some((row) => row.id === id))
  return [
    { code: 'eligibility.none', message: `No criterion of ${packRef(pack)} is met, so nothing is opened` },
    ...unmet.map(({ title, evidence }) => ({ code: 'eligibility.row', message: `${title}: ${evidence}` })),
    ...offered.map(({ title }) => ({ code: 'eligibility.ask', message: `It may be asked for: ${title}` })),
  ]
}
