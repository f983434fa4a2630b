import { sql } from 'kysely'
import { academicYear, type LeaderVocabulary, readCapacity, readConflicts } from '../leaders/index.ts'
import type { Db } from '../platform/db.ts'
import { type CaseFacts, findNextTerm, LeaderFact, type Pack, SubjectFact } from '../programmes/index.ts'
import { type Answers, findOpen, findStep, isDone } from './case-state.ts'
import type { CaseRecord } from './case-store.ts'
import type { ClaimFacts, StoredForm } from './form-state.ts'
import { daysOnDate, type LogItem } from './log-item.ts'
import type { CasePlace } from './who-acts.ts'

/** What else a case's facts come from: counts of a log's items by state, the state of a form's sections. */
export type MoreFacts = {
  readonly items: ReadonlyMap<string, number>
  readonly sections: ReadonlyMap<string, string>
  /** Days of a log's items by log and state, in words. */
  readonly listed?: ReadonlyMap<string, string>
  readonly delivered: number
  readonly validated: number
  /** What the form's sections hold, by "section/field"; what is claimed, in pounds. */
  readonly entries?: ReadonlyMap<string, string>
  readonly claimed?: number
  /** How the last letter of each kind stands. */
  readonly letters?: ReadonlyMap<string, string>
  /** The log that the counts come from, and the form with what may be claimed, for whoever goes on with them. */
  readonly log?: readonly LogItem[]
  readonly form?: { readonly stored: StoredForm; readonly claim: ClaimFacts }
}

export const NO_MORE_FACTS: MoreFacts = { items: new Map(), sections: new Map(), delivered: 0, validated: 0 }

/** The leader at hand of a step: who is named in it, else who is asked, else who works on the case. */
export type LeaderAtHand = LeaderFact & { readonly id: number }

export async function findLeaderAtHand(
  db: Db,
  record: CaseRecord,
  {
    reference = null,
    id = null,
    judged,
  }: { reference?: string | null; id?: number | null; judged?: LeaderJudged | undefined },
): Promise<LeaderAtHand | undefined> {
  if (reference === null && id === null) return undefined
  const { rows } = await sql<Pick<LeaderAtHand, 'id' | 'reference' | 'name' | 'type' | 'region'>>`
    select id, reference, coalesce(nullif(name, ''), reference) as name, type, region from leader
    where case when ${reference}::text is null then id = ${id} else reference = ${reference} end`.execute(db)
  const [row] = rows
  if (!row) return undefined
  const judgement = judged
    ? await judgeLeader(db, record, row.reference, judged)
    : { conflict: null, freeDays: null, terms: null }
  const fact = new LeaderFact({ ...row, type: record.matchedAs ?? row.type, ...judgement })
  return Object.assign(fact, { id: row.id })
}

/** By what a leader's days and ties are judged, which costs more than all the rest of a leader. */
export type LeaderJudged = { readonly vocabulary: LeaderVocabulary; readonly today: string }

const JUDGED = ['leader.conflict', 'leader.freeDays', 'freeDaysAhead(']

/** Whether a condition in a part of a pack asks for a leader's days or ties. */
export function asksOfLeader(part: unknown): boolean {
  const text = JSON.stringify(part) ?? ''
  return JUDGED.some((words) => text.includes(words))
}

async function judgeLeader(db: Db, record: CaseRecord, reference: string, { vocabulary, today }: LeaderJudged) {
  // Days count where the work would be: in the terms that are not over yet.
  const window = vocabulary.terms.filter((term) => term.to >= today)
  const [capacity] = await readCapacity(db, window, [reference])
  const urns = await urnsOf(db, record)
  const conflictOf = await readConflicts(db, {
    leaders: [reference],
    urns,
    switches: switchesOf(record.pack),
    year: academicYear(today),
  })
  return {
    conflict: urns.some((urn) => conflictOf(reference, urn).conflicts.length > 0),
    freeDays: (capacity?.freeHalfDays ?? 0) / 2,
    terms: window.map(({ to }, at) => ({ to, freeDays: (capacity?.capacity[at]?.free ?? 0) / 2 })),
  }
}

/** The school of a case, or the schools of its trust. */
export async function urnsOf(db: Db, { urn, trustUid }: CaseRecord): Promise<number[]> {
  if (urn !== null) return [urn]
  const { rows } = await sql<{ urn: number }>`select urn from establishment
    where trust_uid = ${trustUid} and urn is not null`.execute(db)
  return rows.map((row) => row.urn)
}

function switchesOf(pack: Pack) {
  const conflicts = pack.matching?.conflicts ?? {}
  return { authority: conflicts['same-authority']?.active ?? false, diocese: conflicts.diocese?.active ?? false }
}

const PRIMARY_AGE = 11

