import assert from 'node:assert/strict'
import { sql } from 'kysely'
import type { CaseDesk } from '../../world/case-desk.ts'
import { BANK, type CaseTeam, completed, formOfCase } from '../../world/deployment-form.ts'

/** A deployment with ten validated days whose form was completed on one day and signed by both and handed in on the next. */
export async function handedIn(
  desk: CaseDesk,
  team: CaseTeam,
  reference: string,
  days: { completed: string; handedIn: string },
): Promise<void> {
  await completed(desk, reference, 900016, days.completed)
  desk.setToday(days.handedIn)
  const leader = formOfCase(team.leader, reference)
  assert.equal((await leader.save('bank', BANK)).status, 200)
  assert.equal((await leader.sign('leader')).status, 200)
  assert.equal((await team.leader.step(reference, 'send-to-school')).status, 200)
  assert.equal((await formOfCase(team.head, reference).sign('school', { outcome: 'confirm' })).status, 200)
  const submitted = await leader.submit()
  assert.equal(submitted.status, 200, submitted.message)
}

/** A payment run over one line of a case, as it stands between the two persons: for tests of who sees it. Answers its reference. */
export async function runOver({ database: { db } }: Pick<CaseDesk['service'], 'database'>, reference: string) {
  const { rows } = await sql<{ reference: string }>`
    with line as (
      insert into money_line (case_id, line, part, kind, title, payee, most_pence, made_on)
      select id, 'test', 'test', 'grant', 'Grant of ' || reference, 'Trust', 500000, '2024-01-15' from support_case
      where reference = ${reference} returning id
    ), run as (
      insert into payment_run (reference, programme, status, prepared_on, prepared_by)
      select 'R-' || lpad((count(*) + 1)::text, 4, '0'), 'tsi', 'prepared', '2024-01-15', 'Tests' from payment_run
      returning id, reference
    ), item as (
      insert into payment_item (run_id, number, line_id, pence, state) select run.id, 1, line.id, 500000, 'open' from run, line
    )
    select reference from run`.execute(db)
  await sql`insert into money_entry (line_id, on_date, pence, from_account, to_account, words, made_by)
    select m.id, '2024-01-15', 500000, 'outside', 'with-payer', 'Payment run', 'Tests' from money_line m
      join support_case c on c.id = m.case_id where c.reference = ${reference} and m.line = 'test'`.execute(db)
  return rows[0]?.reference ?? ''
}
