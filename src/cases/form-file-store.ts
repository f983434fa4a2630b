import { sql } from 'kysely'
import type { Db } from '../platform/db.ts'
import type { FileContent } from './form-file-read.ts'

/** A filled form that waits for its differences to be taken. */
export type WaitingFile = {
  readonly id: number
  readonly fileName: string
  readonly sha256: string
  readonly content: FileContent
}

/** Keeps somebody's file for a form in place of an earlier one. */
export async function keepFile(
  db: Db,
  row: { formId: number; personId: number; fileName: string; sha256: string; content: FileContent },
): Promise<number> {
  await dropOldFiles(db)
  await dropFile(db, row)
  const { rows } = await sql<{ id: number }>`insert into case_form_file (form_id, person_id, file_name, sha256, content)
    values (${row.formId}, ${row.personId}, ${row.fileName}, ${row.sha256}, ${JSON.stringify(row.content)}::jsonb)
    returning id`.execute(db)
  return rows[0]?.id ?? 0
}

export async function findFile(
  db: Db,
  { formId, personId }: { formId: number; personId: number },
): Promise<WaitingFile | undefined> {
  const { rows } = await sql<WaitingFile>`select id, file_name as "fileName", sha256, content from case_form_file
    where form_id = ${formId} and person_id = ${personId}`.execute(db)
  return rows[0]
}

export async function dropFile(db: Db, { formId, personId }: { formId: number; personId: number }): Promise<void> {
  await sql`delete from case_form_file where form_id = ${formId} and person_id = ${personId}`.execute(db)
}

/** Files that nobody took within a week go. */
export async function dropOldFiles(db: Db): Promise<void> {
  await sql`delete from case_form_file where made_at < now() - interval '7 days'`.execute(db)
}
