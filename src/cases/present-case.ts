import { englandCalendar, type Flow, type Step, workingDaysAfter } from '../programmes/index.ts'
import type { StepState } from './case-state.ts'
import type { CaseRecord } from './case-store.ts'
import { actionRefusal, nextStages } from './decide-step.ts'
import { isSignedByEach, stepFor, versionAt } from './signers.ts'
import { kindInWords } from './subject-kind.ts'
import { otherRegion } from './who-acts.ts'

/** An open step as pages and the API tell it: what, whose turn, by when and how that stands today. */
export type OpenStep = {
  readonly step: string
  readonly key: string
  readonly title: string
  readonly party: string
  readonly partyTitle: string
  readonly openedOn: string
  readonly dueOn: string | null
  readonly clock: string | null
  readonly delayTo: string | null
  /** Since it was opened; 0 on the day itself. */
  readonly openWorkingDays: number
  readonly overdue: boolean
  readonly workingDaysLate: number
}

export type DoneStep = {
  readonly seq: number
  readonly step: string
  readonly key: string
  readonly title: string
  readonly outcome: string | null
  readonly outcomeTitle: string | null
  readonly openedOn: string
  readonly dueOn: string | null
  readonly doneOn: string
  readonly doneBy: string | null
  readonly doneAs: string | null
  readonly note: string | null
  readonly workingDaysLate: number
  readonly superseded: boolean
  readonly fields: StepState['fields']
  readonly reasons: StepState['reasons']
}

export function flowOf({ pack, flow }: Pick<CaseRecord, 'pack' | 'flow'>): Flow {
  const found = pack.process?.flows?.[flow]
  if (!found) throw new Error(`The pack has no flow ${flow}`)
  return found
}

/** What the flow of a case, or else of those beside it, says to whoever asks for what it does not have. */
export function lacksOf(record: CaseRecord | undefined): string[] {
  if (!record) return []
  const flows = record.pack.process?.flows ?? {}
  const words = [record.flow, ...record.children.map(({ flow }) => flow)].flatMap((flow) => flows[flow]?.lacks ?? [])
  return words.slice(0, 1)
}

export function noStepWords(record: CaseRecord, step: string): string {
  return [`There is no step ${step} in this programme`, ...lacksOf(record)].join(': ')
}

/** A case beside another, or the one that it stands beside, as a line. */
export type BesideLine = { readonly reference: string; readonly title: string; readonly standing: string }

/** The cases beside a case: how each stands, in a word. */
export function besideOf({ pack, flow, parent, children }: CaseRecord): BesideLine[] {
  const flows = pack.process?.flows ?? {}
  const kinds = Object.values(flows[flow]?.children ?? {})
  return [
    ...(parent
      ? [{ reference: parent.reference, title: flows[parent.flow]?.title ?? '', standing: parent.state.status }]
      : []),
    ...children.map(({ reference, standing, flow: of }) => ({
      reference,
      title: kinds.find((kind) => kind.flow === of)?.title ?? of,
      standing,
    })),
  ]
}

export function partyOf(owner: Step['owner']): string {
  return typeof owner === 'string' ? owner : owner.party
}

export function partyTitle({ pack }: Pick<CaseRecord, 'pack'>, party: string): string {
  return pack.process?.parties[party]?.title ?? party
}

/** Whom an open step waits for, with the region where people of another one act: "Regional delivery partner, East Midlands". */
export function ownerTitle(record: CaseRecord, owner: Step['owner'], acts: readonly string[]): string {
  const region = otherRegion(owner, acts, record.region)
  return [partyTitle(record, partyOf(owner)), ...(region ? [region] : [])].join(', ')
}

/** Working days between the due day and a later one; 0 when it is not later. Weekends and bank holidays do not count. */
export function daysLate(due: string | null, on: string): number {
  if (due === null || on <= due) return 0
  return Math.max(1, workingDaysAfter(Temporal.PlainDate.from(due), Temporal.PlainDate.from(on), englandCalendar))
}

/** How many working days something waits already. Weekends and bank holidays do not count. */
export function workingDaysOpen(since: string, today: string): number {
  return today <= since
    ? 0
    : workingDaysAfter(Temporal.PlainDate.from(since), Temporal.PlainDate.from(today), englandCalendar)
}

