import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { ACTIVITIES, closureOf, formOfCase } from '../../world/deployment-form.ts'
import type { Person } from './test-cases.ts'
import { outboxOf } from './test-outbox.ts'
import { openScenes, type SceneDesk, sendTo } from './test-scene.ts'

let scenes: SceneDesk
before(async () => {
  scenes = await openScenes()
})
after(() => scenes.close())

const C = (reference: string) => `/api/v1/cases/${reference}`
const PARTS = { benefit: 'A shared curriculum', context: 'They know each other from the network' }
const APPLY = `${C('C-01')}/actions/apply-partnership`
const BOTH = ['forward-application', 'review-form']
type Line = { step: string; reference: string; openWorkingDays: number }
const work = async (by: Person) => (await by.get('/api/v1/work')).json<{ open: Line[] }>().open
const waits = async (by: Person, reference: string) => (await by.read(reference)).open.map(({ step }) => step)

describe('A partnership being applied for', () => {
  it('TSI-030 only the matched leader applies, after an assessment that says so; the school and other leaders may not', async () => {
    await scenes.begin('tsi-application', '2024-02-26')
    const head = await sendTo(await scenes.as('head-900001'), APPLY)
    assert.deepEqual([head.status, head.codes], [403, ['not-responsible']])
    const other = await sendTo(await scenes.as('L-05'), APPLY)
    assert.equal(other.status, 404, 'a case of somebody else is not there')
    const leader = await scenes.as('L-01')
    assert.equal((await leader.read('C-01-1')).status, 404, 'nothing was made by those who may not')
    assert.equal((await sendTo(leader, APPLY)).status, 200)
    const child = await leader.read('C-01-1')
    assert.deepEqual([child.stage, child.caseStatus], ['P1', 'open'])
    const draft = await leader.post('/cases/C-01-1/steps/application', { benefit: PARTS.benefit, save: 'draft' })
    assert.equal(draft.status, 303)
    assert.match((await leader.get('/cases/C-01-1/steps/application')).body, />A shared curriculum</)
    const assessed = (await leader.get(C('C-01'))).json<{ done: { step: string; doneOn: string; fields: object }[] }>()
    const kept = assessed.done.find(({ step }) => step === 'assess-options')
    assert.equal(kept?.doneOn, '2024-02-20')
    assert.equal(JSON.parse(JSON.stringify(kept?.fields)).option, 'funded')

    await scenes.begin('tsi-extension')
    const unasked = await sendTo(await scenes.as('L-01'), `${C('C-16')}/actions/apply-partnership`)
    assert.deepEqual([unasked.status, unasked.codes], [422, ['check.assessed']])
  })

  it('TSI-031 the parts that are missing are named, all at once, and none of them stands in the form', async () => {
    await scenes.begin('tsi-application')
    const leader = await scenes.as('L-01')
    assert.equal((await sendTo(leader, APPLY)).status, 200)
    const path = `${C('C-01-1')}/steps/application`
    const onlyAgreement = await sendTo(leader, path, PARTS)
    assert.deepEqual([onlyAgreement.status, onlyAgreement.codes], [422, ['check.agreement']])
    assert.match(onlyAgreement.message, /^Missing: confirmed agreement/)
    const none = await sendTo(leader, path)
    assert.deepEqual(none.fields.toSorted(), ['', 'benefit', 'context'])
    const head = await scenes.as('head-900001')
    assert.equal((await head.step('C-01-1', 'confirm-agreement', { outcome: 'agree' })).status, 200)
    assert.equal((await sendTo(leader, path, PARTS)).status, 200, 'a partner may be named later')
    for (const door of ['/cases/C-01/form', `${C('C-01')}/form`])
      for (const words of Object.values(PARTS)) assert.ok(!(await leader.get(door)).body.includes(words), door)
  })

  it('TSI-034 a form that recommends a funded partnership waits for the whole application, and both arrive together', async () => {
    await scenes.begin('tsi-s13', '2024-03-14')
    const [leader, head] = [await scenes.as('L-04'), await scenes.as('head-900016')]
    const form = formOfCase(leader, 'C-16')
    const { answers } = (await form.section('closure')).json
    const funded = { ...answers, fields: { ...answers.fields, further: 'funded-partnership' } }
    const recommended = await form.complete('closure', funded)
    assert.equal(recommended.status, 200, recommended.message)
    assert.equal((await form.sign('leader')).status, 200)
    await leader.step('C-16', 'send-to-school')
    assert.equal((await formOfCase(head, 'C-16').sign('school', { outcome: 'confirm' })).status, 200)
    const without = await form.submit()
    assert.deepEqual([without.status, without.codes], [422, ['check.partnership']])

    await scenes.begin('tsi-submitted')
    const rdp = await scenes.as('dp-ne')
    const both = async () =>
      (await work(rdp)).filter(({ reference }) => /^C-01\b/.test(reference)).map(({ step }) => step)
    assert.deepEqual((await both()).filter((one) => BOTH.includes(one)).toSorted(), BOTH)
    assert.equal((await rdp.step('C-01', 'review-form', { outcome: 'return', reason: 'Section 3' })).status, 200)
    assert.ok(!(await both()).some((one) => BOTH.includes(one)))
    const by = await scenes.as('L-01')
    const unfinished = await by.step('C-01', 'hand-in-again')
    assert.deepEqual([unfinished.status, unfinished.codes], [422, ['check.application']])
    assert.equal((await by.step('C-01-1', 'application', PARTS)).status, 200)
    const again = await by.step('C-01', 'hand-in-again')
    assert.equal(again.status, 200, again.message)
    assert.deepEqual((await both()).filter((one) => BOTH.includes(one)).toSorted(), BOTH)
  })

  it('TSI-045 an unfunded partnership stands notified with £0; to approve or to pay it is refused, and extra days stay possible', async () => {
    await scenes.begin('tsi-extension')
    const [leader, rg] = [await scenes.as('L-01'), await scenes.as('rg-ne')]
    const before = await outboxOf(scenes.service, 'C-16-1')
    const told = await sendTo(leader, `${C('C-16')}/actions/notify-unfunded`, { partner: 'T-09', steer: 'no' })
    assert.equal(told.status, 200, told.message)
    const beside = (await leader.get(C('C-16'))).json<{ casesBeside: object[] }>().casesBeside
    assert.deepEqual(beside, [{ reference: 'C-16-1', title: 'Unfunded partnership', standing: 'notified' }])
    assert.match((await leader.get('/cases/C-16')).text, /Unfunded partnership C-16-1 ?: notified/)
    const child = await leader.read('C-16-1')
    assert.deepEqual([child.stage, child.open.map(({ step }) => step)], ['U1', ['end-unfunded']])
    for (const [reference, step] of [
      ['C-16-1', 'decide-application'],
      ['C-16', 'decide-application'],
      ['C-16-1', 'offer-letter'],
    ]) {
      const refused = await sendTo(rg, `${C(reference ?? '')}/steps/${step}`, { outcome: 'approved', partner: 'T-09' })
      assert.equal(refused.status, 404)
      assert.match(refused.message, /unfunded - no DfE approval/)
    }
    const payments = await scenes.as('rg-pay')
    const unpaid = await sendTo(payments, `${C('C-16-1')}/payments`, { amount: 10000 })
    assert.deepEqual([unpaid.status, unpaid.codes], [422, ['payment.none']])
    assert.match(unpaid.message, /unfunded - no DfE approval/)
    const money = (await rg.get(`${C('C-16-1')}/money`)).json<{ lines: object[]; books: Record<string, number> }>()
    assert.deepEqual([money.lines, Object.values(money.books).filter((pounds) => pounds !== 0)], [[], []])
    assert.match((await rg.get('/cases/C-16-1/money')).text, /£0/)
    assert.deepEqual(await outboxOf(scenes.service, 'C-16-1'), before, 'no letter')
    const days = { days: '5', purpose: 'plan', vulnerability: 'Two leaders left', context: 'The plan is half done' }
    assert.equal((await sendTo(leader, `${C('C-16')}/actions/request-extra-days`, days)).status, 200)
  })

  it('TSI-027 the grant is £10,000 to the partnering trust, in the offer and in the money of the case; another amount is refused', async () => {
    await scenes.begin('tsi-application-rg')
    const rg = await scenes.as('rg-ne')
    const path = `${C('C-01-1')}/steps/decide-application`
    const other = await sendTo(rg, path, { outcome: 'approved', partner: 'T-09', amount: 12000 })
    assert.deepEqual([other.status, other.codes, other.fields], [422, ['field.unknown'], ['amount']])
    assert.equal((await sendTo(rg, path, { outcome: 'approved', partner: 'T-09' })).status, 200)
    const offer = { date: '2024-03-08', until: '2024-03-22' }
    assert.match(
      (await rg.get('/cases/C-01-1/steps/offer-letter')).text,
      /Chief executive of Harbour Lamp Learning Trust, because/,
    )
    assert.equal((await sendTo(rg, `${C('C-01-1')}/steps/offer-letter`, { ...offer, amount: 12000 })).status, 422)
    assert.equal((await sendTo(rg, `${C('C-01-1')}/steps/offer-letter`, offer)).status, 200)
    const letter = (await outboxOf(scenes.service, 'C-01-1')).find(({ subject }) => /grant/.test(subject))
    assert.match(letter?.subject ?? '', /offer of a grant of £10,000/)
    assert.deepEqual(letter?.to, ['maren.holloway@example.org'], 'the chief executive of T-09')
    assert.match(letter?.body ?? '', /First payment: £5,000[\s\S]*Second payment: £5,000[\s\S]*service level agreement/)
    assert.match(letter?.body ?? '', /^To the chief executive of Harbour Lamp Learning Trust/)
    assert.match(letter?.body ?? '', /Signed by: .*22 Mar/)
    const money = (await rg.get(`${C('C-01')}/money`)).json<{
      lines: { title: string; payee: string; pounds: number }[]
    }>()
    const grants = money.lines.filter(({ title }) => /^Grant/.test(title))
    assert.deepEqual(
      grants.map(({ payee, pounds }) => [payee, pounds]),
      [
        ['T-09', 5000],
        ['T-09', 5000],
      ],
    )
    assert.equal(money.lines.filter(({ title }) => /^Days of support/.test(title)).length, 1, 'days stand apart')
  })
})

