import { type Actor, covers, isMachine } from '../platform/actor.ts'
import { countOf, longDate, lowerFirst } from '../platform/words.ts'
import type { CaseRecord } from './case-store.ts'
import { nextStages } from './decide-step.ts'
import type { Holder } from './holders.ts'
import { actionsOf, besideOf, flowOf, type OpenStep, openStepsOf } from './present-case.ts'
import { answerInWords } from './present-fields.ts'
import type { SeenCase } from './read-case.ts'
import { placeOf } from './read-facts.ts'
import { kindInWords } from './subject-kind.ts'
import { findHat, keysOfRole } from './who-acts.ts'
import { doneStepsFor } from './who-reads.ts'
import { workOf } from './work-facts.ts'
import { formTabs, workTabs } from './work-frame.ts'

export function caseHref(reference: string): string {
  return `/cases/${encodeURIComponent(reference)}`
}

/** Where one date of a case is had as a file for a calendar; `id` tells which of its days (`case-dates.ts`). */
export function dateFileHref(reference: string, id: string): string {
  return `${caseHref(reference)}/dates/${id}.ics`
}

export function stepHref(reference: string, step: string, key: string): string {
  return `${caseHref(reference)}/steps/${step}${key ? `?key=${encodeURIComponent(key)}` : ''}`
}

/** "by 13 November 2023", "by 13 November 2023, 2 working days late", "no date". */
export function dueInWords({
  dueOn,
  workingDaysLate,
  delayTo,
}: Pick<OpenStep, 'dueOn' | 'workingDaysLate' | 'delayTo'>): string {
  if (!dueOn) return 'no date set'
  const late = workingDaysLate > 0 ? `, ${countOf(workingDaysLate, 'working day')} late` : ''
  const delay = delayTo ? `; delay reported, now expected ${longDate(delayTo)}` : ''
  return `by ${longDate(dueOn)}${late}${delay}`
}

/** The head of every page of a case: number, name, one line that says where things stand, and the tabs. */
export function caseFrame({ record, leader }: SeenCase, today: string, tab: string) {
  const flow = flowOf(record)
  const href = caseHref(record.reference)
  const stage = flow.stages.find(({ id }) => id === record.state.stage)
  const open = openStepsOf(record, today)
  const waiting = [...new Set(open.map(({ partyTitle }) => lowerFirst(partyTitle)))]
  const { status } = record.state
  const words =
    status === 'closed'
      ? `Closed on ${longDate(record.closedOn)}.`
      : `Stage ${record.state.stage}, ${lowerFirst(stage?.title ?? '')}. ${waiting.length > 0 ? `Waiting for: ${new Intl.ListFormat('en-GB').format(waiting)}.` : ''}`
  // Of two cases beside each other each has a title of its own.
  const titled = [...(record.parent ? [lowerFirst(flow.title)] : []), ...(tab === 'overview' ? [] : [tab])]
  return {
    title: [record.name, titled.join(', ')].filter(Boolean).join(': '),
    heading: record.name,
    caption: `Case ${record.reference} · ${flow.title}`,
    section: 'cases',
    wide: true,
    breadcrumbs: [{ text: 'Cases', href: '/cases' }, { text: record.reference }],
    where: { words, held: status === 'held', closed: status === 'closed', byException: record.byException },
    leader,
    tabs: [
      { text: 'Overview', href, active: tab === 'overview' },
      ...(workOf(record) ? workTabs(record.reference) : []),
      ...formTabs(record),
      { text: 'Messages', href: `${href}/messages`, active: tab === 'messages' },
      { text: 'History', href: `${href}/history`, active: tab === 'history' },
    ],
  }
}

/** Open steps that are the reader's own, with the way to each. */
export function presentOwn({ reference }: CaseRecord, steps: readonly OpenStep[]) {
  return steps.map((one) => ({
    ...one,
    due: capital(dueInWords(one)),
    href: stepHref(reference, one.step, one.key),
    button: buttonOf(one.title),
  }))
}

type PagePeople = { readonly holders: readonly Holder[]; readonly acts: ReadonlyMap<string, readonly string[]> }

