import type { Db } from '../platform/db.ts'
import { longDate } from '../platform/words.ts'
import type { CaseRecord } from './case-store.ts'
import { partyTitle } from './present-case.ts'
import type { SubjectChange } from './subject-change.ts'
import { findWaiting } from './subject-change-store.ts'

/** "Coldspring Primary School: Closed (31 December 2023). Goes on as … (1 January 2024)". */
export function changeInWords({ fromName, events }: Pick<SubjectChange, 'fromName' | 'events'>): string {
  return `${fromName}: ${events.map(({ words, on }) => `${words} (${longDate(on)})`).join('. ')}`
}

/** A change that waits, as the steps of its case warn of it; a case beside another is warned with it. */
export async function readUndecided(db: Db, record: CaseRecord): Promise<string[]> {
  const waiting = await findWaiting(db, record.parentId ?? record.id)
  if (!waiting) return []
  const owner = partyTitle(record, waiting.party)
  return [
    `The register shows a change. ${changeInWords(waiting)}. How the case goes on is not decided yet; that is for: ${owner}`,
  ]
}
