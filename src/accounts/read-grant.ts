import type { Clock } from '../platform/clock.ts'
import type { Refusal } from '../platform/decision.ts'
import { type RouteRequest, textOf } from '../platform/web/route.ts'
import { type Grant, SCOPE_KINDS, type ScopeKind } from './grant.ts'
import type { Role } from './roles.ts'

/** Role as the form names it: the programme, a stroke, the role; the service's own roles have no programme. */
export function roleKey({ programme, id }: Pick<Role, 'programme' | 'id'>): string {
  return `${programme ?? ''}/${id}`
}

/** The grant of a form; null when no role is chosen. Dates are ISO texts; an empty first day is today. */
export function readGrant(body: RouteRequest['body'], clock: Clock): Grant | null {
  const [programme = '', role = ''] = textOf(body, 'role').split('/')
  if (!role) return null
  const kind = SCOPE_KINDS.find((one) => one === textOf(body, 'scope')) ?? 'national'
  const values = textOf(body, 'values')
    .split(/[,;\n]/)
    .map((value) => value.trim())
    .filter(Boolean)
  return {
    programme: programme || null,
    role,
    scopeKind: kind,
    scopeValues: kind === 'national' ? [] : values,
    from: textOf(body, 'from') || clock.today().toString(),
    to: textOf(body, 'to') || null,
  }
}

/** What is wrong with the days or the values of a form, before any rule is asked. */
export function checkGrantFields(grant: Grant): Refusal[] {
  const wrongDay = (field: 'from' | 'to') => ({
    code: 'date.wrong',
    field,
    message: 'Write the day as year, month, day, such as 2024-01-08',
  })
  const refusals: Refusal[] = []
  if (!isDay(grant.from)) refusals.push(wrongDay('from'))
  if (grant.to !== null && !isDay(grant.to)) refusals.push(wrongDay('to'))
  if (grant.scopeKind === 'establishment' && grant.scopeValues.some((value) => !/^\d{6}$/.test(value)))
    refusals.push({ code: 'scope.urn', field: 'values', message: 'Name schools by their URN, 6 digits each' })
  return refusals
}

function isDay(text: string): boolean {
  if (!/^[12]\d{3}-\d{2}-\d{2}$/.test(text)) return false
  try {
    Temporal.PlainDate.from(text)
    return true
  } catch {
    return false
  }
}

export const SCOPE_CHOICES: readonly { readonly value: ScopeKind; readonly text: string }[] = [
  { value: 'national', text: 'All of England' },
  { value: 'region', text: 'Regions, by name' },
  { value: 'authority', text: 'Local authorities, by code' },
  { value: 'organisation', text: 'Trusts and other organisations, by their number' },
  { value: 'establishment', text: 'Schools, by URN' },
  { value: 'leader', text: 'Leaders, by reference' },
]

export function scopeChoices(chosen: string) {
  return SCOPE_CHOICES.map((one) => ({ ...one, selected: one.value === chosen }))
}

export function roleChoices(roles: readonly Role[], chosen: string) {
  return [
    { value: '', text: 'No role yet' },
    ...roles.map((role) => ({
      value: roleKey(role),
      text: `${role.title} (${role.programmeTitle})`,
      selected: roleKey(role) === chosen,
    })),
  ]
}
