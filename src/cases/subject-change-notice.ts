import { machineActor } from '../platform/actor.ts'
import { writeAudit } from '../platform/audit.ts'
import type { Db } from '../platform/db.ts'
import { runAsMachine } from '../platform/scope.ts'
import { longDate } from '../platform/words.ts'
import { type CaseFacts, type Flow, LeaderFact } from '../programmes/index.ts'
import { type RegisterEvent, sayEvent, takeEvents } from '../register/index.ts'
import type { CaseParts } from './case-parts.ts'
import { type CaseRecord, findCase, insertNotice } from './case-store.ts'
import { flowOf } from './present-case.ts'
import { findCaseLeader } from './read-case.ts'
import { factsOf, NO_MORE_FACTS, placeOf } from './read-facts.ts'
import { stepDue } from './step-clock.ts'
import { asksOwner, type SubjectEvent } from './subject-change.ts'
import { findWaiting, insertChange, insertEvents, listConcerned } from './subject-change-store.ts'
import { actKeys, type Owner } from './who-acts.ts'

const TAKER = 'open cases'
const BY = machineActor('Register', 'system')

/** Who decides, how soon, and whom the decision is told: as the pack says, else whoever begins a case. */
export function changeRule(flow: Flow): NonNullable<Flow['subject-changes']> {
  return flow['subject-changes'] ?? { by: flow.starts.by, cites: flow.starts.cites }
}

/**
 * Takes what the register showed since the last time and asks the owner of each open case whose school it concerns: a stored
 * question and a notice, once for each event. What is shown while a question waits is joined to it. To be called after every
 * import; calling it again changes nothing. Answers how many cases wait for a decision because of what was taken.
 */
export function noticeSubjectChanges(parts: Pick<CaseParts, 'database' | 'clock'>): Promise<number> {
  return runAsMachine(async () => {
    const { database, clock } = parts
    const today = clock.today().toString()
    const asked = new Set<string>()
    const handle = async (db: Db, events: readonly RegisterEvent[]) => {
      for (const reference of await askOwners(db, events, today)) asked.add(reference)
    }
    // Within a transaction that is under way, such as a day that is moved, each turn takes some.
    while ((await takeEvents(database.db, TAKER, handle)) > 0);
    return asked.size
  })
}

async function askOwners(db: Db, events: readonly RegisterEvent[], today: string): Promise<string[]> {
  const told = events.filter(({ kind }) => asksOwner(kind, undefined))
  const concerned = await listConcerned(db, [...new Set(told.map(({ establishmentId }) => establishmentId))])
  const asked: string[] = []
  for (const { reference, establishmentId } of concerned) {
    const record = await findCase(db, reference, true)
    if (!record) continue
    const { on } = changeRule(flowOf(record))
    const own = told.filter((one) => one.establishmentId === establishmentId && asksOwner(one.kind, on))
    if (own.length === 0) continue
    await askOwner(db, record, own.map(asSubjectEvent), today)
    asked.push(reference)
  }
  return asked
}

function asSubjectEvent(event: RegisterEvent): SubjectEvent {
  return {
    registerEventId: event.id,
    kind: event.kind,
    words: sayEvent(event),
    on: event.on,
    source: event.file?.title ?? null,
    sourceAsAt: event.file?.asAt ?? null,
  }
}

async function askOwner(db: Db, record: CaseRecord, events: readonly SubjectEvent[], today: string): Promise<void> {
  const { by, within } = changeRule(flowOf(record))
  const acts = await actsOn(db, record, by, today)
  const waiting = await findWaiting(db, record.id)
  const clock = within ? { within, cites: [] } : undefined
  const changeId =
    waiting?.id ??
    (await insertChange(db, {
      caseId: record.id,
      establishmentId: record.establishmentId ?? 0,
      urn: record.urn,
      name: record.name,
      party: by,
      acts,
      on: today,
      due: stepDue(record.pack, clock, { openedOn: today, endOf: () => '' })?.due ?? null,
    }))
  await insertEvents(db, changeId, events)
  const said = events.map(({ words, on }) => `${words} (${longDate(on)})`).join('. ')
  const words = `Changed in the register: ${said}. Decide how the case goes on`
  await insertNotice(db, { caseId: record.id, party: by, acts, words, on: today })
  await writeAudit(db, {
    actor: BY,
    action: 'School changed in the register',
    record: 'case',
    recordKey: record.reference,
    new: { subject: record.name, urn: record.urn, changed: events.map((one) => one.words) },
  })
}

/** Who acts for a party in a case as it lies now. `leaderId`: of the step, where it is another than the case's. */
export async function actsOn(
  db: Db,
  record: CaseRecord,
  owner: Owner,
  today: string,
  leaderId = record.state.leaderId,
): Promise<string[]> {
  const leader = await findCaseLeader(db, leaderId)
  const fact = leader ? new LeaderFact({ ...leader, conflict: false, freeDays: 0, terms: null }) : undefined
  return actKeys(record.pack, owner, placeOf(record, fact), placeFacts(record, today))
}

/** Facts of the subject alone: who acts for a party asks no others. */
function placeFacts(record: CaseRecord, today: string): CaseFacts {
  return factsOf(record, { leader: undefined, entered: {}, contacts: new Set(), today, more: NO_MORE_FACTS })
}
