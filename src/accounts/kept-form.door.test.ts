import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { startTestService, type TestService } from '../../world/test-service.ts'
import { findKeptForm, KEPT_COOKIE, keepForm } from './kept-form.ts'

const PATH = '/leaders/L-01/leave'
const LEAVE = {
  'from-day': '15',
  'from-month': '4',
  'from-year': '2024',
  'to-day': '19',
  'to-month': '4',
  'to-year': '2024',
}

let service: TestService
before(async () => {
  service = await startTestService({ today: '2024-01-15', world: true })
})
after(() => service.close())

async function signIn(person: string): Promise<string> {
  return (await service.postJson('/demo/sign-in', { person })).cookie
}

/** Sends a form with the cookie of a session that ended an hour ago; answers the cookie that keeps it. */
async function sendTooLate(person: string): Promise<string> {
  const session = await signIn(person)
  await service.database.pool.query(`update user_session set seen_at = seen_at - interval '61 minutes'
    where id = (select max(id) from user_session)`)
  const answer = await service.as(session).post(PATH, LEAVE)
  assert.equal(answer.status, 303)
  assert.equal(answer.location, '/sign-in?return=%2Fkept-form')
  assert.ok(answer.cookies.includes(KEPT_COOKIE))
  const kept = answer.setCookies[KEPT_COOKIE]
  assert.ok(kept)
  return kept
}

async function leaves(): Promise<number> {
  const { rows } = await service.database.pool.query<{ count: number }>('select count(*) from leader_leave')
  return rows[0]?.count ?? 0
}

describe('A form that came after its session had ended', () => {
  it('is not done, is kept, and goes on after the same person has signed in again', async () => {
    const kept = await sendTooLate('rg-ne')
    assert.equal(await leaves(), 0)
    const again = service.as(await signIn('rg-ne'), { [KEPT_COOKIE]: kept })
    const page = await again.get('/kept-form')
    assert.match(page.text, /What you typed is kept.*from-day 15/)
    assert.match(
      page.body,
      /<form action="\/leaders\/L-01\/leave" method="post"><input type="hidden" name="from-day" value="15">/,
    )
    assert.equal((await again.post(PATH, LEAVE)).status, 303)
    assert.equal(await leaves(), 1)
  })

  it('is offered to nobody else, and to nobody without the cookie of the browser', async () => {
    const kept = await sendTooLate('rg-ne')
    const other = service.as(await signIn('dp-ne'), { [KEPT_COOKIE]: kept })
    assert.match((await other.get('/kept-form')).text, /Nothing is kept for you/)
    assert.match((await service.as(await signIn('rg-ne')).get('/kept-form')).text, /Nothing is kept for you/)
  })

  it('is kept for half an hour, sealed, and only where there was a session', async () => {
    const session = await signIn('rg-ne')
    let now = Temporal.Instant.from('2024-01-15T09:00:00Z')
    const parts = {
      database: service.database,
      clock: { today: () => Temporal.PlainDate.from('2024-01-15'), now: () => now },
    }
    const form = { path: '/leaders/new', fields: { name: ['Wenna Pascoe'] } }
    const secret = await keepForm(parts, { session, form })
    const { rows } = await service.database.pool.query<{ person_id: number; sealed: Buffer }>(
      'select person_id, sealed from kept_form',
    )
    assert.equal(rows[0]?.sealed.includes('Wenna'), false)
    const personId = rows.at(-1)?.person_id ?? 0
    assert.deepEqual(await findKeptForm(parts, { secret, personId }), form)
    now = now.add({ minutes: 30 })
    assert.equal(await findKeptForm(parts, { secret, personId }), undefined)
    assert.equal(await keepForm(parts, { session: 'never a session', form }), undefined)
    assert.equal((await service.as('').post(PATH, LEAVE)).location, '/sign-in')
  })
})

describe('The end of a session', () => {
  it('is told by a page that needs no script, and by a notice that every page carries', async () => {
    const mine = service.as(await signIn('rg-ne'))
    assert.match((await mine.get('/account/session')).text, /You are signed out at 01:00 , in 60 minutes/)
    assert.match((await mine.get('/leaders')).body, /data-session-seconds="3600" hidden/)
    assert.doesNotMatch((await service.as('').get('/schools')).body, /data-session-seconds/)
  })

  it('comes 12 hours after signing in whatever is opened', async () => {
    const session = await signIn('rg-ne')
    await service.database.pool.query(`update user_session set created_at = created_at - interval '11 hours 50 minutes'
      where id = (select max(id) from user_session)`)
    assert.match((await service.as(session).get('/account/session')).text, /in 10 minutes/)
  })
})
