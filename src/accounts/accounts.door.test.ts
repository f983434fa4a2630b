import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { startTestService, type TestService } from '../../world/test-service.ts'
import type { Route } from '../platform/web/route.ts'
import { findActor, openSession, SESSION_COOKIE } from './session.ts'

let service: TestService
before(async () => {
  service = await startTestService({ today: '2023-11-22', world: true })
})
after(() => service.close())

async function signIn(person: string) {
  const answer = await service.postJson('/demo/sign-in', { person })
  assert.equal(answer.status, 200, person)
  return { token: answer.cookie, ...service.as(answer.cookie) }
}

async function idOf(person: string): Promise<number> {
  const { rows } = await service.database.pool.query<{ id: number }>(
    'select id from person where $1 = any (demonstration_ids)',
    [person],
  )
  return rows[0]?.id ?? 0
}

/** An address of the route that leads somewhere; parameters name what the invented England has. */
const PARAMETERS: Readonly<Record<string, string>> = {
  urn: '900001',
  uid: 'T-01',
  code: 'LA-NE',
  ref: 'tsi@2023-24',
  reference: 'L-01',
  need: '1',
  id: '1',
}
function addressOf({ path }: Route): string {
  return path.replaceAll(/:(\w+)/g, (_, name: string) => PARAMETERS[name] ?? '1')
}

/** Anybody signed in may ask for these, and the school or trust decides whose they are: their own tests say who sees them. */
const BY_PLACE = /^(\/api\/v1)?\/(schools\/:urn|trusts\/:uid)\/people$|^(\/api\/v1)?\/eligibility-requests\//

/** What each of them may: written out here, not read from the pack, so that a change of the pack is seen. */
const OFFICER = [
  'see-eligibility',
  'record-eligibility',
  'see-leaders',
  'edit-leaders',
  'match',
  'confirm-match',
  'see-cases',
  'start-case',
  'see-messages',
  'send-messages',
  'see-money',
  'prepare-payments',
  'give-feedback',
]
const NOT_PARTNER = ['record-eligibility', 'start-case', 'see-money', 'prepare-payments']
const PARTNER = OFFICER.filter((one) => !NOT_PARTNER.includes(one))
const MAY: Readonly<Record<string, readonly string[]>> = {
  'rg-all': OFFICER,
  'rg-ne': OFFICER,
  'rd-ne': OFFICER.filter((one) => one !== 'edit-leaders' && one !== 'prepare-payments'),
  'dp-ne': PARTNER,
  'dp-ne-2': PARTNER,
  'rg-pay': ['see-cases', 'see-money', 'prepare-payments', 'pay', 'give-feedback'],
  'L-01': ['see-cases', 'give-feedback'],
  'P-1': ['see-cases', 'give-feedback'],
  'head-900001': ['see-cases', 'give-feedback'],
  'om-900001': ['see-cases', 'give-feedback'],
  'ceo-01': ['see-cases', 'give-feedback'],
  'chair-t01': ['see-cases', 'give-feedback'],
  'la-ne': ['give-feedback'],
  'dio-1': ['give-feedback'],
  admin: ['see-eligibility', 'see-leaders', 'edit-terms', 'give-feedback', 'administer', 'audit'],
  nobody: [],
}

describe('The route table', () => {
  it('opens each route to exactly the people who may, at page and API', async () => {
    const walked = new Set<string>()
    for (const [person, may] of Object.entries(MAY)) {
      const { get } = await signIn(person)
      const isFirst = !walked.has(may.join())
      walked.add(may.join())
      for (const route of service.routes.filter(({ method }) => method === 'GET')) {
        const allowed = ['everyone', 'signed-in', ...may].includes(route.allow)
        // Whoever may do the same as somebody before gets the same pages: only what is refused is asked again.
        if (allowed && !isFirst) continue
        const { status } = await get(addressOf(route))
        if (!BY_PLACE.test(route.path))
          assert.equal(status === 403, !allowed, `${person} at ${route.path} (${route.allow}): ${status}`)
        assert.notEqual(status, 500, `${person} at ${route.path}`)
      }
    }
  })

  it('refuses every change to a person without a role and to a visitor, before anything is read', async () => {
    const nobody = await signIn('nobody')
    for (const route of service.routes.filter(({ method, allow }) => method !== 'GET' && allow !== 'everyone')) {
      const isApi = route.path.startsWith('/api/')
      const visitor = await service.as('').post(addressOf(route), {})
      assert.equal(visitor.status, isApi ? 401 : 303, route.path)
      if (route.allow !== 'signed-in') assert.equal((await nobody.post(addressOf(route), {})).status, 403, route.path)
    }
  })

  it('sends a visitor to sign in and back to the page, without a word of the record', async () => {
    const visitor = service.as('')
    for (const route of service.routes.filter(({ method, allow }) => method === 'GET' && allow !== 'everyone')) {
      const address = addressOf(route)
      const answer = await visitor.get(address)
      if (address.startsWith('/api/')) assert.equal(answer.status, 401, address)
      else assert.equal(answer.location, `/sign-in?return=${encodeURIComponent(address)}`, address)
      assert.doesNotMatch(answer.body, /Kestrel|Wearstead|Holloway/)
    }
  })

  it('says who may and whom to ask, and shows nothing of the record', async () => {
    const head = await signIn('chair-t01')
    const { text } = await head.get('/leaders/L-01')
    assert.match(text, /Regions Group officer/)
    assert.match(text, /ask Maud Bridgewell \(Kestrel Bridge Learning Trust\), or an administrator/)
    assert.doesNotMatch(text, /Holloway|Harbour/)
  })
})

