import { sql } from 'kysely'
import type { LeaderVocabulary } from '../leaders/index.ts'
import type { Actor } from '../platform/actor.ts'
import { writeAudit } from '../platform/audit.ts'
import { accept, type Decision, refuse } from '../platform/decision.ts'
import { CLOSE } from '../programmes/index.ts'
import { holdCaseDays, promiseCaseDays } from './case-days.ts'
import type { EffectCall } from './case-parts.ts'
import { applyEvent } from './case-state.ts'
import { type CaseRecord, findCase, saveState } from './case-store.ts'
import { recordExtension } from './log-store.ts'
import { openSteps } from './open-steps.ts'
import { flowOf } from './present-case.ts'
import { factsOf, NO_MORE_FACTS, placeOf } from './read-facts.ts'
import { actKeys } from './who-acts.ts'

/**
 * Begins a case beside another, with its places, leader and rules. Refused with the one that is there where at most one of
 * a group may be open or approved (TSI-026): code `child.one-of-group`, 409.
 */
export async function startChild(call: EffectCall): Promise<Decision<void>> {
  const opened = await openChild(call, { name: call.words[0] ?? '', leaderId: call.record.state.leaderId })
  return opened.ok ? accept(undefined) : opened
}

/** The same for a leader who need not be the one who works on the case now. Answers the case that began. */
export async function openChild(
  call: EffectCall,
  { name, leaderId }: { name: string; leaderId: number | null },
): Promise<Decision<CaseRecord>> {
  const { db, record, leader, today, by } = call
  const kinds = record.pack.process?.flows?.[record.flow]?.children ?? {}
  const child = kinds[name]
  const flow = child && record.pack.process?.flows?.[child.flow]
  if (!child || !flow) throw new Error(`The flow has no child ${name}`)
  const group = Object.values(kinds).filter((one) => one === child || (one.group && one.group === child.group))
  const rival = record.children.find(
    (one) =>
      group.some((kind) => kind.flow === one.flow) &&
      (child['at-most-one'] ?? []).some((state) => state === one.standing) &&
      !(child.again && one.flow === child.flow && one.standing === 'approved'),
  )
  if (rival) {
    const title = group.find((kind) => kind.flow === rival.flow)?.title ?? rival.flow
    const only = group.length > 1 ? `Only one of ${group.map((one) => one.title).join(' and ')}: ` : ''
    const message = `${only}${title}, ${rival.reference}, is ${rival.standing} already`
    return refuse({ code: 'child.one-of-group', message })
  }
  const reference = `${record.reference}-${record.children.length + 1}`
  await sql`insert into support_case (reference, pack_version_id, programme, edition, flow, parent_id, begun_by_seq, subject_kind, kind,
      establishment_id, trust_uid, urn, region, authority_code, diocese, leader_id, matched_as, stage, level, agreed_half_days,
      basis, by_exception, flags, started_on, started_by)
    select ${reference}, pack_version_id, programme, edition, ${child.flow}, id, ${call.seq}, subject_kind, kind, establishment_id, trust_uid,
      urn, region, authority_code, diocese, ${leaderId}, matched_as, ${flow.stages[0]?.id ?? ''}, level, 0, basis, by_exception,
      ${JSON.stringify(child.standing ? { decision: child.standing } : {})}::jsonb, ${today}, ${by.name}
    from support_case where id = ${record.id}`.execute(db)
  const made = await findCase(db, reference)
  if (!made) throw new Error('A case beside another could not be kept')
  const opening = { bodies: [], leader: leader?.reference ?? '' }
  const next = flow.starts.next.filter((step) => step !== CLOSE)
  const events = openSteps({ pack: record.pack, flow, state: made.state, today, opening }, [], { next }, leaderId)
  const facts = factsOf(made, { leader, entered: {}, contacts: new Set(), today, more: NO_MORE_FACTS })
  await saveState(db, made.state, events.reduce(applyEvent, made.state), {
    done: { by, as: null, at: today },
    actsOf: ({ step }) => actKeys(record.pack, flow.steps[step]?.owner ?? flow.starts.by, placeOf(made, leader), facts),
  })
  await writeAudit(db, {
    actor: by,
    action: `${child.title} begun`,
    record: 'case',
    recordKey: reference,
    new: { about: record.reference },
  })
  return accept(made)
}

