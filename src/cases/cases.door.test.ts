import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { type CaseDesk, openCaseDesk } from './test-cases.ts'

let desk: CaseDesk
before(async () => {
  desk = await openCaseDesk('2023-10-30')
})
after(() => desk.close())

describe('A deployment from the start to the first visit', () => {
  it('goes from stage to stage, each partner in turn, on the clocks of the pack', async () => {
    const rg = await desk.as('rg-ne')
    const rdp = await desk.as('dp-ne')
    const head = await desk.as('head-900016')
    const leader = await desk.as('L-01')
    const director = await desk.as('rd-ne')
    const reference = await rg.start({ urn: 900016 })
    assert.equal((await rg.read(reference)).stage, 'S01')
    desk.setToday('2023-11-01')
    const early = await rg.step(reference, 'hand-over', { details: 'd', context: 'c', strategic: 's' })
    assert.deepEqual(early.codes, ['check.authority'])
    const contact = { date: '2023-11-01', person: 'Head of standards', outcome: 'confirmed', key: 'authority' }
    assert.equal((await rg.step(reference, 'contact-body', contact)).status, 200)
    const missing = await rg.step(reference, 'hand-over', { details: 'd', context: 'c' })
    assert.match(missing.message, /strategic information/)
    desk.setToday('2023-11-06')
    const handed = await rg.step(reference, 'hand-over', {
      details: 'd',
      context: 'c',
      strategic: 's',
      proposal: 'L-01',
    })
    assert.equal(handed.stage, 'S02', handed.message)
    const open = (await rdp.read(reference)).open
    assert.equal(open.find(({ step }) => step === 'contact-school')?.dueOn, '2023-11-13')
    const jump = await rdp.step(reference, 'issue-leader')
    assert.match(jump.message, /allowed: S03/)

    desk.setToday('2023-11-08')
    assert.equal((await rdp.step(reference, 'contact-school', { date: '2023-11-08' })).stage, 'S03')
    const wrong = await (await desk.as('head-900001')).step(reference, 'engage', { outcome: 'engage' })
    assert.equal(wrong.status, 404)
    assert.equal((await head.step(reference, 'engage', { outcome: 'engage', context: 'New maths lead' })).stage, 'S04')
    const asSchool = await head.step(reference, 'propose', { leader: 'L-01' })
    assert.equal(asSchool.status, 403)
    const proposed = await rdp.step(reference, 'propose', { leader: 'L-01' })
    assert.equal(proposed.status, 200, proposed.message)
    assert.equal((await rdp.step(reference, 'enquire')).status, 200)
    const other = await (await desk.as('L-05')).step(reference, 'leader-answer', {
      outcome: 'accept',
      conflict: 'none',
    })
    assert.equal(other.status, 404)
    const said = await leader.step(reference, 'leader-answer', { outcome: 'accept', conflict: 'none' })
    assert.equal(said.status, 200, said.message)
    assert.equal((await rdp.step(reference, 'suggest')).status, 200)
    const confirmed = await head.step(reference, 'agree', { outcome: 'confirm' })
    assert.equal(confirmed.stage, 'S06', confirmed.message)
    assert.equal((await rdp.step(reference, 'inform')).status, 200)
    const forced = await rdp.step(reference, 'issue-leader')
    assert.match(forced.message, /Regional Director approval missing/)
    const approved = await director.step(reference, 'approve', { outcome: 'approved' })
    assert.equal(approved.stage, 'S07', approved.message)
    assert.equal((await rg.read(reference)).leader?.reference, 'L-01')
    const blocked = await rdp.step(reference, 'issue-leader')
    assert.deepEqual(blocked.codes, ['step.blocked'])
    assert.equal((await rdp.step(reference, 'match-confirmed')).status, 200)
    assert.equal((await rdp.step(reference, 'issue-leader')).status, 200)
    const both = await rdp.step(reference, 'issue-school')
    assert.equal(both.stage, 'S08', both.message)
    assert.equal((await leader.step(reference, 'first-contact', { date: '2023-11-08', person: 'head' })).status, 200)
    const meeting = await leader.step(reference, 'arrange-meeting', { date: '2023-11-20' })
    assert.equal(meeting.stage, 'S09', meeting.message)
    const visit = (await leader.read(reference)).open.find(({ step }) => step === 'first-visit')
    assert.equal(visit?.dueOn, '2023-12-06')
  })
})
