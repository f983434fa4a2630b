import { sql } from 'kysely'
import type { Actor } from '../platform/actor.ts'
import type { Db } from '../platform/db.ts'
import type {
  AcceptedConsent,
  Study,
  StudyApproval,
  StudyConsent,
  StudyEntry,
  StudySubject,
  StudySupporter,
} from './study.ts'

type StudyRow = Omit<Study, 'texts' | 'subjects' | 'supporters' | 'entries' | 'approvals' | 'consents'>

/** Where a school or trust lies: the register gives trusts no region, so it is the one that most of its schools lie in. */
export const REGION_OF_SUBJECT = sql`coalesce(e.region, a.region, (
  select coalesce(m.region, ma.region) from establishment m left join authority ma on ma.code = m.authority_code
  where m.trust_uid = s.trust_uid and coalesce(m.region, ma.region) is not null
  group by 1 order by count(*) desc, 1 limit 1))`

/** A study whole, by reference; `lock` keeps everybody else from changing it until the transaction ends. */
export async function findStudy(db: Db, reference: string, lock = false): Promise<Study | undefined> {
  const { rows } = await sql<StudyRow>`
    select id, reference, programme, edition, title, state, version, text_version as "textVersion",
      started_on as "startedOn", started_by as "startedBy", published_on as "publishedOn", published_by as "publishedBy",
      withdrawn_on as "withdrawnOn", withdrawn_by as "withdrawnBy", withdrawn_reason as "withdrawnReason"
    from case_study where reference = ${reference} ${lock ? sql`for update` : sql``}`.execute(db)
  const [row] = rows
  if (!row) return undefined
  const subjects = await readSubjects(db, row.id)
  const supporters = await readSupporters(db, row.id)
  const { rows: texts } = await sql<{ section: string; words: string }>`
    select section, words from case_study_section where study_id = ${row.id}`.execute(db)
  const { rows: entries } = await sql<StudyEntry>`
    select n.id, n.section, n.on_date as on, n.words, e.urn as judged, n.source
    from case_study_entry n left join establishment e on e.id = n.establishment_id
    where n.study_id = ${row.id} order by n.on_date, n.id`.execute(db)
  const { rows: approvals } = await sql<StudyApproval>`
    select text_version as "textVersion", approved_on as on, approved_by as by, approved_as as as
    from case_study_approval where study_id = ${row.id} order by id desc`.execute(db)
  return {
    ...row,
    texts: Object.fromEntries(texts.map(({ section, words }) => [section, words])),
    subjects,
    supporters,
    entries,
    approvals,
    consents: await readConsents(db, row.id),
  }
}

async function readSubjects(db: Db, studyId: number): Promise<StudySubject[]> {
  const { rows } = await sql<StudySubject>`
    select s.id, coalesce('urn:' || e.urn, 'trust:' || s.trust_uid) as key, coalesce(e.name, g.name) as name, e.urn,
      s.trust_uid as trust, ${REGION_OF_SUBJECT} as region, s.case_id as "caseId", c.reference as "caseReference",
      c.stage as "caseStage"
    from case_study_subject s left join establishment e on e.id = s.establishment_id
      left join authority a on a.code = e.authority_code left join establishment_group g on g.uid = s.trust_uid
      left join support_case c on c.id = s.case_id
    where s.study_id = ${studyId} order by s.id`.execute(db)
  return rows
}

async function readSupporters(db: Db, studyId: number): Promise<StudySupporter[]> {
  const { rows } = await sql<StudySupporter>`
    select p.id, l.reference as leader, coalesce(p.name, l.name, l.reference) as name,
      coalesce(p.organisation, e.name, g.name, l.organisation_name) as organisation
    from case_study_supporter p left join leader l on l.id = p.leader_id
      left join establishment e on e.id = l.organisation_establishment_id
      left join establishment_group g on g.uid = l.organisation_trust_uid
    where p.study_id = ${studyId} order by p.id`.execute(db)
  return rows
}

