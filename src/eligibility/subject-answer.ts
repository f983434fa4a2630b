import type { Database } from '../platform/db.ts'
import type { Pack } from '../programmes/index.ts'
import type { SnapshotUsed } from '../register/index.ts'
import type { Evaluation } from './evaluate.ts'
import { getJudged, type JudgedRegister, judgeTrusts } from './judge-register.ts'
import type { SubjectKey } from './judgement-store.ts'

/** What an edition says of one school or trust on a day, and the data that it rests on. */
export type SubjectAnswer = {
  readonly evaluation: Evaluation
  readonly snapshots: readonly SnapshotUsed[]
  readonly dataMark: string
}

/** Undefined for a school that was not open on the day, and for a trust without an open school. */
export async function answerFor(
  database: Database,
  { pack, subject, on }: { readonly pack: Pack; readonly subject: SubjectKey; readonly on: string },
): Promise<SubjectAnswer | undefined> {
  const judged = await getJudged(database, pack, on)
  const evaluation = evaluationOf(judged, subject)
  return evaluation && { evaluation, snapshots: judged.snapshots, dataMark: judged.dataMark }
}

function evaluationOf(judged: JudgedRegister, subject: SubjectKey): Evaluation | undefined {
  if (subject.kind === 'school') return judged.schools.find(({ school }) => school.urn === subject.urn)?.evaluation
  const members = judged.schools.filter(({ school }) => school.trustUid === subject.uid)
  return judgeTrusts({ ...judged, schools: members })[0]?.evaluation
}
