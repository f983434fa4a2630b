import { accept, type Decision, refuse } from '../platform/decision.ts'
import { countOf, longDate } from '../platform/words.ts'
import { addWorkingDays, englandCalendar, isWorkingDay, type Reminders } from '../programmes/index.ts'
import type { CaseStatus } from './case-state.ts'

/** A reminder that was sent, or of itself could not be: then `to` is empty. `on` is a plain date. */
export type SentReminder = {
  readonly on: string
  readonly ofItself: boolean
  readonly by: string
  readonly to: readonly string[]
}

/** What decides whether an open step may be reminded of. `waits`: why it cannot be done yet, in words; days are plain dates. */
export type ReminderFacts = {
  readonly policy: Reminders | undefined
  readonly status: CaseStatus
  readonly waits: string | null
  readonly dueOn: string | null
  /** A delay was reported until this day. */
  readonly delayTo: string | null
  readonly sent: readonly SentReminder[]
  readonly today: string
}

/**
 * Whether a reminder may go today. Nobody is reminded of what they cannot do: while the case is held, or another step keeps this
 * one waiting. One a day for a step; of itself it goes on a working day only, as long after the last day as the pack says, and
 * not before a delay that was reported has passed.
 */
export function decideReminder(facts: ReminderFacts, way: 'by-hand' | 'of-itself'): Decision<void> {
  const { policy, status, waits, sent, today } = facts
  if (!policy) return refuse({ code: 'reminder.none', message: 'This programme has no reminders' })
  if (status === 'closed') return refuse({ code: 'case.closed', message: 'This case is closed: nobody is waited for' })
  if (status === 'held') return refuse({ code: 'case.held', message: 'This case is on hold: nobody is waited for' })
  if (waits !== null) return refuse({ code: 'step.blocked', message: waits })
  const before = sent.find(({ on, to }) => on === today && to.length > 0)
  if (before) return refuse({ code: 'reminder.today', message: remindedToday(before) })
  if (way === 'of-itself' && !isDueOfItself(policy, facts))
    return refuse({ code: 'reminder.not-due', message: 'No reminder of itself is due today' })
  return accept(undefined)
}

function remindedToday({ to, by, on, ofItself }: SentReminder): string {
  const who = new Intl.ListFormat('en-GB').format(to)
  const how = ofItself ? 'by the service' : `by ${by}`
  return `${who} ${to.length === 1 ? 'was' : 'were'} reminded of this today, ${longDate(on)}, ${how}. One reminder a day is sent for a step`
}

function isDueOfItself({ after, times }: Reminders, { dueOn, delayTo, sent, today }: ReminderFacts): boolean {
  const day = Temporal.PlainDate.from(today)
  const before = sent.filter(({ ofItself }) => ofItself)
  if (dueOn === null || before.length >= times || !isWorkingDay(day, englandCalendar)) return false
  const last = [dueOn, delayTo ?? '', ...before.map(({ on }) => on)].toSorted().at(-1) ?? dueOn
  const first = addWorkingDays(Temporal.PlainDate.from(last), Number.parseInt(after, 10), englandCalendar)
  return Temporal.PlainDate.compare(day, first) >= 0
}

/** "reminded today", "reminded 3 times, last on 14 November 2023"; null while nobody was. */
export function remindedInWords(sent: readonly SentReminder[], today: string): string | null {
  const went = sent.filter(({ to }) => to.length > 0)
  const last = went.at(-1)
  if (!last) return null
  const when = last.on === today ? 'today' : `on ${longDate(last.on)}`
  return went.length === 1 ? `reminded ${when}` : `reminded ${countOf(went.length, 'time')}, last ${when}`
}
