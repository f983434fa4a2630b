import { createHash } from 'node:crypto'
import { type Actor, isMachine } from '../platform/actor.ts'
import type { Db } from '../platform/db.ts'
import { CLOSE } from '../programmes/index.ts'
import type { CaseParts } from './case-parts.ts'
import { applyEvent, type CaseState } from './case-state.ts'
import type { CaseRecord } from './case-store.ts'
import { readHolders } from './holders.ts'
import { openSteps } from './open-steps.ts'
import { flowOf, partyTitle } from './present-case.ts'
import { factsOf, findLeaderAtHand, NO_MORE_FACTS } from './read-facts.ts'
import type { ChangeFacts, ChangeOption, MoveTarget, SubjectChange } from './subject-change.ts'
import { keptDays, listTakenDays, listUsedDays } from './subject-change-days.ts'
import { type EffectFacts, effectsOf, readFormStanding, type ThenFacts } from './subject-change-effects.ts'
import { changeRule } from './subject-change-notice.ts'
import { findChange, findRegistered, findRival, listSuccessors, type RegisteredSchool } from './subject-change-store.ts'
import { findHat, rolesOf } from './who-acts.ts'
import { workOf, workTotals } from './work-facts.ts'

/** A change of a case's school with what each choice does, as the page shows it and a decision rests on it. */
export type ChangeDesk = ChangeFacts & {
  readonly record: CaseRecord
  readonly used: ReadonlyMap<number, number>
  readonly today: string
}

/** Undefined for a change that the case does not have. After a decision the options are as they were when it was made. */
export async function openChangeDesk(
  parts: CaseParts,
  db: Db,
  record: CaseRecord,
  { id, by }: { id: number; by: Actor },
): Promise<ChangeDesk | undefined> {
  const change = await findChange(db, record.id, id)
  if (!change) return undefined
  const today = parts.clock.today().toString()
  const used = await readUsed(db, record)
  const options = change.choice === null ? await readOptions(parts, db, record, { change, used, today }) : made(change)
  return {
    record,
    change,
    used,
    today,
    options,
    isClosed: record.state.status === 'closed',
    may: isMachine(by) || findHat(by, change.acts) !== undefined,
    ownerTitle: partyTitle(record, change.party),
    mark: markOf(record, change, options),
  }
}

/** What was decided, as an option: for answering the same decision sent twice. */
function made({ choice, toEstablishmentId, toUrn, toName, effects }: SubjectChange): ChangeOption[] {
  if (choice === null) return []
  const none = {
    trustUid: null,
    trustName: null,
    region: null,
    authorityCode: null,
    authorityName: null,
    diocese: null,
  }
  const target: MoveTarget | null =
    toEstablishmentId === null
      ? null
      : { ...none, establishmentId: toEstablishmentId, urn: toUrn, name: toName ?? '', kind: 'single school' }
  return [{ choice, title: '', target, unavailable: null, effects: effects ?? [] }]
}

/** The same as long as nothing that is shown has changed. */
function markOf(record: CaseRecord, change: SubjectChange, options: readonly ChangeOption[]): string {
  const shown = [record.version, change.id, change.events.map(({ registerEventId }) => registerEventId), options]
  return createHash('sha256').update(JSON.stringify(shown)).digest('hex').slice(0, 24)
}

function readUsed(db: Db, record: CaseRecord): Promise<Map<number, number>> {
  const log = workOf(record)?.log.of ?? ''
  const planned = flowOf(record).logs?.[log]?.states[0] ?? ''
  return listUsedDays(db, record.id, log, planned)
}

type Asked = { change: SubjectChange; used: ReadonlyMap<number, number>; today: string }

async function readOptions(parts: CaseParts, db: Db, record: CaseRecord, asked: Asked): Promise<ChangeOption[]> {
  const { change, used, today } = asked
  const taken = await listTakenDays(db, record.id)
  const facts: EffectFacts = {
    record,
    today,
    totals: await workTotals(db, record),
    taken,
    kept: keptDays(taken, used),
    holders: await readHolders(db, record, today),
    form: await readFormStanding(parts, db, record),
    tell: changeRule(flowOf(record)).tell ?? [],
  }
  const moves = await readMoves(db, record, change)
  const bare: Omit<ChangeOption, 'effects'>[] = [
    ...moves,
    { choice: 'end', title: 'End the case', target: null, unavailable: null },
    { choice: 'keep', title: `Keep the case with ${record.name}`, target: null, unavailable: null },
  ]
  const possible = bare.filter(({ unavailable }) => unavailable === null)
  const thens = possible.map((one) => recordThen(record, one, today))
  const money = (await parts.foreseeMoney?.(db, record, thens)) ?? []
  const options: ChangeOption[] = []
  for (const one of bare) {
    const place = possible.indexOf(one)
    const then = thens[place]
    const known = then && (await readThen(parts, db, facts, { then, target: one.target, money: money[place] ?? [] }))
    options.push({ ...one, effects: known ? effectsOf(facts, one, known) : [] })
  }
  return options
}

/** The case as it would be after a choice. */
function recordThen(record: CaseRecord, { choice, target }: Pick<ChangeOption, 'choice' | 'target'>, today: string) {
  if (target) return movedRecord(record, target)
  return choice === 'end' ? endedRecord(record, today) : record
}

