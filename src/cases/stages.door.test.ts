import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { sql } from 'kysely'
import { tellLateSteps } from './index.ts'
import { type CaseDesk, openCaseDesk, type Person } from './test-cases.ts'

let desk: CaseDesk
let rg: Person
let rdp: Person
let director: Person
before(async () => {
  desk = await openCaseDesk('2023-11-22')
  rg = await desk.as('rg-ne')
  rdp = await desk.as('dp-ne')
  director = await desk.as('rd-ne')
})
after(() => desk.close())

const PACKAGE = { details: 'As held', context: 'New head', strategic: 'Priority' }
const CONTACT = { person: 'Head of standards', outcome: 'confirmed' }

describe('Beginning a case', () => {
  it('TSI-010 the kind comes from the register: a conflicting one is refused, without one a trust school is told with its trust', async () => {
    desk.setToday('2023-11-22')
    const refused = await rg.tryStart({ urn: 900002, kind: 'single school' })
    assert.equal(refused.status, 422)
    assert.deepEqual(
      refused.refusals?.map(({ code }) => code),
      ['subject.kind'],
    )
    const reference = await rg.start({ urn: 900002 })
    const answer = (await rg.get(`/api/v1/cases/${reference}`)).json<{ subject: { kind: string; trust: string } }>()
    assert.deepEqual([answer.subject.kind, answer.subject.trust], ['school in MAT', 'T-01'])
    assert.match((await rg.get(`/cases/${reference}`)).text, /Kind School in MAT/)
    const told = await rg.get('/api/v1/eligibility/tsi@2023-24/schools/900002')
    const again = await rg.tryStart({ urn: 900002, kind: told.json<{ kind: string }>().kind })
    assert.deepEqual(
      again.refusals?.map(({ code }) => code),
      ['case.open-already'],
      'the word of one door is good at the other',
    )
    const single = await rg.start({ urn: 900001, kind: 'single school' })
    assert.equal((await rg.read(single)).subject.kind, 'single school')
  })

  it('the list finds the cases of a trust by its number and by its name, those of its schools too', async () => {
    for (const asked of ['T-01', 't-01', 'bridge learning trust']) {
      const found = await rg.get(`/api/v1/cases?q=${encodeURIComponent(asked)}`)
      const { cases } = found.json<{ cases: { urn: number; trustUid: string }[] }>()
      assert.deepEqual(
        cases.map(({ urn, trustUid }) => [urn, trustUid]),
        [[900002, 'T-01']],
        asked,
      )
    }
    assert.match((await rg.get('/cases?q=T-01')).text, /1 case .*Kestrel Bridge Primary Academy/)
  })

  it('TSI-015 a case begins only with an outcome that is kept: later changes of the register leave it as it was', async () => {
    const notEntitled = await rg.tryStart({ urn: 900013 })
    assert.equal(notEntitled.status, 422)
    assert.equal(notEntitled.refusals?.[0]?.code, 'eligibility.none')
    const [line] = (await rg.get('/api/v1/cases?q=900001')).json<{ cases: { reference: string; stage: string }[] }>()
      .cases
    assert.equal(line?.stage, 'S01')
    const basis = (await rg.read(line?.reference ?? '')).basis
    assert.deepEqual(
      basis.judgements.map(({ date, grade }) => [date, grade]),
      [
        ['2023-11-20', 3],
        ['2021-05-12', 3],
      ],
    )
    await sql`update inspection set overall = 2 where inspected_on = '2021-05-12'
      and establishment_id = (select id from establishment where urn = 900001)`.execute(desk.service.database.db)
    const later = await rg.read(line?.reference ?? '')
    assert.deepEqual(later.basis, basis)
    assert.match((await rg.get(`/cases/${line?.reference}`)).text, /As held on 22 November 2023/)
    await sql`update inspection set overall = 3 where inspected_on = '2021-05-12'
      and establishment_id = (select id from establishment where urn = 900001)`.execute(desk.service.database.db)
  })

  it('a second open case of the same school is a conflict that names the first', async () => {
    const again = await rg.tryStart({ urn: 900001 })
    assert.equal(again.status, 409)
    assert.match(again.refusals?.[0]?.message ?? '', /open case already: C-\d+/)
    const both = await Promise.all([rg.tryStart({ urn: 900011 }), rg.tryStart({ urn: 900011 })])
    assert.deepEqual(both.map(({ status }) => status).sort(), [201, 409])
  })

  it('TSI-018 a case about a trust school cannot be handed over while the contact of the trust is missing', async () => {
    await desk.drive('C-T3', 'T-03', { to: 'S01', days: { begun: '2023-11-13' } })
    const yh = await desk.as('rg-all')
    desk.setToday('2023-11-22')
    assert.equal(
      (await yh.step('C-T3', 'contact-body', { ...CONTACT, key: 'authority', date: '2023-11-15' })).status,
      200,
    )
    const refused = await yh.step('C-T3', 'hand-over', PACKAGE)
    assert.match(
      refused.message,
      /CEO contact missing for trust Oxbow Meadow Trust. An administrator keeps the contacts, under People/,
    )
    assert.equal((await yh.read('C-T3')).stage, 'S01')
    await sql`insert into role_grant (person_id, programme, role, scope_kind, scope_values, from_date, granted_by)
      select id, 'tsi', 'trust-ceo', 'organisation', '{T-03}', '2023-11-01', 'Test' from person where email like 'percival%'`.execute(
      desk.service.database.db,
    )
    assert.equal((await yh.step('C-T3', 'hand-over', PACKAGE)).stage, 'S02')
  })

  it('TSI-086 a maintained school is handed over only after its authority was asked; an objection needs a decision with reason', async () => {
    desk.setToday('2023-11-01')
    await desk.drive('C-09', 900009, { to: 'S01', days: { begun: '2023-10-30' } })
    const early = await rg.step('C-09', 'hand-over', PACKAGE)
    assert.deepEqual(early.codes, ['check.authority'])
    const objection = { ...CONTACT, outcome: 'objection', key: 'authority', date: '2023-11-01' }
    assert.equal((await rg.step('C-09', 'contact-body', objection)).status, 200)
    const blocked = await rg.step('C-09', 'hand-over', PACKAGE)
    assert.deepEqual(blocked.codes, ['step.blocked'])
    const silent = await rg.step('C-09', 'decide-objection', { outcome: 'go-on' })
    assert.deepEqual(silent.codes, ['reason.missing'])
    assert.equal(
      (await rg.step('C-09', 'decide-objection', { outcome: 'go-on', reason: 'The governors asked for it' })).status,
      200,
    )
    const view = await rg.read('C-09')
    assert.ok(
      view.open.some(({ step, key }) => step === 'contact-body' && key === 'diocese'),
      'the diocese is asked too',
    )
    assert.equal(
      (await rg.step('C-09', 'contact-body', { ...CONTACT, key: 'diocese', date: '2023-11-01' })).status,
      200,
    )
    assert.equal((await rg.step('C-09', 'hand-over', PACKAGE)).stage, 'S02')
  })

  it('TSI-087 the package has four parts: missing ones are listed and the case stays; the delivery partner sees all four', async () => {
    desk.setToday('2023-11-03')
    await desk.drive('C-16', 900016, { to: 'S01', days: { begun: '2023-10-30' } })
    await desk.doStep('C-16', 'contact-body', '2023-11-01', { ...CONTACT, key: 'authority', date: '2023-11-01' })
    const missing = await rg.step('C-16', 'hand-over', { details: 'As held', context: 'New head' })
    assert.match(missing.message, /strategic information/)
    assert.equal((await rg.read('C-16')).stage, 'S01')
    assert.equal((await rg.step('C-16', 'hand-over', { ...PACKAGE, proposal: 'L-01' })).stage, 'S02')
    const page = (await rdp.get('/cases/C-16')).text
    for (const part of [/As held/, /New head/, /Priority/, /Proposed leader L-01/]) assert.match(page, part)
  })
})