describe('Days beyond the first', () => {
  it('TSI-052 an approval has its day of completion: twelve weeks are offered, another may be chosen, none is refused', async () => {
    await scenes.begin('tsi-extension')
    const rg = await scenes.as('rg-ne')
    const page = (await rg.get('/cases/C-12-1/steps/decide-request')).body
    const dateIn = ['day', 'month', 'year'].map(
      (part) => page.match(new RegExp(`name="until-${part}"[^>]*value="(\\d+)"`))?.[1],
    )
    assert.deepEqual(dateIn, ['8', '4', '2024'])
    const path = `${C('C-12-1')}/steps/decide-request`
    const undated = await sendTo(rg, path, { outcome: 'approved', days: '4' })
    assert.deepEqual([undated.status, undated.fields], [422, ['until']])
    assert.equal((await sendTo(rg, path, { outcome: 'approved', days: '4', until: '2024-03-28' })).status, 200)
    assert.match((await rg.get(`${C('C-12-1')}/messages`)).body, /28 March 2024/)
    const extended = (await rg.get(`${C('C-12')}/log`)).json<{ extraUntil: string }>()
    assert.equal(extended.extraUntil, '2024-03-28')
  })
})

describe('Applications before the region', () => {
  it('TSI-035 each application waits for its decision with its age, and none can be taken away', async () => {
    await scenes.begin('tsi-application-rg')
    const rg = await scenes.as('rg-ne')
    const asked = (await work(rg)).filter(({ step }) => step === 'decide-application')
    assert.deepEqual(asked.map(({ reference, openWorkingDays }) => [reference, openWorkingDays]).toSorted(), [
      ['C-01-1', 5],
      ['C-16-1', 5],
    ])
    assert.match((await rg.get('/my-work')).text, /C-01-1, open for 5 working days/)
    const { status } = await fetch(`${await scenes.service.listen()}${C('C-01-1')}`, { method: 'DELETE' })
    assert.ok(status >= 400, `${status}`)
    assert.equal((await rg.read('C-01-1')).status, 200)
    assert.equal((await rg.step('C-01-1', 'decide-application', { outcome: 'approved' })).status, 200)
    const refusal = { outcome: 'not-approved', reason: 'The trust has no capacity' }
    assert.equal((await rg.step('C-16-1', 'decide-application', refusal)).status, 200)
    for (const [reference, outcome] of [
      ['C-01-1', 'approved'],
      ['C-16-1', 'not-approved'],
    ] as const) {
      const decided = (await rg.read(reference)).done.find(({ step }) => step === 'decide-application')
      assert.deepEqual([decided?.outcome, decided?.doneOn], [outcome, '2024-03-08'])
      assert.match(decided?.doneBy ?? '', /Ashgrove/)
    }
    // What a refusal does not give stands in no letter of it.
    const lettersOf = async (reference: string) => (await rg.get(`${C(reference)}/messages`)).body
    assert.match(await lettersOf('C-01-1'), /£10,000/)
    assert.doesNotMatch(await lettersOf('C-16-1'), /£10,000/)
  })

  it('refuses what a step does not ask, such as another amount', async () => {
    await scenes.begin('tsi-application-rg')
    const rg = await scenes.as('rg-ne')
    const other = await sendTo(rg, `${C('C-01-1')}/steps/decide-application`, { outcome: 'approved', amount: 12_000 })
    assert.deepEqual([other.status, other.codes, other.fields], [422, ['field.unknown'], ['amount']])
    assert.ok((await waits(rg, 'C-01-1')).includes('decide-application'))
  })
})

