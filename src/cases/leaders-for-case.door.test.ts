import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { CHOSEN, FOUR_DAYS, formOfCase, SIX_DAYS, scopeOf } from '../../world/deployment-form.ts'
import { type CaseDesk, openCaseDesk, type Person } from './test-cases.ts'

type Listed = {
  days: number
  regions: string
  leaders: {
    reference: string
    type: string
    miles: number | null
    isOutOfArea: boolean
    freeDays: number
    against: { code: string }[]
  }[]
}

const CASE = 'C-0148'
const DAY = '2024-01-15'
const LIKE = 'Four schools too, grown from two; reading comes first in both'

let desk: CaseDesk
let national: Person
let partner: Person
before(async () => {
  desk = await openCaseDesk(DAY)
  await desk.drive(CASE, 'T-01', { to: 'S04', days: { begun: '2024-01-08', S04: DAY }, person: 'ceo' })
  national = await desk.as('rg-all')
  partner = await desk.as('dp-ne')
})
after(() => desk.close())

const list = async (by: Person, regions = ''): Promise<Listed> =>
  (await by.get(`/api/v1/cases/${CASE}/leaders${regions}`)).json<Listed>()

/** The deployment of the leader from elsewhere, up to ten validated days. */
async function tenDaysOf(leader: Person): Promise<void> {
  const steps: [string, object?][] = [
    ['enquire', { 'reason-capacity': 'Agreed' }],
    ['leader-answer', { outcome: 'accept', conflict: 'none' }],
    ['match-confirmed'],
    ['suggest'],
    ['agree', { outcome: 'confirm' }],
    ['inform'],
    ['approve', { outcome: 'approved', date: DAY }],
    ['issue-leader'],
    ['issue-school'],
    ['first-contact', { date: DAY, person: 'ceo' }],
    ['arrange-meeting', { date: DAY }],
    ['first-visit', { date: DAY, mode: 'face-to-face', place: 'At the trust', attendees: 'Chief executive' }],
    ['governance-question', { external: 'effective', reason: 'The board asks well' }],
  ]
  for (const [step, fields] of steps) await desk.doStep(CASE, step, DAY, { ...fields })
  const scoped = await formOfCase(leader, CASE).complete('scope', scopeOf(CHOSEN))
  assert.equal(scoped.status, 200, scoped.message)
  for (const day of [...SIX_DAYS, ...FOUR_DAYS]) {
    const item = { date: DAY, state: 'validated', mode: 'face-to-face', ...day }
    const logged = await leader.postJson(`/api/v1/cases/${CASE}/log`, item)
    assert.equal(logged.status, 201, logged.body)
  }
}

describe('Leaders for a case', () => {
  it('TSI-148 lists leaders of all regions, flagged out of area with their distance; the likeness is stored, and the claim stays ten days at the rate', async () => {
    const own = await list(national)
    assert.equal(own.regions, 'own')
    assert.ok(own.leaders.length > 0)
    assert.deepEqual(
      own.leaders.filter(({ isOutOfArea }) => isOutOfArea),
      [],
    )
    const all = await list(national, '?regions=all')
    const far = all.leaders.find(({ reference }) => reference === 'L-06')
    assert.equal(far?.isOutOfArea, true)
    // From the leader's school (460800, 345600) to the nearest school of the trust (430900, 547600) on the grid.
    assert.equal(Math.round(far?.miles ?? 0), Math.round(Math.hypot(460800 - 430900, 345600 - 547600) / 1609.344))
    assert.equal(all.leaders.find(({ reference }) => reference === 'L-01')?.isOutOfArea, false)
    // TSI-021 ranks them so; of each type the nearest first.
    const order = all.leaders.map(({ type, miles }) => [type, miles ?? Number.POSITIVE_INFINITY] as const)
    const places = ['MAT CEO', 'NLE']
    assert.deepEqual(
      order,
      order.toSorted(([a, near], [b, far]) => places.indexOf(a) - places.indexOf(b) || near - far),
    )
    assert.ok(order.some(([type]) => type === 'MAT CEO') && order.some(([type]) => type === 'NLE'))

    const step = await national.get(`/cases/${CASE}/steps/propose`)
    assert.match(step.body, new RegExp(`href="/cases/${CASE}/leaders\\?for=propose"`))
    const page = await national.get(`/cases/${CASE}/leaders?for=propose&regions=all`)
    assert.match(page.text, /Rufus Dunmore-Hale MAT CEO, L-06, Tall Elm Academies 127 miles East Midlands Out of area/)
    assert.match(page.body, new RegExp(`href="/cases/${CASE}/steps/propose\\?leader=L-06"`))
    const chosen = await national.get(`/cases/${CASE}/steps/propose?leader=L-06`)
    assert.match(chosen.body, /name="leader"[^>]*value="L-06"/)

    const fields = { leader: 'L-06', similarity: LIKE, 'reason-capacity': 'Agreed' }
    const proposed = await national.step(CASE, 'propose', fields)
    assert.equal(proposed.status, 200, proposed.message)
    assert.match((await national.get(`/cases/${CASE}`)).text, new RegExp(`is like this one ${LIKE}`))

    const leader = await desk.as('L-06')
    await tenDaysOf(leader)
    const form = formOfCase(leader, CASE)
    assert.equal((await form.read()).json.claim.amountPounds, 6000)
    const travel = await form.save('claim', { fields: { days: '10', travel: '254' } })
    assert.equal(travel.status, 422, 'no line for travel')
    assert.equal((await form.complete('claim', { amount: 6254 })).codes[0], 'amount.mismatch')
    assert.match((await national.get(`/cases/${CASE}/money`)).text, /£6,000/)
  })

  it('shows a regional partner the leaders of the own region, and says who sees the others', async () => {
    const { leaders } = await list(partner, '?regions=all')
    assert.deepEqual(
      leaders.filter(({ isOutOfArea }) => isOutOfArea),
      [],
    )
    const page = await partner.get(`/cases/${CASE}/leaders?regions=all`)
    assert.match(page.text, /Whoever works for all of England sees them all/)
    assert.doesNotMatch(page.body, /Choose</, 'no step is named')
  })

  it('tells what speaks against a leader, and is not for whoever may not see leaders or the case', async () => {
    const own = await list(national)
    const chief = own.leaders.find(({ reference }) => reference === 'L-21')
    assert.ok(chief)
    assert.ok(chief.freeDays >= 0)
    assert.equal((await (await desk.as('ceo-01')).get(`/cases/${CASE}/leaders`)).status, 403)
    assert.equal((await (await desk.as('dp-lnse')).get(`/cases/${CASE}/leaders`)).status, 404)
    assert.equal((await (await desk.as('dp-lnse')).get(`/api/v1/cases/${CASE}/leaders`)).status, 404)
  })
})
