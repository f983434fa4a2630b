import { readAudit } from '../platform/audit-history.ts'
import type { Refusal } from '../platform/decision.ts'
import { dateFieldItems, readDateField } from '../platform/web/date-field.ts'
import { presentHistory } from '../platform/web/history.ts'
import { type Answer, notFound, page, type Route, type RouteRequest, redirect, textOf } from '../platform/web/route.ts'
import { submissionOf } from '../platform/web/submission.ts'
import { findPack, type Pack, packRef } from '../programmes/index.ts'
import { AUDIT_RECORD, auditKeyOf, judgeSubject, requestRow } from './judge-subject.ts'
import { type EligibilityParts, usualDay } from './pages.ts'
import { presentSubject } from './present-subject.ts'
import { readSubjectKey, subjectHref } from './subject.ts'
import { readSubjectView, type SubjectView } from './subject-view.ts'

/** One school or trust in one edition: what it qualifies by, and the forms by which people judge and ask. */
export function subjectPages(parts: EligibilityParts): Route[] {
  const read = { method: 'GET', allow: 'signed-in', audit: null } as const
  const change = { method: 'POST', allow: 'signed-in' } as const
  const subject = '/eligibility/:ref/:kind/:subject'
  return [
    ...(['schools/:urn', 'trusts/:uid'] as const).map((path) => ({
      ...read,
      path: `/${path}/eligibility`,
      handle: (request: RouteRequest) => choosePage(parts, request),
    })),
    { ...read, path: subject, handle: (request) => withView(parts, request, subjectPage) },
    { ...read, path: `${subject}/judge/:row`, handle: (request) => withView(parts, request, judgePage) },
    {
      ...change,
      audit: 'eligibility-judged',
      path: `${subject}/judge/:row`,
      handle: (request) => withView(parts, request, judge),
    },
    { ...read, path: `${subject}/ask/:row`, handle: (request) => withView(parts, request, askPage) },
    {
      ...change,
      audit: 'eligibility-requested',
      path: `${subject}/ask/:row`,
      handle: (request) => withView(parts, request, ask),
    },
  ]
}

/** From a school's or trust's record to the editions; with one there is nothing to choose. */
function choosePage({ packs }: EligibilityParts, { params }: RouteRequest): Answer {
  const key = params.urn ? readSubjectKey('schools', params.urn) : readSubjectKey('trusts', params.uid ?? '')
  if (!key) return notFound('The register holds no such school or trust.')
  // A programme that only runs levels has its own list of them.
  const whole = packs.filter((pack) => !pack['not-run-yet'])
  const [only, another] = whole
  if (only && !another) return redirect(subjectHref(packRef(only), key))
  const programmes = whole.map((pack) => ({
    ref: packRef(pack),
    title: pack.title,
    year: pack['academic-year'].name,
    summary: pack.summary,
    href: subjectHref(packRef(pack), key),
  }))
  return page('eligibility/start.njk', { title: 'What it qualifies for', section: 'eligibility', programmes })
}

type Show = (parts: EligibilityParts, view: SubjectView, request: RouteRequest) => Answer | Promise<Answer>

async function withView(parts: EligibilityParts, request: RouteRequest, show: Show): Promise<Answer> {
  const { params, query, actor } = request
  const pack = findPack(params['ref'] ?? '', parts.packs)
  const key = readSubjectKey(params['kind'] ?? '', params['subject'] ?? '')
  if (!pack || !key) return notFound('There is no such programme, school or trust.')
  const on = readDateField({ on: query.get('on') ?? '' }, 'on') ?? usualDay(pack, parts.clock)
  const view = await readSubjectView(parts, { pack, key, on, actor })
  if (view === 'unknown') return notFound('The register holds no such school or trust.')
  return view === 'forbidden' ? forbidden('You may not see this school or trust.') : show(parts, view, request)
}

export function forbidden(...lines: string[]): Answer {
  return page('platform/web/message.njk', { title: 'You may not see or do this', lines }, 403)
}

async function subjectPage({ database }: EligibilityParts, view: SubjectView, { query }: RouteRequest) {
  const record = { record: AUDIT_RECORD, keys: [auditKeyOf(view.pack, view.subject.key)] }
  const changes = view.isClose ? await readAudit(database.db, [record]) : []
  return page('eligibility/subject.njk', {
    ...presentSubject(view),
    history: presentHistory(changes, HISTORY),
    message: query.get('done') ? 'It is on record.' : null,
  })
}

const HISTORY = {
  fields: {
    what: 'What',
    origin: 'Where it began',
    kind: 'Kind',
    onBehalf: 'On its behalf',
    state: 'State',
    on: 'Dated',
    request: 'Request',
    judgement: 'Number',
  },
}

