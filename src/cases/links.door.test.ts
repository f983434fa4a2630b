import assert from 'node:assert/strict'
import { after, before, beforeEach, describe, it } from 'node:test'
import type { Person } from './test-cases.ts'
import { type LinkService, openLinkService } from './test-links.ts'

const DAY = '2023-11-20'
const LAST = '2023-12-04'
const CASE = 'C-0901'
const HEAD = 'elspeth.larkinroe@example.org'
const days = { begun: DAY }

let at: LinkService
let rdp: Person
before(async () => {
  at = await openLinkService(DAY)
  rdp = await at.as('dp-ne')
  await at.drive(CASE, 900001, { to: 'S03', leader: 'L-01', days })
  await at.drive('C-0902', 900002, { to: 'S03', leader: 'L-01', days })
  await at.drive('C-0916', 900016, { to: 'S03', leader: 'L-01', days })
  // Who is invited and never signed in: that is whom links are for.
  await run(`update person set state = 'invited' where email = '${HEAD}'`)
})
after(() => at.close())
beforeEach(() => at.setToday(DAY))

const run = async <R extends object>(text: string) => (await at.service.database.pool.query<R>(text)).rows
const fresh = () => at.sendLink(rdp, CASE, 'engage')
type Line = { id: number; state: string; why: string; to: string; lastDay: string; step: string }
const lines = async (reference = CASE) =>
  (await rdp.get(`/api/v1/cases/${reference}/links`)).json<{ links: Line[] }>().links
const newest = async () => (await lines())[0]
const gone = /This link does not work .*ask for a new link/

describe('A link is sent', () => {
  it('from the page of the step: to whom and why, the letter, the last day; then the case lists it', async () => {
    assert.match((await rdp.get(`/cases/${CASE}`)).text, /Send a link for: Answer of the school or trust/)
    assert.match((await rdp.get(`/cases/${CASE}/steps/engage`)).text, /Send a link, for whoever does this/)
    const page = await rdp.get(`/cases/${CASE}/steps/engage/link`)
    assert.equal(page.status, 200)
    assert.match(page.text, /The link works until 4 December 2023/)
    assert.match(
      page.text,
      /To Elspeth Larkin-Roe, elspeth.larkinroe@example.org Head teacher of Larkbeck Primary School, because/,
    )
    assert.match(
      page.text,
      /Dear Elspeth Larkin-Roe .* works once, until 4 December 2023: \S*\/link\/\(only-in-the-letter-itself\)/,
    )
    const sent = await rdp.post(`/cases/${CASE}/steps/engage/link`, { key: '' })
    assert.equal(sent.location, `/cases/${CASE}?link=sent#links`)
    assert.match(
      (await rdp.get(`/cases/${CASE}`)).text,
      /Elspeth Larkin-Roe Head teacher .* 4 December 2023 Waiting to be sent/,
    )
    assert.equal((await newest())?.state, 'waiting')
    await at.letters(CASE)
    assert.match((await rdp.get(`/cases/${CASE}`)).text, /Elspeth Larkin-Roe Head teacher .* 4 December 2023 Sent/)
    const line = await newest()
    assert.deepEqual([line?.state, line?.to, line?.lastDay, line?.step], ['sent', 'Elspeth Larkin-Roe', LAST, 'engage'])
  })

  it('by whom the pack names and nobody else; only for a step that is open and of the school or trust', async () => {
    const path = `/api/v1/cases/${CASE}/steps/engage/links`
    for (const name of ['head-900001', 'dp-lnse', 'om-900001', 'la-ne']) {
      const person = await at.as(name).catch(() => undefined)
      if (!person) continue
      assert.ok([403, 404].includes((await person.postJson(path, {})).status), name)
      assert.ok([403, 404].includes((await person.get(`/cases/${CASE}/steps/engage/link`)).status), name)
      assert.ok([403, 404].includes((await person.get(`/api/v1/cases/${CASE}/links`)).status), name)
      assert.doesNotMatch((await person.get(`/cases/${CASE}`)).text, /Send a link|Links sent to people outside/)
    }
    await run(`update person set state = 'invited' where email = '${HEAD}'`)
    assert.equal((await (await at.as('rg-ne')).get(`/cases/${CASE}/steps/engage/link`)).status, 200)
    assert.equal((await rdp.postJson(`/api/v1/cases/${CASE}/steps/hand-over/links`, {})).status, 409)
    assert.equal((await rdp.postJson(`/api/v1/cases/${CASE}/steps/no-such/links`, {})).status, 404)
    assert.equal((await rdp.postJson('/api/v1/cases/C-9999/steps/engage/links', {})).status, 404)
  })

  it('to one person: where several may answer, somebody says which', async () => {
    const path = '/api/v1/cases/C-0902/steps/engage/links'
    const open = await rdp.postJson(path, {})
    assert.equal(open.status, 422)
    assert.match(open.body, /link.whom.*Florian Kestley.*Maud Bridgewell/)
    const page = await rdp.post('/cases/C-0902/steps/engage/link', {})
    assert.equal(page.status, 422)
    assert.match(page.text, /There is a problem Choose who gets the link.*Who gets the link\?/)
    assert.deepEqual(await at.letters('C-0902'), [])
    const { email, link } = await at.sendLink(rdp, 'C-0902', 'engage', { to: 'maud.bridgewell@example.org' })
    const [letter] = await at.letters('C-0902')
    assert.deepEqual([email, letter?.cc], ['maud.bridgewell@example.org', []])
    assert.match(letter?.body ?? '', /^Dear Maud Bridgewell/)
    const ceo = await at.open(link, email)
    assert.equal((await ceo.get('/cases/C-0902')).status, 200)
  })

  it('whose letter does not arrive is told of', async () => {
    await at.service.put('/demo/mail', { mail: 'bounces' })
    await rdp.postJson(`/api/v1/cases/${CASE}/steps/engage/links`, {})
    await at.letters(CASE)
    await at.service.put('/demo/mail', { mail: 'works' })
    assert.match((await newest())?.why ?? '', /Not delivered: The address does not exist/)
    const { notices } = (await rdp.get('/api/v1/work')).json<{ notices: { reference: string; words: string }[] }>()
    assert.ok(notices.some(({ reference, words }) => reference === CASE && /not delivered to Elspeth/.test(words)))
  })
})

