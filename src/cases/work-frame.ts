import type { RouteRequest } from '../platform/web/route.ts'
import { longDate } from '../platform/words.ts'
import type { CaseRecord } from './case-store.ts'
import { formOf } from './form-facts.ts'
import type { Boxes } from './log-boxes.ts'
import type { WorkDesk } from './work-desk.ts'

export type Cell = { readonly text: string; readonly href?: string; readonly tag?: string }
export type Table = {
  readonly caption: string
  readonly help?: string
  readonly heads: readonly string[]
  readonly rows: readonly (readonly Cell[])[]
  readonly empty: string
  readonly link?: { readonly text: string; readonly href: string } | undefined
}
const NUMBER = /^£?[\d,]+(\.\d+)?%?$/

/** The table with the columns that hold nothing but numbers, which line up on the right. */
export function withNumbers(table: Table): Table & { readonly numbers: readonly boolean[] } {
  const isNumber = (at: number) => table.rows.length > 0 && table.rows.every((row) => NUMBER.test(row[at]?.text ?? ''))
  return { ...table, numbers: table.heads.map((_, at) => isNumber(at)) }
}

export type Button = {
  readonly text: string
  readonly href: string
  readonly post?: boolean
  readonly secondary?: boolean
  readonly fields?: Readonly<Record<string, string>>
}

export function workHref(reference: string, part = ''): string {
  return `/cases/${encodeURIComponent(reference)}${part}`
}

const TABS = [
  { text: 'Days', part: '/log' },
  { text: 'Plan', part: '/plan' },
  { text: 'Lists', part: '/lists' },
  { text: 'Notes of visit', part: '/visit-notes' },
  { text: 'Notes', part: '/notes' },
  { text: 'Team', part: '/team' },
] as const
export type Part = (typeof TABS)[number]['part']

const DONE: Readonly<Record<string, string>> = {
  saved: 'Saved.',
  changed: 'Done. It stands in the history of the case.',
}

/** The pages of the work of a case, for the tabs of its other pages too. */
export function workTabs(reference: string, active?: Part): { text: string; href: string; active: boolean }[] {
  return TABS.map(({ text, part }) => ({ text, href: workHref(reference, part), active: part === active }))
}

/** The form that goes with the case and its money, where its programme has them. */
export function formTabs(record: CaseRecord): { text: string; href: string; active: boolean }[] {
  const { pack, flow, reference } = record
  const isPaid = Object.values(pack.money?.lines ?? {}).some((line) => line.flow === flow)
  return [
    ...(formOf(record) ? [{ text: 'Form', href: workHref(reference, '/form'), active: false }] : []),
    ...(isPaid ? [{ text: 'Money', href: workHref(reference, '/money'), active: false }] : []),
  ]
}

/** The head of every page of the work of a case. */
export function workFrame({ record, leader }: WorkDesk, part: Part, title: string, done: string | null = null) {
  const href = workHref(record.reference)
  return {
    title: `${title}: ${record.name}`,
    heading: title,
    caption: `${record.name} · case ${record.reference}${leader ? ` · ${leader.name}` : ''}`,
    section: 'cases',
    breadcrumbs: [
      { text: 'Cases', href: '/cases' },
      { text: record.reference, href },
    ],
    tabs: [
      { text: 'Overview', href, active: false },
      ...workTabs(record.reference, part),
      ...formTabs(record),
      { text: 'Messages', href: `${href}/messages`, active: false },
      { text: 'History', href: `${href}/history`, active: false },
    ],
    message: DONE[done ?? ''] ?? null,
  }
}

export function day(iso: string | null): string {
  return iso ? longDate(iso) : ''
}

/** What a page of the work shows; its template prints it part by part. Undefined: there is no such thing. */
export type View = {
  readonly title: string
  readonly part: Part
  readonly intro?: string
  readonly warnings?: readonly string[]
  readonly boxes?: Boxes
  readonly buttons?: readonly Button[]
  readonly facts?: readonly { title: string; value: string; source?: string }[]
  readonly tables?: readonly Table[]
}
export type ViewOf = (desk: WorkDesk, request: RouteRequest) => Promise<View | undefined>

export const cell = (text: string | null | undefined, more: Omit<Cell, 'text'> = {}): Cell => ({
  text: text ?? '',
  ...more,
})
