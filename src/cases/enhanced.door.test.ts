import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { type CaseDesk, openCaseDesk, type Person } from './test-cases.ts'

let desk: CaseDesk
let rg: Person
let rdp: Person
let leader: Person
before(async () => {
  desk = await openCaseDesk('2024-01-15')
  rg = await desk.as('rg-ne')
  rdp = await desk.as('dp-ne')
  leader = await desk.as('L-03')
  const days = { begun: '2023-10-30', S04: '2023-11-06', S07: '2023-11-29', S08: '2023-12-04' }
  for (const [reference, urn] of [
    ['C-01', 900001],
    ['C-16', 900016],
  ] as const)
    await desk.drive(reference, urn, {
      to: 'S09',
      leader: reference === 'C-01' ? 'L-03' : 'L-04',
      days: { ...days, begun: '2023-11-22', S04: '2023-11-23' },
    })
  await desk.drive('C-05', 900005, { to: 'S05', leader: 'L-04', days: { begun: '2023-11-06' } })
})
after(() => desk.close())

const REQUEST = {
  days: '5',
  purpose: 'bespoke',
  context: 'The new plan has begun',
  vulnerability: 'Two heads in a year',
}

async function assess(reference: string, option: string, head: Person, by: Person): Promise<void> {
  const assessed = await by.act(reference, 'assess-options', { option, beneficial: 'The plan needs time' })
  assert.equal(assessed.status, 200, assessed.message)
  assert.equal((await head.step(reference, 'agree-option', { outcome: 'agree' })).status, 200)
}

async function childOf(reference: string): Promise<string> {
  return `${reference}-1`
}

