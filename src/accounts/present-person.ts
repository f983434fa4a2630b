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

/** "15 January 2024 at 09:30", in London. */
export const moments = new Intl.DateTimeFormat('en-GB', {
  dateStyle: 'long',
  timeStyle: 'short',
  timeZone: 'Europe/London',
})

export function presentSessions(sessions: readonly SessionRow[]) {
  return sessions.map(({ id, created_at, seen_at, browser, current }) => ({
    id,
    since: moments.format(created_at),
    seen: moments.format(seen_at),
    browser: browser || 'not told',
    current,
  }))
}

/** From when before its last day a review is asked for. */
const ASKED_FOR = { months: 1 }

/**
 * A person of an organisation and the yearly review: by a year after the last one, or, without any, after the person came.
 * Whoever was never looked at is to be reviewed at once; a review is asked for a month before its day and overdue after it.
 */
export function presentMember(member: MemberRow, today: string) {
  const { id, name, email, approver, reviewed_on: reviewed } = member
  const by = Temporal.PlainDate.from(reviewed ?? member.added_on).add({ years: 1 })
  const overdue = by.toString() < today
  const due = reviewed === null || by.subtract(ASKED_FOR).toString() <= today
  return {
    id,
    name,
    email,
    approver,
    state: stateInWords(member.state),
    reviewed: reviewed === null ? 'never' : longDate(reviewed),
    due,
    overdue,
    by: `${overdue ? 'overdue since' : 'by'} ${longDate(by.toString())}`,
  }
}

type Reviewed = { readonly due: boolean; readonly overdue: boolean }

export function dueInWords(members: readonly Reviewed[]): string {
  const due = members.filter((member) => member.due).length
  const overdue = members.filter((member) => member.overdue).length
  if (due === 0) return 'Everybody was looked at within a year.'
  return `The yearly review is due for ${countOf(due, 'person', 'people')}${overdue > 0 ? `, ${overdue} of them overdue` : ''}.`
}
