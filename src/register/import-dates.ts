const DAY = /(?<!\d)(20\d{2})-?(0[1-9]|1[0-2])-?(0[1-9]|[12]\d|3[01])(?!\d)/
const MONTH = /(?<!\d)(20\d{2})-(0[1-9]|1[0-2])(?!\d)/

/**
 * The date that a file's name says it is of: "edubaseallstatefunded20260602.csv", "…2026-06-02.csv.gz". A name with a
 * month only ("2023-11") means its last day, or today while the month runs: no fact is shown before it was published.
 */
export function findDateInFileName(name: string, today: Temporal.PlainDate): string | undefined {
  const [, year, month, day] = DAY.exec(name) ?? []
  if (year && month && day && Number(day) <= daysIn(year, month)) return `${year}-${month}-${day}`
  const [, monthYear, onlyMonth] = MONTH.exec(name) ?? []
  if (!monthYear || !onlyMonth) return undefined
  const last = Temporal.PlainDate.from(`${monthYear}-${onlyMonth}-${daysIn(monthYear, onlyMonth)}`)
  return (Temporal.PlainDate.compare(last, today) > 0 ? today : last).toString()
}

function daysIn(year: string, month: string): number {
  return Temporal.PlainYearMonth.from(`${year}-${month}`).daysInMonth
}
