import { countOf, longDate } from '../platform/words.ts'
import { grantInWords, isInForce } from './grant.ts'
import type { GrantRow, MemberRow } from './person-store.ts'
import type { Role } from './roles.ts'
import type { SessionRow } from './session.ts'

const STATES = { invited: 'Invited, has not signed in yet', active: 'In use', removed: 'Closed' } as const

export function stateInWords(state: keyof typeof STATES): string {
  return STATES[state]
}

export function presentGrants(grants: readonly GrantRow[], roles: readonly Role[], today: string) {
  return grants.map((grant) => ({
    id: grant.id,
    words: grantInWords(grant, roles),
    days: grant.to === null ? `from ${longDate(grant.from)}` : `${longDate(grant.from)} to ${longDate(grant.to)}`,
    by: grant.grantedBy,
    running: isInForce(grant, today) && grant.to !== today,
    state: isInForce(grant, today) ? 'In force' : grant.from > today ? 'Not yet' : 'Ended',
  }))
}

const moment = new Intl.DateTimeFormat('en-GB', { dateStyle: 'long', timeStyle: 'short', timeZone: 'Europe/London' })

export function presentSessions(sessions: readonly SessionRow[]) {
  return sessions.map(({ id, created_at, seen_at, browser, current }) => ({
    id,
    since: moment.format(created_at),
    seen: moment.format(seen_at),
    browser: browser || 'not told',
    current,
  }))
}

/** A person of an organisation, and whether the yearly review is due: a year after the last one, or at once without any. */
export function presentMember(member: MemberRow, today: string) {
  const { id, name, email, approver, reviewed_on: reviewed } = member
  const due = reviewed === null || Temporal.PlainDate.from(reviewed).add({ years: 1 }).toString() <= today
  return {
    id,
    name,
    email,
    approver,
    state: stateInWords(member.state),
    reviewed: reviewed === null ? 'never' : longDate(reviewed),
    due,
  }
}

export function dueInWords(members: readonly { readonly due: boolean }[]): string {
  const due = members.filter((member) => member.due).length
  return due === 0
    ? 'Everybody was looked at within a year.'
    : `The yearly review is due for ${countOf(due, 'person', 'people')}.`
}
