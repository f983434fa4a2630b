import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { startTestService, type TestService } from '../world/test-service.ts'

let service: TestService
let origin = ''
before(async () => {
  service = await startTestService({ world: true })
  origin = await service.listen()
})
after(() => service.close())

async function ask(path: string, init: RequestInit = {}) {
  const answer = await fetch(`${origin}${path}`, { redirect: 'manual', ...init })
  return { status: answer.status, type: answer.headers.get('content-type') ?? '', body: await answer.text() }
}

describe('what is not there', () => {
  test('an address without a page, and a record that nobody holds, answer 404 with a page that says so', async () => {
    const wrong = [
      '/no-such-page',
      '/schools/123456',
      '/schools/12',
      '/trusts/none',
      '/authorities/none',
      '/programmes/none',
      '/eligibility/none',
      '/eligibility-runs/77',
      '/leaders/none',
      '/leaders/L-01/interests/77/withdraw',
      '/matching/77',
      '/matching/77/compare?with=78',
      '/about-the-data/none',
    ]
    for (const path of wrong) {
      const { status, type, body } = await ask(path)
      assert.equal(status, 404, path)
      assert.match(type, /^text\/html/, path)
      assert.match(body, /<h1 class="govuk-heading-l">Page not found<\/h1>/, path)
    }
  })

  test('a way in that does not take the method answers a page too, and the API problem details', async () => {
    for (const [method, path] of [
      ['POST', '/schools'],
      ['PUT', '/leaders/L-01'],
      ['DELETE', '/matching'],
    ]) {
      const { status, type } = await ask(path ?? '', { ...(method && { method }) })
      assert.ok(status === 404 || status === 405, `${method} ${path} answered ${status}`)
      assert.match(type, /^text\/html/, `${method} ${path}`)
    }
    const api = await ask('/api/v1/schools', { method: 'DELETE' })
    assert.match(api.type, /^application\/problem\+json/)
  })

  test('the API answers problem details for everything that goes wrong', async () => {
    const json = { 'content-type': 'application/json' }
    const wrong: [path: string, status: number, init?: RequestInit][] = [
      ['/api/v1/no-such-thing', 404],
      ['/api/v1/schools/123456', 404],
      ['/api/v1/trusts/none', 404],
      ['/api/v1/authorities/none', 404],
      ['/api/v1/programmes/none', 404],
      ['/api/v1/eligibility/none', 404],
      ['/api/v1/eligibility/tsi@2023-24?on=2023-02-31', 422],
      ['/api/v1/eligibility-runs/77', 404],
      ['/api/v1/leaders/none', 404],
      ['/api/v1/matching/77', 404],
      ['/api/v1/leaders', 422, { method: 'POST', headers: json, body: '{}' }],
      ['/api/v1/matching', 422, { method: 'POST', headers: json, body: '{}' }],
      ['/api/v1/leaders', 400, { method: 'POST', headers: json, body: '{"name": ' }],
      ['/api/v1/leaders', 415, { method: 'POST', headers: { 'content-type': 'text/turtle' }, body: 'x' }],
    ]
    for (const [path, expected, init] of wrong) {
      const { status, type, body } = await ask(path, init)
      assert.equal(status, expected, `${path}: ${body}`)
      assert.match(type, /^application\/problem\+json/, path)
      const problem: { title: string; status: number; refusals: { code: string; message: string }[] } = JSON.parse(body)
      assert.equal(problem.status, status)
      assert.ok(problem.title && problem.refusals.every(({ code, message }) => code && message), `${path}: ${body}`)
    }
  })
})

describe('what every answer keeps to', () => {
  test('a page may load from the service alone, is kept by nobody, and stands in no frame', async () => {
    const { headers } = await fetch(`${origin}/`)
    const policy = headers.get('content-security-policy') ?? ''
    assert.match(policy, /default-src 'self'/)
    assert.match(policy, /frame-ancestors 'none'/)
    assert.doesNotMatch(policy, /unsafe/)
    assert.equal(headers.get('cache-control'), 'no-store')
    assert.equal(headers.get('x-content-type-options'), 'nosniff')
  })
})
