import { type DeliveryState, readDelivery } from '../messages/index.ts'
import type { Db } from '../platform/db.ts'
import { findLetter } from '../programmes/index.ts'
import type { CaseRecord } from './case-store.ts'

/** What of the last letters of a case does not get through: "School email failed: not delivered to Maud Bridgewell (…)". */
export async function readTroubles(
  db: Db,
  { reference, pack }: Pick<CaseRecord, 'reference' | 'pack'>,
): Promise<string[]> {
  const rows = await readDelivery(db, { record: 'case', key: reference })
  const last = new Map(rows.map(({ letter, messageId }) => [letter, messageId]))
  return rows
    .filter((row) => last.get(row.letter) === row.messageId && isTrouble(row))
    .map((row) => {
      const failed = findLetter(pack, row.letter)?.failed ?? `${row.title} failed`
      const next = row.state === 'queued' ? 'It is tried again by itself' : 'Check the address, then send it again'
      return `${failed}: not delivered to ${row.name} (${row.roleTitle}). ${next}.`
    })
}

function isTrouble({ state, trouble }: DeliveryState): boolean {
  return state === 'bounced' || state === 'given-up' || (state === 'queued' && trouble !== null)
}
