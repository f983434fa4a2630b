import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import type { Person } from './test-cases.ts'
import { openScenes, type SceneDesk, sendTo } from './test-scene.ts'
import type { LogView } from './test-work.ts'

let scenes: SceneDesk
before(async () => {
  scenes = await openScenes()
})
after(() => scenes.close())

const C = (reference: string) => `/api/v1/cases/${reference}`
const log = async (by: Person, reference: string) => (await by.get(`${C(reference)}/log`)).json<LogView>()
const notices = async (by: Person) =>
  (await by.get('/api/v1/work')).json<{ notices: { reference: string; words: string }[] }>().notices

describe('Days of a leader', () => {
  it('TSI-075 several deployments count against the days of the year; what exceeds them needs a reason, and days changed later count for new proposals only', async () => {
    await scenes.begin('tsi-s04')
    const rdp = await scenes.as('dp-ne')
    for (const reference of ['C-16', 'C-02']) {
      const proposed = await rdp.step(reference, 'propose', { leader: 'L-01', note: 'Near' })
      assert.equal(proposed.status, 200, `${reference}: ${proposed.message}`)
      const asked = await rdp.step(reference, 'enquire', {})
      assert.equal(asked.status, 200, `${reference}: ${asked.message}`)
    }
    const third = await rdp.step('C-05', 'propose', { leader: 'L-01', note: 'Near' })
    assert.deepEqual([third.status, third.codes], [422, ['reason.capacity']])
    assert.match(third.message, /No capacity: Maren Holloway has 0(\.0)? free days/)
    type Roster = { version: number; capacity: { term: string; available: number; held: number }[] }
    const readLeader = async () => (await rdp.get('/api/v1/leaders/L-01')).json<Roster>()
    const offer = async (spring: number) => {
      const { version, capacity } = await readLeader()
      const offered = capacity.map(({ term, available }) => [term, term.endsWith('spring') ? spring : available])
      const body = { version, days: Object.fromEntries(offered), reason: 'Another plan' }
      const changed = await rdp.postJson('/api/v1/leaders/L-01', body)
      assert.equal(changed.status, 200, changed.body)
    }
    const held = async () => (await readLeader()).capacity.map((one) => one.held)
    assert.deepEqual(await held(), [8, 8, 4], 'ten days each, in the terms that have them')
    await offer(4)
    assert.deepEqual(await held(), [8, 8, 4], 'what was asked for stays')
    const away = await scenes.as('dp-lnse')
    const far = await away.step('C-24', 'propose', { leader: 'L-01' })
    assert.ok(far.codes.includes('reason.capacity'), far.message)
    const overridden = await away.step('C-24', 'propose', {
      leader: 'L-01',
      'reason-capacity': 'Days of spring follow',
    })
    assert.equal(overridden.status, 200, overridden.message)
    await offer(18)
    assert.deepEqual(await held(), [8, 8, 4])
    const enough = await rdp.step('C-05', 'propose', { leader: 'L-01', note: 'Near' })
    assert.equal(enough.status, 200, enough.message)
  })

  it('a leader with no free day in the term in which the work would begin is proposed with a reason only', async () => {
    await scenes.begin('tsi-s04', '2023-11-29')
    const rdp = await scenes.as('dp-ne')
    const leaders = (await rdp.get(`${C('C-05')}/leaders`)).json<{
      leaders: { reference: string; freeDays: number; freeByTerm: string }[]
    }>()
    const chief = leaders.leaders.find(({ reference }) => reference === 'L-21')
    assert.deepEqual(
      [chief?.freeDays, chief?.freeByTerm],
      [20, 'Autumn term 2023: 10, Spring term 2024: 0, Summer term 2024: 10'],
    )
    const refused = await rdp.step('C-05', 'propose', { leader: 'L-21', note: 'Near' })
    assert.deepEqual([refused.status, refused.codes], [422, ['reason.capacity']])
    assert.match(refused.message, /No capacity: Petra Lyddon has no free day in the term in which the work would begin/)
    const reason = 'Days of summer will do'
    const proposed = await rdp.step('C-05', 'propose', { leader: 'L-21', note: 'Near', 'reason-capacity': reason })
    assert.equal(proposed.status, 200, proposed.message)
  })
})

describe('Days of support', () => {
  before(() => scenes.begin('tsi-running'))

  it('TSI-059 days by others than the leader are a share of the whole, and half or less is told', async () => {
    const rdp = await scenes.as('dp-ne')
    const { shares, usedDays } = await log(rdp, 'C-12')
    const own = shares.find(({ id }) => id === 'in-person')
    assert.deepEqual(
      [usedDays, own?.percent, own?.warning],
      [10, 40, 'The leader did half of the days in person or fewer'],
    )
    assert.ok((await notices(await scenes.as('L-04'))).some(({ words }) => /half of the days in person/.test(words)))
    assert.ok((await notices(rdp)).some(({ words }) => /half of the days in person/.test(words)))
  })

  it('TSI-114 a remote day says why; more than half remote is told and bars nothing', async () => {
    const [leader, rdp] = [await scenes.as('L-01'), await scenes.as('dp-ne')]
    const remote = {
      date: '2024-01-22',
      days: 0.5,
      step: 'development',
      kind: 'bespoke',
      mode: 'remote',
      state: 'validated',
    }
    const silent = await sendTo(leader, `${C('C-01')}/log`, remote)
    assert.deepEqual([silent.status, silent.fields], [422, ['mode-reason']])
    assert.deepEqual((await sendTo(leader, `${C('C-01')}/log`, { ...remote, 'mode-reason': 'another' })).fields, [
      'mode-other',
    ])
    assert.equal((await sendTo(leader, `${C('C-01')}/log`, { ...remote, 'mode-reason': 'environment' })).status, 201)
    const twelve = await log(rdp, 'C-12')
    assert.equal(twelve.shares.find(({ id }) => id === 'remote')?.percent, 60)
    assert.ok(
      (await notices(rdp)).some(
        ({ reference, words }) => reference === 'C-12' && /half of the days were remote/.test(words),
      ),
    )
    assert.equal(twelve.claimableDays, 10)
  })
})
