import ical, { ICalCalendarMethod } from 'ical-generator'

/**
 * A date of the service for people's own calendars: a whole day, or a time of day in London (`HH:MM`) with its length. `id` stays
 * the same when the date moves, so that the calendar moves its entry.
 */
export type CalendarEvent = {
  readonly id: string
  readonly title: string
  /** YYYY-MM-DD. */
  readonly date: string
  readonly at?: string
  readonly minutes?: number
  readonly place?: string
  readonly about?: string
  readonly href?: string
}

const USUAL_MINUTES = 60
const ZONE = 'Europe/London'

/** The dates as an iCalendar file (RFC 5545), for a download or a feed. `made` is when the dates were read. */
export function calendarFile(name: string, events: readonly CalendarEvent[], made: Temporal.Instant): string {
  const calendar = ical({ name, method: ICalCalendarMethod.PUBLISH, prodId: '//Alongside//Dates//EN' })
  for (const event of events)
    calendar.createEvent({
      id: `${event.id}@alongside`,
      summary: event.title,
      ...timesOf(event),
      stamp: dateOf(made),
      location: event.place ?? null,
      description: event.about ?? null,
      url: event.href ?? null,
    })
  return calendar.toString()
}

function timesOf({ date, at, minutes = USUAL_MINUTES }: CalendarEvent) {
  const day = Temporal.PlainDate.from(date)
  // Whole days end where the next one begins, in every zone: the library reads the parts of the UTC day.
  if (at === undefined) {
    const start = dateOf(day.toZonedDateTime('UTC').toInstant())
    return {
      start,
      end: dateOf(day.add({ days: 1 }).toZonedDateTime('UTC').toInstant()),
      allDay: true,
      timezone: 'UTC',
    }
  }
  const start = day.toZonedDateTime({ timeZone: ZONE, plainTime: Temporal.PlainTime.from(at) })
  return { start: dateOf(start.toInstant()), end: dateOf(start.add({ minutes }).toInstant()) }
}

/** The library knows no Temporal of its own machine's kind. */
function dateOf(instant: Temporal.Instant): Date {
  return new Date(instant.epochMilliseconds)
}
