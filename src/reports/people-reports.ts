import { countOf } from '../platform/words.ts'
import { caseHref, caseValues } from './case-line.ts'
import { CASE_COLUMNS } from './columns.ts'
import type { Column, Report, Row, Table } from './report.ts'
import { inWords, reportHref } from './report.ts'
import type { ReportCase, ReportData } from './report-data.ts'
import { endingKey, sumOf } from './report-data.ts'
import { requestTable } from './standing-report.ts'

const MOST_BARS = 20

const LEADER_COLUMNS: readonly Column[] = [
  {
    key: 'reference',
    title: 'Reference',
    kind: 'text',
    inFile: true,
    means: 'The number of the leader on the roster.',
  },
  {
    key: 'name',
    title: 'Leader',
    kind: 'text',
    inPack: true,
    means: 'Whoever is active on the roster or works on a case that you may see.',
  },
  { key: 'region', title: 'Region', kind: 'text', inPack: true, means: 'The region of the leader on the roster.' },
  {
    key: 'cases',
    title: 'Open cases',
    kind: 'count',
    inPack: true,
    means: 'Open cases that you may see in which the leader works now.',
  },
  {
    key: 'late',
    title: 'With something late',
    kind: 'count',
    means: 'Those of them with an overdue item, whoever it waits for.',
  },
  { key: 'agreed', title: 'Days in cases', kind: 'days', means: 'Days agreed and approved in those cases.' },
  {
    key: 'used',
    title: 'Days used',
    kind: 'days',
    inPack: true,
    means: 'Days done in those cases, by whoever of the team did them.',
  },
  {
    key: 'available',
    title: 'Days available',
    kind: 'days',
    means: 'Days that the leader has in the term, as entered on the roster.',
  },
  {
    key: 'promised',
    title: 'Promised',
    kind: 'days',
    means: 'Days of the term promised to approved matches, by the ledger of the roster.',
  },
  {
    key: 'held',
    title: 'Held',
    kind: 'days',
    means: 'Days of the term held until a leader answers, by the ledger of the roster.',
  },
  {
    key: 'free',
    title: 'Free',
    kind: 'days',
    inPack: true,
    means: 'What is left of the days of the term; none while the leader is away for all of it.',
  },
]

/** Who carries how much: cases, and days of the term. Leaders that were invented to try things out stay out without a case. */
export function leadersReport({ cases, leaders, term, filters }: ReportData): Report {
  const byLeader = Map.groupBy(
    cases.filter(({ status, leaderId }) => status === 'open' && leaderId !== null),
    ({ leaderId }) => leaderId,
  )
  const lines = leaders
    .map((leader) => ({ leader, own: byLeader.get(leader.id) ?? [], days: leader.capacity[0] }))
    .filter(({ leader, own }) => own.length > 0 || (leader.state === 'active' && !leader.exercise))
    .toSorted((a, b) => b.own.length - a.own.length || a.leader.reference.localeCompare(b.leader.reference))
  const rows = lines.map(({ leader, own, days }): Row => {
    const sum = sumOf(own)
    const late = own.filter((one) => one.late.length > 0).length
    return {
      values: {
        reference: leader.reference,
        name: leader.name || leader.reference,
        region: leader.region,
        cases: own.length,
        late,
        agreed: sum.agreed + sum.extra,
        used: sum.used,
        available: (days?.available ?? 0) / 2,
        promised: (days?.promised ?? 0) / 2,
        held: (days?.held ?? 0) / 2,
        free: (days?.free ?? 0) / 2,
      },
      links: {
        name: `/leaders/${encodeURIComponent(leader.reference)}`,
        cases: reportHref('/cases', { leader: leader.reference, status: 'open' }),
      },
    }
  })
  const bars = lines.slice(0, MOST_BARS).map(({ leader, days }) => {
    const parts = [days?.promised ?? 0, days?.held ?? 0, days?.free ?? 0].map((half) => half / 2)
    return {
      label: leader.name || leader.reference,
      href: `/leaders/${encodeURIComponent(leader.reference)}`,
      parts,
      words: `${inWords('days', parts[0])} promised, ${inWords('days', parts[1])} held, ${inWords('days', parts[2])} free`,
    }
  })
  const busy = lines.filter(({ own }) => own.length > 0).length
  const free = lines.reduce((sum, { days }) => sum + (days?.free ?? 0), 0) / 2
  const when = term ? ` in the ${term.title.toLowerCase()}` : ''
  const table: Table = {
    id: 'leaders',
    title: 'Load of leaders',
    counted: ['leader', 'leaders'],
    columns: LEADER_COLUMNS,
    rows,
    empty: 'No leader is on the roster of your regions. One appears here when a leader is added.',
  }
  return {
    sentence:
      lines.length === 0
        ? ''
        : `${busy} of ${countOf(lines.length, 'leader')} ${busy === 1 ? 'has' : 'have'} an open case; ${inWords('days', free)} days are free${when}.`,
    chart:
      bars.length === 0
        ? null
        : {
            title: `Days of leaders${when}${lines.length > MOST_BARS ? `: the ${MOST_BARS} with most cases` : ''}`,
            legend: ['Promised', 'Held', 'Free'],
            bars,
          },
    tables: [filters['region'] ? { ...table, title: `Load of leaders of ${filters['region']}` } : table],
  }
}

