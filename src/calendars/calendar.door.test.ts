import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { sql } from 'kysely'
import { type CaseDesk, openCaseDesk, openWorkingCase, type Person, type WorkingCase } from '../../world/case-desk.ts'
import { startTestService } from '../../world/test-service.ts'
import { withoutSecret } from '../platform/web/private-address.ts'
import { readSafetySettings } from '../platform/web/safety-settings.ts'

let desk: CaseDesk
let work: WorkingCase
let origin: string
before(async () => {
  desk = await openCaseDesk('2023-12-04')
  work = await openWorkingCase(desk, { urn: 900016, leader: 'L-01', school: 'head-900016' })
  origin = await desk.service.listen()
})
after(() => desk.close())

/** What a calendar gets: it has no session. */
async function read(address: string): Promise<Feed> {
  const answer = await fetch(new URL(new URL(address, origin).pathname, origin))
  const { status, headers } = answer
  return { status, type: headers.get('content-type'), cache: headers.get('cache-control'), body: await answer.text() }
}
type Feed = {
  readonly status: number
  readonly type: string | null
  readonly cache: string | null
  readonly body: string
}
async function newAddress(person: Person): Promise<string> {
  const made = await person.postJson('/api/v1/calendar-address', {})
  assert.equal(made.status, 201, made.body)
  return made.json<{ address: string }>().address
}
/** The lines of the file, with those that were folded put together again. */
const linesOf = ({ body }: Pick<Feed, 'body'>) => body.replaceAll('\r\n ', '').split('\r\n')
const titlesOf = (answer: Pick<Feed, 'body'>) =>
  linesOf(answer).flatMap((line) => (line.startsWith('SUMMARY:') ? [line.slice(8).replaceAll('\\', '')] : []))

describe('A private calendar address', () => {
  it('shows a leader the visits that are planned, what is due and the days agreed on, each with its case and a link', async () => {
    const planned = await work.log(work.leader, {
      date: '2024-01-22',
      days: 1,
      step: 'explore',
      kind: 'shadowing',
      area: 'leadership',
      state: 'planned',
    })
    assert.equal(planned.status, 201, planned.message)
    await sql`update case_step set due_on = '2023-12-20' where case_id = ${work.id} and step = 'work' and state = 'open'`.execute(
      desk.service.database.db,
    )
    const answer = await read(await newAddress(work.leader))
    assert.deepEqual([answer.status, answer.cache, answer.type], [200, 'private', 'text/calendar; charset=utf-8'])
    const { reference } = work
    const titles = titlesOf(answer)
    assert.ok(titles.includes(`Day of support (1 day) – ${reference}, Burnmoor Vale School`), titles.join('\n'))
    assert.ok(titles.includes(`Date of the meeting – ${reference}, Burnmoor Vale School`))
    assert.ok(
      titles.some((title) => title.startsWith('Due: ') && title.endsWith(`– ${reference}, Burnmoor Vale School`)),
    )
    const lines = linesOf(answer)
    for (const line of [
      'DTSTART;VALUE=DATE:20240122',
      'DTSTART;VALUE=DATE:20231220',
      `UID:case-${reference}-day-${planned.id}@alongside`,
    ])
      assert.ok(lines.includes(line), line)
    const dates = (await work.leader.get('/api/v1/dates')).json<{ dates: { title: string }[] }>().dates
    assert.deepEqual(
      dates.map(({ title }) => title),
      titles,
    )
    const shown = (await work.leader.get('/calendar')).text
    assert.match(shown, /22 January 2024 Day of support \(1 day\)/)
    assert.match(shown, /Last read 11 December 2023/)
  })

  it('holds nothing that was written in the case, and no word of an objection or a concern', async () => {
    desk.setToday('2023-12-12')
    assert.equal((await work.head.act(work.reference, 'raise-concern', { concern: 'We do not get on' })).status, 200)
    await sql`update case_step set due_on = '2023-12-18' where case_id = ${work.id} and step = 'settle-concern'`.execute(
      desk.service.database.db,
    )
    const answer = await read(await newAddress(work.rg))
    const titles = titlesOf(answer)
    assert.ok(titles.includes(`Due: Something to do – ${work.reference}, Burnmoor Vale School`), titles.join('\n'))
    assert.doesNotMatch(answer.body, /concern|get on|What both sides should know|head of maths|inadequate|improvement/i)
  })

  it('keeps to what its holder may see on the day, without a session', async () => {
    const head = titlesOf(await read(await newAddress(work.head)))
    assert.ok(
      head.some((title) => title.startsWith('Day of support')),
      'the school knows who comes when',
    )
    const elsewhere = await desk.as('rg-ln')
    const foreign = await read(await newAddress(elsewhere))
    assert.doesNotMatch(foreign.body, new RegExp(`${work.reference},`))
    const address = await newAddress(work.head)
    await sql`update role_grant set to_date = '2023-12-11' where '900016' = any (scope_values)`.execute(
      desk.service.database.db,
    )
    assert.deepEqual(titlesOf(await read(address)), [], 'a role that has ended shows nothing')
    await sql`update role_grant set to_date = null where '900016' = any (scope_values)`.execute(
      desk.service.database.db,
    )
  })

  it('is kept as a digest, ends when it is renewed or ended or its holder is removed', async () => {
    const first = await newAddress(work.rdp)
    const token = first.slice(first.lastIndexOf('/') + 1, -'.ics'.length)
    assert.equal(Buffer.from(token, 'base64url').length, 32)
    const { rows } = await sql<{
      all: string
    }>`select jsonb_agg(to_jsonb(a))::text as all from calendar_address a`.execute(desk.service.database.db)
    assert.ok(!rows[0]?.all.includes(token))
    const second = await newAddress(work.rdp)
    assert.deepEqual([(await read(first)).status, (await read(second)).status], [410, 200])
    assert.equal((await work.rdp.post('/calendar/end', {})).status, 303)
    assert.equal((await read(second)).status, 410)
    assert.equal((await work.rdp.postJson('/api/v1/calendar-address/end', {})).status, 404)
    assert.equal((await read('/calendar/nobody-ever-had-this.ics')).status, 404)
    const third = await newAddress(work.rdp)
    await sql`update person set state = 'removed' where email = 'phoebe.starlingware@example.org'`.execute(
      desk.service.database.db,
    )
    assert.equal((await read(third)).status, 410)
    await sql`update person set state = 'active' where email = 'phoebe.starlingware@example.org'`.execute(
      desk.service.database.db,
    )
    const page = await desk.service.as('').get(`/calendar/${token}`)
    assert.ok(!page.body.includes(token), 'not on a page that is not there either')
  })

  it('is made by a page of the service only, by whoever is signed in, and shown once', async () => {
    const headers = { origin: 'https://elsewhere.example', 'sec-fetch-site': 'cross-site' }
    for (const path of ['/calendar', '/calendar/end'])
      assert.equal((await fetch(`${origin}${path}`, { method: 'POST', headers })).status, 403)
    assert.equal((await desk.service.as('').postJson('/api/v1/calendar-address', {})).status, 401)
    const made = await work.leader.post('/calendar', {})
    const [address = ''] = /\/calendar\/[\w-]{43}\.ics/.exec(made.body) ?? []
    assert.equal((await read(address)).status, 200)
    assert.ok(!(await work.leader.get('/calendar')).body.includes(address))
    assert.match((await work.leader.get('/my-work')).body, /href="\/calendar"/)
    assert.match((await work.leader.get('/account')).body, /href="\/calendar"/)
  })
})

