import { createHash } from 'node:crypto'
import type { Actor } from '../platform/actor.ts'
import { allOrNothing } from '../platform/all-or-nothing.ts'
import { writeAudit } from '../platform/audit.ts'
import type { Db } from '../platform/db.ts'
import { accept, type Decision, type Refusal, refuse } from '../platform/decision.ts'
import { submitOnce } from '../platform/submit-once.ts'
import type { Upload } from '../platform/web/route.ts'
import { readWorkbook } from '../platform/web/workbook-file.ts'
import type { CaseParts } from './case-parts.ts'
import { findCase } from './case-store.ts'
import { auditForeign, type FormDesk, NO_FORM, openFormDesk, sectionOf } from './form-desk.ts'
import { compareFile, type FileComparison } from './form-file-compare.ts'
import { mergeChanges } from './form-file-judge.ts'
import { readFormFile } from './form-file-read.ts'
import { dropFile, findFile, keepFile, type WaitingFile } from './form-file-store.ts'
import { endStepOf, type SectionSaved, saveWithin } from './form-save.ts'
import { findSection } from './form-state.ts'
import { NO_CASE } from './run-step.ts'

/** A file that waits, with what taking it would change. */
export type ComparedFile = { readonly file: WaitingFile; readonly comparison: FileComparison }

const NO_FILE: Refusal = { code: 'file.missing', message: 'Choose the workbook that you filled in', field: 'file' }
const NONE_WAITING: Refusal = {
  code: 'file.none-waiting',
  message: 'No file of yours waits for this form: send it first',
}
const NO_PERSON: Refusal = { code: 'not-responsible', message: 'Only a person can send a filled form' }

/**
 * Reads a filled workbook, compares it with the form and keeps it until its differences are taken, a week at most. Nothing of the
 * form changes. What its sender may not fill is audited as an attempt.
 */
export async function uploadFile(
  parts: CaseParts,
  desk: FormDesk,
  { upload, by }: { upload: Upload | undefined; by: Actor },
): Promise<Decision<ComparedFile>> {
  const { personId } = by
  if (personId === null) return refuse(NO_PERSON)
  if (!upload || upload.bytes.length === 0) return refuse(NO_FILE)
  const sheets = await readWorkbook(upload.bytes)
  if (!sheets.ok) return sheets
  const read = readFormFile(desk, sheets.value)
  if (!read.ok) return read
  const { reference } = desk.record
  const place = { formId: desk.stored.id, personId }
  const fileName = upload.fileName || `${reference}.xlsx`
  const sha256 = createHash('sha256').update(upload.bytes).digest('hex')
  const compared = await parts.database.db.transaction().execute(async (db) => {
    const comparison = await compareFile(db, { desk, by, content: read.value })
    const id = await keepFile(db, { ...place, fileName, sha256, content: read.value })
    await writeAudit(db, {
      actor: by,
      action: 'File of the form read',
      record: 'case',
      recordKey: reference,
      new: { file: fileName, sha256, differences: comparison.changes.length, refused: comparison.faults.length },
    })
    return { file: { id, fileName, sha256, content: read.value }, comparison }
  })
  const foreign = compared.comparison.faults.filter(({ code }) => code === 'not-responsible')
  for (const section of new Set(foreign.map((one) => one.section)))
    await auditForeign(parts.database, { reference, by, what: `Write section ${section} from a file` })
  return accept(compared)
}

/** The file that waits for somebody's decision, compared with the form as it is now. */
export async function findComparedFile(db: Db, desk: FormDesk, by: Actor): Promise<ComparedFile | undefined> {
  if (by.personId === null) return undefined
  const file = await findFile(db, { formId: desk.stored.id, personId: by.personId })
  return file && { file, comparison: await compareFile(db, { desk, by, content: file.content }) }
}

/** Which differences to take: their ids, or all. `upload` and `seen` are of the comparison that was looked at. */
export type TakeAsk = {
  readonly reference: string
  readonly upload: number | null
  readonly seen: string | null
  readonly take: readonly string[] | null
  readonly by: Actor
  readonly submission?: string | undefined
}
export type FileTaken = { readonly taken: number; readonly left: number; readonly sections: readonly SectionSaved[] }

