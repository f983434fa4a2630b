import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { startTestService, type TestService } from '../../world/test-service.ts'
import { readServiceDetails } from './service-details.ts'

let service: TestService
before(async () => {
  service = await startTestService({ today: '2026-06-01' })
})
after(() => service.close())

const KEY = '11111111-2222-4333-8444-555555555555'
const count = async () => Number((await service.database.pool.query('select count(*) as n from feedback')).rows[0].n)

test('the footer of every page leads to what a public service owes its users', async () => {
  const { body } = await service.get('/help')
  for (const path of [
    '/help',
    '/about-the-data',
    '/feedback',
    '/accessibility',
    '/cookies',
    '/privacy',
    '/release-notes',
  ]) {
    assert.match(body, new RegExp(`govuk-footer__link" href="${path}`), path)
    assert.equal((await service.get(path)).status, 200, path)
  }
})

test('feedback is kept once however often its form is sent, with a receipt that can be kept', async () => {
  const before = await count()
  const fields = { form: KEY, rating: 'satisfied', improvement: ' More maps\r\nplease ', part: 'schools' }
  const first = await service.post('/feedback', fields)
  const again = await service.post('/feedback', fields)
  assert.equal(first.status, 303)
  assert.equal(again.location, first.location)
  assert.equal(await count(), before + 1)
  const receipt = await service.get(first.location)
  assert.match(receipt.text, /Feedback received Your reference ?\d+/)
  assert.doesNotMatch(receipt.text, /More maps/)
  assert.match((await service.get('/feedback/received')).text, /Satisfied schools More maps please/)
  assert.match((await service.get('/feedback/received.csv')).body, /Satisfied,schools,"More maps\nplease"/)
})

test('what is wrong with feedback is told at page and API with the same codes, what was typed stays, nothing is kept', async () => {
  const before = await count()
  const page = await service.post('/feedback', { rating: '', improvement: 'Ask me@example.org <b>' })
  assert.equal(page.status, 422)
  assert.match(page.text, /There is a problem Select how satisfied you are with the service Take out e-mail addresses/)
  assert.match(page.body, /Ask me@example\.org &lt;b&gt;/)
  const api = await service.postJson('/api/v1/feedback', { improvement: 'Ask me@example.org' })
  assert.equal(api.status, 422)
  const { refusals } = api.json<{ refusals: { code: string }[] }>()
  assert.deepEqual(
    refusals.map(({ code }) => code),
    ['rating.missing', 'improvement.personal'],
  )
  assert.equal(await count(), before)
})

test('the API keeps and lists feedback', async () => {
  const kept = await service.postJson('/api/v1/feedback', { rating: 'dissatisfied', improvement: 'From a script' })
  assert.equal(kept.status, 201)
  const { feedback } = (await service.get('/api/v1/feedback')).json<{ feedback: { improvement: string }[] }>()
  assert.equal(feedback[0]?.improvement, 'From a script')
})

test('a receipt that is not there answers 404', async () => {
  for (const reference of ['0', 'x', '99999999999', '1%20or%201'])
    assert.equal((await service.get(`/feedback/${reference}/thanks`)).status, 404, reference)
})

test('security.txt says where to report, leads to a department’s own, or says that nobody set a contact', async () => {
  const unset = await service.get('/.well-known/security.txt')
  assert.equal(unset.status, 404)
  assert.match(unset.body, /SECURITY\.md/)
  const own = await startTestService({
    today: '2026-06-01',
    details: readServiceDetails({
      ALONGSIDE_SECURITY_CONTACT: 'https://example.org/report',
      ALONGSIDE_ORGANISATION: 'Trial <Body>',
    }),
  })
  const set = await own.get('/.well-known/security.txt')
  assert.equal(set.status, 200)
  assert.match(set.body, /^Contact: https:\/\/example\.org\/report\nExpires: 2026-08-30T00:00:00Z/)
  assert.match((await own.get('/privacy')).body, /Trial &lt;Body&gt; is the controller/)
  await own.close()
  const elsewhere = await startTestService({
    details: readServiceDetails({ ALONGSIDE_SECURITY_TXT: 'https://vdp.example.org/.well-known/security.txt' }),
  })
  assert.equal(
    (await elsewhere.get('/.well-known/security.txt')).location,
    'https://vdp.example.org/.well-known/security.txt',
  )
  assert.equal((await elsewhere.get('/thanks.txt')).location, 'https://vdp.example.org/thanks.txt')
  await elsewhere.close()
})

test('no page sets a cookie that the cookie page does not list', async () => {
  const listed = (await service.get('/cookies')).text
  const paths = service.routes
    .filter(({ method, path }) => method === 'GET' && !path.includes(':'))
    .map(({ path }) => path)
  for (const path of paths)
    for (const name of (await service.get(path)).cookies) assert.ok(listed.includes(name), `${path} sets ${name}`)
})
