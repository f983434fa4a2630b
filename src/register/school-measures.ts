import { longDate } from '../platform/words.ts'

/** Which published measures a school's page shows, in order, with the words and units that they are read in. */
type MeasureWords = {
  readonly dataset: string
  readonly measure: string
  readonly text: string
  readonly unit: '' | '%' | '£' | 'pupils'
  /** Longest bar: 100 for percentages, otherwise the longest of the four. */
  readonly full?: number
}

// Column names as the publishers print them; none says by itself that more is better, so no bar is coloured by it.
const SHOWN: readonly MeasureWords[] = [
  { dataset: 'register', measure: 'pupils', text: 'Pupils', unit: 'pupils' },
  {
    dataset: 'ks2',
    measure: 'PTRWM_EXP',
    text: 'Expected standard in reading, writing and maths',
    unit: '%',
    full: 100,
  },
  {
    dataset: 'ks2',
    measure: 'PTRWM_HIGH',
    text: 'Higher standard in reading, writing and maths',
    unit: '%',
    full: 100,
  },
  { dataset: 'ks4', measure: 'ATT8SCR', text: 'Attainment 8 score', unit: '', full: 90 },
  { dataset: 'ks4', measure: 'PTL2BASICS_94', text: 'Grade 4 or above in English and maths', unit: '%', full: 100 },
  { dataset: 'ks4', measure: 'PTL2BASICS_95', text: 'Grade 5 or above in English and maths', unit: '%', full: 100 },
  { dataset: 'absence', measure: 'PERCTOT', text: 'Sessions missed (overall absence)', unit: '%' },
  { dataset: 'absence', measure: 'PPERSABS10', text: 'Pupils missing 10% or more (persistent absence)', unit: '%' },
  { dataset: 'census', measure: 'PNUMFSMEVER', text: 'Free school meals in the past six years', unit: '%', full: 100 },
  { dataset: 'census', measure: 'PNUMEAL', text: 'English as an additional language', unit: '%', full: 100 },
  { dataset: 'census', measure: 'PSENELK', text: 'Special educational needs support', unit: '%', full: 100 },
  { dataset: 'workforce', measure: 'PupilTeacherRatio', text: 'Pupils for each teacher', unit: '' },
  { dataset: 'finance', measure: 'SpendPerPupil', text: 'Spending for each pupil', unit: '£' },
]

export type HeldMeasure = {
  readonly dataset: string
  readonly year: string
  readonly values: Readonly<Record<string, unknown>>
  readonly title: string
  readonly publisher: string
  readonly as_at: string
}

export type Benchmark = {
  readonly dataset: string
  readonly year: string
  readonly measure: string
  readonly area_kind: 'authority' | 'region' | 'england'
  readonly area: string
  readonly mean: string | number
  readonly schools: number
}

type Bar = { readonly name: string; readonly value: string; readonly width: number; readonly own: boolean }

export type ShownMeasure = {
  readonly text: string
  readonly year: string
  readonly bars: readonly Bar[]
  readonly source: string
  readonly sourceDate: string
  /** Earlier years held, oldest first. */
  readonly earlier: readonly { readonly year: string; readonly value: string }[]
}

const LONGEST_BAR = 120

/** The held measures in page order: the newest year of each beside the means of its areas. A code for "no figure" is said. */
export function presentMeasures(held: readonly HeldMeasure[], benchmarks: readonly Benchmark[]): ShownMeasure[] {
  return SHOWN.flatMap((words) => {
    const years = held
      .filter((one) => one.dataset === words.dataset && one.values[words.measure] !== undefined)
      .toSorted((a, b) => a.year.localeCompare(b.year))
    const newest = years.at(-1)
    return newest ? [presentMeasure(words, newest, years.slice(0, -1), benchmarks)] : []
  })
}

function presentMeasure(
  words: MeasureWords,
  newest: HeldMeasure,
  earlier: readonly HeldMeasure[],
  benchmarks: readonly Benchmark[],
): ShownMeasure {
  const means = (['authority', 'region', 'england'] as const).flatMap((kind) => {
    const found = benchmarks.find(
      (one) =>
        one.area_kind === kind &&
        one.dataset === newest.dataset &&
        one.year === newest.year &&
        one.measure === words.measure,
    )
    return found ? [{ name: kind === 'england' ? 'England' : found.area, value: Number(found.mean), own: false }] : []
  })
  const own = newest.values[words.measure]
  const entries = [{ name: 'This school', value: typeof own === 'number' ? own : null, own: true }, ...means]
  const longest = words.full ?? Math.max(...entries.map((entry) => entry.value ?? 0), 1)
  return {
    text: words.text,
    year: newest.year === 'current' ? 'latest held' : newest.year,
    bars: entries.map((entry) => ({
      name: entry.name,
      value: entry.value === null ? `not published (${String(own)})` : formatValue(entry.value, words.unit),
      width: Math.round((Math.min(Math.max(entry.value ?? 0, 0), longest) / longest) * LONGEST_BAR),
      own: entry.own,
    })),
    source: `${newest.publisher}, ${newest.title}`,
    sourceDate: asAtInWords(newest.as_at),
    earlier: earlier.map((one) => ({ year: one.year, value: readable(one.values[words.measure], words.unit) })),
  }
}

/** "2023-11" is said as "November 2023", a day as a day, anything else (such as "2024/25 census") as it is. */
export function asAtInWords(asAt: string): string {
  return /^\d{4}-\d{2}$/.test(asAt) ? longDate(`${asAt}-01`).replace(/^1 /, '') : longDate(asAt)
}

function readable(value: unknown, unit: MeasureWords['unit']): string {
  return typeof value === 'number' ? formatValue(value, unit) : `not published (${String(value)})`
}

const oneDecimal = new Intl.NumberFormat('en-GB', { maximumFractionDigits: 1 })
const wholeNumber = new Intl.NumberFormat('en-GB', { maximumFractionDigits: 0 })

function formatValue(value: number, unit: MeasureWords['unit']): string {
  if (unit === '£') return `£${wholeNumber.format(value)}`
  if (unit === 'pupils') return wholeNumber.format(value)
  return `${oneDecimal.format(value)}${unit}`
}