/**
 * Takes differences of the waiting file into the form, all of them or none, by the rules of every other saving. Refuses
 * `file.none-waiting`, `moved-on` when the file or the form is another one than was looked at, `change.unknown` and whatever the
 * sections refuse.
 */
export async function takeFile(parts: CaseParts, ask: TakeAsk): Promise<Decision<FileTaken>> {
  const decision = await allOrNothing(parts.database.db, (db) =>
    submitOnce(db, ask.submission, () => takeWithin(parts, db, ask)),
  )
  if (!decision.ok) return decision
  const { reference, by } = ask
  for (const { section, state } of decision.value.sections)
    if (state === 'complete') await endStepOf(parts, { reference, section, by })
  return decision
}

async function takeWithin(parts: CaseParts, db: Db, ask: TakeAsk): Promise<Decision<FileTaken>> {
  const record = await findCase(db, ask.reference, true)
  if (!record) return refuse(NO_CASE)
  const desk = await openFormDesk(parts, db, record)
  if (!desk) return refuse(NO_FORM)
  const found = await findComparedFile(db, desk, ask.by)
  if (!found || ask.by.personId === null) return refuse(NONE_WAITING)
  const { file, comparison } = found
  const chosen = chosenOf(ask, found)
  if (!chosen.ok) return chosen
  const sections: SectionSaved[] = []
  for (const id of new Set(chosen.value.map((one) => sectionIn(one)))) {
    const changes = new Map(chosen.value.filter((one) => sectionIn(one) === id).map((one) => changeOf(comparison, one)))
    const saved = await saveChanges(parts, db, desk, { id, changes, ask, file })
    if (!saved.ok) return saved
    sections.push(saved.value)
  }
  await dropFile(db, { formId: desk.stored.id, personId: ask.by.personId })
  const taken = chosen.value.length
  return accept({ taken, left: comparison.changes.length - taken, sections })
}

function sectionIn(id: string): string {
  return id.slice(0, id.indexOf('/'))
}

function changeOf({ values }: FileComparison, id: string): readonly [string, string | readonly string[]] {
  return [id.slice(id.indexOf('/') + 1), values.get(id) ?? '']
}

function chosenOf({ upload, seen, take }: TakeAsk, { file, comparison }: ComparedFile): Decision<string[]> {
  if (upload !== null && upload !== file.id)
    return refuse({ code: 'moved-on', message: 'You sent another file meanwhile: look at its differences' })
  if (seen !== null && seen !== comparison.seen)
    return refuse({ code: 'moved-on', message: 'Somebody saved the form meanwhile: look at the differences again' })
  const { changes, values } = comparison
  // What was changed at both places is taken only where it is named.
  const ids = take ?? changes.filter(({ meanwhile }) => meanwhile === null).map(({ id }) => id)
  const unknown = ids.find((id) => !values.has(id))
  if (unknown !== undefined)
    return refuse({
      code: 'change.unknown',
      message: `The file has no difference ${unknown} that can be taken`,
      field: 'take',
    })
  if (ids.length === 0)
    return refuse({ code: 'change.none', message: 'Choose at least one difference to take', field: 'take' })
  return accept([...new Set(ids)])
}

type Changes = { id: string; changes: ReadonlyMap<string, string | readonly string[]>; ask: TakeAsk; file: WaitingFile }

/** A section that was complete stays so where nothing is missing then. */
async function saveChanges(
  parts: CaseParts,
  db: Db,
  desk: FormDesk,
  { id, changes, ask, file }: Changes,
): Promise<Decision<SectionSaved>> {
  const section = sectionOf(desk, id)
  if (!section) return refuse({ code: 'section.unknown', message: `The form has no section ${id}` })
  const held = findSection(desk.stored, id)
  return saveWithin(parts, db, {
    reference: ask.reference,
    section: id,
    body: mergeChanges(desk, section, changes).answers,
    complete: held?.state === 'complete',
    version: held?.version ?? 0,
    by: ask.by,
    from: `From the file ${file.fileName} (SHA-256 ${file.sha256.slice(0, 12)})`,
  })
}
