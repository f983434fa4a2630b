import { accept, type Decision, refuse } from '../platform/decision.ts'
import type { TermWord } from './vocabulary.ts'

/** One leader's term. All amounts are whole half days. `blocked`: leave covers the whole term. */
export type TermBalance = {
  readonly available: number
  readonly held: number
  readonly promised: number
  readonly blocked: boolean
}

export type Leave = { readonly from: string; readonly to: string }

export const NO_DAYS: TermBalance = { available: 0, held: 0, promised: 0, blocked: false }

/** A leave blocks a term's days only when it covers the term wholly; a shorter one leaves them to the two people. */
export function isBlocked(term: Pick<TermWord, 'from' | 'to'>, leave: readonly Leave[]): boolean {
  return leave.some((one) => one.from <= term.from && one.to >= term.to)
}

/** Available less held less promised, never below 0. */
export function freeHalfDays(balance: TermBalance): number {
  return Math.max(0, restOf(balance))
}

/** By how much more is taken than is available; 0 when nothing is. */
export function overHalfDays(balance: TermBalance): number {
  return Math.max(0, -restOf(balance))
}

function restOf({ available, held, promised, blocked }: TermBalance): number {
  return (blocked ? 0 : available) - held - promised
}

/**
 * Whether `halfDays` more may be held or promised. More than is free needs a reason (TSI-069, TSI-075), which is then
 * kept with the entry: `over` says that it was needed.
 */
export function decideTake(
  balance: TermBalance,
  ask: { halfDays: number; reason: string },
): Decision<{ over: boolean }> {
  if (!Number.isInteger(ask.halfDays) || ask.halfDays <= 0)
    return refuse({ code: 'days.wrong', message: 'Days must be more than 0, in half days', field: 'days' })
  const free = freeHalfDays(balance)
  const over = ask.halfDays > free
  if (over && !ask.reason)
    return refuse({
      code: 'leader.no-capacity',
      message:
        free === 0
          ? 'No capacity: no days are free in this term. Give a reason to go on'
          : `No capacity: ${daysInWords(free)} free in this term, ${daysInWords(ask.halfDays)} asked for. Give a reason to go on`,
      field: 'reason',
    })
  return accept({ over })
}

/**
 * Whether a term's available days may become `available`. Below what is already held or promised it needs a reason; what
 * was agreed stands, the change counts for new proposals only (TSI-075).
 */
export function decideAvailable(
  balance: TermBalance,
  available: number,
  change: { reason: string; term: string },
): Decision<{ over: boolean }> {
  const taken = balance.held + balance.promised
  if (available >= taken || available >= balance.available) return accept({ over: available < taken })
  if (change.reason) return accept({ over: true })
  return refuse({
    code: 'leader.below-promised',
    message: `${daysInWords(taken)} of ${change.term} ${taken === 2 ? 'is' : 'are'} already held or promised and stay so. Give a reason for the lower number`,
    field: 'reason',
  })
}

/** "no days", "half a day", "1 day", "2.5 days". */
export function daysInWords(halfDays: number): string {
  if (halfDays === 0) return 'no days'
  if (halfDays === 1) return 'half a day'
  return halfDays === 2 ? '1 day' : `${halfDays / 2} days`
}

/** Days as a person writes them ("8", "2.5", "2½") in half days; undefined when it is no number of half days from 0 to 200. */
export function parseDays(text: string): number | undefined {
  const written = text.trim().replace(/½$/, '.5').replace(/^\./, '0.')
  if (!/^\d{1,3}(\.[05]0?)?$/.test(written)) return undefined
  const halfDays = Number(written) * 2
  return halfDays <= 400 ? halfDays : undefined
}