/** To each open successor that the register names, or along with a school that is still there under its number. */
async function readMoves(db: Db, record: CaseRecord, change: SubjectChange): Promise<Omit<ChangeOption, 'effects'>[]> {
  const own = record.establishmentId === null ? undefined : await findRegistered(db, record.establishmentId)
  const goesOn = change.events.some(({ kind }) => kind === 'converted' || kind === 'merged' || kind === 'split')
  if (own?.isOpen && !goesOn) return [await moveTo(db, record, own, 'Take the case along with the school')]
  const successors = record.establishmentId === null ? [] : await listSuccessors(db, record.establishmentId)
  if (successors.length === 0) return [NO_SUCCESSOR]
  return Promise.all(successors.map((one) => moveTo(db, record, one, `Move the case to ${one.name}`)))
}

const NO_SUCCESSOR: Omit<ChangeOption, 'effects'> = {
  choice: 'move',
  title: 'Move the case to the successor',
  target: null,
  unavailable:
    'The register names no successor of this school. Once a file of links between schools names one, it is offered here',
}

async function moveTo(
  db: Db,
  record: CaseRecord,
  { status, isOpen, ...target }: RegisteredSchool,
  title: string,
): Promise<Omit<ChangeOption, 'effects'>> {
  const rival = await findRival(db, record, target.establishmentId)
  const unavailable = rival
    ? `${target.name} has an open case already: ${rival}`
    : isOpen
      ? null
      : `${target.name} is not open in the register: ${status ?? 'its state is not held'}`
  return { choice: 'move', title, target, unavailable }
}

async function readThen(
  parts: CaseParts,
  db: Db,
  { record, today, holders }: EffectFacts,
  { then, target, money }: { then: CaseRecord; target: MoveTarget | null; money: ThenFacts['money'] },
): Promise<ThenFacts> {
  const signers = signersOf(then, today)
  if (!target) return { holders, money, noContact: null, conflict: null, signers }
  const thenHolders = await readHolders(db, then, today)
  return {
    holders: thenHolders,
    money,
    noContact: noContactWords(then, { before: holders, after: thenHolders }, today),
    conflict: await conflictWords(parts, db, { now: record, then, today }),
    signers,
  }
}

/** Who signs for each party about this school: where the pack picks one role, that one. */
function signersOf(record: CaseRecord, today: string): Record<string, string> {
  const facts = bareFacts(record, today)
  const titles = Object.entries(record.pack.process?.parties ?? {}).map(([id, party]) => [
    id,
    rolesOf(party, facts)
      .map((role) => record.pack.roles[role]?.title ?? role)
      .join(' or '),
  ])
  return Object.fromEntries(titles)
}

function bareFacts(record: CaseRecord, today: string) {
  return factsOf(record, { leader: undefined, entered: {}, contacts: new Set(), today, more: NO_MORE_FACTS })
}

/** Whom letters name as the contact at the school or trust, and whoever of its own people had a role so far, where nobody is recorded for the place. */
function noContactWords(
  then: CaseRecord,
  holders: { readonly before: ThenFacts['holders']; readonly after: ThenFacts['holders'] },
  today: string,
): string | null {
  const { process, roles } = then.pack
  const party = Object.values(process?.parties ?? {}).find(({ contact }) => contact)
  const ofPlace = holders.before.map(({ role }) => role).filter((role) => roles[role]?.scope.includes('own'))
  const needed = [...(party ? rolesOf(party, bareFacts(then, today)).slice(0, 1) : []), ...ofPlace]
  const missing = [...new Set(needed)].filter((role) => !holders.after.some((one) => one.role === role))
  if (missing.length === 0) return null
  const titles = missing.map((role) => (roles[role]?.title ?? role).toLowerCase()).join(' and ')
  return `Nobody is recorded there as ${titles}: letters that must reach them do not go until an administrator enters who it is.`
}

async function conflictWords(
  { vocabulary }: CaseParts,
  db: Db,
  { now, then, today }: { now: CaseRecord; then: CaseRecord; today: string },
): Promise<string | null> {
  const asked = { id: now.state.leaderId, judged: { vocabulary: vocabulary(), today } }
  const [before, after] = [await findLeaderAtHand(db, now, asked), await findLeaderAtHand(db, then, asked)]
  if (!after?.conflict || before?.conflict) return null
  return `${after.name} has an interest in ${then.name} or its trust: settle that too.`
}

/** The case as it would be about another school; what it rests on and everything that was done stays (TSI-015). */
export function movedRecord(record: CaseRecord, target: MoveTarget): CaseRecord {
  const { establishmentId, urn, name, kind, trustUid, trustName, region, authorityCode, authorityName, diocese } =
    target
  return {
    ...record,
    establishmentId,
    urn,
    name,
    kind,
    trustUid,
    trustName,
    region,
    authorityCode,
    authorityName,
    diocese,
  }
}

/** What ends a case early: the same as an outcome of a step that leads to the end. */
export function endingEvents(record: CaseRecord, today: string) {
  const context = {
    pack: record.pack,
    flow: flowOf(record),
    state: record.state,
    today,
    opening: { bodies: [], leader: '' },
  }
  return openSteps(context, [], { next: [CLOSE] }, null)
}

function endedRecord(record: CaseRecord, today: string): CaseRecord {
  const state: CaseState = endingEvents(record, today).reduce(applyEvent, record.state)
  return { ...record, state, closedOn: today }
}
