import { z } from 'zod'
import { messageHref, presentMessage, readMessagesAbout, type StoredMessage } from '../messages/index.ts'
import { type Actor, isMachine } from '../platform/actor.ts'
import type { Db } from '../platform/db.ts'
import { described } from '../platform/web/api-description.ts'
import { type Answer, json, notFound, page, problem, type Route, type RouteRequest } from '../platform/web/route.ts'
import { caseFrame } from './case-page.ts'
import type { CaseParts } from './case-parts.ts'
import type { CaseRecord } from './case-store.ts'
import { NO_CASE_WORDS, withCase } from './pages-case.ts'
import { parentOfClaim } from './part-of-case.ts'
import { findSeenCase } from './read-case.ts'
import { NO_CASE } from './run-step.ts'

/** The letters of a case as they were sent: on a tab of it, and for other programs. */
export function caseMessageRoutes(parts: CaseParts): Route[] {
  const get = { method: 'GET', allow: 'see-cases', audit: null } as const
  return described(
    [
      { ...get, path: '/cases/:reference/messages', handle: (request) => messagesPage(parts, request) },
      { ...get, path: '/api/v1/cases/:reference/messages', handle: (request) => messagesJson(parts, request) },
    ],
    {
      'GET /api/v1/cases/:reference/messages': {
        summary:
          'Letters of a case and of those beside it as they were sent: whoever does not work with messages has their own',
        answer: z.object({ messages: z.array(z.looseObject({ id: z.int(), subject: z.string() })) }),
      },
    },
  )
}

/** Letters of a case and of those beside it, newest first: all, or those that this person got. */
export async function readLetters(db: Db, record: CaseRecord, actor: Actor): Promise<StoredMessage[]> {
  // Who left the case as its leader keeps the letters that came before.
  const before = parentOfClaim(record)
  const keys = [record, ...record.children, ...(before && !seesAll(actor) ? [before] : [])].map(
    ({ reference }) => reference,
  )
  const all = await readMessagesAbout(db, { record: 'case', keys })
  if (seesAll(actor)) return all
  return all.filter(({ recipients }) =>
    recipients.some(({ personId }) => personId !== null && personId === actor.personId),
  )
}

function seesAll(actor: Actor): boolean {
  return isMachine(actor) || actor.capabilities.has('see-messages')
}

function messagesPage(parts: CaseParts, request: RouteRequest): Promise<Answer> {
  return withCase(parts, request, async (seen) => {
    if (!seen.whole) return notFound(NO_CASE_WORDS)
    const letters = await readLetters(parts.database.db, seen.record, request.actor)
    const all = seesAll(request.actor)
    return page('cases/messages.njk', {
      ...caseFrame(seen, parts.clock.today().toString(), 'messages'),
      letters: letters.map((one) => ({
        ...presentMessage(one),
        queuedBy: one.queuedBy,
        href: all ? messageHref(one.id) : null,
      })),
      empty: all
        ? 'No letter was sent in this case yet. A letter appears here as soon as a step sends one.'
        : 'No letter was sent to you in this case yet.',
    })
  })
}

async function messagesJson({ database: { db } }: CaseParts, { params, actor }: RouteRequest): Promise<Answer> {
  const seen = await findSeenCase(db, actor, params['reference'] ?? '')
  if (!seen?.whole) return problem([NO_CASE], 404)
  const letters = await readLetters(db, seen.record, actor)
  return json({
    messages: letters.map(({ id, letter, title, label, subject, body, dated, state, recipients }) => ({
      ...{ id, letter, title, case: label, subject, body, dated, state },
      recipients: recipients.map(({ part, name, email, roleTitle, because, state: how, trouble }) => ({
        ...{ part, name, email, role: roleTitle, because, state: how, trouble },
      })),
    })),
  })
}