describe('Partnerships beginning and ending', () => {
  it('TSI-039 what is decided and told is final; the running partnership has its start, its expected end and two instalments', async () => {
    await scenes.begin('tsi-partnership')
    const [rg, leader] = [await scenes.as('rg-ne'), await scenes.as('L-01')]
    const benefit = await sendTo(leader, `${C('C-01-1')}/steps/application`, { ...PARTS, benefit: 'Another' })
    assert.deepEqual([benefit.status, benefit.codes], [409, ['moved-on']])
    assert.match(benefit.message, /the process is complete/)
    const other = { outcome: 'not-approved', reason: 'Changed' }
    assert.match((await rg.step('C-01-1', 'decide-application', other)).message, /the process is complete/)
    const view = await rg.read('C-01-1')
    assert.ok(view.done.some(({ step, outcome }) => step === 'decide-application' && outcome === 'approved'))
    assert.doesNotMatch((await rg.get(C('C-01-1'))).body, /Another/)
    const running = view.open.find(({ step }) => step === 'run-partnership')
    assert.deepEqual([running?.openedOn, running?.dueOn], ['2024-03-26', '2025-04-15'])
    const { lines } = (await rg.get(`${C('C-01-1')}/money`)).json<{ lines: { state: string; amount: string }[] }>()
    assert.deepEqual(
      lines.map(({ state, amount }) => [state, amount]),
      [
        ['not-due', '£5,000'],
        ['not-due', '£5,000'],
      ],
    )
  })
})