/** What was answered and decided, step by step in the order of the process, and what was asked for beside cases. */
export function outcomesReport(data: ReportData): Report {
  const { cases, filters } = data
  const endings = cases.flatMap((one) => one.endings.map((ending) => ({ one, ending })))
  const groups = [...Map.groupBy(endings, ({ ending }) => endingKey(ending)).entries()]
  const order = stepOrder(cases)
  const rows = groups
    .toSorted(([a], [b]) => (order.get(a) ?? 0) - (order.get(b) ?? 0))
    .map(([key, some]): Row => {
      const days = some.map(({ ending }) => ending.doneOn).toSorted()
      return {
        values: {
          step: some[0]?.ending.title ?? '',
          outcome: some[0]?.ending.outcomeTitle ?? '',
          cases: new Set(some.map(({ one }) => one.id)).size,
          last: days.at(-1) ?? null,
        },
        links: { cases: reportHref('/reports/cases', { ...filters, ended: key }) },
      }
    })
  const requests = requestTable(data)
  const asked = cases.flatMap((one) => one.requests)
  const closed = cases.filter(({ status }) => status === 'closed').length
  const ways = [...Map.groupBy(asked, ({ title }) => title)].toSorted(([a], [b]) => a.localeCompare(b))
  const decided = asked.filter(({ standing }) => standing !== 'open' && standing !== 'closed').length
  return {
    sentence:
      cases.length === 0
        ? ''
        : `${closed} of ${countOf(cases.length, 'case')} ${closed === 1 ? 'is' : 'are'} closed. ${asked.length === 0 ? 'Nothing was asked for beside them.' : `${decided} of ${countOf(asked.length, 'request')} beside them ${decided === 1 ? 'is' : 'are'} decided.`}`,
    chart:
      ways.length === 0
        ? null
        : {
            title: 'Requests beside cases',
            legend: ['Decided', 'Not decided yet', 'Ended without a decision'],
            bars: ways.map(([title, some]) => {
              const at = (standing: string) => some.filter((one) => one.standing === standing).length
              const parts = [some.length - at('open') - at('closed'), at('open'), at('closed')]
              return { label: title, href: null, parts, words: `${parts[0]} decided, ${parts[1]} not decided yet` }
            }),
          },
    tables: [
      {
        id: 'decisions',
        title: 'Answers and decisions',
        counted: ['line', 'lines'],
        columns: [
          {
            key: 'step',
            title: 'Step',
            kind: 'text',
            inPack: true,
            means: 'A step of the process that can end in several ways.',
          },
          {
            key: 'outcome',
            title: 'How it ended',
            kind: 'text',
            inPack: true,
            means: 'The last answer or decision of the case that was not set aside by going back.',
          },
          {
            key: 'cases',
            title: 'Cases',
            kind: 'count',
            inPack: true,
            means: 'How many cases; the number leads to them.',
          },
          { key: 'last', title: 'Latest', kind: 'date', means: 'The day of the latest of them.' },
        ],
        rows,
        empty:
          'Nothing was answered or decided in these cases yet. A line appears when the first step ends with an answer.',
      },
      requests,
    ],
  }
}

/** By ending, its place in the process of the packs that the cases began under. */
function stepOrder(cases: readonly ReportCase[]): ReadonlyMap<string, number> {
  const order = new Map<string, number>()
  for (const { pack, flow } of cases)
    for (const [step, { outcomes }] of Object.entries(pack.process?.flows?.[flow]?.steps ?? {}))
      for (const outcome of Object.keys(outcomes ?? {})) {
        const key = endingKey({ step, outcome })
        if (!order.has(key)) order.set(key, order.size)
      }
  return order
}

const STATES: Readonly<Record<string, string>> = {
  missing: 'Missing',
  begun: 'Begun',
  complete: 'Complete',
  returned: 'Returned',
  submitted: 'Handed in',
  forwarded: 'Forwarded',
}
const POINT_MEANS =
  'A report is there when the sections that it covers are complete; the last one when the form is handed in. The day is that of the last saving, of handing in, or of forwarding.'

