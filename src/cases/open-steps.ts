import { CLOSE, type Flow, type Outcome, type Pack, type Step } from '../programmes/index.ts'
import { applyEvent, type CaseEvent, type CaseState, findOpen, isDone } from './case-state.ts'
import { type HeldOf, isSignedByEach, signersOf } from './signers.ts'
import { stepDue } from './step-clock.ts'

/** What opening steps needs beside the flow: the places, and the leader, that a step may be asked of one by one. */
export type Opening = { readonly bodies: readonly string[]; readonly leader: string; readonly held?: HeldOf }

type Context = {
  readonly pack: Pack
  readonly flow: Flow
  readonly state: CaseState
  readonly today: string
  readonly opening: Opening
}

/**
 * The steps that an ending opens, withdraws and sets aside. `before` are the events of the ending itself: whether a step's
 * needs are met is asked of the case as it is after them. A step opened again waits for nothing that was done before.
 */
export function openSteps(
  context: Context,
  before: readonly CaseEvent[],
  ending: Pick<Outcome, 'next' | 'back' | 'keeps' | 'ends'>,
  leaderId: number | null,
): CaseEvent[] {
  const events: CaseEvent[] = []
  let state = before.reduce(applyEvent, context.state)
  const happen = (...more: CaseEvent[]) => {
    events.push(...more)
    state = more.reduce(applyEvent, state)
  }
  happen(...endSteps(state, ending.ends ?? []))
  if (ending.back) happen(...goBack(state, ending.back, ending.keeps ?? []))
  for (const step of [...(ending.back ? [ending.back] : []), ...(ending.next ?? [])]) {
    if (step === CLOSE) happen(...closeCase(state, context.today))
    else happen(...openStep({ ...context, state }, step, leaderId))
  }
  return events
}

function endSteps(state: CaseState, names: readonly string[]): CaseEvent[] {
  const seqs = state.steps.filter((one) => one.state === 'open' && names.includes(one.step)).map(({ seq }) => seq)
  return seqs.length > 0 ? [{ type: 'steps-withdrawn', seqs }] : []
}

/** Returns to an earlier step: what was opened since its first opening that still counts is set aside. */
function goBack(state: CaseState, step: string, keeps: readonly string[]): CaseEvent[] {
  const first = state.steps.find((one) => one.step === step && !one.superseded)
  if (!first) return []
  const since = state.steps.filter(
    (one) => one.seq >= first.seq && one.kind === 'step' && !one.superseded && !keeps.includes(one.step),
  )
  const open = since.filter((one) => one.state === 'open').map(({ seq }) => seq)
  const done = since.filter((one) => one.state === 'done').map(({ seq }) => seq)
  return [
    ...(open.length > 0 ? [{ type: 'steps-withdrawn', seqs: open } as const] : []),
    ...(done.length > 0 ? [{ type: 'steps-superseded', seqs: done } as const] : []),
  ]
}

function closeCase(state: CaseState, on: string): CaseEvent[] {
  const open = state.steps.filter((one) => one.state === 'open').map(({ seq }) => seq)
  return [...(open.length > 0 ? [{ type: 'steps-withdrawn', seqs: open } as const] : []), { type: 'closed', on }]
}

function openStep({ pack, flow, state, today, opening }: Context, id: string, leaderId: number | null): CaseEvent[] {
  const step = flow.steps[id]
  if (!step) throw new Error(`The flow has no step ${id}`)
  if (step.needs && !step.needs.every((need) => isDone(state, need))) return []
  if (step.once && isDone(state, id)) return []
  const keys = keysOf(step, opening)
  const endOf = (name: string, field?: string) => {
    const ended = state.steps.findLast((one) => one.step === name && one.state === 'done')
    return (field && String(ended?.fields[field] ?? '')) || (ended?.doneOn ?? '')
  }
  return keys
    .filter((key) => !findOpen(state, id, key))
    .map((key) => {
      const due = stepDue(pack, step.clock, { openedOn: today, endOf })
      return {
        type: 'step-opened',
        step: id,
        key,
        stage: step.stage ?? null,
        leaderId,
        on: today,
        due: due?.due ?? null,
        clock: due?.clock ?? null,
        calendar: due?.calendar ?? null,
      }
    })
}

/** For whom a step is opened, one by one. */
function keysOf(step: Step, { bodies, leader, held = new Map() }: Opening): readonly string[] {
  if (isSignedByEach(step)) return signersOf(step, held)
  return step.each === 'bodies' ? bodies : [step.each === 'leader' ? leader : '']
}
