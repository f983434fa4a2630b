import type { Refusal } from '../platform/decision.ts'
import { type Answer, notFound, page, type Route, type RouteRequest, redirect } from '../platform/web/route.ts'
import { declareInterest, readInterests, withdrawInterest } from './interests.ts'
import type { LeaderParts } from './leader-parts.ts'
import type { LeaderRecord } from './leader-record.ts'
import { addLeave, removeLeave } from './leave.ts'
import { withLeader } from './pages-leader.ts'
import { presentRefusals } from './present-form.ts'
import { leaderHref } from './present-roster.ts'
import { fieldText, readDate, wholeOf } from './read-fields.ts'
import { academicYear, yearInWords } from './vocabulary.ts'

/** The forms for interests and for leave. */
export function declarePages(parts: LeaderParts): Route[] {
  const get = { method: 'GET', allow: 'edit-leaders', audit: null } as const
  const post = { method: 'POST', allow: 'edit-leaders', audit: 'leader-changed' } as const
  const leader = '/leaders/:reference'
  return [
    { ...get, path: `${leader}/interests/declare`, handle: (request) => withLeader(parts, request, declareForm) },
    { ...post, path: `${leader}/interests/declare`, handle: (request) => withLeader(parts, request, declare) },
    { ...get, path: `${leader}/interests/:id/withdraw`, handle: (request) => withLeader(parts, request, withdrawForm) },
    { ...post, path: `${leader}/interests/:id/withdraw`, handle: (request) => withLeader(parts, request, withdraw) },
    { ...get, path: `${leader}/leave`, handle: (request) => withLeader(parts, request, leaveForm) },
    { ...post, path: `${leader}/leave`, handle: (request) => withLeader(parts, request, enterLeave) },
    { ...post, path: `${leader}/leave/:id/remove`, handle: (request) => withLeader(parts, request, dropLeave) },
  ]
}

function frameOf({ leader }: LeaderRecord, title: string) {
  const href = leaderHref(leader.reference)
  return {
    title,
    section: 'leaders',
    caption: leader.name || leader.reference,
    href,
    breadcrumbs: [
      { text: 'Leaders', href: '/leaders' },
      { text: leader.name || leader.reference, href },
    ],
  }
}

async function declareForm(
  parts: LeaderParts,
  record: LeaderRecord,
  { body }: RouteRequest,
  refusals: readonly Refusal[] = [],
): Promise<Answer> {
  const current = academicYear(parts.clock.today().toString())
  const chosen = Number(fieldText(body, 'year')) || current
  const model = {
    ...frameOf(record, 'Declare an interest'),
    ...presentRefusals(refusals),
    action: `${leaderHref(record.leader.reference)}/interests/declare`,
    years: [current + 1, current, current - 1].map((year) => ({
      value: String(year),
      text: yearInWords(year),
      selected: year === chosen,
    })),
    typed: {
      nothing: fieldText(body, 'nothing'),
      target: fieldText(body, 'target'),
      nature: fieldText(body, 'nature'),
    },
  }
  return page('leaders/interest-form.njk', model, refusals.length > 0 ? 422 : 200)
}

async function declare(parts: LeaderParts, record: LeaderRecord, request: RouteRequest): Promise<Answer> {
  const { body } = request
  const decision = await declareInterest(parts.database, {
    leader: record.leader.reference,
    year: Number(fieldText(body, 'year')),
    target: fieldText(body, 'target'),
    nature: fieldText(body, 'nature'),
    nothing: fieldText(body, 'nothing') === 'yes',
    today: parts.clock.today().toString(),
    by: request.actor,
  })
  if (!decision.ok) return declareForm(parts, record, request, decision.refusals)
  return redirect(`${leaderHref(record.leader.reference)}/interests?done=declared`)
}

async function withdrawForm(
  parts: LeaderParts,
  record: LeaderRecord,
  { params, body }: RouteRequest,
  refusals: readonly Refusal[] = [],
): Promise<Answer> {
  const interests = await readInterests(parts.database.db, record.leader.id)
  const interest = interests.find((one) => String(one.id) === params.id)
  if (!interest) return notFound('There is no such interest.')
  const model = {
    ...frameOf(record, 'Withdraw an interest'),
    ...presentRefusals(refusals),
    action: `${leaderHref(record.leader.reference)}/interests/${interest.id}/withdraw`,
    withdrawing: `${interest.name ?? 'Nothing to declare'}, declared for ${yearInWords(interest.year)}.`,
    typed: { reason: fieldText(body, 'reason') },
  }
  return page('leaders/interest-form.njk', model, refusals.length > 0 ? 422 : 200)
}

async function withdraw(parts: LeaderParts, record: LeaderRecord, request: RouteRequest): Promise<Answer> {
  const { reference } = record.leader
  const asked = {
    leader: reference,
    id: wholeOf(request.params.id),
    reason: fieldText(request.body, 'reason'),
    today: parts.clock.today().toString(),
    by: request.actor,
  }
  const decision = await withdrawInterest(parts.database, asked)
  if (!decision.ok) return withdrawForm(parts, record, request, decision.refusals)
  return redirect(`${leaderHref(reference)}/interests?done=withdrawn`)
}

async function leaveForm(
  _parts: LeaderParts,
  record: LeaderRecord,
  { body }: RouteRequest,
  refusals: readonly Refusal[] = [],
): Promise<Answer> {
  const typed = (name: string) =>
    Object.fromEntries(['day', 'month', 'year'].map((part) => [part, fieldText(body, `${name}-${part}`)]))
  const model = {
    ...frameOf(record, 'Leave'),
    ...presentRefusals(refusals),
    action: `${leaderHref(record.leader.reference)}/leave`,
    leave: record.leader.leave,
    typed: { from: typed('from'), to: typed('to') },
  }
  return page('leaders/leader-leave.njk', model, refusals.length > 0 ? 422 : 200)
}

async function enterLeave(parts: LeaderParts, record: LeaderRecord, request: RouteRequest): Promise<Answer> {
  const { reference } = record.leader
  const leave = { from: readDate(request.body, 'from'), to: readDate(request.body, 'to') }
  const decision = await addLeave(parts.database, { leader: reference, leave, by: request.actor })
  if (!decision.ok) return leaveForm(parts, record, request, decision.refusals)
  return redirect(`${leaderHref(reference)}?done=leave`)
}

async function dropLeave(parts: LeaderParts, record: LeaderRecord, request: RouteRequest): Promise<Answer> {
  const { reference } = record.leader
  const decision = await removeLeave(parts.database, {
    leader: reference,
    id: wholeOf(request.params.id),
    by: request.actor,
  })
  if (!decision.ok) return leaveForm(parts, record, request, decision.refusals)
  return redirect(`${leaderHref(reference)}?done=leave`)
}
