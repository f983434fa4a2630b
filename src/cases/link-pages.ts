import { z } from 'zod'
import type { Refusal } from '../platform/decision.ts'
import { described } from '../platform/web/api-description.ts'
import {
  type Answer,
  json,
  page,
  problem,
  type Route,
  type RouteRequest,
  redirect,
  textOf,
  wholeNumber,
} from '../platform/web/route.ts'
import { submissionOf } from '../platform/web/submission.ts'
import { longDate } from '../platform/words.ts'
import { statusOf } from './api.ts'
import { caseHref, stepHref } from './case-page.ts'
import type { CaseParts } from './case-parts.ts'
import { type LinkDesk, maySendLinks, openLinkDesk, readLinkLines } from './link-desk.ts'
import { endLink, type SendLink, sendLink } from './link-send.ts'
import { shownRefusals, withCase } from './pages-case.ts'
import { findSeenCase } from './read-case.ts'
import { NO_CASE } from './run-step.ts'

/** Links for people outside: sent from the step that waits for them, listed and ended on the page of the case, and by programs. */
export function linkRoutes(parts: CaseParts): Route[] {
  const get = { method: 'GET', allow: 'see-cases', audit: null } as const
  const send = { method: 'POST', allow: 'see-cases', audit: 'link-sent' } as const
  const revoke = { method: 'POST', allow: 'see-cases', audit: 'link-revoked' } as const
  const page = '/cases/:reference/steps/:step/link'
  const api = '/api/v1/cases/:reference'
  return described(
    [
      { ...get, path: page, handle: (request) => sendPage(parts, request) },
      { ...send, path: page, handle: (request) => sendAtPage(parts, request) },
      { ...revoke, path: '/cases/:reference/links/:id/revoke', handle: (request) => revokeAtPage(parts, request) },
      { ...get, path: `${api}/links`, handle: (request) => listByApi(parts, request) },
      { ...send, path: `${api}/steps/:step/links`, handle: (request) => sendByApi(parts, request) },
      { ...revoke, path: `${api}/links/:id/revoke`, handle: (request) => revokeByApi(parts, request) },
    ],
    LINK_API,
  )
}

function askOf(request: RouteRequest): SendLink {
  const { params, query, body, actor } = request
  return {
    reference: params['reference'] ?? '',
    step: params['step'] ?? '',
    key: textOf(body, 'key') || (query.get('key') ?? ''),
    to: textOf(body, 'to'),
    by: actor,
    submission: submissionOf(request),
  }
}

function sendPage(parts: CaseParts, request: RouteRequest, refusals: readonly Refusal[] = []): Promise<Answer> {
  return withCase(parts, request, async (seen) => {
    const opened = await openLinkDesk(parts, parts.database.db, seen, askOf(request))
    if (opened.ok) return showSend(opened.value, request, refusals)
    const lines = opened.refusals.map(({ message }) => message)
    return page(
      'platform/web/message.njk',
      { title: 'No link can be sent', section: 'cases', lines },
      statusOf(opened.refusals),
    )
  })
}

function showSend(desk: LinkDesk, { body }: RouteRequest, refusals: readonly Refusal[]): Answer {
  const { record, open, title, readers, lastDay, draft, composed } = desk
  const shown = shownRefusals(refusals)
  const href = caseHref(record.reference)
  return page(
    'cases/link-send.njk',
    {
      title: `Send a link: ${title}`,
      heading: 'Send a link',
      caption: `Case ${record.reference} · ${record.name}`,
      section: 'cases',
      breadcrumbs: [
        { text: 'Cases', href: '/cases' },
        { text: record.reference, href },
        { text: title, href: stepHref(record.reference, open.step, open.key) },
        { text: 'Send a link' },
      ],
      errors: shown.errors,
      wrong: refusals.find(({ field }) => field === 'to'),
      step: title,
      key: open.key,
      ends: longDate(lastDay),
      readers: readers.map(({ name, email, by }) => ({
        value: email,
        text: `${name}, ${by.whom}`,
        hint: { text: email },
        checked: textOf(body, 'to') === email,
      })),
      draft,
      may: composed.ok,
      href,
    },
    shown.status,
  )
}

async function sendAtPage(parts: CaseParts, request: RouteRequest): Promise<Answer> {
  return withCase(parts, request, async ({ record }) => {
    const decision = await sendLink(parts, { ...askOf(request), reference: record.reference })
    return decision.ok
      ? redirect(`${caseHref(record.reference)}?link=sent#links`)
      : sendPage(parts, request, decision.refusals)
  })
}

async function revokeAtPage(parts: CaseParts, request: RouteRequest): Promise<Answer> {
  return withCase(parts, request, async ({ record }) => {
    const id = wholeNumber(request.params['id'])
    const decision = await endLink(parts, { reference: record.reference, id, by: request.actor })
    if (decision.ok) return redirect(`${caseHref(record.reference)}?link=revoked#links`)
    const lines = decision.refusals.map(({ message }) => message)
    return page(
      'platform/web/message.njk',
      { title: 'Nothing was ended', section: 'cases', lines },
      statusOf(decision.refusals),
    )
  })
}

async function listByApi(parts: CaseParts, { params, actor }: RouteRequest): Promise<Answer> {
  const { db } = parts.database
  const seen = await findSeenCase(db, actor, params['reference'] ?? '')
  if (!seen?.whole) return problem([NO_CASE], 404)
  if (!maySendLinks(actor, seen))
    return problem([{ code: 'not-responsible', message: 'You may not see links of this case' }], 403)
  return json({ links: await readLinkLines(parts, db, seen.record) })
}

async function sendByApi(parts: CaseParts, request: RouteRequest): Promise<Answer> {
  const decision = await sendLink(parts, askOf(request))
  return decision.ok ? json(decision.value, 201) : problem(decision.refusals, statusOf(decision.refusals))
}

async function revokeByApi(parts: CaseParts, { params, actor }: RouteRequest): Promise<Answer> {
  const id = wholeNumber(params['id'])
  const decision = await endLink(parts, { reference: params['reference'] ?? '', id, by: actor })
  return decision.ok ? json(decision.value) : problem(decision.refusals, statusOf(decision.refusals))
}

const LINK_API = {
  'GET /api/v1/cases/:reference/links': {
    summary: 'Links that were sent to people outside for steps of a case, and how each stands; nothing of it opens one',
    answer: z.object({
      links: z.array(
        z.looseObject({
          id: z.int(),
          to: z.string(),
          step: z.string(),
          sentOn: z.iso.date(),
          lastDay: z.iso.date().describe('The last day on which it works'),
          state: z.enum(['waiting', 'sent', 'used', 'ended', 'revoked']),
          why: z.string(),
        }),
      ),
    }),
  },
  'POST /api/v1/cases/:reference/steps/:step/links': {
    summary: 'Send the one who does an open step a letter with a link, by which it can be done once without an account',
    body: z.object({
      to: z.string().optional().describe('The e-mail address of one of them, where several may do the step'),
      key: z.string().optional(),
    }),
    answer: z.object({ id: z.int(), to: z.string(), role: z.string(), lastDay: z.iso.date() }),
    created: true,
  },
  'POST /api/v1/cases/:reference/links/:id/revoke': {
    summary: 'End a link and the session that it opened',
    answer: z.object({ id: z.int() }),
  },
} as const
