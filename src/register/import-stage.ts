import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { PoolClient } from 'pg'
import { from as copyFrom } from 'pg-copy-streams'
import type { Cell } from './csv-cell.ts'
import { faultAt, type ImportFault, type NumberedRow } from './import-rows.ts'

/** Columns of a staging table and their SQL types. `row` and `line` come first and are always there. */
export type StageColumns = Readonly<Record<string, string>>

const CHUNK = 1 << 16

/**
 * Copies rows into the temporary table `stage`, which lives until the transaction ends. Columns that a row does not have
 * are null. `onProgress` hears the number of rows now and then.
 */
export async function stageRows(
  client: PoolClient,
  columns: StageColumns,
  rows: AsyncIterable<NumberedRow[]>,
  onProgress?: (rows: number) => void,
): Promise<void> {
  const names = Object.keys(columns)
  const definitions = Object.entries(columns).map(([name, type]) => `${name} ${type}`)
  await client.query('drop table if exists stage')
  await client.query(`create temp table stage (row integer, line integer, ${definitions.join(', ')}) on commit drop`)
  const copy = client.query(copyFrom(`copy stage (row, line, ${names.join(', ')}) from stdin`))
  await pipeline(Readable.from(copyLines(names, rows, onProgress), { objectMode: false }), copy)
  // Statistics of the key alone: of fifty columns they would cost more than they save.
  await client.query(`analyze stage (${names[0]})`)
}

async function* copyLines(
  names: string[],
  rows: AsyncIterable<NumberedRow[]>,
  onProgress?: (rows: number) => void,
): AsyncGenerator<string> {
  let text = ''
  for await (const group of rows) {
    for (const { row, line, values } of group) {
      text += `${row}\t${line}`
      for (const name of names) text += `\t${copyCell(values[name] ?? null)}`
      text += '\n'
    }
    if (text.length < CHUNK) continue
    yield text
    text = ''
    onProgress?.(group[0]?.row ?? 0)
  }
  if (text) yield text
}

const SPECIAL = /[\\\n\r\t]|\0/g
const ESCAPES: Record<string, string> = { '\\': '\\\\', '\n': '\\n', '\r': '\\r', '\t': '\\t', '\0': '' }

/** COPY's text format; a NUL character, which PostgreSQL cannot store, is dropped. */
function copyCell(cell: Cell): string {
  if (cell === null) return '\\N'
  return cell.replace(SPECIAL, (character) => ESCAPES[character] ?? '')
}

/** Takes staged rows out whose URN the register does not hold, and says which. */
export async function rejectUnknownUrns(client: PoolClient): Promise<ImportFault[]> {
  const { rows } = await client.query<{ row: number; line: number; urn: number }>(
    `delete from stage s where not exists (select from establishment e where e.urn = s.urn)
     returning s.row, s.line, s.urn`,
  )
  const byRow = new Map(rows.map(({ row, line, urn }) => [row, { place: { row, line }, urn }]))
  return [...byRow.values()]
    .sort((a, b) => a.place.row - b.place.row)
    .map(({ place, urn }) => faultAt(place, `URN ${urn} is not in the register; import the schools first`, 'URN'))
}