describe('Sessions', () => {
  /** A clock that the test moves, beside the service's own that stands still. */
  async function actorAfter(minutes: number, seenEvery = minutes) {
    const { database } = service
    let now = Temporal.Instant.from('2023-11-22T08:00:00Z')
    const clock = { today: () => Temporal.PlainDate.from('2023-11-22'), now: () => now }
    const through = { door: 'page', requestId: '' } as const
    const token = await openSession({ database, clock }, { personId: await idOf('rg-ne'), browser: '', through })
    const ask = () => findActor({ database, clock, roles: [] }, { cookies: { [SESSION_COOKIE]: token }, ...through })
    let actor = await ask()
    for (let passed = seenEvery; passed <= minutes; passed += seenEvery) {
      now = Temporal.Instant.from('2023-11-22T08:00:00Z').add({ minutes: passed })
      actor = await ask()
    }
    return actor
  }

  it('end 60 minutes after the last page and 12 hours after signing in', async () => {
    assert.ok(await actorAfter(59))
    assert.equal(await actorAfter(61), null)
    assert.ok(await actorAfter(11 * 60 + 40, 50))
    assert.equal(await actorAfter(12 * 60 + 30, 50), null)
  })

  it('are listed, and end when their person, or an administrator, ends them', async () => {
    const first = await signIn('rg-ne')
    const second = await signIn('rg-ne')
    const { text, body } = await second.get('/account')
    assert.match(text, /\(this one\)/)
    const ids = [...body.matchAll(/account\/sessions\/(\d+)\/end/g)].map(([, id]) => Number(id))
    assert.equal((await second.post(`/account/sessions/${Math.max(...ids) - 1}/end`, {})).status, 303)
    assert.equal((await first.get('/account')).status, 303)
    assert.equal((await second.get('/account')).status, 200)
    await service.post(`/people/${await idOf('rg-ne')}/sessions/end`, {})
    assert.equal((await second.get('/account')).status, 303)
  })

  it('end with signing out, and nobody ends those of others', async () => {
    const mine = await signIn('rg-ne')
    const { body } = await mine.get('/account')
    const id = /account\/sessions\/(\d+)\/end/.exec(body)?.[1]
    const other = await signIn('dp-ne')
    assert.equal((await other.post(`/account/sessions/${id}/end`, {})).status, 404)
    assert.equal((await mine.post('/sign-out', {})).location, '/sign-in?out')
    assert.equal((await mine.get('/account')).status, 303)
  })
})

describe('Choosing who to be', () => {
  it('comes back to the page that was asked for, and never leaves the service', async () => {
    const to = async (back: string) => (await service.post('/sign-in', { person: 'rg-ne', return: back })).location
    assert.equal(await to('/leaders?page=2'), '/leaders?page=2')
    for (const elsewhere of ['https://example.test/', '//example.test', '/\\example.test', ''])
      assert.equal(await to(elsewhere), '/')
    assert.equal((await service.post('/sign-in', { person: 'no one' })).status, 422)
  })

  it('offers an officer for all of England first, and everybody to the test contract', async () => {
    const people = (await service.get('/demo/people')).json<{ id: string; also: string[] }[]>()
    assert.equal(people[0]?.id, 'rg-all')
    const ids = people.flatMap(({ id, also }) => [id, ...also])
    for (const person of [...Object.keys(MAY), 'ceo-20', 'L-04']) assert.ok(ids.includes(person), person)
    assert.equal((await service.postJson('/demo/sign-in', { person: 'no one' })).status, 404)
  })
})

