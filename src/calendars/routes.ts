import { z } from 'zod'
import { findPersonActor, type Role } from '../accounts/index.ts'
import { type CaseParts, type OwnDate, readCaseDates, readOwnDates } from '../cases/index.ts'
import type { Actor } from '../platform/actor.ts'
import { type CalendarEvent, calendarFile } from '../platform/calendar-file.ts'
import { runAsMachine, runInScope } from '../platform/scope.ts'
import { described } from '../platform/web/api-description.ts'
import {
  type Answer,
  file,
  json,
  notFound,
  page,
  problem,
  type Route,
  type RouteRequest,
  redirect,
  text,
} from '../platform/web/route.ts'
import { longDate } from '../platform/words.ts'
import { endAddress, findAddress, findHolder, makeAddress } from './calendar-address.ts'

/** `origin`: where browsers find the service, without a slash at the end; empty where it is not known. */
export type CalendarParts = { readonly cases: CaseParts; readonly roles: readonly Role[]; readonly origin: string }

const PATH = '/calendar'
const API = '/api/v1/calendar-address'
const TYPE = 'text/calendar; charset=utf-8'

/** Somebody's own dates: on a page, under a private address for their calendar, and one by one. */
export function calendarFeedRoutes(parts: CalendarParts): Route[] {
  const get = { method: 'GET', allow: 'signed-in', audit: null } as const
  const post = { method: 'POST', allow: 'signed-in' } as const
  const made = { ...post, audit: 'calendar-address-made' } as const
  const ended = { ...post, audit: 'calendar-address-ended' } as const
  return described(
    [
      { ...get, path: PATH, handle: (request) => calendarPage(parts, request) },
      { ...made, path: PATH, handle: (request) => makeAtPage(parts, request) },
      { ...ended, path: `${PATH}/end`, handle: (request) => endAtPage(parts, request) },
      // The address itself is the permission: calendars cannot sign in.
      { ...get, path: `${PATH}/:token.ics`, allow: 'everyone', handle: (request) => feed(parts, request) },
      {
        ...get,
        path: '/cases/:reference/dates/:date.ics',
        allow: 'see-cases',
        handle: (request) => runAsMachine(() => oneDate(parts, request)),
      },
      { ...get, path: API, handle: (request) => addressJson(parts, request) },
      { ...made, path: API, handle: (request) => makeByApi(parts, request) },
      { ...ended, path: `${API}/end`, handle: (request) => endByApi(parts, request) },
      { ...get, path: '/api/v1/dates', handle: (request) => datesJson(parts, request) },
    ],
    {
      [`GET ${API}`]: {
        summary: 'Your private calendar address: when it was made and last read, never the address itself',
        answer: z.object({
          address: z.object({ madeAt: z.iso.datetime(), lastReadOn: z.iso.date().nullable() }).nullable(),
        }),
      },
      [`POST ${API}`]: {
        summary: 'Makes your private calendar address; the one before ends at once',
        body: z.object({}),
        answer: z.object({ address: z.string().describe('Shown once') }),
        created: true,
      },
      [`POST ${API}/end`]: {
        summary: 'Ends your private calendar address',
        body: z.object({}),
        answer: z.object({ ended: z.literal(true) }),
      },
      'GET /api/v1/dates': {
        summary: 'Your own dates: what is due, decisions that wait for you, visits and days agreed on',
        answer: z.object({
          dates: z.array(ownDate),
        }),
      },
    },
  )
}

const ownDate = z.object({
  id: z.string(),
  kind: z.enum(['due', 'decision', 'visit', 'agreed']),
  title: z.string(),
  date: z.iso.date(),
  place: z.string().optional(),
  href: z.string(),
})

const KINDS: Readonly<Record<OwnDate['kind'], string>> = {
  due: 'To do',
  decision: 'To decide',
  visit: 'Visit',
  agreed: 'Agreed',
}
const moments = new Intl.DateTimeFormat('en-GB', { dateStyle: 'long', timeZone: 'Europe/London' })

/** The dates of whoever asks, in their scope. */
function datesOf({ cases }: CalendarParts, actor: Actor): Promise<OwnDate[]> {
  return runInScope(actor, () => readOwnDates(cases, actor))
}

