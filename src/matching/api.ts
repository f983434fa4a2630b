import type { Decision } from '../platform/decision.ts'
import { described } from '../platform/web/api-description.ts'
import {
  type Answer,
  json,
  notFound,
  problem,
  type Route,
  type RouteRequest,
  textOf,
  wholeNumber,
} from '../platform/web/route.ts'
import { submissionOf } from '../platform/web/submission.ts'
import { totalsOf } from './answer.ts'
import { MATCHING_API } from './api-description.ts'
import {
  compare,
  confirm,
  type Desk,
  decide,
  findBench,
  findSchoolBench,
  propose,
  saveAs,
  setRegionPriorities,
  solveByHand,
  startScenario,
  undo,
  withdraw,
} from './desk.ts'
import { idOf } from './pages.ts'
import { readLimits, readNeedChange, readPairChange, readWeights } from './read-change.ts'
import { readPriorityLists, readScenarioFields } from './read-scenario.ts'
import { listScenarios, type ScenarioSummary } from './scenario-store.ts'

/** What asks a leader, or takes the question back, is more than working with a scenario (TSI-068). */
const CONFIRMING: ReadonlySet<string> = new Set(['/:id/confirm', '/:id/proposals', '/:id/proposals/withdraw'])

/** The same use cases as the pages, in JSON; refusals carry the same codes. */
export function matchingApi(desk: Desk): Route[] {
  const get = (path: string, handle: Route['handle']): Route => ({
    method: 'GET',
    allow: 'match',
    audit: null,
    path: `/api/v1/matching${path}`,
    handle,
  })
  const post = (path: string, audit: string, handle: Route['handle']): Route => ({
    method: 'POST',
    allow: CONFIRMING.has(path) ? 'confirm-match' : 'match',
    audit,
    path: `/api/v1/matching${path}`,
    handle,
  })
  return described(
    [
      get('', async () => json((await listScenarios(desk.parts.database.db)).map(summaryOf))),
      get('/:id', (request) => benchAnswer(desk, idOf(request))),
      get('/:id/schools/:need', async (request) => {
        const bench = await findSchoolBench(
          desk,
          idOf(request),
          request.params.need ?? '',
          request.query.get('price') ?? '',
        )
        return bench ? json(bench) : notFound('There is no such school in this scenario.')
      }),
      get('/:id/compare', async (request) => {
        const compared = await compare(desk, idOf(request), wholeNumber(request.query.get('with')))
        return compared ? json(compared) : notFound('One of these two scenarios is not there, or has no answer yet.')
      }),
      post('', 'CREATE_SCENARIO', async (request) => {
        const { actor, body } = request
        const programme = textOf(body, 'programme')
        return answered(
          await startScenario(desk, programme, readScenarioFields(body), actor, submissionOf(request)),
          201,
        )
      }),
      post('/:id/decisions', 'DECIDE_IN_SCENARIO', async (request) =>
        afterChange(desk, request, await decideByApi(desk, request)),
      ),
      post('/:id/solve', 'SOLVE_SCENARIO', async (request) =>
        afterChange(desk, request, await solveByHand(desk, idOf(request), request.actor)),
      ),
      post('/:id/priorities', 'CHANGE_REGION_PRIORITIES', async (request) => {
        const read = readPriorityLists(request.body)
        return afterChange(
          desk,
          request,
          read.ok ? await setRegionPriorities(desk, idOf(request), read.value, request.actor) : read,
        )
      }),
      post('/:id/undo', 'UNDO_IN_SCENARIO', async (request) =>
        afterChange(desk, request, await undo(desk, idOf(request), request.actor)),
      ),
      post('/:id/copy', 'COPY_SCENARIO', async (request) =>
        answered(await saveAs(desk, idOf(request), textOf(request.body, 'name'), request.actor), 201),
      ),
      post('/:id/confirm', 'CONFIRM_SCENARIO', async (request) => {
        const reasons = { overrideReason: '', typeReason: textOf(request.body, 'typeReason') }
        return answered(await confirm(desk, idOf(request), { reasons, by: request.actor }), 201)
      }),
      post('/:id/proposals', 'PROPOSE_LEADER', async (request) => {
        const { body } = request
        const pair = { need: textOf(body, 'need'), leader: textOf(body, 'leader') }
        const reasons = { overrideReason: textOf(body, 'reason'), typeReason: textOf(body, 'typeReason') }
        return answered(await propose(desk, idOf(request), { pair, reasons, by: request.actor }), 201)
      }),
      post('/:id/proposals/withdraw', 'WITHDRAW_PROPOSAL', async (request) => {
        const asked = { need: textOf(request.body, 'need'), reason: textOf(request.body, 'reason'), by: request.actor }
        return answered(await withdraw(desk, idOf(request), asked), 200)
      }),
    ],
    MATCHING_API,
  )
}

function summaryOf({ answer, ...scenario }: ScenarioSummary) {
  return { ...scenario, totals: answer && totalsOf(answer) }
}

function decideByApi(desk: Desk, request: RouteRequest) {
  const { body } = request
  return decide(
    desk,
    idOf(request),
    ({ kind, standing }, pack) => {
      if (textOf(body, 'kind') === 'weights') return readWeights(body, standing.weights)
      if (textOf(body, 'kind') === 'limits') return readLimits(body, standing.limits)
      if (textOf(body, 'kind') !== 'need') return readPairChange(body)
      const known = pack['focus-areas']?.areas.map(({ id }) => id) ?? []
      return readNeedChange(body, textOf(body, 'need'), { exercise: kind === 'exercise', known })
    },
    request.actor,
  )
}

async function benchAnswer(desk: Desk, id: number): Promise<Answer> {
  const bench = await findBench(desk, id)
  if (!bench) return notFound('There is no scenario with this number.')
  const running = desk.solver.find(id)
  return json({ ...bench, state: running ? 'waiting' : 'answered' })
}

async function afterChange(desk: Desk, request: RouteRequest, decision: Decision<unknown>): Promise<Answer> {
  return decision.ok ? benchAnswer(desk, idOf(request)) : answered(decision, 200)
}

function answered(decision: Decision<unknown>, status: number): Answer {
  if (decision.ok) return json(decision.value, status)
  const gone = decision.refusals.some(({ code }) => code === 'not-found')
  return gone ? problem(decision.refusals, 404) : problem(decision.refusals, 422)
}
