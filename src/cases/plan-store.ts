import { sql } from 'kysely'
import type { Db } from '../platform/db.ts'
import type { PlanRow } from './plan.ts'

export type Plan = { readonly rows: readonly PlanRow[]; readonly shared: boolean; readonly version: number }

export async function findPlan(db: Db, caseId: number, leaderId: number): Promise<Plan | undefined> {
  const { rows } = await sql<Plan>`select rows, shared, version from case_plan
    where case_id = ${caseId} and leader_id = ${leaderId}`.execute(db)
  return rows[0]
}

export async function savePlan(
  db: Db,
  plan: { caseId: number; leaderId: number; rows: readonly PlanRow[]; shared: boolean; today: string },
): Promise<void> {
  await sql`insert into case_plan (case_id, leader_id, rows, shared, saved_on)
    values (${plan.caseId}, ${plan.leaderId}, ${JSON.stringify(plan.rows)}::jsonb, ${plan.shared}, ${plan.today})
    on conflict (case_id, leader_id) do update set rows = excluded.rows, shared = excluded.shared,
      saved_on = excluded.saved_on, version = case_plan.version + 1`.execute(db)
}

/** An improvement strategy: what is to be done in which area, by whom, by when. */
export type Strategy = {
  readonly id: number
  readonly area: string
  readonly action: string
  readonly owner: string
  readonly dueOn: string
  readonly expected: string | null
  readonly checklist: string | null
  readonly item: string | null
  readonly madeBy: string
}

export async function readStrategies(db: Db, caseId: number): Promise<Strategy[]> {
  const { rows } = await sql<Strategy>`select id, area, action, owner, due_on as "dueOn", expected, checklist, item,
    made_by as "madeBy" from case_strategy where case_id = ${caseId} and dropped_on is null order by due_on, id`.execute(
    db,
  )
  return rows
}

export async function insertStrategy(
  db: Db,
  {
    caseId,
    strategy,
    today,
    by,
  }: {
    caseId: number
    strategy: Omit<Strategy, 'id' | 'madeBy'>
    today: string
    by: { name: string; personId: number | null }
  },
): Promise<number> {
  const { area, action, owner, dueOn, expected, checklist, item } = strategy
  const { rows } = await sql<{ id: number }>`
    insert into case_strategy (case_id, area, action, owner, due_on, expected, checklist, item, made_on, made_by, made_by_id)
    values (${caseId}, ${area}, ${action}, ${owner}, ${dueOn}, ${expected}, ${checklist}, ${item}, ${today}, ${by.name},
      ${by.personId}) returning id`.execute(db)
  return rows[0]?.id ?? 0
}

/** Themes that the case does not need, with the reason. */
export async function readThemes(db: Db, caseId: number): Promise<Map<string, string>> {
  const { rows } = await sql<{ theme: string; reason: string }>`select theme, reason from case_theme
    where case_id = ${caseId}`.execute(db)
  return new Map(rows.map(({ theme, reason }) => [theme, reason]))
}
