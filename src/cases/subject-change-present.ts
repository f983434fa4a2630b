import type { Refusal } from '../platform/decision.ts'
import { type RouteRequest, textOf } from '../platform/web/route.ts'
import { longDate } from '../platform/words.ts'
import { capital, caseFrame, caseHref, dueInWords } from './case-page.ts'
import type { CaseRecord } from './case-store.ts'
import { daysLate, partyTitle } from './present-case.ts'
import type { SeenCase } from './read-case.ts'
import type { ChangeOption, ShownEffect, SubjectChange } from './subject-change.ts'
import type { ChangeDesk } from './subject-change-desk.ts'
import { changeInWords } from './subject-change-words.ts'

export function changeHref(reference: string, id: number): string {
  return `${caseHref(reference)}/subject-changes/${id}`
}

/** What was decided, in a few words: the head of its part on the case's page. */
function choiceTitle({ choice, toName, toUrn, fromUrn, fromName }: SubjectChange): string {
  if (choice === 'end') return 'The case ended'
  if (choice === 'keep') return `The case was kept with ${fromName}`
  return toUrn === fromUrn ? 'The case was taken along with the school' : `The case moved to ${toName}, URN ${toUrn}`
}

/** The changes of a case's school for its page: the one that waits, and what was decided before. */
export function presentChanges(record: CaseRecord, changes: readonly SubjectChange[], today: string) {
  const waiting = changes.find(({ choice }) => choice === null)
  return {
    waiting: waiting &&
      record.state.status !== 'closed' && {
        words: changeInWords(waiting),
        owner: partyTitle(record, waiting.party),
        due: dueOf(waiting, today),
        href: changeHref(record.reference, waiting.id),
      },
    decided: changes
      .filter(({ choice }) => choice !== null)
      .toReversed()
      .map((one) => ({
        title: choiceTitle(one),
        words: changeInWords(one),
        reason: one.reason,
        on: longDate(one.decidedOn),
        by: one.decidedBy,
        href: changeHref(record.reference, one.id),
      })),
    formerly: changes
      .filter(({ choice, fromUrn, toUrn }) => choice === 'move' && fromUrn !== toUrn)
      .map(({ fromName, fromUrn, decidedOn }) => ({
        title: 'Before',
        value: `${fromName}, URN ${fromUrn}, until ${longDate(decidedOn)}`,
        href: `/schools/${fromUrn}`,
      })),
  }
}

function dueOf({ dueOn }: SubjectChange, today: string): string {
  return dueInWords({ dueOn, workingDaysLate: daysLate(dueOn, today), delayTo: null })
}

/** The page of one change, with what each choice does side by side. */
export function presentChangePage(
  seen: SeenCase,
  desk: ChangeDesk,
  { body, refusals }: { body: RouteRequest['body']; refusals: readonly Refusal[] },
) {
  const { record } = seen
  const { change, options, today } = desk
  const wrong = (field: string) => {
    const found = refusals.find((one) => one.field === field)
    return found && { text: found.message }
  }
  const chosen = textOf(body, 'choice')
  const open = change.choice === null && !desk.isClosed
  return {
    ...caseFrame(seen, today, 'overview'),
    title: `Change in the register: ${change.fromName}`,
    heading: 'Change in the register',
    breadcrumbs: [
      { text: 'Cases', href: '/cases' },
      { text: record.reference, href: caseHref(record.reference) },
      { text: 'Change in the register' },
    ],
    school: { name: change.fromName, urn: change.fromUrn, href: `/schools/${change.fromUrn}` },
    events: change.events.map((one) => ({
      words: one.words,
      on: longDate(one.on),
      source: one.source && `${one.source}, as at ${longDate(one.sourceAsAt)}`,
    })),
    owner: desk.ownerTitle,
    due: open ? capital(dueOf(change, today)) : null,
    isOpen: open,
    changeId: change.id,
    may: desk.may && open,
    seenMark: desk.mark,
    columns: options.map(({ title, unavailable }) => ({ title, unavailable })),
    rows: change.choice === null ? rowsOf(options) : [],
    impossible: options.flatMap(({ title, unavailable }) =>
      unavailable ? [`${title}: not possible. ${unavailable}.`] : [],
    ),
    radios: options.filter(({ unavailable }) => unavailable === null).map((one) => radioOf(one, chosen)),
    typedReason: textOf(body, 'reason'),
    wrong: { choice: wrong('choice'), reason: wrong('reason') },
    decision: change.choice && {
      title: choiceTitle(change),
      reason: change.reason,
      on: longDate(change.decidedOn),
      by: change.decidedBy && asWords(record, change),
      effects: change.effects ?? [],
    },
    href: caseHref(record.reference),
  }
}

function asWords({ pack }: CaseRecord, { decidedBy, decidedAs }: SubjectChange): string {
  return decidedAs ? `${decidedBy} (${pack.roles[decidedAs]?.title ?? decidedAs})` : (decidedBy ?? '')
}

function radioOf({ choice, title, target }: ChangeOption, chosen: string) {
  const value = target?.urn ? `${choice}-${target.urn}` : choice
  return { value, text: title, checked: value === chosen }
}

/** One row for each side that any choice touches, one cell for each choice. */
function rowsOf(options: readonly ChangeOption[]) {
  const sides = new Map<ShownEffect['id'], string>()
  for (const { effects } of options) for (const { id, title } of effects) sides.set(id, title)
  return [...sides].map(([id, title]) => ({
    title,
    cells: options.map((one) => ({
      option: one.title,
      words: one.effects.find((effect) => effect.id === id)?.words ?? [],
      isUnavailable: one.unavailable !== null,
    })),
  }))
}

export function changeJson({ change, options, ownerTitle, mark, isClosed }: ChangeDesk) {
  return {
    ...changeLineJson(change),
    owner: ownerTitle,
    closed: isClosed,
    seen: mark,
    options:
      change.choice === null ? options.map(({ target, ...one }) => ({ ...one, successor: target?.urn ?? null })) : [],
  }
}

/** A change as the case's own JSON lists it. */
export function changeLineJson(change: SubjectChange) {
  const { id, fromUrn, fromName, events, dueOn, choice, toUrn, toName, reason, effects } = change
  return {
    id,
    from: { urn: fromUrn, name: fromName },
    events: events.map(({ kind, words, on, source, sourceAsAt }) => ({ kind, words, on, source, sourceAsAt })),
    dueOn,
    decision: choice && {
      choice,
      to: toUrn === null ? null : { urn: toUrn, name: toName },
      reason,
      on: change.decidedOn,
      by: change.decidedBy,
      as: change.decidedAs,
      effects,
    },
  }
}
