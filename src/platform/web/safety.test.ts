import assert from 'node:assert/strict'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import type { FastifyInstance, InjectOptions } from 'fastify'
import pg from 'pg'
import { machineActor } from '../actor.ts'
import { prepareAssets } from './assets.ts'
import { createRenderer } from './page.ts'
import { json, page, type Route, redirect } from './route.ts'
import { plainFileName } from './safety.ts'
import { readSafetySettings, type SafetySettings } from './safety-settings.ts'
import { createServer } from './server.ts'

const assets = await prepareAssets(join(tmpdir(), 'alongside-test-assets'))
const render = createRenderer(assets, { navigation: [], version: 'test', notice: () => null })
const AWAY = '203.0.113.9'

/** A service with one page, one form and two faults; `log` collects what it writes, `saved` what its form kept. */
async function openDoor(change: Partial<SafetySettings> = {}) {
  const log: Record<string, unknown>[] = []
  const saved: unknown[] = []
  const safety = { ...readSafetySettings({}), writeLog: (line: string) => log.push(JSON.parse(line)), ...change }
  const read = { method: 'GET', allow: 'everyone', audit: null } as const
  const save = { method: 'POST', allow: 'everyone', audit: 'SAVE' } as const
  const keep: Route['handle'] = ({ body, uploads }) => {
    saved.push({ ...body, files: Object.keys(uploads) })
    return redirect('/done')
  }
  const routes: Route[] = [
    { ...read, path: '/people/:name', handle: () => page('platform/web/message.njk', { title: 'One', lines: [] }) },
    { ...save, path: '/form', handle: keep },
    { ...save, path: '/secret/:token', secretAddress: true, handle: keep },
    { ...save, path: '/api/v1/form', handle: keep },
    { ...read, path: '/api/v1/one', handle: () => json({ one: 1 }) },
    {
      ...read,
      path: '/broken/:name',
      handle: () => {
        throw new TypeError('nothing is where something should be')
      },
    },
    {
      ...read,
      path: '/api/v1/broken',
      handle: () => {
        throw Object.assign(new pg.DatabaseError('duplicate key (name)=(Ada Typed)', 1, 'error'), { code: '23505' })
      },
    },
  ]
  const authenticate = async () => machineActor('Trial', 'system')
  const server = await createServer({ routes, assets, render, waiting: () => null, authenticate, safety })
  return { server, log, saved }
}

const send = (server: FastifyInstance, headers: Record<string, string>, url = '/form') =>
  server.inject({ method: 'POST', url, payload: { a: '1' }, headers })

test('a form is taken from a page of ours or from a program, and from no other website', async () => {
  const { server, saved, log } = await openDoor()
  const taken = [
    { 'sec-fetch-site': 'same-origin', origin: 'http://localhost:80' },
    { 'sec-fetch-site': 'none' },
    { origin: 'http://localhost:3000', host: 'localhost:3000' },
    { origin: 'http://127.0.0.1:3000', host: '127.0.0.1:3000' },
    {},
  ]
  for (const headers of taken) assert.equal((await send(server, headers)).statusCode, 303, JSON.stringify(headers))
  const refused = [
    { 'sec-fetch-site': 'cross-site', origin: 'https://elsewhere.example' },
    { 'sec-fetch-site': 'same-site', origin: 'http://localhost:4000' },
    // Without Sec-Fetch-Site (an old browser, or plain HTTP under a name) the origin decides.
    { origin: 'https://elsewhere.example' },
    { origin: 'http://localhost:4000', host: 'localhost:3000' },
    { origin: 'null' },
    // A word that no browser sends opens nothing, even with a right origin.
    { 'sec-fetch-site': 'friendly', origin: 'http://localhost:3000', host: 'localhost:3000' },
  ]
  for (const headers of refused) {
    const answer = await send(server, headers)
    assert.equal(answer.statusCode, 403, JSON.stringify(headers))
    assert.match(answer.body, /sent from another website/)
    const api = await send(server, headers, '/api/v1/form')
    assert.equal(api.json().refusals[0].code, 'form.foreign')
  }
  assert.equal(saved.length, taken.length)
  assert.equal(log.length, refused.length * 2)
  await server.close()
})

