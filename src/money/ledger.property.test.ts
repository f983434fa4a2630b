import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import {
  ACCOUNTS,
  type Balances,
  decideMove,
  decidePostings,
  inPounds,
  type Move,
  NOTHING,
  type Posting,
  post,
  restAfter,
  type Wanted,
} from './ledger.ts'

const wanted = fc.record({
  account: fc.constantFrom('none', 'committed', 'claimed', 'due'),
  pence: fc.integer({ min: 0, max: 1_000_000 }),
})
const operation = fc.oneof(
  fc.record({ kind: fc.constant('facts' as const), wanted }),
  fc.record({
    kind: fc.constant('move' as const),
    move: fc.constantFrom('prepare', 'pay', 'fail', 'cancel'),
    share: fc.integer({ min: -10, max: 150 }),
  }),
)

type Operation = typeof operation extends fc.Arbitrary<infer T> ? T : never
type Book = { now: Balances; postings: Posting[]; most: number }

function add(book: Book, posting: Posting): void {
  book.postings.push(posting)
  book.now = post(book.now, posting)
  for (const account of ACCOUNTS) assert.ok(book.now[account] >= 0, `${account} is below nought`)
}

function take(book: Book, { account, pence }: Wanted): void {
  book.most = Math.max(book.most, account === 'none' ? 0 : pence)
  for (const posting of decidePostings(book.now, { account, pence })) add(book, posting)
  const rest = Math.max(0, pence - book.now.paid - book.now['with-payer'])
  for (const one of ['committed', 'claimed', 'due'] as const) assert.equal(book.now[one], one === account ? rest : 0)
}

function move(book: Book, way: Move, share: number): void {
  const from = way === 'prepare' ? 'due' : 'with-payer'
  const asked = Math.floor((book.now[from] * share) / 100)
  const decided = decideMove(book.now, way, asked)
  assert.equal(decided.ok, asked > 0 && asked <= book.now[from])
  if (decided.ok) add(book, decided.value)
}

function run(operations: readonly Operation[]): Book {
  const book: Book = { now: NOTHING, postings: [], most: 0 }
  for (const one of operations)
    if (one.kind === 'facts') take(book, one.wanted)
    else move(book, one.move, one.share)
  return book
}

describe('The books of a line', () => {
  it('balance after any sequence of facts and payments: nothing appears, nothing is lost, nothing is paid twice', () => {
    fc.assert(
      fc.property(fc.array(operation, { maxLength: 40 }), (operations) => {
        const { now, postings, most } = run(operations)
        const came = postings.filter(({ from }) => from === 'outside').reduce((sum, { pence }) => sum + pence, 0)
        const went = postings.filter(({ to }) => to === 'outside').reduce((sum, { pence }) => sum + pence, 0)
        assert.equal(
          ACCOUNTS.reduce((sum, account) => sum + now[account], 0),
          came - went,
        )
        assert.ok(now.paid + now['with-payer'] <= most, 'more is paid than ever was due')
        assert.ok(postings.every(({ pence }) => Number.isInteger(pence) && pence > 0))
      }),
      { numRuns: 500 },
    )
  })

  it('say the same when they are asked twice', () => {
    fc.assert(
      fc.property(fc.array(operation, { maxLength: 20 }), wanted, (operations, last) => {
        const { now } = run(operations)
        const after = decidePostings(now, last).reduce(post, now)
        assert.deepEqual(decidePostings(after, last), [])
      }),
    )
  })

  it('pounds are written with pence only where there are any', () => {
    assert.deepEqual([600_000, 330_050, 0].map(inPounds), ['£6,000', '£3,300.50', '£0'])
  })
})

describe('What other leaders leave of the money of a case', () => {
  const pence = fc.integer({ min: 0, max: 900_000 })
  const shares = fc.array(fc.record({ payable: pence, gone: pence }), { maxLength: 4 })

  it('is never below nought, and with what is set aside never more than all', () => {
    fc.assert(
      fc.property(pence, shares, (all, others) => {
        const rest = restAfter(all, others)
        const setAside = others.reduce((sum, { payable, gone }) => sum + Math.max(payable, gone), 0)
        assert.ok(Number.isInteger(rest) && rest >= 0)
        assert.ok(rest + setAside <= Math.max(all, setAside))
        for (const { payable, gone } of others) assert.ok(rest === 0 || rest + Math.max(payable, gone) <= all)
      }),
    )
  })
})