describe('Extra days', () => {
  it('TSI-025 an enhanced request needs a running deployment and why the school is vulnerable', async () => {
    desk.setToday('2024-01-15')
    const other = await desk.as('L-04')
    const early = await rg.act('C-05', 'request-extra-days', REQUEST)
    assert.equal(early.status, 422)
    assert.match(early.message, /the case is in S05/)
    const silent = await other.act('C-16', 'request-extra-days', { ...REQUEST, vulnerability: '' })
    assert.match(silent.message, /more than the first days/)
  })

  it('TSI-100 the leader assesses and the school agrees before anything is asked for', async () => {
    const refused = await leader.act('C-01', 'request-extra-days', REQUEST)
    assert.deepEqual(refused.codes, ['check.assessed'])
    assert.match(refused.message, /has not agreed/)
    await assess('C-01', 'extra-days', await desk.as('head-900001'), leader)
    const done = (await rg.read('C-01')).done
    assert.ok(done.some(({ step, doneBy }) => step === 'agree-option' && /Larkin-Roe/.test(doneBy)))
    const six = await leader.act('C-01', 'request-extra-days', { ...REQUEST, days: '6' })
    assert.match(six.message, /at most 5/)
    assert.match((await leader.act('C-01', 'request-extra-days', { ...REQUEST, days: '0' })).message, /at least 0.5/)
    assert.match((await leader.act('C-01', 'request-extra-days', { ...REQUEST, context: '' })).message, /context/)
    assert.match((await leader.get('/cases/C-01/actions/request-extra-days')).text, /Normally towards the end: 0 of 10/)
    const stage = async () => (await rg.read('C-01')).stage
    assert.notEqual(await stage(), 'S11')
    assert.equal((await leader.act('C-01', 'request-extra-days', { ...REQUEST, days: '3' })).status, 200)
    assert.equal(await stage(), 'S11', 'the case stands at the enhanced request')
  })

  it('TSI-048 the Regions Group decides only after the delivery partner has checked the request', async () => {
    const child = await childOf('C-01')
    const early = await rg.step(child, 'decide-request', { outcome: 'approved', days: '3', until: '2024-04-08' })
    assert.match(early.message, /Quality assurance of the request missing/)
    assert.deepEqual((await rdp.step(child, 'check-request', { outcome: 'returned' })).codes, ['reason.missing'])
    assert.equal(
      (await rdp.step(child, 'check-request', { outcome: 'returned', reason: 'Say what is planned' })).status,
      200,
    )
    assert.equal((await leader.step(child, 'amend-request', { context: 'Coaching of two middle leaders' })).status, 200)
    assert.equal((await rdp.step(child, 'check-request', { outcome: 'assured' })).stage, 'E2')
    const done = (await rg.read(child)).done.find(({ step, superseded }) => step === 'check-request' && !superseded)
    assert.match(done?.doneBy ?? '', /Phoebe/)
  })

  it('TSI-049 the decision has five working days, and nothing is decided by itself', async () => {
    const open = (await rg.read(await childOf('C-01'))).open.find(({ step }) => step === 'decide-request')
    assert.equal(open?.dueOn, '2024-01-22')
    desk.setToday('2024-01-23')
    const later = (await rg.read(await childOf('C-01'))).open.find(({ step }) => step === 'decide-request')
    assert.equal(later?.overdue, true)
    desk.setToday('2024-01-15')
  })

  it('TSI-051 declining needs a rationale of some length, which the leader and the delivery partner see', async () => {
    const child = await childOf('C-01')
    assert.match((await rg.step(child, 'decide-request', { outcome: 'declined' })).message, /rationale/i)
    assert.deepEqual((await rg.step(child, 'decide-request', { outcome: 'declined', rationale: 'no' })).codes, [
      'check.rationale',
    ])
    assert.equal((await rg.read(child)).stage, 'E2')
  })

  it('TSI-028 days are at most five over all requests: what is approved raises the maximum, what is left is named', async () => {
    const child = await childOf('C-01')
    const undated = await rg.step(child, 'decide-request', { outcome: 'approved', days: '3' })
    assert.match(undated.message, /completed by/)
    const approved = await rg.step(child, 'decide-request', { outcome: 'approved', days: '3', until: '2024-04-08' })
    assert.equal(approved.status, 200, approved.message)
    const view = (await rg.get('/api/v1/cases/C-01')).json<{ extraDays: number }>()
    assert.equal(view.extraDays, 3)
    const more = await leader.act('C-01', 'request-extra-days', { ...REQUEST, days: '3' })
    assert.match(more.message, /Only 2(\.0)? extra days are left/)
    const rest = { ...REQUEST, days: '2' }
    assert.equal((await leader.act('C-01', 'request-extra-days', rest)).status, 200, 'what is left may be asked for')
    const twice = await leader.act('C-01', 'request-extra-days', { ...REQUEST, days: '1' })
    assert.deepEqual([twice.status, twice.codes], [409, ['child.one-of-group']], 'one at a time')
    assert.equal((await rdp.step('C-01-2', 'check-request', { outcome: 'assured' })).status, 200)
    const last = await rg.step('C-01-2', 'decide-request', { outcome: 'approved', days: '2', until: '2024-04-08' })
    assert.equal(last.status, 200, last.message)
    assert.equal((await rg.get('/api/v1/cases/C-01')).json<{ extraDays: number }>().extraDays, 5)
    assert.match((await leader.act('C-01', 'request-extra-days', { ...REQUEST, days: '0.5' })).message, /Only 0 extra/)
  })

  it('TSI-026 one of the two ways at most: the other is refused while one is open or approved, and possible after a decline', async () => {
    await assess('C-01', 'funded', await desk.as('head-900001'), leader)
    const conflict = await leader.act('C-01', 'apply-partnership')
    assert.equal(conflict.status, 409)
    assert.match(conflict.message, /Extra days, C-01-1, is approved already/)
    const other = await desk.as('L-04')
    await assess('C-16', 'extra-days', await desk.as('head-900016'), other)
    assert.equal((await other.act('C-16', 'request-extra-days', REQUEST)).status, 200)
    assert.equal((await rdp.step('C-16-1', 'check-request', { outcome: 'assured' })).status, 200)
    const declined = { outcome: 'declined', rationale: 'needs are met by the English hub place offered' }
    assert.equal((await rg.step('C-16-1', 'decide-request', declined)).status, 200)
    assert.match((await other.get('/cases/C-16-1')).text, /needs are met by the English hub place offered/)
    await assess('C-16', 'funded', await desk.as('head-900016'), other)
    assert.equal((await other.act('C-16', 'apply-partnership')).status, 200)
  })

  it('more may be approved than were asked for, with a reason; as many need none', async () => {
    const days = { begun: '2023-11-22', S04: '2023-11-23', S07: '2023-11-29', S08: '2023-12-04' }
    await desk.drive('C-10', 900010, { to: 'S09', leader: 'L-01', days })
    const on = '2024-01-15'
    const text = 'The plan needs time'
    const option = { option: 'extra-days', beneficial: text, 'reason-second-term': text }
    await desk.doStep('C-10', 'assess-options', on, option)
    await desk.doStep('C-10', 'agree-option', on, { outcome: 'agree' })
    await desk.doStep('C-10', 'request-extra-days', on, { ...REQUEST, days: '3' })
    await desk.doStep('C-10-1', 'check-request', on, { outcome: 'assured' })
    const decision = (many: string) => ({ outcome: 'approved', days: many, until: '2024-04-08' })
    const three = await rg.step('C-10-1', 'decide-request', { ...decision('3'), until: '' })
    assert.deepEqual(three.codes, ['field.missing'], 'only the day')
    const five = await rg.step('C-10-1', 'decide-request', decision('5'))
    assert.deepEqual(five.codes, ['reason.more'])
    assert.match(five.message, /More than the 3 extra days that were asked for\. Give a reason to go on/)
    const form = { outcome: 'approved', days: '5', 'until-day': '8', 'until-month': '4', 'until-year': '2024' }
    const page = await rg.post('/cases/C-10-1/steps/decide-request', form)
    assert.match(page.text, /More than the 3 extra days that were asked for\. Why all the same\?/)
    assert.match(page.body, /name="reason-more"/)
    const reason = 'Three would not reach the end of the term'
    const given = await rg.step('C-10-1', 'decide-request', { ...decision('5'), 'reason-more': reason })
    assert.equal(given.status, 200, given.message)
    assert.equal((await rg.get('/api/v1/cases/C-10')).json<{ extraDays: number }>().extraDays, 5)
    assert.match((await (await desk.as('L-01')).get('/cases/C-10-1')).text, /Three would not reach the end of the term/)
  })
})