async function calendarPage(parts: CalendarParts, { actor }: RouteRequest): Promise<Answer> {
  const address = await findAddress(parts.cases, actor)
  const today = parts.cases.clock.today().toString()
  const dates = (await datesOf(parts, actor)).filter(({ date, kind }) => date >= today || kind === 'due')
  return page('calendars/calendar.njk', {
    title: 'Calendar',
    section: 'my-work',
    hasWork: actor.capabilities.has('see-cases'),
    address: address && {
      made: moments.format(address.madeAt),
      read: address.lastReadOn ? longDate(address.lastReadOn) : null,
    },
    dates: dates.map(({ kind, title, date, place, href }) => ({
      ...{ title, href, place: place ?? null },
      kind: KINDS[kind],
      date: longDate(date),
      late: date < today,
    })),
  })
}

/** The address is on this page and never again. */
async function makeAtPage(parts: CalendarParts, { actor }: RouteRequest): Promise<Answer> {
  const made = await makeAddress(parts.cases, actor)
  if (!made.ok) return notFound(made.refusals.map(({ message }) => message).join(' '))
  return page('calendars/calendar-made.njk', {
    title: 'Your calendar address is ready',
    section: 'my-work',
    breadcrumbs: [{ text: 'Calendar', href: PATH }],
    address: addressOf(parts, made.value.token),
    back: PATH,
  })
}

function addressOf({ origin }: CalendarParts, token: string): string {
  return `${origin}${PATH}/${token}.ics`
}

async function endAtPage(parts: CalendarParts, { actor }: RouteRequest): Promise<Answer> {
  await endAddress(parts.cases, actor)
  return redirect(PATH)
}

async function addressJson(parts: CalendarParts, { actor }: RouteRequest): Promise<Answer> {
  const found = await findAddress(parts.cases, actor)
  return json({ address: found ? { madeAt: found.madeAt, lastReadOn: found.lastReadOn } : null })
}

async function makeByApi(parts: CalendarParts, { actor }: RouteRequest): Promise<Answer> {
  const made = await makeAddress(parts.cases, actor)
  return made.ok ? json({ address: addressOf(parts, made.value.token) }, 201) : problem(made.refusals)
}

async function endByApi(parts: CalendarParts, { actor }: RouteRequest): Promise<Answer> {
  const ended = await endAddress(parts.cases, actor)
  return ended.ok ? json({ ended: true }) : problem(ended.refusals, 404)
}

async function datesJson(parts: CalendarParts, { actor }: RouteRequest): Promise<Answer> {
  const dates = await datesOf(parts, actor)
  return json({
    dates: dates.map(({ id, kind, title, date, place, href }) => ({ id, kind, title, date, place, href })),
  })
}

/** What a calendar reads: the dates of whose address it is, by the roles that they have today. */
async function feed(parts: CalendarParts, { params, actor: visitor }: RouteRequest): Promise<Answer> {
  const { cases, roles } = parts
  const holder = await findHolder(cases, params['token'] ?? '')
  if (!holder) return text('There is no calendar at this address.', 404)
  const actor = holder.ended
    ? null
    : await runAsMachine(() =>
        findPersonActor({ ...cases, roles }, { personId: holder.personId, requestId: visitor.requestId }),
      )
  if (!actor) return text('This calendar address has ended. A new one is made in Alongside, under Calendar.', 410)
  return calendarOf(parts, 'alongside.ics', await datesOf(parts, actor))
}

async function oneDate(parts: CalendarParts, { params, actor }: RouteRequest): Promise<Answer> {
  const reference = params['reference'] ?? ''
  const dates = await readCaseDates(parts.cases, { actor, reference })
  const found = dates?.find(({ id }) => id === `case-${reference}-${params['date']}`)
  if (!found) return notFound('There is no such date in a case that you may see.')
  return calendarOf(parts, `${found.id}.ics`, [found])
}

function calendarOf({ cases, origin }: CalendarParts, fileName: string, dates: readonly OwnDate[]): Answer {
  const events = dates.map(
    ({ id, title, date, place, href }): CalendarEvent => ({
      ...{ id, title, date },
      ...(place !== undefined && { place }),
      ...(origin && { href: `${origin}${href}` }),
    }),
  )
  return file(fileName, TYPE, calendarFile('Alongside', events, cases.clock.now()), 'private')
}