describe('A link is read', () => {
  it('as often as anybody likes, without a row that changes, and says what the letter said', async () => {
    const { link } = await fresh()
    const was = await at.fingerprint()
    for (let times = 0; times < 3; times += 1) {
      const page = await at.visitor.get(link)
      assert.equal(page.status, 200)
      assert.match(
        page.text,
        /asks for an answer about the support of Larkbeck Primary School : Answer of the school or trust/,
      )
      assert.doesNotMatch(page.text, /Elspeth|Phoebe|example.org|C-0901|Wearstead/)
      assert.deepEqual(page.cookies, [])
    }
    for (const unknown of ['/link/x', `/link/${'a'.repeat(43)}`, '/link/%20', `/link/${'z'.repeat(5000)}`]) {
      const page = await at.visitor.get(unknown)
      assert.equal(page.status, 410)
      assert.match(page.text, gone)
      assert.equal((await at.visitor.post(unknown, { email: HEAD })).status, 410)
    }
    assert.equal(await at.fingerprint(), was)
  })

  it('and tells no other page its address', async () => {
    const { link } = await fresh()
    for (const address of [link, '/link/none']) {
      const { headers } = await fetchHead(address)
      assert.equal(headers.get('referrer-policy'), 'no-referrer')
      assert.equal(headers.get('cache-control'), 'no-store')
    }
  })
})

let origin: string | undefined
async function fetchHead(path: string): Promise<Response> {
  origin ??= await at.service.listen()
  return fetch(origin + path, { redirect: 'manual' })
}

