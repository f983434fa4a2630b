import { caseHref, caseValues } from './case-line.ts'
import { CASE_COLUMNS } from './columns.ts'
import type { Column, Table } from './report.ts'
import type { ReportCase } from './report-data.ts'

const SOON: readonly Column[] = [
  ...CASE_COLUMNS.map((one) => (one.key === 'stage' ? { ...one, inPack: false } : one)),
  {
    key: 'step',
    title: 'What ends',
    kind: 'text',
    inPack: true,
    means: 'An open step of the case, or of what stands beside it, that its programme wants listed before its day.',
  },
  {
    key: 'party',
    title: 'Whose turn',
    kind: 'text',
    inPack: true,
    means: 'Who does this step, by the process of the programme.',
  },
  {
    key: 'dueOn',
    title: 'Ends on',
    kind: 'date',
    inPack: true,
    means: 'The day that was worked out when the step opened, or the one that was set since, with a reason.',
  },
]

/** What the pack wants listed before it is due, such as the end of a partnership (TSI-041); the soonest first. */
export function soonTable(cases: readonly ReportCase[]): Table {
  const items = cases
    .flatMap((one) => one.open.filter(({ soon }) => soon).map((item) => ({ one, item })))
    .toSorted((a, b) => (a.item.dueOn ?? '').localeCompare(b.item.dueOn ?? ''))
  return {
    id: 'soon',
    title: 'What ends soon',
    counted: ['item', 'items'],
    columns: SOON,
    rows: items.map(({ one, item }) => ({
      values: { ...caseValues(one), reference: item.reference, step: item.title, party: item.party, dueOn: item.dueOn },
      links: { reference: caseHref(item.reference) },
    })),
    empty: 'Nothing ends in the next weeks. What runs for months appears here some days before its end.',
  }
}
