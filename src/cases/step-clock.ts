import {
  addWorkingDays,
  dueDate,
  englandCalendar,
  findLimit,
  isWorkingDay,
  type Pack,
  type StepClock,
} from '../programmes/index.ts'

/** When a step is due, with the rule and the calendar that said so: kept with the step, never worked out again (TSI-084). */
export type StepDue = { readonly due: string; readonly clock: string; readonly calendar: string }

/**
 * The due day of a step opened on `openedOn`. `endOf` tells the day on which another step ended, or which a field of it names,
 * for clocks that run from it. Undefined where the step has no clock, or waits for a day that is not known yet.
 */
export function stepDue(
  pack: Pick<Pack, 'calendar'>,
  clock: StepClock | undefined,
  { openedOn, endOf }: { openedOn: string; endOf: (step: string, field?: string) => string },
): StepDue | undefined {
  if (!clock) return undefined
  const from = clock.from ? endOf(clock.from, clock.day) || openedOn : openedOn
  const due = clock.within
    ? within(pack, clock, clock.within, from)
    : clock.by && isDay(clock.by)
      ? clock.by
      : undefined
  if (!due) return undefined
  return { due, clock: clock.within ?? `by ${due}`, calendar: englandCalendar.version }
}

function within(pack: Pick<Pack, 'calendar'>, clock: StepClock, words: string, from: string): string | undefined {
  const limit = findLimit(asMeant(pack, words))
  if (!limit) return undefined
  const due = dueDate(limit, Temporal.PlainDate.from(from), englandCalendar)
  // A due day on a weekend or holiday moves to the next working day only where the pack says so (TSI-097).
  if (clock.rolls && !isWorkingDay(due, englandCalendar)) return addWorkingDays(due, 1, englandCalendar).toString()
  return due.toString()
}

/** Where a pack's short limits are working days, "5 days" is read so. */
function asMeant(pack: Pick<Pack, 'calendar'>, words: string): string {
  return pack.calendar['short-days'] === 'working days' ? words.replace(/^(\d+) (days?)$/, '$1 working $2') : words
}

function isDay(text: string): boolean {
  return /^\d{4}-\d{2}-\d{2}$/.test(text)
}
