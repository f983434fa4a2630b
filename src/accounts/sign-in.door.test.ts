import assert from 'node:assert/strict'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import type { FastifyInstance } from 'fastify'
import { fixedClock } from '../../world/test-service.ts'
import { createApp, deliveryOf, rolesOf } from '../app.ts'
import { readServiceDetails } from '../information/index.ts'
import { machineActor } from '../platform/actor.ts'
import { type TestDatabase, testDatabase } from '../platform/test-database.ts'
import { readSafetySettings } from '../platform/web/safety-settings.ts'
import { invite } from './people.ts'
import { openProvider, readProviderSettings } from './provider.ts'
import { SESSION_COOKIE } from './session.ts'
import { CLIENT, startTestProvider, type TestProvider } from './test-provider.ts'

let provider: TestProvider
let database: TestDatabase
let server: FastifyInstance
const clock = fixedClock('2026-11-20')
const roles = rolesOf([])

before(async () => {
  provider = await startTestProvider()
  database = await testDatabase()
  server = await createApp({
    database,
    clock,
    packs: [],
    demonstration: false,
    delivery: deliveryOf({ database, demonstration: false, clock, packs: [] }),
    inventedEngland: { isLoaded: async () => false, load: async () => undefined },
    cacheFolder: join(tmpdir(), 'alongside-test-assets'),
    details: readServiceDetails({}),
    provider: openProvider({ ...CLIENT, issuer: provider.issuer }),
    safety: readSafetySettings({ ALONGSIDE_ORIGIN: 'https://alongside.test' }),
  })
})
after(async () => {
  await server.close()
  await database.close()
  await provider.close()
})

async function inviteAs(email: string) {
  const grant = { programme: null, role: 'administrator', scopeKind: 'national', scopeValues: [] } as const
  const by = machineActor('Command line', 'command line')
  const asked = { email, name: 'A Person', organisationId: null, grant: { ...grant, from: '2026-11-01', to: null }, by }
  const invited = await invite({ database, clock, roles }, asked)
  assert.ok(invited.ok)
  return invited.value
}

type Step = { status: number; location: string; body: string; cookies: Record<string, string> }
async function ask(url: string, cookies: Record<string, string> = {}): Promise<Step> {
  const { statusCode, headers, body, ...answer } = await server.inject({ url, cookies })
  const set = Object.fromEntries(answer.cookies.map(({ name, value }) => [name, value]))
  return { status: statusCode, location: String(headers.location ?? ''), body, cookies: set }
}

/** From the service to the provider and back, in one browser; `start` is where it begins. */
async function signIn(email: string, start = '/sign-in/start?return=/account', confirmed = true): Promise<Step> {
  provider.signsInAs(email, confirmed)
  const begun = await ask(start)
  assert.equal(begun.status, 303, begun.body)
  const back = new URL(await provider.follow(begun.location))
  assert.equal(back.origin, CLIENT.publicUrl)
  return ask(`${back.pathname}${back.search}`, begun.cookies)
}

async function peopleOf(email: string): Promise<unknown[]> {
  const { rows } = await database.pool.query('select state, subject from person where lower(email) = lower($1)', [
    email,
  ])
  return rows
}

describe('Signing in with a provider', () => {
  it('opens a session for an invited address, once and for every later time', async () => {
    await inviteAs('first.person@example.org')
    const first = await signIn('First.Person@example.org')
    assert.equal(first.location, '/account')
    const account = await ask('/account', first.cookies)
    assert.equal(account.status, 200)
    assert.match(account.body, /Administrator for all of England/)
    assert.equal((await signIn('first.person@example.org')).location, '/account')
    assert.deepEqual(await peopleOf('first.person@example.org'), [
      { state: 'active', subject: 'subject-of-first.person@example.org' },
    ])
  })

  it('stops whoever was invited under one address and signs in with another, in words, and merges nothing', async () => {
    const { code } = await inviteAs('invited@example.org')
    assert.match((await ask(`/invitations/${code}`)).body, /invited@example\.org/)
    const stopped = await signIn('other@example.org', `/sign-in/start?invitation=${code}`)
    assert.equal(stopped.status, 403)
    assert.match(stopped.body, /You were invited as invited@example\.org and signed in as other@example\.org/)
    assert.equal(stopped.cookies[SESSION_COOKIE], undefined)
    assert.deepEqual(await peopleOf('other@example.org'), [])
    assert.deepEqual(await peopleOf('invited@example.org'), [{ state: 'invited', subject: null }])
    assert.equal((await signIn('invited@example.org', `/sign-in/start?invitation=${code}`)).status, 303)
    assert.equal((await ask(`/invitations/${code}`)).status, 404, 'it works once')
  })

  it('stops somebody whom nobody invited, and an address that the provider does not vouch for', async () => {
    assert.match((await signIn('stranger@example.org')).body, /Nobody has invited stranger@example\.org/)
    await inviteAs('unconfirmed@example.org')
    assert.equal((await signIn('unconfirmed@example.org', '/sign-in/start', false)).status, 403)
  })

  it('stops an answer that another browser began, and one that is used again', async () => {
    await inviteAs('careful@example.org')
    provider.signsInAs('careful@example.org')
    const begun = await ask('/sign-in/start')
    const back = new URL(await provider.follow(begun.location))
    assert.equal((await ask(`${back.pathname}${back.search}`)).status, 403)
    assert.equal((await ask(`${back.pathname}${back.search}`, begun.cookies)).status, 303)
    assert.equal((await ask(`${back.pathname}${back.search}`, begun.cookies)).status, 403)
  })

  it('stops a person whose account was closed', async () => {
    const { personId } = await inviteAs('leaver@example.org')
    const session = (await signIn('leaver@example.org')).cookies
    await database.pool.query(`update person set state = 'removed' where id = $1`, [personId])
    assert.equal((await ask('/account', session)).status, 303)
    assert.match((await signIn('leaver@example.org')).body, /Nobody has invited/)
  })

  it('is the only way in: the addresses of a demonstration do not exist, and cookies travel on HTTPS only', async () => {
    for (const path of ['/demo/people', '/demo/today']) assert.equal((await ask(path)).status, 404)
    for (const url of ['/demo/sign-in', '/sign-in'])
      assert.equal((await server.inject({ method: 'POST', url, payload: { person: 'rg-all' } })).statusCode, 404, url)
    const page = await ask('/sign-in?return=%2Fleaders')
    assert.match(page.body, /href="\/sign-in\/start\?return=%2Fleaders"/)
    const start = await server.inject({ url: '/sign-in/start' })
    assert.match(String(start.headers['set-cookie']), /HttpOnly; Secure; SameSite=Lax/)
  })
})

describe('The settings of a provider', () => {
  it('stand together or not at all', () => {
    assert.equal(readProviderSettings({}), undefined)
    assert.throws(() => readProviderSettings({ OIDC_ISSUER: 'https://id.example.org' }), /together/)
    const env = { OIDC_ISSUER: 'https://id.example.org', OIDC_CLIENT_ID: 'a', OIDC_CLIENT_SECRET: 'b' }
    assert.throws(() => readProviderSettings({ ...env, ALONGSIDE_ORIGIN: 'no address' }), /together/)
    assert.equal(
      readProviderSettings({ ...env, ALONGSIDE_ORIGIN: 'https://a.example.org/' })?.publicUrl,
      'https://a.example.org',
    )
  })
})
