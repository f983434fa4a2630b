import { type Cell, isCellFault, type ReadCell, readText } from './csv-cell.ts'
import type { DataFileKind } from './register-tables.ts'

/** One row to store: by the names of our tables' columns. */
export type Row = Record<string, Cell>

/** What one record of a file gave: rows to store, or why it cannot be taken (`field` is the column as published). */
export type Reading = { readonly rows: Row[] } | { readonly field: string; readonly fault: string }

/** One fact of a layout: the column it stands in (the first that the file has), and how its cell is read. */
export type Field = { readonly to: string; readonly from: readonly string[]; readonly read: ReadCell; required?: true }

/** A form of file that a publisher issues for a kind of import. */
export type Layout = {
  readonly kind: DataFileKind
  readonly publisher: string
  readonly fields: readonly Field[]
  /** Text that stands for an empty cell besides the blank one. */
  readonly absent?: string
  /** The rows of a record, where they are not simply its fields. Facts derived here are named in `derives`. */
  readonly derive?: (row: Row, given: { asAt: string }) => Reading
  readonly derives?: (facts: ReadonlySet<string>) => string[]
  /** What may stand once in a file, in words and as a key. */
  readonly unique: { readonly what: (row: Row) => string; readonly field: string }
}

/** How a layout meets one file's header. */
export type FittedLayout = {
  readonly layout: Layout
  readonly missing: string[]
  readonly ignored: string[]
  readonly persons: string[]
  /** Our names of the facts that this file holds. */
  readonly facts: string[]
  readonly read: (cells: string[]) => Reading
}

// Names of persons are never stored (design, section 5): heads in GIAS, heads of groups, proprietors.
const HOLDS_PERSONS =
  /^(head ?(title|first ?name|last ?name)|head of group|props ?name|.*\b(fore|sur|first |last )name)/i

/** The layout that fits a header best: fewest required columns missing, then most columns known. */
export function fitLayout(layouts: readonly Layout[], header: string[], given: { asAt: string }): FittedLayout {
  const fitted = layouts.map((layout) => fit(layout, header, given))
  fitted.sort((a, b) => a.missing.length - b.missing.length || a.ignored.length - b.ignored.length)
  const [best] = fitted
  if (!best) throw new Error('A kind of import needs at least one layout')
  return best
}

function fit(layout: Layout, header: string[], given: { asAt: string }): FittedLayout {
  const places = new Map<string, number>()
  header.forEach((name, place) => {
    if (!places.has(plainName(name))) places.set(plainName(name), place)
  })
  const known = new Set<string>()
  const found: FoundField[] = []
  const missing: string[] = []
  for (const field of layout.fields) {
    const column = field.from.find((name) => places.has(plainName(name)))
    const place = column === undefined ? undefined : places.get(plainName(column))
    if (column === undefined || place === undefined) {
      if (field.required) missing.push(field.from[0] ?? field.to)
      continue
    }
    known.add(plainName(column))
    found.push({ to: field.to, read: field.read, column, place })
  }
  const others = header.filter((name) => name && !known.has(plainName(name)))
  const facts = new Set(found.map((field) => field.to))
  return {
    layout,
    missing,
    ignored: others.filter((name) => !HOLDS_PERSONS.test(name)),
    persons: others.filter((name) => HOLDS_PERSONS.test(name)),
    facts: [...facts, ...(layout.derives?.(facts) ?? [])],
    read: readerOf(layout, found, given),
  }
}

type FoundField = { to: string; read: ReadCell; column: string; place: number }

function readerOf(layout: Layout, found: FoundField[], given: { asAt: string }): FittedLayout['read'] {
  const absent = layout.absent
  return (cells) => {
    const row: Row = {}
    for (const { to, read, column, place } of found) {
      const text = cells[place] ?? ''
      const value = read(text === absent ? '' : text)
      if (isCellFault(value)) return { field: column, fault: value.fault }
      row[to] = value
    }
    return layout.derive ? layout.derive(row, given) : { rows: [row] }
  }
}

/** Publishers change capitals and double blanks in column names without notice. */
export function plainName(name: string): string {
  return name.trim().replace(/\s+/g, ' ').toLowerCase()
}

/** Fields of free text, by our name and the published one. */
export function textFields(columns: Record<string, string | readonly string[]>): Field[] {
  return Object.entries(columns).map(([to, from]) => ({
    to,
    from: typeof from === 'string' ? [from] : from,
    read: readText,
  }))
}
