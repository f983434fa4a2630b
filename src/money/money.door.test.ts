import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { sql } from 'kysely'
import { type CaseDesk, openCaseDesk, type Person } from '../../world/case-desk.ts'
import { type CaseTeam, teamOf } from '../../world/deployment-form.ts'
import { tellLateSteps } from '../cases/index.ts'
import { verify } from '../platform/verify.ts'
import { moneyChecks } from './index.ts'
import { handedIn } from './test-money.ts'

let desk: CaseDesk
let team: CaseTeam
let payments: Person
before(async () => {
  desk = await openCaseDesk('2023-11-20')
  team = await teamOf(desk)
  payments = await desk.as('rg-pay')
})
after(() => desk.close())

const REF = 'C-0701'
type Line = { state: string; amount: string; missing: string[]; words: string; paidOn: string; paidReference: string }
type Money = { lines: Line[]; books: Record<string, number> }
const moneyOf = async (person: Person, reference = REF): Promise<Money> =>
  (await person.get(`/api/v1/cases/${reference}/money`)).json<Money>()
const pay = async (person: Person, body: object = {}, reference = REF) => {
  const answer = await person.postJson(`/api/v1/cases/${reference}/payments`, body)
  const said = answer.json<{ reference?: string; refusals?: { code: string; message: string }[] }>()
  return {
    status: answer.status,
    run: said.reference ?? '',
    codes: said.refusals?.map(({ code }) => code) ?? [],
    message: said.refusals?.map(({ message }) => message).join(' | ') ?? '',
  }
}
const send = async (person: Person, path: string, body: object = {}) => {
  const answer = await person.postJson(`/api/v1/payment-runs/${path}`, body)
  const said = answer.json<{
    refusals?: { code: string; message: string }[]
    faults?: { line: number; field: string; message: string }[]
    paid?: number
    failed?: number
  }>()
  return { ...said, status: answer.status, code: said.refusals?.[0]?.code ?? '' }
}

describe('A claim from the agreed days to the payment', () => {
  it('TSI-107 approved in ten working days, paid with date and reference, and never before everything is there', async () => {
    await desk.drive('C-0702', 900001, { to: 'S09', leader: 'L-01', days: { begun: '2023-11-20' } })
    const unsigned = await pay(payments, {}, 'C-0702')
    assert.deepEqual([unsigned.status, unsigned.codes], [422, ['payment.not-due']])
    assert.match(
      unsigned.message,
      /Missing: signature of the leader, signature of the school or trust, review of the delivery partner, approval of the Regions Group$/,
    )
    const promised = await moneyOf(team.leader, 'C-0702')
    assert.deepEqual([promised.lines[0]?.state, promised.books.committed], ['not-due', 6000])
    await handedIn(desk, team, REF, { completed: '2024-03-08', handedIn: '2024-03-18' })
    const unreviewed = await pay(payments)
    assert.equal(unreviewed.status, 422)
    assert.match(unreviewed.message, /Missing: review of the delivery partner, approval of the Regions Group/)
    desk.setToday('2024-03-20')
    assert.equal((await team.rdp.step(REF, 'review-form', { outcome: 'forward' })).status, 200)
    const due = (await team.rg.read(REF)).open.find(({ step }) => step === 'process-claim')?.dueOn
    assert.equal(due, '2024-04-05')
    const early = await pay(payments)
    assert.deepEqual([early.status, early.codes], [422, ['payment.not-due']])
    assert.match(early.message, /Missing: approval of the Regions Group$/)
    assert.deepEqual((await moneyOf(team.leader)).lines[0]?.missing, ['approval of the Regions Group'])
    desk.setToday('2024-04-08')
    await tellLateSteps(desk.service.cases)
    const { notices } = (await team.rg.get('/api/v1/work')).json<{ notices: { words: string }[] }>()
    assert.ok(notices.some(({ words }) => words.startsWith('Overdue: Decision on the form and the claim')))
    assert.deepEqual((await team.rg.step(REF, 'process-claim', { outcome: 'rejected' })).codes, ['reason.missing'])
    assert.equal((await team.rg.step(REF, 'process-claim', { outcome: 'approved' })).status, 200)
    const prepared = await pay(team.rg, { amount: 6000 })
    assert.equal(prepared.status, 201, prepared.message)
    assert.equal((await send(payments, `${prepared.run}/release`)).status, 200)
    const file = `Reference,Result,Date,Payment reference\n${prepared.run}-1,paid,2024-04-08,BACS-77\n`
    assert.equal((await send(payments, `${prepared.run}/response`, { file })).paid, 1)
    const [line] = (await moneyOf(team.leader)).lines
    assert.deepEqual([line?.state, line?.paidOn, line?.paidReference], ['payment-processed', '2024-04-08', 'BACS-77'])
    const page = await team.leader.get(`/cases/${REF}/money`)
    assert.match(page.text, /Payment processed £6,000 was paid to Maren Holloway on 8 April 2024, reference BACS-77/)
    assert.match((await pay(payments)).message, /paid in full: £6,000/)
  })

  it('the books balance, and the database itself refuses what would not', async () => {
    const balanced = await verify(desk.service.database, moneyChecks)
    assert.deepEqual(balanced, [{ name: 'The books balance', faults: [] }])
    await assert.rejects(
      sql`insert into money_entry (line_id, on_date, pence, from_account, to_account, words, made_by)
        select id, '2024-04-08', 1, 'due', 'paid', 'x', 'x' from money_line limit 1`.execute(desk.service.database.db),
      /has less in due/,
    )
    await assert.rejects(sql`update money_entry set pence = 1`.execute(desk.service.database.db), /never changed/)
  })

  it('everybody sees on the page of money what they may see, and each number leads to its lines', async () => {
    const overview = await team.rg.get('/money')
    assert.equal(overview.status, 200)
    assert.match(overview.text, /£6,000 is paid and £0 is due, of £12,000 promised/)
    assert.match(overview.body, /href="\/money\/lines\?programme=tsi&(amp;)?region=North\+East&(amp;)?account=paid"/)
    const lines = await team.rg.get('/money/lines?programme=tsi&region=North+East&account=paid')
    assert.match(lines.text, /1 line ?, £6,000 in all/)
    const csv = await team.rg.get('/money/lines.csv?account=committed')
    assert.match(csv.body, /C-0702,.*,6000\.00,0\.00,0\.00,0\.00,0\.00/)
    const elsewhere = await desk.as('rg-ln')
    assert.match((await elsewhere.get('/money')).text, /No money is promised yet/)
    assert.equal((await team.leader.get('/money')).status, 403)
    assert.equal((await elsewhere.get(`/cases/${REF}/money`)).status, 404)
  })
})