/** The reports that the form of each case is: which are there, since when, and the payments that came of the last. */
export function pointsReport({ cases, filters }: ReportData): Report {
  const withForm = cases.flatMap((one) => (one.points ? [{ one, points: one.points }] : []))
  const kinds = new Map(withForm.flatMap(({ points }) => points.points.map(({ id, title }) => [id, title] as const)))
  const rows = withForm.map(({ one, points }): Row => {
    const cells = points.points.flatMap(({ id, state, on }): [string, string | null][] => [
      [id, STATES[state] ?? state],
      [`${id}-on`, on],
    ])
    return {
      values: { ...caseValues(one), ...Object.fromEntries(cells), tasks: points.tasks.length },
      links: {
        reference: caseHref(one.reference),
        ...Object.fromEntries(points.points.map(({ id }) => [id, `${caseHref(one.reference)}/form`])),
      },
    }
  })
  const columns = [...kinds].flatMap(([id, title]): Column[] => [
    { key: id, title, kind: 'text', inPack: true, means: POINT_MEANS },
    {
      key: `${id}-on`,
      title: `${title}: since`,
      kind: 'date',
      under: id,
      unit: '',
      means: 'The day since when it stands so.',
    },
  ])
  const counts = [...kinds].map(([id, title]) => {
    const there = withForm.filter(({ points }) => points.points.some((one) => one.id === id && one.there)).length
    return { id, title, there, missing: withForm.length - there }
  })
  const words = counts.map(({ title, there }) => `${title.toLowerCase()}, ${there}`)
  return {
    sentence:
      withForm.length === 0
        ? ''
        : `${countOf(withForm.length, 'case has a form', 'cases have a form')}. Reports that are there: ${words.join('; ')}.`,
    chart:
      withForm.length === 0
        ? null
        : {
            title: 'Reports by time',
            legend: ['There', 'Missing'],
            bars: counts.map(({ id, title, there, missing }) => ({
              label: title,
              href: missing > 0 ? reportHref('/reports/points', { ...filters, missing: id }) : null,
              parts: [there, missing],
              words: `${there} there, ${missing} missing`,
            })),
          },
    tables: [
      {
        id: 'points',
        title: 'Reports by case',
        counted: ['case', 'cases'],
        columns: [
          ...CASE_COLUMNS.map((column) => (column.key === 'stage' ? { ...column, inPack: false } : column)),
          ...columns,
          {
            key: 'tasks',
            title: 'Payment tasks',
            kind: 'count',
            means: 'Steps towards the payment that the last report opened.',
          },
        ],
        rows,
        empty: 'No case has a form yet. It appears when the work with a school or trust begins.',
      },
      countTable(counts, filters),
      taskTable(withForm),
    ],
  }
}

type PointCount = { readonly id: string; readonly title: string; readonly there: number; readonly missing: number }

function countTable(counts: readonly PointCount[], filters: ReportData['filters']): Table {
  return {
    id: 'counts',
    title: 'How many are there, how many are missing',
    counted: ['report', 'reports'],
    columns: [
      { key: 'point', title: 'Report', kind: 'text', inPack: true, means: POINT_MEANS },
      { key: 'there', title: 'There', kind: 'count', inPack: true, means: 'Cases with a form whose report is there.' },
      {
        key: 'missing',
        title: 'Missing',
        kind: 'count',
        inPack: true,
        means: 'Cases with a form whose report is not there yet; the number leads to them.',
      },
    ],
    rows: counts.map(({ id, title, there, missing }) => ({
      values: { point: title, there, missing },
      links: { missing: reportHref('/reports/points', { ...filters, missing: id }) },
    })),
    empty: 'No case has a form yet.',
  }
}

function taskTable(cases: readonly { one: ReportCase; points: NonNullable<ReportCase['points']> }[]): Table {
  const rows = cases.flatMap(({ one, points }) =>
    points.tasks.map(
      (task): Row => ({
        values: {
          reference: one.reference,
          name: one.name,
          task: task.title,
          openedOn: task.openedOn,
          dueOn: task.dueOn,
          doneOn: task.doneOn,
        },
        links: { reference: caseHref(one.reference) },
      }),
    ),
  )
  const day = { kind: 'date' } as const
  return {
    id: 'tasks',
    title: 'Payment tasks',
    counted: ['payment task', 'payment tasks'],
    columns: [
      ...CASE_COLUMNS.slice(0, 2),
      {
        key: 'task',
        title: 'Task',
        kind: 'text',
        inPack: true,
        means:
          'The step towards the payment; it opens when the last report is handed in and forwarded, and never before.',
      },
      { ...day, key: 'openedOn', title: 'Since', means: 'The day on which the report was forwarded.' },
      { ...day, key: 'dueOn', title: 'Due', inPack: true, means: 'The day worked out from the clock of the step.' },
      {
        ...day,
        key: 'doneOn',
        title: 'Done',
        inPack: true,
        means: 'The day on which it was decided; empty while it is open.',
      },
    ],
    rows,
    empty: 'No payment task came of a report yet. One appears when a form is handed in and forwarded.',
  }
}
