import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { amountRefusal, ownMoneyRefusal, type PaymentFacts, paymentRefusal, releaseRefusal } from './decide-payment.ts'

const due: PaymentFacts = {
  title: 'Days of support',
  standing: { account: 'due', pence: 600_000, missing: [], note: null },
  due: 600_000,
  paid: 0,
  withPayer: 0,
  full: null,
  leaderReference: null,
}

describe('Whether a line may be paid now', () => {
  const refused = (facts: Partial<PaymentFacts>) => {
    const { code, message } = paymentRefusal({ ...due, ...facts }) ?? { code: 'none', message: '' }
    return `${code}: ${message}`
  }

  it('what is due may be', () => {
    assert.equal(paymentRefusal(due), undefined)
    assert.equal(paymentRefusal({ ...due, paid: 100, withPayer: 100, full: 'all of it' }), undefined)
  })

  it('what somebody objects to is stopped, whatever is due', () => {
    const standing = { ...due.standing, missing: ['signature'], note: 'The claim was not approved' }
    assert.equal(refused({ standing }), 'payment.stopped: Days of support: The claim was not approved')
  })

  it('what misses something is not due, and all that is missing is named', () => {
    const standing = { account: 'claimed', pence: 600_000, missing: ['signature', 'approval'], note: null } as const
    assert.equal(refused({ standing }), 'payment.not-due: Days of support is not due. Missing: signature, approval')
  })

  it('without a promise there is nothing to pay, whatever is missing', () => {
    const standing = { account: 'none', pence: 0, missing: ['signature'], note: null } as const
    assert.equal(refused({ standing, due: 0 }), 'payment.nothing: Days of support: there is nothing to pay')
    assert.equal(
      refused({ standing, due: 0, full: 'full' }),
      'payment.nothing: Days of support: there is nothing to pay',
    )
  })

  it('what is with the payer, or paid, is not paid again', () => {
    assert.equal(
      refused({ due: 0, withPayer: 1, paid: 1 }),
      'payment.on-its-way: Days of support is in a payment run already',
    )
    assert.equal(refused({ due: 0, paid: 330_050 }), 'payment.full: Days of support is paid in full: £3,300.50')
    assert.equal(refused({ due: 0, paid: 1, full: 'two payments' }), 'payment.full: Days of support: two payments')
    assert.equal(refused({ due: 0, full: 'two payments' }), 'payment.full: Days of support: two payments')
    assert.equal(refused({ due: 0 }), 'payment.nothing: Days of support: there is nothing to pay')
  })
})

describe('An amount that somebody sends', () => {
  it('must be what is due, to the penny', () => {
    for (const same of [undefined, '', '3300.50', 3300.5]) assert.equal(amountRefusal(same, 330_050, null), undefined)
    assert.deepEqual(amountRefusal('3300.51', 330_050, null), {
      code: 'amount.mismatch',
      message: 'The amount is worked out: £3,300.50 is due, not £3300.51',
      field: 'amount',
    })
    assert.equal(amountRefusal('many', 0, null)?.code, 'amount.mismatch')
    assert.equal(amountRefusal(0, 100, null)?.code, 'amount.mismatch')
  })

  it('beside a grant that is fixed is answered with its words', () => {
    assert.deepEqual(amountRefusal('1', 500_000, 'two payments of £5,000'), {
      code: 'grant.amount',
      message: 'two payments of £5,000',
      field: 'amount',
    })
  })
})

const NOWHERE = { everything: false, regions: [], authorities: [], organisations: [], establishments: [], leaders: [] }

describe('Two people', () => {
  const hat = (scopeKind: 'leader' | 'region', ...scopeValues: string[]) => ({
    programme: 'tsi',
    role: 'system-leader',
    title: 'System leader',
    capabilities: [],
    scope: NOWHERE,
    scopeKind,
    scopeValues,
    from: '2023-09-01',
    to: null,
  })

  it('nobody pays himself, in whichever of the lines he is the leader', () => {
    const own = { hats: [hat('region', 'L-2'), hat('leader', 'L-1')] }
    assert.deepEqual(ownMoneyRefusal(own, [null, 'L-3', 'L-1']), {
      code: 'payment.own',
      message: 'This pays yourself: somebody else must do it',
    })
    assert.equal(ownMoneyRefusal(own, [null, 'L-2']), undefined)
    assert.equal(ownMoneyRefusal({ hats: [] }, ['L-1']), undefined)
  })

  it('a run is released once, by somebody else than whoever prepared it', () => {
    const run = { status: 'prepared', reference: 'R-1', preparedById: 7, preparedBy: 'Asha Brindle' }
    assert.equal(releaseRefusal(run, { personId: 8 }, ['Treasurer']), undefined)
    const same = {
      code: 'run.same-person',
      message: 'Asha Brindle prepared this run: somebody else releases it, as Treasurer',
    }
    assert.deepEqual(releaseRefusal(run, { personId: 7 }, ['Treasurer']), same)
    assert.deepEqual(releaseRefusal(run, { personId: null }, ['Treasurer']), same)
    assert.deepEqual(releaseRefusal({ ...run, status: 'released' }, { personId: 8 }, []), {
      code: 'run.moved-on',
      message: 'Payment run R-1 is released already',
    })
  })
})
