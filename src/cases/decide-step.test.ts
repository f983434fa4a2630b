import assert from 'node:assert/strict'
import { join } from 'node:path'
import { before, describe, it } from 'node:test'
import { bareFacts } from '../../world/bare-facts.ts'
import { type Flow, loadPacks, type Pack } from '../programmes/index.ts'
import { applyEvent, type CaseState } from './case-state.ts'
import {
  decideAction,
  decideStep,
  findBlocker,
  isDuring,
  nextStages,
  type StepCommand,
  type StepContext,
  warningsOf,
} from './decide-step.ts'

const cites = ['TSI-083']
const flow: Flow = {
  title: 'Test flow',
  subject: ['school'],
  starts: { by: 'rg', next: ['ask'], cites },
  stages: [
    { id: 'A1', title: 'Asked' },
    { id: 'A2', title: 'Judged' },
    { id: 'A3', title: 'Agreed' },
  ],
  steps: {
    ask: {
      title: 'Ask the school',
      kind: 'ask',
      owner: 'rg',
      proxy: { by: 'rdp', with: 'note', cites },
      stage: 'A1',
      fields: { words: { title: 'Words', type: 'note', required: true, max: 10 } },
      checks: [
        { id: 'again', when: "flag('asked')", level: 'reason', say: 'Asked before', cites },
        { id: 'far', when: 'agreed > 5.0', level: 'refuse', say: 'At most 5 days, not {agreed}', cites },
        { id: 'tie', when: "flag('tie')", level: 'refuse', say: 'A tie', 'clear-by': 'rg', cites },
        { id: 'late', when: "flag('late')", level: 'warn', say: 'Late: {agreed}', cites },
      ],
      do: ['flag asked 1'],
      next: ['judge'],
      tell: ['rdp', 'sl'],
      cites,
    },
    judge: {
      title: 'Judge it',
      kind: 'decide',
      owner: 'rg',
      stage: 'A2',
      outcomes: {
        yes: { title: 'Accept', next: ['sign'] },
        no: { title: 'Decline', reason: 'must', back: 'ask' },
      },
      cites,
    },
    hurry: { title: 'Hurry', kind: 'record', owner: 'rg', blocks: ['judge'], ends: ['ask'], cites },
    sign: {
      title: 'Sign the paper',
      kind: 'sign',
      document: 'paper',
      by: ['rg', 'sl'],
      owner: 'rg',
      stage: 'A3',
      outcomes: {
        sign: { title: 'Sign', next: ['close'], tell: ['rdp'] },
        refuse: { title: 'Refuse', back: 'judge' },
      },
      cites,
    },
  },
  anytime: {
    note: {
      title: 'Write a note',
      owner: 'sl',
      during: 'A2..A3',
      fields: { words: { title: 'Words', type: 'note', required: true } },
      checks: [{ id: 'tie', when: "flag('tie')", level: 'refuse', say: 'A tie', cites }],
      do: ['flag noted'],
      tell: ['rg'],
      cites,
    },
    stop: { title: 'Stop', owner: 'rg', during: 'A1..A1', next: ['close'], cites },
    more: { title: 'Ask for more', owner: 'sl', during: 'A1..A3', stage: 'A2', cites },
  },
  'subject-changes': { by: 'rg', blocks: ['judge'], cites },
  cites,
}

let pack: Pack
before(async () => {
  const loaded = await loadPacks(join(import.meta.dirname, '../../packs'))
  assert.ok(loaded.ok)
  const found = loaded.value.find(({ programme }) => programme === 'tsi')
  assert.ok(found)
  pack = found
})

const EMPTY: CaseState = {
  id: 1,
  reference: 'C-1',
  status: 'open',
  stage: 'A1',
  level: '',
  leaderId: null,
  agreedHalfDays: 0,
  extraHalfDays: 0,
  flags: {},
  steps: [],
}

function opened(state: CaseState, step: string, key = ''): CaseState {
  const stage = flow.steps[step]?.stage ?? null
  const more = { leaderId: null, on: '2024-01-10', due: null, clock: null, calendar: null }
  return applyEvent(state, { type: 'step-opened', step, key, stage, ...more })
}

function ended(state: CaseState, step: string): CaseState {
  const seq = state.steps.findLast((one) => one.step === step)?.seq ?? 0
  const more = { outcome: '', fields: {}, reasons: {}, note: null, on: '2024-01-12' }
  return applyEvent(state, { type: 'step-ended', seq, ...more })
}

