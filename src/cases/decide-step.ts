import { accept, type Decision, type Refusal, refuse } from '../platform/decision.ts'
import { longDate, lowerFirst } from '../platform/words.ts'
import {
  type Anytime,
  type CaseFacts,
  type Flow,
  fillWords,
  judgeCondition,
  type Outcome,
  type Pack,
  type Step,
  type StepCheck,
} from '../programmes/index.ts'
import { type Answers, type CaseEvent, type CaseState, findOpen, findStep, type StepState } from './case-state.ts'
import { type Opening, openSteps } from './open-steps.ts'
import { askedFields, readAnswers } from './read-answers.ts'
import { isSignedByEach, othersSign, stepFor } from './signers.ts'
import { otherRegion } from './who-acts.ts'

/** What a decision about a case rests on. `facts` are those of the case with what is entered now. */
export type StepContext = {
  readonly pack: Pack
  readonly flow: Flow
  readonly state: CaseState
  readonly facts: CaseFacts
  readonly today: string
  /** Whether the actor is one of those who may do it, and whether for the party that may do it on its behalf. */
  readonly may: boolean
  readonly mayAsProxy: boolean
  /** What a party has cleared for the leader at hand, by id of the check. */
  readonly cleared: ReadonlySet<string>
  readonly opening: Opening
  /** What the register changed and nobody has decided about yet, in words; none, or one. */
  readonly undecided: readonly string[]
}

export type StepCommand = {
  readonly step: string
  readonly key: string
  readonly outcome: string
  readonly typed: Answers
  /** By id of the check that asks for one; `reason` serves an outcome that asks for one, or the only check that does. */
  readonly reasons: Readonly<Record<string, string>>
  readonly note: string
  readonly leaderId: number | null
}

/** Ends an open step, or says every reason why not. Order: is it open, who may, is it blocked, what was entered, checks. */
export function decideStep(context: StepContext, command: StepCommand): Decision<CaseEvent[]> {
  const { flow, state } = context
  const asked = flow.steps[command.step]
  const step = asked && stepFor(asked, command.key)
  if (!step) return refuse({ code: 'step.unknown', message: `There is no step ${command.step} in this programme` })
  const open = findOpen(state, command.step, command.key)
  if (!open) return refuse(notOpen(context, command.step, step), ...alsoMissing(context, command, step))
  const status = statusRefusal(state)
  if (status) return refuse(status)
  const who = whoRefusal(context, step, command.note, open.acts)
  if (who) return refuse(who)
  const blocker = findBlocker(flow, state, command.step)
  if (blocker) return refuse({ code: 'step.blocked', message: `${step.title} has to wait: ${blocker.title} is open` })
  const waits = context.undecided.length > 0 && flow['subject-changes']?.blocks?.includes(command.step)
  if (waits)
    return refuse({ code: 'step.blocked', message: `${step.title} has to wait. ${context.undecided.join('. ')}` })
  return decideEntered(context, command, step, open)
}

function decideEntered(context: StepContext, command: StepCommand, step: Step, open: StepState): Decision<CaseEvent[]> {
  const chosen = endingOf(step, command.outcome)
  if (!chosen) return refuse(outcomeRefusal(step))
  // What several sign leads on with the last of them; one who does not agree leads back at once.
  const waits = isSignedByEach(step) && !chosen.back && othersSign(context.state, command.step, open.key)
  const ending: Outcome = waits ? { title: chosen.title } : chosen
  const entered = decideFields(context, step, command)
  const checked = checkRefusals(context, step.checks ?? [], command.reasons)
  const reason = command.reasons['reason'] ?? ''
  const missing: Refusal[] =
    ending.reason === 'must' && !reason
      ? [{ code: 'reason.missing', message: `Give a reason: ${lowerFirst(ending.title)}`, field: 'reason' }]
      : []
  const refusals = [...(entered.ok ? [] : entered.refusals), ...checked, ...missing]
  if (!entered.ok || refusals.length > 0) return refuse(...refusals)
  const ended: CaseEvent = {
    type: 'step-ended',
    seq: open.seq,
    outcome: command.outcome,
    fields: entered.value,
    reasons: command.reasons,
    note: command.note || null,
    on: context.today,
  }
  const leaderId = command.leaderId ?? open.leaderId
  return accept([ended, ...consequences(context, [ended], ending, { leaderId, fields: entered.value })])
}

