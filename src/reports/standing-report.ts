import { countOf } from '../platform/words.ts'
import { DAY_COLUMNS, LATE_COLUMN, MONEY_COLUMNS } from './columns.ts'
import type { Chart, Column, Report, Row, Table } from './report.ts'
import { inWords, reportHref } from './report.ts'
import type { ReportCase, ReportData } from './report-data.ts'
import { regionFilter, regionOf, requestKey, standingTitle, sumOf } from './report-data.ts'

const CASES = '/reports/cases'
const NOTHING_YET =
  'There is no case that you may see yet. Figures appear when a case is begun for your schools, your trust or your region.'

/** How many cases stand where, how many are late, and what they use: by region and by stage. */
export function standingReport(data: ReportData): Report {
  return { sentence: sentenceOf(data), chart: chartOf(data), tables: [regionTable(data), stageTable(data)] }
}

/** "North East: 4 of 5 open cases are on time, 1 has something late. 20 of 40 agreed days are used; £6,000 is paid and £0 is due." */
export function sentenceOf({ cases }: ReportData): string {
  if (cases.length === 0) return ''
  const regions = [...new Set(cases.map(regionOf))]
  const { open, late } = countCases(cases)
  const sum = sumOf(cases)
  const where = regions.length === 1 ? `${regions[0]}: ` : ''
  const onTime = `${open - late} of ${countOf(open, 'open case')} ${open - late === 1 ? 'is' : 'are'} on time`
  const behind = late === 0 ? 'none is late' : `${late} ${late === 1 ? 'has' : 'have'} something late`
  const days = `${inWords('days', sum.used)} of ${countOf(sum.agreed + sum.extra, 'agreed day')} are used`
  return `${where}${onTime}, ${behind}. ${days}; ${inWords('pounds', sum.paid)} is paid and ${inWords('pounds', sum.due)} is due.`
}

export function countCases(cases: readonly ReportCase[]) {
  const open = cases.filter(({ status }) => status === 'open')
  return {
    cases: cases.length,
    open: open.length,
    late: open.filter((one) => one.late.length > 0).length,
    items: cases.reduce((sum, one) => sum + one.late.length, 0),
  }
}

/** Cases by stage in the order of the process, of every flow that has some. */
function byStage(cases: readonly ReportCase[]): { title: string; stage: string; some: readonly ReportCase[] }[] {
  const flows = [...Map.groupBy(cases, ({ programme, flow }) => `${programme} ${flow}`).values()]
  return flows.flatMap((some) => {
    const [first] = some
    const stages = first?.pack.process?.flows?.[first.flow]?.stages ?? []
    const at = Map.groupBy(some, ({ stage }) => stage)
    return stages.map(({ id, title }) => ({ stage: id, title: `${id} ${title}`, some: at.get(id) ?? [] }))
  })
}

function chartOf({ cases, filters }: ReportData): Chart | null {
  const bars = byStage(cases).map(({ stage, title, some }) => {
    const { open, late } = countCases(some)
    const parts = [open - late, late, some.length - open]
    const names = ['on time', 'late', 'on hold or closed']
    const words = parts.flatMap((count, place) => (count > 0 ? [`${count} ${names[place]}`] : []))
    return {
      label: title,
      href: some.length > 0 ? reportHref(CASES, { ...filters, stage }) : null,
      parts,
      words: words.join(', ') || 'none',
    }
  })
  return cases.length === 0
    ? null
    : { title: 'Cases by stage', legend: ['On time', 'Something late', 'On hold or closed'], bars }
}

const COUNTS: readonly Column[] = [
  {
    key: 'cases',
    title: 'Cases',
    kind: 'count',
    inPack: true,
    means: 'All cases that you may see, closed ones too. What was asked for beside a case is no case of its own here.',
  },
  {
    key: 'open',
    title: 'Open',
    kind: 'count',
    under: 'cases',
    unit: 'open',
    means: 'Cases that are neither on hold nor closed.',
  },
  {
    key: 'lateCases',
    title: 'With something late',
    kind: 'count',
    means: 'Open cases with at least one overdue item.',
  },
]

