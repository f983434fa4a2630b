import { countOf } from '../platform/words.ts'
import { caseHref, caseValues } from './case-line.ts'
import { CASE_COLUMNS, DAY_COLUMNS, DAYS_LATE_COLUMN, LATE_COLUMN, MONEY_COLUMNS } from './columns.ts'
import type { Column, Report, Row, Table } from './report.ts'
import { inWords, reportHref } from './report.ts'
import type { ReportCase, ReportData } from './report-data.ts'
import { regionFilter, regionOf, sumOf } from './report-data.ts'
import { soonTable } from './soon-table.ts'
import { sentenceOf } from './standing-report.ts'

export const NO_CASES =
  'There is no case here. One appears when it is begun for your schools, your trust or your region and fits the filters.'

const STATES: Readonly<Record<ReportCase['status'], string>> = { open: 'Open', held: 'On hold', closed: 'Closed' }

/** Every case with where it stands, for whom it waits, and what it uses. */
export function casesReport(data: ReportData): Report {
  const rows = data.cases.map((one): Row => {
    const { late, open } = one
    const sum = sumOf([one])
    const nextDue =
      open
        .flatMap(({ dueOn }) => dueOn ?? [])
        .toSorted()
        .at(0) ?? null
    return {
      values: {
        ...caseValues(one),
        state: STATES[one.status],
        leader: one.leader?.name ?? null,
        waiting: [...new Set(open.map(({ party }) => party))].join('; '),
        nextDue,
        late: late.length,
        daysLate: Math.max(0, ...late.map((item) => item.late)),
        ...sum,
        startedOn: one.startedOn,
      },
      links: {
        reference: caseHref(one.reference),
        late: caseHref(one.reference),
        agreed: `${caseHref(one.reference)}/log`,
        used: `${caseHref(one.reference)}/log`,
        due: `${caseHref(one.reference)}/money`,
        paid: `${caseHref(one.reference)}/money`,
      },
      ...(late.length > 0 && { alert: 'late' }),
    }
  })
  const columns: readonly Column[] = [
    ...CASE_COLUMNS,
    {
      key: 'state',
      title: 'State',
      kind: 'text',
      under: 'stage',
      means: 'Whether the case is open, on hold or closed.',
    },
    { key: 'leader', title: 'Leader', kind: 'text', under: 'name', means: 'Who works on the case now.' },
    {
      key: 'waiting',
      title: 'Waiting for',
      kind: 'text',
      means: 'Who has an open step in the case, by the process of the programme.',
    },
    {
      key: 'nextDue',
      title: 'Next due',
      kind: 'date',
      means: 'The earliest day of an open step, as worked out from its clock when the step opened.',
    },
    LATE_COLUMN,
    DAYS_LATE_COLUMN,
    ...DAY_COLUMNS.map((one) => (one.key === 'agreed' ? { ...one, under: 'used', unit: 'agreed' } : one)),
    ...MONEY_COLUMNS,
    { key: 'startedOn', title: 'Begun', kind: 'date', inFile: true, means: 'The day on which the case was begun.' },
  ]
  const table: Table = {
    id: 'cases',
    title: 'Cases',
    counted: ['case', 'cases'],
    columns,
    rows,
    empty: NO_CASES,
  }
  return { sentence: sentenceOf(data), chart: null, tables: [table] }
}

const LATE_ITEM: readonly Column[] = [
  {
    key: 'step',
    title: 'What is overdue',
    kind: 'text',
    inPack: true,
    means: 'An open step of the case, or of what stands beside it.',
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
    title: 'Was due',
    kind: 'date',
    means: 'The day worked out from the clock of the step when it opened.',
  },
  {
    key: 'daysLate',
    title: 'Working days late',
    kind: 'count',
    inPack: true,
    means: 'Working days since that day. Weekends and bank holidays of England do not count.',
  },
  {
    key: 'delayTo',
    title: 'Delay reported to',
    kind: 'date',
    means: 'The new day that the leader gave; the item stays overdue.',
  },
]

/** What is overdue, and whose turn it is. */
export function lateReport({ cases, filters }: ReportData): Report {
  const items = cases
    .flatMap((one) => one.late.map((item) => ({ one, item })))
    .filter(({ item }) => !filters['turn'] || item.party === filters['turn'])
    .toSorted((a, b) => b.item.late - a.item.late)
  const rows = items.map(
    ({ one, item }): Row => ({
      values: {
        ...caseValues(one),
        reference: item.reference,
        step: item.title,
        party: item.party,
        dueOn: item.dueOn,
        daysLate: item.late,
        delayTo: item.delayTo,
      },
      links: { reference: caseHref(item.reference) },
    }),
  )
  const parties = [...Map.groupBy(items, ({ item }) => item.party)].toSorted(([, a], [, b]) => b.length - a.length)
  const late = new Set(items.map(({ one }) => one.id)).size
  const sentence =
    items.length === 0
      ? ''
      : `${countOf(items.length, 'item is', 'items are')} overdue in ${countOf(late, 'case')}; the longest has waited ${countOf(items[0]?.item.late ?? 0, 'working day')}.`
  return {
    sentence,
    chart:
      parties.length === 0
        ? null
        : {
            title: 'Overdue items by whose turn it is',
            legend: ['Overdue items'],
            bars: parties.map(([party, some]) => ({
              label: party,
              href: reportHref('/reports/late', { ...filters, turn: party }),
              parts: [some.length],
              words: countOf(some.length, 'item'),
            })),
          },
    tables: [
      {
        id: 'items',
        title: 'Overdue items',
        counted: ['overdue item', 'overdue items'],
        columns: [...CASE_COLUMNS.map((one) => (one.key === 'stage' ? { ...one, inPack: false } : one)), ...LATE_ITEM],
        rows,
        empty: 'Nothing is overdue in these cases. An item appears here on the day after a step was due.',
      },
      partyTable(parties, filters),
      soonTable(cases),
    ],
  }
}