function context(state: CaseState, more: Partial<StepContext> = {}): StepContext {
  return {
    pack,
    flow,
    state,
    facts: bareFacts(),
    today: '2024-01-15',
    may: true,
    mayAsProxy: false,
    cleared: new Set(),
    opening: { bodies: [], leader: '' },
    undecided: [],
    ...more,
  }
}

function command(step: string, more: Partial<StepCommand> = {}): StepCommand {
  return { step, key: '', outcome: '', typed: {}, reasons: {}, note: '', leaderId: null, ...more }
}

type Decided = ReturnType<typeof decideStep>
const refusalsOf = (decided: Decided) =>
  decided.ok ? [] : decided.refusals.map(({ code, message, field }) => [code, message, ...(field ? [field] : [])])
const eventsOf = (decided: Decided) => {
  assert.ok(decided.ok, JSON.stringify(decided))
  return decided.value
}
const flagged = (...names: string[]) => ({ facts: bareFacts({ flag: (name) => names.includes(name) }) })
const WORDS = { typed: { words: 'Hello' } }

describe('A step that ends', () => {
  it('says what was entered, does what the flow says, opens what follows and tells whom', () => {
    const typed = { words: 'Hello', other: 'left out' }
    const decided = decideStep(context(opened(EMPTY, 'ask')), command('ask', { typed, note: 'n', leaderId: 4 }))
    assert.deepEqual(eventsOf(decided), [
      {
        type: 'step-ended',
        seq: 1,
        outcome: '',
        fields: { words: 'Hello' },
        reasons: {},
        note: 'n',
        on: '2024-01-15',
      },
      { type: 'effect', name: 'flag', words: ['asked', '1'], leaderId: 4, fields: { words: 'Hello' } },
      {
        type: 'step-opened',
        step: 'judge',
        key: '',
        stage: 'A2',
        leaderId: 4,
        on: '2024-01-15',
        due: null,
        clock: null,
        calendar: null,
      },
      { type: 'told', party: 'rdp', words: 'Ask the school' },
      { type: 'told', party: 'sl', words: 'Ask the school' },
    ])
  })

  it('leads where its outcome leads: on, or back', () => {
    const judging = opened(ended(opened(EMPTY, 'ask'), 'ask'), 'judge')
    const on = eventsOf(decideStep(context(judging), command('judge', { outcome: 'yes' })))
    assert.deepEqual(
      on.map((one) => (one.type === 'step-opened' ? `${one.step} ${one.key}` : one.type)),
      ['step-ended', 'sign rg', 'sign sl'],
    )
    const back = eventsOf(
      decideStep(context(judging), command('judge', { outcome: 'no', reasons: { reason: 'Not now' } })),
    )
    assert.deepEqual(
      back.map((one) => (one.type === 'step-opened' ? one.step : one.type)),
      ['step-ended', 'steps-superseded', 'ask'],
    )
  })

  it('that several sign leads on with the last of them, and back at once', () => {
    const both = opened(opened({ ...EMPTY, stage: 'A3' }, 'sign', 'rg'), 'sign', 'sl')
    const first = eventsOf(decideStep(context(both), command('sign', { key: 'rg', outcome: 'sign' })))
    assert.deepEqual(
      first.map(({ type }) => type),
      ['step-ended'],
    )
    const last = first.reduce(applyEvent, both)
    const second = eventsOf(decideStep(context(last), command('sign', { key: 'sl', outcome: 'sign' })))
    assert.deepEqual(
      second.map(({ type }) => type),
      ['step-ended', 'closed', 'told'],
    )
    const judged = opened(opened(opened(EMPTY, 'judge'), 'sign', 'rg'), 'sign', 'sl')
    const refused = eventsOf(decideStep(context(judged), command('sign', { key: 'rg', outcome: 'refuse' })))
    assert.deepEqual(
      refused.map((one) => (one.type === 'step-opened' ? one.step : one.type)),
      ['step-ended', 'steps-withdrawn', 'steps-superseded', 'judge'],
    )
  })
})

