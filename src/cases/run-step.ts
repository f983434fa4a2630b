import { type Actor, isMachine } from '../platform/actor.ts'
import { allOrNothing } from '../platform/all-or-nothing.ts'
import { writeAudit } from '../platform/audit.ts'
import type { Db } from '../platform/db.ts'
import { accept, type Decision, type Refusal, refuse } from '../platform/decision.ts'
import { submitOnce } from '../platform/submit-once.ts'
import type { Anytime, CaseFacts, Flow, LeaderFact, Step } from '../programmes/index.ts'
import { type Held, listHeld } from '../standings/index.ts'
import type { CaseParts, Effect, LetterCall } from './case-parts.ts'
import { type Answers, applyEvent, type CaseEvent, type CaseState, findOpen, type StepState } from './case-state.ts'
import { type CaseRecord, findCase, insertNotice, readCleared, saveDraft, saveState } from './case-store.ts'
import { rivalOf } from './child-case.ts'
import { decideAction, decideStep, type StepCommand, type StepContext, warningsOf } from './decide-step.ts'
import { auditForeign, openFormDesk } from './form-desk.ts'
import { formEffects } from './form-effects.ts'
import { readMoreFacts } from './form-facts.ts'
import { contactRoles, readHolders } from './holders.ts'
import { findPartner } from './letter-recipients.ts'
import { ownEffects } from './own-effects.ts'
import { noStepWords } from './present-case.ts'
import { missingIn } from './present-form.ts'
import { typedAnswers } from './read-answers.ts'
import { asksOfLeader, factsOf, findLeaderAtHand, placeOf } from './read-facts.ts'
import { type HeldOf, stepFor } from './signers.ts'
import { readUndecided } from './subject-change-words.ts'
import { readReasons, textIn } from './typed-words.ts'
import { actKeys, findHat, type Owner } from './who-acts.ts'

/** A step or an action of a case as a door asks for it. `body` is the form or JSON as sent. */
export type StepAsk = {
  readonly reference: string
  readonly step: string
  readonly key?: string
  readonly body: Readonly<Record<string, unknown>>
  readonly by: Actor
  readonly submission?: string | undefined
}

/** `warnings`: what was noticed and bars nothing. */
export type StepAnswer = {
  readonly reference: string
  readonly stage: string
  readonly status: string
  readonly warnings?: readonly string[]
}

type LeaderAtHand = (LeaderFact & { readonly id: number }) | undefined

/** Everything that a step of a case is judged by, read once. */
export type StepDesk = {
  readonly record: CaseRecord
  readonly step: Step | Anytime
  readonly isAction: boolean
  readonly open: StepState | undefined
  readonly leader: LeaderAtHand
  readonly facts: CaseFacts
  readonly entered: Answers
  readonly context: StepContext
  readonly acts: readonly string[]
}

export const NO_CASE = { code: 'case.unknown', message: 'There is no such case, or you may not see it' }

/** Reads a case and what its step asks; `body` is what is being entered. Undefined for a step or action that the flow lacks. */
export async function openDesk(
  parts: CaseParts,
  db: Db,
  record: CaseRecord,
  { step: id, key = '', body, by }: Pick<StepAsk, 'step' | 'key' | 'body' | 'by'>,
): Promise<StepDesk | undefined> {
  const flow = record.pack.process?.flows?.[record.flow]
  const asked = flow?.steps[id] ?? flow?.anytime?.[id]
  if (!flow || !asked) return undefined
  const today = parts.clock.today().toString()
  const isAction = !(id in flow.steps)
  const open = isAction ? undefined : findOpenFor(record.state, id, key, by)
  const step = stepFor(asked, open?.key ?? key)
  const entered = typedAnswers(step.fields ?? {}, body)
  const leader = await leaderOf(parts, db, { record, step, open, entered, today })
  const facts = await readFacts(parts, db, { record, leader, entered, body, today })
  const place = placeOf(record, leader)
  const acts = actKeys(record.pack, step.owner, place, facts)
  const proxy = 'proxy' in step && step.proxy ? actKeys(record.pack, step.proxy.by, place, facts) : []
  const context: StepContext = {
    pack: record.pack,
    flow,
    state: record.state,
    facts,
    today,
    may: isMachine(by) || findHat(by, acts) !== undefined,
    mayAsProxy: findHat(by, proxy) !== undefined,
    cleared: await readCleared(db, record.id, leader?.id ?? null),
    opening: {
      bodies: bodiesOf(record),
      leader: leader?.reference ?? '',
      ...(await readHeld(db, record, flow, today)),
    },
    undecided: await readUndecided(db, record),
  }
  return { record, step, isAction, open, leader, facts, entered, context, acts }
}