async function readConsents(db: Db, studyId: number): Promise<StudyConsent[]> {
  const { rows } = await sql<StudyConsent>`
    select c.text_version as "textVersion", coalesce('urn:' || e.urn, 'trust:' || c.trust_uid) as key, c.answer,
      c.given_by as "givenBy", c.given_on as "givenOn", c.way, c.recorded_on as "recordedOn", c.recorded_by as "recordedBy"
    from case_study_consent c left join establishment e on e.id = c.establishment_id
    where c.study_id = ${studyId} order by c.id desc`.execute(db)
  return rows
}

export type NewStudy = {
  /** The number that a scene gives it; without one the next is taken. */
  readonly reference: string | undefined
  readonly programme: string
  readonly edition: string
  readonly title: string
  readonly on: string
  readonly by: Actor
}

/** Any constant will do, as long as no other lock uses it: numbers are given one after another. */
const NUMBER_LOCK = 7_500_160

export async function insertStudy(db: Db, study: NewStudy): Promise<{ id: number; reference: string }> {
  await sql`select pg_advisory_xact_lock(${NUMBER_LOCK})`.execute(db)
  const { rows } = await sql<{ id: number; reference: string }>`
    insert into case_study (reference, programme, edition, title, started_on, started_by, started_by_id)
    select coalesce(${study.reference ?? null}, 'CS-' || (1 + coalesce(max(substring(reference from '^CS-([0-9]{1,8})$')::integer), 0))),
      ${study.programme}, ${study.edition}, ${study.title}, ${study.on}::date, ${study.by.name}, ${study.by.personId}
    from case_study returning id, reference`.execute(db)
  const [row] = rows
  if (!row) throw new Error('A case study could not be stored')
  return row
}

/** Counts a change of what the page shows: what was said of it before counts no longer. */
export async function countChange(db: Db, studyId: number): Promise<void> {
  await sql`update case_study set version = version + 1, text_version = text_version + 1 where id = ${studyId}`.execute(
    db,
  )
}

export async function saveTexts(
  db: Db,
  studyId: number,
  { title, texts }: { title: string; texts: Readonly<Record<string, string>> },
): Promise<void> {
  await sql`update case_study set title = ${title} where id = ${studyId}`.execute(db)
  for (const [section, words] of Object.entries(texts))
    await sql`insert into case_study_section (study_id, section, words) values (${studyId}, ${section}, ${words})
      on conflict (study_id, section) do update set words = excluded.words`.execute(db)
}

export type SubjectIds = {
  readonly caseId: number | null
  readonly establishmentId: number | null
  readonly trust: string | null
}

export async function insertSubject(db: Db, studyId: number, subject: SubjectIds, on: string): Promise<void> {
  await sql`insert into case_study_subject (study_id, case_id, establishment_id, trust_uid, linked_on)
    values (${studyId}, ${subject.caseId}, ${subject.establishmentId}, ${subject.trust}, ${on})`.execute(db)
}

export async function deleteSubject(db: Db, id: number): Promise<void> {
  await sql`delete from case_study_subject where id = ${id}`.execute(db)
}

/** False where the leader, or somebody of that name, is there already. */
export async function insertSupporter(
  db: Db,
  studyId: number,
  one: { readonly leaderId: number | null; readonly name: string | null; readonly organisation: string | null },
): Promise<boolean> {
  const { rows } = await sql<{ id: number }>`
    insert into case_study_supporter (study_id, leader_id, name, organisation)
    values (${studyId}, ${one.leaderId}, ${one.name}, ${one.organisation}) on conflict do nothing returning id`.execute(
    db,
  )
  return rows.length > 0
}

export async function deleteSupporter(db: Db, id: number): Promise<void> {
  await sql`delete from case_study_supporter where id = ${id}`.execute(db)
}