describe('A funded partnership', () => {
  it('TSI-032 the application waits for the agreement of the school or trust', async () => {
    const other = await desk.as('L-04')
    const parts = { benefit: 'A shared curriculum', context: 'They have worked together' }
    const early = await other.step('C-16-2', 'application', parts)
    assert.match(early.message, /confirmed agreement/)
    assert.equal((await leader.step('C-16-2', 'application', parts)).status, 404, 'another leader')
    assert.equal(
      (await (await desk.as('head-900016')).step('C-16-2', 'confirm-agreement', { outcome: 'agree' })).status,
      200,
    )
    assert.match((await other.step('C-16-2', 'application', { benefit: 'A shared curriculum' })).message, /context/i)
    assert.equal((await other.step('C-16-2', 'application', parts)).stage, 'P2')
    const head = await desk.as('head-900016')
    assert.equal((await head.act('C-16-2', 'withdraw-agreement', { why: 'The governors want to wait' })).stage, 'P1')
    const told = (await rdp.get('/api/v1/work')).json<{ notices: { reference: string; words: string }[] }>().notices
    assert.ok(told.some(({ reference, words }) => reference === 'C-16-2' && /Withdraw the agreement/.test(words)))
    assert.match((await other.step('C-16-2', 'application', parts)).message, /confirmed agreement/)
    assert.equal((await head.step('C-16-2', 'confirm-agreement', { outcome: 'agree' })).status, 200)
    assert.equal((await other.step('C-16-2', 'application', parts)).stage, 'P2')
  })

  it('TSI-033 the partner may be left open by the leader, never by the decision', async () => {
    const early = await rg.step('C-16-2', 'decide-application', { outcome: 'approved' })
    assert.equal(early.status, 422)
    assert.equal((await rdp.step('C-16-2', 'forward-application', { outcome: 'forward' })).stage, 'P3')
    const without = await rg.step('C-16-2', 'decide-application', { outcome: 'approved' })
    assert.match(without.message, /Partner trust missing/)
    assert.equal((await rg.step('C-16-2', 'decide-application', { outcome: 'approved', partner: 'T-09' })).status, 200)
  })

  it('TSI-038 approval opens three tasks of the Regions Group, all needed to complete it; without approval there are none', async () => {
    const view = await rg.read('C-16-2')
    const tasks = ['offer-letter', 'send-terms', 'start-funding']
    assert.deepEqual(
      tasks.filter((task) => view.open.some(({ step }) => step === task)),
      tasks,
    )
    assert.match((await rg.step('C-16-2', 'communicated')).message, /not sent yet/)
    await desk.service.get('/demo/outbox')
    for (const step of tasks.slice(0, 2))
      assert.equal((await rg.step('C-16-2', step, { date: '2024-01-15' })).status, 200)
    assert.match((await rg.step('C-16-2', 'communicated')).message, /come first/)
    assert.equal((await rg.step('C-16-2', 'start-funding', { date: '2024-01-15' })).status, 200)
    assert.equal((await rg.step('C-16-2', 'communicated')).stage, 'P5')
    const end = (await rg.read('C-16-2')).open.find(({ step }) => step === 'run-partnership')
    assert.equal(end?.dueOn, '2025-01-15')

    const head = await desk.as('head-900012')
    const third = await desk.as('L-01')
    await desk.drive('C-12', 900012, { to: 'S09', leader: 'L-01', days: { begun: '2023-10-30', S08: '2023-12-04' } })
    await assess('C-12', 'funded', head, third)
    assert.equal((await third.act('C-12', 'apply-partnership')).status, 200)
    assert.equal((await head.step('C-12-1', 'confirm-agreement', { outcome: 'agree' })).status, 200)
    const parts = { benefit: 'A shared curriculum', context: 'They have worked together', partner: 'T-09' }
    assert.equal((await third.step('C-12-1', 'application', parts)).status, 200)
    assert.equal((await rdp.step('C-12-1', 'forward-application', { outcome: 'forward' })).status, 200)
    assert.equal(
      (await rg.step('C-12-1', 'decide-application', { outcome: 'not-approved', reason: 'No clear need' })).status,
      200,
    )
    for (const task of tasks) assert.notEqual((await rg.step('C-12-1', task, { date: '2024-01-15' })).status, 200, task)
  })

  it('TSI-046 an unfunded partnership is told, a steer can be asked for and answered', async () => {
    assert.equal(
      (await leader.act('C-01', 'notify-unfunded', { partner: 'Harbour Lamp Learning Trust', steer: 'yes' })).status,
      200,
    )
    const work = (await rg.get('/api/v1/work')).json<{ open: { reference: string; step: string }[] }>().open
    assert.ok(work.some(({ reference, step }) => reference === 'C-01' && step === 'answer-steer'))
    assert.equal((await rg.step('C-01', 'answer-steer', { outcome: 'supportive' })).status, 200)
    assert.match((await leader.get('/cases/C-01')).text, /Steer on future growth ?: Supportive/)
  })
})
