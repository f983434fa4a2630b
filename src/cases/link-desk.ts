import { type LinkFacts, listLinks, type OneTimeLink, stateOfLink } from '../accounts/index.ts'
import {
  type ComposedMessage,
  composeLetter,
  findRecipients,
  type Holder,
  type PresentedDraft,
  type ProposedRecipient,
  presentDraft,
  readDelivery,
  TOKEN_PLACE,
} from '../messages/index.ts'
import { type Actor, isMachine } from '../platform/actor.ts'
import type { Db } from '../platform/db.ts'
import { accept, type Decision, refuse } from '../platform/decision.ts'
import { findLetter, isGroup, type Letter, type Pack } from '../programmes/index.ts'
import { caseHref, stepHref } from './case-page.ts'
import type { CaseParts } from './case-parts.ts'
import type { StepState } from './case-state.ts'
import type { CaseRecord } from './case-store.ts'
import { readLetterFacts } from './letter-facts.ts'
import { resolverOf, situationOf } from './letter-recipients.ts'
import { noStepWords, openStepsOf } from './present-case.ts'
import type { SeenCase } from './read-case.ts'
import { letterCall, openDesk, type StepDesk } from './run-step.ts'
import { actKeyAt } from './who-acts.ts'
import { hatInCase } from './who-sees.ts'

type LinkLetter = Letter & { readonly link: NonNullable<Letter['link']> }

/** The letter with which a programme sends links to people outside; undefined where it sends none. */
function findLinkLetter(pack: Pick<Pack, 'letters'>): LinkLetter | undefined {
  const letter = findLetter(pack, { use: 'one-time-link' })
  return letter?.link && { ...letter, link: letter.link }
}

/** Whether somebody may send links of a case, see them and end them: one of the parties that the pack names for it. */
export function maySendLinks(actor: Actor, seen: SeenCase): boolean {
  const letter = findLinkLetter(seen.record.pack)
  if (!letter || !seen.whole) return false
  return isMachine(actor) || hatInCase(actor, seen, letter.link.by) !== undefined
}

/** Whether an open step waits for somebody whom a link may go to. */
export function canBeAskedByLink(record: CaseRecord, { acts }: Pick<StepState, 'acts'>): boolean {
  const rules = findLinkLetter(record.pack)?.to ?? []
  return rules
    .flatMap((rule) => (isGroup(rule) ? rule['any-of'] : [rule]))
    .some(({ role = '', of }) => {
      const key = of === 'trust' ? record.trustUid : String(record.urn ?? '')
      return key ? acts.includes(actKeyAt(record, { role, of, key })) : false
    })
}

/** Somebody whom a link may go to: who holds one of the letter's roles at the place and may do the step. */
export type LinkReader = Holder & { readonly personId: number; readonly by: ProposedRecipient }

/** A link before it is sent: to whom, until when, and its letter. */
export type LinkDesk = {
  readonly record: CaseRecord
  readonly open: StepState
  readonly title: string
  readonly readers: readonly LinkReader[]
  readonly chosen: LinkReader | undefined
  /** ISO date: the last day on which it works. */
  readonly lastDay: string
  readonly madeAs: string
  readonly composed: Decision<ComposedMessage>
  readonly draft: PresentedDraft
  readonly stepDesk: StepDesk
}

export type LinkAsk = {
  readonly step: string
  readonly key: string
  /** Address of whom it is for, where several may do the step. */
  readonly to: string
  readonly by: Actor
}

/** What a link for an open step would be. Refuses `not-responsible`, `step.unknown`, `moved-on` and `link.inside`. */
export async function openLinkDesk(
  parts: CaseParts,
  db: Db,
  seen: SeenCase,
  { step, key, to, by }: LinkAsk,
): Promise<Decision<LinkDesk>> {
  const { record } = seen
  const letter = findLinkLetter(record.pack)
  if (!letter || !maySendLinks(by, seen))
    return refuse({ code: 'not-responsible', message: 'You may not send links of this case' })
  const desk = await openDesk(parts, db, record, { step, key, body: {}, by })
  if (!desk || desk.isAction) return refuse({ code: 'step.unknown', message: noStepWords(record, step) })
  const { open } = desk
  if (!open || record.state.status !== 'open')
    return refuse({ code: 'moved-on', message: `${desk.step.title} does not wait for anybody now. No link was sent` })
  if (!canBeAskedByLink(record, open))
    return refuse({
      code: 'link.inside',
      message: `${desk.step.title} is not for the school or trust: who does it signs in`,
    })
  const call = letterCall(db, desk, { body: {}, by })
  const situation = situationOf(letter, { ...call, outcome: '' })
  const found = (await findRecipients(situation, resolverOf(db, record.pack))).filter(
    ({ role, of, place }) =>
      role !== null && place !== null && open.acts.includes(actKeyAt(record, { role, of, key: place.key })),
  )
  const readers = readersOf(found)
  const chosen = readers.length === 1 ? readers[0] : readers.find(({ email }) => email === to)
  const shown = chosen ?? readers[0]
  const today = desk.context.today
  const lastDay = Temporal.PlainDate.from(today).add({ days: letter.link.days }).toString()
  const one = openStepsOf(record, today).find((line) => line.step === open.step && line.key === open.key)
  const title = one?.title ?? desk.step.title
  const origin = parts.letters?.origin ?? ''
  const facts = {
    ...(await readLetterFacts(call, {}, { origin, isAhead: false })),
    ...readerFacts(record.pack, shown),
    'step.title': title,
    'step.due': open.dueOn,
    'link.once': `${origin}/link/${TOKEN_PLACE}`,
    'link.ends': lastDay,
  }
  const recipients = shown ? [{ ...shown.by, group: null, offered: false, holders: [shown] }] : found
  const composed = composeLetter(situation, facts, recipients)
  const madeAs = facts['sender.role']
  return accept({
    ...{ record, open, title, readers, chosen, lastDay, composed, stepDesk: desk },
    madeAs: typeof madeAs === 'string' ? madeAs : record.pack.title,
    draft: presentDraft(recipients, {}, composed),
  })
}

