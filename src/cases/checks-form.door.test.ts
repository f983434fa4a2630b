import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { formOfCase } from '../../world/deployment-form.ts'
import type { Person } from './test-cases.ts'
import { openScenes, type SceneDesk, sendTo } from './test-scene.ts'

let scenes: SceneDesk
before(async () => {
  scenes = await openScenes()
})
after(() => scenes.close())

const C = (reference: string) => `/api/v1/cases/${reference}`
const BETWEEN = ['scoping', 'explore', 'use-of-evidence', 'approved-support', 'mid-review', 'development', 'sustained']
type PlanNow = { planner?: { rows: { note?: string | null }[] } }

describe('A form that is handed in', () => {
  it('TSI-120 holds nothing of the planner, which is the leader’s own until shared, and an empty one bars nothing', async () => {
    await scenes.begin('tsi-s13', '2024-03-14')
    const empty = await formOfCase(await scenes.as('L-04'), 'C-16').submit()
    assert.equal(empty.status, 200, empty.message)

    await scenes.begin('tsi-s13', '2024-03-14')
    const [leader, rdp, rg] = [await scenes.as('L-04'), await scenes.as('dp-ne'), await scenes.as('rg-ne')]
    const rows = [
      { steps: ['start-up'], days: 1 },
      ...BETWEEN.map((step) => ({ steps: [step], days: 0.5, note: `Only mine about ${step}` })),
      { steps: ['closure'], days: 1 },
    ]
    const planOf = async (by: Person) => (await by.get(`${C('C-16')}/plan`)).json<PlanNow>().planner
    assert.equal((await sendTo(leader, `${C('C-16')}/plan`, { rows })).status, 200)
    assert.equal((await planOf(leader))?.rows.filter(({ note }) => note).length, BETWEEN.length)
    for (const other of [rdp, rg]) assert.equal(await planOf(other), undefined)
    const form = formOfCase(leader, 'C-16')
    assert.equal((await form.read()).json.sections.find(({ id }: { id: string }) => id === 'mid').state, 'complete')
    assert.equal((await form.submit()).status, 200)
    for (const by of [leader, rdp, rg]) {
      for (const path of ['/cases/C-16/form', '/cases/C-16/form/print', `${C('C-16')}/form`]) {
        const answer = await by.get(path)
        assert.equal(answer.status, 200, path)
        assert.doesNotMatch(answer.body, /Only mine/, path)
      }
      for (const { id } of (await formOfCase(by, 'C-16').read()).json.sections)
        assert.doesNotMatch(JSON.stringify((await formOfCase(by, 'C-16').section(id)).json), /Only mine/, id)
    }
    assert.equal((await sendTo(leader, `${C('C-16')}/plan`, { rows, shared: true })).status, 200)
    for (const other of [rdp, rg]) assert.equal((await planOf(other))?.rows.length, rows.length)
    assert.doesNotMatch((await rdp.get('/cases/C-16/form/print')).body, /Only mine/)
  })
})