/** Takes an action that may happen between the steps. Same order of checks. */
export function decideAction(context: StepContext, command: StepCommand): Decision<CaseEvent[]> {
  const { flow, state } = context
  const action = flow.anytime?.[command.step]
  if (!action)
    return refuse({ code: 'action.unknown', message: `There is no action ${command.step} in this programme` })
  const never = actionRefusal(flow, action, state)
  if (never) return refuse(never)
  const who = whoRefusal(context, { ...action, proxy: undefined }, '')
  if (who) return refuse(who)
  const entered = decideFields(context, action, command)
  const checked = checkRefusals(context, action.checks ?? [], command.reasons)
  if (!entered.ok || checked.length > 0) return refuse(...(entered.ok ? [] : entered.refusals), ...checked)
  const { leaderId } = command
  const taken: CaseEvent = {
    type: 'action-taken',
    step: command.step,
    stage: action.stage && isBefore(flow, state.stage, action.stage) ? action.stage : null,
    leaderId,
    fields: entered.value,
    reasons: command.reasons,
    on: context.today,
  }
  const { title, do: effects, next, back, keeps, ends, tell } = action
  const ending: Outcome = { title, do: effects, next, back, keeps, ends, tell }
  return accept([taken, ...consequences(context, [taken], ending, { leaderId, fields: entered.value })])
}

/**
 * Why nobody can take an action in the state that the case is in; undefined where whoever may take it can. Page, API and command
 * offer what this allows, and no more. Only a case on hold is taken up again (TSI-089).
 */
export function actionRefusal(flow: Flow, action: Anytime, { status, stage }: CaseState): Refusal | undefined {
  if (status === 'closed') return CLOSED
  if (!isDuring(flow, action.during, stage)) return notDuring(flow, action, stage)
  if (status !== 'held' && action.do?.includes('resume'))
    return { code: 'case.not-held', message: `${action.title}: this case is not on hold` }
  return undefined
}

/** How a step ends: the outcome named, or the one way that a step without outcomes has. */
function endingOf(step: Step, outcome: string): Outcome | undefined {
  if (step.outcomes) return step.outcomes[outcome]
  const { title, do: effects, next, ends, tell } = step
  return { title, do: effects, next, ends, tell }
}

function outcomeRefusal(step: Step): Refusal {
  const outcomes = step.outcomes ?? {}
  const titles = Object.values(outcomes).map((one) => one.title)
  const message = `${step.title}: choose one of ${titles.join(', ')}`
  return { code: 'outcome.missing', message, field: 'outcome', allowed: Object.keys(outcomes) }
}

const CLOSED: Refusal = { code: 'case.closed', message: 'This case is closed; nothing more can be done in it' }

function statusRefusal({ status }: CaseState): Refusal | undefined {
  if (status === 'closed') return CLOSED
  return status === 'held'
    ? { code: 'case.held', message: 'This case is on hold; it must be taken up again first' }
    : undefined
}

/** A step that is not open: what comes first, and which stages may come next (TSI-083). */
function notOpen({ flow, state }: StepContext, id: string, step: Step): Refusal {
  const done = findStep(state, id)
  if (done?.state === 'done')
    return {
      code: 'moved-on',
      message: `${step.title} was done on ${longDate(done.doneOn)}${done.doneBy ? ` by ${done.doneBy}` : ''}${state.flags['decision'] ? '; the process is complete' : ''}`,
    }
  const stopped = statusRefusal(state)
  if (stopped) return stopped
  const open = openNow(flow, state)
  const leading = open.filter((one) => leadsTo(flow, one, id))
  const first = (leading.length > 0 ? leading : open).map((one) => `${one.title} missing`)
  const allowed = nextStages(flow, state)
  const stages = allowed.length > 0 ? `; allowed: ${allowed.join(', ')}` : ''
  return {
    code: 'step.not-open',
    message: `${step.title} cannot be done yet: ${first.join('; ')}. The case is in ${state.stage}${stages}`,
  }
}

