import { sql } from 'kysely'
import type { Actor } from '../platform/actor.ts'
import { allOrNothing } from '../platform/all-or-nothing.ts'
import type { Db } from '../platform/db.ts'
import { type Decision, type Refusal, refuse } from '../platform/decision.ts'
import { submitOnce } from '../platform/submit-once.ts'
import type { CaseFacts, Flow, Work } from '../programmes/index.ts'
import type { CaseParts } from './case-parts.ts'
import { type Answers, applyEvent, type StepState } from './case-state.ts'
import { type CaseRecord, insertNotice, saveState } from './case-store.ts'
import { readMoreFacts } from './form-facts.ts'
import { contactRoles, readHolders } from './holders.ts'
import { openSteps } from './open-steps.ts'
import { type CaseLeader, findSeenCase } from './read-case.ts'
import { factsOf, findLeaderAtHand, type LeaderAtHand, placeOf } from './read-facts.ts'
import { actKeys, findHat, rolesOf } from './who-acts.ts'
import { workOf } from './work-facts.ts'

/** A case with everything that its work is judged by, read once, and who asks. */
export type WorkDesk = {
  readonly db: Db
  readonly record: CaseRecord
  readonly flow: Flow
  readonly work: Work
  readonly leader: LeaderAtHand | undefined
  readonly caseLeader: CaseLeader | null
  readonly today: string
  readonly by: Actor
  /** Row of the asker in the leader's team; null for everybody else. */
  readonly memberId: number | null
  /** The facts of the case with what is being entered now. */
  facts(entered?: Answers): CaseFacts
  /** Whether the asker is one of a party. */
  isOf(party: string): boolean
  /** Leaves a notice for a party. */
  /** `part`: the page below the case's own that the notice opens. */
  tell(party: string, words: string, part?: string): Promise<void>
}

/** Reads a case for somebody who sees it whole; undefined otherwise, and where the programme knows no such work. */
export async function openWorkDesk(
  parts: CaseParts,
  db: Db,
  { reference, by, lock = false }: { reference: string; by: Actor; lock?: boolean },
): Promise<WorkDesk | undefined> {
  const seen = await findSeenCase(db, by, reference, lock)
  if (!seen?.whole) return undefined
  const { record } = seen
  const work = workOf(record)
  const flow = record.pack.process?.flows?.[record.flow]
  if (!work || !flow) return undefined
  const today = parts.clock.today().toString()
  const leader = await findLeaderAtHand(db, record, { id: record.state.leaderId })
  const contacts = contactRoles(record.pack, await readHolders(db, record, today))
  const more = await readMoreFacts(parts, db, record)
  const memberId = await findMemberId(db, record.id, by.personId)
  const facts = (entered: Answers = {}) => factsOf(record, { leader, entered, contacts, today, more })
  const keys = (party: string) => actKeys(record.pack, party, placeOf(record, leader), facts())
  const memberOf = (party: string) => {
    const found = record.pack.process?.parties[party]
    return (
      memberId !== null &&
      party === work.team.as &&
      found !== undefined &&
      holdsRole(by, record, rolesOf(found, facts()))
    )
  }
  return {
    db,
    record,
    flow,
    work,
    leader,
    caseLeader: seen.leader,
    today,
    by,
    memberId,
    facts,
    isOf: (party) => by.personId === null || findHat(by, keys(party)) !== undefined || memberOf(party),
    tell: (party, words, part = '') =>
      insertNotice(db, { caseId: record.id, party, acts: keys(party), words, on: today, part }),
  }
}

/** Opens a step that the work itself leads to, unless the section that it asks for is complete already (TSI-126). */
export async function openWorkStep(desk: WorkDesk, id: string): Promise<void> {
  const { db, record, flow, leader, today, by } = desk
  const { section } = flow.steps[id] ?? {}
  if (section && desk.facts().section(section) === 'complete') return
  const { pack, state } = record
  const opening = { bodies: [], leader: leader?.reference ?? '' }
  const events = openSteps({ pack, flow, state, today, opening }, [], { next: [id] }, state.leaderId)
  const actsOf = ({ step }: StepState) =>
    actKeys(pack, flow.steps[step]?.owner ?? flow.starts.by, placeOf(record, leader), desk.facts())
  await saveState(db, state, events.reduce(applyEvent, state), { done: { by, as: null, at: today }, actsOf })
}

function holdsRole({ hats }: Actor, { programme }: CaseRecord, roles: readonly string[]): boolean {
  return hats.some((hat) => hat.programme === programme && roles.includes(hat.role))
}

async function findMemberId(db: Db, caseId: number, personId: number | null): Promise<number | null> {
  const { rows } = await sql<{ id: number }>`select id from case_member
    where case_id = ${caseId} and person_id = ${personId} and ended_on is null`.execute(db)
  return rows[0]?.id ?? null
}

export function partyTitles({ pack }: Pick<CaseRecord, 'pack'>, parties: readonly string[]): string {
  return parties.map((party) => pack.process?.parties[party]?.title ?? party).join(', ')
}

/** Runs a change of a case's work in one transaction that a refusal undoes. */
export function changeWork<T>(
  parts: CaseParts,
  { reference, by, submission }: { reference: string; by: Actor; submission?: string | undefined },
  work: (desk: WorkDesk) => Promise<Decision<T>>,
): Promise<Decision<T>> {
  return allOrNothing(parts.database.db, (db) =>
    submitOnce(db, submission, async () => {
      const desk = await openWorkDesk(parts, db, { reference, by, lock: true })
      if (!desk) return refuse(NO_WORK)
      if (desk.record.state.status === 'closed') return refuse(CLOSED)
      return work(desk)
    }),
  )
}

const NO_WORK: Refusal = { code: 'case.unknown', message: 'There is no such case, or you may not see it' }
const CLOSED: Refusal = { code: 'case.closed', message: 'This case is closed; nothing more can be done in it' }

/** Why the asker may not: undefined when one of the parties is theirs. */
export function notYours(desk: WorkDesk, parties: readonly string[]): Refusal | undefined {
  if (parties.some((party) => desk.isOf(party))) return undefined
  return { code: 'not-responsible', message: `Not yours to do. Responsible: ${partyTitles(desk.record, parties)}` }
}
