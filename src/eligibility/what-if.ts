import { accept, type Decision, refuse } from '../platform/decision.ts'
import type { Pack } from '../programmes/index.ts'

/** One changed setting of a pack: a parameter of its criteria, or the first or last day of its year. */
export type ThresholdChange = { readonly parameter: string; readonly value: number | string }

/**
 * The pack as it would be with another threshold; the pack itself stays as it is. `parameter` is a name under
 * `eligibility.parameters`, or `year.from` or `year.to` with an ISO date. Refuses names, kinds and sizes that do not fit.
 */
export function withThreshold(pack: Pack, change: ThresholdChange): Decision<Pack> {
  if (change.parameter === 'year.from' || change.parameter === 'year.to') return withYear(pack, change)
  const parameters = pack.eligibility.parameters ?? {}
  const parameter = parameters[change.parameter]
  if (!parameter)
    return refuse({
      code: 'what-if.unknown-parameter',
      field: 'parameter',
      message: `There is no setting ${change.parameter}; there are ${listThresholds(pack).join(', ')}`,
    })
  const fault =
    typeof parameter.value === 'string' ? findDateFault(change.value) : findNumberFault(change.value, parameter)
  if (fault)
    return refuse({ code: 'what-if.wrong-value', field: 'value', message: `${parameter.title} must be ${fault}` })
  const changed = { ...parameters, [change.parameter]: { ...parameter, value: change.value } }
  return accept({ ...pack, eligibility: { ...pack.eligibility, parameters: changed } })
}

/** What may be changed in a what-if, as `withThreshold` names it. */
export function listThresholds(pack: Pack): string[] {
  return [...Object.keys(pack.eligibility.parameters ?? {}), 'year.from', 'year.to']
}

function withYear(pack: Pack, { parameter, value }: ThresholdChange): Decision<Pack> {
  const year = { ...pack['academic-year'], [parameter === 'year.from' ? 'from' : 'to']: value }
  const fault = findDateFault(value) ?? (year.from > year.to ? 'on or after the first day of the year' : undefined)
  if (fault) return refuse({ code: 'what-if.wrong-value', field: 'value', message: `The date must be ${fault}` })
  return accept({ ...pack, 'academic-year': year })
}

function findDateFault(value: number | string): string | undefined {
  if (typeof value === 'string' && /^\d{4}-\d{2}-\d{2}$/.test(value) && isDay(value)) return undefined
  return 'a date, written YYYY-MM-DD'
}

function isDay(iso: string): boolean {
  const time = Date.parse(`${iso}T00:00:00Z`)
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(iso)
}

function findNumberFault(
  value: number | string,
  now: { value: number | string; min?: number | undefined },
): string | undefined {
  if (typeof value !== 'number' || !Number.isFinite(value)) return 'a number'
  if (Number.isInteger(now.value) && !Number.isInteger(value)) return 'a whole number'
  return now.min !== undefined && value < now.min ? `at least ${now.min}` : undefined
}
