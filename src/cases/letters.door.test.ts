import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { sql } from 'kysely'
import { machineActor } from '../platform/actor.ts'
import { accept } from '../platform/decision.ts'
import { runAsMachine } from '../platform/scope.ts'
import { findLetter } from '../programmes/index.ts'
import { runStep } from './index.ts'
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

describe('The deployment e-mails', () => {
  it('TSI-057 for a school in a trust the chief executive is written to, with the head in copy; without the former nothing goes', async () => {
    await desk.drive('C-02', 900002, { to: 'S07', leader: 'L-01', days: { begun: '2023-11-20', S06: '2023-11-24' } })
    desk.setToday('2023-11-24')
    const head = 'florian.kestley@example.org'
    const refused = await rdp.step('C-02', 'issue-school', { to: [head] })
    assert.equal(refused.status, 422)
    assert.match(refused.message, /CEO is required recipient/)
    assert.match(
      (await rdp.step('C-02', 'issue-school', { without: ['maud.bridgewell@example.org'] })).message,
      /CEO is/,
    )
    const page = await rdp.post('/cases/C-02/steps/issue-school', { without: 'to-1' })
    assert.equal(page.status, 422)
    assert.match(page.text, /There is a problem CEO is required recipient/)
    assert.match((await rdp.step('C-02', 'issue-school', { without: ['trust-ceo'] })).message, /CEO is required/)
    for (const misspelt of [
      { without: 'maud@example.org' },
      { copy: ['authority'] },
      { to: ['trust-ceo', 'nobody'] },
    ]) {
      const unknown = await rdp.step('C-02', 'issue-school', misspelt)
      assert.deepEqual([unknown.status, unknown.codes], [422, ['letter.unknown-recipient']], JSON.stringify(misspelt))
    }
    assert.deepEqual(await outbox('C-02'), [])
    const preview = (await rdp.get('/cases/C-02/steps/issue-school')).text
    assert.match(
      preview,
      /To Maud Bridgewell, maud.bridgewell@example.org Chief executive of Kestrel Bridge Learning Trust, because/,
    )
    assert.match(preview, /Copy Florian Kestley, \S+ Head teacher of Kestrel Bridge Primary Academy, because/)
    assert.match(preview, /C-02: your system leader is Maren Holloway/)

    assert.equal((await rdp.step('C-02', 'issue-school')).status, 200)
    const [mail, ...more] = await outbox('C-02')
    assert.deepEqual([mail?.to, mail?.cc, more.length], [['maud.bridgewell@example.org'], [head], 0])
    const others = await desk.as('L-01')
    assert.equal((await rdp.step('C-02', 'issue-leader')).stage, 'S08')
    assert.equal((await others.step('C-02', 'arrange-meeting', { date: '2023-12-04' })).status, 200)
    await desk.doStep('C-02', 'first-contact', '2023-11-24', { date: '2023-11-24', person: 'ceo' })
    const meeting = (await outbox('C-02')).at(-1)
    assert.deepEqual([meeting?.letter, meeting?.to, meeting?.cc], ['meeting-date', mail?.to, mail?.cc])
    assert.match(meeting?.subject ?? '', /first meeting with Maren Holloway on 4 December 2023/)
    await sql`insert into case_step (case_id, seq, step, key, kind, opened_on, state, acts)
      select id, 500, 'send-to-school', '', 'step', '2023-11-24', 'open', '{tsi/system-leader@leader:L-01}'
      from support_case where reference = 'C-02'`.execute(desk.service.database.db)
    assert.equal((await others.step('C-02', 'send-to-school')).status, 200)
    const closing = (await outbox('C-02')).at(-1)
    assert.deepEqual([closing?.letter, closing?.to, closing?.cc], ['form-to-sign', mail?.to, mail?.cc])
  })

  it('TSI-095 both have three working days; one that fails keeps the stage open and names the recipient', async () => {
    await desk.drive('C-12', 900012, { to: 'S07', leader: 'L-01', days: { begun: '2023-11-06', S06: '2023-11-24' } })
    desk.setToday('2023-11-24')
    const due = async () =>
      (await rdp.read('C-12')).open
        .map(({ step, dueOn }) => `${step} ${dueOn}`)
        .filter((one) => one.startsWith('issue'))
    assert.deepEqual(await due(), ['issue-leader 2023-11-29', 'issue-school 2023-11-29'])
    assert.equal((await rdp.step('C-12', 'issue-leader')).stage, 'S07')
    await desk.service.put('/demo/mail', { mail: 'fails', only: 'jolyon.moorsby@example.org' })
    assert.equal((await rdp.step('C-12', 'issue-school')).status, 200)
    const sent = await outbox('C-12')
    assert.deepEqual(
      sent.map(({ letter, state }) => `${letter} ${state}`),
      ['deployment-to-leader delivered', 'deployment-to-school failing'],
    )
    const view = await rdp.read('C-12')
    assert.equal(view.stage, 'S07')
    assert.deepEqual(await due(), ['issue-school 2023-11-29'])
    assert.ok(!view.open.some(({ step }) => step === 'first-contact'))
    assert.match((await rdp.get('/cases/C-12')).text, /School email failed: .*Jolyon Moorsby/)
    const told = (await rdp.get('/api/v1/work')).json<{ notices: { reference: string; words: string }[] }>().notices
    assert.ok(told.some((one) => one.reference === 'C-12' && /School email failed.*Jolyon Moorsby/.test(one.words)))

    await desk.service.put('/demo/mail', { mail: 'works' })
    const later = await rdp.read('C-12')
    assert.deepEqual([later.stage, await due()], ['S08', []])
    assert.ok(later.open.some(({ step }) => step === 'first-contact'))
    assert.doesNotMatch((await rdp.get('/cases/C-12')).text, /email failed/)
  })
})

