import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { sql } from 'kysely'
import {
  ACTIVITIES,
  BANK,
  type CaseTeam,
  closureOf,
  completed,
  formOfCase,
  headOf,
  teamOf,
} from '../../world/deployment-form.ts'
import { tellLateSteps } from './late-steps.ts'
import { type CaseDesk, openCaseDesk } from './test-cases.ts'

let desk: CaseDesk
let team: CaseTeam
before(async () => {
  desk = await openCaseDesk('2023-11-20')
  team = await teamOf(desk)
})
after(() => desk.close())

const REF = 'C-0801'

async function auditOf(reference: string): Promise<{ action: string; name: string; said: string }[]> {
  const { rows } = await sql<{ action: string; name: string; said: string }>`
    select e.action, e.name, coalesce((select string_agg(v.value, ' ') from audit_value v where v.entry_id = e.id), '') as said
    from audit_entry e where record = 'case' and record_key = ${reference} order by id`.execute(
    desk.service.database.db,
  )
  return rows
}

const signatures = async () => {
  const { json } = await formOfCase(team.leader, REF).read()
  return Object.fromEntries(json.signatures.map((one: { id: string; state: string }) => [one.id, one.state]))
}

describe('Signing and handing in', () => {
  before(async () => {
    await completed(desk, REF, 900016, '2024-03-08')
    await sql`update role_grant set scope_kind = 'leader', scope_values = '{L-01}' where role = 'team-member'
      and person_id = (select id from person where 'P-1' = any (demonstration_ids))`.execute(desk.service.database.db)
  })

  it('TSI-139 bank details are three fields with their formats; a claim above nothing needs them', async () => {
    const form = formOfCase(team.leader, REF)
    const wrong = await form.save('bank', { fields: { ...BANK.fields, 'sort-code': '12-34-5' } })
    assert.equal(wrong.status, 422)
    assert.match(wrong.message, /Sort code must be 6 digits/)
    const short = await form.save('bank', { fields: { ...BANK.fields, 'account-number': '123' } })
    assert.match(short.message, /Account number must be 8 digits/)
    assert.equal((await form.section('bank')).json.held, false)
    assert.equal((await form.read()).json.claim.amountPounds, 6000)
    const unsigned = await form.sign('leader')
    assert.match(unsigned.message, /Bank details are missing/)
    assert.equal((await form.save('bank', BANK)).status, 200)
  })

  it('TSI-140 bank details are whole for payments only, masked for the leader, and nowhere else', async () => {
    const masked = await formOfCase(team.leader, REF).section('bank')
    assert.equal(masked.json.masked, '•••••567')
    assert.doesNotMatch(JSON.stringify(masked.json), /01234567|123456/)
    const page = await team.leader.get(`/cases/${REF}/form/sections/bank`)
    assert.match(page.text, /•••••567/)
    assert.doesNotMatch(page.body, /01234567|123456/)
    for (const other of [team.head, team.rdp, team.rg]) {
      const read = await formOfCase(other, REF).read()
      assert.ok(!read.json.sections.some(({ id }: { id: string }) => id === 'bank'))
      assert.equal((await formOfCase(other, REF).section('bank')).status, 404)
      assert.equal((await other.get(`/cases/${REF}/form/sections/bank`)).status, 404)
      const print = await other.get(`/cases/${REF}/form/print`)
      assert.doesNotMatch(print.text, /Bank details|01234567/)
    }
    const payments = await desk.as('rg-pay')
    const full = await formOfCase(payments, REF).section('bank')
    assert.equal(full.json.full['account-number'], '01234567')
    const seen = (await auditOf(REF)).filter(({ action }) => action === 'Section 5 seen in full')
    assert.equal(seen.length, 1)
    assert.ok((await auditOf(REF)).every(({ said }) => !/01234567|123456/.test(said)))
    const { rows } = await sql<{ kept: string }>`select row_to_json(s)::text as kept from case_form_section s
      where section = 'bank'`.execute(desk.service.database.db)
    assert.ok(rows.every(({ kept }) => !kept.includes('01234567') && !kept.includes('123456')))
  })

  it('TSI-062 only the matched leader signs sections 1 to 6; others are refused and kept in the audit', async () => {
    const member = await desk.as('P-1')
    assert.equal((await formOfCase(member, REF).read()).status, 200)
    const unsaved = await formOfCase(member, REF).save('claim', {})
    assert.equal(unsaved.status, 403)
    for (const other of [member, team.rdp, team.rg, team.head])
      assert.equal((await formOfCase(other, REF).sign('leader')).status, 403)
    assert.equal((await team.rdp.step(REF, 'leader-sign')).status, 403)
    assert.deepEqual(await signatures(), { leader: 'none', school: 'none' })
    const refused = (await auditOf(REF)).filter(({ action }) => action === 'Attempt refused')
    assert.equal(refused.length, 6)
    const early = await formOfCase(team.head, REF).sign('school', { outcome: 'confirm' })
    assert.equal(early.status, 422)
    const signed = await formOfCase(team.leader, REF).sign('leader')
    assert.equal(signed.status, 200, signed.message)
    const line = (await formOfCase(team.leader, REF).read()).json.signatures[0]
    assert.equal(line.signedBy, 'Maren Holloway')
    assert.ok(line.signedAt)
    const drafted = closureOf(ACTIVITIES, { 'further-note': '' })
    assert.equal((await formOfCase(member, REF).complete('closure', drafted)).status, 200)
  })

  it('TSI-104 ten working days from the completion, in order: leader, school, then handed in', async () => {
    const due = (await team.leader.read(REF)).open.find(({ step }) => step === 'send-to-school')?.dueOn
    assert.equal(due, '2024-03-22')
    const early = await formOfCase(team.leader, REF).submit()
    assert.equal(early.status, 422)
    assert.match(early.message, /Form to the school or trust for its signature missing/)
    desk.setToday('2024-03-11')
    assert.equal((await team.leader.step(REF, 'send-to-school')).status, 200)
    const unsigned = await formOfCase(team.leader, REF).submit()
    assert.match(unsigned.message, /Signature of the school or trust missing/)
    assert.match(unsigned.message, /Section 7 not signed/)
  })

  it('TSI-105 the school has three working days, and nobody signs in its place', async () => {
    const open = (await team.head.read(REF)).open.find(({ step }) => step === 'school-sign')
    assert.equal(open?.dueOn, '2024-03-14')
    assert.equal((await formOfCase(team.leader, REF).sign('school', { outcome: 'confirm' })).status, 403)
    assert.equal((await formOfCase(team.rdp, REF).sign('school', { outcome: 'confirm' })).status, 403)
    desk.setToday('2024-03-15')
    await tellLateSteps({ ...desk.service.cases, clock: { ...desk.service.cases.clock } })
    for (const one of [team.head, team.leader, team.rdp]) {
      const { notices } = (await one.get('/api/v1/work')).json<{ notices: { words: string }[] }>()
      assert.ok(notices.some(({ words }) => words.startsWith('Overdue: Signature of the school')))
    }
    desk.setToday('2024-03-13')
  })

  it('TSI-142 the school alone answers section 7; a no returns the form with its comment', async () => {
    const forbidden = await formOfCase(team.leader, REF).save('school', { outcome: 'confirm' })
    assert.equal(forbidden.status, 403)
    const silent = await formOfCase(team.head, REF).save('school', { outcome: 'not-confirm' })
    assert.match(silent.message, /Give a reason/)
    const no = await formOfCase(team.head, REF).save('school', {
      outcome: 'not-confirm',
      reason: '2 days not delivered',
    })
    assert.equal(no.status, 200, no.message)
    const read = await formOfCase(team.leader, REF).read()
    assert.equal(read.json.status, 'returned')
    assert.equal(read.json.returnedWords, '2 days not delivered')
    const { notices } = (await team.rdp.get('/api/v1/work')).json<{ notices: { words: string }[] }>()
    assert.ok(notices.some(({ words }) => words.includes('No, it was not')))
    const seven = (await formOfCase(team.leader, REF).section('school')).json.answer
    assert.deepEqual([seven.outcome, seven.name, seven.date], ['not-confirm', 'Keziah Valebrook', '2024-03-13'])
    assert.match(seven.comment, /2 days not delivered/)
  })

  it('TSI-143 a change after signing voids both signatures, is logged, and must be signed again', async () => {
    const leader = formOfCase(team.leader, REF)
    assert.equal((await leader.sign('leader')).status, 200)
    await team.leader.step(REF, 'send-to-school')
    const school = formOfCase(team.head, REF)
    assert.equal((await school.save('school', { outcome: 'confirm', comment: 'Thank you' })).status, 200)
    assert.deepEqual(await signatures(), { leader: 'valid', school: 'valid' })
    const fewer = await leader.complete('claim', { fields: { days: '9', fewer: 'One was short' } })
    assert.equal(fewer.status, 200, fewer.message)
    assert.equal(fewer.json.voided.length, 2)
    assert.deepEqual(await signatures(), { leader: 'void', school: 'void' })
    const refused = await leader.submit()
    assert.equal(refused.status, 422)
    const voided = (await auditOf(REF)).find(({ action }) => action === 'Signatures void')
    assert.equal(voided?.name, 'Maren Holloway')
    assert.match(voided?.said ?? '', /changed section 6: days/)
    const early = await school.sign('school', { outcome: 'confirm' })
    assert.equal(early.status, 422)
    assert.equal((await leader.sign('leader')).status, 200)
    await team.leader.step(REF, 'send-to-school')
    assert.equal((await school.sign('school', { outcome: 'confirm' })).status, 200)
    assert.deepEqual(await signatures(), { leader: 'valid', school: 'valid' })
  })

  it('a change of section 5 alone asks only the leader to sign again', async () => {
    const leader = formOfCase(team.leader, REF)
    await leader.save('bank', { fields: { ...BANK.fields, 'account-number': '76543210' } })
    assert.deepEqual(await signatures(), { leader: 'void', school: 'valid' })
    const refused = await leader.submit()
    assert.match(refused.message, /Signature of the leader not signed|not signed/)
    const again = await leader.sign('leader')
    assert.equal(again.status, 200, again.message)
    assert.deepEqual(await signatures(), { leader: 'valid', school: 'valid' })
  })

  it('TSI-144 the form goes to the delivery partner of the region, with a receipt and its time', async () => {
    desk.setToday('2024-03-18')
    const leader = formOfCase(team.leader, REF)
    const page = await team.leader.get(`/cases/${REF}/form`)
    const whom = /It goes to:? .*Phoebe Starling-Ware, \S+@\S+/
    assert.match(page.text, whom)
    for (const path of ['sections/send', 'print'])
      assert.match((await team.leader.get(`/cases/${REF}/form/${path}`)).text, whom, path)
    const before = (await leader.section('send')).json
    assert.deepEqual(before.submissions, [])
    const phoebe = before.receivers.find(({ name }: { name: string }) => name === 'Phoebe Starling-Ware')
    assert.match(phoebe?.email ?? '', /@/)
    assert.match(page.text, /Hand the form in/)
    assert.equal((await leader.save('send', { fields: { to: 'x' } })).status, 403)
    const { db } = desk.service.database
    const away = (from: string) =>
      sql`update role_grant set programme = ${from === 'tsi' ? 'away' : 'tsi'}
      where programme = ${from} and role in ('delivery-partner', 'delivery-partner-lead')`.execute(db)
    await away('tsi')
    const missing = await leader.submit()
    assert.deepEqual([missing.status, missing.codes[0]], [422, 'form.no-receiver'])
    assert.match((await team.leader.get(`/cases/${REF}/form/sections/send`)).text, /It goes to nobody is named for/)
    await away('away')
    const direct = await leader.submit({ to: 'rg' })
    assert.match(direct.message, /Submit via the delivery partner/)
    const submitted = await leader.submit()
    assert.equal(submitted.status, 200, submitted.message)
    assert.match(submitted.json.receipt, /^C-0801-/)
    assert.ok(submitted.json.submittedAt)
    assert.equal(submitted.json.late, false)
    const kept = (await leader.section('send')).json.submissions[0].destination
    assert.match(kept, new RegExp(`Phoebe Starling-Ware, ${phoebe.email}`))
    const after = await team.leader.get(`/cases/${REF}/form/sections/send`)
    assert.match(after.text, new RegExp(`Receipt C-0801-.* To .*Phoebe Starling-Ware, ${phoebe.email}`))
    assert.equal((await leader.save('mid', {})).status, 409)
  })

  it('TSI-106 the delivery partner reviews in three working days; a return with comments is corrected and comes again', async () => {
    const review = (await team.rdp.read(REF)).open.find(({ step }) => step === 'review-form')
    assert.equal(review?.dueOn, '2024-03-21')
    const early = await team.rg.step(REF, 'process-claim', { outcome: 'approved' })
    assert.equal(early.status, 422)
    assert.match(early.message, /Review of the form missing/)
    const silent = await team.rdp.step(REF, 'review-form', { outcome: 'return' })
    assert.deepEqual(silent.codes, ['reason.missing'])
    const back = { outcome: 'return', reason: 'Say more in section 4' }
    assert.equal((await team.rdp.step(REF, 'review-form', back)).status, 200)
    const leader = formOfCase(team.leader, REF)
    assert.equal((await leader.read()).json.status, 'returned')
    await leader.save('bank', BANK)
    assert.deepEqual(await signatures(), { leader: 'void', school: 'valid' })
    assert.equal((await leader.sign('leader')).status, 200)
    const more = closureOf(ACTIVITIES, { 'further-note': '', links: 'T-09' })
    assert.equal((await leader.complete('closure', more)).status, 200)
    assert.deepEqual(await signatures(), { leader: 'void', school: 'void' })
    assert.equal((await leader.submit()).status, 422)
    await leader.sign('leader')
    await team.leader.step(REF, 'send-to-school')
    await formOfCase(team.head, REF).sign('school', { outcome: 'confirm' })
    assert.equal((await leader.submit()).status, 200)
    desk.setToday('2024-03-20')
    const forwarded = await team.rdp.step(REF, 'review-form', { outcome: 'forward' })
    assert.equal(forwarded.status, 200, forwarded.message)
    const claim = (await team.rg.read(REF)).open.find(({ step }) => step === 'process-claim')
    assert.equal(claim?.dueOn, '2024-04-05')
  })

  it('TSI-108 the call is due ten working days from the handing in, and the case waits for its record', async () => {
    const call = (await team.rdp.read(REF)).open.find(({ step }) => step === 'follow-up-call')
    assert.equal(call?.dueOn, '2024-04-03')
    assert.equal((await team.rg.step(REF, 'process-claim', { outcome: 'approved' })).status, 200)
    const closing = await team.rg.step(REF, 'close-case')
    assert.match(closing.message, /record of the call at the end is missing/)
    desk.setToday('2024-04-04')
    await tellLateSteps(desk.service.cases)
    for (const one of [team.rdp, team.rg]) {
      const { notices } = (await one.get('/api/v1/work')).json<{ notices: { words: string }[] }>()
      assert.ok(notices.some(({ words }) => words.startsWith('Overdue: Call at the end')))
    }
    desk.setToday('2024-03-26')
    const missing = await team.rdp.step(REF, 'follow-up-call', { outcome: 'no-issues', date: '2024-03-26' })
    for (const part of [/took part/, /leader there/, /how the support was found/, /plans for the future/])
      assert.match(missing.message, part)
  })

  it('TSI-109 issues from the call stay with the Regions Group until they are handled', async () => {
    const record = {
      date: '2024-03-26',
      participants: 'Head',
      'leader-present': 'no',
      experience: 'Helpful',
      plans: 'Next plan',
    }
    assert.deepEqual((await team.rdp.step(REF, 'follow-up-call', record)).codes, ['outcome.missing'])
    const told = await team.rdp.step(REF, 'follow-up-call', {
      ...record,
      outcome: 'issues',
      severity: 'low',
      issues: 'late visits',
    })
    assert.equal(told.status, 200, told.message)
    const openIssues = async () => {
      const { open } = (await team.rg.get('/api/v1/work')).json<{ open: { step: string }[] }>()
      return open.filter(({ step }) => step === 'handle-issue').length
    }
    assert.equal(await openIssues(), 1)
    assert.equal((await team.rg.step(REF, 'handle-issue')).status, 422)
    assert.equal((await team.rg.step(REF, 'handle-issue', { note: 'Talked over with the leader' })).status, 200)
    assert.equal(await openIssues(), 0)
  })

  it('TSI-110 what follows is decided: chosen, all four partners have a task; the case then closes', async () => {
    const undecided = await team.rg.step(REF, 'close-case')
    assert.match(undecided.message, /case study/)
    assert.equal((await team.rdp.step(REF, 'follow-on', { outcome: 'study' })).status, 200)
    const parties = (await team.rg.read(REF)).open.filter(({ step }) => step.startsWith('add-')).map((one) => one.party)
    assert.deepEqual(parties, ['rg', 'rdp', 'sl', 'supported'])
    const closed = await team.rg.step(REF, 'close-case')
    assert.equal(closed.status, 200, closed.message)
    assert.equal((await team.rg.read(REF)).caseStatus, 'closed')
  })

  it('late is accepted and marked; a funded partnership needs its application; without days nothing is claimed', async () => {
    await headOf(desk, 900011)
    const reference = await completed(desk, 'C-0802', 900011, '2024-03-08')
    desk.setToday('2024-03-26')
    const leader = formOfCase(team.leader, reference)
    const nothing = { fields: { days: '0', fewer: 'Nothing is claimed' } }
    assert.equal((await leader.complete('claim', nothing)).status, 200)
    const funded = closureOf(ACTIVITIES, { further: 'funded-partnership' })
    assert.equal((await leader.complete('closure', funded)).status, 200)
    assert.equal((await leader.sign('leader')).status, 200)
    await team.leader.step(reference, 'send-to-school')
    await headOf(desk, 900016)
    const head = await desk.as('head-900016')
    assert.equal((await formOfCase(head, reference).sign('school', { outcome: 'confirm' })).status, 404)
    await headOf(desk, 900011)
    assert.equal((await formOfCase(head, reference).sign('school', { outcome: 'confirm' })).status, 200)
    const refused = await leader.submit()
    assert.match(refused.message, /application for the funded partnership is missing/)
    assert.equal((await leader.complete('closure', closureOf(ACTIVITIES))).status, 200)
    await leader.sign('leader')
    await team.leader.step(reference, 'send-to-school')
    await formOfCase(head, reference).sign('school', { outcome: 'confirm' })
    const late = await leader.submit()
    assert.equal(late.status, 200, late.message)
    assert.equal(late.json.late, true)
  })
})
