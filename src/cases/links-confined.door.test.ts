import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { MADE_BY_USE } from '../../world/tables.ts'
import type { Person } from './test-cases.ts'
import { type LinkService, openLinkService } from './test-links.ts'

const DAY = '2023-11-20'
const CASE = 'C-0901'
const OTHER = 'C-0902'
const HEAD = 'elspeth.larkinroe@example.org'
const days = { begun: DAY }

let at: LinkService
let rdp: Person
before(async () => {
  at = await openLinkService(DAY)
  rdp = await at.as('dp-ne')
  await at.drive(CASE, 900001, { to: 'S03', leader: 'L-01', days })
  await at.drive(OTHER, 900002, { to: 'S03', leader: 'L-01', days })
  // The head is an officer for all of England besides: a link for the head gives nothing of that.
  await run(`update person set state = 'invited' where email = '${HEAD}'`)
  await run(`insert into role_grant (person_id, programme, role, scope_kind, from_date, granted_by)
    select id, programme, role, 'national', '2016-09-01', 'Tests' from person,
      (values ('tsi', 'regions-group'), (null, 'administrator')) as g (programme, role) where email = '${HEAD}'`)
})
after(() => at.close())

const run = async <R extends object>(text: string) => (await at.service.database.pool.query<R>(text)).rows
const OPEN = [
  '/help',
  '/accessibility',
  '/cookies',
  '/privacy',
  '/account/session',
  '/kept-form',
  '/sign-out',
  '/link/:token',
]

describe('What a link opens', () => {
  it('is one case: every other route, at page and API, is refused, and no row changes by it', async () => {
    const { link, email } = await at.sendLink(rdp, CASE, 'engage')
    const head = await at.open(link, email)
    const was = await at.fingerprint()
    const asked = at.service.routes.flatMap(({ method, path }) => {
      const url = path.replaceAll(/:(\w+)/g, (_, name) => (name === 'reference' ? OTHER : '1'))
      return OPEN.includes(path) || method === 'PUT' ? [] : [{ method, url }]
    })
    for (const { method, url } of asked) {
      const answer = await (method === 'GET' ? head.get(url) : head.postJson(url, {}))
      assert.equal(answer.status, 403, `${method} ${url} answered ${answer.status}`)
      assert.match(answer.text, /You came by a link for one person/, url)
      assert.doesNotMatch(answer.text, /Kestrel Bridge/, url)
    }
    assert.ok(asked.length > 200, `${asked.length} routes`)
    assert.equal(await at.fingerprint(), was)
    for (const url of ['/help', '/privacy', '/account/session', `/api/v1/cases/${CASE}`, `/cases/${CASE}/visit-notes`])
      assert.equal((await head.get(url)).status, 200, url)
    for (const url of [
      `/cases/${CASE}x`,
      `/cases/${CASE}%2F..%2F${OTHER}`,
      `//cases/${OTHER}`,
      `/cases/${OTHER}?x=/cases/${CASE}`,
    ])
      assert.notEqual((await head.get(url)).status, 200, url)
  })

  it('shows the case as a head sees it, with no way to what would not open', async () => {
    const { link, email } = await at.sendLink(rdp, CASE, 'engage')
    const head = await at.open(link, email)
    const page = await head.get(`/cases/${CASE}`)
    assert.equal(page.status, 200)
    assert.match(page.text, /What is open Answer of the school or trust/)
    const inside = [...page.body.matchAll(/<(?:a|form)\b[^>]*(?:href|action)="(\/[^"]*)"/g)].map(([, to = '']) => to)
    const others = inside.filter((to) => !to.startsWith(`/cases/${CASE}`) && !OPEN.includes(to))
    assert.deepEqual(others, [])
    // Not as the officer who the same person is besides.
    assert.doesNotMatch(page.text, /Send a link|Links sent to people outside/)
    assert.equal((await head.postJson(`/api/v1/cases/${CASE}/steps/engage/links`, {})).status, 403)
    const officer = await head.postJson(`/api/v1/cases/${CASE}/actions/hold`, { reason: 'Because', why: 'Because' })
    assert.ok(officer.status >= 400, officer.body)
  })

  it('is the step: it is done, told and audited as done by link, and then the link is for nothing more', async () => {
    const { link, email } = await at.sendLink(rdp, CASE, 'engage')
    const head = await at.open(link, email)
    const done = await head.post(`/cases/${CASE}/steps/engage`, { outcome: 'engage', context: 'New head of maths' })
    assert.equal(done.location, `/cases/${CASE}?done=engage`)
    assert.match((await head.get(done.location)).text, /Done: Answer of the school or trust/)
    const history = (await rdp.get(`/cases/${CASE}/history`)).text
    assert.match(
      history,
      /Answer of the school or trust \S+ .{0,40}Elspeth Larkin-Roe, Head teacher, by link|Elspeth Larkin-Roe, Head teacher, by link/,
    )
    assert.match(history, /Link opened/)
    const [entry] = await run<{ name: string; value: string }>(`select e.name, v.value from audit_entry e
      join audit_value v on v.entry_id = e.id and v.field = 'role' where e.action = 'Answer of the school or trust'
      and e.record_key = '${CASE}' order by e.id desc limit 1`)
    assert.deepEqual(entry, { name: 'Elspeth Larkin-Roe', value: '"Head teacher, by link"' })
    assert.equal((await rdp.postJson(`/api/v1/cases/${CASE}/steps/engage/links`, {})).status, 409)
    assert.equal((await head.post('/sign-out', {})).status, 303)
    assert.equal((await head.get(`/cases/${CASE}`)).status, 303)
  })

  it('ends when the step is done by others: a link that waits does not work any more', async () => {
    const { link, email } = await at.sendLink(rdp, OTHER, 'engage', { to: 'florian.kestley@example.org' })
    assert.equal((await at.visitor.get(link)).status, 200)
    assert.equal((await rdp.step(OTHER, 'engage', { outcome: 'engage', note: 'The head by telephone' })).status, 200)
    assert.equal((await at.visitor.get(link)).status, 410)
    assert.equal((await at.visitor.post(link, { email })).status, 410)
    const { links } = (await rdp.get(`/api/v1/cases/${OTHER}/links`)).json<{
      links: { state: string; why: string }[]
    }>()
    assert.deepEqual([links[0]?.state, links[0]?.why], ['ended', 'What it was sent for does not wait any more'])
  })
})

