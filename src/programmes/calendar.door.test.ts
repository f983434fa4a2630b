import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { startTestService, type TestService } from '../../world/test-service.ts'

let service: TestService
before(async () => {
  service = await startTestService({ today: '2023-11-06', world: true })
})
after(() => service.close())

const REF = 'tsi@2023-24'
type Answer = {
  due: { due: string; unit: string; bankHolidays: string[] } | null
  terms: { from: string }[]
  own: boolean
}

async function due(from: string, limit: string): Promise<string | undefined> {
  const answer = await service.get(`/api/v1/programmes/${REF}/calendar?from=${from}&limit=${encodeURIComponent(limit)}`)
  return answer.json<Answer>().due?.due
}

test('TSI-084 days of the programme are working days, weeks calendar weeks, and the day of the event is day 0', async () => {
  assert.equal(await due('2023-11-06', '3 days'), '2023-11-09')
  assert.equal(await due('2023-11-06', '5 days'), '2023-11-13')
  assert.equal(await due('2023-11-06', '10 days'), '2023-11-20')
  assert.equal(await due('2023-11-06', '4 weeks'), '2023-12-04')
  assert.equal(await due('2024-03-28', '5 days'), '2024-04-08')
})

test('the page says the day in words, what was not counted and the term', async () => {
  const page = await service.get(`/programmes/${REF}/calendar?from-day=28&from-month=3&from-year=2024&limit=5+days`)
  assert.match(page.text, /Due on Monday 8 April 2024/)
  assert.match(page.text, /bank holidays among them: 29 March 2024, 1 April 2024/)
})

test('a wrong day and a wrong limit are refused alike at page and API, and what was typed stays', async () => {
  const page = await service.get(`/programmes/${REF}/calendar?from-day=30&from-month=2&from-year=2024&limit=soon`)
  const api = await service.get(`/api/v1/programmes/${REF}/calendar?from=2024-02-30&limit=soon`)
  assert.equal(page.status, 422)
  assert.equal(api.status, 422)
  for (const { message } of api.json<{ refusals: { message: string }[] }>().refusals)
    assert.ok(page.text.includes(message), message)
  assert.match(page.body, /value="soon"/)
})

test('an authority gets its own terms and gives them back; the programme keeps its own', async () => {
  const authority =
    (await service.database.pool.query<{ code: string }>('select code from authority order by code limit 1')).rows[0]
      ?.code ?? ''
  const address = `/api/v1/programmes/${REF}/calendar`
  const own = {
    authority,
    'autumn-from': '2023-09-01',
    'autumn-to': '2023-12-21',
    'spring-from': '2024-01-03',
    'spring-to': '2024-03-22',
    'summer-from': '2024-04-08',
    'summer-to': '2024-07-19',
  } // prettier-ignore
  assert.equal((await service.postJson(address, { ...own, 'spring-from': '2023-12-01' })).status, 422)
  assert.equal((await service.postJson(address, own)).status, 201)
  const kept = (await service.get(`${address}?authority=${authority}`)).json<Answer>()
  assert.deepEqual([kept.own, kept.terms[0]?.from], [true, '2023-09-01'])
  assert.equal((await service.get(address)).json<Answer>().terms[0]?.from, '2023-09-04')
  assert.equal((await service.postJson(address, { authority })).status, 201)
  assert.equal((await service.get(`${address}?authority=${authority}`)).json<Answer>().own, false)
  assert.equal((await service.postJson(address, { authority: 'nowhere' })).status, 404)
})

