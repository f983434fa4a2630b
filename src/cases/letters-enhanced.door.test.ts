import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { sql } from 'kysely'
import { PACKS_FOLDER } from '../app.ts'
import { type CaseDesk, openCaseDesk, type Person } from './test-cases.ts'
import { outboxOf } from './test-outbox.ts'

let desk: CaseDesk
let rg: Person
let rdp: Person
let leader: Person
before(async () => {
  desk = await openCaseDesk('2024-01-15')
  rg = await desk.as('rg-ne')
  rdp = await desk.as('dp-ne')
  leader = await desk.as('L-01')
  const days = { begun: '2023-11-22', S04: '2023-11-23', S07: '2023-11-29', S08: '2023-12-04' }
  for (const [reference, urn] of [
    ['C-01', 900001],
    ['C-16', 900016],
  ] as const)
    await desk.drive(reference, urn, { to: 'S09', leader: 'L-01', days })
  await desk.drive('C-09', 900009, { to: 'S09', leader: 'L-03', diocese: true, days })
})
after(() => desk.close())

const outbox = (reference: string) => outboxOf(desk.service, reference)
const LEADER = 'maren.holloway@example.org'
const PARTNER = 'phoebe.starlingware@example.org'

/** A region without its lead, as long as `work` runs. */
async function withoutLead(work: () => Promise<void>): Promise<void> {
  const { db } = desk.service.database
  const lead = sql`role = 'delivery-partner-lead' and 'North East' = any (scope_values)`
  await sql`update role_grant set to_date = '2024-01-14' where ${lead}`.execute(db)
  await work()
  await sql`update role_grant set to_date = null where ${lead}`.execute(db)
}

async function assess(reference: string, option: string, head: string, by: Person): Promise<void> {
  const assessed = await by.act(reference, 'assess-options', { option, beneficial: 'The plan needs time' })
  assert.equal(assessed.status, 200, assessed.message)
  assert.equal((await (await desk.as(head)).step(reference, 'agree-option', { outcome: 'agree' })).status, 200)
}

/** A partnership that waits for the decision. */
async function applied(reference: string, child: string, { head, by }: { head: string; by: Person }): Promise<void> {
  await assess(reference, 'funded', head, by)
  assert.equal((await by.act(reference, 'apply-partnership')).status, 200)
  const parts = {
    benefit: 'A shared curriculum',
    context: 'They have worked together',
    partner: 'Harbour Lamp Learning Trust',
  }
  assert.equal((await (await desk.as(head)).step(child, 'confirm-agreement', { outcome: 'agree' })).status, 200)
  assert.equal((await by.step(child, 'application', parts)).status, 200)
  assert.equal((await rdp.step(child, 'forward-application', { outcome: 'forward' })).status, 200)
}

const REQUEST = { days: '4', purpose: 'bespoke', context: 'The plan has begun', vulnerability: 'Two heads in a year' }

