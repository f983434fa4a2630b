import { gunzipSync } from 'node:zlib'
import { CsvError, parse } from 'csv-parse/sync'
import { accept, type Decision, refuse } from '../platform/decision.ts'
import { EMPTY_FIELDS, type LeaderFields } from './leader.ts'
import type { LeaderVocabulary } from './vocabulary.ts'

/** One leader of a file, with the line it begins on; the line of the column names is 1. */
export type FileRow = { readonly line: number; readonly fields: LeaderFields }
export type LeaderFile = { readonly rows: readonly FileRow[]; readonly ignoredColumns: readonly string[] }

type TextField = Exclude<keyof LeaderFields, 'alsoTypes' | 'phases' | 'schoolTypes' | 'expertise' | 'exercise' | 'days'>
type ListField = 'alsoTypes' | 'phases' | 'schoolTypes' | 'expertise'

const TEXT_COLUMNS: Readonly<Record<string, TextField>> = {
  reference: 'reference',
  name: 'name',
  'e mail': 'email',
  email: 'email',
  type: 'type',
  organisation: 'organisation',
  base: 'base',
  region: 'region',
  'home region': 'region',
  'travel limit in miles': 'travelLimitMiles',
  'works outside the region': 'worksOutOfRegion',
  state: 'state',
}
const LIST_COLUMNS: Readonly<Record<string, ListField>> = {
  'also types': 'alsoTypes',
  phases: 'phases',
  'school types': 'schoolTypes',
  expertise: 'expertise',
}
const NEEDED = ['reference', 'type', 'organisation']

/**
 * Reads a CSV of leaders (UTF-8 or windows-1252, plain or .gz) as the roster's own download has it: lists with
 * semicolons, one column for each term, "Days autumn term 2023". Refuses a file that is no CSV or lacks a needed column.
 */
export function readLeaderFile(bytes: Buffer, vocabulary: LeaderVocabulary): Decision<LeaderFile> {
  const text = decode(bytes)
  if (text === undefined) return refuse({ code: 'file.truncated', message: 'The packed file is cut off' })
  const records = parseCsv(text)
  if (typeof records === 'string') return refuse({ code: 'file.not-csv', message: `The file is not a CSV: ${records}` })
  const [head, ...rest] = records
  if (!head) return refuse({ code: 'file.empty', message: 'The file is empty: its first line must name the columns' })
  const columns = head.cells.map((name) => readColumn(name, vocabulary))
  const names = head.cells.map(plainName)
  const absent = NEEDED.filter((name) => !names.includes(name))
  if (absent.length > 0) return refuse({ code: 'file.columns', message: `The file has no column ${absent.join(', ')}` })
  return accept({
    rows: rest.map(({ line, cells }) => ({ line, fields: readRow(columns, cells) })),
    ignoredColumns: head.cells.filter((_, index) => columns[index] === undefined),
  })
}

function decode(bytes: Buffer): string | undefined {
  let plain = bytes
  try {
    if (bytes[0] === 0x1f && bytes[1] === 0x8b) plain = gunzipSync(bytes)
  } catch {
    return undefined
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(plain)
  } catch {
    return new TextDecoder('windows-1252').decode(plain)
  }
}

function parseCsv(text: string): { line: number; cells: string[] }[] | string {
  const records: { line: number; cells: string[] }[] = []
  let line = 1
  try {
    parse(text, {
      bom: true,
      relax_column_count: true,
      skip_empty_lines: true,
      on_record: (cells: string[], { lines }) => {
        records.push({ line, cells })
        line = lines + 1
        return null
      },
    })
  } catch (error) {
    if (error instanceof CsvError) return error.message
    throw error
  }
  return records
}

type Column = { text: TextField } | { list: ListField } | { term: string } | undefined

function plainName(name: string): string {
  return name
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, ' ')
    .trim()
}

function readColumn(name: string, { terms }: LeaderVocabulary): Column {
  const plain = plainName(name)
  const text = TEXT_COLUMNS[plain]
  if (text) return { text }
  const list = LIST_COLUMNS[plain]
  if (list) return { list }
  const term = terms.find((one) => [one.id, one.title].some((word) => plain === `days ${plainName(word)}`))
  return term && { term: term.id }
}

function readRow(columns: readonly Column[], cells: readonly string[]): LeaderFields {
  const texts: Partial<Record<TextField, string>> = {}
  const lists: Partial<Record<ListField, string[]>> = {}
  const days: Record<string, string> = {}
  for (const [index, column] of columns.entries()) {
    // A spreadsheet's guard against formulas, as our own download writes it.
    const cell = (cells[index] ?? '').trim().replace(/^'(?=[=+\-@])/, '')
    if (!column || cell === '') continue
    if ('text' in column) texts[column.text] = cell
    else if ('term' in column) days[column.term] = cell
    else
      lists[column.list] = cell
        .split(';')
        .map((one) => one.trim())
        .filter((one) => one !== '')
  }
  if (texts.worksOutOfRegion) texts.worksOutOfRegion = texts.worksOutOfRegion.toLowerCase()
  return { ...EMPTY_FIELDS, ...texts, ...lists, days }
}
