/** When the service's own work of the night begins, in London. */
const NIGHT = Temporal.PlainTime.from('02:30')

/** From an instant to the next beginning of a night; on the nights of a clock change the clock on the wall counts. */
export function millisUntilNight(now: Temporal.Instant): number {
  const here = now.toZonedDateTimeISO('Europe/London')
  const tonight = here.withPlainTime(NIGHT)
  const next = Temporal.ZonedDateTime.compare(tonight, here) > 0 ? tonight : here.add({ days: 1 }).withPlainTime(NIGHT)
  return next.epochMilliseconds - now.epochMilliseconds
}

/**
 * Does `work` now, for the nights that were slept through, and then every night. A failure is told and tried again the next
 * night. Answers how to stop, which waits for work that has begun.
 */
export function everyNight(work: () => Promise<void>, onError: (error: Error) => void): () => Promise<void> {
  let timer: NodeJS.Timeout | undefined
  let stopped = false
  const turn = async () => {
    try {
      await work()
    } catch (error) {
      onError(error instanceof Error ? error : new Error(String(error)))
    }
    if (stopped) return
    timer = setTimeout(() => {
      running = turn()
    }, millisUntilNight(Temporal.Now.instant()))
    timer.unref()
  }
  let running = turn()
  return async () => {
    stopped = true
    clearTimeout(timer)
    await running
  }
}
