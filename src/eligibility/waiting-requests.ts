import type { Actor } from '../platform/actor.ts'
import type { Db } from '../platform/db.ts'
import type { WaitingLine } from '../platform/waiting-line.ts'
import { readJudgingFacts } from './judge-subject.ts'
import { findJudgedRow, judgingHat } from './judgement.ts'
import type { EligibilityParts } from './pages.ts'
import { stateInWords } from './present-subject.ts'
import { listWaitingRequests } from './request-store.ts'
import { packOf } from './subject-pages.ts'

/** What was asked for and this person may decide (TSI-012), the longest waiting first. */
export async function requestsWaiting(
  { clock, packs }: Pick<EligibilityParts, 'clock' | 'packs'>,
  db: Db,
  by: Actor,
): Promise<WaitingLine[]> {
  if (by.hats.length === 0) return []
  const today = clock.today().toString()
  const found: WaitingLine[] = []
  for (const request of await listWaitingRequests(db)) {
    const pack = packOf(packs, request)
    const row = pack && findJudgedRow(pack, request.row)
    if (!pack || !row) continue
    const place = { region: request.region }
    if (!judgingHat(row, await readJudgingFacts(db, { pack, place, actor: by, today }))) continue
    found.push({
      reference: `Request ${request.id}`,
      name: request.name,
      title: `Decision: ${stateInWords(pack, request)}`,
      href: `/eligibility-requests/${request.id}`,
      button: 'Decide',
      since: request.askedOn,
    })
  }
  return found
}
