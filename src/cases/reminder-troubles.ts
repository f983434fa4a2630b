import type { Db } from '../platform/db.ts'
import type { CaseRecord } from './case-store.ts'
import type { OpenStep } from './present-case.ts'
import { listReminders } from './reminder-store.ts'

/** What of the last reminders of open steps did not get through, as the page of the case says it. */
export async function readReminderTroubles(
  db: Db,
  { id, state }: CaseRecord,
  open: readonly OpenStep[],
): Promise<string[]> {
  const all = await listReminders(db, id)
  return open.flatMap(({ step, key, title }) => {
    const seq = state.steps.find((one) => one.state === 'open' && one.step === step && one.key === key)?.seq
    const last = all.findLast((one) => one.seq === seq)
    if (!last) return []
    if (last.trouble !== null) return [`Nobody could be reminded of “${title}”. ${last.trouble}.`]
    return last.recipients
      .filter((one) => ['bounced', 'given-up'].includes(one.state) || (one.state === 'queued' && one.trouble !== null))
      .map((one) => `Reminder of “${title}” not delivered to ${one.name} (${one.roleTitle}).`)
  })
}