describe('A step that is refused', () => {
  it('is unknown, or not open: what comes first is named, with the stages that may come next', () => {
    assert.deepEqual(refusalsOf(decideStep(context(EMPTY), command('other'))), [
      ['step.unknown', 'There is no step other in this programme'],
    ])
    const asking = opened(EMPTY, 'ask')
    const early = 'cannot be done yet: Ask the school missing. The case is in A1; allowed: A2'
    assert.deepEqual(refusalsOf(decideStep(context(asking), command('sign'))), [
      ['step.not-open', `Sign the paper ${early}`],
    ])
    // Of two that are open, the one that leads there is named.
    const two = opened(asking, 'hurry')
    assert.deepEqual(refusalsOf(decideStep(context(two), command('judge'))), [['step.not-open', `Judge it ${early}`]])
    assert.deepEqual(refusalsOf(decideStep(context(opened(EMPTY, 'hurry')), command('judge'))), [
      ['step.not-open', 'Judge it cannot be done yet: Hurry missing. The case is in A1'],
    ])
  })

  it('was done before, by whom and when', () => {
    const done = ended(opened(EMPTY, 'ask'), 'ask')
    assert.deepEqual(refusalsOf(decideStep(context(done), command('ask'))), [
      ['moved-on', 'Ask the school was done on 12 January 2024'],
    ])
    const steps = done.steps.map((one) => ({ ...one, doneBy: 'Asha Brindle' }))
    const complete = { ...done, steps, flags: { decision: 'yes' } }
    assert.deepEqual(refusalsOf(decideStep(context(complete), command('ask'))), [
      ['moved-on', 'Ask the school was done on 12 January 2024 by Asha Brindle; the process is complete'],
    ])
  })

  it('of a case on hold or closed', () => {
    const asking = opened(EMPTY, 'ask')
    assert.deepEqual(refusalsOf(decideStep(context({ ...asking, status: 'held' }), command('ask', WORDS))), [
      ['case.held', 'This case is on hold; it must be taken up again first'],
    ])
    const nothingOpen = context({ ...EMPTY, status: 'held' })
    assert.deepEqual(refusalsOf(decideStep(nothingOpen, command('ask', WORDS))), [
      ['case.held', 'This case is on hold; it must be taken up again first'],
    ])
    assert.deepEqual(refusalsOf(decideStep(context({ ...asking, status: 'closed' }), command('ask', WORDS))), [
      ['case.closed', 'This case is closed; nothing more can be done in it'],
    ])
  })

  it('belongs to another; on whose word it is recorded must be said', () => {
    const asking = opened(EMPTY, 'ask')
    const party = pack.process?.parties['rg']?.title ?? ''
    const [refused] = refusalsOf(decideStep(context(asking, { may: false }), command('ask', WORDS)))
    assert.equal(refused?.[0], 'not-responsible')
    assert.equal(refused?.[1]?.toLowerCase(), `not yours to do. responsible: ${party.toLowerCase()}`)
    const proxy = { may: false, mayAsProxy: true }
    assert.deepEqual(refusalsOf(decideStep(context(asking, proxy), command('ask', WORDS))), [
      ['note.missing', 'Say on whose word you record this', 'note'],
    ])
    assert.ok(decideStep(context(asking, proxy), command('ask', { ...WORDS, note: 'By telephone' })).ok)
    const judging = opened(EMPTY, 'judge')
    const [own] = refusalsOf(decideStep(context(judging, proxy), command('judge', { outcome: 'yes', note: 'x' })))
    assert.equal(own?.[0], 'not-responsible')
  })

  it('waits for a step that blocks it, and for what the register changed', () => {
    const both = opened(opened(EMPTY, 'judge'), 'hurry')
    assert.equal(findBlocker(flow, both, 'judge')?.title, 'Hurry')
    assert.equal(findBlocker(flow, both, 'ask'), undefined)
    assert.deepEqual(refusalsOf(decideStep(context(both), command('judge', { outcome: 'yes' }))), [
      ['step.blocked', 'Judge it has to wait: Hurry is open'],
    ])
    const changed = { undecided: ['The school closed', 'Decide how it goes on'] }
    assert.deepEqual(
      refusalsOf(decideStep(context(opened(EMPTY, 'judge'), changed), command('judge', { outcome: 'yes' }))),
      [['step.blocked', 'Judge it has to wait. The school closed. Decide how it goes on']],
    )
    assert.ok(decideStep(context(opened(EMPTY, 'ask'), changed), command('ask', WORDS)).ok)
  })

  it('has an outcome to choose, and a reason to give where the outcome asks for one', () => {
    const judging = context(opened(EMPTY, 'judge'))
    assert.deepEqual(refusalsOf(decideStep(judging, command('judge', { outcome: 'maybe' }))), [
      ['outcome.missing', 'Judge it: choose one of Accept, Decline', 'outcome'],
    ])
    assert.deepEqual(refusalsOf(decideStep(judging, command('judge', { outcome: 'no' }))), [
      ['reason.missing', 'Give a reason: decline', 'reason'],
    ])
  })

  it('for what was entered and for each check that holds, all at once', () => {
    const asking = opened(EMPTY, 'ask')
    const facts = bareFacts({ agreed: 6, flag: (name) => name === 'asked' || name === 'tie' })
    const party = pack.process?.parties['rg']?.title ?? ''
    const refusals = refusalsOf(decideStep(context(asking, { facts }), command('ask')))
    assert.deepEqual(
      refusals.map(([code]) => code),
      ['field.missing', 'reason.again', 'check.far', 'check.tie'],
    )
    assert.deepEqual(refusals[1], ['reason.again', 'Asked before. Give a reason to go on', 'reason-again'])
    assert.equal(refusals[2]?.[1], 'At most 5 days, not 6')
    assert.equal(refusals[3]?.[1]?.toLowerCase(), `a tie. it may be cleared by: ${party.toLowerCase()}`)
  })

  it('no more once the reason is given, the check is cleared; a warning refuses nothing', () => {
    const asking = opened(EMPTY, 'ask')
    const asked = context(asking, flagged('asked', 'late'))
    for (const reasons of [{ again: 'New head' }, { reason: 'New head' }])
      assert.ok(decideStep(asked, command('ask', { ...WORDS, reasons })).ok)
    assert.equal(refusalsOf(decideStep(asked, command('ask', { ...WORDS, reasons: { far: 'x' } }))).length, 1)
    const tied = context(asking, { ...flagged('tie'), cleared: new Set(['tie']) })
    assert.ok(decideStep(tied, command('ask', WORDS)).ok)
    assert.deepEqual(warningsOf(bareFacts({ flag: (name) => name === 'late' }), flow.steps['ask']?.checks), ['Late: 0'])
    assert.deepEqual(warningsOf(bareFacts(), flow.steps['ask']?.checks), [])
    assert.deepEqual(warningsOf(bareFacts()), [])
  })

  it('with two checks that ask, a reason for one is none for the other', () => {
    const ask = flow.steps['ask']
    assert.ok(ask)
    const more = { id: 'more', when: "flag('late')", level: 'reason', say: 'Late', cites } as const
    const two: Flow = { ...flow, steps: { ...flow.steps, ask: { ...ask, checks: [...(ask.checks ?? []), more] } } }
    const asked = { ...context(opened(EMPTY, 'ask'), flagged('asked', 'late')), flow: two }
    const codes = (reasons: Readonly<Record<string, string>>) =>
      refusalsOf(decideStep(asked, command('ask', { ...WORDS, reasons }))).map(([code]) => code)
    assert.deepEqual(codes({ reason: 'New head' }), ['reason.again', 'reason.more'])
    assert.deepEqual(codes({ again: 'New head' }), ['reason.more'])
    assert.deepEqual(codes({ again: 'New head', more: 'Snow' }), [])
  })
})

