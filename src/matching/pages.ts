import type { Decision, Refusal } from '../platform/decision.ts'
import { presentHistory } from '../platform/web/history.ts'
import {
  type Answer,
  notFound,
  page,
  type Query,
  type Route,
  type RouteRequest,
  redirect,
  textOf,
  wholeNumber,
} from '../platform/web/route.ts'
import { tableFile } from '../platform/web/table-file.ts'
import { answerColumns, answerRows } from './answer-file.ts'
import { readScenarioHistory, SCENARIO_WORDS } from './audit-scenario.ts'
import {
  type AnswerState,
  cancelSolving,
  compare,
  confirm,
  type Desk,
  decide,
  findBench,
  saveAs,
  setRegionPriorities,
  solveByHand,
  undo,
} from './desk.ts'
import { presentComparison } from './present-comparison.ts'
import { readLimits, readPairChange, readWeights } from './read-change.ts'
import { readPriorities } from './read-scenario.ts'
import { findScenario, listScenarios } from './scenario-store.ts'

const get = { method: 'GET', allow: 'match', audit: null } as const

/** The workbench: one scenario with its answer, and everything that changes it. */
export function workbenchPages(desk: Desk): Route[] {
  const post = (
    path: string,
    audit: string,
    handle: (request: RouteRequest, id: number) => Promise<Answer>,
  ): Route => ({
    method: 'POST',
    path: `/matching/:id/${path}`,
    allow: audit === 'CONFIRM_SCENARIO' ? 'confirm-match' : 'match',
    audit,
    handle: (request) => handle(request, idOf(request)),
  })
  return [
    { ...get, path: '/matching/:id', handle: (request) => workbenchPage(desk, idOf(request), request.query) },
    { ...get, path: '/matching/:id/solving', handle: (request) => solvingPage(desk, idOf(request)) },
    { ...get, path: '/matching/:id/history', handle: (request) => historyPage(desk, idOf(request)) },
    { ...get, path: '/matching/:id/compare', handle: (request) => comparePage(desk, idOf(request), request.query) },
    { ...get, path: '/matching/:id/answer.csv', handle: (request) => answerFile(desk, idOf(request), 'csv') },
    { ...get, path: '/matching/:id/answer.ods', handle: (request) => answerFile(desk, idOf(request), 'ods') },
    post('decide', 'DECIDE_IN_SCENARIO', async ({ actor, body }, id) =>
      afterChange(desk, id, await decide(desk, id, () => readPairChange(body), actor), textOf(body, 'back')),
    ),
    post('weights', 'CHANGE_SCENARIO_WEIGHTS', async ({ actor, body }, id) =>
      afterChange(desk, id, await decide(desk, id, ({ standing }) => readWeights(body, standing.weights), actor)),
    ),
    post('limits', 'CHANGE_SCENARIO_LIMITS', async ({ actor, body }, id) =>
      afterChange(desk, id, await decide(desk, id, ({ standing }) => readLimits(body, standing.limits), actor)),
    ),
    post('priorities', 'CHANGE_REGION_PRIORITIES', async ({ actor, body }, id) =>
      afterChange(desk, id, await setRegionPriorities(desk, id, readPriorities(body), actor)),
    ),
    post('solve', 'SOLVE_SCENARIO', async ({ actor }, id) => afterChange(desk, id, await solveByHand(desk, id, actor))),
    post('undo', 'UNDO_IN_SCENARIO', async ({ actor }, id) => afterChange(desk, id, await undo(desk, id, actor))),
    post('cancel', 'CANCEL_SOLVE', async ({ actor }, id) => {
      const cancelled = await cancelSolving(desk, id, actor)
      return cancelled.ok ? redirect(`/matching/${id}`) : refusedPage(desk, id, cancelled.refusals)
    }),
    post('copy', 'COPY_SCENARIO', async ({ actor, body }, id) => {
      const copied = await saveAs(desk, id, textOf(body, 'name'), actor)
      return copied.ok ? redirect(`/matching/${copied.value.id}`) : refusedPage(desk, id, copied.refusals)
    }),
    post('confirm', 'CONFIRM_SCENARIO', async ({ actor, body }, id) => {
      const reasons = { overrideReason: '', typeReason: textOf(body, 'typeReason') }
      const confirmed = await confirm(desk, id, { reasons, by: actor })
      return confirmed.ok ? redirect(`/matching/${id}`) : refusedPage(desk, id, confirmed.refusals)
    }),
  ]
}

