import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { Reminders } from '../programmes/index.ts'
import { decideReminder, type ReminderFacts, remindedInWords, type SentReminder } from './reminder.ts'

const policy: Reminders = { after: '1 working day', times: 1, by: ['rdp'], tell: ['rdp'], cites: ['TSI-085'] }
const facts: ReminderFacts = {
  policy,
  status: 'open',
  waits: null,
  dueOn: '2023-11-17',
  delayTo: null,
  sent: [],
  today: '2023-11-20',
}
const sent = (on: string, more: Partial<SentReminder> = {}): SentReminder => ({
  ...{ on, ofItself: true, by: 'Alongside', to: ['Flo Kestley'] },
  ...more,
})
const codeOf = (more: Partial<ReminderFacts>, way: 'by-hand' | 'of-itself' = 'of-itself') => {
  const decided = decideReminder({ ...facts, ...more }, way)
  return decided.ok ? 'goes' : decided.refusals[0]?.code
}

describe('A reminder of itself', () => {
  it('goes on the first working day after the last day, as long after it as the pack says', () => {
    assert.equal(codeOf({ today: '2023-11-17' }), 'reminder.not-due', 'on the last day itself')
    assert.equal(codeOf({ today: '2023-11-18' }), 'reminder.not-due', 'a Saturday')
    assert.equal(codeOf({ today: '2023-11-20' }), 'goes')
    assert.equal(codeOf({ policy: { ...policy, after: '3 working days' } }), 'reminder.not-due')
    assert.equal(codeOf({ policy: { ...policy, after: '3 working days' }, today: '2023-11-22' }), 'goes')
    assert.equal(codeOf({ dueOn: '2023-12-22', today: '2023-12-25' }), 'reminder.not-due', 'a bank holiday')
    assert.equal(codeOf({ dueOn: null }), 'reminder.not-due')
  })

  it('goes as often as the pack says, with the same time between, whether anybody was reached or not', () => {
    assert.equal(codeOf({ sent: [sent('2023-11-20')], today: '2023-11-21' }), 'reminder.not-due')
    assert.equal(codeOf({ sent: [sent('2023-11-20', { to: [] })], today: '2023-11-21' }), 'reminder.not-due')
    const thrice = { policy: { ...policy, after: '2 working days', times: 3 }, sent: [sent('2023-11-21')] }
    assert.equal(codeOf({ ...thrice, today: '2023-11-22' }), 'reminder.not-due')
    assert.equal(codeOf({ ...thrice, today: '2023-11-23' }), 'goes')
    assert.equal(codeOf({ policy: { ...policy, times: 0 } }), 'reminder.not-due')
  })

  it('waits until a delay that was reported has passed, and while the case or another step keeps it waiting', () => {
    assert.equal(codeOf({ delayTo: '2023-11-30' }), 'reminder.not-due')
    assert.equal(codeOf({ delayTo: '2023-11-30', today: '2023-12-01' }), 'goes')
    assert.equal(codeOf({ status: 'held' }), 'case.held')
    assert.equal(codeOf({ status: 'closed' }), 'case.closed')
    assert.equal(codeOf({ waits: 'It has to wait' }), 'step.blocked')
    assert.equal(codeOf({ policy: undefined }), 'reminder.none')
  })
})

describe('A reminder by hand', () => {
  it('goes before a step is late, without a last day and at the weekend, once a day', () => {
    assert.equal(codeOf({ today: '2023-11-11' }, 'by-hand'), 'goes')
    assert.equal(codeOf({ dueOn: null }, 'by-hand'), 'goes')
    assert.equal(codeOf({ sent: [sent('2023-11-17')] }, 'by-hand'), 'goes')
    assert.equal(codeOf({ sent: [sent('2023-11-20', { to: [] })] }, 'by-hand'), 'goes', 'nobody was reached')
    assert.equal(codeOf({ sent: [sent('2023-11-20')] }, 'by-hand'), 'reminder.today')
  })

  it('says who was reminded when, and by whom, where a second is asked for', () => {
    const second = decideReminder(
      { ...facts, sent: [sent('2023-11-20', { ofItself: false, by: 'Tam Rook', to: ['Flo Kestley', 'Maud Oake'] })] },
      'by-hand',
    )
    assert.match(
      second.ok ? '' : (second.refusals[0]?.message ?? ''),
      /^Flo Kestley and Maud Oake were reminded of this today, 20 November 2023, by Tam Rook\. One reminder a day/,
    )
  })
})

it('says in words when somebody was reminded', () => {
  assert.equal(remindedInWords([], '2023-11-20'), null)
  assert.equal(remindedInWords([sent('2023-11-20', { to: [] })], '2023-11-20'), null)
  assert.equal(remindedInWords([sent('2023-11-20')], '2023-11-20'), 'reminded today')
  assert.equal(
    remindedInWords([sent('2023-11-17'), sent('2023-11-20')], '2023-11-21'),
    'reminded 2 times, last on 20 November 2023',
  )
})
