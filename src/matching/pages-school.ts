import type { Refusal } from '../platform/decision.ts'
import { presentHistory } from '../platform/web/history.ts'
import { type Answer, notFound, page, type Route, type RouteRequest, redirect, textOf } from '../platform/web/route.ts'
import { readProposalHistory, SCENARIO_WORDS } from './audit-scenario.ts'
import { type Desk, decide, findSchoolBench, propose, withdraw } from './desk.ts'
import { afterChange, idOf } from './pages.ts'
import { readNeedChange } from './read-change.ts'

const path = '/matching/:id/schools/:need'

/** One school of a scenario: why this leader, why not the next three, who may not, and every candidate. */
export function schoolPages(desk: Desk): Route[] {
  return [
    { method: 'GET', allow: 'match', audit: null, path, handle: (request) => schoolPage(desk, request) },
    {
      method: 'POST',
      allow: 'match',
      audit: 'CHANGE_NEED',
      path,
      handle: async (request) => {
        const { body, params } = request
        const id = idOf(request)
        const changed = await decide(
          desk,
          id,
          ({ kind }, pack) =>
            readNeedChange(body, params.need ?? '', {
              exercise: kind === 'exercise',
              known: pack['focus-areas']?.areas.map((area) => area.id) ?? [],
            }),
          request.actor,
        )
        return changed.ok ? afterChange(desk, id, changed, params.need) : schoolPage(desk, request, changed.refusals)
      },
    },
    {
      method: 'POST',
      allow: 'confirm-match',
      audit: 'PROPOSE_LEADER',
      path: `${path}/propose`,
      handle: async (request) => {
        const { body, params } = request
        const pair = { need: params.need ?? '', leader: textOf(body, 'leader') }
        const reasons = { overrideReason: textOf(body, 'reason'), typeReason: textOf(body, 'typeReason') }
        const proposed = await propose(desk, idOf(request), { pair, reasons, by: request.actor })
        return proposed.ok
          ? redirect(`/matching/${idOf(request)}/schools/${params.need}`)
          : schoolPage(desk, request, proposed.refusals)
      },
    },
    {
      method: 'POST',
      allow: 'confirm-match',
      audit: 'WITHDRAW_PROPOSAL',
      path: `${path}/withdraw`,
      handle: async (request) => {
        const { body, params } = request
        const asked = { need: params.need ?? '', reason: textOf(body, 'reason'), by: request.actor }
        const withdrawn = await withdraw(desk, idOf(request), asked)
        if (!withdrawn.ok) return schoolPage(desk, request, withdrawn.refusals)
        return redirect(`/matching/${idOf(request)}/schools/${params.need}`)
      },
    },
  ]
}

async function schoolPage(desk: Desk, request: RouteRequest, refusals: readonly Refusal[] = []): Promise<Answer> {
  const { params, query, body } = request
  const bench = await findSchoolBench(desk, idOf(request), params.need ?? '', query.get('price') ?? '')
  if (!bench) return notFound('There is no such school in this scenario.')
  const changes = await readProposalHistory(desk.parts.database.db, idOf(request), params.need ?? '')
  const name = bench.page?.school.name ?? bench.proposal?.school ?? ''
  return page(
    'matching/school.njk',
    {
      title: name,
      section: 'matching',
      wide: true,
      caption: `Scenario ${bench.id}: ${bench.name}`,
      breadcrumbs: [
        { text: 'Matching', href: '/matching' },
        { text: bench.name, href: `/matching/${bench.id}` },
        { text: name },
      ],
      errors: refusals.map(({ message, field }) => ({ text: message, ...(field && { href: `#${field}` }) })),
      bench,
      changes: presentHistory(changes, SCENARIO_WORDS),
      typed: { leader: textOf(body, 'leader'), reason: textOf(body, 'reason'), typeReason: textOf(body, 'typeReason') },
    },
    refusals.length > 0 ? 422 : 200,
  )
}