/** The opening that is meant: the one of the key, else the one that this person may end, else the first. */
function findOpenFor(state: CaseState, step: string, key: string, by: Actor): StepState | undefined {
  if (key) return findOpen(state, step, key)
  const open = state.steps.filter((one) => one.step === step && one.state === 'open')
  return open.find(({ acts }) => findHat(by, acts) !== undefined) ?? open[0]
}

type Known = { record: CaseRecord; leader: LeaderAtHand; entered: Answers; body: StepAsk['body']; today: string }

async function readFacts(
  parts: CaseParts,
  db: Db,
  { record, leader, entered, body, today }: Known,
): Promise<CaseFacts> {
  const contacts = contactRoles(record.pack, await readHolders(db, record, today))
  const more = await readMoreFacts(parts, db, record)
  const outcome = typeof body['outcome'] === 'string' ? body['outcome'] : ''
  return factsOf(record, { leader, entered: { ...entered, outcome }, contacts, today, more })
}

/** The school's standings, where a step of the flow is signed by more people at some levels. */
async function readHeld(db: Db, { pack, urn }: CaseRecord, flow: Flow, today: string): Promise<{ held?: HeldOf }> {
  const asked = Object.values(flow.steps).flatMap((step) => step['by-also']?.while.standing ?? [])
  if (asked.length === 0) return {}
  const held = new Map<string, Held & { order: readonly { readonly id: string }[] }>()
  for (const standing of new Set(asked)) {
    const found = (await listHeld(db, { pack, standing }, today)).find((one) => one.urn === urn)
    if (found) held.set(standing, { ...found, order: pack.process?.standings?.[standing]?.order ?? [] })
  }
  return { held }
}

/** The authority, and the diocese where there is one: who is asked at the start. */
function bodiesOf({ diocese }: CaseRecord): string[] {
  return diocese ? ['authority', 'diocese'] : ['authority']
}

async function leaderOf(
  { vocabulary }: CaseParts,
  db: Db,
  { record, step, open, entered, today }: Pick<Known, 'record' | 'entered' | 'today'> & Pick<StepDesk, 'step' | 'open'>,
): Promise<LeaderAtHand> {
  const field = Object.entries(step.fields ?? {}).find(([, one]) => one.type === 'leader')?.[0]
  const named = field ? entered[field] : undefined
  const judged = asksOfLeader(step) ? { vocabulary: vocabulary(), today } : undefined
  if (typeof named === 'string' && named) return findLeaderAtHand(db, record, { reference: named, judged })
  return findLeaderAtHand(db, record, { id: open?.leaderId ?? record.state.leaderId, judged })
}

/** Ends a step or takes an action: decided, carried out, stored and audited in one transaction. 409 codes: `moved-on`. */
export async function runStep(parts: CaseParts, ask: StepAsk): Promise<Decision<StepAnswer>> {
  const decision = await allOrNothing(parts.database.db, (db) =>
    submitOnce(db, ask.submission, () => runWithin(parts, db, ask)),
  )
  if (!decision.ok && decision.refusals.some(({ code }) => code === 'not-responsible'))
    await auditForeignSign(parts, ask)
  return decision
}

/** Whoever tries to sign for somebody else is refused, and that is kept (TSI-062). */
async function auditForeignSign({ database }: CaseParts, { reference, step, by }: StepAsk): Promise<void> {
  const record = await findCase(database.db, reference)
  const asked = record?.pack.process?.flows?.[record.flow]?.steps[step]
  if (asked?.kind === 'sign') await auditForeign(database, { reference, by, what: asked.title })
}

/** The same in the caller's transaction. */
async function runWithin(parts: CaseParts, db: Db, ask: StepAsk): Promise<Decision<StepAnswer>> {
  const record = await findCase(db, ask.reference, true)
  if (!record) return refuse(NO_CASE)
  const desk = await openDesk(parts, db, record, ask)
  if (!desk) return refuse({ code: 'step.unknown', message: noStepWords(record, ask.step) })
  const wrongLeader = unknownLeader(desk)
  if (wrongLeader) return refuse(wrongLeader)
  const command = commandOf(ask, desk)
  const decided = desk.isAction ? decideAction(desk.context, command) : decideStep(desk.context, command)
  if (!decided.ok) return listMissing(parts, db, desk, withRival(desk, decided))
  const wrongTrust = await unknownTrust(db, desk)
  if (wrongTrust) return refuse(wrongTrust)
  return carryOut(parts, db, { desk, events: decided.value, ask, command })
}

