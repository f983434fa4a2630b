import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { type CaseDesk, openCaseDesk, type Person } from './test-cases.ts'
import { openWorkingCase, type WorkingCase } from './test-work.ts'

type Refusal = { code: string; field?: string; message: string; allowed?: string[] }

let desk: CaseDesk
let work: WorkingCase
before(async () => {
  desk = await openCaseDesk('2023-12-04')
  await desk.drive('C-16', 900016, {
    to: 'S08',
    leader: 'L-04',
    days: { begun: '2023-11-22', S04: '2023-11-23', S07: '2023-11-29' },
  })
  work = await openWorkingCase(desk, { urn: 900001, leader: 'L-01', school: 'head-900001' })
})
after(() => desk.close())

async function refused(by: Person, path: string, body: object): Promise<Refusal[]> {
  const answer = await by.postJson(`/api/v1/cases/${path}`, body)
  assert.equal(answer.status, 422, `${path}: ${answer.body}`)
  return answer.json<{ refusals: Refusal[] }>().refusals
}

describe('A choice named wrongly', () => {
  it('in a step is refused with the ids that the field takes, in words with their titles', async () => {
    const leader = await desk.as('L-04')
    const body = { date: '2023-12-04', person: 'Head teacher' }
    const [wrong] = await refused(leader, 'C-16/steps/first-contact', body)
    assert.deepEqual([wrong?.code, wrong?.field], ['field.not-a-choice', 'person'])
    assert.deepEqual(wrong?.allowed, ['head', 'ceo', 'other'])
    assert.match(wrong?.message ?? '', /choose one of Head teacher, Chief executive of the trust, Somebody else$/)
    const [missing] = await refused(leader, 'C-16/steps/first-contact', { date: '2023-12-04' })
    assert.deepEqual([missing?.code, missing?.allowed], ['field.missing', ['head', 'ceo', 'other']])
    const named = await leader.step('C-16', 'first-contact', { ...body, person: wrong?.allowed?.[0] })
    assert.equal(named.status, 200, named.message)
  })

  it('as the outcome of a step is refused with the ids of its outcomes; other faults have none', async () => {
    const { reference, head, leader } = work
    const need = { option: 'none', beneficial: 'The first days are enough', reason: 'Asked for early' }
    assert.equal((await leader.act(reference, 'assess-options', need)).status, 200)
    const path = `${reference}/steps/agree-option`
    const [wrong] = await refused(head, path, { outcome: 'We agree' })
    assert.deepEqual([wrong?.code, wrong?.field, wrong?.allowed], ['outcome.missing', 'outcome', ['agree', 'disagree']])
    const [reason] = await refused(head, path, { outcome: 'disagree' })
    assert.deepEqual([reason?.code, reason?.allowed], ['reason.missing', undefined])
    const page = await head.post(`/cases/${path}`, { outcome: 'maybe' })
    assert.deepEqual([page.status, /choose one of We agree, We do not agree/.test(page.text)], [422, true])
  })

  it('in the work of a case is refused with them too', async () => {
    const { reference, leader } = work
    const [step] = await refused(leader, `${reference}/log`, { date: '2023-12-11', days: 1, step: 'Explore' })
    assert.ok(step?.allowed?.includes('explore'), JSON.stringify(step))
    const day = await work.log(leader, { date: '2023-12-11', days: 1, step: 'explore', state: 'delivered' })
    const [state] = await refused(leader, `${reference}/log/${day.id}/move`, { state: 'done' })
    assert.deepEqual([state?.code, state?.allowed], ['log.no-way', ['validated']])
    const [engaged] = await refused(leader, `${reference}/log/${day.id}/engagement`, { engagement: 'Fine' })
    assert.equal(engaged?.field, 'engagement')
    assert.ok((engaged?.allowed?.length ?? 0) > 1)
    const person = { person: 'zelda.crastermoss@example.org', specialism: 'Timetabling' }
    const [specialism] = await refused(leader, `${reference}/team`, person)
    assert.ok(specialism?.allowed?.includes('timetabling'), JSON.stringify(specialism))
    const [theme] = await refused(leader, `${reference}/themes`, { theme: 'Other', reason: 'Not needed' })
    assert.ok((theme?.allowed?.length ?? 0) > 1)
    const strategy = { area: 'Attendance', action: 'Ring home', owner: 'Deputy', due: '2024-03-27' }
    const [area] = await refused(leader, `${reference}/strategies`, strategy)
    assert.ok(area?.allowed?.includes('behaviour'), JSON.stringify(area))
    const [audience] = await refused(leader, `${reference}/notes`, { words: 'A note', audience: 'everybody' })
    assert.deepEqual([audience?.field, audience?.allowed], ['audience', ['shared', 'internal']])
  })

  it('in a row of the form is refused with them too', async () => {
    const areas = { behaviour: { focus: 'yes', mechanisms: ['Coaching'] }, attendance: { focus: 'true' } }
    const path = `${work.reference}/form/sections/scope`
    const all = await refused(work.leader, path, { rows: { areas } })
    const at = (field: string) => all.find((one) => one.field === field)?.allowed
    assert.ok(at('areas.behaviour.mechanisms')?.includes('coaching'), JSON.stringify(all))
    assert.deepEqual(at('areas.attendance.focus'), ['yes', 'no'])
  })

  it('is told so in the description of the API', async () => {
    type Schema = { properties: { refusals: { items: { properties: Record<string, { description?: string }> } } } }
    const api = (await desk.service.get('/api/openapi.json')).json<{ components: { schemas: { Problem: Schema } } }>()
    const { allowed } = api.components.schemas.Problem.properties.refusals.items.properties
    assert.match(allowed?.description ?? '', /ids that it takes/)
  })
})
