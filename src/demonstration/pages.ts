import { namedActor } from '../platform/actor.ts'
import type { Refusal } from '../platform/decision.ts'
import { findDay, moveDay } from '../platform/demonstration-clock.ts'
import type { Notice } from '../platform/web/page.ts'
import { type Answer, notFound, page, type Route, type RouteRequest, redirect, textOf } from '../platform/web/route.ts'
import { longDate } from '../platform/words.ts'
import type { DemonstrationParts, SceneSummary } from './demonstration-parts.ts'

/** Moving the day and starting again, for people: only in a demonstration. Elsewhere these addresses do not exist. */
export function demonstrationPages(parts: DemonstrationParts): Route[] {
  if (!parts.demonstration) return []
  const get = { method: 'GET', allow: 'everyone', audit: null } as const
  const post = { method: 'POST', allow: 'everyone' } as const
  const day = '/demonstration/today'
  const scene = '/demonstration/scenes/:scene'
  return [
    { ...get, path: day, handle: (request) => dayPage(parts, request) },
    { ...post, path: day, audit: 'day-moved', handle: (request) => moveByForm(parts, request) },
    { ...get, path: '/demonstration/scenes', handle: () => scenesPage(parts) },
    { ...get, path: scene, handle: (request) => warningPage(parts, request) },
    { ...post, path: scene, audit: 'scene-begun', handle: (request) => beginByForm(parts, request) },
  ]
}

/** What stands above every page of a demonstration. */
export function demonstrationNotice({ clock }: Pick<DemonstrationParts, 'clock'>): Notice {
  const today = longDate(clock.today().toString())
  return {
    text: `People and cases are invented; the register is real. Today is ${today}`,
    link: { href: '/demonstration/today', text: 'Change the day or start again' },
  }
}

const DAY_PARTS = ['day', 'month', 'year'] as const

function dayPage(parts: DemonstrationParts, { body }: RouteRequest, refusals: readonly Refusal[] = []): Answer {
  const today = parts.clock.today().toString()
  const [wrong] = refusals
  const model = {
    title: 'The day of this demonstration',
    today,
    typed: Object.fromEntries(DAY_PARTS.map((part) => [part, textOf(body, part)])),
    wrong: wrong && { text: wordsFor(wrong, today) },
    errors: wrong ? [{ text: wordsFor(wrong, today), href: '#day' }] : [],
  }
  return page('demonstration/today.njk', model, wrong ? 422 : 200)
}

/** The page asks for day, month and year in fields of their own. */
function wordsFor({ code, message }: Refusal, today: string): string {
  if (code === 'today.not-a-date') return 'Enter a day that exists, such as 1 2 2024'
  if (code === 'today.backward') return `The day must be ${longDate(today)} or later`
  return message
}

async function moveByForm(parts: DemonstrationParts, request: RouteRequest): Promise<Answer> {
  const [day = '', month = '', year = ''] = DAY_PARTS.map((part) => textOf(request.body, part))
  const asked = `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`
  const moved = await moveDay(parts, asked, namedActor(request.actor))
  return moved.ok ? redirect('/demonstration/today') : dayPage(parts, request, moved.refusals)
}

async function scenesPage(parts: DemonstrationParts): Promise<Answer> {
  const held = await findDay(parts.database.db)
  const scenes = parts.scenes.list()
  const groups = [...Map.groupBy(scenes, ({ programme }) => programme)].map(([programme, list]) => ({
    title: titleOf(parts, programme),
    scenes: list.map((scene) => ({ ...scene, href: hrefOf(scene), current: scene.id === held?.scene })),
  }))
  return page('demonstration/scenes.njk', { title: 'Start again from a scene', groups })
}

function titleOf({ programmes }: DemonstrationParts, programme: string): string {
  if (programme === 'all') return 'All programmes'
  return programmes.get(programme) ?? `${programme.toUpperCase()}, which is not loaded`
}

function hrefOf({ id }: SceneSummary): string {
  return `/demonstration/scenes/${encodeURIComponent(id)}`
}

function warningPage(parts: DemonstrationParts, { params }: RouteRequest): Answer {
  const scene = parts.scenes.list().find(({ id }) => id === params['scene'])
  if (!scene) return notFound('There is no such scene.')
  return page('demonstration/begin.njk', {
    title: `Start again: ${scene.title}`,
    caption: `Scene ${scene.id}`,
    scene,
    action: hrefOf(scene),
  })
}

async function beginByForm({ scenes, clock }: DemonstrationParts, { params, actor }: RouteRequest): Promise<Answer> {
  const begun = await scenes.begin(params['scene'] ?? '', namedActor(actor))
  if (!begun.ok) return notFound('There is no such scene.')
  await clock.refresh?.()
  return redirect('/sign-in')
}
