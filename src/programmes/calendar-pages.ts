import type { Database } from '../platform/db.ts'
import type { Refusal } from '../platform/decision.ts'
import { described } from '../platform/web/api-description.ts'
import {
  json,
  notFound,
  page,
  problem,
  type Route,
  type RouteRequest,
  redirect,
  textOf,
} from '../platform/web/route.ts'
import { CALENDAR_API } from './api-description.ts'
import type { Term } from './calendar.ts'
import { answerDue, listBankHolidays, readDueQuestion, readTerms } from './calendar-question.ts'
import { dutiesByTerm } from './duties-by-term.ts'
import { findPack } from './load-pack.ts'
import { type Pack, packRef } from './pack-schema.ts'
import { getTerms, listAuthorities, saveTerms } from './term-store.ts'

export type CalendarParts = { readonly database: Database; readonly packs: readonly Pack[] }

/** A programme's calendar: its terms, an authority's own, the bank holidays, and when a limit is due. */
export function calendarRoutes(parts: CalendarParts): Route[] {
  const read = { method: 'GET', allow: 'everyone', audit: null } as const
  const change = { method: 'POST', allow: 'edit-terms', audit: 'terms-changed' } as const
  return described(
    [
      { ...read, path: '/programmes/:ref/calendar', handle: (request) => calendarPage(parts, request) },
      { ...change, path: '/programmes/:ref/calendar', handle: (request) => saveFromPage(parts, request) },
      { ...read, path: '/api/v1/programmes/:ref/calendar', handle: (request) => calendarJson(parts, request) },
      { ...change, path: '/api/v1/programmes/:ref/calendar', handle: (request) => saveFromApi(parts, request) },
    ],
    CALENDAR_API,
  )
}

async function calendarPage(parts: CalendarParts, request: RouteRequest, refusals: readonly Refusal[] = []) {
  const pack = findPack(request.params['ref'] ?? '', parts.packs)
  if (!pack) return notFound('There is no programme of this name.')
  const authority = request.query.get('authority') || textOf(request.body, 'authority') || null
  const [{ terms, own, version }, authorities] = await Promise.all([
    getTerms(parts.database, pack, authority),
    listAuthorities(parts.database),
  ])
  const asked = readDueQuestion(pack, request.query)
  const faults = [...refusals, ...(asked.ok ? [] : asked.refusals)]
  const chosen = authorities.find((one) => one.code === authority)
  const model = {
    title: `Calendar and due dates, ${pack.title}`,
    heading: 'Calendar and due dates',
    caption: pack.title,
    section: 'programmes',
    ref: packRef(pack),
    typed: { ...Object.fromEntries(request.query), ...request.body },
    due: asked.ok && asked.value ? answerDue(asked.value, terms) : null,
    terms: withDuties(pack, terms),
    placesDuties: dutiesByTerm(pack, terms) !== undefined,
    own,
    version,
    chosen,
    authorities: [
      { value: '', text: 'England (the programme’s own dates)' },
      ...authorities.map(({ code, name }) => ({ value: code, text: name, selected: code === authority })),
    ],
    holidays: listBankHolidays(pack),
    year: pack['academic-year'].name,
    shortDays: pack.calendar['short-days'] === 'working days',
    daysCited: pack.calendar.cites.join(', '),
    errors: faults.map(({ message, field }) => ({ text: message, href: `#${field ?? `${terms[0]?.id}-from`}` })),
    errorAt: Object.fromEntries(faults.map(({ message, field }) => [field, { text: message }])),
  }
  return page('programmes/calendar.njk', model, faults.length > 0 ? statusOf(faults) : 200)
}

function withDuties(pack: Pack, terms: readonly Term[]) {
  const duties = dutiesByTerm(pack, terms)
  return terms.map((term) => ({ ...term, ...(duties && { duties: duties.get(term.id) ?? [] }) }))
}

/** 409 for what moved on, else 422. */
function statusOf(refusals: readonly Refusal[]): number {
  return refusals.some(({ code }) => code === 'moved-on') ? 409 : 422
}

async function saveFromPage(parts: CalendarParts, request: RouteRequest) {
  const saved = await save(parts, request)
  if (saved === undefined) return notFound('There is no such programme or authority.')
  if (saved.length > 0) return calendarPage(parts, request, saved)
  return redirect(
    `/programmes/${request.params['ref']}/calendar?authority=${encodeURIComponent(textOf(request.body, 'authority'))}`,
  )
}

/** Refusals, none when it is saved, undefined when there is no such programme or authority. */
async function save(
  { database, packs }: CalendarParts,
  { params, body, actor: by }: RouteRequest,
): Promise<readonly Refusal[] | undefined> {
  const pack = findPack(params['ref'] ?? '', packs)
  const authority = textOf(body, 'authority')
  const known = (await listAuthorities(database)).some((one) => one.code === authority)
  if (!pack || !known) return undefined
  const terms = readTerms(pack, body)
  if (!terms.ok) return terms.refusals
  const version = textOf(body, 'version')
  const asked = { authority, terms: terms.value, by, version: version ? Number(version) : undefined }
  const saved = await saveTerms(database, pack, asked)
  return saved.ok ? [] : saved.refusals
}

async function calendarJson({ database, packs }: CalendarParts, { params, query }: RouteRequest) {
  const pack = findPack(params['ref'] ?? '', packs)
  if (!pack) return problem([{ code: 'programme.unknown', message: 'There is no such programme.' }], 404)
  const asked = readDueQuestion(pack, query)
  if (!asked.ok) return problem(asked.refusals)
  const { terms, own, version } = await getTerms(database, pack, query.get('authority'))
  return json({
    terms: withDuties(pack, terms),
    own,
    version,
    bankHolidays: listBankHolidays(pack),
    due: asked.value ? answerDue(asked.value, terms) : null,
  })
}

async function saveFromApi(parts: CalendarParts, request: RouteRequest) {
  const saved = await save(parts, request)
  if (saved === undefined)
    return problem([{ code: 'not-found', message: 'There is no such programme or authority.' }], 404)
  return saved.length > 0 ? problem(saved, statusOf(saved)) : json({ saved: true }, 201)
}
