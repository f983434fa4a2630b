import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { decideOpening, LINK_ADDRESS, LINK_GONE, type LinkFacts, stateOfLink } from './one-time-link.ts'

const WORKS: LinkFacts = {
  today: '2024-01-15',
  lastDay: '2024-01-15',
  isSent: true,
  isUsed: false,
  endedBecause: null,
  isAsked: true,
  holdsRole: true,
  sameAddress: true,
  email: 'Head@example.org',
}
const stateOf = (changed: Partial<LinkFacts>) => stateOfLink({ ...WORKS, ...changed }).state

describe('A link for one person', () => {
  it('works from when its letter was handed over, to the end of its last day, once', () => {
    assert.equal(stateOf({}), 'sent')
    assert.equal(stateOf({ isSent: false }), 'waiting')
    assert.equal(stateOf({ today: '2024-01-16' }), 'ended')
    assert.equal(stateOf({ isUsed: true }), 'used')
    assert.equal(stateOf({ isUsed: true, today: '2024-03-01', isAsked: false }), 'used', 'it stays told as used')
  })

  it('ends with what it was sent for, the role, the address, five wrong tries, a newer one, or by hand', () => {
    for (const gone of ['isAsked', 'holdsRole', 'sameAddress'] as const)
      assert.equal(stateOf({ [gone]: false }), 'ended', gone)
    assert.equal(stateOf({ endedBecause: 'wrong-address' }), 'ended')
    assert.equal(stateOf({ endedBecause: 'replaced' }), 'ended')
    assert.equal(stateOf({ endedBecause: 'revoked' }), 'revoked')
    assert.equal(stateOf({ endedBecause: 'revoked', isUsed: true }), 'revoked', 'what it opened ends too')
  })

  it('opens for the address that it was sent to alone, and says the same of whatever else is entered', () => {
    assert.ok(decideOpening(WORKS, ' head@EXAMPLE.org ').ok)
    for (const typed of ['', 'head', 'other@example.org', 'head@example.org.uk'])
      assert.deepEqual(decideOpening(WORKS, typed), { ok: false, refusals: [LINK_ADDRESS] })
  })

  it('that does not work says the same with the right address and with a wrong one', () => {
    const gone: Partial<LinkFacts>[] = [
      { isSent: false },
      { isUsed: true },
      { today: '2024-01-16' },
      { isAsked: false },
      { holdsRole: false },
      { sameAddress: false },
      { endedBecause: 'revoked' },
      { endedBecause: 'replaced' },
      { endedBecause: 'wrong-address' },
    ]
    for (const one of gone)
      for (const typed of [WORKS.email, 'other@example.org'])
        assert.deepEqual(decideOpening({ ...WORKS, ...one }, typed), { ok: false, refusals: [LINK_GONE] })
  })
})
