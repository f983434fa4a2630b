import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { asksOwner, type ChangeFacts, decideSubjectChange, type SubjectChange } from './subject-change.ts'
import { keptDays } from './subject-change-days.ts'

const CHANGE: SubjectChange = {
  id: 1,
  caseId: 1,
  fromUrn: 900001,
  fromName: 'First School',
  party: 'owner',
  acts: [],
  openedOn: '2024-01-08',
  dueOn: null,
  choice: null,
  toEstablishmentId: null,
  toUrn: null,
  toName: null,
  reason: null,
  effects: null,
  decidedOn: null,
  decidedBy: null,
  decidedById: null,
  decidedAs: null,
  events: [],
}
const KEEP = { choice: 'keep', title: 'Keep', target: null, unavailable: null, effects: [] } as const
const MOVE = { choice: 'move', title: 'Move', target: null, unavailable: 'No successor', effects: [] } as const
const FACTS: ChangeFacts = {
  change: CHANGE,
  isClosed: false,
  may: true,
  ownerTitle: 'Owner',
  options: [MOVE, KEEP],
  mark: 'm',
}
const ASK = { choice: 'keep', successor: null, reason: 'Because', seen: 'm', personId: 7 }

function codes(facts: Partial<ChangeFacts>, ask: Partial<typeof ASK> = {}): string[] {
  const decided = decideSubjectChange({ ...FACTS, ...facts }, { ...ASK, ...ask })
  return decided.ok ? ['ok'] : decided.refusals.map(({ code }) => code)
}

describe('How a case goes on after a change of its school', () => {
  it('is decided by whoever may, of a case that is open and as it was read, for what is possible and with a reason', () => {
    assert.deepEqual(codes({}), ['ok'])
    assert.deepEqual(codes({ may: false }), ['not-responsible'])
    assert.deepEqual(codes({ isClosed: true }), ['case.closed'])
    assert.deepEqual(codes({ mark: 'another' }), ['moved-on'])
    assert.deepEqual(codes({}, { choice: 'move' }), ['choice.unavailable'])
    assert.deepEqual(codes({}, { choice: 'sell', reason: '', seen: '' }), [
      'choice.missing',
      'reason.missing',
      'seen.missing',
    ])
  })

  it('is answered again for the same decision of the same person, and moved on for any other', () => {
    const change: SubjectChange = { ...CHANGE, choice: 'keep', reason: 'Because', decidedById: 7 }
    assert.deepEqual(codes({ change, options: [KEEP] }), ['ok'])
    assert.deepEqual(codes({ change, options: [KEEP] }, { personId: 8 }), ['moved-on'])
    assert.deepEqual(codes({ change, options: [KEEP] }, { reason: 'Another' }), ['moved-on'])
    assert.deepEqual(codes({ change, options: [KEEP] }, { choice: 'end' }), ['moved-on'])
  })

  it('is asked for the kinds that the pack names, and for all without', () => {
    assert.equal(asksOwner('merged', undefined), true)
    assert.equal(asksOwner('renamed', undefined), false)
    assert.equal(asksOwner('merged', ['closed']), false)
  })

  it('keeps the days that were used, of the first that were taken, and of each leader the own', () => {
    const taken = [
      { leaderId: 1, leader: 'L-1', name: 'One', term: 'autumn', halfDays: 4 },
      { leaderId: 1, leader: 'L-1', name: 'One', term: 'spring', halfDays: 16 },
      { leaderId: 2, leader: 'L-2', name: 'Two', term: 'spring', halfDays: 6 },
    ]
    const kept = keptDays(taken, new Map([[1, 7]]))
    assert.deepEqual(
      kept.map(({ leader, term, halfDays }) => [leader, term, halfDays]),
      [
        ['L-1', 'autumn', 4],
        ['L-1', 'spring', 3],
      ],
    )
  })
})
