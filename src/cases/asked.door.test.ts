import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { sql } from 'kysely'
import { type CaseDesk, openCaseDesk, type Person } from './test-cases.ts'

let desk: CaseDesk
let rg: Person
let rdp: Person
let leader: Person
let head: Person
before(async () => {
  desk = await openCaseDesk('2024-01-15')
  rg = await desk.as('rg-ne')
  rdp = await desk.as('dp-ne')
  leader = await desk.as('L-04')
  head = await desk.as('head-900016')
  const days = { begun: '2023-11-22', S04: '2023-11-23', S07: '2023-11-29', S08: '2023-12-04' }
  await desk.drive('C-16', 900016, { to: 'S09', leader: 'L-04', days })
})
after(() => desk.close())

const REQUEST = {
  days: '3',
  purpose: 'bespoke',
  context: 'A new plan for reading has begun',
  vulnerability: 'Two heads within a year',
}
const AGAIN = { ...REQUEST, days: '1.5', context: 'Coaching goes on', vulnerability: 'The deputy is new too' }
const PARTS = { benefit: 'A shared curriculum', context: 'They have worked together', partner: 'T-09' }

async function must(done: Promise<{ status: number; message: string }>): Promise<void> {
  const { status, message } = await done
  assert.equal(status, 200, message)
}

async function assess(option: string): Promise<void> {
  await must(leader.act('C-16', 'assess-options', { option, beneficial: 'The plan needs time' }))
  await must(head.step('C-16', 'agree-option', { outcome: 'agree' }))
}

/** What a page tells between a heading and what is asked of the reader. */
async function told(by: Person, path: string, heading = 'What you know so far'): Promise<string> {
  const { status, body } = await by.get(path)
  assert.equal(status, 200, path)
  const words = body.replaceAll(/<[^>]*>/g, ' ').replaceAll(/\s+/g, ' ')
  assert.ok(words.includes(heading), `${path} tells: ${heading}`)
  return words.slice(words.indexOf(heading))
}

type AskedJson = { asked?: { reference: string; step: string; doneBy: string; fields: Record<string, unknown> } | null }
const askedIn = async (by: Person, reference: string) => (await by.get(`/api/v1/cases/${reference}`)).json<AskedJson>()

async function fileOf(by: Person, reference: string): Promise<string> {
  return JSON.stringify((await by.get(`/api/v1/cases/${reference}/file`)).json<object>())
}

describe('What is reviewed', () => {
  it('a request for extra days is read where it is checked and decided, with what was amended', async () => {
    await assess('extra-days')
    await must(leader.act('C-16', 'request-extra-days', REQUEST))
    const check = await told(rdp, '/cases/C-16-1/steps/check-request')
    assert.match(check, /Extra days 3 .*Two heads within a year.*Bespoke support.*A new plan for reading has begun/)
    const overview = await told(rdp, '/cases/C-16-1', 'What was asked')
    assert.match(overview, /15 January 2024, [A-Z].*Two heads within a year.*Nothing has been done since it was asked/)
    const { asked } = await askedIn(rdp, 'C-16-1')
    assert.deepEqual([asked?.reference, asked?.step], ['C-16', 'request-extra-days'])
    assert.deepEqual(asked?.fields, REQUEST)
    assert.match(await fileOf(rdp, 'C-16-1'), /What was asked.*Two heads within a year/)
    assert.equal('asked' in (await askedIn(rdp, 'C-16')), false)
    const stranger = await desk.as('dp-lnse')
    assert.equal((await stranger.get('/cases/C-16-1/steps/check-request')).status, 404)

    await must(rdp.step('C-16-1', 'check-request', { outcome: 'returned', reason: 'Say what is planned' }))
    assert.match(await told(leader, '/cases/C-16-1/steps/amend-request'), /Returned to the leader.*Say what is planned/)
    await must(leader.step('C-16-1', 'amend-request', { context: 'Two middle leaders are coached' }))
    await must(rdp.step('C-16-1', 'check-request', { outcome: 'assured', note: 'Fits the plan' }))
    const decide = await told(rg, '/cases/C-16-1/steps/decide-request')
    assert.match(decide, /Two heads within a year.*Two middle leaders are coached.*Quality assured.*Fits the plan/)
    assert.doesNotMatch(decide, /Say what is planned/, 'of several endings of a step the last')
  })

  it('each request is told with its own case', async () => {
    const why = 'The needs are met by the hub place that was offered'
    await must(rg.step('C-16-1', 'decide-request', { outcome: 'declined', rationale: why }))
    await must(leader.act('C-16', 'request-extra-days', AGAIN))
    const second = await told(rdp, '/cases/C-16-2/steps/check-request')
    assert.match(second, /Extra days 1\.5 .*The deputy is new too/)
    assert.doesNotMatch(second, /Two heads within a year/)
    assert.equal((await askedIn(rdp, 'C-16-1')).asked?.fields['days'], '3')
    await must(rdp.step('C-16-2', 'check-request', { outcome: 'assured' }))
    await must(rg.step('C-16-2', 'decide-request', { outcome: 'declined', rationale: why }))
  })

  it('an application for a partnership is read where it is forwarded and decided', async () => {
    await assess('funded')
    await must(leader.act('C-16', 'apply-partnership'))
    await must(head.step('C-16-3', 'confirm-agreement', { outcome: 'agree' }))
    assert.match(
      await told(leader, '/cases/C-16-3', 'What was asked'),
      /Apply for a funded partnership 15 January 2024/,
    )
    await must(leader.step('C-16-3', 'application', PARTS))
    const text = /A shared curriculum.*T-09.*They have worked together.*We agree to a partnership/
    assert.match(await told(rdp, '/cases/C-16-3/steps/forward-application'), text)
    await must(rdp.step('C-16-3', 'forward-application', { outcome: 'forward' }))
    assert.match(await told(rg, '/cases/C-16-3/steps/decide-application'), text)
  })

  it('which of the steps of a case began one beside it is kept with that one, and it must be one of that case', async () => {
    const { db } = desk.service.database
    const { rows } = await sql<{ reference: string; step: string; days: string | null }>`
      select c.reference, s.step, s.fields ->> 'days' as days from support_case c
        join case_step s on s.case_id = c.parent_id and s.seq = c.begun_by_seq order by c.reference`.execute(db)
    assert.deepEqual(
      rows.map(({ reference, step, days }) => [reference, step, days]),
      [
        ['C-16-1', 'request-extra-days', '3'],
        ['C-16-2', 'request-extra-days', '1.5'],
        ['C-16-3', 'apply-partnership', null],
      ],
    )
    const to = (seq: number, reference: string) =>
      sql`update support_case set begun_by_seq = ${seq} where reference = ${reference}`.execute(db)
    await assert.rejects(to(999, 'C-16-1'), /foreign key/)
    await assert.rejects(to(1, 'C-16'), /check constraint/)
  })
})
