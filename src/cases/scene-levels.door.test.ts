import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { openScenes, type SceneDesk } from './test-scene.ts'

type School = { urn: number; level: string | null; variant: string | null; from: string | null; words: string }

let desk: SceneDesk
before(async () => {
  desk = await openScenes()
})
after(() => desk.close())

async function levels(): Promise<Record<number, School>> {
  const senior = await desk.as('so-1')
  const { schools } = (await senior.get('/api/v1/standings/gtg@2023/support-level')).json<{ schools: School[] }>()
  return Object.fromEntries(schools.map((one) => [one.urn, one]))
}

const shortly = ({ level, from }: School) => `${level} ${from}`

describe('A scene with levels', () => {
  it('has them in force, set by rules and by people, with what falls due', async () => {
    await desk.begin('gtg-levels')
    const found = await levels()
    assert.deepEqual(
      Object.values(found)
        .map((one) => `${one.urn} ${shortly(one)}`)
        .sort(),
      [
        '900201 core 2026-09-14',
        '900202 core 2026-09-14',
        '900203 focused 2026-09-01',
        '900204 focused 2026-10-01',
        '900205 enhanced 2026-09-01',
        '900206 enhanced 2026-09-14',
        '900207 enhanced 2026-09-01',
        '900208 intensive-b 2026-09-01',
        '900209 focused 2026-09-14',
        '900210 null null',
      ],
    )
    assert.equal(found[900204]?.variant, 'around-school')
    assert.match(found[900205]?.words ?? '', /automatic, to confirm/)
    const adviser = await desk.as('lama-3')
    const work = await adviser.get('/my-work')
    assert.match(
      work.text,
      /Barge Yard Primary School.*Discussion with the school|Discussion with the school.*Barge Yard/,
    )
    assert.match(work.text, /TAG meeting: Autumn term/)
    assert.match(work.text, /Review of an Intensive school: Autumn term/)
    assert.match((await (await desk.as('head-900206')).get('/my-work')).text, /Draft of the plan/)
  })

  it('goes on as another scene tells it', async () => {
    await desk.begin('gtg-plans')
    const found = await levels()
    assert.equal(
      shortly(found[900207] ?? { urn: 0, level: '', variant: '', from: '', words: '' }),
      'intensive-a 2026-11-02',
    )
  })

  it('comes to the same when its days are lived through', async () => {
    await desk.begin('gtg-levels', '2026-08-31')
    await desk.moveTo('2026-10-05')
    assert.equal(Object.values(await levels()).filter(({ level }) => level !== null).length, 9)
  })
})