type LateItem = { readonly one: ReportCase; readonly item: ReportCase['late'][number] }

function partyTable(parties: readonly [string, readonly LateItem[]][], filters: ReportData['filters']): Table {
  const rows = parties.map(([party, some]): Row => {
    const days = some.map(({ item }) => item.late)
    const total = days.reduce((sum, one) => sum + one, 0)
    return {
      values: {
        party,
        items: some.length,
        cases: new Set(some.map(({ one }) => one.id)).size,
        most: Math.max(0, ...days),
        mean: Math.round((total / some.length) * 10) / 10,
      },
      links: {
        items: reportHref('/reports/late', { ...filters, turn: party }),
        cases: reportHref('/reports/cases', { ...filters, turn: party }),
      },
    }
  })
  return {
    id: 'parties',
    title: 'By whose turn it is',
    counted: ['party', 'parties'],
    columns: [
      {
        key: 'party',
        title: 'Whose turn',
        kind: 'text',
        inPack: true,
        means: 'Who does the steps, by the process of the programme.',
      },
      {
        key: 'items',
        title: 'Overdue items',
        kind: 'count',
        inPack: true,
        means: 'Open steps of theirs whose day is past.',
      },
      { key: 'cases', title: 'Cases', kind: 'count', inPack: true, means: 'Cases with at least one of them.' },
      {
        key: 'most',
        title: 'Longest, in working days',
        kind: 'count',
        inPack: true,
        means: 'The item that has waited longest.',
      },
      { key: 'mean', title: 'Mean, in working days', kind: 'count', means: 'The mean over the items, to one place.' },
    ],
    rows,
    empty: 'Nobody is late.',
  }
}

const DAYS: readonly Column[] = [
  {
    key: 'extra',
    title: 'Extra days',
    kind: 'days',
    under: 'agreed',
    unit: 'extra',
    means: 'Days that were approved beside those agreed.',
  },
  {
    key: 'planned',
    title: 'Planned',
    kind: 'days',
    inFile: true,
    means: 'Days of the log that are planned and not done yet.',
  },
  {
    key: 'validated',
    title: 'Validated',
    kind: 'days',
    under: 'used',
    unit: 'validated',
    means: 'Days used that the leader has found good: only these may be claimed.',
  },
  {
    key: 'left',
    title: 'Left',
    kind: 'days',
    means: 'Days agreed and approved, without those used; never below nought.',
  },
]
const ACCOUNT_COLUMNS: readonly Column[] = [
  {
    key: 'committed',
    title: 'Money committed',
    kind: 'pounds',
    means: 'Promised and not claimed yet, by the books of the case.',
  },
  {
    key: 'claimed',
    title: 'Money claimed',
    kind: 'pounds',
    means: 'Claimed by the form that was handed in; something is still missing before it is due.',
  },
  {
    key: 'withPayer',
    title: 'With the payer',
    kind: 'pounds',
    means: 'In a payment run that the payer has not answered yet.',
  },
]

/** Days agreed, used and claimed, and what is due and paid, case by case; drawn by region. */
export function daysReport({ cases, filters }: ReportData): Report {
  const rows = cases.map((one): Row => {
    const sum = sumOf([one])
    const log = `${caseHref(one.reference)}/log`
    const money = `${caseHref(one.reference)}/money`
    return {
      values: { ...caseValues(one), ...sum, left: Math.max(0, sum.agreed + sum.extra - sum.used) },
      links: { reference: caseHref(one.reference), used: log, due: money, paid: money, claimedDays: money },
    }
  })
  const all = sumOf(cases)
  const promised = all.committed + all.claimed + all.due + all.withPayer + all.paid
  const bars = [...Map.groupBy(cases, regionFilter)]
    .toSorted(([a], [b]) => a.localeCompare(b))
    .map(([region, some]) => {
      const { used, agreed, extra } = sumOf(some)
      const left = Math.max(0, agreed + extra - used)
      return {
        label: some[0] ? regionOf(some[0]) : region,
        href: reportHref('/reports/days', { ...filters, region }),
        parts: [used, left],
        words: `${inWords('days', used)} used, ${inWords('days', left)} left`,
      }
    })
  const [agreed, ...moreDays] = DAY_COLUMNS
  const columns = [
    ...CASE_COLUMNS.filter(({ key }) => key !== 'stage'),
    ...(agreed ? [{ ...agreed, inPack: true }] : []),
    ...DAYS.slice(0, 2),
    ...moreDays,
    ...DAYS.slice(2),
    ...ACCOUNT_COLUMNS,
    ...MONEY_COLUMNS.map((one) => ({ ...one, inPack: true })),
  ]
  return {
    sentence:
      cases.length === 0
        ? ''
        : `${inWords('days', all.used)} of ${countOf(all.agreed + all.extra, 'day')} agreed and approved are used, ${inWords('days', all.claimedDays)} are claimed. ${inWords('pounds', all.paid)} is paid and ${inWords('pounds', all.due)} is due, of ${inWords('pounds', promised)} promised.`,
    chart: bars.length === 0 ? null : { title: 'Days by region', legend: ['Used', 'Left'], bars },
    tables: [
      { id: 'days', title: 'Days and money by case', counted: ['case', 'cases'], columns, rows, empty: NO_CASES },
    ],
  }
}