/** What the step itself would refuse, where nothing has to be entered: so that it is known before everything else is done. */
function alsoMissing(context: StepContext, command: StepCommand, step: Step): Refusal[] {
  const isOver = findStep(context.state, command.step)?.state === 'done' || context.state.status !== 'open'
  const asks = step.fields !== undefined || step.outcomes !== undefined
  return isOver || asks ? [] : checkRefusals(context, step.checks ?? [], command.reasons)
}

/** Whether a step comes after another in the flow, over whatever lies between. */
function leadsTo(flow: Flow, from: Step, id: string): boolean {
  const met = new Set<string>()
  const after = (step: Step) => [
    ...(step.next ?? []),
    ...Object.values(step.outcomes ?? {}).flatMap((one) => one.next ?? []),
  ]
  const waiting = after(from)
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if (next === id) return true
    const step = met.has(next) ? undefined : flow.steps[next]
    met.add(next)
    if (step) waiting.push(...after(step))
  }
  return false
}

function openNow(flow: Flow, state: CaseState): Step[] {
  return state.steps.flatMap((one) => {
    const step = one.state === 'open' ? flow.steps[one.step] : undefined
    return step ? [step] : []
  })
}

/** The stages that an end of some open step leads to. */
export function nextStages(flow: Flow, state: CaseState): string[] {
  const targets = openNow(flow, state).flatMap((step) => [
    ...(step.next ?? []),
    ...Object.values(step.outcomes ?? {}).flatMap((one) => [...(one.next ?? []), ...(one.back ? [one.back] : [])]),
  ])
  const stages = targets.flatMap((target) => flow.steps[target]?.stage ?? [])
  const order = flow.stages.map(({ id }) => id)
  return [...new Set(stages)]
    .filter((stage) => stage !== state.stage)
    .sort((a, b) => order.indexOf(a) - order.indexOf(b))
}

function whoRefusal(
  { pack, facts, may, mayAsProxy }: StepContext,
  { owner, proxy }: Pick<Step, 'owner'> & { proxy?: Step['proxy'] | undefined },
  note: string,
  acts: readonly string[] = [],
): Refusal | undefined {
  if (may) return undefined
  if (mayAsProxy && proxy)
    return note ? undefined : { code: 'note.missing', message: 'Say on whose word you record this', field: 'note' }
  const party = typeof owner === 'string' ? owner : owner.party
  const title = pack.process?.parties[party]?.title ?? party
  const region = otherRegion(owner, acts, facts.subject.region)
  const responsible = [lowerFirst(title), ...(region ? [region] : [])].join(', ')
  return { code: 'not-responsible', message: `Not yours to do. Responsible: ${responsible}` }
}

/** An open step that keeps another waiting. */
export function findBlocker(flow: Flow, state: CaseState, step: string): Step | undefined {
  return openNow(flow, state).find((one) => one.blocks?.includes(step))
}

function decideFields(
  { facts, today }: StepContext,
  { fields = {} }: Pick<Step, 'fields'>,
  { typed }: StepCommand,
): Decision<Answers> {
  const asked = askedFields(fields, facts)
  const kept = Object.fromEntries(Object.entries(typed).filter(([name]) => name in asked))
  return readAnswers(asked, kept, today)
}