describe('One date as a file', () => {
  it('stands beside a day that lies ahead, and is refused to whoever may not see the case', async () => {
    const { reference } = work
    const planned = await work.log(work.leader, {
      date: '2024-02-05',
      days: 1,
      step: 'explore',
      kind: 'shadowing',
      area: 'leadership',
      state: 'planned',
    })
    const path = `/cases/${reference}/dates/day-${planned.id}.ics`
    assert.ok((await work.head.get(`/cases/${reference}/log/${planned.id}`)).body.includes(`href="${path}"`))
    const one = await work.head.get(path)
    assert.deepEqual(titlesOf(one), [`Day of support (1 day) – ${reference}, Burnmoor Vale School`])
    assert.equal((await (await desk.as('rg-ln')).get(path)).status, 404)
    assert.equal((await work.head.get(`/cases/${reference}/dates/day-9999.ics`)).status, 404)
    desk.setToday('2023-12-05')
    const overview = (await work.leader.get(`/cases/${reference}`)).body
    const [, meeting = ''] = /href="([^"]*dates\/agreed-[^"]*\.ics)"/.exec(overview) ?? []
    assert.deepEqual(titlesOf(await work.leader.get(meeting)), [
      `Date of the meeting – ${reference}, Burnmoor Vale School`,
    ])
  })
})

it('the secret of an address is in no line of the log, also where every request is logged', async () => {
  const lines: string[] = []
  const safety = { ...readSafetySettings({}), log: 'all' as const, writeLog: (line: string) => lines.push(line) }
  const service = await startTestService({ world: true, today: '2023-12-04', safety })
  try {
    const { address } = (await service.postJson('/api/v1/calendar-address', {})).json<{ address: string }>()
    const token = address.slice(address.lastIndexOf('/') + 1, -'.ics'.length)
    assert.equal((await service.as('').get(`/calendar/${token}.ics`)).status, 200)
    assert.equal((await service.as('').get(`/calendar/${token}`)).status, 404)
    assert.ok(
      lines.some((line) => line.includes('/calendar/:token.ics')),
      lines.join('\n'),
    )
    assert.ok(lines.every((line) => !line.includes(token)))
  } finally {
    await service.close()
  }
  assert.equal(withoutSecret('/calendar/abc.ics?x=1'), '/calendar/…')
  assert.equal(withoutSecret('/link/abc'), '/link/…')
  assert.equal(withoutSecret('/calendar'), '/calendar')
})