describe('What the deployment e-mails say', () => {
  it('TSI-074 the leader gets the contact and all that is shared, nothing internal; without a contact it does not go', async () => {
    await desk.drive('C-01', 900001, { to: 'S07', leader: 'L-01', days: { begun: '2023-11-22', S06: '2023-12-11' } })
    desk.setToday('2023-12-11')
    const note = (audience: string, words: string) => rg.post('/cases/C-01/notes/new', { audience, words })
    await note('shared', 'New phonics lead since September')
    await note('internal', 'Staffing dispute')
    const { db } = desk.service.database
    await sql`update role_grant set to_date = '2023-12-10' where role = 'head' and '900001' = any (scope_values)`.execute(
      db,
    )
    const refused = await rdp.step('C-01', 'issue-leader')
    assert.equal(refused.status, 422)
    assert.match(refused.message, /contact at the school or trust \(contact.name\)/)
    assert.deepEqual(await outbox('C-01'), [])
    assert.match((await rdp.get('/cases/C-01/steps/issue-leader')).text, /It cannot go yet: .*contact.name/)
    await sql`update role_grant set to_date = null where role = 'head' and '900001' = any (scope_values)`.execute(db)
    assert.equal((await rdp.step('C-01', 'issue-leader')).status, 200)
    const [mail] = await outbox('C-01')
    assert.deepEqual(mail?.to, ['maren.holloway@example.org'])
    assert.match(mail?.body ?? '', /Elspeth Larkin-Roe, Head teacher\nelspeth.larkinroe@example.org/)
    assert.match(mail?.body ?? '', /- New phonics lead since September/)
    assert.match(mail?.body ?? '', /context: Asks for help with a new plan/)
    assert.doesNotMatch(mail?.body ?? '', /Staffing dispute|A priority of the region/)
  })

  it('TSI-078 it links to the form that was made for the case, which needs signing in and has eight sections', async () => {
    const [mail] = await outbox('C-01')
    assert.match(mail?.body ?? '', /Elspeth Larkin-Roe/)
    const link = /send it in at the end: (\S+)/.exec(mail?.body ?? '')?.[1] ?? ''
    assert.equal(link, '/cases/C-01/form')
    const visitor = await desk.service.as('').get(link)
    assert.deepEqual([visitor.status, visitor.location], [303, '/sign-in?return=%2Fcases%2FC-01%2Fform'])
    const shown = (await (await desk.as('L-01')).get('/api/v1/cases/C-01/form')).json<{ sections: object[] }>()
    assert.equal(shown.sections.length, 8)
    assert.equal((await (await desk.as('L-01')).get(link)).status, 200)

    await desk.drive('C-10', 900010, { to: 'S07', leader: 'L-03', days: { begun: '2023-11-22', S06: '2023-12-11' } })
    const withoutForm = { ...desk.service.cases, effects: { 'open-form': async () => accept(undefined) } }
    const ask = { reference: 'C-10', step: 'issue-leader', body: {}, by: machineActor('Tests', 'system') }
    const refused = await runAsMachine(() => runStep(withoutForm, ask))
    assert.ok(!refused.ok && refused.refusals.some(({ message }) => /own form \(link.form\)/.test(message)))
    assert.deepEqual(await outbox('C-10'), [])
  })

  it('TSI-206 the school has a letter of its own, complete or not at all, and holds nothing of anybody else', async () => {
    const [mail, leaders] = ['deployment-to-school', 'deployment-to-leader'].map((letter) =>
      findLetter(desk.service.packs[0] ?? { letters: {} }, letter),
    )
    assert.ok(mail && leaders && mail.body !== leaders.body)
    const sent = (await outbox('C-02')).find(({ letter }) => letter === 'deployment-to-school')
    assert.match(sent?.body ?? '', /Maren Holloway, MAT CEO, of Harbour Lamp Learning Trust/)
    for (const words of [
      /Level of support: trust/,
      /Days: 10 days/,
      /Phoebe Starling-Ware\nNorthgate Schools Support\nphoebe/,
    ])
      assert.match(sent?.body ?? '', words)
    assert.doesNotMatch(sent?.body ?? '', /A priority of the region|C-12|account|sort code/i)

    const { db } = desk.service.database
    await sql`update role_grant set to_date = '2023-12-10' where role = 'delivery-partner-lead' and 'North East' = any (scope_values)`.execute(
      db,
    )
    const other = await desk.as('dp-ne-2')
    const refused = await other.step('C-10', 'issue-school')
    assert.match(refused.message, /The letter needs: Name of the contact at the delivery partner \(partner.name\)/)
    assert.deepEqual(await outbox('C-10'), [])
    await sql`update role_grant set to_date = null where role = 'delivery-partner-lead' and 'North East' = any (scope_values)`.execute(
      db,
    )
    assert.equal((await other.step('C-10', 'issue-school')).status, 200)
  })
})
