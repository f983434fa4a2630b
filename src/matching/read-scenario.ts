import { z } from 'zod'
import { accept, type Decision, refuse } from '../platform/decision.ts'
import { type RouteRequest, textOf, textsOf } from '../platform/web/route.ts'
import type { ScenarioFields } from './new-scenario.ts'

type Body = RouteRequest['body']

/** A new scenario as a form or a JSON body sends it; nothing is checked here. */
export function readScenarioFields(body: Body): ScenarioFields {
  const days = body.days
  return {
    name: textOf(body, 'name'),
    source: textOf(body, 'source') || 'qualifying',
    on: textOf(body, 'on'),
    region: textOf(body, 'region'),
    authority: textOf(body, 'authority'),
    urns: Array.isArray(body.urns) ? body.urns.join(' ') : textOf(body, 'urns'),
    term: textOf(body, 'term'),
    days: typeof days === 'number' ? String(days) : textOf(body, 'days'),
    poolRegions: textsOf(body, 'poolRegions').filter((region) => region !== ''),
    poolTypes: textsOf(body, 'poolTypes').filter((type) => type !== ''),
  }
}

/** Ticked boxes named `priority` with values `North East:behaviour`, as areas by region. */
export function readPriorities(body: Body): Record<string, string[]> {
  const pairs = textsOf(body, 'priority').flatMap((value) => {
    const place = value.lastIndexOf(':')
    return place > 0 ? [[value.slice(0, place), value.slice(place + 1)] as const] : []
  })
  return Object.fromEntries(
    [...Map.groupBy(pairs, ([region]) => region)].map(([region, all]) => [region, all.map(([, area]) => area)]),
  )
}

const priorityLists = z.record(z.string(), z.array(z.string()))

/** The same from a JSON body: `{ priorities: { "North East": ["behaviour"] } }`. */
export function readPriorityLists(body: Body): Decision<Record<string, string[]>> {
  const read = priorityLists.safeParse(body.priorities)
  if (read.success) return accept(read.data)
  return refuse({ code: 'matching.wrong', message: 'Give lists of focus areas by region', field: 'priorities' })
}
