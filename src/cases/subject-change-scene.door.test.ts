import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { openScenes, type SceneDesk } from './test-scene.ts'
import type { ShownChange } from './test-subject-change.ts'

let desk: SceneDesk
before(async () => {
  desk = await openScenes()
})
after(() => desk.close())

type Listed = { subjectChanges: { id: number; events: { words: string }[] }[] }

describe('The scene of a school that became an academy while supported', () => {
  it('asks the owner of its case, who takes it along', async () => {
    await desk.begin('tsi-conversion')
    const rg = await desk.as('rg-ne')
    const { subjectChanges } = (await rg.get('/api/v1/cases/C-49')).json<Listed>()
    assert.deepEqual(
      subjectChanges.flatMap(({ events }) => events.map(({ words }) => words)),
      ['Closed', 'Goes on as Coldspring Primary Academy (URN 900050)'],
    )
    const path = `/api/v1/cases/C-49/subject-changes/${subjectChanges[0]?.id}`
    const change = (await rg.get(path)).json<ShownChange>()
    assert.deepEqual(
      change.options.map(({ choice, successor, unavailable }) => [choice, successor, unavailable]),
      [
        ['move', 900050, null],
        ['end', null, null],
        ['keep', null, null],
      ],
    )
    const reason = 'The academy goes on with the support'
    const moved = await rg.postJson(path, { choice: 'move', reason, seen: change.seen })
    assert.equal(moved.status, 200, moved.body)
    assert.equal((await rg.read('C-49')).subject.name, 'Coldspring Primary Academy')
    await desk.moveTo('2024-01-17')
    const later = await desk.as('rg-ne')
    assert.equal((await later.get('/api/v1/cases/C-49')).json<Listed>().subjectChanges.length, 1)
  })

  it('asks nothing before the day on which the school closed, and then as the days go by', async () => {
    await desk.begin('tsi-conversion', '2023-12-29')
    const before = (await (await desk.as('rg-ne')).get('/api/v1/cases/C-49')).json<Listed>()
    assert.deepEqual(before.subjectChanges, [])
    await desk.moveTo('2024-01-02')
    const after = (await (await desk.as('rg-ne')).get('/api/v1/cases/C-49')).json<Listed>()
    assert.equal(after.subjectChanges.length, 1)
  })
})
