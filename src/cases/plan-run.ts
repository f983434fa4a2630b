import { sql } from 'kysely'
import { writeAudit } from '../platform/audit.ts'
import { accept, type Decision, type Refusal, refuse } from '../platform/decision.ts'
import type { CaseParts } from './case-parts.ts'
import type { LogAsk } from './log-run.ts'
import { blankPlan, type PlanRow, planRefusals, planWarnings } from './plan.ts'
import { findPlan, insertStrategy, type Plan, type Strategy, savePlan } from './plan-store.ts'
import { isDay } from './read-answers.ts'
import { changeWork, notYours, type WorkDesk } from './work-desk.ts'

/** The planner that the asker may read: the leader's own, or one that the leader shares with those named. Undefined: nobody's business. */
export async function readPlan(desk: WorkDesk): Promise<(Plan & { readonly mine: boolean }) | undefined> {
  const { db, record, work } = desk
  const { leaderId } = record.state
  if (leaderId === null) return undefined
  const mine = desk.isOf(work.model.owner)
  const plan = (await findPlan(db, record.id, leaderId)) ?? { rows: blankPlan(work), shared: false, version: 0 }
  return mine || (plan.shared && work.model.reads.some((party) => desk.isOf(party))) ? { ...plan, mine } : undefined
}

export type PlanSaved = { readonly version: number; readonly warnings: readonly string[] }

/** Keeps the leader's planner. Codes: `plan.locked`, `plan.twice`, `plan.halves`, `plan.too-many`, `moved-on`. */
export function keepPlan(
  parts: CaseParts,
  ask: LogAsk & { rows: readonly PlanRow[]; shared: boolean; version?: number | undefined },
): Promise<Decision<PlanSaved>> {
  return changeWork(parts, ask, async (desk) => {
    const { db, record, work, today } = desk
    const who = notYours(desk, [work.model.owner])
    if (who) return refuse(who)
    const { leaderId, agreedHalfDays, extraHalfDays } = record.state
    if (leaderId === null) return refuse({ code: 'leader.none', message: 'This case has no leader at present' })
    const before = await findPlan(db, record.id, leaderId)
    if (ask.version !== undefined && ask.version !== (before?.version ?? 0))
      return refuse({ code: 'moved-on', message: 'The plan was saved from somewhere else since you opened it' })
    const refusals = planRefusals(work, ask.rows, agreedHalfDays + extraHalfDays)
    if (refusals.length > 0) return refuse(...refusals)
    await savePlan(db, { caseId: record.id, leaderId, rows: ask.rows, shared: ask.shared, today })
    await writeAudit(db, {
      actor: ask.by,
      action: 'Plan saved',
      record: 'case',
      recordKey: record.reference,
      new: { rows: ask.rows.length, shared: ask.shared },
    })
    return accept({ version: (before?.version ?? 0) + 1, warnings: planWarnings(work, ask.rows) })
  })
}

/** Adds an improvement strategy: area, action, owner and day are needed (TSI-022). */
export function addStrategy(parts: CaseParts, ask: LogAsk): Promise<Decision<{ id: number }>> {
  return changeWork(parts, ask, async (desk) => {
    const who = notYours(desk, desk.work.strategies.by)
    if (who) return refuse(who)
    const read = readStrategy(desk, ask.body)
    if (!read.ok) return read
    return accept({ id: await storeStrategy(desk, read.value) })
  })
}

function readStrategy({ record }: WorkDesk, body: LogAsk['body']): Decision<Omit<Strategy, 'id' | 'madeBy'>> {
  const text = (name: string) => (typeof body[name] === 'string' ? String(body[name]).trim() : '')
  const areas = record.pack['focus-areas']?.areas ?? []
  const due = text('due') || dateParts(body, 'due')
  const missing = (field: string, message: string): Refusal => ({ code: 'field.missing', message, field })
  const refusals = [
    ...(areas.some(({ id }) => id === text('area'))
      ? []
      : [{ ...missing('area', 'Choose a focus area'), allowed: areas.map(({ id }) => id) }]),
    ...(text('action') ? [] : [missing('action', 'Say what is to be done')]),
    ...(text('owner') ? [] : [missing('owner', 'Say who sees to it')]),
    ...(isDay(due) ? [] : [missing('due', 'Give the day by which it is to be done, such as 27 3 2024')]),
  ]
  if (refusals.length > 0) return refuse(...refusals)
  return accept({
    area: text('area'),
    action: text('action'),
    owner: text('owner'),
    dueOn: due,
    expected: text('expected') || null,
    checklist: text('checklist') || null,
    item: text('item') || null,
  })
}