/** The letter speaks to its reader, whoever else is the contact of the case. */
function readerFacts(pack: Pack, reader: LinkReader | undefined) {
  if (!reader) return {}
  return {
    'contact.name': reader.name,
    'contact.role': pack.roles[reader.by.role ?? '']?.title ?? reader.by.roleTitle,
    'contact.reach': reader.email,
  }
}

function readersOf(found: readonly ProposedRecipient[]): LinkReader[] {
  const all = found.flatMap((by) =>
    by.holders.flatMap((holder) => {
      const { personId } = holder
      return typeof personId === 'number' ? [{ ...holder, personId, by }] : []
    }),
  )
  return all.filter(({ personId }, at) => all.findIndex((one) => one.personId === personId) === at)
}

/** What a link of a case is judged by today. */
export async function readLinkFacts(
  { clock }: Pick<CaseParts, 'clock'>,
  db: Db,
  record: CaseRecord,
  link: OneTimeLink,
): Promise<LinkFacts> {
  const today = clock.today().toString()
  const { role, placeKey: key, lastDay, isSent, endedBecause, email } = link
  const of = link.placeKind === 'trust' ? 'trust' : 'school'
  const open = openingOf(record, link)
  const holders = await resolverOf(db, record.pack)({ role, of, place: { key, name: '' }, on: today })
  const mine = holders.find(({ personId }) => personId === link.personId)
  return {
    ...{ today, lastDay, isSent, endedBecause, email },
    isUsed: link.usedAt !== null,
    isAsked: record.state.status !== 'closed' && open?.acts.includes(actKeyAt(record, { role, of, key })) === true,
    holdsRole: mine !== undefined,
    sameAddress: mine?.email.toLowerCase() === email.toLowerCase(),
  }
}

/** The opening of the step that a link was sent for, while it is open. */
function openingOf({ state }: CaseRecord, { part }: Pick<OneTimeLink, 'part'>): StepState | undefined {
  return state.steps.find(({ seq, state: how }) => seq === part && how === 'open')
}

/** What a link was sent for, as its step is called, and where it leads: to the step, and to the case once it is done. */
export function stepOfLink(record: CaseRecord, link: OneTimeLink, today: string): { title: string; href: string } {
  const step = record.state.steps.find(({ seq }) => seq === link.part)
  if (!step) throw new Error('The step of a link is gone')
  const line = openStepsOf(record, today).find((one) => one.step === step.step && one.key === step.key)
  const flow = record.pack.process?.flows?.[record.flow]
  const title = line?.title ?? flow?.steps[step.step]?.title ?? step.step
  const { reference } = record
  return { title, href: step.state === 'open' ? stepHref(reference, step.step, step.key) : caseHref(reference) }
}

/** A link as pages and the API tell it; nothing of it opens it. */
export type LinkLine = {
  readonly id: number
  readonly to: string
  readonly role: string
  readonly step: string
  readonly title: string
  readonly sentOn: string
  readonly sentBy: string
  readonly lastDay: string
  readonly state: ReturnType<typeof stateOfLink>['state']
  readonly why: string
  readonly usedAt: string | null
  readonly delivery: string
  readonly message: number
}

/** The links of a case, newest first, each as it stands today. */
export async function readLinkLines(
  parts: Pick<CaseParts, 'clock'>,
  db: Db,
  record: CaseRecord,
): Promise<readonly LinkLine[]> {
  const links = await listLinks(db, { record: 'case', key: record.reference })
  if (links.length === 0) return []
  const sent = await readDelivery(db, { record: 'case', key: record.reference })
  const today = parts.clock.today().toString()
  const lines: LinkLine[] = []
  for (const link of links) {
    const { state, why } = stateOfLink(await readLinkFacts(parts, db, record, link))
    const letter = sent.find(({ messageId }) => messageId === link.messageId)
    lines.push({
      ...{ id: link.id, to: link.personName, sentOn: link.madeOn, sentBy: link.madeBy, lastDay: link.lastDay, state },
      role: record.pack.roles[link.role]?.title ?? link.role,
      step: record.state.steps.find(({ seq }) => seq === link.part)?.step ?? '',
      title: stepOfLink(record, link, today).title,
      why: letter?.trouble && (state === 'sent' || state === 'waiting') ? `Not delivered: ${letter.trouble}` : why,
      usedAt: link.usedAt?.toISOString() ?? null,
      delivery: letter?.state ?? 'queued',
      message: link.messageId,
    })
  }
  return lines
}