describe('Stages, turns and clocks', () => {
  it('TSI-083 fifteen stages in order; a step that is not next is refused with the stages that are', async () => {
    desk.setToday('2023-11-13')
    await desk.drive('C-05', 900005, { to: 'S03', days: { begun: '2023-11-06', S02: '2023-11-13' } })
    const jump = await rdp.step('C-05', 'issue-leader')
    assert.equal(jump.status, 422)
    assert.match(jump.message, /in S03; allowed: S04/)
    assert.equal((await rdp.read('C-05')).stage, 'S03')
    const flows = desk.service.packs[0]?.process?.flows ?? {}
    const stages = Object.values(flows)[0]?.stages.map(({ id }) => id)
    assert.deepEqual(
      stages,
      Array.from({ length: 15 }, (_, at) => `S${String(at + 1).padStart(2, '0')}`),
    )
  })

  it('TSI-088 the delivery partner has five working days from the package; the recorded contact ends the clock', async () => {
    await desk.drive('C-10', 900010, { to: 'S02', days: { begun: '2023-10-30', S01: '2023-11-06' } })
    desk.setToday('2023-11-08')
    const open = (await rdp.read('C-10')).open.find(({ step }) => step === 'contact-school')
    assert.deepEqual([open?.openedOn, open?.dueOn], ['2023-11-06', '2023-11-13'])
    desk.setToday('2023-11-14')
    await tellLateSteps(desk.service.cases)
    const told = (await rdp.get('/api/v1/work')).json<{ notices: { reference: string; words: string }[] }>().notices
    assert.ok(
      told.some(({ reference, words }) => reference === 'C-10' && /^Overdue: Contact with the school/.test(words)),
    )
    const alsoRg = (await rg.get('/api/v1/work')).json<{ notices: { reference: string; words: string }[] }>().notices
    assert.ok(alsoRg.some(({ reference, words }) => reference === 'C-10' && /^Overdue/.test(words)))
    assert.equal((await rdp.step('C-10', 'contact-school', { date: '2023-11-08' })).stage, 'S03')
  })

  it('TSI-089 the school answers within five working days, with context for those who help; not engaging holds the case', async () => {
    desk.setToday('2023-11-15')
    const head = await desk.as('head-900016')
    await desk.doStep('C-16', 'contact-school', '2023-11-13', { date: '2023-11-13' })
    assert.equal((await head.read('C-16')).open.find(({ step }) => step === 'engage')?.dueOn, '2023-11-20')
    const leader = await (await desk.as('L-01')).step('C-16', 'engage', { outcome: 'engage' })
    assert.equal(leader.status, 404)
    const onBehalf = await rdp.step('C-16', 'engage', { outcome: 'engage' })
    assert.deepEqual(onBehalf.codes, ['note.missing'])
    assert.equal((await head.step('C-16', 'engage', { outcome: 'engage', context: 'A new maths lead' })).stage, 'S04')
    for (const person of [rdp, rg])
      assert.match((await person.get('/cases/C-16/steps/propose')).text, /A new maths lead/)

    desk.setToday('2023-11-16')
    const other = await desk.as('head-900010')
    assert.equal((await other.step('C-10', 'engage', { outcome: 'not-engage' })).status, 200)
    assert.equal((await rg.read('C-10')).caseStatus, 'held')
    const told = (await rg.get('/api/v1/work')).json<{ notices: { reference: string; words: string }[] }>().notices
    assert.ok(told.some(({ reference, words }) => reference === 'C-10' && /do not take it up/.test(words)))
    assert.notEqual((await rdp.step('C-10', 'propose', { leader: 'L-01' })).status, 200)
    const offered = async () => (await rg.get('/api/v1/cases/C-10')).json<{ actions: { id: string }[] }>().actions
    assert.ok((await offered()).some(({ id }) => id === 'take-up'))
    assert.equal((await rg.act('C-10', 'take-up', { why: 'The governors changed their mind' })).status, 200)
    assert.deepEqual((await rg.act('C-10', 'take-up', { why: 'Once more' })).codes, ['case.not-held'])
    assert.ok((await offered()).every(({ id }) => id !== 'take-up'))
    assert.equal((await other.step('C-10', 'engage', { outcome: 'engage' })).stage, 'S04')
  })

  it('TSI-085 late is told, never decided: it goes on, and the days late stay on record', async () => {
    await desk.drive('C-12', 900012, { to: 'S03', days: { begun: '2023-10-30', S02: '2023-11-06' } })
    desk.setToday('2023-11-14')
    assert.equal((await tellLateSteps(desk.service.cases)) > 0, true)
    assert.equal(await tellLateSteps(desk.service.cases), 0, 'told once')
    assert.equal((await rdp.read('C-12')).open.find(({ step }) => step === 'engage')?.overdue, true)
    desk.setToday('2023-11-15')
    const head = await desk.as('head-900012')
    assert.equal((await head.step('C-12', 'engage', { outcome: 'engage' })).stage, 'S04')
    const done = (await rdp.read('C-12')).done.find(({ step }) => step === 'engage')
    assert.equal(done?.workingDaysLate, 2)
    assert.match((await rdp.get('/cases/C-12')).text, /2 working days late/)
  })

  it('TSI-082 each step has one responsible party, whose people see it in their work; others are refused and told who', async () => {
    await desk.drive('C-02', 900014, {
      to: 'S08',
      leader: 'L-03',
      days: { begun: '2023-10-30', S06: '2023-11-24', S07: '2023-11-29' },
    })
    desk.setToday('2023-11-29')
    const leader = await desk.as('L-03')
    const work = (await leader.get('/api/v1/work')).json<{ open: { reference: string; step: string }[] }>().open
    assert.ok(work.some(({ reference, step }) => reference === 'C-02' && step === 'arrange-meeting'))
    assert.match((await leader.get('/my-work')).text, /Date of the initial meeting/)
    const wrong = await rdp.step('C-02', 'arrange-meeting', { date: '2023-12-11' })
    assert.equal(wrong.status, 403)
    assert.match(wrong.message, /Responsible: system leader/)
  })
})

