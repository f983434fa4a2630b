import { gradeLetter, gradeNameOn, INSPECTION_KINDS } from './inspection-words.ts'
import type { InspectionKind } from './register-tables.ts'

/** What the strip needs of an inspection. `predecessor`: evidence of an earlier school, drawn in outline. */
export type StripInspection = {
  readonly on: string
  readonly kind: InspectionKind
  readonly overall: number | null
  readonly predecessor: boolean
}

export type StripMark = {
  readonly x: number
  readonly y: number
  readonly sign: string
  /** Class of the mark: its grade, or "other"; and "outline" for a predecessor's. */
  readonly classes: string
  readonly round: boolean
  readonly title: string
}

export type Strip = {
  readonly width: number
  readonly height: number
  readonly axisY: number
  readonly markSize: number
  readonly marks: readonly StripMark[]
  readonly ticks: readonly { readonly x: number; readonly label: string }[]
  readonly openedX: number | null
  /** What the picture says, for those who do not see it. */
  readonly description: string
  /** The signs that this strip uses and what they mean. */
  readonly legend: readonly { readonly sign: string; readonly text: string }[]
}

// Drawn narrow, so that the letters stay legible where the picture is scaled down to a phone.
const WIDTH = 420
const MARGIN = 20
const MARK = 27
const LANE = 32
const TOP = 4
const TICKS_AT_MOST = 6

const OTHER_SIGNS = {
  graded: '?',
  graded_no_overall: 'J',
  report_card: 'RC',
  ungraded: 'U',
  newer_unspecified: '?',
} as const

/**
 * Inspections as marks on a line of years, oldest left; marks that would lie on one another stand in lanes. `until` is the
 * last day the axis reaches (ISO date), `opened` marks where this school's own time begins.
 */
export function drawStrip(inspections: readonly StripInspection[], opened: string | null, until: string): Strip | null {
  const dated = inspections.toSorted((a, b) => a.on.localeCompare(b.on))
  const first = dated[0]
  const last = dated.at(-1)
  if (!first || !last) return null
  const from = Math.floor(yearsOf(first.on))
  const to = Math.max(Math.ceil(yearsOf(until)), Math.ceil(yearsOf(last.on)), from + 4)
  const xOf = (years: number): number => round(MARGIN + ((years - from) / (to - from)) * (WIDTH - 2 * MARGIN))
  const lanes = assignLanes(dated.map((inspection) => xOf(yearsOf(inspection.on))))
  const axisY = TOP + (Math.max(...lanes) + 1) * LANE
  return {
    width: WIDTH,
    height: axisY + 22,
    axisY,
    markSize: MARK,
    marks: dated.map((inspection, index) =>
      drawMark(inspection, xOf(yearsOf(inspection.on)), axisY - LANE * ((lanes[index] ?? 0) + 1) + 1),
    ),
    ticks: tickYears(from, to).map((year) => ({ x: xOf(year), label: String(year) })),
    openedX: opened && yearsOf(opened) > from && yearsOf(opened) < to ? xOf(yearsOf(opened)) : null,
    description: describe(dated),
    legend: legendOf(dated),
  }
}

/** The sign of an inspection: its grade's letter, or that of its kind. */
export function signOf(inspection: Pick<StripInspection, 'kind' | 'overall'>): string {
  return inspection.kind === 'graded' && inspection.overall
    ? gradeLetter(inspection.overall)
    : OTHER_SIGNS[inspection.kind]
}

function drawMark(inspection: StripInspection, x: number, y: number): StripMark {
  const graded = inspection.kind === 'graded' && inspection.overall
  const tone = graded ? `app-grade-${inspection.overall}` : 'app-grade-other'
  return {
    x: round(x - MARK / 2),
    y,
    sign: signOf(inspection),
    classes: inspection.predecessor ? `${tone} app-grade-outline` : tone,
    round: !graded,
    title: sentenceOf(inspection),
  }
}

/** The lowest lane whose last mark is far enough left. */
function assignLanes(places: readonly number[]): number[] {
  const ends: number[] = []
  return places.map((x) => {
    const free = ends.findIndex((end) => end <= x - MARK - 1)
    const lane = free < 0 ? ends.length : free
    ends[lane] = x
    return lane
  })
}

function tickYears(from: number, to: number): number[] {
  const step = [1, 2, 5, 10].find((size) => (to - from) / size <= TICKS_AT_MOST) ?? 20
  const years: number[] = []
  for (let year = Math.ceil(from / step) * step; year <= to; year += step) years.push(year)
  return years
}

function describe(inspections: readonly StripInspection[]): string {
  return `${inspections.map(sentenceOf).join('. ')}.`
}

function sentenceOf(inspection: StripInspection): string {
  const year = inspection.on.slice(0, 4)
  const found =
    inspection.kind === 'graded' && inspection.overall
      ? gradeNameOn(inspection.overall, inspection.on)
      : INSPECTION_KINDS[inspection.kind]
  return `${year}: ${found}${inspection.predecessor ? ' (predecessor)' : ''}`
}

function legendOf(inspections: readonly StripInspection[]): { sign: string; text: string }[] {
  const texts = new Map<string, string>()
  for (const grade of [1, 2, 3, 4])
    if (inspections.some((one) => one.kind === 'graded' && one.overall === grade))
      texts.set(gradeLetter(grade), gradeNameOn(grade, '9999-12-31'))
  for (const one of inspections) if (one.kind !== 'graded') texts.set(signOf(one), INSPECTION_KINDS[one.kind])
  return [...texts].map(([sign, text]) => ({ sign, text }))
}

/** A day as a year with its fraction, near enough to draw by. */
function yearsOf(day: string): number {
  return Number(day.slice(0, 4)) + (Number(day.slice(5, 7)) - 1) / 12 + (Number(day.slice(8, 10)) - 1) / 366
}

function round(value: number): number {
  return Math.round(value * 10) / 10
}