describe('Who works with the school', () => {
  it('sends a link as the leader of the case, and not as a leader of another', async () => {
    await at.drive('C-0912', 900012, { to: 'S09', leader: 'L-01', days: { begun: '2023-11-06', S08: DAY } })
    const [leader, other] = [await at.as('L-01'), await at.as('L-02')]
    assert.equal((await other.get('/cases/C-0912/steps/confirm-meeting/link')).status, 404)
    const { link, email } = await at.sendLink(leader, 'C-0912', 'confirm-meeting')
    assert.match((await leader.get('/cases/C-0912')).text, /Links sent to people outside.*Sent/)
    const head = await at.open(link, email)
    assert.equal((await head.post('/cases/C-0912/steps/confirm-meeting', { outcome: 'suits' })).status, 303)
  })

  it('has what the reader typed kept when the hour was over, and offered after the next link', async () => {
    await at.drive('C-0909', 900009, { to: 'S03', leader: 'L-01', days })
    const first = await at.sendLink(rdp, 'C-0909', 'engage', await onlyReader('C-0909'))
    const head = await at.open(first.link, first.email)
    await run(
      `update user_session set seen_at = seen_at - interval '61 minutes' where id = (select max(id) from user_session)`,
    )
    const late = await head.post('/cases/C-0909/steps/engage', { outcome: 'engage', context: 'A long answer' })
    assert.equal(late.location, '/sign-in?return=%2Fkept-form')
    const second = await at.sendLink(rdp, 'C-0909', 'engage', { to: first.email })
    const browser = at.service.as('', late.setCookies)
    const opened = await browser.post(second.link, { email: first.email })
    assert.equal(opened.location, '/kept-form')
    const again = at.service.as(opened.cookie, late.setCookies)
    assert.match((await again.get('/kept-form')).text, /What you typed is kept.*A long answer/)
    assert.equal(
      (await again.post('/cases/C-0909/steps/engage', { outcome: 'engage', context: 'A long answer' })).status,
      303,
    )
  })
})

