import { inPounds } from '../money/index.ts'
import { longDate, thousands } from '../platform/words.ts'

/** How a column's values are written. Days are days, not halves; pounds are pounds; dates are ISO. */
export type ColumnKind = 'text' | 'date' | 'count' | 'days' | 'pounds'

/**
 * A column of a report. `means` says by which rule and from what a value comes. `inFile` stands in files and the API only; `inPack`
 * also stands in the PDF for a meeting, which has room for few.
 */
export type Column = {
  readonly key: string
  readonly title: string
  readonly kind: ColumnKind
  readonly means: string
  readonly inFile?: boolean
  readonly inPack?: boolean
  /** On the page it stands small under this column, with these words after it. */
  readonly under?: string
  readonly unit?: string
}

export type Value = string | number | null

/** One line: values by column, where each leads, and the columns that ask for attention. */
export type Row = {
  readonly values: Readonly<Record<string, Value>>
  readonly links?: Readonly<Record<string, string>>
  readonly alert?: string
}

/** `counted` is what a line is, one and several; `empty` says what would make one appear. */
export type Table = {
  readonly id: string
  readonly title: string
  readonly counted: readonly [string, string]
  readonly columns: readonly Column[]
  readonly rows: readonly Row[]
  readonly empty: string
}

/** One bar: its parts in the order of the chart's legend, and the same in words. */
export type Bar = {
  readonly label: string
  readonly href: string | null
  readonly parts: readonly number[]
  readonly words: string
}
export type Chart = { readonly title: string; readonly legend: readonly string[]; readonly bars: readonly Bar[] }

/** A report: one sentence, then the picture, then the tables, the first of which is the one that is sorted and filed. */
export type Report = {
  readonly sentence: string
  readonly chart: Chart | null
  readonly tables: readonly [Table, ...Table[]]
}

/** A value as people read it. */
export function inWords(kind: ColumnKind, value: Value | undefined): string {
  if (value === null || value === undefined || value === '') return ''
  if (typeof value === 'string') return kind === 'date' ? longDate(value) : value
  return kind === 'pounds' ? inPounds(value * 100) : thousands(value)
}

/** Rows in the order of a column; those without a value last. An unknown column leaves the order of the report. */
export function sortRows(table: Table, column: string, direction: 'asc' | 'desc'): readonly Row[] {
  if (!table.columns.some(({ key }) => key === column)) return table.rows
  const sign = direction === 'desc' ? -1 : 1
  const of = ({ values }: Row) => values[column] ?? null
  return table.rows.toSorted((a, b) => compare(of(a), of(b), sign))
}

function compare(a: Value, b: Value, sign: number): number {
  const [without, other] = [a === null || a === '', b === null || b === '']
  if (without || other) return Number(without) - Number(other)
  if (typeof a === 'number' && typeof b === 'number') return sign * (a - b)
  return sign * String(a).localeCompare(String(b), 'en-GB', { numeric: true })
}

/** An address of a report with the filters that lead to the cases behind a figure. */
export function reportHref(path: string, filters: Readonly<Record<string, string | undefined>>): string {
  const given = Object.entries(filters).flatMap(([name, value]) => (value ? [[name, value]] : []))
  return given.length > 0 ? `${path}?${new URLSearchParams(given)}` : path
}