type Refused = Decision<never> & { ok: false }

/** Where checks stop what would begin a case beside this one, the one that stands in its way anyhow is named first (TSI-026). */
function withRival({ step, record }: StepDesk, refused: Refused): Refused {
  const rivals = (step.do ?? []).flatMap((effect) => {
    const [effectName, name = ''] = effect.split(' ')
    return effectName === 'start-child' ? (rivalOf(record, name) ?? []) : []
  })
  const isChecked = refused.refusals.some(({ code }) => code.startsWith('check.'))
  return isChecked && rivals.length > 0 ? { ok: false, refusals: [...rivals, ...refused.refusals] } : refused
}

/** Beside a check that lists a section of the form: what the section still lacks (TSI-103). */
async function listMissing(
  parts: CaseParts,
  db: Db,
  { step, record }: StepDesk,
  refused: Refused,
): Promise<Decision<never>> {
  const listing = (step.checks ?? []).flatMap(({ id, lists }) =>
    lists && refused.refusals.some(({ code }) => code === `check.${id}`) ? [lists] : [],
  )
  const form = listing.length > 0 ? await openFormDesk(parts, db, record) : undefined
  if (!form) return refused
  const missing = listing.flatMap((section) => missingIn(form, section))
  return refuse(...refused.refusals, ...missing.map((message) => ({ code: 'section.missing', message })))
}

function unknownLeader({ step, entered, leader }: StepDesk) {
  const field = Object.entries(step.fields ?? {}).find(([, one]) => one.type === 'leader')?.[0]
  const named = field ? entered[field] : undefined
  if (!field || !named || leader) return undefined
  return { code: 'leader.unknown', message: `There is no leader ${String(named)}`, field }
}

/** Whoever is named as a trust must be one of the register: letters and money go there (TSI-033). */
async function unknownTrust(db: Db, { step, entered }: StepDesk): Promise<Refusal | undefined> {
  const fields = Object.entries(step.fields ?? {}).filter(([, { type }]) => type === 'trust')
  for (const [field, { title }] of fields) {
    const named = entered[field]
    if (typeof named !== 'string' || !named || (await findPartner(db, named))) continue
    const message = `${title}: the register has no trust ${named}, or several. Give its number`
    return { code: 'trust.unknown', message, field }
  }
  return undefined
}

function commandOf({ step, key = '', body }: StepAsk, desk: StepDesk): StepCommand {
  const { entered, open } = desk
  return {
    step,
    key: open?.key ?? key,
    outcome: textIn(body, 'outcome'),
    typed: entered,
    reasons: readReasons(body),
    note: textIn(body, 'note'),
    leaderId: leaderIdOf(desk),
  }
}

/** The leader of what comes next: who is named in the step, else who was asked, else who works on the case. */
function leaderIdOf({ leader, open, step: { fields = {} } }: StepDesk): number | null {
  const namesLeader = Object.values(fields).some((one) => one.type === 'leader')
  const named = namesLeader ? leader?.id : undefined
  return named ?? open?.leaderId ?? leader?.id ?? null
}

type CarryOut = { desk: StepDesk; events: readonly CaseEvent[]; ask: StepAsk; command: StepCommand }

async function carryOut(
  parts: CaseParts,
  db: Db,
  { desk, events, ask, command }: CarryOut,
): Promise<Decision<StepAnswer>> {
  const { record, leader, context } = desk
  const after = events.reduce(applyEvent, record.state)
  const as = findHat(ask.by, desk.acts) ?? (context.mayAsProxy ? 'on behalf' : null)
  await saveState(db, record.state, after, {
    done: { by: ask.by, as, at: context.today },
    actsOf: (step) => actsOf(parts, desk, after, step),
  })
  const done = await performEffects(parts, db, { desk, events, command, by: ask.by, after })
  if (!done.ok) return done
  for (const event of events)
    if (event.type === 'told')
      await insertNotice(db, {
        caseId: record.id,
        party: event.party,
        acts: actKeys(record.pack, event.party, placeOf(record, leader), desk.facts),
        words: event.words === desk.step.title ? event.words : `${desk.step.title}: ${event.words}`,
        on: context.today,
      })
  const sent = await parts.letters?.send(letterCall(db, { ...desk, record: { ...record, state: after } }, ask))
  if (sent && !sent.ok) return sent
  await auditStep(db, desk, command, ask)
  await parts.onEvents?.(db, { ...record, state: after }, events, ask.by)
  const warnings = [...context.undecided, ...warningsOf(desk.facts, desk.step.checks)]
  return accept({ reference: record.reference, stage: after.stage, status: after.status, warnings })
}

