import type { RouteRequest } from '../platform/web/route.ts'
import type { BulkChange } from './bulk-edit.ts'
import { EMPTY_FIELDS, type LeaderFields } from './leader.ts'

type Body = RouteRequest['body']

/** A field of a form, or of a JSON body, where numbers and yes/no may also be plain values. */
export function fieldText(body: Body, name: string): string {
  const value = body[name]
  if (typeof value === 'number') return String(value)
  if (typeof value === 'boolean') return value ? 'yes' : 'no'
  return typeof value === 'string' ? tidy(value) : ''
}

/** People paste spaces and invisible characters along; they are no part of a name or a number. */
function tidy(text: string): string {
  return text
    .replaceAll(/[\u200b-\u200d\u2060\ufeff\u00ad]/g, '')
    .replaceAll(/[^\S\n]+/g, ' ')
    .trim()
}

export function fieldTexts(body: Body, name: string): string[] {
  const value = body[name]
  const values = Array.isArray(value) ? value : [value]
  return values.flatMap((one) => (typeof one === 'string' && tidy(one) !== '' ? [tidy(one)] : []))
}

/** A leader out of a form (`days-TERM`) or a JSON body (`days: { TERM: 8 }`); nothing is checked. */
export function readLeaderFields(body: Body): LeaderFields {
  return {
    ...EMPTY_FIELDS,
    reference: fieldText(body, 'reference'),
    name: fieldText(body, 'name'),
    email: fieldText(body, 'email'),
    type: fieldText(body, 'type'),
    alsoTypes: fieldTexts(body, 'alsoTypes'),
    organisation: fieldText(body, 'organisation'),
    base: fieldText(body, 'base'),
    region: fieldText(body, 'region'),
    phases: fieldTexts(body, 'phases'),
    schoolTypes: fieldTexts(body, 'schoolTypes'),
    expertise: fieldTexts(body, 'expertise'),
    travelLimitMiles: fieldText(body, 'travelLimitMiles'),
    worksOutOfRegion: fieldText(body, 'worksOutOfRegion') || 'yes',
    state: fieldText(body, 'state') || 'active',
    exercise: fieldText(body, 'exercise') === 'yes',
    days: readDays(body),
  }
}

function readDays(body: Body): Record<string, string> {
  const days: Record<string, string> = {}
  for (const name of Object.keys(body)) if (name.startsWith('days-')) days[name.slice(5)] = fieldText(body, name)
  const given: Body = Object(body.days)
  for (const term of Object.keys(given)) days[term] = fieldText(given, term)
  return days
}

/** The fields of a leader as stored, with those that a JSON body names in their place. */
export function withChanges(stored: LeaderFields, body: Body): LeaderFields {
  const read = readLeaderFields(body)
  const named = Object.fromEntries(Object.entries(read).filter(([key]) => key in body))
  return { ...stored, ...named, days: { ...stored.days, ...read.days } }
}

export function readBulkChange(body: Body): BulkChange {
  return {
    state: fieldText(body, 'state'),
    term: fieldText(body, 'term'),
    days: fieldText(body, 'days'),
    addExpertise: fieldTexts(body, 'addExpertise'),
    removeExpertise: fieldTexts(body, 'removeExpertise'),
  }
}

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec']

/** A date of three fields (`NAME-day`, `-month`, `-year`) or one ISO text; month names count. '' when it is no date. */
export function readDate(body: Body, name: string): string {
  const iso = fieldText(body, name)
  if (iso) return realDate(iso)
  const [day, month, year] = ['day', 'month', 'year'].map((part) => fieldText(body, `${name}-${part}`))
  const named = MONTHS.indexOf((month ?? '').slice(0, 3).toLowerCase()) + 1
  const number = named > 0 ? String(named) : (month ?? '')
  return realDate(`${year}-${number.padStart(2, '0')}-${(day ?? '').padStart(2, '0')}`)
}

function realDate(text: string): string {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return ''
  try {
    return Temporal.PlainDate.from(text, { overflow: 'reject' }).toString()
  } catch {
    return ''
  }
}

/** The id in an address; what is no whole number is nobody's id. */
export function wholeOf(text: string | undefined): number {
  return /^\d{1,9}$/.test(text ?? '') ? Number(text) : 0
}
