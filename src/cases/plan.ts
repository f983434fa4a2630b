import type { Refusal } from '../platform/decision.ts'
import type { ModelStep, Work } from '../programmes/index.ts'
import { daysText } from './log-item.ts'

/** One row of a planner: one step of the model, or several merged, with the half days meant for it. */
export type PlanRow = { readonly steps: readonly string[]; readonly halfDays: number; readonly note: string }

/** The planner to begin with: every step of the model in its order, no days yet. */
export function blankPlan({ model }: Work): PlanRow[] {
  return model.steps.map(({ id }) => ({ steps: [id], halfDays: 0, note: '' }))
}

/**
 * What is wrong with a planner: a locked step left out or merged away, a step twice, days that are no halves or more than
 * agreed. Steps and days are independent: a step may have no day, several steps may share one (TSI-118, TSI-119).
 */
export function planRefusals({ model }: Work, rows: readonly PlanRow[], agreed: number): Refusal[] {
  const named = rows.flatMap(({ steps }) => steps)
  const wordsOf = ({ number, title }: ModelStep) => `Step ${number} (${title})`
  const refusals: Refusal[] = model.steps
    .filter(({ id, locked }) => locked && !named.includes(id))
    .map((step) => ({
      code: 'plan.locked',
      message: `${wordsOf(step)} belongs to every plan and cannot be removed`,
      field: `step-${step.id}`,
    }))
  for (const id of new Set(named)) {
    const step = model.steps.find((one) => one.id === id)
    if (!step) refusals.push({ code: 'plan.unknown-step', message: `There is no step ${id}` })
    else if (named.filter((one) => one === id).length > 1)
      refusals.push({ code: 'plan.twice', message: `${wordsOf(step)} stands in the plan twice`, field: `step-${id}` })
  }
  for (const { steps, halfDays } of rows)
    if (!Number.isInteger(halfDays) || halfDays < 0)
      refusals.push({ code: 'plan.halves', message: 'Write whole or half days', field: `days-${steps[0]}` })
  const sum = rows.reduce((total, { halfDays }) => total + halfDays, 0)
  if (sum > agreed)
    refusals.push({
      code: 'plan.too-many',
      message: `The plan has ${daysText(sum)} days; ${daysText(agreed)} are agreed`,
      field: `days-${rows[0]?.steps[0] ?? ''}`,
    })
  return refusals
}

/** What is worth saying of a planner: days, and none of them where the support itself would be (TSI-111). */
export function planWarnings({ model }: Work, rows: readonly PlanRow[]): string[] {
  const bespoke = new Set(model.phases.filter((phase) => phase.bespoke).map(({ id }) => id))
  const steps = new Set(model.steps.filter(({ phase }) => bespoke.has(phase)).map(({ id }) => id))
  const sum = rows.reduce((total, { halfDays }) => total + halfDays, 0)
  const there = rows
    .filter((row) => row.steps.some((id) => steps.has(id)))
    .reduce((total, { halfDays }) => total + halfDays, 0)
  return sum > 0 && there === 0 ? [model.bespoke.say] : []
}

/** Half days by phase of the model; those of merged steps count for the phase of the first. */
export function daysByPhase({ model }: Work, rows: readonly { steps: readonly string[]; halfDays: number }[]) {
  return model.phases.map(({ id, title }) => ({
    id,
    title,
    halfDays: rows
      .filter(({ steps }) => model.steps.find((step) => step.id === steps[0])?.phase === id)
      .reduce((total, { halfDays }) => total + halfDays, 0),
  }))
}
