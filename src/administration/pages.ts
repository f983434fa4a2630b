import * as z from 'zod'
import { type ApiDescription, described } from '../platform/web/api-description.ts'
import { type Answer, json, page, problem, type Route, type RouteRequest, redirect } from '../platform/web/route.ts'
import { type AdministrationParts, type Overview, readOverview } from './read-standings.ts'
import { startVerify } from './verify-runs.ts'

const standing = z.looseObject({
  id: z.string(),
  title: z.string(),
  state: z.enum(['well', 'look', 'wrong']),
  words: z.string(),
})

const API: Readonly<Record<string, ApiDescription>> = {
  'GET /api/v1/administration': {
    summary: 'How the installation stands: version, imports, jobs of the night, disk, backup, checks, sessions',
    answer: z.looseObject({
      version: z.string(),
      kind: z.string(),
      service: z.array(standing),
      jobs: z.array(standing),
    }),
  },
  'POST /api/v1/administration/verify': {
    summary: 'Begin a check of the whole data in the background',
    answer: z.looseObject({ id: z.int() }),
    created: true,
  },
}

/** The administrator's page: everything that may need a hand, with what to do when it is wrong. */
export function administrationRoutes(parts: AdministrationParts): Route[] {
  const read = { method: 'GET', allow: 'administer', audit: null } as const
  const verify = { method: 'POST', allow: 'administer', audit: 'verify-asked-for' } as const
  return described(
    [
      { ...read, path: '/administration', handle: () => overviewPage(parts) },
      { ...verify, path: '/administration/verify', handle: (request) => verifyFromPage(parts, request) },
      { ...read, path: '/api/v1/administration', handle: async () => json(await readOverview(parts)) },
      { ...verify, path: '/api/v1/administration/verify', handle: (request) => verifyFromApi(parts, request) },
    ],
    API,
  )
}

const STATES = {
  well: { text: 'Well', tag: 'govuk-tag--green' },
  look: { text: 'Look', tag: 'govuk-tag--yellow' },
  wrong: { text: 'Wrong', tag: 'govuk-tag--red' },
} as const

async function overviewPage(parts: AdministrationParts, wrong: string | null = null): Promise<Answer> {
  const overview = await readOverview(parts)
  const model = {
    title: 'Administration',
    section: 'administration',
    errors: wrong === null ? [] : [{ text: wrong, href: '#verify' }],
    ...presentOverview(overview),
  }
  return page('administration/administration.njk', model, wrong === null ? 200 : 409)
}

function presentOverview({ version, kind, service, jobs, verify }: Overview) {
  const shown = (one: Overview['service'][number]) => ({ ...one, ...STATES[one.state], isWell: one.state === 'well' })
  return {
    version,
    kind: kind === 'live' ? 'a live service' : 'a demonstration',
    standings: service.map(shown),
    jobs: jobs.map(shown),
    needs: [...service, ...jobs].filter(({ state }) => state !== 'well').length,
    faults: (verify?.checks ?? []).filter(({ faults }) => faults.length > 0),
  }
}

async function verifyFromPage(
  { database, checks, ...parts }: AdministrationParts,
  { actor }: RouteRequest,
): Promise<Answer> {
  const started = await startVerify(database, checks, actor)
  if (started.ok) return redirect('/administration#verify')
  return overviewPage({ database, checks, ...parts }, started.refusals[0]?.message ?? null)
}

async function verifyFromApi({ database, checks }: AdministrationParts, { actor }: RouteRequest): Promise<Answer> {
  const started = await startVerify(database, checks, actor)
  return started.ok ? json({ id: started.value.id }, 201) : problem(started.refusals, 409)
}
