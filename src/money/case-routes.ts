import { type CaseRecord, caseFrame, findSeenCase, lacksOf } from '../cases/index.ts'
import type { Refusal } from '../platform/decision.ts'
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
import { ACCOUNTS, inPounds } from './ledger.ts'
import type { MoneyParts } from './money-parts.ts'
import { preparePayment } from './prepare-run.ts'
import { ACCOUNT_TITLES, inWords, type LineView, readCaseMoney } from './present-money.ts'

const NO_CASE: Refusal = { code: 'case.unknown', message: 'There is no such case, or you may not see it' }
const CASE = '/cases/:reference'

/** The money of one case: its page, the same as JSON, and preparing its payment. */
export function caseMoneyRoutes(parts: MoneyParts): Route[] {
  return [
    {
      method: 'GET',
      path: `${CASE}/money`,
      allow: 'see-cases',
      audit: null,
      handle: (request) => casePage(parts, request),
    },
    {
      method: 'POST',
      path: `${CASE}/payments`,
      allow: 'prepare-payments',
      audit: 'payment-prepared',
      handle: (request) => payAtPage(parts, request),
    },
    {
      method: 'GET',
      path: `/api/v1${CASE}/money`,
      allow: 'see-cases',
      audit: null,
      handle: (request) => caseJson(parts, request),
    },
    {
      method: 'POST',
      path: `/api/v1${CASE}/payments`,
      allow: 'prepare-payments',
      audit: 'payment-prepared',
      handle: (request) => payByApi(parts, request),
    },
  ]
}

const TAGS: Readonly<Record<LineView['state'], string>> = {
  none: 'grey',
  'not-due': 'grey',
  claimed: 'blue',
  disputed: 'orange',
  stopped: 'red',
  due: 'yellow',
  'in-run': 'turquoise',
  'payment-processed': 'green',
}

async function casePage(parts: MoneyParts, request: RouteRequest, refusals: readonly Refusal[] = []): Promise<Answer> {
  const { actor, params } = request
  const { db } = parts.database
  const seen = await findSeenCase(db, actor, params['reference'] ?? '')
  if (!seen?.whole) return notFound('There is no such case, or you may not see it.')
  const { record } = seen
  const money = await readCaseMoney(parts, db, record)
  const frame = caseFrame(seen, parts.clock.today().toString(), 'money')
  const href = `/cases/${encodeURIComponent(record.reference)}`
  const sum = money.lines.reduce((total, { pence }) => total + pence, 0)
  const model = {
    ...frame,
    tabs: frame.tabs.map((tab) => ({ ...tab, active: tab.href === `${href}/money` })),
    href,
    lines: money.lines.map((line) => ({ ...line, tag: TAGS[line.state], words: inWords(line) })),
    total:
      money.lines.length > 0
        ? `In all ${inPounds(sum)}, of which ${inPounds((money.books['paid'] ?? 0) * 100)} is paid.`
        : '',
    nothing: nothingInWords(record),
    rate: rateInWords(record.pack.money?.lines ?? {}, record.pack.entitlements ?? {}, record.flow),
    mayPay: actor.capabilities.has('prepare-payments') && money.lines.some(({ state }) => state === 'due'),
    entries: money.entries.map(({ pence, from, to, ...entry }) => ({
      ...entry,
      amount: inPounds(pence),
      from: titleOf(from),
      to: titleOf(to),
    })),
    errors: refusals.map(({ message }) => ({ text: message, href: '#money' })),
  }
  return page('money/case-money.njk', model, refusals.length > 0 ? 422 : 200)
}

/** Why there is no money: none is ever paid for this kind of case, or not yet. */
function nothingInWords(record: CaseRecord): string {
  const isPaidFor = Object.values(record.pack.money?.lines ?? {}).some(({ flow }) => flow === record.flow)
  if (isPaidFor) return 'No money belongs to this case yet. It appears when the match is approved.'
  return ['£0: nothing is paid for a case of this kind', ...lacksOf(record)].join(', ')
}

function titleOf(account: string): string {
  const known = [...ACCOUNTS, 'outside' as const].find((one) => one === account)
  return known ? ACCOUNT_TITLES[known] : account
}

type Lines = Readonly<Record<string, { kind: string; flow: string; of?: string }>>
type Rates = Readonly<Record<string, { rate?: number | undefined; unit: string; 'all-in'?: boolean | undefined }>>

/** "£600 a day; the rate includes VAT and expenses, nothing is paid on top." */
function rateInWords(lines: Lines, entitlements: Rates, flow: string): string {
  const claim = Object.values(lines).find((line) => line.flow === flow && line.of !== undefined)
  const rate = claim && entitlements[claim.of ?? '']
  if (!rate?.rate) return ''
  const all = rate['all-in'] ? ' The rate includes VAT and expenses; nothing is paid on top.' : ''
  return `£${rate.rate} a ${rate.unit}, for what is validated and agreed.${all}`
}

async function caseJson(parts: MoneyParts, { actor, params }: RouteRequest): Promise<Answer> {
  const { db } = parts.database
  const seen = await findSeenCase(db, actor, params['reference'] ?? '')
  if (!seen?.whole) return problem([NO_CASE], 404)
  const money = await readCaseMoney(parts, db, seen.record)
  return json({
    ...money,
    lines: money.lines.map((line) => ({ ...line, words: inWords(line) })),
  })
}

async function prepare(parts: MoneyParts, request: RouteRequest) {
  const { actor, params, body } = request
  const seen = await findSeenCase(parts.database.db, actor, params['reference'] ?? '')
  if (!seen?.whole) return undefined
  return preparePayment(parts, {
    reference: seen.record.reference,
    part: textOf(body, 'part') || textOf(body, 'line'),
    amount: body['amount'],
    by: actor,
    submission: submissionOf(request),
  })
}

async function payByApi(parts: MoneyParts, request: RouteRequest): Promise<Answer> {
  const decision = await prepare(parts, request)
  if (!decision) return problem([NO_CASE], 404)
  return decision.ok ? json(decision.value, 201) : problem(decision.refusals)
}

async function payAtPage(parts: MoneyParts, request: RouteRequest): Promise<Answer> {
  const decision = await prepare(parts, request)
  if (!decision) return notFound('There is no such case, or you may not see it.')
  return decision.ok ? redirect(`/money/runs/${decision.value.reference}`) : casePage(parts, request, decision.refusals)
}
