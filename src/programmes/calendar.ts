import Holidays from 'date-holidays'
import about from 'date-holidays/package.json' with { type: 'json' }

type PlainDate = Temporal.PlainDate

/** Which days are no working days. `version` is stored beside every due date, so that a changed calendar shows. */
export type WorkingCalendar = { readonly version: string; isBankHoliday(date: PlainDate): boolean }

export const LIMIT_UNITS = ['working days', 'days', 'weeks', 'months'] as const
export type LimitUnit = (typeof LIMIT_UNITS)[number]
/** How long a step may take: "5 working days" is `{ within: 5, unit: 'working days' }`; `days` are calendar days. */
export type Limit = { readonly within: number; readonly unit: LimitUnit }

/** One term of an academic year; both days belong to it. Dates are ISO plain dates. */
export type Term = { readonly id: string; readonly name: string; readonly from: string; readonly to: string }

const SATURDAY = 6

/** The bank holidays of England, one-off days and substitutes included, read year by year and kept. */
export const englandCalendar: WorkingCalendar = createEnglandCalendar()

function createEnglandCalendar(): WorkingCalendar {
  const source = new Holidays('GB', 'ENG', { languages: 'en', types: ['public', 'bank'] })
  const years = new Map<number, Set<string>>()
  const daysOf = (year: number) => {
    const held = years.get(year)
    if (held) return held
    const days = new Set(source.getHolidays(year).map((holiday) => holiday.date.slice(0, 10)))
    years.set(year, days)
    return days
  }
  return {
    version: `england, date-holidays ${about.version}`,
    isBankHoliday: (date) => daysOf(date.year).has(date.toString()),
  }
}

/** Monday to Friday and no bank holiday (TSI-084). */
export function isWorkingDay(date: PlainDate, calendar: WorkingCalendar): boolean {
  return date.dayOfWeek < SATURDAY && !calendar.isBankHoliday(date)
}

/** The nth working day after `date`, which is itself day 0 (TSI-084); a negative `count` goes back. */
export function addWorkingDays(date: PlainDate, count: number, calendar: WorkingCalendar): PlainDate {
  const step = { days: Math.sign(count) }
  let day = date
  for (let left = Math.abs(count); left > 0; ) {
    day = day.add(step)
    if (isWorkingDay(day, calendar)) left -= 1
  }
  return day
}

/** The same weekday, `count` calendar weeks on. */
export function addWeeks(date: PlainDate, count: number): PlainDate {
  return date.add({ weeks: count })
}

/** How many working days lie after `from` up to and with `to`; 0 when `to` is not later. Tells days late (TSI-085). */
export function workingDaysAfter(from: PlainDate, to: PlainDate, calendar: WorkingCalendar): number {
  let count = 0
  for (let day = from.add({ days: 1 }); Temporal.PlainDate.compare(day, to) <= 0; day = day.add({ days: 1 })) {
    if (isWorkingDay(day, calendar)) count += 1
  }
  return count
}

/** When a step is due whose clock started with an event on `from`: the day of that event is day 0 (TSI-084). */
export function dueDate(limit: Limit, from: PlainDate, calendar: WorkingCalendar): PlainDate {
  switch (limit.unit) {
    case 'working days':
      return addWorkingDays(from, limit.within, calendar)
    case 'days':
      return from.add({ days: limit.within })
    case 'weeks':
      return addWeeks(from, limit.within)
    case 'months':
      return from.add({ months: limit.within })
  }
}

/** Reads "5 working days" or "1 week"; undefined when the words are no limit. */
export function findLimit(words: string): Limit | undefined {
  const [, count, unit] = /^(\d+) (working day|day|week|month)s?$/.exec(words) ?? []
  const full = LIMIT_UNITS.find((name) => name === `${unit}s`)
  return full ? { within: Number(count), unit: full } : undefined
}

/** The term that holds the date; undefined in the holidays. */
export function findTerm(terms: readonly Term[], date: string): Term | undefined {
  return terms.find((term) => term.from <= date && date <= term.to)
}

/** The first term that begins after the date (TSI-101: "second term" is the one after the term of the start). */
export function findNextTerm(terms: readonly Term[], date: string): Term | undefined {
  return terms.filter((term) => term.from > date).sort((a, b) => a.from.localeCompare(b.from))[0]
}

/** An authority's own term dates where an administrator gave some for the year, else the national default of the pack. */
export function termsOf(authority: string, own: ReadonlyMap<string, readonly Term[]>, fallback: readonly Term[]) {
  return own.get(authority) ?? fallback
}
