import type { PlanRow } from './plan.ts'

type Body = Readonly<Record<string, unknown>>
export type PlanForm = {
  readonly rows: readonly PlanRow[]
  readonly shared: boolean
  readonly version?: number | undefined
}

/**
 * A planner as sent: as `rows` ([{ steps, days, note }]) by a program, or by the page's form, where each step has its place in
 * the order, its days and a note; steps of the same place are merged and a step without a place is dropped.
 */
export function readPlanRows(body: Body): PlanForm {
  const version = /^\d{1,9}$/.test(String(body['version'] ?? '')) ? Number(body['version']) : undefined
  const shared = body['shared'] === true || body['shared'] === 'yes'
  const given = body['rows']
  return { rows: Array.isArray(given) ? given.map(rowOf) : formRows(body), shared, version }
}

function rowOf(given: unknown): PlanRow {
  const row: Body = typeof given === 'object' && given !== null ? Object.fromEntries(Object.entries(given)) : {}
  const steps = Array.isArray(row['steps']) ? row['steps'].map(String) : [String(row['step'] ?? '')]
  return { steps, halfDays: Number(row['days'] ?? 0) * 2, note: String(row['note'] ?? '') }
}

function formRows(body: Body): PlanRow[] {
  const placed = Object.keys(body)
    .filter((name) => name.startsWith('place-') && String(body[name]).trim() !== '')
    .map((name) => ({ id: name.slice('place-'.length), place: Number(body[name]) }))
    .toSorted((a, b) => a.place - b.place)
  const rows = new Map<number, PlanRow>()
  for (const { id, place } of placed) {
    const row = rows.get(place) ?? { steps: [], halfDays: 0, note: '' }
    const text = (name: string) => String(body[`${name}-${id}`] ?? '').trim()
    rows.set(place, {
      steps: [...row.steps, id],
      halfDays: row.halfDays + Number(text('days') || 0) * 2,
      note: [row.note, text('note')].filter(Boolean).join('\n'),
    })
  }
  return [...rows.values()]
}
