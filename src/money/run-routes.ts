import { type Actor, covers } from '../platform/actor.ts'
import type { Decision, Refusal } from '../platform/decision.ts'
import {
  type Answer,
  json,
  notFound,
  page,
  problem,
  type Route,
  type RouteRequest,
  redirect,
  textOf,
} from '../platform/web/route.ts'
import { submissionOf } from '../platform/web/submission.ts'
import { tableFile } from '../platform/web/table-file.ts'
import { countOf } from '../platform/words.ts'
import { inPounds } from './ledger.ts'
import type { MoneyParts } from './money-parts.ts'
import { prepareRun } from './prepare-run.ts'
import { cancelRun, NO_RUN, PAYER_COLUMNS, payerRows, payersOfRun, releaseRun } from './release-run.ts'
import { findRun, listRuns, type PaymentItem, type PaymentRun } from './run-store.ts'
import { type ResponseTaken, takeResponse } from './take-response.ts'

const RUNS = '/money/runs'
const API = '/api/v1/payment-runs'
const PAY = { method: 'POST', allow: 'pay' } as const
const PREPARE = { method: 'POST', allow: 'prepare-payments' } as const
const READ = { method: 'GET', allow: 'prepare-payments', audit: null } as const

/** Payment runs: prepared by one person, released by another, paid by the payer's file, answered by its response. */
export function runRoutes(parts: MoneyParts): Route[] {
  const withRun = (work: WithRun) => (request: RouteRequest) => onRun(parts, request, work)
  return [
    { ...READ, path: RUNS, handle: (request) => runsPage(parts, request) },
    { ...PREPARE, path: RUNS, audit: 'run-prepared', handle: (request) => prepareAtPage(parts, request) },
    { ...READ, path: `${RUNS}/:reference`, handle: withRun((run, request) => runPage(parts, run, request, {})) },
    ...(['release', 'cancel'] as const).map((move) => ({
      ...(move === 'release' ? PAY : PREPARE),
      path: `${RUNS}/:reference/${move}`,
      audit: `run-${move}`,
      handle: withRun(async (run, request) => {
        const moved = await MOVES[move](parts, { reference: run.reference, by: request.actor })
        return moved.ok
          ? redirect(`${RUNS}/${run.reference}`)
          : runPage(parts, run, request, { refusals: moved.refusals })
      }),
    })),
    {
      ...PAY,
      path: `${RUNS}/:reference/file`,
      audit: 'payer-file',
      handle: withRun((...asked) => payerFile(parts, ...asked)),
    },
    {
      ...PAY,
      path: `${RUNS}/:reference/response`,
      audit: 'payer-response',
      handle: withRun((...asked) => responseAtPage(parts, ...asked)),
    },
    { ...READ, path: API, handle: async ({ actor }) => json({ runs: await runsOf(parts, actor) }) },
    { ...PREPARE, path: API, audit: 'run-prepared', handle: (request) => prepareByApi(parts, request) },
    {
      ...READ,
      path: `${API}/:reference`,
      handle: (request) => onRunApi(parts, request, async (run) => json(runJson(run))),
    },
    ...(['release', 'cancel'] as const).map((move) => ({
      ...(move === 'release' ? PAY : PREPARE),
      path: `${API}/:reference/${move}`,
      audit: `run-${move}`,
      handle: (request: RouteRequest) =>
        onRunApi(parts, request, async (run) =>
          answered(await MOVES[move](parts, { reference: run.reference, by: request.actor })),
        ),
    })),
    {
      ...PAY,
      path: `${API}/:reference/response`,
      audit: 'payer-response',
      handle: (request) =>
        onRunApi(parts, request, async (run) =>
          answered(
            await takeResponse(parts, {
              reference: run.reference,
              text: textOf(request.body, 'file'),
              by: request.actor,
            }),
          ),
        ),
    },
  ]
}

const MOVES = { release: releaseRun, cancel: cancelRun }

function answered(decision: Decision<object>): Answer {
  if (decision.ok) return json(decision.value)
  const code = decision.refusals[0]?.code ?? ''
  return problem(decision.refusals, code === 'run.moved-on' ? 409 : 422)
}

/** Programmes in which somebody prepares or pays. */
function programmesOf({ hats }: Pick<Actor, 'hats'>): string[] {
  const own = hats.flatMap(({ programme, capabilities }) =>
    programme && capabilities.includes('prepare-payments') ? [programme] : [],
  )
  return [...new Set(own)]
}

/** A run is seen whole or not at all: by whoever may prepare payments in all its regions. */
function seesRun(
  { hats }: Pick<Actor, 'hats'>,
  { programme, regions }: Pick<PaymentRun, 'programme' | 'regions'>,
): boolean {
  const own = hats.filter((hat) => hat.programme === programme && hat.capabilities.includes('prepare-payments'))
  return regions.every((region) => own.some(({ scope }) => covers(scope, { region })))
}

async function runsOf({ database }: MoneyParts, actor: Actor) {
  const runs = await listRuns(database.db, programmesOf(actor))
  return runs.filter((run) => seesRun(actor, run)).map(({ id: _, preparedById: __, ...run }) => run)
}

type WithRun = (run: PaymentRun, request: RouteRequest) => Answer | Promise<Answer>

async function readRun({ database }: MoneyParts, { actor, params }: RouteRequest): Promise<PaymentRun | undefined> {
  const run = await findRun(database.db, params['reference'] ?? '')
  return run && seesRun(actor, run) ? run : undefined
}

async function onRun(parts: MoneyParts, request: RouteRequest, work: WithRun): Promise<Answer> {
  const run = await readRun(parts, request)
  return run ? work(run, request) : notFound('There is no such payment run, or you may not see it.')
}

