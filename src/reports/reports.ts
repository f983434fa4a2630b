import type { Capability } from '../platform/actor.ts'
import { casesReport, daysReport, lateReport } from './case-reports.ts'
import { leadersReport, outcomesReport, pointsReport } from './people-reports.ts'
import type { Report } from './report.ts'
import type { ReportData, ReportReads } from './report-data.ts'
import { standingReport } from './standing-report.ts'

/** A report with its address, who may read it, and what it reads beside the cases with their days and money. */
export type ReportKind = {
  readonly id: string
  readonly path: string
  readonly title: string
  readonly tab: string
  readonly summary: string
  readonly needs: Capability
  readonly reads: ReportReads
  readonly build: (data: ReportData) => Report
}

/** Every report, in the order of its tabs. */
export const REPORTS: readonly ReportKind[] = [
  {
    id: 'standing',
    path: '/reports',
    tab: 'Where things stand',
    title: 'Where every case stands',
    summary: 'Cases by region and stage, overdue items, days, requests and money',
    needs: 'see-cases',
    reads: [],
    build: standingReport,
  },
  {
    id: 'cases',
    path: '/reports/cases',
    tab: 'Cases',
    title: 'Every case',
    summary: 'Each case with its stage, what is overdue, days and money',
    needs: 'see-cases',
    reads: [],
    build: casesReport,
  },
  {
    id: 'late',
    path: '/reports/late',
    tab: 'Late',
    title: 'What is overdue, and whose turn it is',
    summary: 'Overdue items with working days late, and who is late',
    needs: 'see-cases',
    reads: [],
    build: lateReport,
  },
  {
    id: 'days',
    path: '/reports/days',
    tab: 'Days and money',
    title: 'Days and money',
    summary: 'Days agreed, used and claimed, and what is due and paid, by case',
    needs: 'see-cases',
    reads: [],
    build: daysReport,
  },
  {
    id: 'leaders',
    path: '/reports/leaders',
    tab: 'Leaders',
    title: 'Load of leaders',
    summary: 'Leaders with their open cases and the days of the term',
    needs: 'see-leaders',
    reads: ['leaders'],
    build: leadersReport,
  },
  {
    id: 'outcomes',
    path: '/reports/outcomes',
    tab: 'Outcomes',
    title: 'What came of it',
    summary: 'Answers and decisions by step, and requests beside cases by what was decided',
    needs: 'see-cases',
    reads: ['endings'],
    build: outcomesReport,
  },
  {
    id: 'points',
    path: '/reports/points',
    tab: 'Reports of forms',
    title: 'Reports by the form',
    summary: 'The reports that each form is, those missing, and payment tasks',
    needs: 'see-cases',
    reads: ['points'],
    build: pointsReport,
  },
]