describe('The end of a partnership', () => {
  it('TSI-041 is twelve months after its start; another end needs a reason, and what ends soon or has no report is listed', async () => {
    await scenes.begin('tsi-partnership')
    const rg = await scenes.as('rg-ne')
    const end = async (by: Person) =>
      (await by.read('C-01-1')).open.find(({ step }) => step === 'run-partnership')?.dueOn
    assert.equal(await end(rg), '2025-04-15')
    assert.match((await rg.get('/cases/C-01-1')).text, /15 April 2025/)
    const set = `${C('C-01-1')}/actions/set-end`
    const silent = await sendTo(rg, set, { until: '2024-10-15' })
    assert.deepEqual([silent.status, silent.codes, silent.fields], [422, ['field.missing'], ['why']])
    assert.equal(await end(rg), '2025-04-15')
    assert.equal((await sendTo(rg, set, { until: '2024-10-15', why: 'Both trusts merge in autumn' })).status, 200)
    assert.equal(await end(rg), '2024-10-15')

    const listed = async (day: string, table: RegExp) => {
      await scenes.moveTo(day)
      const text = (await (await scenes.as('rg-ne')).get('/reports/late')).text
      return [...(table.exec(text)?.[0] ?? '').matchAll(/C-\d+-1/g)].map(([reference]) => reference)
    }
    const soon = /What ends soon.*/
    assert.deepEqual(await listed('2024-09-14', soon), [])
    assert.deepEqual(await listed('2024-09-15', soon), ['C-01-1'])
    assert.deepEqual(await listed('2024-10-16', soon), [])
    const past = /Overdue items.*?By whose turn/
    assert.ok((await listed('2024-10-16', past)).includes('C-01-1'))
    const after = await scenes.as('rg-ne')
    assert.match((await after.get('/reports/late')).text, /C-01-1.*?Report of the trust on its activities/)
  })
})

