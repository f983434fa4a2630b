import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { sql } from 'kysely'
import { everyDay, PACKS_FOLDER } from '../app.ts'
import { runAsMachine } from '../platform/scope.ts'
import { loadPacks } from '../programmes/index.ts'
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

const CONTACT = { person: 'Head of standards', outcome: 'confirmed', key: 'authority', date: '2023-11-06' }
const PACKAGE = { details: 'As held', context: 'New head', strategic: 'Kept between us', proposal: 'L-01' }

/** A case in which the school is asked for its answer on Mon 6 Nov 2023: it is due on Mon 13 Nov. */
async function caseThatAsks(urn: number): Promise<string> {
  desk.setToday('2023-11-06')
  const reference = await rg.start({ urn })
  assert.equal((await rg.step(reference, 'contact-body', CONTACT)).status, 200)
  assert.equal((await rg.step(reference, 'hand-over', PACKAGE)).status, 200)
  assert.equal((await rdp.step(reference, 'contact-school', { date: '2023-11-06' })).status, 200)
  return reference
}

/** What the service does when a day begins. */
async function begin(day: string): Promise<void> {
  desk.setToday(day)
  const { database } = desk.service
  const packs = await loadPacks(PACKS_FOLDER)
  assert.ok(packs.ok)
  const today = Temporal.PlainDate.from(day)
  const clock = { today: () => today, now: () => today.toZonedDateTime('Europe/London').toInstant() }
  for (const job of everyDay({ database, clock, packs: packs.value }))
    await runAsMachine(() => job.run(database.db, day))
}

const remindersOf = async (reference: string) =>
  (await outboxOf(desk.service, reference)).filter(({ letter }) => letter === 'overdue-step')
const byApi = (person: Person, reference: string, step: string, key = '') =>
  person.postJson(`/api/v1/cases/${reference}/steps/${step}/reminders`, { key })
type Listed = { step: string; on: string; ofItself: boolean; to: string[]; message: number; trouble: string | null }
const listed = async (reference: string) =>
  (await rdp.get(`/api/v1/cases/${reference}/reminders`)).json<{ reminders: Listed[] }>().reminders

describe('A reminder that goes of itself', () => {
  it('is sent once to whoever owns the step, on the first working day after its last day', async () => {
    const ref = await caseThatAsks(900016)
    await begin('2023-11-13')
    assert.deepEqual(await remindersOf(ref), [], 'not on the last day')
    await begin('2023-11-14')
    const [mail, ...more] = await remindersOf(ref)
    assert.equal(more.length, 0)
    assert.deepEqual(mail?.to, ['keziah.valebrook@example.org'])
    assert.match(mail?.subject ?? '', new RegExp(`^${ref}: Answer of the school or trust is waited for`))
    assert.match(mail?.body ?? '', /Its last day: Mon 13 Nov 2023\. It is 1 working day late\./)
    assert.match(mail?.body ?? '', new RegExp(`/cases/${ref}/steps/engage`))
    await begin('2023-11-14')
    await begin('2023-11-15')
    assert.equal((await remindersOf(ref)).length, 1, 'once for a step')
    const [kept] = await listed(ref)
    assert.deepEqual([kept?.step, kept?.on, kept?.ofItself], ['engage', '2023-11-14', true])
    const { text } = await rdp.get(`/cases/${ref}`)
    assert.match(text, /Reminded on 14 November 2023/)
    assert.match((await rdp.get(`/cases/${ref}/messages`)).text, /is waited for Delivered 14 November 2023, Alongside/)
    assert.match((await rdp.get(`/cases/${ref}/history`)).text, /Reminder sent/)
  })

  it('waits over the weekend, and while the case is held or a delay is reported', async () => {
    const ref = await caseThatAsks(900012)
    const { db } = desk.service.database
    await sql`update case_step set due_on = '2023-11-17' where state = 'open' and step = 'engage'
      and case_id = (select id from support_case where reference = ${ref})`.execute(db)
    await begin('2023-11-18')
    assert.deepEqual(await remindersOf(ref), [], 'Saturday')
    await sql`update support_case set status = 'held' where reference = ${ref}`.execute(db)
    await begin('2023-11-20')
    assert.deepEqual(await remindersOf(ref), [], 'held')
    await sql`update support_case set status = 'open' where reference = ${ref}`.execute(db)
    await sql`update case_step set delay_to = '2023-11-22' where state = 'open' and step = 'engage'
      and case_id = (select id from support_case where reference = ${ref})`.execute(db)
    await begin('2023-11-21')
    assert.deepEqual(await remindersOf(ref), [], 'a delay was reported')
    await begin('2023-11-23')
    assert.equal((await remindersOf(ref)).length, 1)
  })

  it('tells those who run the case where nobody could be written to, and breaks nothing', async () => {
    // Of this school nobody is known.
    const ref = await caseThatAsks(900011)
    await begin('2023-11-14')
    assert.deepEqual(await remindersOf(ref), [])
    assert.match((await listed(ref))[0]?.trouble ?? '', /^No address is held for: Supported school or trust/)
    assert.match(
      (await rdp.get(`/cases/${ref}`)).text,
      /Nobody could be reminded of “Answer of the school or trust”\. No address is held/,
    )
    const notices = (await rdp.get('/api/v1/work')).json<{ notices: { reference: string; words: string }[] }>().notices
    assert.ok(notices.some((one) => one.reference === ref && one.words.startsWith('Nobody could be reminded')))
    const byHand = await byApi(rdp, ref, 'engage')
    assert.equal(byHand.status, 422)
    assert.match(byHand.body, /No address is held/)
    assert.match((await rdp.get(`/cases/${ref}/steps/engage/remind`)).text, /It cannot go yet/)
  })
})

