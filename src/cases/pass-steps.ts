import { sql } from 'kysely'
import type { Db } from '../platform/db.ts'
import { type CaseRecord, findCase } from './case-store.ts'
import { partFlows } from './part-of-case.ts'
import { flowOf } from './present-case.ts'
import { actsOn } from './subject-change-notice.ts'

/**
 * What is open for a leader who leaves waits for whoever comes next: steps of the case, and the requests beside it with their steps;
 * not the claims of leaders who left. `from` and `to` are ids of leaders, null for nobody.
 */
export async function passSteps(
  db: Db,
  { reference, id, pack, flow }: CaseRecord,
  { from, to, today }: { from: number | null; to: number | null; today: string },
): Promise<void> {
  const { rows } = await sql<{ reference: string }>`
    update support_case set leader_id = ${to}, version = version + 1
    where parent_id = ${id} and status <> 'closed' and leader_id is not distinct from ${from}
      and not flow = any(${partFlows({ pack, flow })}) returning reference`.execute(db)
  for (const one of [reference, ...rows.map((row) => row.reference)]) {
    const record = await findCase(db, one)
    if (record) await passOf(db, record, { from, to, today })
  }
}

async function passOf(
  db: Db,
  record: CaseRecord,
  { from, to, today }: { from: number | null; to: number | null; today: string },
): Promise<void> {
  const flow = flowOf(record)
  for (const { seq, step, state, leaderId } of record.state.steps) {
    const owner = flow.steps[step]?.owner
    if (state !== 'open' || !owner || leaderId !== from) continue
    const acts = await actsOn(db, record, owner, today, to)
    await sql`update case_step set acts = ${acts}, leader_id = ${to}
      where case_id = ${record.id} and seq = ${seq}`.execute(db)
  }
}
