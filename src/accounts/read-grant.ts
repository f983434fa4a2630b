import type { Clock } from '../platform/clock.ts'
import type { Refusal } from '../platform/decision.ts'
import { type RouteRequest, textOf } from '../platform/web/route.ts'
import { type Grant, SCOPE_KINDS, type ScopeKind } from './grant.ts'
import { findRole, type Role, roleKey } from './roles.ts'

/** The grant of a form; null when no role is named. Dates are ISO texts; an empty first day is today. */
export function readGrant(body: RouteRequest['body'], clock: Clock): Grant | null {
  const named = textOf(body, 'role')
  if (!named) return null
  // Without a stroke it is a role of no programme, which is refused with the roles that there are.
  const [programme, role] = named.includes('/') ? named.split('/', 2) : ['', named]
  const kind = SCOPE_KINDS.find((one) => one === textOf(body, 'scope')) ?? 'national'
  const values = textOf(body, 'values')
    .split(/[,;\n]/)
    .map((value) => value.trim())
    .filter(Boolean)
  return {
    programme: programme || null,
    role: role ?? '',
    scopeKind: kind,
    scopeValues: kind === 'national' ? [] : values,
    from: textOf(body, 'from') || clock.today().toString(),
    to: textOf(body, 'to') || null,
  }
}

/** What is wrong with the days or the values of a form, before any rule is asked. */
export function checkGrantFields(grant: Grant, body: RouteRequest['body'], roles: readonly Role[]): Refusal[] {
  const wrongDay = (field: 'from' | 'to') => ({
    code: 'date.wrong',
    field,
    message: 'Write the day as year, month, day, such as 2024-01-08',
  })
  const refusals: Refusal[] = []
  const scope = textOf(body, 'scope')
  const role = findRole(roles, grant.programme, grant.role)
  // Left aside, a misspelt part would give all of England.
  if (role && scope && !SCOPE_CHOICES.some(({ value }) => value === scope))
    refusals.push({
      code: 'grant.scope',
      field: 'scope',
      message: `There is no scope “${scope}”. ${role.title} is given for: ${list(scopesOf(role))}`,
    })
  if (!isDay(grant.from)) refusals.push(wrongDay('from'))
  if (grant.to !== null && !isDay(grant.to)) refusals.push(wrongDay('to'))
  if (grant.scopeKind === 'establishment' && grant.scopeValues.some((value) => !/^\d{6}$/.test(value)))
    refusals.push({ code: 'scope.urn', field: 'values', message: 'Name schools by their URN, 6 digits each' })
  return refusals
}

const list = (words: readonly string[]) => new Intl.ListFormat('en-GB', { type: 'disjunction' }).format(words)

/** The scopes of the pack's words, of which a grant names one; a pack's role may always be given for all of England. */
const SCOPES_OF: Readonly<Record<string, readonly ScopeKind[]>> = {
  region: ['region'],
  authority: ['authority'],
  own: ['establishment', 'organisation'],
  assigned: ['leader', 'establishment'],
  self: ['leader'],
  named: ['organisation'],
}

function scopesOf({ scopes = [] }: Role): string[] {
  const meant = new Set<string>(scopes.flatMap((scope) => SCOPES_OF[scope] ?? []))
  const kinds = SCOPE_CHOICES.map(({ value }) => value)
  return kinds.filter((kind) => kind === 'national' || meant.size === 0 || meant.has(kind))
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