describe('An action between the steps', () => {
  const judging = opened(ended(opened(EMPTY, 'ask'), 'ask'), 'judge')

  it('is taken whatever is open', () => {
    const decided = decideAction(context(judging), command('note', { ...WORDS, leaderId: 9, reasons: { r: 'x' } }))
    assert.deepEqual(eventsOf(decided), [
      {
        type: 'action-taken',
        step: 'note',
        stage: null,
        leaderId: 9,
        fields: { words: 'Hello' },
        reasons: { r: 'x' },
        on: '2024-01-15',
      },
      { type: 'effect', name: 'flag', words: ['noted'], leaderId: 9, fields: { words: 'Hello' } },
      { type: 'told', party: 'rg', words: 'Write a note' },
    ])
    const held = { ...judging, status: 'held' } as const
    assert.ok(decideAction(context(held), command('note', WORDS)).ok)
    assert.deepEqual(
      eventsOf(decideAction(context(opened(EMPTY, 'ask')), command('stop'))).map(({ type }) => type),
      ['action-taken', 'steps-withdrawn', 'closed'],
    )
  })

  it('is refused where it is unknown, the case is closed or in another stage, for another, and for faults', () => {
    assert.deepEqual(refusalsOf(decideAction(context(judging), command('other'))), [
      ['action.unknown', 'There is no action other in this programme'],
    ])
    assert.equal(
      refusalsOf(decideAction(context({ ...judging, status: 'closed' }), command('note', WORDS)))[0]?.[0],
      'case.closed',
    )
    assert.deepEqual(refusalsOf(decideAction(context(opened(EMPTY, 'ask')), command('note', WORDS))), [
      ['action.not-now', 'Write a note is possible from A2 (Judged) to A3 (Agreed) only; the case is in A1'],
    ])
    assert.deepEqual(refusalsOf(decideAction(context(judging), command('stop'))), [
      ['action.not-now', 'Stop is possible in A1 (Asked) only; the case is in A2'],
    ])
    for (const mayAsProxy of [false, true])
      assert.equal(
        refusalsOf(decideAction(context(judging, { may: false, mayAsProxy }), command('note', WORDS)))[0]?.[0],
        'not-responsible',
      )
    assert.deepEqual(
      refusalsOf(decideAction(context(judging, flagged('tie')), command('note'))).map(([code]) => code),
      ['field.missing', 'check.tie'],
    )
    assert.deepEqual(refusalsOf(decideAction(context(judging, flagged('tie')), command('note', WORDS))), [
      ['check.tie', 'A tie'],
    ])
  })

  it('brings the case to its stage, forward only', () => {
    const stageAfter = (state: CaseState) =>
      eventsOf(decideAction(context(state), command('more'))).reduce(applyEvent, state).stage
    assert.equal(stageAfter(opened(EMPTY, 'ask')), 'A2')
    assert.equal(stageAfter({ ...EMPTY, stage: 'A3' }), 'A3')
    assert.equal(stageAfter(judging), 'A2')
  })

  it('lies between two stages, both counted', () => {
    assert.deepEqual(
      ['A1', 'A2', 'A3'].map((stage) => isDuring(flow, 'A2..A3', stage)),
      [false, true, true],
    )
    assert.deepEqual(
      ['A1', 'A2', 'A3'].map((stage) => isDuring(flow, 'A1..A2', stage)),
      [true, true, false],
    )
  })
})

