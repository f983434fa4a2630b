import { sql } from 'kysely'
import { machineActor } from '../platform/actor.ts'
import type { Db } from '../platform/db.ts'
import { runAsMachine } from '../platform/scope.ts'
import { longDate } from '../platform/words.ts'
import type { CaseParts } from './case-parts.ts'
import { findCase, insertNotice } from './case-store.ts'
import { findLeaderAtHand, placeOf } from './read-facts.ts'
import { openDesk } from './run-step.ts'
import { actKeys } from './who-acts.ts'

/**
 * Tells those whom the pack names of every open step whose due day has passed, once for each (TSI-085). Nothing is decided
 * and nothing ends by itself. Answers how many steps were told of.
 */
export function tellLateSteps(parts: CaseParts): Promise<number> {
  return runAsMachine(() => tellAll(parts))
}

async function tellAll(parts: CaseParts): Promise<number> {
  const today = parts.clock.today().toString()
  const { rows } = await sql<{ reference: string; seq: number }>`
    select c.reference, s.seq from case_step s join support_case c on c.id = s.case_id
    where s.state = 'open' and c.status = 'open' and s.due_on < ${today} and s.late_told_on is null
    order by s.id`.execute(parts.database.db)
  for (const { reference, seq } of rows)
    await inOneTransaction(parts.database.db, (db) => tellOne(parts, db, { reference, seq, today }))
  return rows.length
}

/** Each step by itself, or all within the transaction of a day that is moved. */
export function inOneTransaction(db: Db, work: (transaction: Db) => Promise<void>): Promise<void> {
  return db.isTransaction ? work(db) : db.transaction().execute(work)
}

async function tellOne(
  parts: CaseParts,
  db: Db,
  { reference, seq, today }: { reference: string; seq: number; today: string },
): Promise<void> {
  const record = await findCase(db, reference, true)
  const open = record?.state.steps.find((one) => one.seq === seq && one.state === 'open')
  const step = record && open && record.pack.process?.flows?.[record.flow]?.steps[open.step]
  if (!record || !open || !step) return
  const leader = await findLeaderAtHand(db, record, { id: open.leaderId ?? record.state.leaderId })
  const desk = await openDesk(parts, db, record, {
    step: open.step,
    key: open.key,
    body: {},
    by: machineActor('Alongside', 'system'),
  })
  if (!desk) return
  for (const party of step.clock?.late ?? [])
    await insertNotice(db, {
      caseId: record.id,
      party,
      acts: actKeys(record.pack, party, placeOf(record, leader), desk.facts),
      words: `Overdue: ${step.title}, due ${longDate(open.dueOn)}`,
      on: today,
    })
  await sql`update case_step set late_told_on = ${today} where case_id = ${record.id} and seq = ${seq}`.execute(db)
}
