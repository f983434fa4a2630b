import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { type CaseDesk, openCaseDesk, type Person } from '../../world/case-desk.ts'
import { bookOpenMoney } from './index.ts'

let desk: CaseDesk
let rg: Person
let payments: Person
let head: Person
let atApproval: Line[]
before(async () => {
  desk = await openCaseDesk('2024-04-10')
  rg = await desk.as('rg-ne')
  payments = await desk.as('rg-pay')
  head = await desk.as('head-900016')
  await approved()
  atApproval = await linesOf()
})
after(() => desk.close())

const PARENT = 'C-16'
const REF = 'C-16-1'

/** A funded partnership that was approved with trust T-09 on 10 April 2024, and told to everybody. */
async function approved(): Promise<void> {
  await desk.drive(PARENT, 900016, {
    to: 'S09',
    leader: 'L-04',
    days: { begun: '2023-11-22', S04: '2023-11-23', S07: '2023-11-29', S08: '2023-12-04' },
  })
  const on = '2024-04-10'
  await desk.doStep(PARENT, 'assess-options', on, { option: 'funded', beneficial: 'The plan needs a partner' })
  await desk.doStep(PARENT, 'agree-option', on, { outcome: 'agree' })
  await desk.doStep(PARENT, 'apply-partnership', on)
  await desk.doStep(REF, 'confirm-agreement', on, { outcome: 'agree' })
  await desk.doStep(REF, 'application', on, {
    benefit: 'A curriculum',
    context: 'Known',
    partner: 'Harbour Lamp Learning Trust',
  })
  await desk.doStep(REF, 'forward-application', on, { outcome: 'forward' })
  await desk.doStep(REF, 'decide-application', on, { outcome: 'approved' })
}

type Line = {
  part: string
  title: string
  state: string
  amount: string
  payee: string
  missing: string[]
  note: string
}
const linesOf = async (reference = REF): Promise<Line[]> =>
  (await rg.get(`/api/v1/cases/${reference}/money`)).json<{ lines: Line[] }>().lines
const stateOf = async (part: string) => (await linesOf()).find((line) => line.part === part)?.state

async function pay(body: object = {}) {
  const answer = await rg.postJson(`/api/v1/cases/${REF}/payments`, body)
  const said = answer.json<{ reference?: string; pounds?: number; refusals?: { message: string }[] }>()
  const message = said.refusals?.map((one) => one.message).join(' | ') ?? ''
  return { status: answer.status, run: said.reference ?? '', pounds: said.pounds, message }
}

/** Prepared by one, released by another, and paid as the payer says. */
async function payThrough(body: object): Promise<void> {
  const prepared = await pay(body)
  assert.equal(prepared.status, 201, prepared.message)
  assert.equal(prepared.pounds, 5000)
  assert.equal((await payments.postJson(`/api/v1/payment-runs/${prepared.run}/release`, {})).status, 200)
  const file = `Reference,Result,Date,Payment reference\n${prepared.run}-1,paid,${desk.today()},G-1\n`
  const taken = await payments.postJson(`/api/v1/payment-runs/${prepared.run}/response`, { file })
  assert.equal(taken.json<{ paid: number }>().paid, 1, taken.body)
}

describe('The grant of a funded partnership', () => {
  it('TSI-042 two payments of £5,000 stand there not due from the approval; no third, no other amount', async () => {
    const lines = await linesOf()
    assert.deepEqual(
      lines.map(({ part, state, amount, payee }) => [part, state, amount, payee]),
      [
        ['first', 'not-due', '£5,000', 'T-09'],
        ['second', 'not-due', '£5,000', 'T-09'],
      ],
    )
    for (const body of [
      { amount: 1 },
      { amount: 5001, part: 'first' },
      { amount: 12000 },
      { amount: 1, part: 'third' },
    ]) {
      const refused = await pay(body)
      assert.equal(refused.status, 422)
      assert.match(refused.message, /grant fully allocated/)
    }
    const summary = await linesOf(PARENT)
    assert.deepEqual(
      summary.map(({ title, amount }) => [title, amount]),
      [
        ['Days of support', '£6,000'],
        ['Grant for a funded partnership: First payment', '£5,000'],
        ['Grant for a funded partnership: Second payment', '£5,000'],
      ],
    )
  })

  it('TSI-043 the first is due with the signed offer and the agreement of both, and names what is missing', async () => {
    const nothing = await pay({ part: 'first' })
    assert.match(nothing.message, /Missing: signed grant offer, SLA not confirmed/)
    for (const step of ['offer-letter', 'send-terms', 'start-funding', 'communicated'])
      await desk.doStep(REF, step, '2024-04-10', { date: '2024-04-10' })
    const unsigned = await rg.step(REF, 'signed-offer', { date: '2024-04-10' })
    assert.match(unsigned.message, /who signed/i)
    assert.equal((await rg.step(REF, 'signed-offer', { date: '2024-04-10', signatory: 'Chair of T-09' })).status, 200)
    const offered = await pay({ part: 'first' })
    assert.match(offered.message, /Missing: SLA not confirmed/)
    assert.doesNotMatch(offered.message, /signed grant offer/)
    const half = await rg.step(REF, 'service-agreement', {
      date: '2024-04-10',
      school: 'yes',
      trust: 'no',
      model: 'yes',
    })
    assert.match(half.message, /SLA not confirmed/)
    assert.match((await pay({ part: 'first' })).message, /SLA not confirmed/)
    const both = await rg.step(REF, 'service-agreement', {
      date: '2024-04-10',
      school: 'yes',
      trust: 'yes',
      model: 'own',
    })
    assert.equal(both.status, 200, both.message)
    assert.equal(await stateOf('first'), 'due')
    await payThrough({ part: 'first' })
    assert.equal(await stateOf('first'), 'payment-processed')
    assert.match((await pay({ part: 'first' })).message, /grant fully allocated/)
  })

  it('TSI-044 the second is due after the first, the end, the report and the word of the school; a dispute stops it', async () => {
    assert.equal(atApproval[1]?.missing[0], 'first payment')
    assert.match(
      (await pay({ part: 'second' })).message,
      /Missing: end of the partnership, the trust's report of activities, confirmation of the report by the school$/,
    )
    desk.setToday('2025-04-16')
    await bookOpenMoney(desk.service.cases)
    const report = { date: '2025-04-16', report: 'Six joint days on the curriculum' }
    assert.equal((await rg.step(REF, 'activity-report', report)).status, 200)
    const unconfirmed = await pay({ part: 'second' })
    assert.equal(unconfirmed.status, 422)
    assert.match(unconfirmed.message, /Missing: confirmation of the report by the school$/)
    const no = { outcome: 'not-as-described', reason: 'Two of the days did not take place' }
    assert.equal((await head.step(REF, 'confirm-report', no)).status, 200)
    assert.equal(await stateOf('second'), 'disputed')
    const { notices } = (await rg.get('/api/v1/work')).json<{ notices: { reference: string; words: string }[] }>()
    assert.ok(notices.some(({ reference, words }) => reference === REF && /not as described/.test(words)))
    assert.match((await pay({ part: 'second' })).message, /not as described/)
    assert.equal((await rg.step(REF, 'settle-report', { note: 'The two days are made up for' })).status, 200)
    assert.equal((await head.step(REF, 'confirm-report', { outcome: 'as-described' })).status, 200)
    assert.equal(await stateOf('second'), 'due')
    await payThrough({})
    const third = await pay({ amount: 1 })
    assert.match(third.message, /grant fully allocated/)
    assert.match((await pay()).message, /grant fully allocated/)
  })
})
