import { Readable } from 'node:stream'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { stringify } from 'csv-stringify/sync'
import { type TableColumn, type TableRow, writeOdsOnThread } from './ods-thread.ts'
import { type Answer, file } from './route.ts'

export type { TableColumn, TableRow } from './ods-thread.ts'

/**
 * A list as a file: the same columns and words in both formats; cells that a spreadsheet would run are escaped. However
 * long the list, others are answered while it is written.
 */
export async function tableFile(
  format: 'csv' | 'ods',
  name: string,
  columns: readonly TableColumn[],
  rows: readonly TableRow[],
): Promise<Answer> {
  if (format === 'csv') return file(`${name}.csv`, 'text/csv; charset=utf-8', Readable.from(csvParts(columns, rows)))
  const bytes = await writeOdsOnThread(name, columns, rows)
  return file(`${name}.ods`, 'application/vnd.oasis.opendocument.spreadsheet', Buffer.from(bytes))
}

const ROWS_AT_ONCE = 1000

async function* csvParts(columns: readonly TableColumn[], rows: readonly TableRow[]): AsyncGenerator<Buffer> {
  yield Buffer.from(stringify([columns.map((column) => column.head)], { escape_formulas: true, bom: true }))
  for (let from = 0; from < rows.length; from += ROWS_AT_ONCE) {
    const part = rows.slice(from, from + ROWS_AT_ONCE)
    const cells = part.map((row) => columns.map((column) => row[column.key] ?? ''))
    yield Buffer.from(stringify(cells, { escape_formulas: true }))
    await nextTurn()
  }
}