describe('The form and the application', () => {
  it('TSI-117 the form goes to the delivery partner and nowhere else; more days are no recommendation', async () => {
    await scenes.begin('tsi-s13', '2024-03-14')
    const leader = await scenes.as('L-04')
    const form = formOfCase(leader, 'C-16')
    const direct = await form.submit({ to: 'rg' })
    assert.deepEqual([direct.status, direct.codes], [422, ['form.wrong-destination']])
    const closure = (await form.section('closure')).json
    const days = await form.complete('closure', closureOf(ACTIVITIES, { further: 'extra-days' }))
    assert.equal(days.status, 422)
    assert.equal((await form.section('closure')).json.version, closure.version, 'nothing is saved')
    assert.equal((await form.submit()).status, 200)
    assert.ok((await waits(await scenes.as('dp-ne'), 'C-16')).includes('review-form'))
  })

  it('TSI-201 a submitted application is with the delivery partner until the form goes on, and goes and returns with it', async () => {
    await scenes.begin('tsi-submitted')
    const [rg, rdp] = [await scenes.as('rg-ne'), await scenes.as('dp-ne')]
    assert.equal((await rg.read('C-01-1')).stage, 'P2')
    const early = await rg.step('C-01-1', 'decide-application', { outcome: 'approved' })
    assert.equal(early.status, 422)
    assert.match(early.message, /delivery partner/)
    const alone = await rdp.step('C-01-1', 'forward-application', { outcome: 'forward' })
    assert.deepEqual([alone.status, alone.codes], [422, ['check.travels']])
    await scenes.moveTo('2024-03-20')
    const partner = await scenes.as('dp-ne')
    assert.equal((await partner.step('C-01', 'review-form', { outcome: 'forward' })).status, 200)
    const asked = (await work(await scenes.as('rg-ne'))).find(
      ({ step, reference }) => step === 'decide-application' && reference === 'C-01-1',
    )
    assert.equal(asked?.openWorkingDays, 0)

    await scenes.begin('tsi-submitted')
    const again = await scenes.as('dp-ne')
    assert.equal((await again.step('C-01', 'review-form', { outcome: 'return', reason: 'Section 3' })).status, 200)
    const leader = await scenes.as('L-01')
    assert.deepEqual(await waits(leader, 'C-01-1'), ['application'])
    const unfinished = await leader.step('C-01', 'hand-in-again')
    assert.ok(unfinished.codes.includes('check.application'), unfinished.message)
  })
})