describe('Matching a leader', () => {
  it('TSI-068 only the Regions Group and the delivery partner propose; each action keeps who and when', async () => {
    desk.setToday('2023-11-29')
    await desk.drive('C-01', 900041, { to: 'S04', days: { begun: '2023-11-22', S03: '2023-11-29' } })
    const head = await desk.as('head-900001')
    assert.equal((await head.step('C-01', 'propose', { leader: 'L-01' })).status, 404)
    const own = await desk.as('head-900016')
    assert.equal((await own.step('C-16', 'propose', { leader: 'L-01' })).status, 403)
    const leader = await desk.as('L-01')
    assert.equal((await leader.step('C-16', 'propose', { leader: 'L-01' })).status, 404)
    assert.equal((await rdp.step('C-01', 'propose', { leader: 'L-03' })).status, 200)
    const done = (await rg.read('C-01')).done.find(({ step }) => step === 'propose')
    assert.match(done?.doneBy ?? '', /Phoebe Starling-Ware/)
    assert.equal(done?.doneOn, '2023-11-29')
  })

  it('TSI-090 a declared interest refuses a leader until the Regions Group clears it with a reason; the enquiry has three days', async () => {
    desk.setToday('2023-11-29')
    const conflicted = desk.service.database.db
    await sql`insert into leader_interest (leader_id, year, kind, establishment_id, declared_by)
      select l.id, 2023, 'school', e.id, 'Test' from leader l, establishment e where l.reference = 'L-22' and e.urn = 900016`.execute(
      conflicted,
    )
    const refused = await rdp.step('C-16', 'propose', { leader: 'L-22' })
    assert.deepEqual(refused.codes, ['check.conflict'])
    assert.match(refused.message, /Conflict declared/)
    const clear = { step: 'propose', check: 'conflict', leader: 'L-22' }
    const byPartner = await rdp.post('/cases/C-16/clear', { ...clear, reason: 'no' })
    assert.equal(byPartner.status, 422)
    assert.equal((await rg.post('/cases/C-16/clear', { ...clear, reason: '' })).status, 422)
    assert.equal((await rg.post('/cases/C-16/clear', { ...clear, reason: 'The interest ended in 2019' })).status, 303)
    assert.equal((await rdp.step('C-16', 'propose', { leader: 'L-22' })).status, 200)
    assert.match((await rg.get('/cases/C-16/history')).text, /Cleared.*The interest ended in 2019/)
    const enquiry = (await rdp.read('C-16')).open.find(({ step }) => step === 'enquire')
    assert.deepEqual([enquiry?.openedOn, enquiry?.dueOn], ['2023-11-29', '2023-12-04'])
  })

  it('TSI-091 the leader answers once within three working days; a no with reason leaves the case for the next leader', async () => {
    desk.setToday('2023-11-30')
    assert.equal((await rdp.step('C-16', 'enquire')).status, 200)
    const leader = await desk.as('L-22')
    assert.equal((await leader.read('C-16')).status, 200)
    const open = (await rdp.read('C-16')).open.find(({ step }) => step === 'leader-answer')
    assert.equal(open?.dueOn, '2023-12-05')
    assert.equal((await rdp.step('C-16', 'leader-answer', { outcome: 'accept', conflict: 'none' })).status, 403)
    assert.deepEqual((await leader.step('C-16', 'leader-answer', { outcome: 'decline' })).codes, ['reason.missing'])
    assert.deepEqual((await leader.step('C-16', 'leader-answer', { outcome: 'accept' })).codes, ['check.declare'])
    const no = await leader.step('C-16', 'leader-answer', { outcome: 'decline', reason: 'no days before Easter' })
    assert.equal(no.stage, 'S04', no.message)
    const view = await rdp.read('C-16')
    assert.ok(
      view.open.some(({ step }) => step === 'propose'),
      'the delivery partner proposes the next',
    )
    assert.ok(view.done.some(({ step, outcome }) => step === 'leader-answer' && outcome === 'decline'))
    const { rows } = await sql<{ held: number }>`select coalesce(sum(held_half_days), 0)::int as held from leader_term
      where leader_id = (select id from leader where reference = 'L-22')`.execute(desk.service.database.db)
    assert.equal(rows[0]?.held, 0, 'the days are free again')
    assert.equal((await leader.step('C-16', 'leader-answer', { outcome: 'accept', conflict: 'none' })).status, 404)
  })

  it('TSI-021 a leader of the second type needs the reason why none of the first is available', async () => {
    desk.setToday('2023-11-30')
    const refused = await rdp.step('C-16', 'propose', { leader: 'L-02' })
    assert.deepEqual(refused.codes, ['reason.nle'])
    assert.match(refused.message, /no suitable MAT CEO/i)
    assert.equal((await rdp.read('C-16')).stage, 'S04')
    const reason = 'no CEO with capacity in region until March'
    assert.equal((await rdp.step('C-16', 'propose', { leader: 'L-02', 'reason-nle': reason })).status, 200)
    assert.match((await rg.get('/cases/C-16')).text, new RegExp(reason))
  })

  it('TSI-072 the match is confirmed to the leader only after the yes, and nothing is issued before', async () => {
    const pending = await rdp.step('C-16', 'match-confirmed')
    assert.equal(pending.status, 422)
    await desk.doStep('C-16', 'enquire', '2023-11-30')
    await desk.doStep('C-16', 'leader-answer', '2023-12-01', { outcome: 'accept', conflict: 'none' })
    desk.setToday('2023-12-01')
    assert.equal((await rdp.step('C-16', 'match-confirmed')).status, 200)
    const done = (await rdp.read('C-16')).done.find(({ step }) => step === 'match-confirmed')
    assert.equal(done?.doneOn, '2023-12-01')
  })

  it('TSI-092 the school confirms within three working days of the suggestion, or says what worries it', async () => {
    desk.setToday('2023-12-01')
    assert.equal((await rdp.read('C-16')).open.find(({ step }) => step === 'suggest')?.dueOn, '2023-12-06')
    assert.equal((await rdp.step('C-16', 'suggest')).status, 200)
    assert.equal((await rdp.read('C-16')).open.find(({ step }) => step === 'agree')?.dueOn, '2023-12-06')
    const forced = await rdp.step('C-16', 'inform')
    assert.match(forced.message, /School confirmation missing/)
    assert.equal((await (await desk.as('head-900016')).step('C-16', 'agree', { outcome: 'confirm' })).stage, 'S06')
  })

  it('TSI-093 the delivery partner tells the Regions Group within three working days that both agree', async () => {
    desk.setToday('2023-12-01')
    assert.equal((await rdp.read('C-16')).open.find(({ step }) => step === 'inform')?.dueOn, '2023-12-06')
    assert.equal((await rdp.step('C-16', 'inform')).stage, 'S06')
  })

  it('TSI-094 only the Regional Director of the region decides; a rejection needs a reason and goes back to the match', async () => {
    desk.setToday('2023-12-04')
    const forced = await rdp.step('C-16', 'issue-leader')
    assert.match(forced.message, /Regional Director approval missing/)
    assert.equal((await (await desk.as('rd-nw')).step('C-16', 'approve', { outcome: 'approved' })).status, 404)
    assert.equal((await rg.step('C-16', 'approve', { outcome: 'approved' })).status, 403)
    assert.deepEqual((await director.step('C-16', 'approve', { outcome: 'rejected' })).codes, ['reason.missing'])
    assert.equal((await director.step('C-16', 'approve', { outcome: 'approved', date: '2023-12-04' })).stage, 'S07')
    const told = (await rdp.get('/api/v1/work')).json<{ notices: { reference: string; words: string }[] }>().notices
    assert.ok(
      told.some(({ reference, words }) => reference === 'C-16' && /Regional Director approval: Approved/.test(words)),
    )
    assert.equal((await rdp.step('C-16', 'issue-leader')).status, 200)
  })

  it('TSI-073 a concern stops the match until it is answered with a rationale that the school sees', async () => {
    desk.setToday('2023-12-05')
    await desk.drive('C-73', 900027, {
      to: 'S05',
      leader: 'L-05',
      days: { begun: '2023-11-06', S04: '2023-12-01' },
    })
    const se = await desk.as('dp-lnse')
    await desk.doStep('C-73', 'suggest', '2023-12-04')
    await desk.doStep('C-73', 'agree', '2023-12-05', { outcome: 'concern', reason: 'Our phase is not hers' })
    assert.equal((await se.step('C-73', 'inform')).status, 422)
    const silent = await se.step('C-73', 'settle-concern', { outcome: 'keep', date: '2023-12-05' })
    assert.match(silent.message, /rationale/)
    const kept = await se.step('C-73', 'settle-concern', {
      outcome: 'keep',
      date: '2023-12-05',
      rationale: 'She led a primary for ten years',
    })
    assert.equal(kept.status, 200, kept.message)
    const view = await se.read('C-73')
    assert.equal(view.open.find(({ step }) => step === 'agree')?.dueOn, '2023-12-08')
    assert.match((await se.get('/cases/C-73/steps/agree')).text, /She led a primary for ten years/)
    const wrong = await se.act('C-73', 'proceed', { why: 'x' })
    assert.equal(wrong.status, 403)
    const officer = await desk.as('rg-ln')
    assert.equal((await officer.act('C-73', 'proceed', {})).status, 422)
    assert.equal((await officer.act('C-73', 'proceed', { why: 'No answer after two calls' })).stage, 'S06')
  })
})

