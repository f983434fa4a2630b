import { z } from 'zod'
import type { Refusal } from '../platform/decision.ts'
import { described } from '../platform/web/api-description.ts'
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
import { capital, caseHref, dueInWords } from './case-page.ts'
import type { CaseParts } from './case-parts.ts'
import { NO_CASE_WORDS, shownRefusals, withCase } from './pages-case.ts'
import { findSeenCase } from './read-case.ts'
import { remindedInWords } from './reminder.ts'
import { barredFrom, NOT_OPEN, openReminder, type ReminderAsk, remindByHand, titleOfStep } from './reminder-run.ts'
import { listReminders } from './reminder-store.ts'
import { NO_CASE } from './run-step.ts'

/** Reminding whoever an open step waits for: with the letter before it goes, and for other programs. */
export function reminderRoutes(parts: CaseParts): Route[] {
  const get = { method: 'GET', allow: 'see-cases', audit: null } as const
  const post = { method: 'POST', allow: 'see-cases', audit: 'case-changed' } as const
  const path = '/cases/:reference/steps/:step/remind'
  const api = '/api/v1/cases/:reference/steps/:step/reminders'
  return described(
    [
      { ...get, path, handle: (request) => remindPage(parts, request) },
      { ...post, path, handle: (request) => sendByPage(parts, request) },
      { ...get, path: '/api/v1/cases/:reference/reminders', handle: (request) => listJson(parts, request) },
      { ...post, path: api, handle: (request) => sendByApi(parts, request) },
    ],
    {
      'GET /api/v1/cases/:reference/reminders': {
        summary: 'Reminders of the steps of a case, the oldest first: to whom, by which message, and how it got on',
        answer: z.object({ reminders: z.array(z.looseObject({ step: z.string(), on: z.string() })) }),
      },
      'POST /api/v1/cases/:reference/steps/:step/reminders': {
        summary: 'Remind whoever an open step waits for by letter; one a day for a step',
        body: z.object({ key: z.string().optional() }),
        answer: z.object({
          message: z.int(),
          to: z.array(z.object({ name: z.string(), because: z.string() })),
        }),
        created: true,
      },
    },
  )
}

function askOf(request: RouteRequest): ReminderAsk {
  const { params, body, query, actor } = request
  return {
    reference: params['reference'] ?? '',
    step: params['step'] ?? '',
    key: textOf(body, 'key') || (query.get('key') ?? ''),
    by: actor,
    submission: submissionOf(request),
  }
}

function remindPage(parts: CaseParts, request: RouteRequest, refusals: readonly Refusal[] = []): Promise<Answer> {
  return withCase(parts, request, async (seen) => {
    if (!seen.whole) return notFound(NO_CASE_WORDS)
    const { db } = parts.database
    const { reference } = seen.record
    const reminder = await openReminder(parts, db, seen.record, askOf(request))
    if (!reminder) return movedOn()
    const { open, sent, facts, letter } = reminder
    const barred = barredFrom(request.actor, seen, reminder)
    const shown = shownRefusals(refusals)
    const reminded = remindedInWords(sent, facts.today)
    return page(
      'cases/remind.njk',
      {
        title: `Remind of: ${open.title}`,
        caption: `Case ${reference} · ${seen.record.name}`,
        section: 'cases',
        breadcrumbs: [
          { text: 'Cases', href: '/cases' },
          { text: reference, href: caseHref(reference) },
          { text: open.title },
        ],
        where: `For: ${open.partyTitle}. ${capital(dueInWords(open))}.${reminded ? ` ${capital(reminded)}.` : ''}`,
        errors: shown.errors,
        barred: refusals.length > 0 ? [] : barred.map(({ message }) => message),
        draft: barred.length === 0 ? letter?.draft : undefined,
        key: open.key,
        action: `${caseHref(reference)}/steps/${open.step}/remind`,
        href: caseHref(reference),
      },
      shown.status,
    )
  })
}

function movedOn(): Answer {
  return page(
    'platform/web/message.njk',
    { title: 'This has moved on', section: 'cases', lines: [`${NOT_OPEN.message}.`, 'Nothing was sent.'] },
    409,
  )
}

async function sendByPage(parts: CaseParts, request: RouteRequest): Promise<Answer> {
  return withCase(parts, request, async ({ record }) => {
    const ask = { ...askOf(request), reference: record.reference }
    const decision = await remindByHand(parts, ask)
    if (decision.ok) return redirect(`${caseHref(record.reference)}?reminded=${encodeURIComponent(ask.step)}`)
    if (decision.refusals.some(({ code }) => code === NOT_OPEN.code)) return movedOn()
    return remindPage(parts, request, decision.refusals)
  })
}

async function sendByApi(parts: CaseParts, request: RouteRequest): Promise<Answer> {
  const seen = await findSeenCase(parts.database.db, request.actor, request.params['reference'] ?? '')
  if (!seen?.whole) return problem([NO_CASE], 404)
  const decision = await remindByHand(parts, { ...askOf(request), reference: seen.record.reference })
  return decision.ok ? json(decision.value, 201) : problem(decision.refusals, statusOf(decision.refusals))
}

const STATUS_BY_CODE: Readonly<Record<string, number>> = {
  'case.unknown': 404,
  'not-responsible': 403,
  'step.not-open': 409,
  'reminder.today': 409,
}

function statusOf([first]: readonly Refusal[]): number {
  return STATUS_BY_CODE[first?.code ?? ''] ?? 422
}

async function listJson({ database: { db } }: CaseParts, { params, actor }: RouteRequest): Promise<Answer> {
  const seen = await findSeenCase(db, actor, params['reference'] ?? '')
  if (!seen?.whole) return problem([NO_CASE], 404)
  const reminders = await listReminders(db, seen.record.id)
  return json({
    reminders: reminders.map(({ seq: _, messageId, recipients, ...one }) => ({
      ...one,
      title: titleOfStep(seen.record, one.step),
      message: messageId,
      recipients: recipients.map(({ name, because, state, trouble }) => ({ name, because, state, trouble })),
    })),
  })
}
