import { type RouteRequest, textOf } from './route.ts'

/**
 * A date of a form or an API call: one ISO text (`from`), or the three fields of a date input (`from-day`, `from-month`,
 * `from-year`). Null when nothing was given, undefined when what was given is no date.
 */
export function readDateField(body: RouteRequest['body'], name: string): string | null | undefined {
  const parts = ['year', 'month', 'day'].map((part) => textOf(body, `${name}-${part}`))
  const inFields = parts.map((part, index) => part.padStart(index === 0 ? 4 : 2, '0')).join('-')
  const typed = parts.some(Boolean) ? inFields : textOf(body, name)
  if (!typed) return null
  if (!/^\d{4}-\d{2}-\d{2}$/.test(typed)) return undefined
  try {
    return Temporal.PlainDate.from(typed, { overflow: 'reject' }).toString()
  } catch {
    return undefined
  }
}

/** What a date input shows: what was typed, else the parts of an ISO date. */
export function dateFieldItems(body: RouteRequest['body'], name: string, iso = '') {
  const [year = '', month = '', day = ''] = iso.split('-')
  const isTyped = ['day', 'month', 'year'].some((part) => typeof body[`${name}-${part}`] === 'string')
  const item = (part: string, own: string, width: number) => ({
    name: part,
    classes: `govuk-input--width-${width}`,
    value: isTyped ? textOf(body, `${name}-${part}`) : own.replace(/^0/, ''),
  })
  return [item('day', day, 2), item('month', month, 2), item('year', year, 4)]
}
