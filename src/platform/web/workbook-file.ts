import { type CellValue, read } from 'hucre'
import { accept, type Decision, refuse } from '../decision.ts'

/** A cell as somebody left it. A day is ISO text; a formula is its own text, "=A1+1", and is never worked out. */
export type CellRead = string | number | boolean | null
export type SheetRead = { readonly name: string; readonly rows: readonly (readonly CellRead[])[] }

/** What a filled workbook may be at most: bytes as sent and unpacked, rows of a sheet. Ours have a hundredth of that. */
const MAX_BYTES = 2 * 1024 * 1024
const MAX_UNPACKED_BYTES = 16 * 1024 * 1024
export const MAX_ROWS = 2_000
const MAX_SHEETS = 40
const RANGE = `A1:Z${MAX_ROWS + 1}`

/**
 * Reads a workbook of Excel or LibreOffice. Refuses what is none, what is encrypted or broken, and what is larger than any
 * filled form (`file.…`).
 */
export async function readWorkbook(bytes: Buffer): Promise<Decision<SheetRead[]>> {
  if (bytes.length > MAX_BYTES)
    return fault('file.too-large', 'The file is larger than 2 MB; a filled form is far smaller')
  if (bytes.subarray(0, 2).toString('latin1') !== 'PK') return fault('file.not-a-workbook', NO_WORKBOOK)
  if (unpackedBytes(bytes) > MAX_UNPACKED_BYTES)
    return fault('file.too-large', 'Unpacked, the file is larger than any filled form')
  try {
    const { sheets } = await read(bytes, { range: RANGE })
    if (sheets.length > MAX_SHEETS) return fault('file.too-large', `The file has more than ${MAX_SHEETS} sheets`)
    const long = sheets.find(({ rows }) => rows.length > MAX_ROWS)
    if (long) return fault('file.too-many-rows', `Sheet ${long.name} has more than ${MAX_ROWS} rows`)
    return accept(
      sheets.map(({ name, rows, cells }) => ({
        name,
        rows: rows.map((row, at) =>
          row.map((value, column) => {
            const formula = cells?.get(`${at},${column}`)?.formula
            return formula === undefined ? cellRead(value) : `=${formula}`
          }),
        ),
      })),
    )
  } catch {
    // Whatever the library cannot read is no workbook to us; its own words are for programmers.
    return fault('file.not-a-workbook', NO_WORKBOOK)
  }
}

const NO_WORKBOOK = 'This is not a workbook of Excel (.xlsx) or LibreOffice (.ods) that can be read'

function fault(code: string, message: string): Decision<never> {
  return refuse({ code, message, field: 'file' })
}

function cellRead(value: CellValue | undefined): CellRead {
  if (value === null || value === undefined) return null
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? null : value.toISOString().slice(0, 10)
  return typeof value === 'string' ? plainText(value) : value
}

const ENTRY = Buffer.from('PK\u0001\u0002', 'latin1')
const AT_PACKED = 20
const AT_UNPACKED = 24

/** What the list of contents says a ZIP holds; the library unpacks no more than that. Infinite where it does not say. */
function unpackedBytes(bytes: Buffer): number {
  let sum = 0
  for (let at = bytes.indexOf(ENTRY); at >= 0; at = bytes.indexOf(ENTRY, at + ENTRY.length)) {
    if (at + AT_UNPACKED + 4 > bytes.length) return Number.POSITIVE_INFINITY
    const unpacked = bytes.readUInt32LE(at + AT_UNPACKED)
    const isUnsaid = unpacked === 0 && bytes.readUInt32LE(at + AT_PACKED) > 2
    sum += isUnsaid ? Number.POSITIVE_INFINITY : unpacked
  }
  return sum
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: these are the ones that no XML file may hold
const UNWRITABLE = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g

/** Text as every spreadsheet can hold it: line ends of one kind, no character that its file cannot have, no blanks around it. */
export function plainText(text: string): string {
  return text.toWellFormed().replaceAll(/\r\n?/g, '\n').replaceAll(UNWRITABLE, '').trim()
}

/** Plain text so that a workbook reads it as it stands: `_x0041_` would become A otherwise. */
export function escapeCell(text: string): string {
  return plainText(text).replaceAll(/_(?=x[0-9A-Fa-f]{4}_)/g, '_x005F_')
}
