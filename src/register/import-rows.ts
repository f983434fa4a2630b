import { type CsvRecord, UnreadableFile } from './csv-file.ts'
import type { FittedLayout, Row } from './import-layout.ts'

/**
 * A row that was not taken in, or a part of one. `row` counts the records below the header from 1, `line` is the line of
 * the file; `message` says both row and column in plain words: "row 2: URN must have 6 digits" (TSI-017).
 */
export type ImportFault = {
  readonly row: number
  readonly line: number
  readonly field?: string
  readonly message: string
}

export type NumberedRow = { readonly row: number; readonly line: number; readonly values: Row }

/** What a run over a file's records counted and found; filled while the rows are drawn. */
export type RowTally = { read: number; readonly faults: ImportFault[] }

/**
 * The good rows of a file; faults go to the tally and the rows they stand in are left out. The header must already have
 * been drawn. Throws UnreadableFile when the last record has too few cells, as a file does that was cut off.
 */
export async function* checkRows(
  records: AsyncIterable<CsvRecord>,
  { fitted, width, tally }: { fitted: FittedLayout; width: number; tally: RowTally },
): AsyncGenerator<NumberedRow[]> {
  const firstSeen = new Map<string, number>()
  let endsShort = false
  for await (const { line, cells } of records) {
    tally.read++
    endsShort = cells.length < width
    const place = { row: tally.read, line }
    const rows = checkRecord({ cells, place, fitted, width, firstSeen, tally })
    if (rows.length > 0) yield rows
  }
  if (endsShort)
    throw new UnreadableFile(
      'file.truncated',
      `The file ends too early: its last row has too few columns (row ${tally.read})`,
    )
}

type Check = {
  cells: string[]
  place: { row: number; line: number }
  fitted: FittedLayout
  width: number
  firstSeen: Map<string, number>
  tally: RowTally
}

function checkRecord({ cells, place, fitted, width, firstSeen, tally }: Check): NumberedRow[] {
  if (cells.length !== width) {
    tally.faults.push(faultAt(place, `has ${cells.length} columns and not ${width}`))
    return []
  }
  const reading = fitted.read(cells)
  if ('fault' in reading) {
    tally.faults.push(faultAt(place, `${reading.field} ${reading.fault}`, reading.field))
    return []
  }
  const [first] = reading.rows
  if (!first) return []
  const { what, field } = fitted.layout.unique
  const key = what(first)
  const earlier = firstSeen.get(key)
  if (earlier !== undefined) {
    tally.faults.push(faultAt(place, `${key} is already in row ${earlier} of this file`, field))
    return []
  }
  firstSeen.set(key, place.row)
  return reading.rows.map((values) => ({ ...place, values }))
}

/** A fault with its row in words. */
export function faultAt(place: { row: number; line: number }, problem: string, field?: string): ImportFault {
  const fault = { ...place, message: `row ${place.row}: ${problem}` }
  return field === undefined ? fault : { ...fault, field }
}