test('terms that somebody else saved meanwhile are not written over: 409, and what was typed is kept', async () => {
  const listed = await service.database.pool.query<{ code: string }>(
    `select min(code) as code from authority where region is not null`,
  )
  const authority = listed.rows[0]?.code ?? ''
  const page = `/programmes/${REF}/calendar`
  const shown = await service.get(`${page}?authority=${authority}`)
  const version = /name="version" value="(\d+)"/.exec(shown.body)?.[1] ?? ''
  assert.ok(version)
  const typed = {
    authority,
    version,
    ...Object.fromEntries(
      shown.body
        .matchAll(/name="([a-z-]+-(?:from|to))"[^>]*value="([\d-]+)"/g)
        .map((found) => [found[1] ?? '', found[2] ?? '']),
    ),
  }
  assert.equal((await service.post(page, typed)).status, 303)
  const autumn = { ...typed, 'autumn-from': '2023-09-06' }
  const late = await service.post(page, autumn)
  assert.equal(late.status, 409)
  assert.match(late.text, /Somebody else saved these terms/)
  assert.match(late.body, /name="autumn-from"[^>]*value="2023-09-06"/)
  const api = await service.postJson(`/api/v1/programmes/${REF}/calendar`, autumn)
  assert.deepEqual([api.status, api.json<{ refusals: { code: string }[] }>().refusals[0]?.code], [409, 'moved-on'])
  const again = /name="version" value="(\d+)"/.exec(late.body)?.[1] ?? ''
  assert.equal((await service.post(page, { ...autumn, version: again })).status, 303)
})

test('LLN-007 six terms a year are dated by an administrator, in order and apart; the second shows no work of the cycle', async () => {
  const page = '/programmes/lln@2026-27/calendar'
  const authority = 'LA-NE'
  const dates = {
    t1: ['2026-09-01', '2026-10-23'],
    t2: ['2026-11-02', '2026-12-18'],
    t3: ['2027-01-04', '2027-02-12'],
    t4: ['2027-02-22', '2027-03-25'],
    t5: ['2027-04-13', '2027-05-22'],
    t6: ['2027-06-07', '2027-07-23'],
  }
  const typed = {
    authority,
    ...Object.fromEntries(
      Object.entries(dates).flatMap(([id, [from = '', to = '']]) => [
        [`${id}-from`, from],
        [`${id}-to`, to],
      ]),
    ),
  }
  assert.equal((await service.post(page, typed)).status, 303)
  const held = async () =>
    (await service.get(`/api/v1${page}?authority=${authority}`)).json<{
      own: boolean
      terms: { id: string; name: string; from: string; to: string; duties: string[] }[]
    }>()
  const saved = await held()
  assert.equal(saved.own, true)
  assert.deepEqual(Object.fromEntries(saved.terms.map(({ id, from, to }) => [id, [from, to]])), dates)

  const wrong: [Record<string, string>, RegExp, string][] = [
    [{ 't2-from': '2026-10-20' }, /Term 2 must begin after Term 1 ends/, 't2-from'],
    [{ 't3-to': '2027-01-03' }, /Term 3 must end after it begins/, 't3-to'],
    [{ 't6-from': '', 't6-to': '' }, /Term 6: the first day must be a date/, 't6-from'],
    [
      { 't7-from': '2027-07-26', 't7-to': '2027-07-30' },
      /A year of this programme has 6 terms: t7 is none of them/,
      't7-from',
    ],
    [{ 't4-to': '2028-03-25' }, /Term 4 must lie in the academic year 2026-27/, 't4-to'],
    [{ 't2-from': '2027-02-15', 't2-to': '2027-02-19' }, /Term 3 must begin after Term 2 ends/, 't3-from'],
  ]
  for (const [change, words, field] of wrong) {
    const refused = await service.post(page, { ...typed, ...change })
    assert.equal(refused.status, 422)
    assert.match(refused.text, words)
    const api = await service.postJson(`/api/v1${page}`, { ...typed, ...change })
    assert.equal(api.json<{ refusals: { field: string }[] }>().refusals[0]?.field, field)
    assert.deepEqual(await held(), saved)
  }
  assert.match(
    (await service.post(page, { ...typed, 't2-from': '2026-10-20' })).body,
    /name="t2-from"[^>]*value="2026-10-20"/,
  )

  const counts = saved.terms.map(({ name, duties }) => [name, duties.length > 0])
  assert.deepEqual(
    counts,
    [1, 2, 3, 4, 5, 6].map((term) => [`Term ${term}`, term !== 2]),
  )
  assert.match(
    (await service.get(page)).text,
    /Term 2 2 November 2026 18 December 2026 Nothing of the year’s cycle Term 3/,
  )
  const { cookie } = await service.postJson('/demo/sign-in', { person: 'lama-1' })
  assert.equal((await service.as(cookie).post(page, typed)).status, 403)
})
