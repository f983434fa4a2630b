import {
  countWrongAddress,
  decideOpening,
  findKeptForm,
  findLinkByToken,
  insertSession,
  KEPT_COOKIE,
  LINK_ADDRESS,
  LINK_GONE,
  type OneTimeLink,
  SESSION_COOKIE,
  stateOfLink,
  useLink,
} from '../accounts/index.ts'
import { namedActor } from '../platform/actor.ts'
import { writeAudit } from '../platform/audit.ts'
import type { Db } from '../platform/db.ts'
import { accept, type Decision, refuse } from '../platform/decision.ts'
import { type Answer, page, type Route, type RouteRequest, redirect, textOf } from '../platform/web/route.ts'
import { longDate } from '../platform/words.ts'
import type { CaseParts } from './case-parts.ts'
import { type CaseRecord, findCase } from './case-store.ts'
import { readLinkFacts, stepOfLink } from './link-desk.ts'

/**
 * The page behind a link for one person. Reading it changes nothing, however often: programs that look at letters open what stands
 * in them. Sending it with the address that the letter went to uses the link and opens a session that reaches this case alone.
 */
export function linkOpenRoutes(parts: CaseParts): Route[] {
  const open = { path: '/link/:token', allow: 'everyone', secretAddress: true } as const
  return [
    { ...open, method: 'GET', audit: null, handle: (request) => readLink(parts, request) },
    { ...open, method: 'POST', audit: 'link-opened', handle: (request) => openLink(parts, request) },
  ]
}

type Found = { readonly link: OneTimeLink; readonly record: CaseRecord }

async function findLink(db: Db, token: string, lock = false): Promise<Found | undefined> {
  const link = await findLinkByToken(db, token, lock)
  const record = link?.record === 'case' ? await findCase(db, link.recordKey) : undefined
  return link && record && { link, record }
}

async function readLink(parts: CaseParts, { params, actor }: RouteRequest): Promise<Answer> {
  const { db } = parts.database
  const found = await findLink(db, params['token'] ?? '')
  if (!found) return gonePage()
  const today = parts.clock.today().toString()
  // The same browser comes back to its letter: what the link opened is still open there.
  if (actor.confinedTo?.link === found.link.id) return redirect(stepOfLink(found.record, found.link, today).href)
  const facts = await readLinkFacts(parts, db, found.record, found.link)
  return stateOfLink(facts).state === 'sent'
    ? askPage(found, { today, token: params['token'] ?? '', typed: '', isWrong: false })
    : gonePage()
}

/** Says what the letter said: who asks, about which school or trust, and for what. No name, address or number of a case. */
function askPage(
  { link, record }: Found,
  { today, token, typed, isWrong }: { today: string; token: string; typed: string; isWrong: boolean },
): Answer {
  const { title } = stepOfLink(record, link, today)
  const model = {
    title: 'You are asked for an answer',
    // Pages know their own address without what is secret of it.
    formHref: `/link/${encodeURIComponent(token)}`,
    programme: record.pack.title,
    by: link.madeAs,
    subject: record.name,
    step: title,
    ends: longDate(link.lastDay),
    typed,
    errors: isWrong ? [{ text: LINK_ADDRESS.message, href: '#email' }] : [],
  }
  return page('cases/link-open.njk', model, isWrong ? 422 : 200)
}

/** One page for every link that does not work, and for one that never was. */
function gonePage(): Answer {
  const lines = [
    'It may have been used, its time may be over, or what it was sent for is done.',
    'Write to whoever sent you the letter and ask for a new link. If you have an account you can also sign in.',
  ]
  return page('platform/web/message.njk', { title: 'This link does not work', lines }, 410)
}

async function openLink(parts: CaseParts, request: RouteRequest): Promise<Answer> {
  const { db } = parts.database
  const typed = textOf(request.body, 'email')
  const token = request.params['token'] ?? ''
  const decision = await db
    .transaction()
    .execute((transaction) => useOnce(parts, transaction, { token, typed, request }))
  if (decision.ok) return redirect(decision.value.href, [{ name: SESSION_COOKIE, value: decision.value.session }])
  const found = decision.refusals.some(({ code }) => code === LINK_ADDRESS.code) ? await findLink(db, token) : undefined
  return found ? askPage(found, { today: parts.clock.today().toString(), token, typed, isWrong: true }) : gonePage()
}

/** A refusal is kept here, since a wrong address counts; of many at once one is let in, and the others find the link used. */
async function useOnce(
  parts: CaseParts,
  db: Db,
  { token, typed, request }: { token: string; typed: string; request: RouteRequest },
): Promise<Decision<{ readonly href: string; readonly session: string }>> {
  const found = await findLink(db, token, true)
  if (!found) return refuse(LINK_GONE)
  const { link, record } = found
  const at = parts.clock.now()
  const about = stepOfLink(record, link, parts.clock.today().toString())
  const audit = { record: 'case', recordKey: record.reference, new: { about: about.title } }
  const decided = decideOpening(await readLinkFacts(parts, db, record, link), typed)
  if (!decided.ok) {
    if (!decided.refusals.some(({ code }) => code === LINK_ADDRESS.code)) return decided
    const ended = await countWrongAddress(db, link.id, at)
    await writeAudit(db, { ...audit, actor: namedActor(request.actor), action: 'Wrong address at a link' })
    return ended ? refuse(LINK_GONE) : decided
  }
  await useLink(db, link.id, at)
  const { personId, personName: name, role } = link
  const { door, requestId } = request.actor
  const acting = `${record.pack.roles[role]?.title ?? role}, by link`
  await writeAudit(db, { ...audit, actor: { personId, name, door, requestId, acting }, action: 'Link opened' })
  const session = await insertSession(db, at, {
    ...{ personId, browser: request.browser, through: request.actor, linkId: link.id },
  })
  // What was typed when the session of an earlier link had ended is offered first.
  const kept = await findKeptForm(parts, { secret: request.cookies[KEPT_COOKIE], personId })
  const isOfCase = kept?.path.startsWith(`${link.recordHref}/`) === true
  return accept({ href: isOfCase ? '/kept-form' : about.href, session })
}
