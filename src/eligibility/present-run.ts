import { countOf, longDate } from '../platform/words.ts'
import type { Cause, Comparison, Move } from './compare-runs.ts'
import type { HistoryEntry } from './history.ts'
import type { RecordedRun } from './run-store.ts'
import { gradeInWords } from './words.ts'

const instant = new Intl.DateTimeFormat('en-GB', { dateStyle: 'long', timeStyle: 'short', timeZone: 'Europe/London' })

/** A recorded run in words. */
export function presentRun(run: RecordedRun) {
  const changed = Object.entries(run.changed).map(([name, value]) => `${name} = ${value}`)
  return {
    id: run.id,
    href: `/eligibility-runs/${run.id}`,
    words: `Run ${run.id}: as at ${longDate(run.on)}, ${countOf(run.eligible, 'school')}`,
    on: longDate(run.on),
    eligible: run.eligible,
    considered: run.considered,
    recorded: instant.format(run.recordedAt),
    reason: run.reason ?? '',
    changed: changed.join(', '),
    snapshots:
      run.snapshots.map((one) => `${one.title}, as at ${longDate(one.asAt)}`).join('; ') ||
      'no whole register file is held',
  }
}

/** "Since run 3: 4 entered, 1 left", with each school's cause in words. */
export function presentComparison(run: RecordedRun, since: RecordedRun, { entered, left, stayed }: Comparison) {
  return {
    summary: `Since run ${since.id}: ${entered.length} entered, ${left.length} left, ${stayed} stayed.`,
    sameDay: run.on === since.on,
    entered: entered.map(presentMove),
    left: left.map(presentMove),
  }
}

function presentMove({ urn, name, causes }: Move) {
  return { urn, name, because: causes.map(causeInWords).join('; ') || 'another reading of the same facts' }
}

function causeInWords(cause: Cause): string {
  switch (cause.kind) {
    case 'opened':
      return 'it is open on the later day and was not on the earlier'
    case 'closed':
      return 'it is no longer open on the later day'
    case 'new-inspection':
      return `${judgementInWords(cause.judgement)}, after the earlier day`
    case 'newly-held':
      return `${judgementInWords(cause.judgement)}, now held and not before`
    case 'no-longer-held':
      return `${judgementInWords(cause.judgement)}, held before and not now`
    case 'link':
      return `${judgementInWords(cause.judgement)}, through a changed link to URN ${cause.judgement.judgedAt}`
    case 'person':
      return `a person's judgement of ${longDate(cause.on)} (${cause.row})`
    case 'threshold':
      return `the setting ${cause.parameter} went from ${cause.from} to ${cause.to}`
    case 'rule':
      return `the rule ${cause.row} is another`
  }
}

function judgementInWords({ grade, inspected }: HistoryEntry): string {
  return `${grade === undefined ? 'an inspection without an overall grade' : gradeInWords(grade)} on ${longDate(inspected)}`
}
