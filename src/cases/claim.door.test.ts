import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { CHOSEN, deployed, FOUR_DAYS, formOfCase, logDays, SIX_DAYS, scopeOf } from '../../world/deployment-form.ts'
import { type CaseDesk, openCaseDesk, type Person } from './test-cases.ts'

let desk: CaseDesk
let leader: Person
before(async () => {
  desk = await openCaseDesk('2023-11-20')
  leader = await desk.as('L-01')
})
after(() => desk.close())

const amountOf = async (reference: string): Promise<number> =>
  (await formOfCase(leader, reference).read()).json.claim.amountPounds

/** A deployment with ten validated days, on the day given. */
async function tenDays(reference: string, urn: number, day: string): Promise<void> {
  desk.setToday('2023-11-20')
  await deployed(desk, reference, urn)
  desk.setToday(day)
  const scoped = await formOfCase(leader, reference).complete('scope', scopeOf(CHOSEN))
  assert.equal(scoped.status, 200, scoped.message)
  await logDays(desk, reference, [...SIX_DAYS, ...FOUR_DAYS])
}

/** Extra days asked for and approved, through every step of it. */
async function approveExtra(reference: string, days: string, on: string): Promise<void> {
  const text = 'The school needs more than the first days'
  const request = { days, vulnerability: text, purpose: 'bespoke', context: text }
  await desk.doStep(reference, 'assess-options', on, {
    option: 'extra-days',
    beneficial: text,
    'reason-second-term': text,
  })
  await desk.doStep(reference, 'agree-option', on, { outcome: 'agree' })
  await desk.doStep(reference, 'request-extra-days', on, request)
  await desk.doStep(`${reference}-1`, 'check-request', on, { outcome: 'assured' })
  await desk.doStep(`${reference}-1`, 'decide-request', on, { outcome: 'approved', days, until: '2024-05-31' })
}

const EXTRA = { step: 'development', kind: 'bespoke', extension: 'yes' }

describe('What a leader may claim', () => {
  it('TSI-141 days at the rate, worked out from validated days; fewer may be claimed, never more, and no other amount', async () => {
    await tenDays('C-0901', 900016, '2024-03-04')
    const form = formOfCase(leader, 'C-0901')
    assert.equal(await amountOf('C-0901'), 6000)
    const typed = await form.complete('claim', { amount: 6500 })
    assert.deepEqual([typed.status, typed.codes[0]], [422, 'amount.mismatch'])
    assert.match(typed.message, /10 days at £600 are £6000, not £6500/)
    const inside = await form.complete('claim', { fields: { days: '10', amount: 6500 } })
    assert.deepEqual([inside.status, inside.codes[0]], [422, 'amount.mismatch'])
    assert.equal((await form.section('claim')).json.version, 0, 'nothing is saved')
    const more = await form.save('claim', { fields: { days: '10.5' } })
    assert.match(more.message, /maximum 10 \(£6,000\)/)
    const odd = await form.save('claim', { fields: { days: '7.3' } })
    assert.equal(odd.status, 422, 'half days only')
    const fewer = await form.complete('claim', {
      fields: { days: '7.5', fewer: 'Two days were given free' },
      amount: 4500,
    })
    assert.equal(fewer.status, 200, fewer.message)
    assert.equal(await amountOf('C-0901'), 4500)
  })

  it('TSI-197 the rate is all in: no line for expenses or VAT; ten days are £6,000, fifteen £9,000', async () => {
    const form = formOfCase(leader, 'C-0901')
    const { version } = (await form.section('claim')).json
    for (const added of [
      { expense: 80 },
      { fields: { days: '7.5', vat: '20' } },
      { rows: { expenses: { 1: { pounds: '80' } } } },
    ]) {
      const refused = await form.save('claim', added)
      assert.deepEqual([refused.status, refused.codes[0]], [422, 'claim.all-in'])
      assert.match(refused.message, /rate includes VAT and expenses/)
    }
    assert.equal((await form.section('claim')).json.version, version, 'nothing is saved')
    const half = await form.complete('claim', { fields: { days: '5.5', fewer: 'Fewer were needed' } })
    assert.equal(half.status, 200, half.message)
    assert.equal(await amountOf('C-0901'), 3300)
    assert.equal((await form.complete('claim', { fields: { days: '10' } })).status, 200)
    assert.equal(await amountOf('C-0901'), 6000)
    await approveExtra('C-0901', '5', '2024-03-04')
    await logDays(desk, 'C-0901', [{ ...EXTRA, days: 5 }])
    assert.equal((await form.complete('claim', { fields: {} })).status, 200)
    assert.equal(await amountOf('C-0901'), 9000)
    const most = await form.save('claim', { fields: { days: '15.5' } })
    assert.match(most.message, /maximum 15 \(£9,000\)/)
  })

  it('TSI-055 days agreed and extra days approved are the most; work before the approval never counts as extra', async () => {
    await tenDays('C-0902', 900001, '2024-03-04')
    const form = formOfCase(leader, 'C-0902')
    await logDays(desk, 'C-0902', [{ days: 2, step: 'development', kind: 'bespoke' }])
    const twelve = await form.complete('claim', { fields: { days: '12' } })
    assert.equal(twelve.status, 422)
    assert.match(twelve.message, /maximum 10 \(£6,000\)/)
    assert.equal((await form.section('claim')).json.version, 0, 'nothing is saved')
    desk.setToday('2024-03-11')
    await approveExtra('C-0902', '2', '2024-03-11')
    const still = await form.complete('claim', { fields: { days: '12' } })
    assert.match(still.message, /maximum 10 \(£6,000\)/, 'the two old days stay unpaid')
    const before = await leader.postJson('/api/v1/cases/C-0902/log', {
      ...EXTRA,
      date: '2024-03-04',
      days: 1,
      state: 'validated',
      mode: 'face-to-face',
    })
    assert.equal(before.status, 422)
    await logDays(desk, 'C-0902', [{ ...EXTRA, days: 1 }])
    assert.match((await form.complete('claim', { fields: { days: '12' } })).message, /maximum 11 \(£6,600\)/)
    assert.equal((await form.complete('claim', { fields: { days: '11' } })).status, 200)
    assert.equal(await amountOf('C-0902'), 6600)
  })
})