it('The stages that come next are those that an end of some open step leads to, in the order of the flow', () => {
  assert.deepEqual(nextStages(flow, opened(EMPTY, 'judge')), ['A1', 'A3'])
  assert.deepEqual(nextStages(flow, opened(EMPTY, 'ask')), ['A2'])
  assert.deepEqual(nextStages(flow, opened({ ...EMPTY, stage: 'A3' }, 'sign', 'rg')), ['A2'])
  assert.deepEqual(nextStages(flow, EMPTY), [])
})

/** The flow with steps or actions of another kind, which a test needs once. */
function withParts({ steps = {}, ...more }: Partial<Flow>): Flow {
  return { ...flow, ...more, steps: { ...flow.steps, ...steps } }
}
const A_TIE = { id: 'tie', when: "flag('tie')", level: 'refuse', say: 'A tie', cites } as const
const RECORD = { kind: 'record', owner: 'rg', cites } as const

describe('What is told of a step that is not open', () => {
  const sending = withParts({
    steps: {
      judge: {
        ...RECORD,
        title: 'Judge it',
        stage: 'A2',
        outcomes: { yes: { title: 'Yes', next: ['send'] } },
        checks: [A_TIE],
      },
      send: { ...RECORD, title: 'Send it', stage: 'A3', checks: [A_TIE] },
    },
  })
  const asked = (state: CaseState, step: string, more: Flow = sending) =>
    refusalsOf(decideStep({ ...context(state, flagged('tie')), flow: more }, command(step)))

  it('its own checks, where nothing has to be entered, so that they are known before all else is done', () => {
    const asking = opened(EMPTY, 'ask')
    const early = 'Send it cannot be done yet: Ask the school missing. The case is in A1; allowed: A2'
    assert.deepEqual(asked(asking, 'send'), [
      ['step.not-open', early],
      ['check.tie', 'A tie'],
    ])
    assert.deepEqual(
      asked(asking, 'judge').map(([code]) => code),
      ['step.not-open'],
    )
    assert.deepEqual(
      asked(ended(opened(asking, 'send'), 'send'), 'send').map(([code]) => code),
      ['moved-on'],
    )
    const filled = withParts({
      steps: {
        fill: { ...RECORD, title: 'Fill it', fields: { words: { title: 'Words', type: 'note' } }, checks: [A_TIE] },
      },
    })
    assert.deepEqual(
      asked(asking, 'fill', filled).map(([code]) => code),
      ['step.not-open'],
    )
  })

  it('each open step that leads there, and each stage that may be next, in the order of the flow', () => {
    const both = { ...opened(opened(EMPTY, 'judge'), 'ask'), stage: 'A1' }
    const split = withParts({
      steps: {
        judge: {
          ...RECORD,
          title: 'Judge it',
          stage: 'A2',
          outcomes: { yes: { title: 'Yes', next: ['send', 'sign'] } },
        },
        ask: { ...RECORD, title: 'Ask the school', stage: 'A1', next: ['sign', 'judge'] },
        send: { ...RECORD, title: 'Send it', stage: 'A3' },
      },
    })
    assert.deepEqual(asked(both, 'send', split), [
      [
        'step.not-open',
        'Send it cannot be done yet: Judge it missing; Ask the school missing. The case is in A1; allowed: A2, A3',
      ],
    ])
    const onlyJudging = ended(both, 'ask')
    assert.deepEqual(asked(onlyJudging, 'send', split), [
      ['step.not-open', 'Send it cannot be done yet: Judge it missing. The case is in A1; allowed: A3'],
    ])
  })

  it('steps that lead in a circle lead nowhere else', () => {
    const circle = withParts({
      steps: {
        hurry: { ...RECORD, title: 'Hurry', next: ['rest'] },
        rest: { ...RECORD, title: 'Rest', next: ['hurry', 'gone'] },
      },
    })
    const two = opened(opened(EMPTY, 'hurry'), 'ask')
    assert.deepEqual(
      refusalsOf(decideStep({ ...context(two), flow: circle }, command('sign'))).map(([, message]) => message),
      ['Sign the paper cannot be done yet: Ask the school missing. The case is in A1; allowed: A2'],
    )
  })
})

