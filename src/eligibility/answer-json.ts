import { packRef } from '../programmes/index.ts'
import { type Evaluation, marksOf } from './evaluate.ts'
import { type JudgedRegister, type JudgedSchool, judgeTrusts } from './judge-register.ts'
import { ON_THE_DATA_HELD } from './words.ts'

/** What narrows an answer: by kind of subject, by authority code, and whether those who do not qualify are listed too. */
export type AnswerOptions = {
  readonly subject: 'school' | 'trust'
  readonly authority?: string | undefined
  readonly all: boolean
}

/** The answer to "who qualifies" as the command line and the API give it (design, section 4). */
export function toJson(judged: JudgedRegister, { subject, authority, all }: AnswerOptions) {
  const inScope =
    authority === undefined
      ? judged.schools
      : judged.schools.filter(({ school }) => isIn(school.authorityCode, authority))
  const trusts = subject === 'trust' ? judgeTrusts({ ...judged, schools: inScope }) : []
  const considered = subject === 'trust' ? trusts.length : inScope.length
  const found =
    subject === 'trust' ? trusts.map((one) => trustResult(one.uid, one.evaluation)) : inScope.map(schoolResult)
  return {
    programme: judged.pack.programme,
    edition: judged.pack.edition,
    ref: packRef(judged.pack),
    on: judged.on,
    considered,
    snapshots: judged.snapshots,
    note: ON_THE_DATA_HELD,
    // An edition without levels has no third outcome to list: who cannot be told is named apart.
    results: found.filter((one) => all || one.outcome === 'eligible'),
    cannotTell: found
      .filter((one) => one.outcome === 'not-categorised')
      .map(({ kind, urn, name }) => ({ kind, urn, name })),
  }
}

/** Authority codes are three digits; people type them with or without leading zeros. */
function isIn(code: string | null, wanted: string): boolean {
  return code !== null && (code === wanted || Number(code) === Number(wanted))
}

function schoolResult({ school, evaluation }: JudgedSchool) {
  return {
    kind: 'school',
    urn: school.urn,
    name: school.name,
    ...answerOf(evaluation),
    corrected: school.corrected,
    urns: urnsOf(school.urn, evaluation),
  }
}

function trustResult(uid: string, evaluation: Evaluation) {
  return {
    kind: 'trust',
    uid,
    urn: null,
    name: evaluation.name,
    ...answerOf(evaluation),
    through: (evaluation.through ?? []).map(Number),
  }
}

function answerOf(evaluation: Evaluation) {
  return {
    outcome: evaluation.outcome,
    basis: evaluation.basis ?? null,
    marks: marksOf(evaluation),
    rows: evaluation.rows.map(({ id, result, evidence, judgements }) => ({
      id,
      result,
      evidence,
      judgements: judgements.map((one) => ({
        date: one.date,
        inspected: one.inspected,
        grade: one.grade ?? null,
        filedUnder: Number(one.filedUnder),
        judgedAt: Number(one.judgedAt),
        basis: one.basis,
        corrected: one.corrected ?? null,
      })),
    })),
  }
}

/** Every URN that the answer rests on, the school's own first. */
function urnsOf(own: number, evaluation: Evaluation): number[] {
  const used = evaluation.rows.flatMap((row) =>
    row.judgements.flatMap((one) => [Number(one.filedUnder), Number(one.judgedAt)]),
  )
  return [...new Set([own, ...used])]
}