/** The overview of a case as its template prints it. */
export function presentCase(seen: SeenCase, actor: Actor, today: string, { holders, acts }: PagePeople) {
  const { record } = seen
  const flow = flowOf(record)
  const order = flow.stages.map(({ id }) => id)
  const now = order.indexOf(record.state.stage)
  const open = openStepsOf(record, today).map((one) => {
    const mine = isMachine(actor) || findHat(actor, acts.get(`${one.step}/${one.key}`) ?? []) !== undefined
    const mayRecord = mine || isProxy(record, one.step, actor)
    const href = stepHref(record.reference, one.step, one.key)
    return { ...one, mine, due: capital(dueInWords(one)), href: mayRecord ? href : null, button: buttonOf(one.title) }
  })
  const held = record.state.status === 'held'
  return {
    ...caseFrame(seen, today, 'overview'),
    stages: flow.stages.map(({ id, title }, place) => ({ id, title, current: place === now, past: place < now })),
    mine: held ? [] : open.filter(({ mine }) => mine),
    others: open.filter(({ mine }) => !mine || held),
    nothingOpen: nothingOpen(record),
    next: nextStages(flow, record.state).map((id) => flow.stages.find((one) => one.id === id)?.title ?? id),
    actions: actionsFor(seen, actor),
    done: doneStepsFor(seen, actor)
      .toReversed()
      .map((one) => presentDone(record, one, today)),
    basis: record.basis.rows,
    basisOn: record.basis.on,
    programmeRef: `${record.programme}@${record.edition}`,
    programmeTitle: record.pack.title,
    version: record.pack.version,
    facts: factsOfSubject(seen, actor),
    material: flow.material ?? [],
    casesBeside: besideOf(record).map((one) => ({ ...one, href: caseHref(one.reference) })),
    people: peopleOf(record, holders),
    gaps: gapsOf(record, holders),
  }
}

function nothingOpen({ state }: CaseRecord): string {
  if (state.status === 'closed') return 'The case is closed. Everything that was done stays here.'
  return 'Nothing is open in this case.'
}

function isProxy(record: CaseRecord, step: string, actor: Actor): boolean {
  const proxy = flowOf(record).steps[step]?.proxy
  const roles = proxy ? (record.pack.process?.parties[proxy.by]?.roles ?? []) : []
  return actor.hats.some(({ programme, role }) => programme === record.programme && roles.includes(role))
}

/** What somebody may do besides the open steps: by a role that holds for the places of this case, or as its leader. */
function actionsFor({ record, leader }: SeenCase, actor: Actor) {
  const place = { ...placeOf(record, undefined), leader: leader?.reference ?? null }
  return actionsOf(record)
    .filter(({ party }) => {
      const roles = record.pack.process?.parties[party]?.roles ?? []
      const acts = roles.flatMap((role) => keysOfRole(record.pack, role, place))
      return isMachine(actor) || findHat(actor, acts) !== undefined
    })
    .map(({ id, title }) => ({ title, href: `${caseHref(record.reference)}/actions/${id}` }))
}

function readersOf(record: CaseRecord, step: string): string {
  const { steps, anytime } = flowOf(record)
  const parties = (steps[step] ?? anytime?.[step])?.reads ?? []
  return parties.map((party) => record.pack.process?.parties[party]?.title ?? party).join(', ')
}

