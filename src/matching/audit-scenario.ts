import type { Actor } from '../platform/actor.ts'
import { type AuditEntry, writeAudit } from '../platform/audit.ts'
import { type AuditChange, readAudit } from '../platform/audit-history.ts'
import type { Db } from '../platform/db.ts'
import type { HistoryWords } from '../platform/web/history.ts'
import { wholeNumber } from '../platform/web/route.ts'
import { matchingDb } from './matching-tables.ts'

type Change = Pick<AuditEntry, 'action' | 'old' | 'new' | 'reason'>

/** What was done to a scenario, in the transaction that does it. */
export function auditScenario(db: Db, by: Actor, id: number, change: Change): Promise<void> {
  return writeAudit(db, { ...change, actor: by, record: 'scenario', recordKey: id })
}

/** What was done to a proposal, in the transaction that does it. */
export function auditProposal(db: Db, by: Actor, id: number, change: Change): Promise<void> {
  return writeAudit(db, { ...change, actor: by, record: 'proposal', recordKey: id })
}

/** Every change of a scenario and of its proposals, newest first. */
export async function readScenarioHistory(db: Db, id: number): Promise<AuditChange[]> {
  const proposals = await matchingDb(db).selectFrom('proposal').select('id').where('scenario_id', '=', id).execute()
  return readAudit(db, [
    { record: 'scenario', keys: [id] },
    { record: 'proposal', keys: proposals.map((proposal) => proposal.id) },
  ])
}

/** Every change of the proposals of one school in a scenario, the withdrawn ones too; newest first. */
export async function readProposalHistory(db: Db, id: number, need: string): Promise<AuditChange[]> {
  const proposals = await matchingDb(db)
    .selectFrom('proposal')
    .select('id')
    .where('scenario_id', '=', id)
    .where('establishment_id', '=', wholeNumber(need))
    .execute()
  return readAudit(db, [{ record: 'proposal', keys: proposals.map((proposal) => proposal.id) }])
}

export const SCENARIO_WORDS: HistoryWords = {
  fields: {
    name: 'Name',
    programme: 'Programme',
    term: 'Term',
    source: 'Schools and leaders',
    schools: 'Schools',
    leaders: 'Leaders',
    copiedFrom: 'Copied from scenario',
    keptBy: 'Looked after by',
    decision: 'Decision',
    values: 'Values',
    school: 'School',
    leader: 'Leader',
    days: 'Days',
    score: 'Points',
    typeReason: 'Why none of the first type',
    proposals: 'Proposals',
    priorities: 'Priorities of the regions',
  },
}
