import type { Query } from './route.ts'

/** What a list page was asked: page number (from 1), sort column and direction, and its filters as given. */
export type ListQuery = {
  readonly page: number
  readonly sort: string
  readonly direction: 'asc' | 'desc'
  readonly filters: Readonly<Record<string, string>>
}

export type ListColumn = {
  readonly id: string
  readonly text: string
  readonly number?: boolean
  readonly sortable?: boolean
}

export const PAGE_SIZE = 50
/** Beyond every list; the database counts rows no further than 2^63. */
const LAST_PAGE = 1_000_000

/** Reads a list's address; unknown sort columns fall back to the first, a page below 1 to 1. `-name` sorts downward. */
export function readListQuery(query: Query, sortable: readonly string[], filterNames: readonly string[]): ListQuery {
  const asked = query.get('sort') ?? ''
  const column = asked.replace(/^-/, '')
  const filters: Record<string, string> = {}
  for (const name of filterNames) {
    const value = (query.get(name) ?? '').trim()
    if (value) filters[name] = value
  }
  return {
    page: Math.min(LAST_PAGE, Math.max(1, Math.trunc(Number(query.get('page'))) || 1)),
    sort: sortable.includes(column) ? column : (sortable[0] ?? ''),
    direction: asked.startsWith('-') && sortable.includes(column) ? 'desc' : 'asc',
    filters,
  }
}

/** The finished parts of a list page around its rows: heads with sort links, chips that remove a filter, pages. */
export function presentList(
  path: string,
  asked: ListQuery,
  columns: readonly ListColumn[],
  total: number,
  filterTexts: Readonly<Record<string, string>>,
) {
  const link = (changes: Record<string, string | null>): string => listAddress(path, asked, changes)
  return {
    total,
    heads: columns.map((column) => presentHead(column, asked, link)),
    chips: Object.entries(asked.filters).map(([name, value]) => ({
      text: filterTexts[name] ?? value,
      href: link({ [name]: null, page: null }),
    })),
    clear: path,
    pagination: presentPages(asked.page, Math.ceil(total / PAGE_SIZE), (page) => link({ page: String(page) })),
    from: total === 0 ? 0 : (asked.page - 1) * PAGE_SIZE + 1,
    to: Math.min(total, asked.page * PAGE_SIZE),
    csv: listAddress(`${path}.csv`, asked, { page: null }),
    ods: listAddress(`${path}.ods`, asked, { page: null }),
  }
}

function presentHead(column: ListColumn, asked: ListQuery, link: (changes: Record<string, string | null>) => string) {
  const sorted = column.sortable && asked.sort === column.id
  const next = sorted && asked.direction === 'asc' ? `-${column.id}` : column.id
  return {
    text: column.text,
    number: column.number ?? false,
    href: column.sortable ? link({ sort: next, page: null }) : null,
    sorted: sorted ? (asked.direction === 'asc' ? 'ascending' : 'descending') : null,
  }
}

function listAddress(path: string, asked: ListQuery, changes: Record<string, string | null>): string {
  const parameters = new Map<string, string>(Object.entries(asked.filters))
  parameters.set('sort', asked.direction === 'desc' ? `-${asked.sort}` : asked.sort)
  if (asked.page > 1) parameters.set('page', String(asked.page))
  for (const [name, value] of Object.entries(changes)) {
    if (value === null) parameters.delete(name)
    else parameters.set(name, value)
  }
  const query = new URLSearchParams([...parameters]).toString()
  return query ? `${path}?${query}` : path
}

function presentPages(page: number, last: number, href: (page: number) => string) {
  if (last <= 1) return null
  const shown = new Set([1, page - 1, page, page + 1, last])
  const items: { number?: number; href?: string; current?: boolean; ellipsis?: boolean }[] = []
  for (let number = 1; number <= last; number++) {
    if (shown.has(number)) items.push({ number, href: href(number), current: number === page })
    else if (!items.at(-1)?.ellipsis) items.push({ ellipsis: true })
  }
  return {
    items,
    previous: page > 1 ? { href: href(page - 1) } : null,
    next: page < last ? { href: href(page + 1) } : null,
  }
}
