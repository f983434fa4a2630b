import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { readAudit } from '../platform/audit-history.ts'
import { findCase } from './case-store.ts'
import { recordExtension } from './log-store.ts'
import { type CaseDesk, openCaseDesk, type Person } from './test-cases.ts'
import { type LogView, openWorkingCase, type WorkingCase } from './test-work.ts'
import { workTotals } from './work-facts.ts'

let desk: CaseDesk
before(async () => {
  desk = await openCaseDesk('2023-12-04')
})
after(() => desk.close())

const notices = async (person: Person) =>
  (await person.get('/api/v1/work')).json<{ notices: { reference: string; words: string }[] }>().notices

describe('Days of a leader and the team', () => {
  let work: WorkingCase
  let p2: Person
  let memberId = 0
  before(async () => {
    work = await openWorkingCase(desk, { urn: 900001, leader: 'L-01', school: 'head-900001' })
    p2 = await desk.as('P-2')
    desk.setToday('2024-01-22')
  })

  it('TSI-060 the leader of T-09 adds a timetabler of T-09 to the team; somebody of a firm or another trust is refused', async () => {
    assert.equal((await p2.read(work.reference)).status, 404)
    const added = await work.send(work.leader, '/team', {
      person: 'zelda.crastermoss@example.org',
      specialism: 'timetabling',
    })
    assert.equal(added.status, 201, added.message)
    memberId = added.id
    for (const person of ['dulcie.marchbank@example.org', 'crispin.saltwick@example.org']) {
      const refused = await work.send(work.leader, '/team', { person, specialism: 'finance' })
      assert.equal(refused.status, 422)
      assert.match(refused.message, /must belong to the leader's own trust/)
    }
    const { team } = await work.read<{ team: { name: string; specialismTitle: string }[] }>(work.leader, '/team')
    assert.deepEqual(
      team.map(({ specialismTitle }) => specialismTitle),
      ['Timetabling'],
    )
    const item = await work.log(work.leader, {
      date: '2024-02-01',
      days: 0.5,
      step: 'explore',
      state: 'planned',
      performer: String(memberId),
    })
    assert.equal(item.status, 201, item.message)
    await work.send(work.leader, `/log/${item.id}/withdraw`)
    assert.equal(
      (await work.send(work.head, '/team', { person: 'yorick.penshaw@example.org', specialism: 'finance' })).status,
      403,
    )
    assert.equal((await p2.read(work.reference)).status, 200, 'a member sees the case')
  })

  it('no day lies before the leader was sent; one that is only planned may', async () => {
    const early = await work.log(work.leader, { date: '2023-10-02', days: 1, step: 'start-up' })
    assert.deepEqual(early.codes, ['check.early'])
    assert.match(early.message, /before the deployment e-mail of/)
    const first = await work.log(work.leader, { date: '0001-01-01', days: 1, step: 'start-up', state: 'validated' })
    assert.deepEqual(first.codes, ['check.early'])
  })

  it('a team day waits for the leader, who alone commissions and validates it and notes what was seen', async () => {
    const planned = await work.log(p2, { date: '2024-01-23', days: 1, step: 'development', state: 'planned' })
    assert.equal(planned.status, 403, 'a member does not commission')
    const day = await work.log(p2, { date: '2024-01-18', days: 1, step: 'development', kind: 'bespoke' })
    assert.equal(day.status, 201, day.message)
    const waiting = await work.read<LogView>(work.leader, '/log')
    assert.equal(waiting.claimableDays, 0)
    assert.deepEqual(waiting.waitingForValidation, ['2024-01-18'])
    const refused = await work.send(p2, `/log/${day.id}/move`, { state: 'validated' })
    assert.equal(refused.status, 403)
    assert.match(refused.message, /Responsible: System leader/)
    assert.equal(
      (await work.send(work.leader, `/log/${day.id}/notes`, { note: 'Sat in on the session', date: '2024-01-19' }))
        .status,
      200,
    )
    assert.equal((await work.send(work.leader, `/log/${day.id}/move`, { state: 'validated' })).status, 200)
    const done = await work.read<LogView>(work.leader, '/log')
    assert.equal(done.claimableDays, 1)
    assert.deepEqual(done.waitingForValidation, [])
    const [item] = done.items
    assert.equal(item?.monitoring[0]?.words, 'Sat in on the session')
    const last = item?.history.at(-1)
    assert.deepEqual([last?.state, last?.by, last?.on], ['validated', 'Maren Holloway', '2024-01-22'])
  })

  it('TSI-193 the four personal kinds of work are refused for a member of the team', async () => {
    for (const kind of ['communication', 'scoping', 'quality-assurance', 'reporting']) {
      const refused = await work.log(work.leader, {
        date: '2024-01-18',
        days: 0.5,
        step: 'use-of-evidence',
        kind,
        performer: String(memberId),
      })
      assert.deepEqual(refused.codes, ['check.personal-kind'])
    }
    const strategy = { area: 'behaviour', action: 'Agree a policy', owner: 'Head', due: '2024-03-01' }
    assert.equal((await work.send(work.leader, '/strategies', strategy)).status, 201)
    assert.equal((await work.leader.step(work.reference, 'work')).stage, 'S10')
    const missing = async () => (await work.leader.step(work.reference, 'wind-up')).message
    const none = await missing()
    for (const words of [
      'Pre-engagement communication',
      'Scoping',
      'Quality assurance',
      'Reporting to the delivery partner',
    ])
      assert.match(none, new RegExp(`${words} has no entry by the leader in person`))
    const own = { date: '2024-01-19', days: 0.5, step: 'explore', kind: 'quality-assurance', state: 'validated' }
    const entry = await work.log(work.leader, own)
    assert.equal(entry.status, 201, entry.message)
    assert.doesNotMatch(await missing(), /Quality assurance/)
    await work.send(work.leader, `/log/${entry.id}/return`, { reason: 'For the count of this test' })
    await work.send(work.leader, `/log/${entry.id}/withdraw`)
  })

  it('TSI-195 a performer of another trust is refused and the attempt is kept in the audit', async () => {
    const before = (await work.read<LogView>(work.leader, '/log')).items.length
    const refused = await work.log(work.leader, {
      date: '2024-01-18',
      days: 1,
      step: 'use-of-evidence',
      performer: 'crispin.saltwick@example.org',
    })
    assert.equal(refused.status, 422)
    assert.match(refused.message, /must belong to the leader's own trust/)
    assert.equal((await work.read<LogView>(work.leader, '/log')).items.length, before)
    const history = await readAudit(desk.service.database.db, [{ record: 'case', keys: [work.reference] }])
    assert.ok(JSON.stringify(history).includes('Refused: somebody outside'))
    const help = { date: '2024-01-19', days: 1, step: 'explore', external: 'Review of governance' }
    assert.deepEqual((await work.log(work.leader, help)).codes, ['check.instructed'])
    const question = { external: 'beneficial', reason: 'Papers are thin' }
    assert.equal((await work.leader.act(work.reference, 'governance-question', question)).status, 200)
    assert.equal((await work.leader.act(work.reference, 'governance-ask', { need: 'A review' })).status, 200)
    const instruction = { instruction: 'Ask the board network', date: '2024-01-22' }
    assert.equal((await work.rdp.step(work.reference, 'instruct-governance', instruction)).status, 200)
    const saved = await work.log(work.leader, { ...help, state: 'validated' })
    assert.equal(saved.status, 201, saved.message)
    const { items, usedDays } = await work.read<LogView>(work.leader, '/log')
    assert.equal(items.find(({ id }) => id === saved.id)?.claimable, 0)
    assert.equal(usedDays, 1, 'help from outside uses none of the days')
  })

  it('asks why a day was remote and tells the delivery partner when most are', async () => {
    const missing = await work.log(work.leader, {
      date: '2024-01-16',
      days: 1,
      step: 'use-of-evidence',
      mode: 'remote',
    })
    assert.deepEqual(missing.fields, ['mode-reason'])
    for (const date of ['2024-01-16', '2024-01-17'])
      assert.equal(
        (
          await work.log(work.leader, {
            date,
            days: 1,
            step: 'use-of-evidence',
            mode: 'remote',
            'mode-reason': 'valuable',
          })
        ).status,
        201,
      )
    const log = await work.read<LogView>(work.rdp, '/log')
    assert.equal(log.shares.find(({ id }) => id === 'remote')?.warning, 'More than half of the days were remote')
    assert.ok((await notices(work.rdp)).some(({ words }) => words.startsWith('More than half of the days were remote')))
  })

  it('plans no more than is agreed, in half days only', async () => {
    const quarter = await work.log(work.leader, {
      date: '2024-02-05',
      days: 0.25,
      step: 'use-of-evidence',
      state: 'planned',
    })
    assert.deepEqual(quarter.codes, ['field.not-half-days'])
    const much = await work.log(work.leader, { date: '2024-02-05', days: 8, step: 'use-of-evidence', state: 'planned' })
    assert.deepEqual(much.codes, ['log.too-many'])
    assert.match(much.message, /7 left of 10 agreed/)
    const ahead = await work.log(work.leader, { date: '2024-02-05', days: 1, step: 'use-of-evidence' })
    assert.deepEqual(ahead.codes, ['log.in-future'])
  })

  it('TSI-099 the school confirms the day of a visit, and a poor engagement is told to the delivery partner and bars nothing', async () => {
    const { items } = await work.read<LogView>(work.head, '/log')
    const visit = items.find(({ date }) => date === '2024-01-18')
    assert.equal((await work.send(work.head, `/log/${visit?.id}/confirm`)).status, 200)
    assert.equal(
      (await work.send(work.leader, `/log/${visit?.id}/engagement`, { engagement: 'poor', note: 'Nobody came' }))
        .status,
      200,
    )
    const alerts = (await notices(work.rdp)).filter(({ words }) => words.includes('engagement Poor'))
    assert.equal(alerts.length, 1)
    const seen = (await work.read<LogView>(work.head, '/log')).items.find(({ id }) => id === visit?.id)
    assert.equal(seen?.confirmedOn, '2024-01-22')
    assert.equal(seen?.engagement, undefined)
  })

  it('TSI-053 an extra day past its time is saved, waits for an answer and then counts', async () => {
    const early = await work.log(work.leader, { date: '2024-01-15', days: 1, step: 'mid-review', extension: 'yes' })
    assert.deepEqual(early.codes, ['log.not-approved'])
    await recordExtension(desk.service.database.db, {
      caseId: work.id,
      halfDays: 4,
      approvedOn: '2024-01-20',
      untilOn: '2024-04-08',
      by: 'Officer',
    })
    desk.setToday('2024-04-15')
    const wrongStep = await work.log(work.leader, { date: '2024-03-12', days: 1, step: 'scoping', extension: 'yes' })
    assert.deepEqual(wrongStep.codes, ['reason.extra-step'])
    const inTime = await work.log(work.leader, {
      date: '2024-03-12',
      days: 1,
      step: 'mid-review',
      extension: 'yes',
      state: 'validated',
    })
    const late = await work.log(work.leader, {
      date: '2024-04-12',
      days: 1,
      step: 'mid-review',
      extension: 'yes',
      state: 'validated',
    })
    assert.equal(late.status, 201, late.message)
    const claimable = async (id: number) =>
      (await work.read<LogView>(work.leader, '/log')).items.find((one) => one.id === id)
    assert.equal((await claimable(late.id))?.timeframe, 'outside timeframe - RG answer open')
    assert.equal((await claimable(late.id))?.claimable, 0)
    assert.equal((await claimable(inTime.id))?.amount, 600)
    for (const person of [work.rg, work.rdp])
      assert.ok((await notices(person)).some(({ words }) => words.includes('12 April 2024: outside timeframe')))
    assert.equal((await work.send(work.rdp, `/log/${late.id}/late`, { until: '2024-04-30' })).status, 403)
    assert.equal((await work.send(work.rg, `/log/${late.id}/late`, {})).status, 422)
    assert.equal((await work.send(work.rg, `/log/${late.id}/late`, { until: '2024-04-30' })).status, 200)
    assert.equal((await claimable(late.id))?.amount, 600)
    assert.equal((await claimable(late.id))?.timeframe, null)
  })

  it('counts half days for a claim, of the case and of each leader', async () => {
    const { db } = desk.service.database
    const record = await findCase(db, work.reference)
    assert.ok(record)
    const all = await workTotals(db, record)
    assert.deepEqual([all.agreed, all.extra, all.validated, all.payable], [20, 4, 6, 6])
    assert.deepEqual(all.unvalidated, ['2024-01-16', '2024-01-17'])
    const own = await workTotals(db, record, { leaderId: record.state.leaderId ?? 0 })
    assert.equal(own.payable, 6)
    assert.equal((await workTotals(db, record, { leaderId: 0 })).payable, 0)
  })
})
