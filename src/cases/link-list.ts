import type { RouteRequest } from '../platform/web/route.ts'
import { longDate } from '../platform/words.ts'
import { caseHref } from './case-page.ts'
import type { CaseParts } from './case-parts.ts'
import { canBeAskedByLink, type LinkLine, maySendLinks, readLinkLines } from './link-desk.ts'
import type { SeenCase } from './read-case.ts'

const TAGS: Readonly<Record<string, { text: string; tag: string }>> = {
  waiting: { text: 'Waiting to be sent', tag: 'blue' },
  sent: { text: 'Sent', tag: 'turquoise' },
  used: { text: 'Used', tag: 'green' },
  ended: { text: 'Ended', tag: 'grey' },
  revoked: { text: 'Revoked', tag: 'grey' },
}

/** What a link opened is over by itself after so long: then there is nothing left to end. */
const SESSION_HOURS = 12

function canEnd({ state, usedAt }: LinkLine, now: Temporal.Instant): boolean {
  if (state === 'used' && usedAt !== null)
    return Temporal.Instant.compare(Temporal.Instant.from(usedAt).add({ hours: SESSION_HOURS }), now) > 0
  return state === 'waiting' || state === 'sent'
}

const DONE: Readonly<Record<string, string>> = {
  sent: 'The letter with the link is on its way.',
  revoked: 'The link does not work any more, and what it opened is closed.',
}

/** The links of a case for its page, for whoever may send them; and where one may be sent, by step and key. */
export async function presentLinks(parts: CaseParts, seen: SeenCase, { actor, query }: RouteRequest) {
  if (!maySendLinks(actor, seen)) return { links: null, linkMessage: null, linkTo: () => null }
  const { record } = seen
  const lines = await readLinkLines(parts, parts.database.db, record)
  const isOpen = record.state.status === 'open'
  const open = isOpen ? record.state.steps.filter((one) => one.state === 'open' && canBeAskedByLink(record, one)) : []
  const href = caseHref(record.reference)
  return {
    links: lines.map((one) => ({
      ...one,
      state: TAGS[one.state],
      sentOn: longDate(one.sentOn),
      lastDay: longDate(one.lastDay),
      revoke: canEnd(one, parts.clock.now()) ? `${href}/links/${one.id}/revoke` : null,
      href: actor.capabilities.has('see-messages') ? `/messages/${one.message}` : null,
    })),
    linkMessage: DONE[query.get('link') ?? ''] ?? null,
    linkTo: (step: string, key: string) =>
      open.some((one) => one.step === step && one.key === key)
        ? `${href}/steps/${step}/link${key ? `?key=${encodeURIComponent(key)}` : ''}`
        : null,
  }
}