test('the form of an address that is a secret needs no origin, which its page may not tell, and still none of another site', async () => {
  const { server } = await openDoor()
  const post = async (url: string, headers: Record<string, string>) => (await send(server, headers, url)).statusCode
  assert.equal(await post('/secret/1', { origin: 'null' }), 303)
  assert.equal(await post('/form', { origin: 'null' }), 403)
  for (const headers of [
    { origin: 'https://elsewhere.example' },
    { origin: 'null', 'sec-fetch-site': 'cross-site' },
    { origin: 'null', 'sec-fetch-site': 'same-site' },
  ])
    assert.equal(await post('/secret/1', headers), 403, JSON.stringify(headers))
  await server.close()
})

test('reading is open to links from anywhere', async () => {
  const { server } = await openDoor()
  const headers = { 'sec-fetch-site': 'cross-site', origin: 'https://elsewhere.example' }
  assert.equal((await server.inject({ url: '/people/one', headers })).statusCode, 200)
  await server.close()
})

test('the service answers under its own names only', async () => {
  const { server } = await openDoor()
  const under = async (host: string) => (await server.inject({ url: '/people/one', headers: { host } })).statusCode
  for (const host of ['localhost', 'localhost:3000', '127.0.0.1:3000', '[::1]:3000'])
    assert.equal(await under(host), 200, host)
  for (const host of [
    'elsewhere.example',
    'localhost.elsewhere.example',
    '127.0.0.1.elsewhere.example:3000',
    '10.0.0.1',
  ])
    assert.equal(await under(host), 421, host)
  await server.close()
  const named = await openDoor(readSafetySettings({ ALONGSIDE_ORIGIN: 'https://alongside.example' }))
  const answer = await named.server.inject({ url: '/people/one', headers: { host: 'alongside.example' } })
  assert.equal(answer.statusCode, 200)
  assert.match(String(answer.headers['strict-transport-security']), /max-age=31536000/)
  const form = { host: 'alongside.example', origin: 'https://alongside.example' }
  assert.equal((await send(named.server, form)).statusCode, 303)
  await named.server.close()
})

test('who asks too often is asked to wait: changes sooner than reading, each address by itself, this machine never', async () => {
  const { server, log } = await openDoor({ requestsPerMinute: 10 })
  const ask = (options: InjectOptions) => server.inject({ url: '/people/one', remoteAddress: AWAY, ...options })
  const change: InjectOptions = { method: 'POST', url: '/form', payload: { a: '1' } }
  for (let count = 0; count < 10; count += 1) assert.equal((await ask({})).statusCode, 200)
  const late = await ask({})
  assert.equal(late.statusCode, 429)
  assert.ok(Number(late.headers['retry-after']) > 0)
  assert.match(late.body, /Too many requests came from your address/)
  assert.equal((await ask({ remoteAddress: '203.0.113.10' })).statusCode, 200)
  assert.equal((await ask(change)).statusCode, 303)
  assert.equal((await ask(change)).statusCode, 303)
  const api = await ask({ ...change, url: '/api/v1/form' })
  assert.equal(api.statusCode, 429)
  assert.equal(api.json().refusals[0].code, 'rate.limit')
  for (let count = 0; count < 30; count += 1) assert.equal((await ask({ remoteAddress: '127.0.0.1' })).statusCode, 200)
  assert.doesNotMatch(JSON.stringify(log), /203\.0\.113/)
  await server.close()
})

test('behind a proxy the address is that of who asks, and only then', async () => {
  const asked: InjectOptions = { url: '/people/one', headers: { 'x-forwarded-for': AWAY } }
  const behind = await openDoor({ requestsPerMinute: 1, trustProxy: true })
  assert.equal((await behind.server.inject(asked)).statusCode, 200)
  assert.equal((await behind.server.inject(asked)).statusCode, 429)
  await behind.server.close()
  const open = await openDoor({ requestsPerMinute: 1 })
  const forged = { ...asked, remoteAddress: AWAY, headers: { 'x-forwarded-for': '127.0.0.1' } }
  await open.server.inject(forged)
  assert.equal((await open.server.inject(forged)).statusCode, 429)
  await open.server.close()
})

