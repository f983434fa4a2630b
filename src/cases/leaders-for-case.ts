import { z } from 'zod'
import { type Candidate, readCandidates } from '../matching/index.ts'
import { type Actor, isMachine } from '../platform/actor.ts'
import { runInScope } from '../platform/scope.ts'
import { described } from '../platform/web/api-description.ts'
import { type Answer, json, notFound, page, problem, type Route, type RouteRequest } from '../platform/web/route.ts'
import { countOf } from '../platform/words.ts'
import type { Fields } from '../programmes/index.ts'
import { caseHref } from './case-page.ts'
import type { CaseParts } from './case-parts.ts'
import type { CaseRecord } from './case-store.ts'
import { NO_CASE_WORDS, withCase } from './pages-case.ts'
import { flowOf } from './present-case.ts'
import { findSeenCase } from './read-case.ts'
import { urnsOf } from './read-facts.ts'
import { NO_CASE, type StepDesk } from './run-step.ts'
import { workTotals } from './work-facts.ts'

const PATH = '/cases/:reference/leaders'

/** Who could be the leader of a case: a page from which one is chosen for a step, and the same for programs (TSI-148). */
export function leadersForCaseRoutes(parts: CaseParts): Route[] {
  const get = { method: 'GET', allow: 'see-leaders', audit: null } as const
  return described(
    [
      { ...get, path: PATH, handle: (request) => leadersPage(parts, request) },
      { ...get, path: `/api/v1${PATH}`, handle: (request) => leadersJson(parts, request) },
    ],
    {
      [`GET /api/v1${PATH}`]: {
        summary:
          'Active leaders for a case, by type and then nearest first, with distance, free days and what speaks against each',
        query: z.object({ regions: z.enum(['all']).optional().describe('Leaders of other regions too') }),
        answer: z.object({
          reference: z.string(),
          days: z.number().describe('Days that are needed'),
          regions: z.enum(['own', 'all']),
          leaders: z.array(
            z.looseObject({
              reference: z.string(),
              miles: z.number().nullable().describe('In a straight line'),
              isOutOfArea: z.boolean(),
              freeDays: z.number(),
              freeByTerm: z.string().describe('The same by term, in words'),
            }),
          ),
        }),
      },
    },
  )
}

/** The list of leaders for the field of a step or action that asks for one; null where none does, or for whoever may not see leaders. */
export function leadersHref(reference: string, { step, open }: StepDesk, { actor, params, query }: RouteRequest) {
  if (!leaderField(step.fields ?? {}) || !(isMachine(actor) || actor.capabilities.has('see-leaders'))) return null
  const asked = new URLSearchParams({ for: params['step'] ?? '' })
  const key = open?.key || query.get('key')
  if (key) asked.set('key', key)
  return `${caseHref(reference)}/leaders?${asked}`
}

function leaderField(fields: Fields): string | undefined {
  return Object.keys(fields).find((name) => fields[name]?.type === 'leader')
}

/** The case is the engine's to show; which leaders there are is asked within what the person may see. */
async function readLeaders(parts: CaseParts, record: CaseRecord, request: RouteRequest) {
  const { db } = parts.database
  const { agreed, extra, delivered } = await workTotals(db, record)
  const days = Math.max(0, agreed + extra - delivered) / 2
  const question = {
    pack: record.pack,
    vocabulary: parts.vocabulary(),
    urns: await urnsOf(db, record),
    days,
    today: parts.clock.today().toString(),
    allRegions: asksAll(request),
  }
  const leaders = await runInScope(request.actor, () => readCandidates(db, question))
  return { days, leaders }
}

const asksAll = ({ query }: RouteRequest) => query.get('regions') === 'all'

function leadersPage(parts: CaseParts, request: RouteRequest): Promise<Answer> {
  return withCase(parts, request, async (seen) => {
    if (!seen.whole) return notFound(NO_CASE_WORDS)
    const { record } = seen
    const all = asksAll(request)
    const { days, leaders } = await readLeaders(parts, record, request)
    const href = caseHref(record.reference)
    const step = request.query.get('for') ?? ''
    const choose = chooserOf(record, step, request.query.get('key') ?? '')
    const listHref = (regions: 'own' | 'all') => {
      const asked = new URLSearchParams(request.query)
      if (regions === 'all') asked.set('regions', 'all')
      else asked.delete('regions')
      return `${href}/leaders?${asked}`
    }
    return page('cases/leaders-for-case.njk', {
      title: `Leaders for case ${record.reference}, ${record.name}`,
      section: 'cases',
      wide: true,
      breadcrumbs: [
        { text: 'Cases', href: '/cases' },
        { text: record.reference, href },
        { text: 'Leaders for this case' },
      ],
      counted: `${countOf(leaders.length, 'leader')}${orderOf(record)}, nearest first; ${countOf(days, 'day')} needed`,
      region: record.region ?? 'the region of the case',
      all,
      ownHref: listHref('own'),
      allHref: listHref('all'),
      allIn: Object.values(record.pack.entitlements ?? {}).some((one) => one['all-in']),
      seesOwn: !seesEngland(request.actor),
      chooses: choose !== undefined,
      rows: leaders.map((one) => ({
        ...one,
        free: countOf(one.freeDays, 'day'),
        href: choose?.(one) ?? null,
        leads: one.reference === seen.leader?.reference,
      })),
      back: choose ? `${href}/${kindOf(record, step)}/${encodeURIComponent(step)}` : href,
    })
  })
}

/** ", MAT CEO before NLE": in which order the programme wants leaders looked at, where it tells types apart. */
function orderOf({ pack }: CaseRecord): string {
  const types = pack.matching?.['leader-types'].types ?? []
  return types.length > 1 ? `, ${types.map(({ name }) => name).join(' before ')}` : ''
}

function seesEngland(actor: Actor): boolean {
  return isMachine(actor) || actor.hats.some(({ scopeKind }) => scopeKind === 'national')
}

function kindOf(record: CaseRecord, step: string): 'steps' | 'actions' {
  return step in flowOf(record).steps ? 'steps' : 'actions'
}

/** Leads back to the step with its field filled; undefined where the address names no step that asks for a leader. */
function chooserOf(record: CaseRecord, step: string, key: string): ((one: Candidate) => string) | undefined {
  const flow = flowOf(record)
  const field = leaderField((flow.steps[step] ?? flow.anytime?.[step])?.fields ?? {})
  if (!field) return undefined
  return ({ reference }) => {
    const asked = new URLSearchParams({ [field]: reference, ...(key && { key }) })
    return `${caseHref(record.reference)}/${kindOf(record, step)}/${encodeURIComponent(step)}?${asked}`
  }
}

async function leadersJson(parts: CaseParts, request: RouteRequest): Promise<Answer> {
  const seen = await findSeenCase(parts.database.db, request.actor, request.params['reference'] ?? '')
  if (!seen?.whole) return problem([NO_CASE], 404)
  const all = asksAll(request)
  const { days, leaders } = await readLeaders(parts, seen.record, request)
  return json({ reference: seen.record.reference, days, regions: all ? 'all' : 'own', leaders })
}