describe('Changes on the way', () => {
  it('TSI-080 a delay is reported with a new date and a reason; the first due day stays, and the delivery partner answers', async () => {
    desk.setToday('2023-12-01')
    const leader = await desk.as('L-03')
    const empty = await leader.act('C-02', 'report-delay', { until: '2024-01-12' })
    assert.match(empty.message, /reason/)
    assert.equal(
      (await leader.act('C-02', 'report-delay', { until: '2024-01-12', why: 'The head is ill' })).status,
      200,
    )
    const open = (await rdp.read('C-02')).open as readonly {
      step: string
      dueOn: string | null
      delayTo?: string | null
    }[] // the shape that the API answers
    const contact = open.find(({ step }) => step === 'first-contact')
    assert.deepEqual([contact?.dueOn, contact?.delayTo], ['2023-12-13', '2024-01-12'])
    assert.match((await rdp.get('/cases/C-02')).text, /by 13 December 2023.*now expected 12 January 2024/i)
    assert.equal((await rdp.step('C-02', 'answer-delay', { outcome: 'accept' })).status, 200)
  })

  it('TSI-096 the leader has ten working days for the first contact and the date of the meeting, both', async () => {
    desk.setToday('2023-12-05')
    const leader = await desk.as('L-03')
    assert.equal((await leader.read('C-02')).open.find(({ step }) => step === 'arrange-meeting')?.dueOn, '2023-12-13')
    assert.equal((await leader.step('C-02', 'first-contact', { date: '2023-12-05', person: 'head' })).stage, 'S08')
    const silent = await leader.step('C-02', 'arrange-meeting', { date: '2023-12-11' })
    assert.match(silent.message, /No address is held .* Head teacher of Hollin Clough Primary School/)
    await sql`insert into role_grant (person_id, programme, role, scope_kind, scope_values, from_date, granted_by)
      select id, 'tsi', 'head', 'establishment', '{900014}', '2023-11-01', 'Test' from person where email like 'percival%'`.execute(
      desk.service.database.db,
    )
    assert.equal((await leader.step('C-02', 'arrange-meeting', { date: '2023-12-11' })).stage, 'S09')
    const { rows } = await sql<{ acts: string[] }>`select acts from case_step where step = 'confirm-meeting'
      and case_id = (select id from support_case where reference = 'C-02')`.execute(desk.service.database.db)
    assert.ok(rows[0]?.acts.includes('tsi/head@urn:900014'), 'the school may confirm the date')
  })

  it('TSI-077 the first contact follows the kind of the case: anybody else needs a reason', async () => {
    await desk.drive('C-T1', 'T-01', {
      to: 'S08',
      leader: 'L-03',
      days: { begun: '2023-11-20', S07: '2023-11-29' },
      person: 'ceo',
    })
    desk.setToday('2023-12-01')
    const leader = await desk.as('L-03')
    const other = await leader.step('C-T1', 'first-contact', { date: '2023-12-01', person: 'other' })
    assert.deepEqual(other.codes, ['reason.contact'])
    assert.match(other.message, /chief executive of the trust/)
    assert.equal((await leader.step('C-T1', 'first-contact', { date: '2023-12-01', person: 'ceo' })).status, 200)
  })

  it('TSI-020 ten days are granted; fewer may be agreed, more are refused with the maximum named', async () => {
    assert.equal((await rg.read('C-T1')).agreedDays, 10)
    const more = await rg.act('C-T1', 'fewer-days', { days: '12' })
    assert.match(more.message, /at most 10/)
    assert.equal((await rg.read('C-T1')).agreedDays, 10)
    assert.equal((await rg.act('C-T1', 'fewer-days', { days: '8' })).status, 200)
    assert.equal((await rg.read('C-T1')).agreedDays, 8)
  })

  it('TSI-097 the first visit is due within four calendar weeks; one in the future or before the e-mail is refused', async () => {
    desk.setToday('2023-12-08')
    const leader = await desk.as('L-03')
    const due = (await leader.read('C-02')).open.find(({ step }) => step === 'first-visit')?.dueOn
    assert.equal(due, '2024-01-02')
    const visit = { mode: 'remote', attendees: 'Head and leader' }
    assert.match(
      (await leader.step('C-02', 'first-visit', { ...visit, date: '2023-11-01' })).message,
      /before the deployment/,
    )
    assert.match(
      (await leader.step('C-02', 'first-visit', { ...visit, date: '2023-12-20' })).message,
      /today or in the past/,
    )
    const isAsked = async () => (await leader.read('C-02')).open.some(({ step }) => step === 'confirm-meeting')
    assert.equal(await isAsked(), true)
    assert.equal((await leader.step('C-02', 'first-visit', { ...visit, date: '2023-12-08' })).status, 200)
    assert.equal(await isAsked(), false, 'after the visit nobody is asked whether its date suits')
  })

  it('one leader answers at any time; leaving puts the case back to the match, with what was done kept', async () => {
    desk.setToday('2023-12-11')
    const leader = await desk.as('L-03')
    assert.equal(
      (await leader.act('C-02', 'leader-leaves', { date: '2023-12-11', why: 'A merger at home' })).stage,
      'S04',
    )
    const view = await rdp.read('C-02')
    assert.equal(view.leader, null)
    assert.ok(
      view.done.some(({ step, superseded }) => step === 'first-visit' && !superseded),
      'the visit is kept',
    )
    const told = (await rdp.get('/api/v1/work')).json<{ notices: { reference: string; words: string }[] }>().notices
    assert.ok(told.some(({ reference, words }) => reference === 'C-02' && /can no longer do this/.test(words)))
  })
})