export type ChildStep = {
  readonly reference: string
  readonly step: string
  readonly body: { readonly outcome: string; readonly reason: string }
  readonly by: Actor
}

/**
 * Ends a step of the case beside this one, where it is open, with the outcome and reason of this step and by the same person:
 * `end-child partnership forward-application forward`. What that step refuses, this one refuses.
 */
export async function endChildStep(
  { record, words: [name = '', step = '', outcome = ''], reasons, by }: EffectCall,
  run: (ask: ChildStep) => Promise<Decision<unknown>>,
): Promise<Decision<void>> {
  const flow = record.pack.process?.flows?.[record.flow]?.children?.[name]?.flow
  const child = record.children.find((one) => one.flow === flow && one.openSteps.includes(step))
  if (!child) return accept(undefined)
  const { reason = '' } = reasons
  const ended = await run({ reference: child.reference, step, body: { outcome, reason }, by })
  return ended.ok ? accept(undefined) : ended
}

/**
 * A case that stands at the stage of an action which began one beside it goes back to that of its own steps when the one beside it
 * is decided in a way that does not count (`at-most-one` names those that do). Where it went on meanwhile, it stays.
 */
export async function leaveStage({ db, record, words: [decided = ''] }: EffectCall): Promise<Decision<void>> {
  const { parent, flow } = record
  if (!parent) return accept(undefined)
  const { steps, anytime = {}, children = {} } = flowOf(parent)
  const kinds = Object.entries(children).filter(([, one]) => one.flow === flow)
  const isCounted = kinds.some(([, one]) => one['at-most-one']?.some((state) => state === decided))
  const begins = kinds.map(([id]) => `start-child ${id}`)
  const isStage = Object.values(anytime).some(
    (one) => one.stage === parent.state.stage && one.do?.some((effect) => begins.includes(effect)),
  )
  if (isCounted || !isStage) return accept(undefined)
  const own = parent.state.steps.findLast(
    (one) => one.state !== 'withdrawn' && !one.superseded && steps[one.step]?.stage !== undefined,
  )
  await sql`update support_case set stage = ${steps[own?.step ?? '']?.stage ?? parent.state.stage}, version = version + 1
    where id = ${parent.id} and stage = ${parent.state.stage}`.execute(db)
  return accept(undefined)
}

/** Days that were approved beside a case are added to it, and promised by its leader. */
export async function extendParentDays(call: EffectCall, vocabulary: LeaderVocabulary): Promise<Decision<void>> {
  const { db, record, words, fields, leader, today, by } = call
  const parent = record.parent ?? record
  const halfDays = Math.round(Number(fields[words[0] ?? ''] ?? 0) * 2)
  if (record.parent)
    await sql`update support_case set extra_half_days = extra_half_days + ${halfDays}, version = version + 1
      where id = ${parent.id}`.execute(db)
  if (halfDays === 0) return accept(undefined)
  const untilOn = String(fields[words[1] ?? ''] ?? '') || null
  await recordExtension(db, { caseId: parent.id, halfDays, approvedOn: today, untilOn, by: by.name })
  if (!leader) return accept(undefined)
  // by the request: a leader's days are taken once for each in a term
  const reference = `${record.reference}, extra days`
  const ask = { caseId: parent.id, reference, leader, halfDays, reason: 'Extra days approved', today, vocabulary, by }
  const held = await holdCaseDays(db, ask)
  return held.ok ? promiseCaseDays(db, ask) : held
}