describe('A link is opened', () => {
  it('with the address that the letter went to, once, by one of many at once', async () => {
    const { link, email } = await fresh()
    const answers = await Promise.all(
      Array.from({ length: 8 }, () => at.visitor.post(link, { email: ` ${email.toUpperCase()} ` })),
    )
    const won = answers.filter(({ status }) => status === 303)
    assert.deepEqual([won.length, answers.filter(({ status }) => status === 410).length], [1, 7])
    assert.deepEqual(answers.filter(({ cookie }) => cookie !== '').length, 1)
    assert.equal(won[0]?.location, `/cases/${CASE}/steps/engage`)
    const head = at.service.as(won[0]?.cookie ?? '')
    assert.match((await head.get(`/cases/${CASE}/steps/engage`)).text, /We take up the offer/)
    assert.match((await at.visitor.get(link)).text, gone)
    assert.equal((await head.get(link)).location, `/cases/${CASE}/steps/engage`, 'its own browser comes back')
    assert.equal((await newest())?.state, 'used')
    assert.deepEqual(await run(`select state from person where email = '${HEAD}'`), [{ state: 'invited' }])
  })

  it('not with another address: the same words for whatever is wrong, and the link ends after five', async () => {
    const { link } = await fresh()
    const typed = ['', 'no address', 'phoebe.starlingware@example.org', `${HEAD}.uk`, "' or true --"]
    const answers = []
    for (const email of typed) answers.push(await at.visitor.post(link, { email }))
    assert.deepEqual(
      answers.map(({ status }) => status),
      [422, 422, 422, 422, 410],
    )
    for (const { text } of answers.slice(0, 4))
      assert.match(text, /There is a problem Enter the e-mail address that the letter with this link was sent to/)
    assert.match(answers[4]?.text ?? '', gone)
    assert.equal((await at.visitor.post(link, { email: HEAD })).status, 410)
    const line = await newest()
    assert.deepEqual([line?.state, line?.why], ['ended', 'A wrong address was entered 5 times'])
    const history = (await rdp.get(`/cases/${CASE}/history`)).text
    assert.equal(history.match(/Wrong address at a link/g)?.length, 5)
    assert.doesNotMatch(history, /no address|or true/, 'what was typed is not kept')
  })

  it('until the end of its last day', async () => {
    const { link } = await fresh()
    at.setToday(LAST)
    assert.equal((await at.visitor.get(link)).status, 200)
    at.setToday('2023-12-05')
    const was = await at.fingerprint()
    assert.equal((await at.visitor.get(link)).status, 410)
    assert.equal((await at.visitor.post(link, { email: HEAD })).status, 410)
    assert.equal((await at.visitor.post(link, { email: 'wrong' })).status, 410)
    assert.equal(await at.fingerprint(), was)
    assert.equal((await newest())?.why, 'Its last day has passed')
  })

  it('not after a newer one was sent, nor after it was revoked, which ends what it opened', async () => {
    const first = await fresh()
    const second = await fresh()
    assert.equal((await at.visitor.get(first.link)).status, 410)
    const head = await at.open(second.link, HEAD)
    assert.equal((await head.get(`/cases/${CASE}`)).status, 200)
    const id = (await newest())?.id
    assert.equal((await rdp.post(`/cases/${CASE}/links/${id}/revoke`, {})).status, 303)
    assert.equal((await head.get(`/cases/${CASE}`)).status, 303, 'to sign in')
    assert.equal((await head.get(`/api/v1/cases/${CASE}`)).status, 401)
    assert.equal((await newest())?.state, 'revoked')
    assert.equal((await rdp.postJson(`/api/v1/cases/${CASE}/links/${id}/revoke`, {})).status, 409)
    assert.equal((await rdp.postJson(`/api/v1/cases/C-0902/links/${id}/revoke`, {})).status, 404, 'of another case')

    const { link } = await fresh()
    const unused = (await newest())?.id
    const la = await at.as('head-900016')
    assert.equal((await la.postJson(`/api/v1/cases/${CASE}/links/${unused}/revoke`, {})).status, 404)
    assert.equal((await rdp.postJson(`/api/v1/cases/${CASE}/links/${unused}/revoke`, {})).status, 200)
    assert.equal((await at.visitor.post(link, { email: HEAD })).status, 410)
  })

  it('not when the role has ended or the address has changed: what it opened ends too', async () => {
    const ways = [
      [
        `update role_grant set to_date = '2023-11-19' where role = 'head' and '900001' = any (scope_values)`,
        `update role_grant set to_date = null where role = 'head' and '900001' = any (scope_values)`,
        'The role ended',
      ],
      [
        `update person set email = 'new.head@example.org' where email = '${HEAD}'`,
        `update person set email = '${HEAD}' where email = 'new.head@example.org'`,
        'The e-mail address changed',
      ],
    ] as const
    for (const [change, back, why] of ways) {
      const used = await at.open((await fresh()).link, HEAD)
      const { link } = await fresh()
      assert.equal((await used.get(`/cases/${CASE}`)).status, 200)
      await run(change)
      assert.equal((await at.visitor.get(link)).status, 410, why)
      assert.equal((await at.visitor.post(link, { email: HEAD })).status, 410)
      assert.equal((await at.visitor.post(link, { email: 'new.head@example.org' })).status, 410)
      assert.equal((await used.get(`/cases/${CASE}`)).status, 303, why)
      assert.equal((await newest())?.why, why)
      await run(back)
    }
  })

  it('not when a letter left after it was ended: nothing goes', async () => {
    await rdp.postJson(`/api/v1/cases/${CASE}/steps/engage/links`, {})
    await rdp.postJson(`/api/v1/cases/${CASE}/links/${(await newest())?.id}/revoke`, {})
    const letter = (await at.letters(CASE)).at(-1)
    assert.equal(letter?.state, 'bounced')
    assert.match(letter?.body ?? '', /\(only-in-the-letter-itself\)/)
  })
})
