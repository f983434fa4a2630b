import { sql } from 'kysely'
import type { Database, Db } from '../platform/db.ts'
import { runAsMachine } from '../platform/scope.ts'
import { type Pack, packRef } from '../programmes/index.ts'
import type { RecordedJudgement } from './evaluate.ts'

/** Whom a judgement is about. */
export type SubjectKey =
  | { readonly kind: 'school'; readonly urn: number }
  | { readonly kind: 'trust'; readonly uid: string }

/** What persons judged, by edition and subject, newest first. */
export type Recorded = ReadonlyMap<string, readonly RecordedJudgement[]>

const NOTHING: readonly RecordedJudgement[] = []

export function recordedOf(recorded: Recorded, pack: Pack, subject: SubjectKey): readonly RecordedJudgement[] {
  return recorded.get(keyOf(packRef(pack), subject)) ?? NOTHING
}

function keyOf(ref: string, subject: SubjectKey): string {
  return subject.kind === 'school' ? `${ref} school ${subject.urn}` : `${ref} trust ${subject.uid}`
}

type Row = RecordedJudgement & { ref: string; urn: number | null; uid: string | null; origin: string | null }

/**
 * Every judgement up to a day. That somebody judged, in which role and how, is for everyone who may see who qualifies; the
 * reasons, and by whom, are not read here.
 */
export async function readRecorded({ pool }: Pick<Database, 'pool'>, on: string): Promise<Recorded> {
  const { rows } = await runAsMachine(() =>
    pool.query<Row>({
      name: 'eligibility-recorded',
      text: `select j.id, j.programme || '@' || j.edition as ref, e.urn, j.trust_uid as uid, j.row_id as "row",
             j.judged_as as "by", j.judged_on as "on", j.holds, j.origin
           from eligibility_judgement j left join establishment e on e.id = j.establishment_id
           where j.judged_on <= $1::date order by j.judged_on desc, j.id desc`,
      values: [on],
    }),
  )
  const recorded = new Map<string, RecordedJudgement[]>()
  for (const { ref, urn, uid, origin, ...judgement } of rows) {
    const key = keyOf(ref, urn === null ? { kind: 'trust', uid: uid ?? '' } : { kind: 'school', urn })
    const held = recorded.get(key) ?? []
    held.push({ ...judgement, ...(origin && { origin }) })
    recorded.set(key, held)
  }
  return recorded
}

/** Changes whenever somebody judges. */
export async function getJudgementMark({ pool }: Pick<Database, 'pool'>): Promise<string> {
  const { rows } = await runAsMachine(() =>
    pool.query<{ mark: string }>({
      name: 'eligibility-judgement-mark',
      text: 'select coalesce(max(id), 0)::text as mark from eligibility_judgement',
    }),
  )
  return rows[0]?.mark ?? '0'
}

/** A judgement as it is kept; `rationale` is for those who see the subject's record. */
export type JudgementRecord = {
  readonly id: number
  readonly row: string
  readonly holds: boolean
  readonly on: string
  readonly role: string
  readonly roleTitle: string
  readonly by: string
  readonly rationale: string
  readonly origin: string | null
  readonly request: number | null
}

export type NewJudgement = Omit<JudgementRecord, 'id' | 'request'> & {
  readonly subject: SubjectKey
  readonly personId: number | null
  readonly door: string
  readonly request: number | null
}

export async function insertJudgement(db: Db, pack: Pack, given: NewJudgement): Promise<number> {
  const { subject } = given
  const { rows } = await sql<{ id: number }>`
    insert into eligibility_judgement (programme, edition, row_id, establishment_id, trust_uid, holds, judged_on, judged_as,
      judged_as_title, judged_by, person_id, rationale, origin, request_id, door)
    values (${pack.programme}, ${pack.edition}, ${given.row}, ${schoolId(subject)}, ${trustUid(subject)}, ${given.holds},
      ${given.on}, ${given.role}, ${given.roleTitle}, ${given.by}, ${given.personId}, ${given.rationale}, ${given.origin},
      ${given.request}, ${given.door})
    returning id`.execute(db)
  const [row] = rows
  if (!row) throw new Error('A judgement was not stored')
  return row.id
}

function schoolId(subject: SubjectKey) {
  return sql`(select id from establishment where urn = ${subject.kind === 'school' ? subject.urn : null})`
}

function trustUid(subject: SubjectKey): string | null {
  return subject.kind === 'trust' ? subject.uid : null
}

/** The judgements of one school or trust in one edition, newest first. */
export async function listJudgementsOf(db: Db, pack: Pack, subject: SubjectKey): Promise<JudgementRecord[]> {
  const { rows } = await sql<JudgementRecord>`
    select id, row_id as "row", holds, judged_on as "on", judged_as as role, judged_as_title as "roleTitle", judged_by as by,
      rationale, origin, request_id as request
    from eligibility_judgement
    where programme = ${pack.programme} and edition = ${pack.edition} and ${isAbout(subject)}
    order by judged_on desc, id desc`.execute(db)
  return rows
}

export function isAbout(subject: SubjectKey) {
  return subject.kind === 'school'
    ? sql`establishment_id = (select id from establishment where urn = ${subject.urn})`
    : sql`trust_uid = ${subject.uid}`
}
