import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import type { Person } from './test-cases.ts'
import { openScenes, type SceneDesk, sendTo } from './test-scene.ts'

let scenes: SceneDesk
let leader: Person
let head: Person
let officer: Person
before(async () => {
  scenes = await openScenes()
  await scenes.begin('tsi-running')
  leader = await scenes.as('L-01')
  head = await scenes.as('head-900001')
  officer = await scenes.as('rg-ne')
})
after(() => scenes.close())

const NOTES = '/api/v1/cases/C-01/visit-notes'
const FIRST = { date: '2024-01-10', seen: 'Lessons in year 5', judgements: ['Behaviour is calm', 'Books vary'] }
const SECOND = { date: '2024-01-10', seen: 'Lessons in years 5 and 6', judgements: ['Behaviour is calm'] }
const WRONG = { accurate: 'no', comment: 'Year 6 was seen too', 'reply-2': 'Books of year 5 only' }

type Note = {
  id: number
  state: string
  seen: string
  accurate: boolean | null
  comment: string | null
  judgements: { words: string; reply: string | null }[]
  earlier: { seen: string; comment: string; answeredBy: string; judgements: { reply: string | null }[] }[]
}

async function noteOf(by: Person, id: number): Promise<Note> {
  const found = (await by.get(NOTES)).json<{ notes: Note[] }>().notes.find((one) => one.id === id)
  assert.ok(found, 'the note is there for this reader')
  return found
}

async function must(by: Person, path: string, fields: object = {}): Promise<number> {
  const { status, message, id } = await sendTo(by, `${NOTES}${path}`, fields)
  assert.ok(status < 300, `${path}: ${message}`)
  return id
}

async function calledWrong(): Promise<number> {
  const id = await must(leader, '', FIRST)
  await must(leader, `/${id}/send`)
  await must(head, `/${id}/answer`, WRONG)
  return id
}

const asked = async () => {
  const { notices } = (await head.get('/api/v1/work')).json<{ notices: { words: string }[] }>()
  return notices.filter(({ words }) => /note of the visit of 10 January 2024: is it accurate/i.test(words)).length
}

describe('A note of visit that the school calls not accurate', () => {
  it('is corrected by its writer, keeps what the school said, and is asked about again', async () => {
    const id = await calledWrong()
    assert.match((await leader.get(`/cases/C-01/visit-notes/${id}`)).text, /Correct it/)
    assert.doesNotMatch((await head.get(`/cases/C-01/visit-notes/${id}`)).text, /Correct it/)
    assert.equal((await sendTo(head, `${NOTES}/${id}`, SECOND)).status, 403, 'its writer alone corrects it')
    assert.equal(await asked(), 1)

    await must(leader, `/${id}`, SECOND)
    const draft = await noteOf(leader, id)
    assert.deepEqual([draft.state, draft.accurate, draft.seen], ['draft', null, SECOND.seen])
    assert.deepEqual([draft.earlier[0]?.seen, draft.earlier[0]?.comment], [FIRST.seen, WRONG.comment])
    const held = await noteOf(head, id)
    assert.deepEqual(
      [held.state, held.seen, held.comment],
      ['answered', FIRST.seen, WRONG.comment],
      'a draft is hidden',
    )
    assert.equal(held.judgements[1]?.reply, WRONG['reply-2'])
    assert.doesNotMatch((await officer.get(`/cases/C-01/visit-notes/${id}`)).text, /years 5 and 6/)
    assert.equal((await sendTo(head, `${NOTES}/${id}/answer`, { accurate: 'yes' })).status, 422, 'not asked yet')
    assert.equal((await sendTo(leader, `${NOTES}/${id}/final`)).status, 422, 'not final before it is answered')

    await must(leader, `/${id}/send`)
    assert.equal(await asked(), 2)
    const page = (await head.get(`/cases/C-01/visit-notes/${id}`)).text
    assert.match(page, /years 5 and 6.*Before it was corrected.*Year 6 was seen too.*Books of year 5 only/s)
    await must(head, `/${id}/answer`, { accurate: 'yes' })
    assert.equal((await sendTo(leader, `${NOTES}/${id}`, FIRST)).status, 422, 'accurate: not changed any more')
    await must(leader, `/${id}/final`)
    const final = await noteOf(officer, id)
    assert.deepEqual([final.state, final.accurate, final.earlier.length], ['final', true, 1])
    const paper = JSON.stringify((await officer.get(`${NOTES}/${id}/paper`)).json<object>())
    assert.match(paper, /Before it was corrected.*Year 6 was seen too.*Lessons in year 5.*Books of year 5 only/)
  })

  it('can be made final as it is, with what the school says beside it', async () => {
    const id = await calledWrong()
    await must(leader, `/${id}/final`)
    const page = (await officer.get(`/cases/C-01/visit-notes/${id}`)).text
    assert.match(page, /Final: not accurate.*not accurate: Year 6 was seen too/s)
    assert.equal((await sendTo(leader, `${NOTES}/${id}`, SECOND)).status, 422, 'final: not changed any more')
  })
})
