import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { type CaseDesk, openCaseDesk, type Person } from './test-cases.ts'
import { outboxOf } from './test-outbox.ts'

let desk: CaseDesk
let rg: Person
let rdp: Person
before(async () => {
  desk = await openCaseDesk('2023-11-06')
  rg = await desk.as('rg-ne')
  rdp = await desk.as('dp-ne')
})
after(() => desk.close())

const PACKAGE = { details: 'As held', context: 'New head', strategic: 'Kept between us', proposal: 'L-01' }
const CONTACT = { person: 'Head of standards', outcome: 'confirmed', key: 'authority', date: '2023-11-06' }
const outbox = (reference: string) => outboxOf(desk.service, reference)

describe('The enquiry', () => {
  it('TSI-076 a proposal sends nothing; the enquiry is one e-mail with the last day to answer; a second leader needs a reason', async () => {
    const ref = await rg.start({ urn: 900016 })
    const enquire = (fields: object = {}) => rdp.step(ref, 'enquire', fields)
    assert.equal((await rg.step(ref, 'contact-body', CONTACT)).status, 200)
    assert.equal((await rg.step(ref, 'hand-over', PACKAGE)).status, 200)
    assert.equal((await rdp.step(ref, 'contact-school', { date: '2023-11-06' })).status, 200)
    assert.equal((await enquire()).status, 422, 'not before S04')
    const head = await desk.as('head-900016')
    assert.equal((await head.step(ref, 'engage', { outcome: 'engage' })).status, 200)
    assert.equal((await rdp.step(ref, 'propose', { leader: 'L-01' })).stage, 'S04')
    assert.deepEqual(await outbox(ref), [], 'a proposal sends nothing')
    assert.equal((await rg.step(ref, 'enquire')).status, 403, 'the delivery partner asks')

    assert.equal((await enquire()).status, 200)
    const [mail, ...more] = await outbox(ref)
    assert.deepEqual([mail?.to, mail?.cc, more.length], [['maren.holloway@example.org'], [], 0])
    assert.match(mail?.subject ?? '', new RegExp(`^${ref}: could you support Burnmoor Vale School`))
    assert.match(
      mail?.body ?? '',
      /answer by Thu 9 Nov 2023, yes or no: \S*\/cases\/\S+\/steps\/leader-answer\?key=L-01/,
    )
    assert.match(mail?.body ?? '', /Burnmoor Vale School \(single school, secondary/)
    assert.doesNotMatch(mail?.body ?? '', /Kept between us|As held/)

    const second = { leader: 'L-02', 'reason-nle': 'No other is free' }
    assert.equal((await rdp.step(ref, 'propose', second)).status, 409)
    const silent = await rdp.act(ref, 'propose-another', second)
    assert.equal(silent.status, 422)
    assert.match(silent.message, /second enquiry/i)
    assert.equal((await outbox(ref)).length, 1)
    assert.equal(
      (await rdp.act(ref, 'propose-another', { ...second, parallel: 'Both are away next week' })).status,
      200,
    )
    assert.equal((await enquire({ key: 'L-02' })).status, 200)
    assert.equal((await outbox(ref)).length, 2)
  })
})
