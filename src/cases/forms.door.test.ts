import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { type CaseDesk, openCaseDesk } from './test-cases.ts'
import { BANK, type CaseTeam, closureOf, deploy, formOfCase, MID, scopeOf, teamOf, visit } from './test-forms.ts'

let desk: CaseDesk
let team: CaseTeam
let reference: string
before(async () => {
  desk = await openCaseDesk('2023-11-06')
  team = await teamOf(desk)
  reference = await deploy(desk, team, { urn: 900016 })
})
after(() => desk.close())

const CHOSEN = { behaviour: ['shadowing', 'programme'], attendance: ['training'], leadership: ['coaching'] }
const ACTIVITIES = ['behaviour-shadowing', 'behaviour-programme', 'attendance-training', 'leadership-coaching']

describe('The form of a deployment', () => {
  it('goes through its sections, both signatures and the delivery partner', async () => {
    const leader = formOfCase(team.leader, reference)
    const read = await leader.read()
    assert.equal(read.json.sections.length, 8)
    desk.setToday('2023-11-20')
    await visit(team, reference, '2023-11-20')
    const scoped = await leader.complete('scope', scopeOf(CHOSEN))
    assert.equal(scoped.status, 200, scoped.message)
    const open = (await team.leader.read(reference)).open.map(({ step }) => step)
    assert.ok(open.includes('work') && !open.includes('scoping'), open.join())
    assert.equal((await leader.complete('mid', MID)).status, 200)
    desk.setToday('2024-03-08')
    const closed = await leader.complete('closure', closureOf(ACTIVITIES))
    assert.equal(closed.status, 200, closed.message)
    assert.equal((await team.leader.step(reference, 'work')).status, 200)
    const completed = await team.leader.step(reference, 'completion')
    assert.equal(completed.stage, 'S13', completed.message)
    const due = (await team.leader.read(reference)).open.find(({ step }) => step === 'leader-sign')?.dueOn
    assert.equal(due, '2024-03-22')
    const claim = await leader.complete('claim', {})
    assert.equal(claim.status, 200, claim.message)
    assert.equal((await leader.save('bank', BANK)).status, 200)
    const signed = await leader.sign('leader')
    assert.equal(signed.status, 200, signed.message)
    desk.setToday('2024-03-11')
    assert.equal((await team.leader.step(reference, 'send-to-school')).status, 200)
    const early = await leader.submit()
    assert.match(early.message, /Signature of the school or trust missing/)
    desk.setToday('2024-03-13')
    const confirmed = await formOfCase(team.head, reference).sign('school', { outcome: 'confirm' })
    assert.equal(confirmed.status, 200, confirmed.message)
    const submitted = await leader.submit()
    assert.equal(submitted.status, 200, submitted.message)
    assert.match(submitted.json.receipt, new RegExp(reference))
    assert.equal(submitted.json.late, false)
    const forwarded = await team.rdp.step(reference, 'review-form', { outcome: 'forward' })
    assert.equal(forwarded.status, 200, forwarded.message)
    assert.equal((await leader.read()).json.status, 'forwarded')
  })
})