describe('Inviting by the API', () => {
  const asked = { email: 'percy.oxley@example.org', name: 'Percy Oxley', values: 'T-03' }
  const inviteWith = async (more: object) => {
    const answer = await service.postJson('/api/v1/people', { ...asked, ...more })
    type Said = { invitation?: null; role?: string | null; refusals?: { field: string; message: string }[] }
    return { status: answer.status, ...answer.json<Said>() }
  }
  const nobody = async () => {
    const people = (await service.get('/api/v1/people')).json<{ email: string }[]>()
    return !people.some(({ email }) => email === asked.email)
  }

  it('refuses a role or a part that there is not with those that there are, and invites nobody', async () => {
    const refused = {
      zzz: /There is no role “zzz” .* programme\/role: \/administrator, .*tsi\/trust-ceo/,
      'trust-ceo': /There is no role “trust-ceo” .* programme\/role: tsi\/trust-ceo$/,
      'tsi/trust-chief': /There is no role “tsi\/trust-chief” .* programme\/role: tsi\/regions-group, .*tsi\/trust-ceo/,
    }
    for (const [role, message] of Object.entries(refused)) {
      const { status, refusals } = await inviteWith({ role, scope: 'organisation' })
      assert.deepEqual([status, refusals?.[0]?.field], [422, 'role'], role)
      assert.match(refusals?.[0]?.message ?? '', message)
    }
    const { status, refusals } = await inviteWith({ role: 'tsi/trust-ceo', scope: 'organization' })
    assert.deepEqual([status, refusals?.[0]?.field], [422, 'scope'])
    assert.match(refusals?.[0]?.message ?? '', /given for: national, organisation or establishment/)
    assert.ok(await nobody())
  })

  it('answers the role that it granted, and an address only where somebody can sign in with it', async () => {
    const invited = await inviteWith({ role: 'tsi/trust-ceo', scope: 'organisation' })
    assert.equal(invited.status, 201)
    assert.equal(invited.role, 'Chief executive of the trust for the organisation T-03')
    assert.equal(invited.invitation, null, 'in a demonstration people are chosen')
    assert.equal((await inviteWith({ email: 'no.role@example.org' })).role, null)
  })
})

describe('People of an organisation', () => {
  it('are invited, reviewed and removed by whoever looks after them, and by nobody else', async () => {
    const ceo = await signIn('ceo-01')
    const { rows } = await service.database.pool.query<{ id: number }>(
      `select id from organisation where register_key = 'T-01'`,
    )
    const people = `/organisations/${rows[0]?.id}/people`
    assert.match((await ceo.get(people)).text, /review is due for 2 people/)
    assert.equal((await ceo.post(people, { email: 'no address' })).status, 422)
    assert.equal((await ceo.post(people, { email: 'new.colleague@example.org', name: 'New Colleague' })).status, 200)
    const chair = await idOf('chair-t01')
    const watched = await signIn('chair-t01')
    await ceo.post(`${people}/${chair}/review`, {})
    assert.match((await ceo.get(people)).text, /review is due for 2 people/)
    for (const person of ['chair-t01', 'ceo-02', 'rg-all'])
      assert.equal((await (await signIn(person)).get(people)).status, 404, person)
    assert.equal((await ceo.post(`${people}/${chair}/remove`, {})).status, 303)
    assert.equal((await watched.get('/account')).status, 303)
    assert.doesNotMatch((await ceo.get(people)).text, /Orchardson/)
  })

  it('TSI-066 nine regions, each with one lead, who may have several; a second lead for London is refused and nothing is saved', async () => {
    const person = `/people/${await idOf('dp-ln-new')}`
    const lead = { role: 'tsi/delivery-partner-lead', scope: 'region', values: 'London', from: '2024-01-08' }
    const refused = await service.post(`${person}/grants`, lead)
    assert.equal(refused.status, 422)
    assert.match(refused.text, /Only one person at a time is Regional delivery partner lead for London/)
    const nowhere = await service.post(`${person}/grants`, { ...lead, values: 'London, Nowhere' })
    assert.equal(nowhere.status, 422)
    const named =
      nowhere.text.match(/No region is called Nowhere; they are (.+? and Yorkshire and the Humber)/)?.[1] ?? ''
    assert.equal(named.replace(' and Yorkshire', ', Yorkshire').split(', ').length, 9)
    assert.doesNotMatch((await service.get(person)).text, /Regional delivery partner lead for/)
    const before = await idOf('dp-lnse')
    const { rows } = await service.database.pool.query<{ id: number }>(
      "select id from role_grant where person_id = $1 and role = 'delivery-partner-lead' and to_date is null",
      [before],
    )
    for (const { id } of rows) {
      const ended = await service.post(`/people/${before}/grants/${id}/end`, {})
      assert.equal(ended.status, 303, ended.text)
    }
    const both = { ...lead, values: 'London, South East', from: '2030-01-08' }
    const taken = await service.post(`${person}/grants`, both)
    assert.equal(taken.status, 303, taken.text)
    assert.match((await service.get(person)).text, /Regional delivery partner lead for London and South East/)
    const second = await service.post(`/people/${await idOf('dp-ne')}/grants`, { ...both, values: 'London' })
    assert.equal(second.status, 422)
  })
})