/** The first of those who may answer, where there are several. */
async function onlyReader(reference: string): Promise<object> {
  const answer = await rdp.postJson(`/api/v1/cases/${reference}/steps/engage/links`, {})
  const to = /\(([^)\s]+@[^)\s]+)\)/.exec(answer.body)?.[1]
  return to ? { to } : {}
}

describe('What opens a link', () => {
  it('stands in no table, in no copy of its letter, in no list and in no line of the log', async () => {
    await at.drive('C-0916', 900016, { to: 'S03', leader: 'L-01', days })
    const { link, email } = await at.sendLink(rdp, 'C-0916', 'engage')
    const token = link.split('/').at(-1) ?? ''
    assert.match(token, /^[\w-]{43}$/, '256 bits')
    await at.visitor.get(link)
    await at.visitor.post(link, { email: 'wrong@example.org' })
    const head = await at.open(link, email)
    await head.get(`/cases/C-0916/steps/engage`)
    await at.visitor.post(link, { email })
    for (const table of MADE_BY_USE) {
      const found = await run<{ n: number }>(
        `select count(*)::int as n from ${table} t where position('${token}' in t::text) > 0`,
      )
      assert.equal(found[0]?.n, 0, table)
    }
    const id = (await at.letters('C-0916')).at(-1)?.id
    const pages = [
      `/api/v1/messages/${id}`,
      '/api/v1/messages',
      '/cases/C-0916/messages',
      '/api/v1/cases/C-0916/messages',
    ]
    for (const url of [...pages, '/cases/C-0916', '/cases/C-0916/history', '/api/v1/cases/C-0916/links']) {
      const { body, status } = await rdp.get(url)
      assert.equal(status, 200, url)
      assert.ok(!body.includes(token), url)
    }
    await run(`update message_recipient set state = 'unknown' where message_id = ${id}`)
    const otherwise = await rdp.postJson(`/api/v1/messages/${id}/sent-otherwise`, { how: 'by post' })
    assert.match(otherwise.body, /message.link/, 'there is nothing that could go another way')
    // In a demonstration, and there alone, a visitor may be the reader: its page of the letter leads there.
    assert.ok((await rdp.get(`/messages/${id}`)).body.includes(`href="${link}"`))
    assert.ok(at.log.some((line) => line.includes('"route":"/link/:token"')))
    assert.ok(!at.log.some((line) => line.includes(token) || line.includes(email)))
  })

  it('is another one with each try, and any of them opens the link once', async () => {
    await at.drive('C-0910', 900010, { to: 'S03', leader: 'L-02', days })
    await at.service.put('/demo/mail', { mail: 'fails', only: 'nobody@example.org' })
    const first = await at.sendLink(rdp, 'C-0910', 'engage')
    await run(`update message_recipient set state = 'unknown', state_at = now() where message_id =
      (select max(id) from message where record_key = 'C-0910')`)
    const id = (await at.letters('C-0910')).at(-1)?.id
    assert.equal((await rdp.postJson(`/api/v1/messages/${id}/try-again`, {})).status, 200)
    const again = /\/link\/[\w-]+/.exec((await at.letters('C-0910')).at(-1)?.body ?? '')?.[0] ?? ''
    assert.notEqual(again, first.link)
    assert.equal((await at.visitor.get(first.link)).status, 200)
    assert.equal((await at.visitor.post(again, { email: first.email })).status, 303)
    assert.equal((await at.visitor.post(first.link, { email: first.email })).status, 410)
  })
})
