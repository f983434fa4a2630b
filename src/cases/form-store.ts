import { sql } from 'kysely'
import type { Actor } from '../platform/actor.ts'
import type { Db } from '../platform/db.ts'
import type {
  FormCopies,
  SectionAnswers,
  StoredForm,
  StoredSection,
  StoredSignature,
  StoredSubmission,
} from './form-state.ts'

const SECTION_COLUMNS = sql`section, version, state, answers, sealed, tail, saved_at as "savedAt", saved_on as "savedOn",
  saved_by as "savedBy"`

/** The form of a case with what the given leader and everybody before wrote into it; undefined before the deployment. */
export async function findForm(db: Db, caseId: number, leaderId: number | null): Promise<StoredForm | undefined> {
  const { rows } = await sql<Pick<StoredForm, 'id' | 'form' | 'status' | 'returnedWords' | 'copies' | 'openedOn'>>`
    select id, form, status, returned_words as "returnedWords", copies, opened_on as "openedOn"
    from case_form where case_id = ${caseId} order by id limit 1`.execute(db)
  const [row] = rows
  if (!row) return undefined
  const leaderKey = leaderId ?? 0
  const [sections, signatures, submissions] = await Promise.all([
    sql<StoredSection>`select distinct on (section) ${SECTION_COLUMNS} from case_form_section
      where form_id = ${row.id} and leader_key in (0, ${leaderKey}) order by section, version desc`.execute(db),
    sql<StoredSignature>`select signature, digest, versions, signed_on as "signedOn", signed_at as "signedAt",
        signed_by as "signedBy", signed_as as "signedAs", voided_at as "voidedAt", voided_by as "voidedBy",
        void_reason as "voidReason"
      from case_signature where form_id = ${row.id} and leader_key = ${leaderKey} order by id`.execute(db),
    sql<StoredSubmission>`select receipt, submitted_at as "submittedAt", submitted_on as "submittedOn",
        submitted_by as "submittedBy", due_on as "dueOn", late, destination, returned_on as "returnedOn",
        return_words as "returnWords", forwarded_on as "forwardedOn"
      from case_form_submission where form_id = ${row.id} and leader_key = ${leaderKey} order by id`.execute(db),
  ])
  return {
    ...row,
    leaderKey,
    sections: sections.rows,
    signatures: signatures.rows,
    submissions: submissions.rows,
  }
}

/** One version of a section as it was saved. */
export async function findSectionVersion(
  db: Db,
  { formId, section, leaderKey, version }: { formId: number; section: string; leaderKey: number; version: number },
): Promise<StoredSection | undefined> {
  const { rows } = await sql<StoredSection>`select ${SECTION_COLUMNS} from case_form_section
    where form_id = ${formId} and section = ${section} and leader_key = ${leaderKey} and version = ${version}`.execute(
    db,
  )
  return rows[0]
}

export async function listSectionVersions(
  db: Db,
  { formId, section, leaderKey }: { formId: number; section: string; leaderKey: number },
): Promise<Pick<StoredSection, 'version' | 'state' | 'savedOn' | 'savedBy'>[]> {
  const { rows } = await sql<StoredSection>`select version, state, saved_on as "savedOn", saved_by as "savedBy"
    from case_form_section where form_id = ${formId} and section = ${section} and leader_key = ${leaderKey}
    order by version`.execute(db)
  return rows
}

/** Makes the form of a case; false where there is one already, which then learns of the leader. */
export async function insertForm(
  db: Db,
  { caseId, form, copies, on }: { caseId: number; form: string; copies: FormCopies; on: string },
): Promise<boolean> {
  const { rows } = await sql<{ made: boolean }>`
    insert into case_form (case_id, form, copies, opened_on) values (${caseId}, ${form}, ${JSON.stringify(copies)}::jsonb, ${on})
    on conflict (case_id, form) do update set copies =
      jsonb_set(case_form.copies, '{leaders}', (excluded.copies->'leaders') || (case_form.copies->'leaders'))
    returning (xmax = 0) as made`.execute(db)
  return rows[0]?.made ?? false
}

export type NewVersion = {
  readonly formId: number
  readonly section: string
  readonly leaderKey: number
  readonly version: number
  readonly state: 'draft' | 'complete'
  readonly answers: SectionAnswers | Record<string, never>
  readonly sealed: string | null
  readonly tail: string | null
  readonly on: string
  readonly by: Actor
}

export async function insertSection(db: Db, row: NewVersion): Promise<void> {
  await sql`insert into case_form_section (form_id, section, leader_key, version, state, answers, sealed, tail, saved_on,
      saved_by, saved_by_id)
    values (${row.formId}, ${row.section}, ${row.leaderKey}, ${row.version}, ${row.state},
      ${JSON.stringify(row.answers)}::jsonb, ${row.sealed}, ${row.tail}, ${row.on}, ${row.by.name}, ${row.by.personId})`.execute(
    db,
  )
}

export async function insertSignature(
  db: Db,
  row: {
    formId: number
    signature: string
    leaderKey: number
    digest: string
    versions: Readonly<Record<string, number>>
    on: string
    by: { name: string; personId: number }
    as: string
  },
): Promise<void> {
  await sql`insert into case_signature (form_id, signature, leader_key, digest, versions, signed_on, signed_by,
      signed_by_id, signed_as)
    values (${row.formId}, ${row.signature}, ${row.leaderKey}, ${row.digest}, ${JSON.stringify(row.versions)}::jsonb,
      ${row.on}, ${row.by.name}, ${row.by.personId}, ${row.as})`.execute(db)
}

export async function voidSignature(
  db: Db,
  {
    formId,
    signature,
    leaderKey,
    by,
    reason,
  }: { formId: number; signature: string; leaderKey: number; by: Actor; reason: string },
): Promise<void> {
  await sql`update case_signature set voided_at = now(), voided_by = ${by.name}, void_reason = ${reason}
    where form_id = ${formId} and signature = ${signature} and leader_key = ${leaderKey} and voided_at is null`.execute(
    db,
  )
}

export async function setFormStatus(
  db: Db,
  formId: number,
  status: StoredForm['status'],
  words: string | null = null,
): Promise<void> {
  await sql`update case_form set status = ${status}, returned_words = ${words} where id = ${formId}`.execute(db)
}

export async function insertSubmission(
  db: Db,
  row: {
    formId: number
    leaderKey: number
    receipt: string
    on: string
    by: Actor
    due: string | null
    late: boolean
    destination: string
  },
): Promise<void> {
  await sql`insert into case_form_submission (form_id, receipt, leader_key, submitted_on, submitted_by, due_on, late, destination)
    values (${row.formId}, ${row.receipt}, ${row.leaderKey}, ${row.on}, ${row.by.name}, ${row.due}, ${row.late},
      ${row.destination})`.execute(db)
}

/** Notes on the newest handing in that it came back, or went on. */
export async function markSubmission(
  db: Db,
  formId: number,
  { returnedOn, words, forwardedOn }: { returnedOn?: string; words?: string; forwardedOn?: string },
): Promise<void> {
  await sql`update case_form_submission set returned_on = coalesce(${returnedOn ?? null}::date, returned_on),
      return_words = coalesce(${words ?? null}, return_words), forwarded_on = coalesce(${forwardedOn ?? null}::date, forwarded_on)
    where id = (select max(id) from case_form_submission where form_id = ${formId})`.execute(db)
}
