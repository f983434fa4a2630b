import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import type { Person } from '../cases/test-cases.ts'
import { openScenes, type SceneDesk, sendTo } from '../cases/test-scene.ts'

let desk: SceneDesk
before(async () => {
  desk = await openScenes()
  await desk.begin('tsi-after')
})
after(() => desk.close())

const api = '/api/v1/case-studies/CS-1'
type Section = { id: string; title: string; words: string; entries: { id: number; on: string; words: string }[] }
type View = {
  version: number
  title: string
  state: string
  sections: Section[]
  missing: { code: string; message: string }[]
  warnings: string[]
  about: { id: number; name: string; case: string | null }[]
}

async function read(by: Person, path = api): Promise<View> {
  const answer = await by.get(path)
  assert.equal(answer.status, 200, answer.body)
  return answer.json<View>()
}

describe('A case study', () => {
  it('TSI-146 is not published while a section is empty, which is named; then its four headings stand in the order of the pack', async () => {
    const rg = await desk.as('rg-ne')
    const head = await desk.as('head-900001')
    const draft = await read(rg)
    assert.equal(draft.sections.find(({ id }) => id === 'next')?.words, '')
    const refused = await sendTo(rg, `${api}/publish`)
    assert.equal(refused.status, 422)
    assert.match(refused.message, /“Next steps because of the support” is empty/)
    assert.doesNotMatch(refused.message, /Impact|Context/)
    const text = { version: draft.version, sections: { next: 'The weekly review goes on.' } }
    assert.equal((await sendTo(rg, api, text)).status, 200)
    const consent = { subject: 'urn:900001', answer: 'yes', givenBy: 'Head', givenOn: '2024-04-15', way: 'service' }
    assert.equal((await sendTo(head, `${api}/consents`, consent)).status, 200)
    assert.equal((await sendTo(rg, `${api}/approval`)).status, 200)
    const published = await sendTo(rg, `${api}/publish`)
    assert.equal(published.status, 200, published.message)
    const page = await rg.get('/case-studies/CS-1')
    const headings = [...page.body.matchAll(/<h2 class="govuk-heading-m"[^>]*>([^<]*)</g)].map(([, one]) => one)
    assert.deepEqual(headings, [
      'Context, and why the system leader was matched',
      'Support carried out',
      'Impact',
      'Next steps because of the support',
    ])
  })
})
