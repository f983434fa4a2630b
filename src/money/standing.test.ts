import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { bareFacts } from '../../world/bare-facts.ts'
import type { MoneyClaim, MoneyGrant } from '../programmes/index.ts'
import { decideClaim, decidePart, type MoneyFacts } from './standing.ts'

const cites = ['TSI-107']
const claim: MoneyClaim = {
  kind: 'payable',
  title: 'Days of support',
  flow: 'deployment',
  of: 'support',
  from: { when: "flag('promised')", cites },
  claimed: { when: "flag('handed-in')", cites },
  refused: { when: "flag('refused')", say: 'The claim was not approved', cites },
  due: [
    { id: 'leader', when: "flag('signed')", say: 'signature of the leader', cites },
    { id: 'approval', when: "flag('approved')", say: 'approval', cites },
  ],
  cites,
}
const grant: MoneyGrant = {
  kind: 'grant',
  title: 'Grant',
  flow: 'partnership',
  to: ['application/partner'],
  from: { when: "flag('promised')", cites },
  pounds: 10_000,
  full: 'fully allocated',
  parts: [
    {
      id: 'second',
      title: 'Second payment',
      pounds: 5_000,
      due: [
        { id: 'first-paid', paid: 'first', say: 'first payment', cites },
        { id: 'over', reached: 'run', say: 'end of the partnership', cites },
      ],
      disputed: { when: "flag('disputed')", say: 'Not as described', cites },
      cites,
    },
  ],
  cites,
}
const [second] = grant.parts

function known(flags: readonly string[], more: Partial<MoneyFacts> = {}): MoneyFacts {
  const facts = bareFacts({ flag: (name) => flags.includes(name) })
  return { facts, isPaid: () => false, isReached: () => false, ...more }
}

describe('A claim', () => {
  const pence = { promised: 600_000, claimed: 540_000 }
  const stand = (flags: readonly string[], line = claim) => decideClaim(line, known(flags), pence)
  const BOTH = ['signature of the leader', 'approval']

  it('is nothing before it is promised, whatever else is done', () => {
    assert.deepEqual(stand([]), { account: 'none', pence: 0, missing: BOTH, note: null })
    assert.deepEqual(stand(['handed-in', 'signed', 'approved', 'refused']), {
      account: 'none',
      pence: 0,
      missing: [],
      note: null,
    })
  })

  it('is the promised days until it is handed in, then what is claimed', () => {
    assert.deepEqual(stand(['promised']), { account: 'committed', pence: 600_000, missing: BOTH, note: null })
    assert.deepEqual(stand(['promised', 'handed-in']), {
      account: 'claimed',
      pence: 540_000,
      missing: BOTH,
      note: null,
    })
  })

  it('is due once nothing is missing, and one thing missing is enough', () => {
    const all = ['promised', 'handed-in', 'signed', 'approved']
    assert.deepEqual(stand(all), { account: 'due', pence: 540_000, missing: [], note: null })
    assert.deepEqual(stand(all.slice(0, 3)), { account: 'claimed', pence: 540_000, missing: ['approval'], note: null })
    assert.deepEqual(stand(['promised', 'signed', 'approved']), {
      account: 'committed',
      pence: 600_000,
      missing: [],
      note: null,
    })
  })

  it('that is refused is nothing, and says why; a line that cannot be refused is not', () => {
    const flags = ['promised', 'handed-in', 'signed', 'approved', 'refused']
    assert.deepEqual(stand(flags), { account: 'none', pence: 0, missing: [], note: 'The claim was not approved' })
    const { refused: _, ...never } = claim
    assert.equal(stand(flags, never).account, 'due')
  })
})

describe('A part of a grant', () => {
  const stand = (flags: readonly string[], more?: Partial<MoneyFacts>) => {
    assert.ok(second)
    return decidePart(grant, second, known(flags, more))
  }
  const paid = { isPaid: (part: string) => part === 'first' }
  const over = { isReached: (step: string) => step === 'run' }

  it('is nothing before the grant is promised', () => {
    assert.deepEqual(stand([], { ...paid, ...over }), { account: 'none', pence: 0, missing: [], note: null })
  })

  it('waits for the payment before it and for the day that is named', () => {
    const all = { account: 'committed', pence: 500_000, note: null }
    assert.deepEqual(stand(['promised']), { ...all, missing: ['first payment', 'end of the partnership'] })
    assert.deepEqual(stand(['promised'], paid), { ...all, missing: ['end of the partnership'] })
    assert.deepEqual(stand(['promised'], over), { ...all, missing: ['first payment'] })
    assert.deepEqual(stand(['promised'], { ...paid, ...over }), { ...all, account: 'due', missing: [] })
  })

  it('is never due while it is disputed', () => {
    assert.deepEqual(stand(['promised', 'disputed'], { ...paid, ...over }), {
      account: 'committed',
      pence: 500_000,
      missing: [],
      note: 'Not as described',
    })
  })
})
