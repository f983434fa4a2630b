import assert from 'node:assert/strict'
import { it } from 'node:test'
import { decideMove, decidePostings, NOTHING, post } from './ledger.ts'

it('A payment of more than stands there is refused, in words', () => {
  const now = { ...NOTHING, due: 300_000 }
  const refused = {
    ok: false,
    refusals: [{ code: 'money.not-there', message: 'Only £3,000 stand there, not £3,000.01' }],
  }
  assert.deepEqual(decideMove(now, 'prepare', 300_001), refused)
  assert.deepEqual(decideMove(now, 'prepare', 300_000), {
    ok: true,
    value: { from: 'due', to: 'with-payer', pence: 300_000 },
  })
})

it('A promise that ends goes back to the outside, from wherever it stands', () => {
  const none = { account: 'none', pence: 500 } as const
  assert.deepEqual(decidePostings({ ...NOTHING, committed: 500 }, none), [
    { from: 'committed', to: 'outside', pence: 500 },
  ])
  assert.deepEqual(decidePostings({ ...NOTHING, claimed: 200, due: 300, paid: 100 }, none), [
    { from: 'claimed', to: 'outside', pence: 200 },
    { from: 'due', to: 'outside', pence: 300 },
  ])
})

it('A posting moves between accounts, or over the border of the books, and touches no other account', () => {
  const now = { ...NOTHING, committed: 900, paid: 100 }
  assert.deepEqual(post(now, { from: 'committed', to: 'due', pence: 400 }), {
    ...NOTHING,
    committed: 500,
    due: 400,
    paid: 100,
  })
  assert.deepEqual(post(now, { from: 'outside', to: 'committed', pence: 1 }), { ...now, committed: 901 })
  assert.deepEqual(post(now, { from: 'committed', to: 'outside', pence: 900 }), { ...now, committed: 0 })
})
