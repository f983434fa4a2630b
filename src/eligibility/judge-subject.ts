import { type Actor, type Place, wearing } from '../platform/actor.ts'
import { writeAudit } from '../platform/audit.ts'
import type { Clock } from '../platform/clock.ts'
import type { Database, Db } from '../platform/db.ts'
import { accept, type Decision, type Refusal, refuse } from '../platform/decision.ts'
import { submitOnce } from '../platform/submit-once.ts'
import { isRuleRow, type Pack, packRef, whoActs } from '../programmes/index.ts'
import {
  type AskedDecision,
  type AskedJudgement,
  type AskedRequest,
  decideJudgement,
  decideOnRequest,
  decideRequest,
  type JudgingFacts,
} from './judgement.ts'
import { insertJudgement, type SubjectKey } from './judgement-store.ts'
import { findRequest, insertRequest, listRequests, lockRequest, setRequestState } from './request-store.ts'
import { type FoundSubject, findSubject } from './subject.ts'
import { answerFor } from './subject-answer.ts'

type Parts = { readonly database: Database; readonly clock: Clock }

/** The name of a subject's record in the audit. */
export const AUDIT_RECORD = 'eligibility'

export function auditKeyOf(pack: Pack, key: SubjectKey): string {
  return `${packRef(pack)} ${key.kind} ${key.kind === 'school' ? key.urn : key.uid}`
}

/** What is decided on for a place: who asks with which hats, and who stands in for vacant judging roles. */
export async function readJudgingFacts(
  db: Db,
  { pack, place, actor, today }: { pack: Pack; place: Place; actor: Actor; today: string },
): Promise<JudgingFacts> {
  const judges = pack.eligibility.rows.flatMap((row) => (isRuleRow(row) ? [] : row['judged-by']))
  const substitutes: Record<string, string> = {}
  for (const role of new Set(judges)) {
    if (!pack.roles[role]?.vacant) continue
    const acting = await whoActs(db, { pack, role, place, on: today })
    if (acting.substitute) substitutes[role] = acting.role
  }
  return { pack, today, place, hats: actor.hats ?? [], substitutes }
}

export type JudgeCommand = {
  readonly pack: Pack
  readonly subject: SubjectKey
  readonly asked: AskedJudgement
  readonly by: Actor
  readonly submission?: string | undefined
}

/** Records a judgement of a row. Code `not-allowed` (403): nothing is saved but that it was tried. `not-found` (404). */
export async function judgeSubject(parts: Parts, command: JudgeCommand): Promise<Decision<{ id: number }>> {
  const { pack, asked, by } = command
  const today = parts.clock.today().toString()
  return inSubject(parts, command, 'judge', async (db, subject) => {
    const facts = await readJudgingFacts(db, { pack, place: subject.place, actor: by, today })
    const decided = decideJudgement(asked, facts)
    if (!decided.ok) return decided
    const { row, hat } = decided.value
    const { on, holds } = asked
    const rationale = asked.rationale.trim()
    const id = await insertJudgement(db, pack, {
      subject: subject.key,
      row: row.id,
      holds,
      on,
      role: hat.role,
      roleTitle: hat.title,
      by: by.name,
      personId: by.personId,
      rationale,
      origin: null,
      request: null,
      door: by.door,
    })
    await writeAudit(db, {
      actor: wearing(by, hat),
      action: holds ? 'Judged to hold' : 'Judged not to hold',
      record: AUDIT_RECORD,
      recordKey: auditKeyOf(pack, subject.key),
      new: { judgement: id, what: row.title, on },
      reason: rationale,
    })
    return accept({ id })
  })
}

export type RequestCommand = Omit<JudgeCommand, 'asked'> & { readonly asked: AskedRequest }