/** Checks that hold: refused, asked for a reason, or cleared. A warning refuses nothing and is shown on the page. */
export function checkRefusals(
  { facts, cleared, pack }: Pick<StepContext, 'facts' | 'cleared' | 'pack'>,
  checks: readonly StepCheck[],
  reasons: Readonly<Record<string, string>>,
): Refusal[] {
  const raised = checks.filter((check) => check.level !== 'warn' && judgeCondition(check.when, facts) === 'met')
  const asking = raised.filter((check) => check.level === 'reason')
  return raised.flatMap((check): Refusal[] => {
    const words = fillWords(check.say, facts)
    if (check.level === 'reason') {
      const given = reasons[check.id] || (asking.length === 1 ? reasons['reason'] : '')
      return given
        ? []
        : [
            {
              code: `reason.${check.id}`,
              message: `${words}${/[.?!]$/.test(words) ? '' : '.'} Give a reason to go on`,
              field: `reason-${check.id}`,
            },
          ]
    }
    if (cleared.has(check.id)) return []
    return [{ code: `check.${check.id}`, message: [words, ...waysOn(check, pack)].join('. ') }]
  })
}

/** What helps whoever a check refuses: who keeps the contact that it misses, and who may clear it. */
function waysOn({ when, 'clear-by': clearBy }: StepCheck, pack: Pack): string[] {
  const by = clearBy && pack.process?.parties[clearBy]?.title
  return [
    ...(/\bcontact\(/.test(when) ? ['An administrator keeps the contacts, under People'] : []),
    ...(by ? [`It may be cleared by: ${lowerFirst(by)}`] : []),
  ]
}

const ON_ENTERED = /\b(?:field|given|number)\(|\bleader\./

/** What bars a step whatever is entered in it, so that its page tells before somebody tries. */
export function barsOf(
  context: Pick<StepContext, 'facts' | 'cleared' | 'pack'>,
  checks: readonly StepCheck[] = [],
): string[] {
  const asked = checks.filter(({ level, when }) => level === 'refuse' && !ON_ENTERED.test(when))
  return checkRefusals(context, asked, {}).map(({ message }) => message)
}

/** Warnings of a step as things stand, for its page. */
export function warningsOf(facts: CaseFacts, checks: readonly StepCheck[] = []): string[] {
  return checks
    .filter((check) => check.level === 'warn' && judgeCondition(check.when, facts) === 'met')
    .map((check) => fillWords(check.say, facts))
}

function isBefore({ stages }: Flow, stage: string, later: string): boolean {
  const order = stages.map(({ id }) => id)
  return order.indexOf(stage) < order.indexOf(later)
}

/** Whether a stage lies between two, both counted. */
export function isDuring(flow: Flow, during: string, stage: string): boolean {
  const order = flow.stages.map(({ id }) => id)
  const [from = '', to = ''] = during.split('..')
  const at = order.indexOf(stage)
  return order.indexOf(from) <= at && at <= order.indexOf(to)
}

function notDuring(flow: Flow, action: Anytime, stage: string): Refusal {
  const titleOf = (id: string | undefined) => flow.stages.find((one) => one.id === id)?.title ?? id
  const [from, to] = action.during.split('..')
  const words =
    from === to ? `in ${from} (${titleOf(from)})` : `from ${from} (${titleOf(from)}) to ${to} (${titleOf(to)})`
  return { code: 'action.not-now', message: `${action.title} is possible ${words} only; the case is in ${stage}` }
}

/** What an ending does: effects, steps opened or set aside, who is told. */
function consequences(
  context: StepContext,
  before: readonly CaseEvent[],
  ending: Outcome,
  entered: { leaderId: number | null; fields: Answers },
): CaseEvent[] {
  const effects = (ending.do ?? []).map((text): CaseEvent => {
    const [name = '', ...words] = text.split(' ')
    return { type: 'effect', name, words, ...entered }
  })
  const told = (ending.tell ?? []).map((party): CaseEvent => ({ type: 'told', party, words: ending.title }))
  return [...effects, ...openSteps(context, [...before, ...effects], ending, entered.leaderId), ...told]
}
