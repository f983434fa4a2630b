import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { ACTIVITIES, BANK, closureOf, completed, formOfCase, teamOf } from '../../world/deployment-form.ts'
import { type CaseDesk, openCaseDesk } from './test-cases.ts'
import { outboxOf } from './test-outbox.ts'

const REF = 'C-0801'
let desk: CaseDesk
before(async () => {
  desk = await openCaseDesk('2023-11-20')
  const { leader } = await teamOf(desk)
  await completed(desk, REF, 900016, '2024-03-08')
  const form = formOfCase(leader, REF)
  assert.equal((await form.save('bank', BANK)).status, 200)
  assert.equal((await form.complete('closure', closureOf(ACTIVITIES, { 'further-note': '' }))).status, 200)
  assert.equal((await form.sign('leader')).status, 200)
  desk.setToday('2024-03-11')
  assert.equal((await leader.step(REF, 'send-to-school')).status, 200)
})
after(() => desk.close())

describe('The signature of the school', () => {
  it('is given from a link: the form is read without bank details, signed, and kept as signed by link', async () => {
    const rdp = await desk.as('dp-ne')
    const sent = await rdp.postJson(`/api/v1/cases/${REF}/steps/school-sign/links`, {})
    assert.equal(sent.status, 201, sent.body)
    const letter = (await outboxOf(desk.service, REF)).at(-1)
    const link = /\/link\/[\w-]+/.exec(letter?.body ?? '')?.[0] ?? ''
    const opened = await desk.service.as('').post(link, { email: letter?.to[0] ?? '' })
    assert.equal(opened.location, `/cases/${REF}/steps/school-sign`)
    const head = desk.service.as(opened.cookie)
    const step = await head.get(opened.location)
    assert.match(step.text, /Signature of the school or trust/)
    assert.ok(step.body.includes(`href="/cases/${REF}/form`), 'the way to the form')
    const page = await head.get(`/cases/${REF}/form/signatures/school`)
    assert.match(page.text, /Yes, the work was done as reported/)
    assert.doesNotMatch(page.text + (await head.get(`/cases/${REF}/form`)).text, /01234567|123456/)
    assert.equal((await head.get(`/cases/${REF}/form/sections/bank`)).status, 404)
    assert.equal((await head.postJson(`/api/v1/cases/${REF}/form/signatures/leader`, {})).status, 403)
    const signed = await head.post(`/cases/${REF}/form/signatures/school`, { outcome: 'confirm' })
    assert.equal(signed.location, `/cases/${REF}/form?done=signed`)
    assert.match((await head.get(signed.location)).text, /Signature of the school or trust/)
    assert.match((await rdp.get(`/cases/${REF}/history`)).text, /Head teacher, by link/)
    const { open } = await rdp.read(REF)
    assert.ok(open.some(({ step: one }) => one === 'hand-in') && !open.some(({ step: one }) => one === 'school-sign'))
  })
})