describe('Correspondence about extra days', () => {
  it('TSI-102 whatever the Regions Group writes to the leader has the delivery partner in copy, or does not go', async () => {
    await assess('C-01', 'extra-days', 'head-900001', leader)
    assert.equal((await leader.act('C-01', 'request-extra-days', REQUEST)).status, 200)
    const told = (await rdp.get('/api/v1/work')).json<{ notices: { reference: string; words: string }[] }>().notices
    assert.ok(
      told.some(({ reference, words }) => reference === 'C-01' && /Request extra days/.test(words)),
      'the request goes to the delivery partner and stays in the case',
    )
    const words = 'How are the four days spread?\n\nPlease answer this week.'
    const page = (await rg.get('/cases/C-01-1/actions/write-to-leader')).text
    assert.match(page, /Copy Phoebe Starling-Ware, \S+ Regional delivery partner lead of North East, because/)
    const alone = await rg.act('C-01-1', 'write-to-leader', { words, without: [PARTNER] })
    assert.match(alone.message, /Delivery partner's lead is required recipient/)
    await withoutLead(async () => {
      assert.match((await rg.act('C-01-1', 'write-to-leader', { words })).message, /No address is held/)
    })
    assert.deepEqual(await outbox('C-01-1'), [])
    assert.equal((await rg.act('C-01-1', 'write-to-leader', { words })).status, 200)
    const [mail] = await outbox('C-01-1')
    assert.deepEqual([mail?.to, mail?.cc], [[LEADER], [PARTNER]])
    assert.match(mail?.body ?? '', /spread\?\n\nPlease answer this week/)
    assert.match((await rg.get('/cases/C-01/messages')).text, /C-01-1: a message about extra days of support/)
    assert.equal((await rdp.step('C-01-1', 'check-request', { outcome: 'assured' })).status, 200)
    const decision = { outcome: 'declined', rationale: 'The school has a place at a hub already' }
    assert.match((await rg.step('C-01-1', 'decide-request', { ...decision, without: [PARTNER] })).message, /required/)
    assert.equal((await rg.step('C-01-1', 'decide-request', decision)).status, 200)
    const outcome = (await outbox('C-01-1')).at(-1)
    assert.deepEqual(outcome?.cc, [PARTNER])
    assert.match(
      outcome?.body ?? '',
      /Your request for extra days of support for .* was decided on 15 January 2024: declined/,
    )
    assert.match(outcome?.body ?? '', /Reason: The school has a place at a hub already/)
  })

  it('TSI-050 the decision sends its outcome to the leader with the delivery partner in copy; without the latter it is not recorded', async () => {
    await assess('C-16', 'extra-days', 'head-900016', leader)
    assert.equal((await leader.act('C-16', 'request-extra-days', REQUEST)).status, 200)
    assert.equal((await rdp.step('C-16-1', 'check-request', { outcome: 'assured' })).status, 200)
    const approve = () => rg.step('C-16-1', 'decide-request', { outcome: 'approved', days: '4', until: '2024-04-08' })
    await withoutLead(async () => {
      const refused = await approve()
      assert.deepEqual([refused.status, refused.codes], [422, ['letter.no-contact']])
      assert.match(
        refused.message,
        /No address is held on 15 January 2024 for: Regional delivery partner lead of North East/,
      )
    })
    assert.equal((await rg.read('C-16-1')).stage, 'E2')
    assert.deepEqual(await outbox('C-16-1'), [])
    assert.equal((await approve()).status, 200)
    const [mail, ...more] = await outbox('C-16-1')
    assert.deepEqual([mail?.to, mail?.cc, more.length], [[LEADER], [PARTNER], 0])
    assert.match(mail?.subject ?? '', /^C-16-1: more days for Burnmoor Vale School, approved/)
    assert.match(mail?.body ?? '', /Days granted: 4 days\n- To be used by 8 April 2024/)
    const stored = (await rg.get('/api/v1/cases/C-16/messages')).json<{
      messages: { recipients: { email: string }[] }[]
    }>()
    assert.deepEqual(
      stored.messages[0]?.recipients.map(({ email }) => email),
      [LEADER, PARTNER],
    )
  })
})

describe('The decision about a partnership', () => {
  let pageWithoutDiocese = ''

  it('TSI-036 TSI-202 goes to the school and to the leader with the delivery partner in copy, and counts as communicated only when both are sent', async () => {
    const reference = 'C-01-2'
    await applied('C-01', reference, { head: 'head-900001', by: leader })
    const decide = () => rg.step(reference, 'decide-application', { outcome: 'not-approved', reason: 'No clear need' })
    await withoutLead(async () => {
      assert.deepEqual([...new Set((await decide()).codes)], ['letter.no-contact'])
    })
    assert.deepEqual(await outbox(reference), [])
    pageWithoutDiocese = (await rg.get(`/cases/${reference}/steps/decide-application`)).text
    await desk.service.put('/demo/mail', { mail: 'fails', only: 'elspeth.larkinroe@example.org' })
    assert.equal((await decide()).status, 200)
    const sent = await outbox(reference)
    assert.deepEqual(
      sent.map(({ to, cc }) => [...to, ...cc]),
      [
        ['elspeth.larkinroe@example.org', PARTNER],
        [LEADER, PARTNER],
      ],
    )
    for (const { subject, body } of sent) {
      assert.match(subject, /^C-01-2: .*not approved/)
      assert.match(body, /not approved/)
    }
    assert.match(
      (await rg.get(`/cases/${reference}`)).text,
      /not delivered to Elspeth Larkin-Roe .*tried again by itself/,
    )
    assert.match(
      (await rg.step(reference, 'refusal-communicated')).message,
      /summary to the school or trust is not sent yet/i,
    )
    const kept = (await rg.read(reference)).done.find(({ step }) => step === 'decide-application')
    assert.equal(kept?.outcome, 'not-approved')
    await desk.service.put('/demo/mail', { mail: 'works' })
    assert.equal((await rg.step(reference, 'refusal-communicated')).status, 200)
  })

  it('ends a request that was not approved: nothing of a partnership is asked for, and nothing can be changed', async () => {
    const { caseStatus, open, stage } = await rg.read('C-01-2')
    assert.deepEqual([caseStatus, stage, open], ['closed', 'P3', []])
    for (const step of ['offer-letter', 'signed-offer', 'run-partnership'])
      assert.notEqual((await rg.step('C-01-2', step, { date: '2024-01-15', signatory: 'S' })).status, 200, step)
    assert.match((await leader.step('C-01-2', 'application', { benefit: 'b', context: 'c' })).message, /complete/)
    assert.match((await rg.get('/cases/C-01')).text, /C-01-2 ?: declined/)
  })

  it('TSI-037 is copied to the authority and the diocese where the sender ticks them, and not unless', async () => {
    const other = await desk.as('L-03')
    const child = 'C-09-1'
    await applied('C-09', child, { head: 'head-900009', by: other })
    const page = await rg.get(`/cases/${child}/steps/decide-application`)
    assert.match(page.text, /Also send a copy to .*Rafe Wearmouth-Key.*Barnabas Stanhope-Lee/)
    assert.match(pageWithoutDiocese, /Also send a copy to Rafe Wearmouth-Key/)
    assert.doesNotMatch(pageWithoutDiocese, /diocese/i, 'no box for the diocese of a school that has none')
    assert.doesNotMatch(page.body, /name="copy"[^>]*checked/)
    const decision = { outcome: 'not-approved', reason: 'No clear need', copy: ['partnership-summary.cc-3'] }
    assert.equal((await rg.step(child, 'decide-application', decision)).status, 200)
    const [summary, notice] = await outbox(child)
    assert.deepEqual(summary?.to, ['horatio.ebbsworth@example.org'])
    assert.deepEqual(summary?.cc, [PARTNER, 'rafe.wearmouthkey@example.org'])
    assert.deepEqual(notice?.cc, [PARTNER])
    const [stored] = (await rg.get(`/api/v1/cases/${child}/messages`))
      .json<{ messages: { recipients: { email: string }[] }[] }>()
      .messages.slice(-1)
    assert.deepEqual(
      stored?.recipients.map(({ email }) => email),
      ['horatio.ebbsworth@example.org', ...(summary?.cc ?? [])],
    )
  })
})

describe('Who leads a region', () => {
  it('TSI-067 letters go to the lead of their day, old ones keep the old name, and without a lead none goes', async () => {
    await desk.drive('C-24', 900024, { to: 'S09', leader: 'L-06', days: { begun: '2023-11-06', S08: '2023-12-04' } })
    const london = await desk.as('rg-ln')
    const tell = (note: string) => london.act('C-24', 'flag-absence', { note })
    desk.setToday('2024-01-05')
    assert.equal((await tell('Absence rose in the autumn')).status, 200)
    const change = { key: 'London', name: 'Xenia Lockhart-Dale', email: 'xenia.lockhartdale@example.org' }
    const typed = { ...change, id: 'region-lead', from: '2024-01-08' }
    const path = '/api/v1/programmes/tsi@2023-24/values'
    assert.equal((await london.postJson(path, typed)).status, 403, 'administrators only')
    const saved = await (await desk.as('admin')).postJson(path, typed)
    assert.ok(saved.status < 300, saved.body)
    desk.setToday('2024-01-09')
    assert.equal((await tell('It went on after the holidays')).status, 200)
    const sent = await outbox('C-24')
    assert.deepEqual(
      sent.map(({ cc }) => cc),
      [['ulric.barrowtay@example.org'], ['xenia.lockhartdale@example.org']],
    )
    const pages = await Promise.all(sent.map(({ id }) => desk.service.get(`/messages/${id}`)))
    assert.match(pages[0]?.text ?? '', /Ulric Barrow-Tay/)
    assert.doesNotMatch(pages[0]?.text ?? '', /Xenia/)
    assert.match(pages[1]?.text ?? '', /Xenia Lockhart-Dale/)
    const none = { key: 'London', nobody: true, id: 'region-lead', from: '2024-01-15' }
    const ended = await (await desk.as('admin')).postJson(path, none)
    assert.ok(ended.status < 300, ended.body)
    desk.setToday('2024-01-15')
    assert.match((await tell('Once more')).message, /No address is held on 15 January 2024 for: .* lead of London/)
    assert.equal((await outbox('C-24')).length, 2)
    const pack = await readFile(join(PACKS_FOLDER, 'tsi/2023-24/pack.yaml'), 'utf8')
    assert.doesNotMatch(pack, /@example/, 'no name stands in the pack')
  })
})

describe('Absence as a particular concern', () => {
  it('TSI-150 is told to the leader at once, or by the deployment e-mail while that is to come, and is preset in section 2', async () => {
    desk.setToday('2023-12-07')
    await desk.drive('C-12', 900012, { to: 'S05', leader: 'L-01', days: { begun: '2023-11-22' } })
    assert.equal((await rg.act('C-12', 'flag-absence', {})).status, 422)
    assert.equal((await rg.act('C-12', 'flag-absence', { note: 'One in three is absent often' })).status, 200)
    assert.deepEqual(await outbox('C-12'), [], 'before the deployment it waits for that letter')
    for (const [step, fields] of Object.entries({
      'match-confirmed': {},
      suggest: {},
      agree: { outcome: 'confirm' },
      inform: {},
      approve: { outcome: 'approved' },
    }))
      await desk.doStep('C-12', step, '2023-12-11', fields)
    desk.setToday('2023-12-11')
    assert.equal((await rdp.step('C-12', 'issue-leader')).status, 200)
    const [mail] = await outbox('C-12')
    assert.match(mail?.body ?? '', /Absence is a particular concern, note for the leader: One in three is absent often/)
    const section = (await leader.get('/api/v1/cases/C-12/form/sections/scope')).json<{
      answers: { rows: { areas?: Record<string, { focus: string }> } }
    }>()
    assert.deepEqual(section.answers.rows.areas, { attendance: { focus: 'yes' } })
    assert.match(
      (await leader.get('/cases/C-12/form/sections/scope')).body,
      /name="areas.attendance.focus"[^>]*value="yes"[^>]*checked/,
    )
    assert.equal((await rg.act('C-12', 'flag-absence', { note: 'It is worse in Year 9' })).status, 200)
    const notice = (await outbox('C-12')).at(-1)
    assert.deepEqual([notice?.letter, notice?.to], ['absence-notice', [LEADER]])
    assert.match(notice?.body ?? '', /It is worse in Year 9/)
  })
})