test('every answer has its number, and a fault tells the reader that and the log no name, query or value', async () => {
  const { server, log } = await openDoor({ log: 'all' })
  const fine = await server.inject('/people/Ada%20Typed?q=Ada')
  assert.match(String(fine.headers['x-request-id']), /^[0-9a-f-]{36}$/)
  const fault = await server.inject('/broken/Ada%20Typed?q=Ada')
  assert.equal(fault.statusCode, 500)
  assert.match(fault.body, new RegExp(`Reference for whoever runs the service: ${fault.headers['x-request-id']}`))
  assert.doesNotMatch(fault.body, /nothing is where|safety\.test/)
  const api = await server.inject('/api/v1/broken?q=Ada')
  assert.equal(api.json().instance, `urn:uuid:${api.headers['x-request-id']}`)
  assert.equal((await server.inject('/none/Ada?q=Ada')).statusCode, 404)
  const text = JSON.stringify(log)
  assert.doesNotMatch(text, /Ada/)
  const own = log.filter(({ requestId }) => requestId === fault.headers['x-request-id'])
  assert.deepEqual(
    own.map(({ error, route, status }) => ({ error, route, status })),
    [
      { error: 'TypeError', route: undefined, status: undefined },
      { error: undefined, route: '/broken/:name', status: 500 },
    ],
  )
  assert.ok(log.some(({ error, code }) => error === 'DatabaseError' && code === '23505'))
  await server.close()
})

test('headers: own content only, no inline script, no frame, no copies, nothing told to other sites', async () => {
  const { server } = await openDoor()
  const { headers, body } = await server.inject('/people/one')
  const policy = String(headers['content-security-policy'])
  const nonce = /script-src 'nonce-([^']+)'/.exec(policy)?.[1] ?? ''
  assert.ok(nonce.length >= 22)
  for (const rule of [
    "default-src 'self'",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ])
    assert.ok(policy.includes(rule), rule)
  assert.doesNotMatch(policy, /unsafe-inline|unsafe-eval|\*/)
  assert.equal(headers['x-content-type-options'], 'nosniff')
  assert.equal(headers['referrer-policy'], 'same-origin')
  assert.equal(headers['cache-control'], 'no-store')
  assert.equal(headers['cross-origin-opener-policy'], 'same-origin')
  assert.equal(headers['cross-origin-resource-policy'], 'same-origin')
  assert.equal(headers['x-powered-by'], undefined)
  assert.equal(headers['strict-transport-security'], undefined)
  const scripts = [...body.matchAll(/<script[^>]*>/g)].map(([tag]) => tag)
  assert.ok(scripts.length > 0)
  for (const tag of scripts) assert.ok(tag.includes(`nonce="${nonce}"`), tag)
  assert.notEqual(String((await server.inject('/people/one')).headers['content-security-policy']), policy)
  assert.equal((await server.inject('/api/v1/one')).headers['cache-control'], 'no-store')
  const asset = await server.inject(assets.pathOf('alongside.css'))
  assert.match(String(asset.headers['cache-control']), /immutable/)
  await server.close()
})

