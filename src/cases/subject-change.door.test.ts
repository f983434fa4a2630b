import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { fingerprint } from '../../world/fingerprint.ts'
import type { CaseDesk, Person } from './test-cases.ts'
import { openCaseDesk } from './test-cases.ts'
import { type ChangeNights, openChangeNights, wordsOf } from './test-subject-change.ts'
import { openWorkingCase, type WorkingCase } from './test-work.ts'

const OLD = { urn: 900016, name: 'Burnmoor Vale School' }
const NEW = { urn: 930950, name: 'Burnmoor Vale Academy', trust: 'T-11' }
const LINK = '900016,930950,Burnmoor Vale Academy,Successor,01/01/2024'
const WHY = 'The academy goes on with the same staff'

let desk: CaseDesk
let nights: ChangeNights
let work: WorkingCase
before(async () => {
  desk = await openCaseDesk('2023-12-04')
  nights = await openChangeNights(desk)
  await nights.night('2023-12-01', [OLD, { urn: 900010, name: 'Fellside Row Primary School' }])
  work = await openWorkingCase(desk, { urn: 900016, leader: 'L-01', school: 'head-900016' })
  await desk.drive('C-0910', 900010, { to: 'S04', leader: 'L-02', days: { begun: '2023-12-04' } })
  desk.setToday('2024-01-08')
  for (const step of ['start-up', 'explore']) await logDays(step)
})
after(async () => {
  await nights.remove()
  await desk.close()
})

async function logDays(step: string): Promise<void> {
  const day = { date: desk.today(), days: 2, state: 'validated', mode: 'face-to-face', kind: 'communication' }
  const logged = await work.log(work.leader, { ...day, step })
  assert.equal(logged.status, 201, logged.message)
}

/** Everything that a decision could change. */
const TABLES = [
  'support_case',
  'case_step',
  'case_notice',
  'case_subject_change',
  'leader_day_entry',
  'money_entry',
  'audit_entry',
]
const everything = () => fingerprint(desk.service.database.pool, TABLES)

type Work = { decisions: { reference: string; words: string; dueOn: string }[]; notices: { words: string }[] }
const workOf = async (by: Person) => (await by.get('/api/v1/work')).json<Work>()
const pageOf = async (path: string, by = work.rg) => by.get(`/cases/${work.reference}${path}`)
const changePath = async () => `/subject-changes/${(await nights.changes(work.rg, work.reference)).at(-1)?.id}`

