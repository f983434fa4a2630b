import type { Pack } from './pack-schema.ts'
import { drawProcess, type ProcessPicture } from './process-picture.ts'
import { type Anytime, CLOSE, type Duty, type Flow, type Step, type StepClock } from './process-schema.ts'

/** How a programme goes, in finished words: flows with their steps, what may happen in between, standings and duties. */
export type ProcessDescription = {
  readonly parties: readonly { readonly id: string; readonly text: string; readonly cites: readonly string[] }[]
  readonly flows: readonly FlowDescription[]
  readonly standings: readonly { readonly id: string; readonly text: string; readonly cites: readonly string[] }[]
  readonly duties: readonly StepLine[]
}

export type FlowDescription = {
  readonly id: string
  readonly title: string
  readonly help: string
  readonly steps: readonly StepLine[]
  readonly anytime: readonly { readonly id: string; readonly text: string; readonly cites: readonly string[] }[]
  readonly picture: ProcessPicture
}

/** One line of the table beside the picture; `number` is what stands in its box. */
export type StepLine = {
  readonly id: string
  readonly number: number
  readonly stage: string
  readonly title: string
  readonly party: string
  readonly clock: string
  readonly leadsTo: string
  readonly rules: readonly string[]
  readonly cites: readonly string[]
}

export function describeProcess(pack: Pack): ProcessDescription | undefined {
  const process = pack.process
  if (!process) return undefined
  const titleOf = (party: string) => process.parties[party]?.title ?? party
  return {
    parties: Object.entries(process.parties).map(([id, party]) => ({
      id,
      text: `${party.title}: ${party.roles.map((role) => pack.roles[role]?.title ?? role).join(', ')}.`,
      cites: party.cites,
    })),
    flows: Object.entries(process.flows ?? {}).map(([id, flow]) => describeFlow(id, flow, titleOf)),
    standings: Object.entries(process.standings ?? {}).map(([id, standing]) => ({
      id,
      text: `${standing.title}: ${standing.order.map(({ title }) => title).join(', ')}. Decided by: ${[standing['set-by']].flat().map(titleOf).join(', ')}.`,
      cites: standing.cites,
    })),
    duties: Object.entries(process.duties ?? {}).map(([id, duty], at) => describeDuty(id, duty, at + 1, titleOf)),
  }
}

type TitleOf = (party: string) => string

function describeFlow(id: string, flow: Flow, titleOf: TitleOf): FlowDescription {
  const ids = Object.keys(flow.steps)
  const numberOf = (step: string) => ids.indexOf(step) + 1
  return {
    id,
    title: flow.title,
    help: flow.help ?? '',
    steps: Object.entries(flow.steps).map(([step, one]) => ({
      id: step,
      number: numberOf(step),
      stage: one.stage ?? '',
      title: one.title,
      party: titleOf(partyOf(one.owner)),
      clock: clockInWords(one.clock),
      leadsTo: leadsTo(one, flow, numberOf),
      rules: rulesOf(one),
      cites: one.cites,
    })),
    anytime: Object.entries(flow.anytime ?? {}).map(([action, one]) => ({
      id: action,
      text: describeAnytime(one, titleOf),
      cites: one.cites,
    })),
    picture: drawProcess(flow, titleOf),
  }
}

function partyOf(owner: Step['owner']): string {
  return typeof owner === 'string' ? owner : owner.party
}

export function clockInWords(clock: StepClock | undefined): string {
  if (!clock) return 'no limit'
  if (clock.within) return `within ${clock.within}`
  if (clock.window) return `between ${clock.window.replace('..', ' and ')}`
  if (clock.before) return `${clock.before} before`
  if (clock.every) return `every ${clock.every}${clock.by ? `, by ${clock.by}` : ''}`
  return clock.by ? `by ${clock.by}` : 'no limit'
}

function leadsTo(step: Step, flow: Flow, numberOf: (step: string) => number): string {
  const words = (targets: readonly string[]) =>
    targets
      .map((target) => (target === CLOSE ? 'the end' : `${numberOf(target)} ${flow.steps[target]?.title ?? target}`))
      .join(' and ')
  const plain = step.next ? [words(step.next)] : []
  const byOutcome = Object.values(step.outcomes ?? {}).flatMap((one) => {
    const targets = [...(one.next ?? []), ...(one.back ? [one.back] : [])]
    return targets.length > 0 ? [`${one.title}: ${one.back ? 'back to ' : ''}${words(targets)}`] : []
  })
  return [...plain, ...byOutcome].join('; ')
}

/** What a step refuses, asks a reason for or warns of; the `{…}` of the pack's words are left out. */
function rulesOf(step: Pick<Step, 'checks' | 'outcomes'>): string[] {
  const verbs = { refuse: 'Refused', reason: 'Needs a reason', warn: 'Warned of' } as const
  const plain = (words: string) => words.replaceAll(/\{[^}]*\}/g, '…')
  return [
    ...(step.checks ?? []).map((check) => `${verbs[check.level]}: ${plain(check.say)}`),
    ...Object.values(step.outcomes ?? {}).flatMap((one) => (one.reason ? [`Needs a reason: ${one.title}`] : [])),
  ]
}

function describeAnytime({ title, owner, during }: Anytime, titleOf: TitleOf): string {
  const [from, to] = during.split('..')
  return `${title}: by ${titleOf(owner)}, ${from === to ? `in ${from}` : `from ${from} to ${to}`}.`
}

function describeDuty(id: string, duty: Duty, number: number, titleOf: TitleOf): StepLine {
  return {
    id,
    number,
    stage: '',
    title: duty.title,
    party: titleOf(partyOf(duty.owner)),
    clock: clockInWords(duty.clock),
    leadsTo: '',
    rules: rulesOf(duty),
    cites: duty.cites,
  }
}
