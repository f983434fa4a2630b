import type { Db } from '../platform/db.ts'
import type { CaseFacts } from '../programmes/index.ts'
import type { CaseParts } from './case-parts.ts'
import type { CaseRecord } from './case-store.ts'
import { formOf, readMoreFacts } from './form-facts.ts'
import { secretAbout } from './form-state.ts'
import { findForm } from './form-store.ts'
import { contactRoles, readHolders } from './holders.ts'
import { factsOf, findLeaderAtHand } from './read-facts.ts'

/** What conditions may ask of a case as it stands, with nothing being entered: for slices above that judge it. */
export async function readCaseFacts(parts: CaseParts, db: Db, record: CaseRecord): Promise<CaseFacts> {
  const today = parts.clock.today().toString()
  const leader = await findLeaderAtHand(db, record, { id: record.state.leaderId })
  const contacts = contactRoles(record.pack, await readHolders(db, record, today))
  return factsOf(record, { leader, entered: {}, contacts, today, more: await readMoreFacts(parts, db, record) })
}

/**
 * The bank details that a leader entered into the form of a case, whole; undefined without any. Whoever calls this says in the
 * audit that they were seen (TSI-140).
 */
export async function openBankDetails(
  { secrets }: CaseParts,
  db: Db,
  record: CaseRecord,
  leaderId: number | null,
): Promise<Readonly<Record<string, string>> | undefined> {
  const found = formOf(record)
  const stored = found && (await findForm(db, record.id, leaderId))
  const section = found?.form.sections.find(({ kind }) => kind === 'secret')
  const held = stored && section && stored.sections.find((one) => one.section === section.id)
  if (!stored || !section || !held?.sealed || !secrets) return undefined
  const opened: unknown = JSON.parse(secrets.open(held.sealed, secretAbout(stored.id, section.id, stored.leaderKey)))
  if (typeof opened !== 'object' || opened === null) return undefined
  return Object.fromEntries(Object.entries(opened).map(([name, value]) => [name, String(value)]))
}
