/** The only source of "today" and "now". Dates are plain dates of Europe/London, instants are UTC. */
export type Clock = {
  today(): Temporal.PlainDate
  now(): Temporal.Instant
  /** Where "today" is kept outside the process: reads it anew. Awaited at the beginning of every request. */
  refresh?(): Promise<void>
}

const ZONE = 'Europe/London'

export const systemClock: Clock = {
  today: () => Temporal.Now.plainDateISO(ZONE),
  now: () => Temporal.Now.instant(),
}

/** The day in Europe/London at an instant, as YYYY-MM-DD: in summer it begins an hour before that of UTC. */
export function londonDay(instant: Date | Temporal.Instant): string {
  const at = instant instanceof Date ? Temporal.Instant.fromEpochMilliseconds(instant.getTime()) : instant
  return at.toZonedDateTimeISO(ZONE).toPlainDate().toString()
}
