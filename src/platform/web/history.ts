import type { AuditChange } from '../audit-history.ts'
import { longDate, momentInWords } from '../words.ts'

/** How a slice says its fields and values. A value in words may be empty, and is then not shown. */
export type HistoryWords = {
  /** The names of fields, in the order they are shown in. */
  readonly fields: Readonly<Record<string, string>>
  readonly fieldInWords?: (field: string) => string | undefined
  readonly inWords?: (value: unknown) => string
}

/** What the macro `historyTable` prints: who, when, from which door, what, old and new, why. */
export type HistoryRow = {
  readonly what: string
  readonly at: string
  readonly who: string
  readonly door: string
  readonly reason: string | null
  readonly values: readonly { readonly field: string; readonly before: string; readonly after: string }[]
}

const DOORS: Readonly<Record<string, string>> = { system: 'by itself' }

/** Changes as rows of a history, in the order given. */
export function presentHistory(changes: readonly AuditChange[], words: HistoryWords): HistoryRow[] {
  return changes.map((change) => ({
    what: change.action,
    at: momentInWords(change.at),
    who: change.role ? `${change.name}, ${change.role}` : change.name,
    door: DOORS[change.door] ?? change.door,
    reason: change.removed['reason'] ? removedInWords(change, 'reason') : change.reason,
    values: presentValues(change, words),
  }))
}

function presentValues(change: AuditChange, { fields, fieldInWords, inWords = plainValue }: HistoryWords) {
  const order = Object.keys(fields)
  const place = (field: string) => (order.includes(field) ? order.indexOf(field) : order.length)
  return Object.keys({ ...change.old, ...change.new })
    .sort((a, b) => place(a) - place(b) || a.localeCompare(b))
    .map((field) => {
      const named = fieldInWords?.(field) ?? fields[field] ?? field
      if (change.removed[field]) return { field: named, before: '', after: removedInWords(change, field) }
      return { field: named, before: inWords(change.old[field]), after: inWords(change.new[field]) }
    })
    .filter(({ before, after }) => before !== '' || after !== '')
}

function removedInWords({ removed }: AuditChange, field: string): string {
  const gone = removed[field]
  return gone ? `removed on ${longDate(gone.removedOn)} by the retention rule “${gone.rule}”` : ''
}

/** Texts and numbers as they are, yes for what is true, lists with commas, nothing for what is not said. */
export function plainValue(value: unknown): string {
  if (value === null || value === undefined || value === false) return ''
  if (value === true) return 'Yes'
  if (Array.isArray(value)) return value.map(plainValue).join(', ')
  if (typeof value !== 'object') return String(value)
  return Object.entries(value)
    .map(([name, one]) => `${name} ${plainValue(one)}`)
    .join(', ')
}
