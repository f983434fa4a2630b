import type { Clock } from '../../platform/clock.ts'
import type { Database, Db } from '../../platform/db.ts'
import { PAGE_SIZE, presentList, readListQuery } from '../../platform/web/list.ts'
import { type Answer, json, page, type Query, type Route, wholeNumber } from '../../platform/web/route.ts'
import { tableFile } from '../../platform/web/table-file.ts'
import { countOf, longDate } from '../../platform/words.ts'
import { EVENT_WORDS, sayEvent } from './event-words.ts'
import { type ChangedNight, listChangedNights, listNightEvents, readEventsSince } from './read-events.ts'
import { EVENT_KINDS, type RegisterEvent } from './register-event.ts'

type Parts = { readonly database: Database; readonly clock: Clock }

const FILTERS = ['night', 'kind'] as const
const MOST_IN_A_FILE = 100_000

/** What changed last night: counts, and each school with the file that showed it, as page, files and JSON. */
export function changesPages(parts: Parts): Route[] {
  const { db } = parts.database
  const read = { method: 'GET', allow: 'everyone', audit: null } as const
  return [
    { ...read, path: '/changes', handle: ({ query }) => changesPage(db, query) },
    ...(['csv', 'ods'] as const).map(
      (format): Route => ({
        ...read,
        path: `/changes.${format}`,
        handle: ({ query }) => changesFile(db, query, format),
      }),
    ),
    { ...read, path: '/api/v1/register-changes', handle: ({ query }) => changesJson(db, query) },
    {
      ...read,
      path: '/api/v1/register-events',
      handle: async ({ query }) => {
        const events = await readEventsSince(db, wholeNumber(query.get('after')))
        return json({ events: events.map(eventJson), last: events.at(-1)?.id ?? wholeNumber(query.get('after')) })
      },
    },
  ]
}

async function readAsked(db: Db, query: Query) {
  const asked = readListQuery(query, [], FILTERS)
  const nights = await listChangedNights(db)
  const wanted = asked.filters['night'] ?? ''
  const night = /^\d{4}-\d{2}-\d{2}$/.test(wanted) && isDay(wanted) ? wanted : (nights[0]?.night ?? null)
  const kind = EVENT_KINDS.find((one) => one === asked.filters['kind'])
  return { asked, nights, night, kind }
}

function isDay(text: string): boolean {
  try {
    return Temporal.PlainDate.from(text, { overflow: 'reject' }).toString() === text
  } catch {
    return false
  }
}

type Asked = Awaited<ReturnType<typeof readAsked>>

function eventsOf(db: Db, { night, kind }: Asked, from: number, most: number) {
  return night ? listNightEvents(db, { night, kind, from, most }) : Promise.resolve({ total: 0, events: [] })
}

async function changesPage(db: Db, query: Query): Promise<Answer> {
  const whole = await readAsked(db, query)
  const { asked, nights, night, kind } = whole
  const { total, events } = await eventsOf(db, whole, (asked.page - 1) * PAGE_SIZE, PAGE_SIZE)
  const shown = nights.find((one) => one.night === night)
  const filters = { ...(night && { night }), ...(kind && { kind }) }
  const list = presentList('/changes', { ...asked, filters }, [], total, {})
  return page('register/events/changes.njk', {
    title: 'What changed last night',
    section: 'schools',
    breadcrumbs: [{ text: 'About the data', href: '/about-the-data' }],
    night,
    list: { ...list, chips: kind ? [{ text: EVENT_WORDS[kind], href: `/changes?night=${night}` }] : [] },
    counted: countOf(total, 'change'),
    counts: countsOf(shown, night, kind),
    nights: nights.map((one) => ({
      text: longDate(one.night),
      href: `/changes?night=${one.night}`,
      here: one.night === night,
      total: countOf(sumOf(one), 'change'),
    })),
    rows: events.map(toRow),
  })
}

function countsOf(shown: ChangedNight | undefined, night: string | null, chosen: string | undefined) {
  return EVENT_KINDS.map((kind) => ({
    text: EVENT_WORDS[kind],
    count: shown?.counts[kind] ?? 0,
    href: `/changes?night=${night}&kind=${kind}`,
    here: kind === chosen,
  }))
}

function sumOf({ counts }: ChangedNight): number {
  return Object.values(counts).reduce((sum, one) => sum + one, 0)
}

function toRow(event: RegisterEvent) {
  return {
    kind: EVENT_WORDS[event.kind],
    urn: event.urn,
    name: event.name,
    href: event.urn === null ? null : `/schools/${event.urn}`,
    words: sayEvent(event),
    other: event.other?.urn ? { href: `/schools/${event.other.urn}`, text: event.other.name } : null,
    on: event.on,
    file: event.file && { ...event.file, href: `/about-the-data/${event.file.id}` },
  }
}

const FILE_COLUMNS = [
  { key: 'night', head: 'Taken in' },
  { key: 'kind', head: 'What' },
  { key: 'urn', head: 'URN' },
  { key: 'name', head: 'School', width: 44 },
  { key: 'words', head: 'In words', width: 60 },
  { key: 'on', head: 'Date' },
  { key: 'file', head: 'File', width: 40 },
  { key: 'asAt', head: 'Date of the file' },
] as const

async function changesFile(db: Db, query: Query, format: 'csv' | 'ods'): Promise<Answer> {
  const whole = await readAsked(db, query)
  const { events } = await eventsOf(db, whole, 0, MOST_IN_A_FILE)
  const rows = events.map((event) => {
    const { kind, urn, name, words, on } = toRow(event)
    return {
      night: whole.night,
      kind,
      urn,
      name,
      words,
      on,
      file: event.file?.title ?? '',
      asAt: event.file?.asAt ?? '',
    }
  })
  return tableFile(format, `register-changes-${whole.night ?? 'none'}`, FILE_COLUMNS, rows)
}

async function changesJson(db: Db, query: Query): Promise<Answer> {
  const whole = await readAsked(db, query)
  const { total, events } = await eventsOf(db, whole, (whole.asked.page - 1) * PAGE_SIZE, PAGE_SIZE)
  const { night, nights, asked } = whole
  const counts = nights.find((one) => one.night === night)?.counts ?? {}
  return json({ night, nights, counts, total, page: asked.page, pageSize: PAGE_SIZE, events: events.map(eventJson) })
}

function eventJson({ establishmentId: _internal, other, ...event }: RegisterEvent) {
  return {
    ...event,
    other: other && { urn: other.urn, name: other.name },
    words: sayEvent({ establishmentId: 0, other, ...event }),
  }
}
