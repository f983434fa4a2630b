import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { CHOSEN, deployed, formOfCase, scopeOf } from '../../world/deployment-form.ts'
import { type CaseDesk, openCaseDesk, type Person } from './test-cases.ts'

type Documented = { paths: Record<string, { post?: { responses: Record<string, { description: string }> } }> }

let desk: CaseDesk
let leader: Person
let api: Documented
before(async () => {
  desk = await openCaseDesk('2023-11-20')
  leader = await desk.as('L-01')
  api = (await desk.service.get('/api/openapi.json')).json<Documented>()
})
after(() => desk.close())

const saidOf = (path: string) => api.paths[`/api/v1/cases/{reference}${path}`]?.post?.responses['422']?.description

describe('What a refusal leaves behind, as the description of the API says', () => {
  it('of a section that lacks something: what was sent, as its draft; of one with a wrong answer nothing', async () => {
    const said = saidOf('/form/sections/{section}') ?? ''
    assert.match(said, /where an answer is wrong, nothing was saved\./)
    assert.match(said, /something is only missing, what was sent is kept as a draft/)
    await deployed(desk, 'C-0901', 900016)
    const form = formOfCase(leader, 'C-0901')
    const { attendance: _, ...some } = scopeOf(CHOSEN).rows.areas
    const lacking = await form.complete('scope', { rows: { areas: some } })
    assert.equal(lacking.status, 422)
    const kept = (await form.section('scope')).json
    assert.deepEqual([kept.state, kept.version], ['draft', 1])
    assert.deepEqual(kept.answers.rows.areas.behaviour.mechanisms, CHOSEN.behaviour)
    const wrong = await form.complete('scope', { rows: { areas: { behaviour: { focus: 'perhaps' } } } })
    assert.equal(wrong.status, 422)
    const after = (await form.section('scope')).json
    assert.deepEqual([after.state, after.version, after.answers], ['draft', 1, kept.answers])
    const whole = await form.complete('scope', { ...scopeOf(CHOSEN), version: after.version })
    assert.equal(whole.json.state, 'complete', whole.message)
  })

  it('of a step: nothing, and the draft that its page kept before', async () => {
    assert.match(saidOf('/steps/{step}') ?? '', /nothing was saved, and a draft of the step .* stays as it was/)
    await desk.drive('C-02', 900002, { to: 'S08', leader: 'L-03', person: 'ceo', days: { begun: '2023-11-20' } })
    const other = await desk.as('L-03')
    const page = '/cases/C-02/steps/arrange-meeting'
    const typed = { 'date-day': '27', 'date-month': '11', 'date-year': '2023' }
    const drafted = await other.post(page, { ...typed, place: 'In the hall', save: 'draft' })
    assert.equal(drafted.location, '/cases/C-02')
    const refused = await other.step('C-02', 'arrange-meeting', { place: 'At the trust' })
    assert.deepEqual([refused.status, refused.codes], [422, ['field.missing']])
    const { body } = await other.get(page)
    assert.match(body, /value="In the hall"/)
    assert.doesNotMatch(body, /At the trust/)
    const again = await other.post(page, { place: 'At the trust' })
    assert.equal(again.status, 422)
    assert.match(again.body, /value="At the trust"/, 'the page shows what was typed')
    assert.match((await other.get(page)).body, /value="In the hall"/)
  })
})
