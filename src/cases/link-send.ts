import { listLinks, makeLink, revokeLink } from '../accounts/index.ts'
import { queueMessage } from '../messages/index.ts'
import type { Actor } from '../platform/actor.ts'
import { allOrNothing } from '../platform/all-or-nothing.ts'
import { writeAudit } from '../platform/audit.ts'
import { accept, type Decision, refuse } from '../platform/decision.ts'
import { submitOnce } from '../platform/submit-once.ts'
import { subjectOf } from './case-letters.ts'
import { caseHref } from './case-page.ts'
import type { CaseParts } from './case-parts.ts'
import { type LinkAsk, maySendLinks, openLinkDesk } from './link-desk.ts'
import { findSeenCase } from './read-case.ts'
import { letterCall, NO_CASE } from './run-step.ts'

export type SendLink = LinkAsk & { readonly reference: string; readonly submission?: string | undefined }
export type LinkSent = { readonly id: number; readonly to: string; readonly role: string; readonly lastDay: string }

/**
 * Queues the letter with a link for one person, and keeps the link without what opens it: that is made as the letter leaves. One to
 * the same for the same person ends. Refuses as `openLinkDesk` does, and `link.whom` where several may do the step.
 */
export function sendLink(parts: CaseParts, ask: SendLink): Promise<Decision<LinkSent>> {
  const work = async (db: Parameters<typeof findSeenCase>[0]): Promise<Decision<LinkSent>> => {
    const seen = await findSeenCase(db, ask.by, ask.reference, true)
    if (!seen?.whole) return refuse(NO_CASE)
    const opened = await openLinkDesk(parts, db, seen, ask)
    if (!opened.ok) return opened
    const { record, open, title, chosen, composed, lastDay, madeAs, stepDesk, readers } = opened.value
    if (!composed.ok) return composed
    if (!chosen)
      return refuse({
        code: 'link.whom',
        field: 'to',
        message: `Choose who gets the link: ${readers.map(({ name, email }) => `${name} (${email})`).join(' or ')}`,
      })
    const about = subjectOf(letterCall(db, stepDesk, { body: {}, by: ask.by }))
    const messageId = await queueMessage(db, { message: composed.value, about, by: ask.by })
    const role = chosen.by.role ?? ''
    const id = await makeLink(db, {
      ...{ record: 'case', recordKey: record.reference, recordHref: caseHref(record.reference), part: open.seq },
      ...{
        personId: chosen.personId,
        programme: record.programme,
        role,
        email: chosen.email,
        messageId,
        lastDay,
        madeAs,
      },
      placeKind: chosen.by.of,
      placeKey: chosen.by.place?.key ?? '',
      madeOn: stepDesk.context.today,
      by: ask.by,
      at: parts.clock.now(),
    })
    await writeAudit(db, {
      actor: ask.by,
      action: 'Link sent',
      record: 'case',
      recordKey: record.reference,
      new: { about: title, to: chosen.by.roleTitle, ends: lastDay },
    })
    return accept({ id, to: chosen.name, role: chosen.by.roleTitle, lastDay })
  }
  return allOrNothing(parts.database.db, (db) => submitOnce(db, ask.submission, () => work(db)))
}

/** Ends a link, and what it opened. Refuses `link.unknown`, `not-responsible`, and `link.ended` for one that is ended already. */
export function endLink(
  parts: CaseParts,
  { reference, id, by }: { readonly reference: string; readonly id: number; readonly by: Actor },
): Promise<Decision<{ readonly id: number }>> {
  return allOrNothing(parts.database.db, async (db) => {
    const seen = await findSeenCase(db, by, reference, true)
    if (!seen?.whole) return refuse(NO_CASE)
    if (!maySendLinks(by, seen))
      return refuse({ code: 'not-responsible', message: 'You may not end links of this case' })
    const links = await listLinks(db, { record: 'case', key: seen.record.reference })
    const link = links.find((one) => one.id === id)
    if (!link) return refuse({ code: 'link.unknown', message: 'There is no such link in this case' })
    if (!(await revokeLink(db, { id, by, at: parts.clock.now() })))
      return refuse({ code: 'link.ended', message: 'This link does not work any more already' })
    await writeAudit(db, {
      actor: by,
      action: 'Link revoked',
      record: 'case',
      recordKey: seen.record.reference,
      old: { ends: link.lastDay },
    })
    return accept({ id })
  })
}
