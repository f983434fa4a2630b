import { accept, type Decision, refuse } from '../platform/decision.ts'
import type { CellRead, SheetRead } from '../platform/web/workbook-file.ts'
import type { FormDesk } from './form-desk.ts'
import { ABOUT, fileKey, HEADS } from './form-file-write.ts'

/** One answer of a file: the section and the question, where it stood (counted from 1, as a spreadsheet does) and what it held. */
export type FileCell = {
  readonly section: string
  readonly key: string
  readonly sheet: string
  readonly row: number
  readonly cell: CellRead
}
/** What a file says: the versions of the sections that it was made from, and its answers. */
export type FileContent = {
  readonly versions: Readonly<Record<string, number>>
  readonly cells: readonly FileCell[]
}

/** A question as a list of differences names it; `row` is that of the sheet. */
export type NamedAnswer = {
  readonly id: string
  readonly section: string
  readonly question: string
  readonly sheet: string
  readonly row: number
}
/** What the file would change. `meanwhile`: what the form said when the file was made, where it says something else now. */
export type FileChange = NamedAnswer & {
  readonly now: string
  readonly file: string
  readonly meanwhile: string | null
}

/** Reads the sheets of a filled form. Refuses a file of another case or leader, and one that is no form of ours (`file.…`). */
export function readFormFile(desk: FormDesk, sheets: readonly SheetRead[]): Decision<FileContent> {
  const about = aboutOf(sheets)
  if (!about)
    return fault('file.not-a-form', 'This workbook is not one that was downloaded here: its first sheet is missing')
  const { reference } = desk.record
  if (about.reference !== reference)
    return fault('file.foreign', `The file belongs to case ${about.reference}; this is case ${reference}`)
  if (about.key !== fileKey(desk))
    return fault('file.foreign', 'The file was made for another form, or for an earlier leader: download it again')
  return accept({ versions: about.versions, cells: sheets.flatMap(cellsOf) })
}

function fault(code: string, message: string): Decision<never> {
  return refuse({ code, message, field: 'file' })
}

const textAt = (row: readonly CellRead[] | undefined, column: number) => String(row?.[column] ?? '').trim()

function aboutOf(sheets: readonly SheetRead[]) {
  for (const { rows } of sheets) {
    const beside = (label: string) => {
      const row = rows.find((one) => textAt(one, 0) === label)
      return textAt(row, 1)
    }
    const [reference, key] = [beside(ABOUT.reference), beside(ABOUT.key)]
    if (reference && key) return { reference, key, versions: versionsOf(beside(ABOUT.versions)) }
  }
  return undefined
}

function versionsOf(text: string): Record<string, number> {
  const pairs = [...text.matchAll(/([a-z0-9-]+)=(\d{1,6})/g)]
  return Object.fromEntries(pairs.map(([, section = '', version = '']) => [section, Number(version)]))
}

const [, , ANSWER, , KEY] = HEADS

/** The answers of a sheet, found by its heads, so that columns may have been moved or added. */
function cellsOf({ name, rows }: SheetRead): FileCell[] {
  const head = rows.findIndex((row) => row.includes(ANSWER) && row.includes(KEY))
  if (head < 0) return []
  const [answerAt, keyAt] = [rows[head]?.indexOf(ANSWER) ?? -1, rows[head]?.indexOf(KEY) ?? -1]
  return rows.slice(head + 1).flatMap((row, index) => {
    const [, section = '', key = ''] = /^([a-z0-9-]+)\/([A-Za-z0-9.-]+)$/.exec(textAt(row, keyAt)) ?? []
    return key ? [{ section, key, sheet: name, row: head + index + 2, cell: row[answerAt] ?? null }] : []
  })
}