/** A step that was done as its page prints it. Answers stand in the order in which the pack asks for them. */
export function presentDone(record: CaseRecord, one: ReturnType<typeof doneStepsFor>[number], today: string) {
  const flow = flowOf(record)
  const fields = flow.steps[one.step]?.fields ?? flow.anytime?.[one.step]?.fields ?? {}
  const isProxied = flow.steps[one.step]?.proxy !== undefined
  // A field of the pack may be called "reason" or "note"; what was typed there is told once.
  const said = new Set(Object.values(one.fields))
  const reasons = [...new Set(Object.values(one.reasons))]
    .filter((value) => !said.has(value))
    .map((value) => ({ title: 'Reason', value, calendar: null }))
  const answers = Object.entries(fields).flatMap(([name, field]) => {
    const value = one.fields[name]
    if (value === undefined || value.length === 0) return []
    const isDate = field.type === 'date'
    // A day that lies ahead can be taken into one's own calendar.
    const isAhead = isDate && !field.past && String(value) >= today && name in (flow.steps[one.step]?.fields ?? {})
    const calendar = isAhead ? dateFileHref(record.reference, `agreed-${one.seq}-${name}`) : null
    return [{ title: field.title, value: isDate ? longDate(String(value)) : answerInWords(field, value), calendar }]
  })
  return {
    title: one.title,
    outcome: one.outcomeTitle,
    on: longDate(one.doneOn),
    by: one.doneBy && (one.doneAs ? `${one.doneBy} (${one.doneAs})` : one.doneBy),
    late: one.workingDaysLate > 0 ? `${countOf(one.workingDaysLate, 'working day')} late` : null,
    superseded: one.superseded,
    withheld: one.isWithheld ? readersOf(record, one.step) : null,
    answers: [
      ...answers,
      ...reasons,
      ...(one.note && !said.has(one.note)
        ? [{ title: isProxied ? 'Recorded on the word of' : 'Note', value: one.note, calendar: null }]
        : []),
    ],
  }
}

function factsOfSubject({ record, leader }: SeenCase, actor: Actor) {
  const fact = (title: string, value: string | null | undefined, href: string | null = null) => ({
    title,
    value: value ?? '',
    href,
  })
  // A programme without days of a leader has none to show.
  const countsDays = Object.values(record.pack.entitlements ?? {}).some(({ unit }) => unit === 'day')
  return [
    fact('School', record.urn === null ? null : `${record.name}, URN ${record.urn}`, `/schools/${record.urn}`),
    fact('Kind', capital(kindInWords(record.kind))),
    fact('Trust', record.trustName, `/trusts/${record.trustUid}`),
    fact('Phase', record.phase),
    fact('Local authority', record.authorityName, `/authorities/${record.authorityCode}`),
    fact('Diocese', record.diocese),
    fact('Region', record.region),
    ...(countsDays ? [fact('Level of support', capital(record.state.level))] : []),
    ...(countsDays || leader
      ? [
          fact(
            'Leader',
            leader ? `${leader.name}, ${leader.organisation}` : 'none yet',
            leader && seesRosterOf(leader, actor) ? `/leaders/${encodeURIComponent(leader.reference)}` : null,
          ),
        ]
      : []),
    fact('Days agreed', record.parent || !countsDays ? null : String(record.state.agreedHalfDays / 2)),
    fact('Extra days', record.state.extraHalfDays ? String(record.state.extraHalfDays / 2) : null),
  ].filter(({ value }) => value !== '')
}

/** The leader's own page is part of the roster: whoever has no part in that reads only the name. */
function seesRosterOf({ reference, region }: NonNullable<SeenCase['leader']>, actor: Actor): boolean {
  if (isMachine(actor)) return true
  return actor.capabilities.has('see-leaders') && covers(actor.scope, { region, leader: reference })
}

/**
 * Everybody who has a part in this case by a role for its places; those for all of England are left out where a nearer one is
 * there. Whoever may look and do nothing has no part in it.
 */
function peopleOf(record: CaseRecord, holders: readonly Holder[]) {
  const onlyLooks = ({ role }: Holder) =>
    record.pack.roles[role]?.may?.every((capability) => capability.startsWith('see-')) ?? false
  return holders
    .filter((holder) => !onlyLooks(holder))
    .slice(0, 20)
    .map(({ role, name, email }) => ({ role: record.pack.roles[role]?.title ?? role, name, email }))
}

/** What is missing in the contacts: named, so that somebody can mend it (TSI-019). */
function gapsOf(record: CaseRecord, holders: readonly Holder[]): string[] {
  const bodies: readonly string[] =
    record.subjectKind === 'school' ? ['authority', ...(record.diocese ? ['diocese'] : [])] : []
  return Object.entries(record.pack.roles)
    .filter(([id, role]) => bodies.includes(role['contact-of'] ?? '') && !holders.some((holder) => holder.role === id))
    .map(([, { title }]) => `No ${lowerFirst(title)} is recorded. An administrator keeps the contacts, under People.`)
}

function buttonOf(title: string): string {
  return title.length > 34 ? 'Do this now' : title
}

export function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}