/** What the letters of a step are written from: the case, and what is entered. */
export function letterCall(
  db: Db,
  { record, step, leader, facts, entered, context }: StepDesk,
  { body, by }: Pick<StepAsk, 'body' | 'by'>,
): LetterCall {
  const reasons = readReasons(body)
  return {
    db,
    record,
    step,
    leader,
    facts,
    fields: entered,
    outcome: textIn(body, 'outcome'),
    reasons,
    body,
    today: context.today,
    by,
  }
}

/** Who may do a step that has just been opened; its leader may be another than the one at hand. */
function actsOf(_parts: CaseParts, { record, leader, facts }: StepDesk, after: CaseState, step: StepState): string[] {
  const flow = record.pack.process?.flows?.[record.flow]
  const opened = flow?.steps[step.step]
  const owner: Owner | undefined = opened && stepFor(opened, step.key).owner
  if (!owner) return []
  const isSame = step.leaderId === null || step.leaderId === leader?.id || after.leaderId === leader?.id
  return actKeys(record.pack, owner, placeOf(record, isSame ? leader : undefined), facts)
}

async function performEffects(
  parts: CaseParts,
  db: Db,
  {
    desk,
    events,
    command,
    by,
    after,
  }: { desk: StepDesk; events: readonly CaseEvent[]; command: StepCommand; by: Actor; after: CaseState },
): Promise<Decision<void>> {
  const effects: Readonly<Record<string, Effect>> = {
    ...ownEffects(parts, (db, ask) => runWithin(parts, db, ask)),
    ...formEffects(parts),
    ...parts.effects,
  }
  const record = { ...desk.record, state: after }
  const seq = seqOf(desk, command, after)
  for (const event of events) {
    if (event.type !== 'effect') continue
    const call = { db, record, seq, leader: desk.leader, reasons: command.reasons, today: desk.context.today, by }
    const done = await effects[event.name]?.({ ...call, name: event.name, words: event.words, fields: event.fields })
    if (done && !done.ok) return done
  }
  return accept(undefined)
}

/** What was done, among everything in the case: the opening that ended, or the action that was taken just now. */
function seqOf({ open }: StepDesk, { step }: StepCommand, after: CaseState): number {
  const done = open ?? after.steps.findLast((one) => one.kind === 'action' && one.step === step)
  if (!done) throw new Error(`What was done as ${step} stands nowhere in the case`)
  return done.seq
}

async function auditStep(
  db: Db,
  { record, step, open }: StepDesk,
  { outcome, reasons, note }: StepCommand,
  ask: StepAsk,
) {
  const outcomes = 'outcomes' in step ? step.outcomes : undefined
  await writeAudit(db, {
    actor: ask.by,
    action: step.title,
    record: 'case',
    recordKey: record.reference,
    new: {
      ...(outcome && { outcome: outcomes?.[outcome]?.title ?? outcome }),
      ...(open?.key && { about: open.key }),
      ...(note && { note }),
    },
    reason: Object.values(reasons).join('; ') || null,
  })
}

/** Keeps what was typed into an open step, checked or not. */
export async function keepDraft(parts: CaseParts, ask: StepAsk): Promise<Decision<StepAnswer>> {
  return allOrNothing(parts.database.db, async (db) => {
    const record = await findCase(db, ask.reference, true)
    const desk = record && (await openDesk(parts, db, record, ask))
    if (!record || !desk) return refuse(NO_CASE)
    if (!desk.open)
      return refuse({ code: 'step.not-open', message: 'This step is not open any more; nothing was kept' })
    if (!desk.context.may)
      return refuse({ code: 'not-responsible', message: 'Only those who may do this step keep a draft of it' })
    await saveDraft(db, record.id, desk.open.seq, desk.entered)
    const { reference, state } = record
    return accept({ reference, stage: state.stage, status: state.status })
  })
}
