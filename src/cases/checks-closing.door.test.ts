import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { CHOSEN, deployed, formOfCase, logDays, SIX_DAYS, scopeOf } from '../../world/deployment-form.ts'
import { type CaseDesk, openCaseDesk, type Person } from './test-cases.ts'

let desk: CaseDesk
before(async () => {
  desk = await openCaseDesk('2023-11-20')
})
after(() => desk.close())

const C = (reference: string) => `/api/v1/cases/${reference}`
const CLOSING = {
  'leader-evaluation': 'The aims are reached',
  'next-steps': 'Keep the weekly review',
  'exit-plan': 'The deputy takes over',
  'future-partnership': 'none',
}

/** A case whose days are done and whose closure with the school is written: only the close of the work is left. */
async function readyToWindUp(reference: string, subject: number, days: readonly object[], areas: readonly string[]) {
  await deployed(desk, reference, subject)
  desk.setToday('2024-03-08')
  const leader = await desk.as('L-01')
  assert.equal((await formOfCase(leader, reference).complete('scope', scopeOf(CHOSEN))).status, 200)
  await logDays(desk, reference, days)
  for (const area of areas) {
    const strategy = { area, action: 'Agree a policy', owner: 'Head', due: '2024-07-19' }
    assert.equal((await leader.postJson(`${C(reference)}/strategies`, strategy)).status, 201)
  }
  assert.equal((await leader.postJson(`${C(reference)}/lists/closure-with-school`, CLOSING)).status, 200)
  assert.equal((await leader.step(reference, 'work')).status, 200)
  return leader
}

/** The school's own evaluation, as an entry of the list. */
async function evaluate(reference: string, subject: number) {
  const head = await desk.as(`head-${subject}`)
  const list = `${C(reference)}/lists/closure-with-school`
  assert.equal((await head.postJson(list, { 'school-evaluation': 'It helped' })).status, 200)
}

async function windUp(leader: Person, reference: string, fields: object = {}) {
  const answer = await leader.postJson(`${C(reference)}/steps/wind-up`, fields)
  type Told = { warnings?: string[]; refusals?: { code: string; message: string }[] }
  const { warnings = [], refusals = [] } = answer.json<Told>()
  return { status: answer.status, warnings, refusals }
}

describe('The close of the work', () => {
  it('TSI-157 what was not made known of the pupil premium is noticed while it is in focus, and bars nothing', async () => {
    const leader = await readyToWindUp('C-01', 900001, SIX_DAYS, ['pupil-premium'])
    await evaluate('C-01', 900001)
    const ticks = {
      guide: '2024-01-10',
      'guide-whom': 'Head',
      conditions: '2024-01-10',
      'conditions-whom': 'Governors',
    }
    assert.equal((await leader.postJson(`${C('C-01')}/lists/pupil-premium-awareness`, ticks)).status, 200)
    const page = (await leader.get('/cases/C-01/lists/pupil-premium-awareness')).text
    assert.match(page, /Guide of the department made known on/)
    assert.match(page, /To whom/)
    const done = await windUp(leader, 'C-01')
    assert.equal(done.status, 200, JSON.stringify(done.refusals))
    assert.equal(done.warnings.filter((words) => /^Pupil premium is in focus, and not all/.test(words)).length, 1)
    const other = await readyToWindUp('C-16', 900016, SIX_DAYS, ['behaviour'])
    const isAsked = async () => (await other.read('C-16')).open.some(({ step }) => step === 'evaluate-support')
    assert.equal(await isAsked(), true)
    await evaluate('C-16', 900016)
    const without = await windUp(other, 'C-16')
    assert.equal(without.status, 200, JSON.stringify(without.refusals))
    assert.equal(await isAsked(), false, 'an evaluation that stands in the list needs no step')
    assert.deepEqual(
      without.warnings.filter((words) => /Pupil premium/.test(words)),
      [],
    )
  })

  it('TSI-111 days are split by step; without one in steps 4 to 8 the close asks for a reason, which the partner reads', async () => {
    const early = SIX_DAYS.filter((day) => !/use-of-evidence/.test(JSON.stringify(day)))
    const leader = await readyToWindUp('C-09', 900009, early, ['behaviour'])
    await evaluate('C-09', 900009)
    const plan = (steps: [string, number][]) =>
      leader.postJson(`${C('C-09')}/plan`, { rows: steps.map(([step, days]) => ({ steps: [step], days })) })
    const warnings = async () =>
      (await leader.get(`${C('C-09')}/plan`)).json<{ planner: { warnings: string[] } }>().planner.warnings
    const ends: [string, number][] = [['closure', 0]]
    const all = await plan([['start-up', 4], ['scoping', 3], ['explore', 3], ...ends])
    assert.equal(all.status, 200, all.body)
    assert.deepEqual(await warnings(), ['No bespoke delivery: no day is planned in steps 4 to 8'])
    await plan([['start-up', 2], ['scoping', 2], ['explore', 1], ['development', 5], ...ends])
    assert.deepEqual(await warnings(), [])
    const refused = await windUp(leader, 'C-09')
    assert.deepEqual([refused.status, refused.refusals.map(({ code }) => code)], [422, ['reason.bespoke']])
    assert.match(refused.refusals[0]?.message ?? '', /No bespoke delivery: no day in steps 4 to 8/)
    const why = 'The school closed its sixth form instead'
    const kept = await windUp(leader, 'C-09', { 'reason-bespoke': why })
    assert.equal(kept.status, 200, JSON.stringify(kept.refusals))
    assert.match((await (await desk.as('dp-ne')).get('/cases/C-09')).text, new RegExp(why))
  })

  it('the school is asked for its evaluation as work of its own; what it writes stands in the list, and the work can be closed', async () => {
    const leader = await readyToWindUp('C-02', 900002, SIX_DAYS, ['behaviour'])
    const head = await desk.as('head-900002')
    assert.match((await head.get('/my-work')).text, /Evaluation by the school or trust/)
    assert.match(
      (await leader.get('/cases/C-02/steps/wind-up')).text,
      /Before this can be done School evaluation missing/,
    )
    const refused = await windUp(leader, 'C-02')
    assert.deepEqual(
      refused.refusals.map(({ message }) => message),
      ['School evaluation missing'],
    )
    assert.equal((await leader.step('C-02', 'evaluate-support', { evaluation: 'All went well' })).status, 403)
    assert.deepEqual((await head.step('C-02', 'evaluate-support')).codes, ['field.missing'])
    assert.equal((await head.step('C-02', 'evaluate-support', { evaluation: 'Mornings are calm now' })).status, 200)
    const page = (await leader.get('/cases/C-02/lists/closure-with-school')).text
    assert.match(page, /Evaluation by the school or trust.*Mornings are calm now/s)
    assert.equal((await windUp(leader, 'C-02')).status, 200)
  })
})