async function onRunApi(parts: MoneyParts, request: RouteRequest, work: (run: PaymentRun) => Promise<Answer>) {
  const run = await readRun(parts, request)
  return run ? work(run) : problem([NO_RUN], 404)
}

async function runsPage(
  parts: MoneyParts,
  { actor }: RouteRequest,
  refusals: readonly Refusal[] = [],
): Promise<Answer> {
  const runs = await runsOf(parts, actor)
  const programmes = programmesOf(actor)
  return page(
    'money/runs.njk',
    {
      title: 'Payment runs',
      section: 'money',
      breadcrumbs: [{ text: 'Money', href: '/money' }],
      programmes: programmes.map((id) => ({
        id,
        title: parts.packs.find(({ programme }) => programme === id)?.title ?? id,
      })),
      runs: runs.map((run) => ({
        ...run,
        counted: countOf(run.count, 'payment'),
        sum: inPounds(run.pence),
        ...tagOf(run.status),
      })),
      errors: refusals.map(({ message }) => ({ text: message, href: '#prepare' })),
    },
    refusals.length > 0 ? 422 : 200,
  )
}

function tagOf(status: PaymentRun['status']): { statusTitle: string; tag: string } {
  const known = {
    prepared: { statusTitle: 'Prepared', tag: 'yellow' },
    released: { statusTitle: 'With the payer', tag: 'turquoise' },
    cancelled: { statusTitle: 'Cancelled', tag: 'grey' },
    done: { statusTitle: 'Answered', tag: 'green' },
  }
  return known[status]
}

async function prepare(parts: MoneyParts, request: RouteRequest) {
  const { actor, body } = request
  const programmes = programmesOf(actor)
  const programme = textOf(body, 'programme') || programmes[0] || ''
  if (!programmes.includes(programme)) return undefined
  return prepareRun(parts, { programme, by: actor, submission: submissionOf(request) })
}

async function prepareAtPage(parts: MoneyParts, request: RouteRequest): Promise<Answer> {
  const decision = await prepare(parts, request)
  if (!decision) return notFound('There is no such programme, or you do not pay in it.')
  return decision.ok ? redirect(`${RUNS}/${decision.value.reference}`) : runsPage(parts, request, decision.refusals)
}

async function prepareByApi(parts: MoneyParts, request: RouteRequest): Promise<Answer> {
  const decision = await prepare(parts, request)
  if (!decision)
    return problem(
      [{ code: 'programme.unknown', message: 'You do not pay in this programme', field: 'programme' }],
      404,
    )
  return decision.ok ? json(decision.value, 201) : problem(decision.refusals)
}

function runJson(run: PaymentRun) {
  const { id: _, preparedById: __, items, ...rest } = run
  return { ...rest, items: items.map(({ id: ___, lineId: ____, leaderId: _____, ...item }) => item) }
}

type Shown = { readonly refusals?: readonly Refusal[]; readonly taken?: ResponseTaken }

function runPage(parts: MoneyParts, run: PaymentRun, { actor }: RouteRequest, { refusals = [], taken }: Shown): Answer {
  const open = run.items.filter(({ state }) => state === 'open').length
  const model = {
    title: `Payment run ${run.reference}`,
    section: 'money',
    wide: true,
    breadcrumbs: [
      { text: 'Money', href: '/money' },
      { text: 'Payment runs', href: RUNS },
    ],
    run,
    ...tagOf(run.status),
    href: `${RUNS}/${run.reference}`,
    counted: countOf(run.items.length, 'payment'),
    sum: inPounds(run.items.reduce((total, { pence }) => total + pence, 0)),
    isMine: actor.personId === run.preparedById,
    mayPay: actor.capabilities.has('pay'),
    payers: payersOfRun(parts, run).join(', '),
    open,
    items: run.items.map((item) => ({ ...item, amount: inPounds(item.pence), words: itemInWords(item) })),
    taken: taken && {
      ...taken,
      words: `${countOf(taken.paid, 'payment')} made, ${taken.failed} failed, ${countOf(taken.faults.length, 'row')} not taken in.`,
    },
    errors: refusals.map(({ message, field }) => ({ text: message, href: field === 'file' ? '#file' : '#payments' })),
    wrong: Object.fromEntries(refusals.map(({ message: text, field }) => [field ?? '', { text }])),
  }
  return page('money/run.njk', model, refusals.length > 0 ? 422 : 200)
}

function itemInWords({ state, paidOn, paidReference, reason }: PaymentItem): string {
  if (state === 'paid') return `Payment processed on ${paidOn}, reference ${paidReference}`
  if (state === 'failed') return `Failed: ${reason}`
  return state === 'cancelled' ? 'Cancelled' : 'No answer yet'
}

async function payerFile(parts: MoneyParts, run: PaymentRun, request: RouteRequest): Promise<Answer> {
  const rows = await payerRows(parts, { reference: run.reference, by: request.actor })
  if (!rows.ok) return runPage(parts, run, request, { refusals: rows.refusals })
  return tableFile('csv', `payment-run-${run.reference}`, PAYER_COLUMNS, rows.value)
}

async function responseAtPage(parts: MoneyParts, run: PaymentRun, request: RouteRequest): Promise<Answer> {
  const { actor, uploads } = request
  const text = uploads['file']?.bytes.toString('utf8') ?? ''
  if (!text)
    return runPage(parts, run, request, {
      refusals: [{ code: 'file.missing', field: 'file', message: 'Choose the file that the payer sent' }],
    })
  const taken = await takeResponse(parts, { reference: run.reference, text, by: actor })
  if (!taken.ok) return runPage(parts, run, request, { refusals: taken.refusals })
  const after = (await findRun(parts.database.db, run.reference)) ?? run
  return runPage(parts, after, request, { taken: taken.value })
}