describe('Flows that say less, or say it in another way', () => {
  it('an owner at another place is told by title, one without a title by its name', () => {
    const message = (owner: Flow['steps'][string]['owner']) => {
      const other = withParts({ steps: { ask: { ...RECORD, title: 'Ask', owner } } })
      const denied = context(opened(EMPTY, 'ask'), { may: false })
      return refusalsOf(decideStep({ ...denied, flow: other }, command('ask')))[0]?.[1]
    }
    assert.equal(message({ party: 'rg', of: 'leader' }), message('rg'))
    assert.equal(message('nobody'), 'Not yours to do. Responsible: nobody')
  })

  it('a reason serves the only check that asks for one, whatever else is refused; capitals of a name stay', () => {
    const facts = bareFacts({ agreed: 6, flag: (name) => name === 'asked' })
    const given = command('ask', { ...WORDS, reasons: { reason: 'New head' } })
    assert.deepEqual(
      refusalsOf(decideStep(context(opened(EMPTY, 'ask'), { facts }), given)).map(([code]) => code),
      ['check.far'],
    )
    const named = withParts({
      steps: {
        judge: { ...RECORD, title: 'Judge it', outcomes: { no: { title: 'MAT Board says no', reason: 'must' } } },
      },
    })
    assert.deepEqual(
      refusalsOf(decideStep({ ...context(opened(EMPTY, 'judge')), flow: named }, command('judge', { outcome: 'no' }))),
      [['reason.missing', 'Give a reason: MAT Board says no', 'reason']],
    )
  })

  it('where the flow keeps no step waiting for a changed school, none waits; without actions there are none', () => {
    const { 'subject-changes': _, anytime: __, ...bare } = flow
    const changed = context(opened(EMPTY, 'judge'), { undecided: ['The school closed'] })
    const yes = command('judge', { outcome: 'yes' })
    assert.ok(decideStep({ ...changed, flow: bare }, yes).ok)
    assert.ok(decideStep({ ...changed, flow: { ...bare, 'subject-changes': { by: 'rg', cites } } }, yes).ok)
    assert.equal(refusalsOf(decideAction({ ...changed, flow: bare }, command('note')))[0]?.[0], 'action.unknown')
  })

  it('only a case on hold is taken up again, and then that is offered', () => {
    const resume = { title: 'Take it up', owner: 'rg', during: 'A1..A3', do: ['resume'], cites } as const
    const held = { ...opened(EMPTY, 'ask'), status: 'held' } as const
    const pausing = withParts({ anytime: { resume: { ...resume, do: [...resume.do] } } })
    const take = (state: CaseState) => decideAction({ ...context(state), flow: pausing }, command('resume'))
    assert.ok(take(held).ok)
    assert.deepEqual(refusalsOf(take({ ...held, status: 'open' })), [
      ['case.not-held', 'Take it up: this case is not on hold'],
    ])
  })
})
