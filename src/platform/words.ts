const dateInWords = new Intl.DateTimeFormat('en-GB', {
  day: 'numeric',
  month: 'long',
  year: 'numeric',
  timeZone: 'UTC',
})
const numbers = new Intl.NumberFormat('en-GB')

/** A plain ISO date (YYYY-MM-DD) as "20 November 2023"; anything else comes back as it is, nothing as "not held". */
export function longDate(iso: string | null | undefined): string {
  if (!iso) return 'not held'
  if (!/^\d{4}-\d{2}-\d{2}/.test(iso)) return iso
  return dateInWords.format(new Date(`${iso.slice(0, 10)}T00:00:00Z`))
}

export function thousands(value: number | string | null | undefined): string {
  return value === null || value === undefined || value === '' ? 'not held' : numbers.format(Number(value))
}

/** "1 school", "2 schools", "no schools"; the plural is given where adding an s is wrong. */
export function countOf(count: number, singular: string, plural = `${singular}s`): string {
  if (count === 0) return `no ${plural}`
  return `${numbers.format(count)} ${count === 1 ? singular : plural}`
}

/** Within a sentence: "Head teacher" as "head teacher"; a name such as "Regions Group" or "MAT CEO" stays as it is. */
export function lowerFirst(text: string): string {
  return /^[A-Z][a-z]/.test(text) && !/^\w+ [A-Z]/.test(text) ? text.charAt(0).toLowerCase() + text.slice(1) : text
}

const moments = new Intl.DateTimeFormat('en-GB', { dateStyle: 'long', timeStyle: 'short', timeZone: 'Europe/London' })

/** An instant as "20 November 2023 at 14:05", by the clock in London. */
export function momentInWords(instant: Date): string {
  return moments.format(instant)
}