test('a body, a file or a number of fields beyond the limit is refused, and nothing reaches the route', async () => {
  const { server, saved } = await openDoor()
  const long = await server.inject({ method: 'POST', url: '/form', payload: { a: 'x'.repeat(3 * 1024 * 1024) } })
  assert.equal(long.statusCode, 413)
  const boundary = 'boundary-of-parts'
  const parts = (body: Buffer): InjectOptions => ({
    method: 'POST',
    url: '/form',
    headers: { 'content-type': `multipart/form-data; boundary=${boundary}` },
    payload: Buffer.concat([
      Buffer.from(`--${boundary}\r\ncontent-disposition: form-data; name="file"; filename="a.csv"\r\n\r\n`),
      body,
      Buffer.from(`\r\n--${boundary}--\r\n`),
    ]),
  })
  const file = await server.inject(parts(Buffer.alloc(64 * 1024 * 1024 + 1, 'a')))
  assert.equal(file.statusCode, 413)
  assert.match(file.body, /The limit is 64 MB/)
  assert.deepEqual(saved, [])
  assert.equal((await server.inject(parts(Buffer.from('URN\n900001\n')))).statusCode, 303)
  const odd = await server.inject({
    method: 'POST',
    url: '/form',
    payload: '<a/>',
    headers: { 'content-type': 'text/xml' },
  })
  assert.equal(odd.statusCode, 415)
  await server.close()
})

test('figures are off unless asked for, then for this machine only and without names', async () => {
  const off = await openDoor()
  assert.equal((await off.server.inject('/metrics')).statusCode, 404)
  await off.server.close()
  const on = await openDoor({ metrics: true })
  await on.server.inject('/people/Ada')
  assert.equal((await on.server.inject({ url: '/metrics', remoteAddress: AWAY })).statusCode, 404)
  const { body, statusCode } = await on.server.inject('/metrics')
  assert.equal(statusCode, 200)
  assert.match(body, /alongside_http_request_seconds_count\{method="GET",route="\/people\/:name",status="200"\} 1/)
  assert.doesNotMatch(body, /Ada/)
  await on.server.close()
})

test('a setting that cannot be right is refused at the start', () => {
  const wrong = [
    { ALONGSIDE_ORIGIN: 'alongside.example' },
    { ALONGSIDE_ORIGIN: 'https://alongside.example/path' },
    { ALONGSIDE_RATE_LIMIT: 'many' },
    { ALONGSIDE_METRICS: 'yes' },
    { ALONGSIDE_LOG: 'everything' },
  ]
  for (const env of wrong) assert.throws(() => readSafetySettings(env), /must be/, JSON.stringify(env))
})

test('an address that is none, or very long, is refused in words', async () => {
  const { server } = await openDoor()
  const page = await server.inject('/people/%zz')
  assert.equal(page.statusCode, 400)
  assert.equal(page.body, 'This address cannot be read.')
  assert.equal((await server.inject('/api/v1/%zz')).json().refusals[0].code, 'unreadable')
  assert.equal((await server.inject(`/people/${'x'.repeat(5_000)}`)).statusCode, 200)
  await server.close()
})

test('a sign that no database keeps is refused wherever it stands', async () => {
  const { server, saved } = await openDoor()
  assert.equal((await server.inject('/people/a%00b')).statusCode, 400)
  assert.equal((await server.inject('/people/a?q=%00')).statusCode, 400)
  for (const payload of ['{"a":"\\u0000"}', '{"a":{"b":["\\ud800"]}}', '{"\\u0000":1}']) {
    const headers = { 'content-type': 'application/json' }
    const answer = await server.inject({ method: 'POST', url: '/api/v1/form', payload, headers })
    assert.equal(answer.json().refusals[0].code, 'text.unstorable', payload)
  }
  assert.deepEqual(saved, [])
  await server.close()
})

test('the name of an upload is only ever a name', () => {
  const plain: Record<string, string> = {
    'edubasealldata20231120.csv': 'edubasealldata20231120.csv',
    'Schools (June 2026).csv.gz': 'Schools (June 2026).csv.gz',
    '../../etc/passwd': 'passwd',
    'C:\\Users\\Ada\\leaders.csv': 'leaders.csv',
    'a\0b\n.csv': 'a-b-.csv',
    '..': 'upload',
    '': 'upload',
    'folder/': 'upload',
  }
  for (const [given, name] of Object.entries(plain)) assert.equal(plainFileName(given), name, given)
  assert.ok(Buffer.byteLength(plainFileName(`${'\u00e9'.repeat(5_000)}20231120.csv`)) <= 255)
  assert.match(plainFileName(`${'x'.repeat(5_000)}20231120.csv`), /20231120\.csv$/)
})
