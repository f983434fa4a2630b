import { longDate } from '../../platform/words.ts'
import { type CellFault, isCellFault, readDate, readRequiredDate, readText, readWholeUpTo } from '../csv-cell.ts'
import { gradeName } from '../inspection-words.ts'
import type { Projection } from '../projections.ts'

/** A fact that may be corrected. `fact` is the column by which the register is asked whether it agrees. */
export type CorrectionField = {
  readonly id: string
  readonly title: string
  readonly of: 'school' | 'inspection' | 'link'
  readonly fact: string
  readonly hint: string
  /** What must be worked out again when it changes. */
  readonly projections: readonly Projection[]
  /** A value as JSON for the column, from what was typed; null is "none". */
  readonly read: (typed: string) => string | number | null | CellFault
}

const address = (id: string, title: string): CorrectionField => ({
  id,
  title,
  of: 'school',
  fact: id,
  hint: 'Leave empty where there is none',
  projections: [],
  read: readText,
})

function readNumber(most: number): CorrectionField['read'] {
  return (typed) => {
    const read = readWholeUpTo(most)(typed)
    return isCellFault(read) || read === null ? (read ?? { fault: 'must be a whole number' }) : Number(read)
  }
}

const required: CorrectionField['read'] = (typed) => readText(typed) ?? { fault: 'must not be empty' }

/** The closed list. */
export const CORRECTION_FIELDS = [
  {
    id: 'phase',
    title: 'Phase',
    of: 'school',
    fact: 'phase',
    hint: 'As the register words it, such as Primary',
    projections: ['benchmark'],
    read: required,
  },
  {
    id: 'type',
    title: 'Type',
    of: 'school',
    fact: 'type',
    hint: 'As the register words it, such as Community school',
    projections: ['listing'],
    read: required,
  },
  {
    id: 'status',
    title: 'Status',
    of: 'school',
    fact: 'status',
    hint: 'Open; Open, but proposed to close; Closed; Proposed to open',
    projections: ['listing', 'benchmark'],
    read: required,
  },
  {
    id: 'trust',
    title: 'Trust',
    of: 'school',
    fact: 'trust_uid',
    hint: 'The UID of the trust; leave empty for none',
    projections: ['trust'],
    read: readText,
  },
  {
    id: 'authority',
    title: 'Authority',
    of: 'school',
    fact: 'authority_code',
    hint: 'The code of the authority; its region follows',
    projections: ['benchmark'],
    read: required,
  },
  {
    id: 'pupils',
    title: 'Number of pupils',
    of: 'school',
    fact: 'pupils',
    hint: 'A whole number; it counts as of the month of the source',
    projections: ['benchmark'],
    read: readNumber(99_999),
  },
  {
    id: 'opened',
    title: 'Opening date',
    of: 'school',
    fact: 'opened',
    hint: 'Year, month, day, such as 2014-09-01',
    projections: ['grade'],
    read: readRequiredDate,
  },
  {
    id: 'closed',
    title: 'Closing date',
    of: 'school',
    fact: 'closed',
    hint: 'Year, month, day; leave empty where there is none',
    projections: [],
    read: readDate,
  },
  address('street', 'Street'),
  address('locality', 'Locality'),
  address('address3', 'Third line of the address'),
  address('town', 'Town'),
  address('county', 'County'),
  address('postcode', 'Postcode'),
  address('diocese', 'Diocese'),
  {
    id: 'grade',
    title: 'Grade',
    of: 'inspection',
    fact: 'overall',
    hint: '1 Outstanding, 2 Good, 3 Requires improvement, 4 Inadequate',
    projections: ['grade'],
    read: readGradeGiven,
  },
  {
    id: 'inspected-on',
    title: 'Date',
    of: 'inspection',
    fact: 'inspected_on',
    hint: 'The first day of the inspection: year, month, day',
    projections: ['grade'],
    read: readRequiredDate,
  },
  {
    id: 'published-on',
    title: 'Publication date',
    of: 'inspection',
    fact: 'published_on',
    hint: 'Year, month, day; leave empty where it is not known',
    projections: ['grade'],
    read: readDate,
  },
  {
    id: 'predecessor',
    title: 'Predecessor',
    of: 'link',
    fact: 'link',
    hint: 'The URN of the school that this one plainly continues',
    projections: ['grade'],
    read: readUrnGiven,
  },
] as const satisfies readonly CorrectionField[]

function readGradeGiven(typed: string): number | CellFault {
  return /^[1-4]$/.test(typed.trim()) ? Number(typed.trim()) : { fault: 'must be a grade from 1 to 4' }
}

function readUrnGiven(typed: string): number | CellFault {
  return /^[1-9]\d{5}$/.test(typed.trim()) ? Number(typed.trim()) : { fault: 'must be a URN of 6 digits' }
}

export function findField(id: string): CorrectionField | undefined {
  return CORRECTION_FIELDS.find((field) => field.id === id)
}

/** The value of a fact in words, from its values by column. */
export function sayValue(values: Readonly<Record<string, unknown>>): string {
  const field = CORRECTION_FIELDS.find(({ id, fact }) => id === values['field'] || fact in values)
  const value = field && values[field.fact]
  if (value === null || value === undefined || value === '') return 'none'
  if (field?.id === 'grade') return gradeName(Number(value))
  if (field?.id === 'trust') return `the trust with UID ${value}`
  if (field?.id === 'authority') return `the authority with code ${value}`
  return longDate(String(value))
}