/** Asks for a row that is asked for. Codes as `decideRequest`; `not-allowed` (403), `not-found` (404). */
export async function requestRow(parts: Parts, command: RequestCommand): Promise<Decision<{ id: number }>> {
  const { pack, asked, by } = command
  const today = parts.clock.today().toString()
  const answer = await answerFor(parts.database, { pack, subject: command.subject, on: today })
  const met = answer?.evaluation.rows.filter(({ result }) => result === 'met').map(({ evidence }) => evidence) ?? []
  return inSubject(parts, command, 'ask', async (db, subject) => {
    const facts = await readJudgingFacts(db, { pack, place: subject.place, actor: by, today })
    const waiting = (await listRequests(db, pack, subject.key)).find(
      (one) => one.row === asked.row && one.state === 'requested',
    )
    const decided = decideRequest(asked, { ...facts, kind: subject.kind, met, open: waiting?.id ?? null })
    if (!decided.ok) return decided
    const { row, origin, hat, onBehalf } = decided.value
    const id = await insertRequest(db, pack, {
      subject: subject.key,
      row: row.id,
      kind: subject.kind,
      region: subject.place.region,
      origin: origin.id,
      reason: asked.reason.trim(),
      askedOn: today,
      askedAs: hat.title,
      askedBy: by.name,
      personId: by.personId,
      onBehalf,
    })
    if (id === undefined)
      return refuse({ code: 'request.open', message: 'Somebody else asked for the same at this moment' })
    await writeAudit(db, {
      actor: wearing(by, hat),
      action: 'Asked for',
      record: AUDIT_RECORD,
      recordKey: auditKeyOf(pack, subject.key),
      new: { request: id, what: row.called ?? row.title, origin: origin.title, kind: subject.kind, onBehalf },
      reason: asked.reason.trim(),
    })
    return accept({ id })
  })
}

export type DecideCommand = {
  readonly pack: Pack
  readonly request: number
  readonly asked: AskedDecision
  readonly by: Actor
}

/** Approves or refuses a request: the judgement of its row. Codes `not-allowed` (403), `moved-on` (409), `not-found` (404). */
export async function decideRequestOf(parts: Parts, command: DecideCommand): Promise<Decision<{ id: number }>> {
  const { pack, asked, by } = command
  const today = parts.clock.today().toString()
  const found = await findRequest(parts.database.db, command.request)
  if (!found) return refuse(NO_REQUEST)
  const subject: SubjectKey = found.urn ? { kind: 'school', urn: found.urn } : { kind: 'trust', uid: found.uid ?? '' }
  return inSubject(parts, { ...command, subject }, 'decide', async (db, { key, place }) => {
    await lockRequest(db, found.id)
    const request = await findRequest(db, found.id)
    if (!request) return refuse(NO_REQUEST)
    const facts = await readJudgingFacts(db, { pack, place, actor: by, today })
    const decided = decideOnRequest(asked, request, facts)
    if (!decided.ok) return decided
    const { row, hat, holds } = decided.value
    const rationale = asked.rationale.trim()
    const id = await insertJudgement(db, pack, {
      subject: key,
      row: row.id,
      holds,
      on: today,
      role: hat.role,
      roleTitle: hat.title,
      by: by.name,
      personId: by.personId,
      rationale,
      origin: request.origin,
      request: request.id,
      door: by.door,
    })
    await setRequestState(db, request.id, holds ? 'approved' : 'refused')
    await writeAudit(db, {
      actor: wearing(by, hat),
      action: holds ? 'Approved' : 'Refused',
      record: AUDIT_RECORD,
      recordKey: auditKeyOf(pack, key),
      old: { state: request.state },
      new: { state: holds ? 'approved' : 'refused', request: request.id, judgement: id },
      reason: rationale,
    })
    return accept({ id })
  })
}

const NO_REQUEST: Refusal = { code: 'not-found', message: 'There is no request of this number' }

const TRIED = {
  judge: 'Tried to judge, and may not',
  ask: 'Tried to ask, and may not',
  decide: 'Tried to decide a request, and may not',
}

type Command = {
  readonly pack: Pack
  readonly subject: SubjectKey
  readonly by: Actor
  readonly submission?: string | undefined
}

/** Does the work for one subject in a transaction. That somebody tried who may not is kept, and nothing else of it. */
async function inSubject(
  { database, clock }: Parts,
  { pack, subject: key, by, submission }: Command,
  tried: keyof typeof TRIED,
  work: (db: Db, subject: FoundSubject) => Promise<Decision<{ id: number }>>,
): Promise<Decision<{ id: number }>> {
  const subject = await findSubject(database.db, key, clock.today().toString())
  if (!subject) return refuse({ code: 'not-found', message: 'The register holds no such school or trust' })
  return database.db.transaction().execute(async (db) => {
    const decision = await submitOnce(db, submission, () => work(db, subject))
    if (!decision.ok && decision.refusals.some(({ code }) => code === 'not-allowed'))
      await writeAudit(db, {
        actor: by,
        action: TRIED[tried],
        record: AUDIT_RECORD,
        recordKey: auditKeyOf(pack, key),
      })
    return decision
  })
}