/** What each form stands under. */
function frameOf(view: SubjectView, refusals: readonly Refusal[]) {
  const { subject, pack } = view
  return {
    caption: subject.name,
    section: 'eligibility',
    breadcrumbs: [{ text: subject.name, href: subjectHref(packRef(pack), subject.key) }],
    errors: refusals.map(({ message, field }) => ({ text: message, href: `#${field ?? 'main-content'}` })),
    errorAt: Object.fromEntries(refusals.map(({ message, field }) => [field ?? '', { text: message }])),
  }
}

function judgePage(
  parts: EligibilityParts,
  view: SubjectView,
  { params, body }: RouteRequest,
  refusals: readonly Refusal[] = [],
): Answer {
  const row = view.mayJudge.find((one) => one.row === params['row'])
  if (!row) return forbidden('This is for others to judge.')
  const today = parts.clock.today().toString()
  const model = {
    ...frameOf(view, refusals),
    title: row.title,
    action: `${subjectHref(packRef(view.pack), view.subject.key)}/judge/${row.row}`,
    typed: body,
    on: dateFieldItems(body, 'on', today),
  }
  return page('eligibility/judge.njk', model, statusOf(refusals))
}

/** 200 without refusals, 409 for what moved on, else 422. */
function statusOf(refusals: readonly Refusal[]): number {
  if (refusals.length === 0) return 200
  return refusals.some(({ code }) => code === 'moved-on') ? 409 : 422
}

async function judge(parts: EligibilityParts, view: SubjectView, request: RouteRequest): Promise<Answer> {
  const { params, body, actor } = request
  const judged = await judgeSubject(parts, {
    pack: view.pack,
    subject: view.subject.key,
    asked: {
      row: params['row'] ?? '',
      on: dayOf(body, parts),
      rationale: textOf(body, 'rationale'),
      holds: textOf(body, 'holds') !== 'no',
    },
    by: actor,
    submission: submissionOf(request),
  })
  if (judged.ok) return redirect(`${subjectHref(packRef(view.pack), view.subject.key)}?done=judged`)
  return afterRefusal(judged.refusals, () => judgePage(parts, view, request, judged.refusals))
}

/** The day of a judgement: today when none is given, nothing when it is no date. */
export function dayOf(body: RouteRequest['body'], { clock }: Pick<EligibilityParts, 'clock'>): string {
  const day = readDateField(body, 'on')
  return day === null ? clock.today().toString() : (day ?? '')
}

function afterRefusal(refusals: readonly Refusal[], again: () => Answer): Answer {
  const has = (code: string) => refusals.some((one) => one.code === code)
  if (has('not-allowed')) return forbidden(...refusals.map(({ message }) => message))
  return has('row.unknown') || has('not-found') ? notFound('Nothing of this name is judged here.') : again()
}

function askPage(
  _parts: EligibilityParts,
  view: SubjectView,
  { params, body }: RouteRequest,
  refusals: readonly Refusal[] = [],
): Answer {
  const asking = view.mayAsk.find((one) => one.row === params['row'])
  // Also where it was refused because it moved on: what was typed is shown again.
  if (!asking && refusals.length === 0) return forbidden('You may not ask for this, or it is asked for already.')
  const [only, another] = asking?.origins ?? []
  const model = {
    ...frameOf(view, refusals),
    title: asking ? `Ask: ${asking.title}` : 'Ask',
    action: `${subjectHref(packRef(view.pack), view.subject.key)}/ask/${params['row']}`,
    typed: body,
    only: only && !another ? only : null,
    origins: (asking?.origins ?? []).map(({ id, title }) => ({
      value: id,
      text: title,
      checked: textOf(body, 'origin') === id,
    })),
  }
  return page('eligibility/ask.njk', model, statusOf(refusals))
}

async function ask(parts: EligibilityParts, view: SubjectView, request: RouteRequest): Promise<Answer> {
  const { params, body, actor } = request
  const requested = await requestRow(parts, {
    pack: view.pack,
    subject: view.subject.key,
    asked: {
      row: params['row'] ?? '',
      origin: textOf(body, 'origin'),
      reason: textOf(body, 'reason'),
      kind: textOf(body, 'kind'),
    },
    by: actor,
    submission: submissionOf(request),
  })
  if (requested.ok) return redirect(`/eligibility-requests/${requested.value.id}`)
  return afterRefusal(requested.refusals, () => askPage(parts, view, request, requested.refusals))
}

/** The edition that a stored record belongs to. */
export function packOf(packs: readonly Pack[], record: { programme: string; edition: string }): Pack | undefined {
  return findPack(packRef(record), packs)
}
