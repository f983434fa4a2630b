import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { type CaseDesk, openCaseDesk, type Person } from './test-cases.ts'
import { outboxOf } from './test-outbox.ts'

let desk: CaseDesk
let rdp: Person
before(async () => {
  desk = await openCaseDesk('2023-11-20')
  rdp = await desk.as('dp-ne')
})
after(() => desk.close())

describe('x', () => {
  it('vertical', async () => {
    await desk.drive('C-0901', 900001, { to: 'S03', leader: 'L-01', days: { begun: '2023-11-20' } })
    console.log((await rdp.read('C-0901')).open)
    const page = await rdp.get('/cases/C-0901/steps/engage/link')
    console.log(page.status, page.text.slice(0, 3000))
    const sent = await rdp.postJson('/api/v1/cases/C-0901/steps/engage/links', {})
    console.log(sent.status, sent.body)
    const [mail] = await outboxOf(desk.service, 'C-0901')
    console.log(mail)
    const link = /\/link\/[\w-]+/.exec(mail?.body ?? '')?.[0] ?? ''
    const visitor = desk.service.as('')
    const seen = await visitor.get(link)
    console.log(seen.status, seen.text)
    const wrong = await visitor.post(link, { email: 'x' })
    console.log(wrong.status, wrong.text.slice(0, 400))
    const opened = await visitor.post(link, { email: mail?.to[0] ?? '' })
    console.log(opened.status, opened.location)
    const head = desk.service.as(opened.cookie)
    const step = await head.get(opened.location)
    console.log(step.status, step.text)
    console.log((await head.get('/my-work')).text)
    console.log((await rdp.get('/api/v1/cases/C-0901/links')).body)
    assert.equal((await head.get('/cases/C-0901')).status, 200)
    console.log((await head.get('/cases/C-0901')).text)
    console.log((await rdp.get('/cases/C-0901')).text)
  })
})