/** A date sent in three fields, as ISO; empty when nothing was sent. */
export function dateParts(body: LogAsk['body'], name: string): string {
  const parts = ['year', 'month', 'day'].map((part) => String(body[`${name}-${part}`] ?? '').trim())
  if (parts.every((part) => part === '')) return ''
  return parts.map((part, index) => part.padStart(index === 0 ? 4 : 2, '0')).join('-')
}

export async function storeStrategy(desk: WorkDesk, strategy: Omit<Strategy, 'id' | 'madeBy'>): Promise<number> {
  const id = await insertStrategy(desk.db, { caseId: desk.record.id, strategy, today: desk.today, by: desk.by })
  await writeAudit(desk.db, {
    actor: desk.by,
    action: 'Improvement strategy added',
    record: 'case',
    recordKey: desk.record.reference,
    new: { area: strategy.area, action: strategy.action },
  })
  return id
}

/** Takes a strategy out of the plan, with the reason. */
export function dropStrategy(parts: CaseParts, ask: LogAsk & { id: number }): Promise<Decision<{ id: number }>> {
  return changeWork(parts, ask, async (desk) => {
    const who = notYours(desk, desk.work.strategies.by)
    if (who) return refuse(who)
    const reason = String(ask.body['reason'] ?? '').trim()
    if (!reason) return refuse({ code: 'reason.missing', message: 'Say why it is taken out', field: 'reason' })
    const { numAffectedRows } =
      await sql`update case_strategy set dropped_on = ${desk.today}, dropped_because = ${reason}
      where id = ${ask.id} and case_id = ${desk.record.id} and dropped_on is null`.execute(desk.db)
    if (numAffectedRows !== 1n)
      return refuse({ code: 'strategy.unknown', message: 'There is no such strategy in the plan' })
    await writeAudit(desk.db, {
      actor: ask.by,
      action: 'Improvement strategy taken out',
      record: 'case',
      recordKey: desk.record.reference,
      reason,
    })
    return accept({ id: ask.id })
  })
}

/** Says that a theme is not needed, with the reason; an empty reason takes that back (TSI-116). */
export function setTheme(parts: CaseParts, ask: LogAsk): Promise<Decision<{ theme: string }>> {
  return changeWork(parts, ask, async (desk) => {
    const who = notYours(desk, [desk.work.model.owner])
    if (who) return refuse(who)
    const theme = desk.work.themes.of.find(({ id }) => id === ask.body['theme'])
    const reason = String(ask.body['reason'] ?? '').trim()
    if (!theme) {
      const allowed = desk.work.themes.of.map(({ id }) => id)
      return refuse({ code: 'theme.unknown', message: 'There is no such theme', field: 'theme', allowed })
    }
    if (reason)
      await sql`insert into case_theme (case_id, theme, reason, said_on, said_by)
        values (${desk.record.id}, ${theme.id}, ${reason}, ${desk.today}, ${ask.by.name})
        on conflict (case_id, theme) do update set reason = excluded.reason, said_on = excluded.said_on,
          said_by = excluded.said_by`.execute(desk.db)
    else await sql`delete from case_theme where case_id = ${desk.record.id} and theme = ${theme.id}`.execute(desk.db)
    await writeAudit(desk.db, {
      actor: ask.by,
      action: reason ? 'Theme not needed' : 'Theme open again',
      record: 'case',
      recordKey: desk.record.reference,
      new: { theme: theme.title },
      reason: reason || null,
    })
    return accept({ theme: theme.id })
  })
}
