import { sql } from 'kysely'
import type { Actor } from '../platform/actor.ts'
import type { WaitingLine } from '../platform/waiting-line.ts'
import {
  type Answer,
  page,
  type Route,
  type RouteRequest,
  redirect,
  textOf,
  wholeNumber,
} from '../platform/web/route.ts'
import { countOf, longDate } from '../platform/words.ts'
import { addWorkingDays, englandCalendar } from '../programmes/index.ts'
import { capital, caseHref, stepHref } from './case-page.ts'
import type { CaseParts } from './case-parts.ts'
import { countByRegion, listNotices, listWaiting, listWork, type WorkLine } from './list-cases.ts'
import { daysLate, partyOf, workingDaysOpen } from './present-case.ts'
import { remindHref } from './reminder-links.ts'
import { isSignedByEach, stepFor } from './signers.ts'
import { changeHref } from './subject-change-present.ts'
import { type DecisionLine, listDecisions } from './subject-change-store.ts'
import { keysOfActor } from './who-acts.ts'
import { seesCases } from './who-sees.ts'

const MOST_LINES = 50
const SOON_WORKING_DAYS = 5

/** Everyone's first page: what is late, what is due, who is waited for, what is new. */
export function workPages(parts: CaseParts): Route[] {
  return [
    { method: 'GET', path: '/my-work', allow: 'see-cases', audit: null, handle: (request) => workPage(parts, request) },
    {
      method: 'POST',
      path: '/my-work/seen',
      allow: 'see-cases',
      audit: 'notices-seen',
      handle: (request) => markSeen(parts, request),
    },
  ]
}

async function workPage(parts: CaseParts, { actor }: RouteRequest): Promise<Answer> {
  const { db } = parts.database
  const today = parts.clock.today()
  const keys = keysOfActor(actor)
  const sees = seesCases(actor)
  const [open, decisions, also, waiting, notices, regions] = await Promise.all([
    listWork(db, keys, MOST_LINES),
    listDecisions(db, keys, MOST_LINES),
    parts.alsoWaiting?.(db, actor) ?? [],
    listWaiting(db, { keys, sees, limit: MOST_LINES }),
    listNotices(db, keys, MOST_LINES),
    countByRegion(db, { sees, today: today.toString() }),
  ])
  const soonTo = addWorkingDays(today, SOON_WORKING_DAYS, englandCalendar).toString()
  const lines = [
    ...decisions.map((line) => toDecision(line, today)),
    ...open.map((line) => toLine(parts, line, today)),
    ...also.map((line) => toAlso(line, today)),
  ]
  const overdue = lines.filter(({ late }) => late)
  const soon = lines.filter(({ late, on }) => !late && on !== null && on <= soonTo)
  const later = lines.filter(({ late, on }) => !late && (on === null || on > soonTo))
  return page('cases/work.njk', {
    title: 'My work',
    section: 'my-work',
    summary: summaryOf(overdue.length, soon.length, waiting.length),
    overdue,
    soon,
    later,
    waiting: waiting.map((line) => toWaiting(parts, line, { actor, today })),
    notices: notices.map((one) => ({ ...one, href: caseHref(one.reference) + one.part, on: one.madeOn })),
    newest: notices[0]?.id ?? 0,
    regions,
  })
}

function summaryOf(overdue: number, soon: number, waiting: number): string {
  const late =
    overdue === 0
      ? 'Nothing of yours is late'
      : `${capital(countOf(overdue, 'thing'))} of yours ${overdue === 1 ? 'is' : 'are'} late`
  return `${late}, ${countOf(soon, 'step')} due within five working days. You wait for others in ${countOf(waiting, 'step')}.`
}

function toLine({ packs }: CaseParts, line: WorkLine, today: Temporal.PlainDate) {
  const pack = packs.find((one) => one.programme === line.programme)
  const flow = pack?.process?.flows?.[line.flow]
  const step = flow?.steps[line.step]
  const title = step?.title ?? line.step
  const party = step && partyOf(stepFor(step, line.key).owner)
  const about = step && isSignedByEach(step) ? '' : line.key
  const late = daysLate(line.dueOn, today.toString())
  return {
    reference: line.reference,
    name: line.name,
    title: about ? `${title}: ${about}` : title,
    href: stepHref(line.reference, line.step, line.key),
    party: party ? (pack?.process?.parties[party]?.title ?? '') : '',
    on: line.dueOn,
    age: ageInWords(line.openedOn, today.toString()),
    late: late > 0,
    due: dueShort(line.dueOn, late, today),
    button: 'Do it',
  }
}

function ageInWords(since: string, today: string): string {
  const days = workingDaysOpen(since, today)
  return days === 0 ? 'since today' : `for ${countOf(days, 'working day')}`
}

/** A step of somebody else, with how to remind them: those whom the programme lets, and once a day. */
function toWaiting(parts: CaseParts, line: WorkLine, { actor, today }: { actor: Actor; today: Temporal.PlainDate }) {
  const pack = parts.packs.find((one) => one.programme === line.programme)
  const roles = pack?.process?.reminders?.by.flatMap((party) => pack.process?.parties[party]?.roles ?? []) ?? []
  const may = actor.hats.some(({ programme, role }) => programme === line.programme && roles.includes(role))
  const isToday = line.remindedOn === today.toString()
  return {
    ...toLine(parts, line, today),
    button: null,
    href: caseHref(line.reference),
    reminded: line.remindedOn && (isToday ? 'reminded today' : `reminded on ${longDate(line.remindedOn)}`),
    remind: may && !isToday ? remindHref(line.reference, line.step, line.key) : null,
  }
}

/** A change of the school that waits for this person's decision, as a line beside the steps. */
function toDecision({ id, reference, name, words, dueOn, openedOn }: DecisionLine, today: Temporal.PlainDate) {
  const late = daysLate(dueOn, today.toString())
  return {
    reference,
    name,
    title: `Decide how the case goes on: ${words}`,
    href: changeHref(reference, id),
    party: '',
    on: dueOn,
    age: ageInWords(openedOn, today.toString()),
    late: late > 0,
    due: dueShort(dueOn, late, today),
    button: 'Decide',
  }
}

/** What waits in another part of the service, beside the steps. */
function toAlso({ since, ...line }: WaitingLine, today: Temporal.PlainDate) {
  const age = ageInWords(since, today.toString())
  return { ...line, party: '', on: null, age, late: false, due: dueShort(null, 0, today) }
}

/** "tomorrow", "3 working days late", "13 November 2023". */
function dueShort(due: string | null, late: number, today: Temporal.PlainDate): string {
  if (due === null) return 'no date set'
  if (late > 0) return `${countOf(late, 'working day')} late`
  if (due === today.toString()) return 'today'
  if (due === today.add({ days: 1 }).toString()) return 'tomorrow'
  return longDate(due)
}

async function markSeen({ database }: CaseParts, { body, actor }: RouteRequest): Promise<Answer> {
  await sql`update case_notice set seen_at = now(), seen_by = ${actor.name}
    where seen_at is null and id <= ${wholeNumber(textOf(body, 'upto'))} and acts && ${keysOfActor(actor)}::text[]`.execute(
    database.db,
  )
  return redirect('/my-work')
}