export function idOf({ params }: RouteRequest): number {
  return wholeNumber(params.id)
}

const NO_SUCH_SCENARIO = 'There is no scenario with this number.'

async function workbenchPage(desk: Desk, id: number, query: Query, refusals: readonly Refusal[] = []): Promise<Answer> {
  const bench = await findBench(desk, id)
  if (!bench) return notFound(NO_SUCH_SCENARIO)
  if (desk.solver.find(id) && query.get('anyway') === null) return redirect(`/matching/${id}/solving`)
  const scenarios = await listScenarios(desk.parts.database.db)
  const failure = desk.solver.takeFailure(id)
  const errors = [...refusals, ...(failure ? [{ message: `The answer could not be worked out: ${failure}` }] : [])]
  return page(
    'matching/workbench.njk',
    {
      title: bench.name,
      section: 'matching',
      wide: true,
      caption: `Scenario ${id}`,
      breadcrumbs: [{ text: 'Matching', href: '/matching' }, { text: bench.name }],
      errors: errors.map((error) => ({
        text: error.message,
        ...('field' in error && error.field && { href: `#${error.field}` }),
      })),
      bench,
      others: scenarios
        .filter((one) => one.id !== id && one.answer)
        .map((one) => ({ value: one.id, text: `${one.id}: ${one.name}` })),
    },
    refusals.length > 0 ? 422 : 200,
  )
}

function refusedPage(desk: Desk, id: number, refusals: readonly Refusal[]): Promise<Answer> | Answer {
  if (refusals.some(({ code }) => code === 'not-found')) return notFound(NO_SUCH_SCENARIO)
  return workbenchPage(desk, id, new URLSearchParams('anyway'), refusals)
}

/** Back to where the change was made; to the page that waits when the answer takes longer. Only own addresses are followed. */
export function afterChange(
  desk: Desk,
  id: number,
  decision: Decision<AnswerState>,
  back = '',
): Promise<Answer> | Answer {
  if (!decision.ok) return refusedPage(desk, id, decision.refusals)
  if (decision.value === 'waiting') return redirect(`/matching/${id}/solving`)
  return redirect(/^\d+$/.test(back) ? `/matching/${id}/schools/${back}` : `/matching/${id}`)
}

async function solvingPage(desk: Desk, id: number): Promise<Answer> {
  if (!(await findScenario(desk.parts.database.db, id))) return notFound(NO_SUCH_SCENARIO)
  const running = desk.solver.find(id)
  if (!running) return redirect(`/matching/${id}`)
  const seconds = Math.round((performance.now() - running.startedAt) / 1000)
  return page('matching/solving.njk', {
    title: 'Working out the best allocation',
    section: 'matching',
    id,
    running,
    seconds,
  })
}

async function comparePage(desk: Desk, id: number, query: Query): Promise<Answer> {
  const other = wholeNumber(query.get('with'))
  const compared = await compare(desk, id, other)
  if (!compared) return notFound('One of these two scenarios is not there, or has no answer yet.')
  return page('matching/compare.njk', {
    title: `${compared.name} beside ${compared.other}`,
    section: 'matching',
    breadcrumbs: [
      { text: 'Matching', href: '/matching' },
      { text: compared.name, href: `/matching/${id}` },
      { text: 'Compare' },
    ],
    compared: presentComparison(compared),
  })
}

async function historyPage({ parts }: Desk, id: number): Promise<Answer> {
  const { db } = parts.database
  const scenario = await findScenario(db, id)
  if (!scenario) return notFound(NO_SUCH_SCENARIO)
  return page('matching/history.njk', {
    heading: 'History',
    title: `History of ${scenario.name} (${id})`,
    section: 'matching',
    caption: `Scenario ${id}: ${scenario.name}`,
    breadcrumbs: [
      { text: 'Matching', href: '/matching' },
      { text: scenario.name, href: `/matching/${id}` },
      { text: 'History' },
    ],
    changes: presentHistory(await readScenarioHistory(db, id), SCENARIO_WORDS),
  })
}

async function answerFile(desk: Desk, id: number, format: 'csv' | 'ods'): Promise<Answer> {
  const bench = await findBench(desk, id)
  if (!bench?.answer) return notFound(NO_SUCH_SCENARIO)
  const name = bench.exercise ? `exercise-${id}` : `scenario-${id}`
  return tableFile(format, name, answerColumns(bench.exercise), answerRows(bench))
}