/** Which of several a step is about, by name where the register has one. */
function keyTitle(record: CaseRecord, { step, key, seq }: Pick<StepState, 'step' | 'key' | 'seq'>): string {
  const { authorityName, diocese, state, pack } = record
  const flow = flowOf(record)
  const asked = flow.steps[step]
  if (asked && isSignedByEach(asked))
    return `${pack.process?.parties[key]?.title ?? key}, version ${versionAt(state, flow.steps, { step, seq })}`
  const names: Readonly<Record<string, string | null>> = { authority: authorityName, diocese }
  return names[key] ?? key
}

export function openStepsOf(record: CaseRecord, today: string): OpenStep[] {
  const flow = flowOf(record)
  return record.state.steps.flatMap((one) => {
    const step = flow.steps[one.step]
    if (!step || one.state !== 'open') return []
    const { owner } = stepFor(step, one.key)
    const party = partyOf(owner)
    const late = daysLate(one.dueOn, today)
    return [
      {
        step: one.step,
        key: one.key,
        title: one.key ? `${step.title}: ${keyTitle(record, one)}` : step.title,
        party,
        partyTitle: ownerTitle(record, owner, one.acts),
        openedOn: one.openedOn,
        dueOn: one.dueOn,
        clock: one.clock,
        delayTo: one.delayTo,
        openWorkingDays: workingDaysOpen(one.openedOn, today),
        overdue: late > 0,
        workingDaysLate: late,
      },
    ]
  })
}

export function doneStepsOf(record: CaseRecord): DoneStep[] {
  const flow = flowOf(record)
  return record.state.steps.flatMap((one) => {
    if (one.state !== 'done' || one.doneOn === null) return []
    const step = flow.steps[one.step]
    const title = step?.title ?? flow.anytime?.[one.step]?.title ?? one.step
    return [
      {
        seq: one.seq,
        step: one.step,
        key: one.key,
        title: one.key ? `${title}: ${keyTitle(record, one)}` : title,
        outcome: one.outcome || null,
        outcomeTitle: step?.outcomes?.[one.outcome]?.title ?? null,
        openedOn: one.openedOn,
        dueOn: one.dueOn,
        doneOn: one.doneOn,
        doneBy: one.doneBy,
        doneAs: one.doneAs && (record.pack.roles[one.doneAs]?.title ?? one.doneAs),
        note: one.note,
        workingDaysLate: daysLate(one.dueOn, one.doneOn),
        superseded: one.superseded,
        fields: one.fields,
        reasons: one.reasons,
      },
    ]
  })
}

/** Actions that the state of the case allows, whoever may take them. */
export function actionsOf(record: CaseRecord): { id: string; title: string; party: string }[] {
  const flow = flowOf(record)
  return Object.entries(flow.anytime ?? {})
    .filter(([, action]) => actionRefusal(flow, action, record.state) === undefined)
    .map(([id, action]) => ({ id, title: action.title, party: action.owner }))
}

type SeenLeader = { readonly reference: string; readonly name: string; readonly type: string }

/** The case for the API; `done` is what was done as far as the person who asks may read it. */
export function caseJson(
  record: CaseRecord,
  { today, leader, done }: { today: string; leader: SeenLeader | null; done: readonly DoneStep[] },
) {
  const { state } = record
  const flow = flowOf(record)
  return {
    reference: record.reference,
    programme: record.programme,
    edition: record.edition,
    version: record.pack.version,
    flow: record.flow,
    title: flow.title,
    subject: {
      kind: kindInWords(record.kind),
      name: record.name,
      urn: record.urn,
      trust: record.trustUid,
      trustName: record.trustName,
      region: record.region,
      authority: record.authorityName,
      diocese: record.diocese,
    },
    status: state.status,
    stage: state.stage,
    stageTitle: flow.stages.find(({ id }) => id === state.stage)?.title ?? state.stage,
    nextStages: nextStages(flow, state),
    level: state.level,
    leader,
    matchedAs: record.matchedAs,
    agreedDays: state.agreedHalfDays / 2,
    extraDays: state.extraHalfDays / 2,
    byException: record.byException,
    basis: record.basis,
    flags: state.flags,
    casesBeside: besideOf(record),
    startedOn: record.startedOn,
    closedOn: record.closedOn,
    open: openStepsOf(record, today),
    done,
    actions: actionsOf(record),
  }
}
