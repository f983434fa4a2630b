import { stringify } from 'csv-stringify/sync'
import { writeOds } from 'hucre'
import { type Answer, file } from './route.ts'

export type TableColumn = { readonly key: string; readonly head: string; readonly width?: number }
export type TableRow = Readonly<Record<string, string | number | null | undefined>>

/** A list as a file: the same columns and words in both formats; cells that a spreadsheet would run are escaped. */
export async function tableFile(
  format: 'csv' | 'ods',
  name: string,
  columns: readonly TableColumn[],
  rows: readonly TableRow[],
): Promise<Answer> {
  if (format === 'csv') {
    const records = rows.map((row) => columns.map((column) => row[column.key] ?? ''))
    const body = stringify([columns.map((column) => column.head), ...records], { escape_formulas: true, bom: true })
    return file(`${name}.csv`, 'text/csv; charset=utf-8', body)
  }
  const bytes = await writeOds({
    sheets: [
      {
        name: name.slice(0, 31),
        columns: columns.map((column) => ({ header: column.head, key: column.key, width: column.width ?? 24 })),
        data: rows.map((row) => Object.fromEntries(columns.map((column) => [column.key, row[column.key] ?? null]))),
      },
    ],
  })
  return file(`${name}.ods`, 'application/vnd.oasis.opendocument.spreadsheet', Buffer.from(bytes))
}