/** The subject as conditions see it. */
export function subjectFact(record: CaseRecord): SubjectFact {
  const { kind, name, phase, region, typeGroup, diocese, lowAge, trustName } = record
  return new SubjectFact({
    kind,
    name,
    phase: (phase ?? '').toLowerCase(),
    region: region ?? '',
    maintained: /maintained|^Special/.test(typeGroup ?? '') && kind === 'single school',
    inTrust: kind !== 'single school',
    hasDiocese: diocese !== null,
    primaryAge:
      /primary|all-through|nursery|infant|junior/i.test(phase ?? '') || (lowAge !== null && lowAge < PRIMARY_AGE),
    special: /special/i.test(record.type ?? ''),
    trust: trustName ?? '',
  })
}

/** The facts of a case for its conditions, with what is being entered now. */
export function factsOf(
  record: CaseRecord,
  given: {
    readonly leader: LeaderFact | undefined
    readonly entered: Answers
    readonly contacts: ReadonlySet<string>
    readonly today: string
    readonly more: MoreFacts
  },
): CaseFacts {
  const { state, parent } = record
  const flow = record.pack.process?.flows?.[record.flow]
  // What a flow beside another does not have itself, it asks of the case that it stands beside.
  const isOwn = (step: string) => step in (flow?.steps ?? {}) || step in (flow?.anytime ?? {})
  const stateOf = (step: string) => (parent && !isOwn(step) ? parent.state : state)
  const days = parent?.state ?? state
  const textOf = (value: string | readonly string[] | undefined) =>
    typeof value === 'string' ? value : (value ?? []).join(', ')
  return {
    subject: subjectFact(record),
    leader: given.leader,
    today: given.today,
    agreed: days.agreedHalfDays / 2,
    extra: days.extraHalfDays / 2,
    delivered: given.more.delivered,
    validated: given.more.validated,
    level: state.level,
    claimed: given.more.claimed ?? 0,
    done: (step) => {
      const [name = '', key] = step.split('/')
      const asked = stateOf(name)
      return key === undefined ? isDone(asked, name) : findStep(asked, name, key)?.state === 'done'
    },
    isOpen: (step) => findOpen(stateOf(step), step) !== undefined,
    outcome: (step) => findStep(stateOf(step), step)?.outcome ?? '',
    answer: (step, field) => textOf(findStep(stateOf(step), step)?.fields[field]),
    asked: (field) => textOf(parent?.state.steps.find(({ seq }) => seq === record.begunBySeq)?.fields[field]),
    day: (step) => findStep(stateOf(step), step)?.doneOn ?? '',
    field: (name) => textOf(given.entered[name]),
    contact: (role) => given.contacts.has(role),
    flag: (name) => state.flags[name] !== undefined,
    items: (log, logState) => given.more.items.get(logState ? `${log}/${logState}` : log) ?? 0,
    daysOnDate: () => daysOnDate(given.more.log ?? [], given.entered, state.leaderId),
    listed: (log, logState) => given.more.listed?.get(`${log}/${logState}`) ?? '',
    child: (name) => {
      const of = (parent?.pack ?? record.pack).process?.flows?.[parent?.flow ?? record.flow]?.children?.[name]?.flow
      const [undecided] = (parent ?? record).children.filter((one) => one.flow === of && one.standing === 'open')
      return (undecided ?? (parent ?? record).children.findLast((one) => one.flow === of))?.standing ?? ''
    },
    childIsAt: (name, step) => {
      const of = flow?.children?.[name]?.flow
      return record.children.some((one) => one.flow === of && one.openSteps.includes(step))
    },
    termAfter: (day) => (day && findNextTerm(record.pack.terms?.default ?? [], day)?.from) || '',
    freeDaysAhead: (weeks) => {
      const day = Temporal.PlainDate.from(given.today).add({ weeks }).toString()
      const ahead = (given.leader?.terms ?? []).toSorted((a, b) => a.to.localeCompare(b.to)).find(({ to }) => to >= day)
      return ahead?.freeDays ?? Number.NaN
    },
    section: (name) => given.more.sections.get(name) ?? 'empty',
    entry: (section, field) => given.more.entries?.get(`${section}/${field}`) ?? '',
    rows: () => 0,
    letter: (id) => given.more.letters?.get(id) ?? '',
    basis: (row) => record.basis.rows.some(({ id }) => id === row) || record.basis.origin === row,
  }
}

export function placeOf(record: CaseRecord, leader: LeaderFact | undefined): CasePlace {
  const { region, authorityCode, diocese, urn, trustUid } = record
  return {
    region,
    authority: authorityCode,
    diocese,
    urn,
    trust: trustUid,
    leader: leader?.reference ?? null,
    leaderRegion: leader?.region ?? null,
  }
}
