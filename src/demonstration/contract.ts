import { namedActor } from '../platform/actor.ts'
import { moveDay } from '../platform/demonstration-clock.ts'
import { type Answer, json, problem, type Route, type RouteRequest, textOf } from '../platform/web/route.ts'
import type { DemonstrationParts } from './demonstration-parts.ts'

/**
 * What tests from outside ask of a demonstration (design, section 4): no part of the service, so it stands in no list of
 * routes. Elsewhere these addresses do not exist.
 */
export function demonstrationContract(parts: DemonstrationParts): Route[] {
  if (!parts.demonstration) return []
  const everyone = { allow: 'everyone' } as const
  return [
    { ...everyone, method: 'GET', path: '/demo/today', audit: null, handle: () => todayJson(parts) },
    {
      ...everyone,
      method: 'PUT',
      path: '/demo/today',
      audit: 'day-moved',
      handle: (request) => putToday(parts, request),
    },
    {
      ...everyone,
      method: 'POST',
      path: '/demo/reset',
      audit: 'scene-begun',
      handle: (request) => reset(parts, request),
    },
  ]
}

async function todayJson({ clock }: DemonstrationParts): Promise<Answer> {
  return json({ today: clock.today().toString() })
}

async function putToday(parts: DemonstrationParts, { body, actor }: RouteRequest): Promise<Answer> {
  const moved = await moveDay(parts, textOf(body, 'today'), namedActor(actor))
  return moved.ok ? json(moved.value) : problem(moved.refusals)
}

/** `today` is for a moment that lies before the scene's own day; later ones are reached by moving the day. */
async function reset({ scenes, clock }: DemonstrationParts, { body, actor }: RouteRequest): Promise<Answer> {
  const today = textOf(body, 'today')
  const begun = await scenes.begin(textOf(body, 'scene'), namedActor(actor), ...(today ? [today] : []))
  if (!begun.ok) return problem(begun.refusals, begun.refusals.some(({ code }) => code === 'demo.scene') ? 404 : 422)
  await clock.refresh?.()
  const { scene, today: day, notLoaded } = begun.value
  return json({ scene, today: day, notLoaded })
}
