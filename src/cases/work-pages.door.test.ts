import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { type CaseDesk, openCaseDesk } from './test-cases.ts'
import { type LogView, openWorkingCase, type WorkingCase } from './test-work.ts'

let desk: CaseDesk
let work: WorkingCase
before(async () => {
  desk = await openCaseDesk('2023-12-04')
  work = await openWorkingCase(desk, { urn: 900001, leader: 'L-01', school: 'head-900001' })
  desk.setToday('2024-01-22')
})
after(() => desk.close())

const page = (part: string) => `/cases/${work.reference}${part}`
const DAY = { 'date-day': '18', 'date-month': '1', 'date-year': '2024', days: '1', step: 'explore', area: 'leadership' }

describe('Pages of the work', () => {
  it('log a day in one short form, keep what was typed when it is wrong, and draw ten boxes', async () => {
    const wrong = await work.leader.post(page('/log/new'), { ...DAY, days: '0.3', mode: 'remote' })
    assert.equal(wrong.status, 422)
    assert.match(wrong.text, /write whole or half days/)
    assert.match(wrong.body, /id="days-error"/)
    assert.match(wrong.body, /value="0.3"/)
    assert.match(wrong.text, /Choose: why remote/)
    const saved = await work.leader.post(page('/log/new'), { ...DAY, kind: 'shadowing' })
    assert.equal(saved.location, page('/log?done=saved'))
    const { body, text } = await work.leader.get(page('/log'))
    assert.match(text, /1 of 10 days done, 0 planned, 9 free/)
    assert.equal(body.match(/app-days-frame/g)?.length, 10)
    assert.match(text, /18 January 2024/)
    assert.match(
      (await work.leader.get('/visits')).text,
      /18 January 2024 Larkbeck Primary School 1 Maren Holloway delivered/,
    )
  })

  it('lead from the day to its next state and to what the school and others may do', async () => {
    const { items } = await work.read<LogView>(work.leader, '/log')
    const id = items[0]?.id
    assert.match((await work.leader.get(page(`/log/${id}`))).text, /Mark as validated/)
    assert.doesNotMatch((await work.head.get(page(`/log/${id}`))).text, /Mark as validated/)
    assert.equal((await work.head.post(page(`/log/${id}/move`), { state: 'validated' })).status, 422)
    assert.equal((await work.leader.post(page(`/log/${id}/move`), { state: 'validated' })).status, 303)
    assert.match((await work.head.get(page(`/log/${id}`))).text, /Confirm the date/)
    assert.equal((await work.head.post(page(`/log/${id}/confirm`), {})).status, 303)
    assert.equal((await work.leader.post(page(`/log/${id}/engagement`), { engagement: '' })).status, 422)
    assert.equal((await work.leader.post(page(`/log/${id}/engagement`), { engagement: 'good' })).status, 303)
    assert.doesNotMatch((await work.head.get(page(`/log/${id}`))).text, /engagement/i)
    assert.equal((await work.rdp.post(page(`/log/${id}/return`), { reason: 'Not as agreed' })).status, 303)
    const alerts = (await work.leader.get('/api/v1/work')).json<{ notices: { words: string }[] }>().notices
    assert.ok(alerts.some(({ words }) => words.includes('given back')))
  })

  it('open for the leader, one question a page, and refuse what is nobody else’s', async () => {
    const parts = [
      '/plan',
      '/planner',
      '/lists',
      '/lists/attendance-school',
      '/lists/scoping-notes',
      '/visit-notes',
      '/visit-notes/new',
      '/notes',
      '/notes/new',
      '/team',
      '/team/new',
      '/themes/new',
      '/signposts/new',
      '/strategies/new',
    ]
    for (const part of parts) assert.equal((await work.leader.get(page(part))).status, 200, part)
    assert.equal((await work.rdp.get(page('/planner'))).status, 404)
    const other = await desk.as('L-05')
    for (const part of parts) assert.equal((await other.get(page(part))).status, 404, part)
  })

  it('keep the planner by place, days and notes, and take over what a list offers', async () => {
    const without = await work.leader.post(page('/planner'), { 'place-start-up': '1', 'days-start-up': '1' })
    assert.match(without.text, /Step 10 \(Closure\) belongs to every plan/)
    const fields = {
      'place-start-up': '1',
      'days-start-up': '1',
      'place-scoping': '1',
      'place-use-of-evidence': '2',
      'days-use-of-evidence': '2.5',
      'place-closure': '3',
    }
    assert.equal((await work.leader.post(page('/planner'), fields)).status, 303)
    assert.match((await work.leader.get(page('/plan'))).text, /1\. Start-up with 2\. Scoping 1/)
    assert.equal((await work.leader.post(page('/lists/attendance-school'), { culture: 'absent' })).status, 303)
    assert.match(
      (await work.leader.get(page('/lists'))).text,
      /Culture of attendance in the whole school .* Add as a strategy/,
    )
    const offered = await work.leader.get(page('/strategies/new?list=attendance-school&item=culture'))
    assert.match(offered.body, /value="attendance" selected/)
    const taken = {
      area: 'attendance',
      action: 'Name a champion',
      owner: 'Head',
      'due-day': '1',
      'due-month': '3',
      'due-year': '2024',
    }
    assert.equal((await work.leader.post(page('/strategies/new'), taken)).status, 303)
    assert.match((await work.leader.get(page('/plan'))).text, /Name a champion Absence \/ Attendance Head 1 March 2024/)
  })

  it('refuse further support that no catalogue knows, with the error at its field', async () => {
    const told = {
      programme: 'XYZ',
      area: 'behaviour',
      told: 'Head',
      'date-day': '15',
      'date-month': '1',
      'date-year': '2024',
    }
    const unknown = await work.leader.post(page('/signposts/new'), told)
    assert.equal(unknown.status, 422)
    assert.match(unknown.text, /There is no programme "XYZ" in this catalogue/)
  })
})