function regionTable({ cases, filters }: ReportData): Table {
  const standings = standingsOf(cases)
  const requests = standings.map(
    (standing): Column => ({
      key: `request-${standing}`,
      title: `Requests: ${standingTitle(standing).toLowerCase()}`,
      kind: 'count',
      means: 'What was asked for beside cases, such as more days, by what was decided.',
    }),
  )
  const rows = [...Map.groupBy(cases, regionFilter)].map(([region, some]): Row => {
    const counts = countCases(some)
    const sum = sumOf(some)
    const to = (path: string, more: Record<string, string> = {}) => reportHref(path, { ...filters, region, ...more })
    const asked = standings.map((standing) => [
      `request-${standing}`,
      some.flatMap((one) => one.requests).filter((one) => one.standing === standing).length,
    ])
    return {
      values: {
        region: some[0] ? regionOf(some[0]) : region,
        ...counts,
        late: counts.items,
        lateCases: counts.late,
        ...sum,
        ...Object.fromEntries(asked),
      },
      links: {
        region: to('/reports'),
        cases: to(CASES),
        lateCases: to(CASES, { late: 'yes' }),
        late: to('/reports/late'),
        ...Object.fromEntries(
          ['agreed', 'extra', 'used', 'claimedDays', 'due', 'paid'].map((key) => [key, to('/reports/days')]),
        ),
        ...Object.fromEntries(asked.map(([key]) => [key, to('/reports/outcomes')])),
      },
      ...(counts.items > 0 && { alert: 'late' }),
    }
  })
  return {
    id: 'regions',
    title: 'By region',
    counted: ['region', 'regions'],
    columns: [
      {
        key: 'region',
        title: 'Region',
        kind: 'text',
        inPack: true,
        means: 'The region in which cases lay when they began.',
      },
      ...COUNTS,
      LATE_COLUMN,
      ...DAY_COLUMNS.slice(0, 1),
      {
        key: 'extra',
        title: 'Extra days',
        kind: 'days',
        under: 'agreed',
        unit: 'extra',
        means: 'Days that were approved beside those agreed.',
      },
      ...DAY_COLUMNS.slice(1),
      ...requests,
      ...MONEY_COLUMNS,
    ],
    rows: rows.toSorted((a, b) => String(a.values['region']).localeCompare(String(b.values['region']))),
    empty: NOTHING_YET,
  }
}

function standingsOf(cases: readonly ReportCase[]): string[] {
  const used = cases.flatMap(({ requests }) => requests.map(({ standing }) => standing))
  return [...new Set(['open', ...used])].toSorted(
    (a, b) => Number(b === 'open') - Number(a === 'open') || a.localeCompare(b),
  )
}

function stageTable({ cases, filters }: ReportData): Table {
  const regions = [...Map.groupBy(cases, regionFilter)].toSorted(([a], [b]) => a.localeCompare(b))
  const rows = regions.flatMap(([region, some]) =>
    byStage(some)
      .filter((one) => one.some.length > 0)
      .map(({ stage, title, some: at }): Row => {
        const { cases: count, open, late } = countCases(at)
        const href = reportHref(CASES, { ...filters, region, stage })
        const lateHref = reportHref(CASES, { ...filters, region, stage, late: 'yes' })
        return {
          values: { region: at[0] ? regionOf(at[0]) : region, stage: title, cases: count, open, lateCases: late },
          links: { cases: href, lateCases: lateHref },
          ...(late > 0 && { alert: 'lateCases' }),
        }
      }),
  )
  return {
    id: 'stages',
    title: 'By region and stage',
    counted: ['stage', 'stages'],
    columns: [
      {
        key: 'region',
        title: 'Region',
        kind: 'text',
        inPack: true,
        means: 'The region in which cases lay when they began.',
      },
      {
        key: 'stage',
        title: 'Stage',
        kind: 'text',
        inPack: true,
        means: 'The stage of the step that was opened last.',
      },
      ...COUNTS.map((one) => ({ ...one, inPack: true })),
    ],
    rows,
    empty: NOTHING_YET,
  }
}

/** What was asked for beside cases, by kind, region and what was decided. */
export function requestTable({ cases, filters }: ReportData): Table {
  const asked = cases.flatMap((one) => one.requests.map((request) => ({ one, request })))
  const groups = Map.groupBy(asked, ({ one, request }) =>
    JSON.stringify([request.title, regionFilter(one), request.standing]),
  )
  const rows = [...groups]
    .toSorted(([a], [b]) => a.localeCompare(b))
    .flatMap(([, some]): Row[] => {
      const [first] = some
      if (!first) return []
      const href = reportHref(CASES, {
        ...filters,
        region: regionFilter(first.one),
        request: requestKey(first.request),
      })
      return [
        {
          values: {
            kind: first.request.title,
            region: regionOf(first.one),
            standing: standingTitle(first.request.standing),
            requests: some.length,
          },
          links: { requests: href },
        },
      ]
    })
  return {
    id: 'requests',
    title: 'Requests beside cases',
    counted: ['line', 'lines'],
    columns: [
      {
        key: 'kind',
        title: 'What was asked for',
        kind: 'text',
        inPack: true,
        means: 'What the programme lets a case ask for beside it.',
      },
      { key: 'region', title: 'Region', kind: 'text', inPack: true, means: 'The region of the case.' },
      {
        key: 'standing',
        title: 'What came of it',
        kind: 'text',
        inPack: true,
        means: 'What was decided under the process of the programme, as it stands today.',
      },
      {
        key: 'requests',
        title: 'Requests',
        kind: 'count',
        inPack: true,
        means: 'How many stand so; the number leads to their cases.',
      },
    ],
    rows,
    empty: 'Nothing was asked for beside these cases yet. A request appears here when a leader makes one.',
  }
}