describe('A school that closes and becomes an academy half way', () => {
  it('leaves cases alone whose school did not change', async () => {
    assert.equal(await nights.night('2024-01-05', [{ urn: 930001, status: 'Closed', closed: '31-12-2023' }]), 0)
    assert.deepEqual(await nights.changes(work.rg, work.reference), [])
    assert.equal((await workOf(work.rg)).decisions.length, 0)
    assert.doesNotMatch((await pageOf('')).text, /Changed in the register/)
  })

  it('asks the owner after the night: on the page of the case, in "My work" and by the API, once', async () => {
    assert.equal(await nights.night('2024-01-08', [{ ...OLD, status: 'Closed', closed: '31-12-2023' }]), 1)
    assert.equal(await nights.night('2024-01-09', []), 0, 'the same night again asks nothing')
    assert.equal((await nights.changes(work.rg, work.reference)).length, 1)
    const { decisions, notices } = await workOf(work.rg)
    assert.deepEqual(
      decisions.map(({ reference, words, dueOn }) => [reference, words, dueOn]),
      [[work.reference, 'Closed', '2024-01-22']],
    )
    assert.match(notices[0]?.words ?? '', /Changed in the register: Closed \(31 December 2023\)/)
    for (const other of [work.rdp, work.leader, work.head]) assert.equal((await workOf(other)).decisions.length, 0)
    assert.match((await work.rg.get('/my-work')).text, /Decide how the case goes on: Closed .* 22 January 2024 Decide/)
    const page = await pageOf('')
    assert.match(page.text, /Changed in the register\. Burnmoor Vale School: Closed \(31 December 2023\)/)
    assert.match(page.text, /to be decided by 22 January 2024\. For: Regions Group/)
    const change = await nights.newest(work.rg, work.reference)
    assert.equal(change.events[0]?.source, 'edubasealldata20240108.csv')
    const [other] = await nights.changes(work.rg, 'C-0910')
    assert.equal(other, undefined, 'the case of another school is asked nothing')
  })

  it('cannot move while the register names no successor, and says so', async () => {
    const change = await nights.newest(work.rg, work.reference)
    const move = change.options.find(({ choice }) => choice === 'move')
    assert.match(move?.unavailable ?? '', /names no successor of this school/)
    const before = await everything()
    const refused = await nights.choose(work.rg, work.reference, change, { choice: 'move', reason: WHY })
    assert.deepEqual([refused.status, refused.codes], [422, ['choice.unavailable']])
    assert.match(refused.message, /names no successor/)
    assert.equal(await everything(), before)
    const page = await pageOf(await changePath())
    assert.match(page.text, /Move the case to the successor Not possible: The register names no successor/)
    assert.match(page.text, /Move the case to the successor: not possible\. The register names no successor/)
    assert.doesNotMatch(page.body, /type="radio" value="move/)
  })

  it('goes on as before until it is decided: steps warn of it, and none is barred', async () => {
    const strategy = { area: 'behaviour', action: 'Agree a policy', owner: 'Head', due: '2024-03-01' }
    assert.equal((await work.send(work.leader, '/strategies', strategy)).status, 201)
    assert.match(
      (await pageOf('/steps/work', work.leader)).text,
      /How the case goes on is not decided yet; that is for: Regions Group/,
    )
    const kept = { date: '2024-01-08', channel: 'phone', note: 'Heard of the conversion' }
    const done = await work.rdp.postJson(`/api/v1/cases/${work.reference}/actions/keep-contact`, kept)
    assert.equal(done.status, 200, done.body)
    assert.match(
      done.json<{ warnings: string[] }>().warnings[0] ?? '',
      /The register shows a change\. Burnmoor Vale School: Closed/,
    )
  })

  it('offers the move once links name the academy, each choice with what it does to days, people, signatures and money', async () => {
    assert.equal(await nights.night('2024-01-10', [NEW], [LINK]), 1)
    assert.equal((await nights.changes(work.rg, work.reference)).length, 1, 'joined to the question that waits')
    const change = await nights.newest(work.rg, work.reference)
    assert.deepEqual(
      change.events.map(({ kind, words }) => [kind, words]),
      [
        ['closed', 'Closed'],
        ['converted', 'Goes on as Burnmoor Vale Academy (URN 930950)'],
      ],
    )
    assert.deepEqual(
      change.options.map(({ choice, successor, unavailable }) => [choice, successor, unavailable]),
      [
        ['move', 930950, null],
        ['end', null, null],
        ['keep', null, null],
      ],
    )
    assert.match(
      wordsOf(change, 'move', 'days'),
      /4 of 10 days used: they stay in the log\. 6 days left for Burnmoor Vale Academy/,
    )
    assert.match(
      wordsOf(change, 'end', 'days'),
      /4 of 10 days used.*6 days left: not given any more\. 6 days go back to Maren Holloway/,
    )
    assert.match(wordsOf(change, 'keep', 'days'), /4 of 10 days used, 6 left: as before/)
    assert.match(
      wordsOf(change, 'move', 'people'),
      /New: Ingrid Sallow \(Chief executive of the trust\)\. No longer: Keziah Valebrook \(Head teacher\)/,
    )
    assert.match(wordsOf(change, 'move', 'people'), /Trust: Silver Larch Schools Trust, before none/)
    assert.match(wordsOf(change, 'end', 'people'), /open steps? withdrawn/)
    assert.match(wordsOf(change, 'keep', 'people'), /Contacts stay those of Burnmoor Vale School: Keziah Valebrook/)
    assert.match(
      wordsOf(change, 'move', 'signatures'),
      /not signed yet; for: chief executive of the trust.*still names Burnmoor Vale School, URN 900016/,
    )
    assert.match(wordsOf(change, 'keep', 'signatures'), /not signed yet; for: head teacher/)
    assert.match(wordsOf(change, 'end', 'signatures'), /nothing can be signed any more/)
    assert.match(wordsOf(change, 'move', 'money'), /to Maren Holloway: £6,000 committed, as before/)
    assert.match(
      wordsOf(change, 'end', 'money'),
      /£6,000 committed; then £2,400 committed\. What was worked is not claimed yet/,
    )
    const page = await pageOf(await changePath())
    for (const words of [
      'Move the case to Burnmoor Vale Academy',
      'End the case',
      'Keep the case with Burnmoor Vale School',
    ])
      assert.match(page.text, new RegExp(words))
  })

  it('is decided by its owner alone; others read the page without a form', async () => {
    const change = await nights.newest(work.rg, work.reference)
    const elsewhere = await desk.as('dp-lnse')
    const before = await everything()
    for (const other of [work.rdp, work.leader, work.head]) {
      const page = await pageOf(await changePath(), other)
      assert.match(page.text, /This waits for: Regions Group/)
      assert.doesNotMatch(page.body, /name="choice"/)
      const refused = await nights.choose(other, work.reference, change, { choice: 'move', reason: WHY })
      assert.deepEqual([refused.status, refused.codes], [403, ['not-responsible']])
    }
    assert.equal((await elsewhere.get(`/cases/${work.reference}${await changePath()}`)).status, 404)
    assert.equal(await everything(), before)
  })

  it('asks for a choice and a reason, at their fields, and keeps what was typed', async () => {
    const change = await nights.newest(work.rg, work.reference)
    const bare = await nights.choose(work.rg, work.reference, change, {})
    assert.deepEqual(
      [bare.status, bare.codes, bare.fields],
      [422, ['choice.missing', 'reason.missing'], ['choice', 'reason']],
    )
    const page = await work.rg.post(`/cases/${work.reference}${await changePath()}`, {
      choice: 'end',
      seen: change.seen,
      reason: ' ',
    })
    assert.equal(page.status, 422)
    assert.match(page.body, /id="reason-error"/)
    assert.match(page.body, /value="end"[^>]*checked/)
  })

  it('is refused with 409 when the case changed since it was read; the page keeps the typed reason', async () => {
    const read = await nights.newest(work.rg, work.reference)
    await logDays('use-of-evidence')
    const before = await everything()
    const api = await nights.choose(work.rg, work.reference, read, { choice: 'move', reason: WHY })
    assert.deepEqual([api.status, api.codes], [409, ['moved-on']])
    const fields = { choice: 'move-930950', reason: WHY, seen: read.seen }
    const page = await work.rg.post(`/cases/${work.reference}${await changePath()}`, fields)
    assert.equal(page.status, 409)
    assert.match(page.text, /The case is not as it was when you read this page/)
    assert.match(page.body, new RegExp(`<textarea[^>]*>${WHY}`))
    assert.match(page.body, /value="move-930950"[^>]*checked/)
    assert.match(page.text, /6 of 10 days used/, 'what the choice does now is shown')
    assert.equal(await everything(), before)
  })

  it('moves to the academy: its people take over, days and money stay, and the old number stays in the history', async () => {
    const { pool } = desk.service.database
    const days = 'select * from leader_day_entry where released_at is null order by id'
    const money = 'select * from money_entry order by id'
    const [entries, books] = [(await pool.query(days)).rows, (await pool.query(money)).rows]
    const change = await nights.newest(work.rg, work.reference)
    const fields = { choice: 'move-930950', reason: WHY, seen: change.seen, submission: 'f3a1' }
    const path = `/cases/${work.reference}${await changePath()}`
    assert.equal((await work.rg.post(path, fields)).status, 303)
    const moved = await everything()
    assert.equal((await work.rg.post(path, fields)).status, 303, 'the form sent twice')
    const again = await nights.choose(work.rg, work.reference, change, { choice: 'move', reason: WHY })
    assert.equal(again.status, 200, 'the same decision again is answered as the first time')
    assert.equal(await everything(), moved, 'and does nothing')
    const other = await nights.choose(work.rg, work.reference, change, { choice: 'end', reason: WHY })
    assert.deepEqual([other.status, other.codes], [409, ['moved-on']])

    const read = (await work.rg.get(`/api/v1/cases/${work.reference}`)).json<{
      subject: object
      basis: { judgements: { urn: number }[] }
    }>()
    assert.deepEqual(read.subject, {
      kind: 'school in MAT',
      name: 'Burnmoor Vale Academy',
      urn: 930950,
      trust: 'T-11',
      trustName: 'Silver Larch Schools Trust',
      region: 'North East',
      authority: 'Wearstead',
      diocese: null,
    })
    assert.ok(
      read.basis.judgements.every(({ urn }) => urn === 900016),
      'why there is a case stays as it was',
    )
    const page = await pageOf('')
    assert.match(page.text, /Before Burnmoor Vale School, URN 900016, until 8 January 2024/)
    assert.match(
      page.text,
      /The case moved to Burnmoor Vale Academy, URN 930950 : The academy goes on with the same staff/,
    )
    assert.match((await pageOf('/history')).text, /Case moved to another school .*900016.*930950/)
    assert.match((await work.rg.get('/cases?q=900016')).text, /Burnmoor Vale Academy/)
    assert.match(
      (await pageOf(await changePath())).text,
      /The case moved to Burnmoor Vale Academy, URN 930950 Reason .* Decided 8 January 2024/,
    )

    assert.equal((await work.head.get(`/cases/${work.reference}`)).status, 404)
    const chief = await desk.as('L-03')
    assert.equal((await chief.get(`/cases/${work.reference}`)).status, 200)
    assert.deepEqual((await pool.query(days)).rows, entries)
    assert.deepEqual((await pool.query(money)).rows, books)
    assert.match(
      (await workOf(work.rdp)).notices[0]?.words ?? '',
      /The case moved from Burnmoor Vale School to Burnmoor Vale Academy/,
    )
    assert.equal((await workOf(work.rg)).decisions.length, 0)
  })

  it('is about another school only by such a decision, which nobody can change', async () => {
    const { pool } = desk.service.database
    await assert.rejects(
      pool.query(
        `update support_case set establishment_id = (select id from establishment where urn = 900012) where reference = 'C-0910'`,
      ),
      /changes its subject without a decision/,
    )
    await assert.rejects(pool.query(`update case_subject_change set reason = 'Another'`), /never changed/)
    await assert.rejects(pool.query('delete from case_subject_change'), /never deleted/)
  })
})
