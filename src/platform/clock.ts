/** The only source of "today" and "now". Dates are plain dates of Europe/London, instants are UTC. */
export type Clock = { today(): Temporal.PlainDate; now(): Temporal.Instant }

export const systemClock: Clock = {
  today: () => Temporal.Now.plainDateISO('Europe/London'),
  now: () => Temporal.Now.instant(),
}