describe('A reminder by hand', () => {
  it('shows the letter first, goes once a day, and says who was reminded when a second is asked for', async () => {
    const ref = await caseThatAsks(900010)
    const work = (await rdp.get('/my-work')).body
    assert.ok(work.includes(`href="/cases/${ref}/steps/engage/remind"`), 'in the list of whom one waits for')
    const preview = await rdp.get(`/cases/${ref}/steps/engage/remind`)
    assert.match(preview.text, /The letter To .*@\S+ Owner of the step, because the step is theirs/)
    assert.match(preview.text, /Its last day: Mon 13 Nov 2023\. It is not late yet\./)
    const sent = await rdp.post(`/cases/${ref}/steps/engage/remind`, { key: '' })
    assert.equal(sent.status, 303)
    assert.match(
      (await rdp.get(sent.location ?? '')).text,
      /The reminder of “Answer of the school or trust” is on its way/,
    )
    assert.equal((await remindersOf(ref)).length, 1)

    const again = await byApi(rg, ref, 'engage')
    assert.equal(again.status, 409)
    assert.match(again.body, /reminder\.today/)
    assert.match(again.body, /was reminded of this today, 6 November 2023, by /)
    assert.match((await rdp.get(`/cases/${ref}/steps/engage/remind`)).text, /One reminder a day is sent for a step/)
    assert.match((await rdp.get('/my-work')).text, /reminded today/)
    desk.setToday('2023-11-07')
    assert.equal((await byApi(rg, ref, 'engage')).status, 201)
    assert.equal((await remindersOf(ref)).length, 2)
  })

  it('of several at the same moment one goes, and the database takes no second', async () => {
    const ref = await caseThatAsks(900014)
    await sql`insert into role_grant (person_id, programme, role, scope_kind, scope_values, from_date, granted_by)
      select id, 'tsi', 'head', 'establishment', '{900014}', '2023-09-01', 'Tests' from person
      where email = 'florian.kestley@example.org'`.execute(desk.service.database.db)
    const answers = await Promise.all([rdp, rg, rdp, rg].map((person) => byApi(person, ref, 'engage')))
    assert.deepEqual(answers.map(({ status }) => status).toSorted(), [201, 409, 409, 409])
    assert.equal((await remindersOf(ref)).length, 1)
    await assert.rejects(
      sql`with copied as (
          insert into message (programme, edition, pack_version, letter, letter_digest, title, subject, body, record, record_key,
            record_label, record_href, dated, queued_by)
          select programme, edition, pack_version, letter, letter_digest, title, subject, body, record, record_key, record_label,
            record_href, dated, queued_by
          from message where letter = 'overdue-step' and record_key = ${ref} returning id)
        insert into case_reminder (case_id, step_seq, on_day, of_itself, by_name, message_id)
        select r.case_id, r.step_seq, r.on_day, false, 'Somebody', copied.id from copied, case_reminder r
        where r.case_id = (select id from support_case where reference = ${ref})`.execute(desk.service.database.db),
      /case_reminder_one_a_day/,
    )
  })

  it('is for those whom the pack names, not for whoever owns the step, and only while it is open', async () => {
    const ref = await caseThatAsks(900002)
    const head = await desk.as('head-900002')
    assert.equal((await byApi(head, ref, 'engage')).status, 403)
    assert.equal((await byApi(rdp, ref, 'contact-school')).status, 409, 'done already')
    assert.equal((await head.step(ref, 'engage', { outcome: 'engage' })).status, 200)
    const own = await byApi(rdp, ref, 'propose')
    assert.match(own.body, /reminder\.own/)
    assert.equal((await byApi(await desk.as('rg-ln'), ref, 'propose')).status, 404, 'another region')
    assert.equal((await rdp.get(`/cases/${ref}/steps/engage/remind`)).status, 409)
  })
})
