import type { Actor } from '../platform/actor.ts'
import type { Db } from '../platform/db.ts'
import { capital, caseHref } from './case-page.ts'
import type { SeenCase } from './read-case.ts'
import { remindedInWords } from './reminder.ts'
import { mayRemind } from './reminder-run.ts'
import { listReminders } from './reminder-store.ts'

/** The address of the page that reminds of a step. */
export function remindHref(reference: string, step: string, key: string): string {
  return `${caseHref(reference)}/steps/${step}/remind${key ? `?key=${encodeURIComponent(key)}` : ''}`
}

/** What the page of a case says of reminders beside each open step that waits for others. */
export async function readRemindLinks<Line extends { readonly step: string; readonly key: string }>(
  db: Db,
  seen: SeenCase,
  { actor, lines, today }: { actor: Actor; lines: readonly Line[]; today: string },
): Promise<(Line & { readonly reminded: string | null; readonly remind: string | null })[]> {
  const all = await listReminders(db, seen.record.id)
  const may = mayRemind(actor, seen) && seen.record.state.status === 'open'
  const openSeq = ({ step, key }: Line) =>
    seen.record.state.steps.find((one) => one.state === 'open' && one.step === step && one.key === key)?.seq
  return lines.map((line) => {
    const sent = all.filter(({ seq }) => seq === openSeq(line))
    const reminded = remindedInWords(sent, today)
    const isToday = sent.some(({ on, to }) => on === today && to.length > 0)
    return {
      ...line,
      reminded: reminded && capital(reminded),
      remind: may && !isToday ? remindHref(seen.record.reference, line.step, line.key) : null,
    }
  })
}
