import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { type CaseDesk, openCaseDesk } from './test-cases.ts'
import { openWorkingCase, type WorkingCase } from './test-work.ts'

let desk: CaseDesk
let work: WorkingCase
let member = 0
before(async () => {
  desk = await openCaseDesk('2023-12-04')
  work = await openWorkingCase(desk, { urn: 900001, leader: 'L-01', school: 'head-900001' })
  desk.setToday('2024-01-22')
  const person = { person: 'zelda.crastermoss@example.org', specialism: 'timetabling' }
  member = (await work.send(work.leader, '/team', person)).id
})
after(() => desk.close())

type Item = { id: number; date: string; state: string; warnings: string[] }
const itemsOf = async (date: string) =>
  (await work.read<{ items: Item[] }>(work.leader, '/log')).items.filter((one) => one.date === date)

/** Logs a day by the API and answers what it warns of. */
async function warningsOf(fields: object): Promise<string[]> {
  const day = { days: 1, step: 'development', kind: 'bespoke', mode: 'face-to-face', state: 'delivered', ...fields }
  const answer = await work.leader.postJson(`/api/v1/cases/${work.reference}/log`, day)
  assert.equal(answer.status, 201, answer.body)
  return answer.json<{ warnings: string[] }>().warnings
}

describe('Days of one person on one date', () => {
  it('are told when they are more than one, and kept', async () => {
    const date = '2024-01-08'
    assert.deepEqual(await warningsOf({ date }), [])
    const words = '2 days of one person on one date: a date holds one day of work at most'
    assert.deepEqual(await warningsOf({ date, step: 'explore' }), [words])
    const items = await itemsOf(date)
    assert.deepEqual(
      items.map(({ warnings }) => warnings),
      [[words], [words]],
      'of the two nobody knows which is too many',
    )
    const path = `/cases/${work.reference}/log`
    const page = (await work.head.get(path)).text
    assert.equal(page.split(`8 January 2024: ${words}`).length, 2, 'told once for the date')
    const [, last] = items
    assert.ok((await work.leader.get(`${path}/${last?.id}`)).text.includes(words))
    const moved = await work.leader.postJson(`/api/v1${path}/${last?.id}/move`, { state: 'validated' })
    assert.deepEqual([moved.status, moved.json<{ warnings: string[] }>().warnings], [200, [words]])
    assert.equal((await work.send(work.leader, `/log/${items[0]?.id}/withdraw`)).status, 200)
    assert.deepEqual((await itemsOf(date))[0]?.warnings, [], 'one day is left')
  })

  it('in a single entry are told too; halves of a day, other dates and other people are not', async () => {
    assert.match((await warningsOf({ date: '2024-01-09', days: 1.5 })).join(), /^1\.5 days of one person/)
    for (const half of [0.5, 0.5]) assert.deepEqual(await warningsOf({ date: '2024-01-10', days: half }), [])
    assert.deepEqual(await warningsOf({ date: '2024-01-11' }), [])
    const performer = String(member)
    assert.deepEqual(await warningsOf({ date: '2024-01-11', performer }), [], 'the leader and a member of the team')
    assert.match((await warningsOf({ date: '2024-01-11', performer, days: 0.5 })).join(), /^1\.5 days of one person/)
  })
})
