/** Answers of a step by field: texts as they are stored (dates ISO, days such as "2.5"), lists where several may be chosen. */
export type Answers = Readonly<Record<string, string | readonly string[]>>

/** One opening of a step, or one action taken. `seq` counts within the case; days are ISO plain dates. */
export type StepState = {
  readonly seq: number
  readonly step: string
  readonly key: string
  readonly kind: 'step' | 'action'
  readonly leaderId: number | null
  readonly openedOn: string
  readonly dueOn: string | null
  readonly clock: string | null
  readonly calendar: string | null
  readonly delayTo: string | null
  readonly state: 'open' | 'done' | 'withdrawn'
  readonly superseded: boolean
  readonly outcome: string
  readonly fields: Answers
  readonly reasons: Readonly<Record<string, string>>
  readonly note: string | null
  readonly doneOn: string | null
  readonly doneBy: string | null
  readonly doneAs: string | null
  /** Who may do it while it is open, as the store keeps it; empty before it was stored. */
  readonly acts: readonly string[]
}

export type CaseStatus = 'open' | 'held' | 'closed'

/** What a case is and where it stands; everything that its flow decides about, and nothing about persons or money. */
export type CaseState = {
  readonly id: number
  readonly reference: string
  readonly status: CaseStatus
  readonly stage: string
  readonly level: string
  readonly leaderId: number | null
  readonly agreedHalfDays: number
  readonly extraHalfDays: number
  readonly flags: Readonly<Record<string, string>>
  readonly steps: readonly StepState[]
}

/** What a decision does to a case. Stored with the case in one transaction. */
export type CaseEvent =
  | {
      readonly type: 'step-ended'
      readonly seq: number
      readonly outcome: string
      readonly fields: Answers
      readonly reasons: Readonly<Record<string, string>>
      readonly note: string | null
      readonly on: string
    }
  | {
      readonly type: 'action-taken'
      readonly step: string
      readonly stage: string | null
      readonly leaderId: number | null
      readonly fields: Answers
      readonly reasons: Readonly<Record<string, string>>
      readonly on: string
    }
  | {
      readonly type: 'step-opened'
      readonly step: string
      readonly key: string
      readonly stage: string | null
      readonly leaderId: number | null
      readonly on: string
      readonly due: string | null
      readonly clock: string | null
      readonly calendar: string | null
    }
  | { readonly type: 'steps-withdrawn'; readonly seqs: readonly number[] }
  | { readonly type: 'steps-superseded'; readonly seqs: readonly number[] }
  | { readonly type: 'closed'; readonly on: string }
  | {
      readonly type: 'effect'
      readonly name: string
      readonly words: readonly string[]
      readonly leaderId: number | null
      readonly fields: Answers
    }
  | { readonly type: 'told'; readonly party: string; readonly words: string }

/** The case after an event. Effects and notices change nothing here: the shell carries them out. */
export function applyEvent(state: CaseState, event: CaseEvent): CaseState {
  switch (event.type) {
    case 'step-ended':
      return changeSteps(state, [event.seq], {
        state: 'done',
        outcome: event.outcome,
        fields: event.fields,
        reasons: event.reasons,
        note: event.note,
        doneOn: event.on,
      })
    case 'action-taken': {
      const { step, leaderId, fields, reasons, on } = event
      const taken = { step, leaderId, fields, reasons, openedOn: on, doneOn: on }
      const after = addStep(state, { ...NEW_STEP, ...taken, kind: 'action', state: 'done' })
      return { ...after, stage: event.stage ?? state.stage }
    }
    case 'step-opened': {
      const before = state.steps.filter((one) => one.step === event.step && one.key === event.key && !one.superseded)
      const cleared = changeSteps(
        state,
        before.map(({ seq }) => seq),
        { superseded: true },
      )
      const { step, key, leaderId, clock, calendar } = event
      const opened = { ...NEW_STEP, step, key, leaderId, clock, calendar, openedOn: event.on, dueOn: event.due }
      return { ...addStep(cleared, opened), stage: event.stage ?? state.stage }
    }
    case 'steps-withdrawn':
      return changeSteps(state, event.seqs, { state: 'withdrawn' })
    case 'steps-superseded':
      return changeSteps(state, event.seqs, { superseded: true })
    case 'closed':
      return { ...state, status: 'closed' }
    case 'effect':
      return applyEffect(state, event)
    case 'told':
      return state
  }
}

/** The effects that only change the case itself; those on days, money and letters are the shell's. */
function applyEffect(state: CaseState, { name, words, leaderId, fields }: CaseEvent & { type: 'effect' }): CaseState {
  const half = (field: string | undefined) => Math.round(Number(fields[field ?? ''] ?? 0) * 2)
  switch (name) {
    case 'hold':
      return { ...state, status: 'held' }
    case 'resume':
      return { ...state, status: 'open' }
    case 'assign':
      return { ...state, leaderId }
    case 'end-assignment':
      return { ...state, leaderId: null }
    case 'agree-days':
      return { ...state, agreedHalfDays: half(words[0]) }
    case 'extend-days':
      return { ...state, extraHalfDays: state.extraHalfDays + half(words[0]) }
    case 'set-level':
      return { ...state, level: words[0] ?? state.level }
    case 'decide-child':
      return { ...state, flags: { ...state.flags, decision: words[0] ?? '' } }
    case 'set-flag':
      return { ...state, flags: { ...state.flags, [words[0] ?? '']: words[1] ?? 'yes' } }
    default:
      return state
  }
}

const NEW_STEP: Omit<StepState, 'seq'> = {
  step: '',
  key: '',
  kind: 'step',
  leaderId: null,
  openedOn: '',
  dueOn: null,
  clock: null,
  calendar: null,
  delayTo: null,
  state: 'open',
  superseded: false,
  outcome: '',
  fields: {},
  reasons: {},
  note: null,
  doneOn: null,
  doneBy: null,
  doneAs: null,
  acts: [],
}

function addStep(state: CaseState, step: Omit<StepState, 'seq'>): CaseState {
  const seq = Math.max(0, ...state.steps.map((one) => one.seq)) + 1
  return { ...state, steps: [...state.steps, { ...step, seq }] }
}

function changeSteps(state: CaseState, seqs: readonly number[], changes: Partial<StepState>): CaseState {
  return { ...state, steps: state.steps.map((one) => (seqs.includes(one.seq) ? { ...one, ...changes } : one)) }
}

/** The opening of a step that counts: the last one that was not set aside. */
export function findStep(state: CaseState, step: string, key?: string): StepState | undefined {
  return state.steps.findLast(
    (one) =>
      one.step === step && !one.superseded && one.state !== 'withdrawn' && (key === undefined || one.key === key),
  )
}

export function findOpen(state: CaseState, step: string, key?: string): StepState | undefined {
  return state.steps.find((one) => one.step === step && one.state === 'open' && (key === undefined || one.key === key))
}

export function isDone(state: CaseState, step: string): boolean {
  const openings = state.steps.filter((one) => one.step === step && !one.superseded && one.state !== 'withdrawn')
  return openings.length > 0 && openings.every((one) => one.state === 'done')
}
