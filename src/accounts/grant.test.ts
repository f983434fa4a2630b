import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { decideGrant, type Grant, grantInWords, isInForce, powersOf } from './grant.ts'
import { ADMINISTRATOR, type Role } from './roles.ts'

const LEAD: Role = {
  programme: 'p',
  programmeTitle: 'Programme',
  id: 'lead',
  title: 'Lead',
  may: ['match'],
  single: true,
}
const READER: Role = { ...LEAD, id: 'reader', title: 'Reader', may: ['see-leaders'], single: false }
const ROLES = [ADMINISTRATOR, LEAD, READER]

function grantOf(changes: Partial<Grant> = {}): Grant {
  const base = { programme: 'p', role: 'lead', scopeKind: 'region', scopeValues: ['London'] } as const
  return { ...base, from: '2023-09-01', to: null, ...changes }
}

describe('Grants', () => {
  it('a region has one lead at a time; one lead may have two regions', () => {
    const held = [grantOf({ scopeValues: ['London', 'South East'] })]
    const codes = (asked: Grant, others: readonly Grant[]) => {
      const decided = decideGrant(asked, { roles: ROLES, others })
      return decided.ok ? [] : decided.refusals.map((refusal) => refusal.code)
    }
    assert.deepEqual(codes(held[0] ?? grantOf(), []), [])
    assert.deepEqual(codes(grantOf(), held), ['grant.held'])
    assert.deepEqual(codes(grantOf({ scopeValues: ['North East'] }), held), [])
    assert.deepEqual(codes(grantOf({ role: 'reader' }), [grantOf({ role: 'reader' })]), [])
  })

  it('the next lead begins on the day after the last one', () => {
    const others = [grantOf({ to: '2024-01-07' })]
    assert.ok(decideGrant(grantOf({ from: '2024-01-08' }), { roles: ROLES, others }).ok)
    assert.ok(!decideGrant(grantOf({ from: '2024-01-07' }), { roles: ROLES, others }).ok)
    assert.ok(!decideGrant(grantOf({ from: '2020-01-01' }), { roles: ROLES, others }).ok)
  })

  it('of roles that are kept apart are never one person’s on any day, whichever comes first', () => {
    const payer: Role = { ...READER, id: 'payer', title: 'Payer', conflictsWith: ['lead'] }
    const codes = (asked: Grant, own: readonly Grant[]) => {
      const decided = decideGrant(asked, { roles: [LEAD, payer], others: [], own })
      return decided.ok ? [] : decided.refusals.map((refusal) => refusal.code)
    }
    const paying = grantOf({ role: 'payer', scopeKind: 'national', scopeValues: [] })
    assert.deepEqual(codes(paying, [grantOf()]), ['grant.conflict'])
    assert.deepEqual(codes(grantOf(), [paying]), ['grant.conflict'])
    assert.deepEqual(codes(paying, [grantOf({ to: '2023-08-31', from: '2020-09-01' })]), [])
    assert.deepEqual(codes(paying, [grantOf({ programme: 'another' })]), [])
  })

  it('are refused for an unknown role, days the wrong way round, or no place', () => {
    const facts = { roles: ROLES, others: [] }
    assert.ok(!decideGrant(grantOf({ role: 'nothing' }), facts).ok)
    assert.ok(!decideGrant(grantOf({ to: '2023-08-31' }), facts).ok)
    assert.ok(!decideGrant(grantOf({ scopeValues: [] }), facts).ok)
  })

  it('hold from the first day to the last, both included', () => {
    const days = { from: '2024-01-08', to: '2024-01-09' }
    assert.deepEqual(
      ['2024-01-07', '2024-01-08', '2024-01-09', '2024-01-10'].map((on) => isInForce(days, on)),
      [false, true, true, false],
    )
  })

  it('are worn together, and one whose programme is not loaded gives nothing', () => {
    const { capabilities, scope } = powersOf(
      [
        grantOf(),
        grantOf({ role: 'reader', scopeKind: 'establishment', scopeValues: ['900001'] }),
        grantOf({ programme: 'gone', role: 'lead', scopeValues: ['London', 'South West'] }),
      ],
      ROLES,
    )
    assert.deepEqual([...capabilities].toSorted(), ['match', 'see-leaders'])
    assert.deepEqual(scope.establishments, [900001])
    assert.equal(scope.everything, false)
    assert.match(grantInWords(grantOf({ programme: 'gone' }), ROLES), /not loaded/)
  })
})
