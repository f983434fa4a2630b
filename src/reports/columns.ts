import type { Column } from './report.ts'

/** Columns that several reports share, each with the rule and the data that its numbers rest on. */

export const CASE_COLUMNS: readonly Column[] = [
  {
    key: 'reference',
    title: 'Case',
    kind: 'text',
    inPack: true,
    means: 'The number of the case; it leads to everything that was done in it.',
  },
  { key: 'name', title: 'School or trust', kind: 'text', inPack: true, means: 'The name in the register today.' },
  { key: 'urn', title: 'URN', kind: 'text', inFile: true, means: 'The number of the school in the register.' },
  {
    key: 'programme',
    title: 'Programme',
    kind: 'text',
    inFile: true,
    means: 'The programme and edition that the case began under.',
  },
  {
    key: 'region',
    title: 'Region',
    kind: 'text',
    under: 'name',
    means: 'The region in which the case lay when it began.',
  },
  {
    key: 'marked',
    title: 'By exception',
    kind: 'text',
    under: 'name',
    means: 'Whether the case began by an approved exception instead of a criterion of the programme.',
  },
  {
    key: 'stage',
    title: 'Stage',
    kind: 'text',
    inPack: true,
    means: 'The stage of the step that was opened last, by the process of the programme.',
  },
]

export const LATE_COLUMN: Column = {
  key: 'late',
  title: 'Overdue items',
  kind: 'count',
  inPack: true,
  means:
    'Open steps whose day is past, in open cases and in what stands beside them. The day follows from the clock of the step in the programme.',
}

export const DAYS_LATE_COLUMN: Column = {
  key: 'daysLate',
  title: 'Working days late',
  kind: 'count',
  under: 'late',
  unit: 'working days late',
  means:
    'Working days since the day of the step that has waited longest. Weekends and bank holidays of England do not count.',
}

export const DAY_COLUMNS: readonly Column[] = [
  {
    key: 'agreed',
    title: 'Days agreed',
    kind: 'days',
    means: 'Days agreed in the case under its programme, without extra days.',
  },
  {
    key: 'used',
    title: 'Days used',
    kind: 'days',
    inPack: true,
    means:
      'Days of the log that were done, validated or not. What is only planned, withdrawn or done by help from outside does not count.',
  },
  {
    key: 'claimedDays',
    title: 'Days claimed',
    kind: 'days',
    means: 'What claims that were handed in come to, divided by the day rate of the programme.',
  },
]

export const MONEY_COLUMNS: readonly Column[] = [
  {
    key: 'due',
    title: 'Due',
    kind: 'pounds',
    means: 'Money for which nothing is missing any more and which is not in a payment run, by the books of the case.',
  },
  {
    key: 'paid',
    title: 'Paid',
    kind: 'pounds',
    inPack: true,
    means: 'Money that the payer has answered as paid, by the books of the case.',
  },
]
