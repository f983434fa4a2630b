import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { type CaseDesk, openCaseDesk, type Person } from './test-cases.ts'

/** Words that the region and its partner write for themselves. */
const INWARD = /A priority of the region|A dispute among the governors|No place for two at once/

let desk: CaseDesk
before(async () => {
  desk = await openCaseDesk('2023-11-29')
  await desk.drive('C-10', 900010, {
    to: 'S06',
    leader: 'L-01',
    days: { begun: '2023-10-30', S06: '2023-11-24' },
  })
  const director = await desk.as('rd-ne')
  const partner = await desk.as('dp-ne')
  assert.equal((await partner.step('C-10', 'inform')).message, '')
  const rejected = { outcome: 'rejected', date: '2023-11-29', reason: 'A dispute among the governors' }
  assert.equal((await director.step('C-10', 'approve', rejected)).message, '')
  const again = { leader: 'L-02', note: 'No place for two at once', reason: 'No place for two at once' }
  assert.equal((await partner.step('C-10', 'propose', again)).message, '')
})
after(() => desk.close())

type Done = { step: string; doneOn: string; outcomeTitle: string; isWithheld: boolean; fields: Record<string, string> }

const pagesOf = async (person: Person) =>
  Promise.all(
    ['/cases/C-10', '/cases/C-10/history', '/api/v1/cases/C-10', '/api/v1/cases/C-10/file'].map(
      async (path) => (await person.get(path)).body,
    ),
  )

describe('What is entered in a case, and who reads it', () => {
  it('those who run the programme read it all, on each of its pages', async () => {
    for (const person of ['rg-ne', 'dp-ne', 'rd-ne']) {
      const [page = '', history = '', , file = ''] = await pagesOf(await desk.as(person))
      for (const words of ['A priority of the region', 'A dispute among the governors', 'No place for two at once'])
        assert.ok(page.includes(words), `${person}: ${words}`)
      assert.match(history, /A dispute among the governors/)
      assert.match(file, /A dispute among the governors/)
    }
  })

  it('the school knows that it was done, by whom and when, and reads what is shared with it and no more', async () => {
    const head = await desk.as('head-900010')
    for (const body of await pagesOf(head)) {
      assert.doesNotMatch(body, INWARD)
      assert.match(body, /Asks for help with a new plan|Package for the delivery partner/)
    }
    const { done } = (await head.get('/api/v1/cases/C-10')).json<{ done: Done[] }>()
    const handed = done.find(({ step }) => step === 'hand-over')
    assert.equal(handed?.isWithheld, true)
    assert.deepEqual(Object.keys(handed?.fields ?? {}), ['context'])
    assert.equal(done.find(({ step }) => step === 'approve')?.outcomeTitle, 'Rejected')
    const own = done.find(({ step }) => step === 'engage')
    assert.equal(own?.isWithheld, false)
    assert.match((await head.get('/cases/C-10')).text, /What was entered is read by: Regions Group, Regional delivery/)
  })
})