/** False where this judgement stands in the study already. */
export async function insertEntry(
  db: Db,
  studyId: number,
  one: {
    readonly section: string
    readonly on: string
    readonly words: string
    readonly establishmentId: number | null
    readonly source: string | null
  },
): Promise<boolean> {
  const { rows } = await sql<{ id: number }>`
    insert into case_study_entry (study_id, section, on_date, words, establishment_id, source)
    values (${studyId}, ${one.section}, ${one.on}, ${one.words}, ${one.establishmentId}, ${one.source})
    on conflict do nothing returning id`.execute(db)
  return rows.length > 0
}

export async function deleteEntry(db: Db, id: number): Promise<void> {
  await sql`delete from case_study_entry where id = ${id}`.execute(db)
}

export async function insertApproval(
  db: Db,
  study: Study,
  { on, by, as }: { on: string; by: Actor; as: string | null },
): Promise<void> {
  await sql`insert into case_study_approval (study_id, text_version, approved_on, approved_by, approved_by_id, approved_as)
    values (${study.id}, ${study.textVersion}, ${on}, ${by.name}, ${by.personId}, ${as})`.execute(db)
}

export async function insertConsent(
  db: Db,
  study: Study,
  { key, answer, givenBy, givenOn, way, on, by }: AcceptedConsent & { on: string; by: Actor },
): Promise<void> {
  await sql`insert into case_study_consent (study_id, text_version, establishment_id, trust_uid, answer, given_by, given_on,
      way, recorded_on, recorded_by, recorded_by_id)
    select ${study.id}, ${study.textVersion}, s.establishment_id, s.trust_uid, ${answer}, ${givenBy}, ${givenOn}::date, ${way},
      ${on}::date, ${by.name}, ${by.personId}
    from case_study_subject s left join establishment e on e.id = s.establishment_id
    where s.study_id = ${study.id} and coalesce('urn:' || e.urn, 'trust:' || s.trust_uid) = ${key} limit 1`.execute(db)
}

export async function markPublished(db: Db, studyId: number, { on, by }: { on: string; by: Actor }): Promise<void> {
  await sql`update case_study set state = 'published', published_on = ${on}, published_by = ${by.name},
      published_by_id = ${by.personId}, withdrawn_on = null, withdrawn_by = null, withdrawn_reason = null,
      version = version + 1 where id = ${studyId}`.execute(db)
}

/** Afterwards it is approved and agreed to anew, also where nothing is changed in it. */
export async function markWithdrawn(
  db: Db,
  studyId: number,
  { on, by, reason }: { on: string; by: Actor; reason: string },
): Promise<void> {
  await sql`update case_study set state = 'withdrawn', withdrawn_on = ${on}, withdrawn_by = ${by.name},
      withdrawn_reason = ${reason}, published_on = null, published_by = null, published_by_id = null,
      version = version + 1, text_version = text_version + 1 where id = ${studyId}`.execute(db)
}

/** A judgement that the register holds of a school, by the day of its publication, else of the inspection. */
export type Judgement = {
  readonly establishmentId: number
  readonly urn: number
  readonly name: string
  readonly on: string
  readonly grade: number
  readonly source: string
}

/** Judgements of a school, or of the schools of a trust, after `after` and up to `to`. */
export async function readJudgements(
  db: Db,
  {
    establishmentId,
    trust,
    after,
    to,
  }: { establishmentId: number | null; trust: string | null; after: string; to: string },
): Promise<Judgement[]> {
  const { rows } = await sql<Judgement>`
    select e.id as "establishmentId", e.urn, e.name, coalesce(i.published_on, i.inspected_on) as on, i.overall as grade,
      f.title as source
    from inspection i join establishment e on e.id = i.establishment_id join data_file f on f.id = i.data_file_id
    where i.kind = 'graded' and i.overall is not null and coalesce(i.published_on, i.inspected_on) > ${after}::date
      and coalesce(i.published_on, i.inspected_on) <= ${to}::date
      and (e.id = ${establishmentId} or (${establishmentId}::integer is null and e.trust_uid = ${trust}))
    order by 4, 2`.execute(db)
  return rows
}
