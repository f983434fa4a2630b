import { type DeliveryState, readDelivery } from '../messages/index.ts'
import type { Db } from '../platform/db.ts'
import { findLetter } from '../programmes/index.ts'
import type { CaseRecord } from './case-store.ts'
import { openStepsOf } from './present-case.ts'
import { readReminderTroubles } from './reminder-troubles.ts'

/** What of the last letters of a case does not get through: "School email failed: not delivered to Maud Bridgewell (…)". */
export async function readTroubles(db: Db, record: CaseRecord, today: string): Promise<string[]> {
  const { reference, pack } = record
  const rows = await readDelivery(db, { record: 'case', key: reference })
  const last = new Map(rows.map(({ letter, messageId }) => [letter, messageId]))
  const reminders = await readReminderTroubles(db, record, openStepsOf(record, today))
  const letters = rows
    .filter((row) => last.get(row.letter) === row.messageId && isTrouble(row))
    // Reminders are told of by their steps.
    .filter(({ letter }) => findLetter(pack, letter)?.use !== 'reminder')
    .map((row) => {
      const failed = findLetter(pack, row.letter)?.failed ?? `${row.title} failed`
      const next = row.state === 'queued' ? 'It is tried again by itself' : 'Check the address, then send it again'
      return `${failed}: not delivered to ${row.name} (${row.roleTitle}). ${next}.`
    })
  return [...letters, ...reminders]
}

function isTrouble({ state, trouble }: DeliveryState): boolean {
  return state === 'bounced' || state === 'given-up' || (state === 'queued' && trouble !== null)
}
