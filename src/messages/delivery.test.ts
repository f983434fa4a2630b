import assert from 'node:assert/strict'
import { after, afterEach, before, describe, it } from 'node:test'
import { jwtVerify } from 'jose'
import { machineActor } from '../platform/actor.ts'
import { readAudit } from '../platform/audit-history.ts'
import { type TestDatabase, testDatabase } from '../platform/test-database.ts'
import { openDelivery } from './delivery.ts'
import type { Undelivered } from './follow-up.ts'
import { readDelivery } from './index.ts'
import { openMail, readMailSettings } from './mail-settings.ts'
import { notifyMail } from './notify-mail.ts'
import { queueMessage } from './queue-message.ts'
import { smtpMail } from './smtp-mail.ts'
import { ABOUT, queue, situationOf, write } from './test-letters.ts'
import { startNotifyServer, startSmtpServer } from './test-mail-servers.ts'

const LETTER = 'deployment-to-school'
const FROM = 'Alongside <letters@example.org>'

let database: TestDatabase
let record = 0
before(async () => {
  database = await testDatabase()
})
after(() => database.close())
const closing: (() => unknown)[] = []
afterEach(async () => {
  for (const close of closing.splice(0)) await close()
})

/** A record of its own for each test, and nothing left in the queue of those before. */
async function queueNew(letter = LETTER): Promise<{ id: number; key: string }> {
  record += 1
  await database.pool.query(
    "update message_recipient set state = 'delivered', next_try_at = null where state = 'queued'",
  )
  return { id: await queue(database, letter, { about: { key: record } }), key: String(record) }
}

async function statesOf(key: string) {
  return (await readDelivery(database.db, { record: ABOUT.record, key })).map(({ part, state }) => `${part} ${state}`)
}

function makeDue(): Promise<unknown> {
  return database.pool.query(`update message_recipient set next_try_at = case when state = 'queued' then now() end,
    asked_at = null, state_at = state_at - interval '2 minutes'`)
}

async function smtp(manners: Record<string, number> = {}) {
  const server = await startSmtpServer(manners)
  const mail = smtpMail({ url: server.url, from: FROM })
  const told: Undelivered[] = []
  const errors: Error[] = []
  const handler = async (_: unknown, one: Undelivered) => {
    told.push(one)
  }
  const delivery = openDelivery({
    database,
    mail,
    undelivered: [{ undelivered: handler, arrived: async () => undefined }],
    tell: (error) => errors.push(error),
  })
  closing.push(server.close, () => mail.close?.())
  return { server, delivery, told, errors, manners }
}

describe('A queued message', () => {
  it('is kept with its step or not at all', async () => {
    const { composed } = await write(LETTER)
    assert.ok(composed.ok)
    const by = machineActor('Officer', 'system')
    const whole = { message: composed.value, about: { ...ABOUT, key: 'undone' }, by }
    await assert.rejects(queueMessage(database.db, whole), /in the transaction of its step/)
    await assert.rejects(
      database.db.transaction().execute(async (transaction) => {
        await queueMessage(transaction, whole)
        throw new Error('the step failed')
      }),
      /the step failed/,
    )
    assert.deepEqual(await readDelivery(database.db, { record: ABOUT.record, key: 'undone' }), [])
  })

  it('cannot be changed or taken away, nor can whom it went to', async () => {
    const { id } = await queueNew()
    for (const statement of [
      `update message set body = 'other' where id = ${id}`,
      `delete from message where id = ${id}`,
      `update message_recipient set email = 'other@example.org' where message_id = ${id}`,
      `delete from message_recipient where message_id = ${id}`,
    ])
      await assert.rejects(database.pool.query(statement), /stays as it was sent/, statement)
  })

  it('waits where there is no way out', async () => {
    const { key } = await queueNew()
    await openDelivery({ database, mail: null }).deliverNow()
    assert.deepEqual(await statesOf(key), ['to queued', 'cc queued'])
  })
})

describe('A mail server', () => {
  it('gets one mail with everybody in its head, and its yes is handed over', async () => {
    const { key, id } = await queueNew()
    const { server, delivery } = await smtp()
    await delivery.deliverNow()
    await delivery.deliverNow()
    assert.equal(server.taken.length, 1)
    const [mail] = server.taken
    assert.deepEqual(mail?.to, ['ceo-01@example.org', 'head-900002@example.org'])
    assert.match(mail?.text ?? '', /^From: Alongside <letters@example.org>/m)
    assert.match(mail?.text ?? '', /^To: Bram Oake <ceo-01@example.org>/m)
    assert.match(mail?.text ?? '', /^Cc: Cora Finch <head-900002@example.org>/m)
    assert.match(mail?.text ?? '', new RegExp(`^Message-ID: <alongside-${id}@example.org>`, 'm'))
    assert.match(mail?.text ?? '', /Ada Quill, MAT CEO/)
    assert.doesNotMatch(mail?.text ?? '', /##/)
    assert.deepEqual(await statesOf(key), ['to handed-over', 'cc handed-over'])
    const actions = (await readAudit(database.db, [{ record: 'message', keys: [id] }])).map(({ action }) => action)
    assert.deepEqual(actions, ['Handed over', 'Letter queued'])
  })

  it('that refuses one for good has that one bounced and told once, and the others have it', async () => {
    const { key } = await queueNew()
    const { server, delivery, told } = await smtp({ head: 550 })
    await delivery.deliverNow()
    await delivery.deliverNow()
    assert.deepEqual(await statesOf(key), ['to handed-over', 'cc bounced'])
    assert.deepEqual(
      server.taken.map(({ to }) => to),
      [['ceo-01@example.org']],
    )
    assert.deepEqual(
      told.map(({ record: about, recordKey, letter, name, state }) => [about, recordKey, letter, name, state]),
      [['case', key, LETTER, 'Cora Finch', 'bounced']],
    )
    assert.match(told[0]?.detail ?? '', /No mail for head-900002@example.org/)
  })

  it('that refuses for now is asked again later, only for whom it refused, and given up in the end', async () => {
    const { key, id } = await queueNew()
    const { server, delivery, told, manners } = await smtp({ head: 451 })
    await delivery.deliverNow()
    assert.deepEqual(await statesOf(key), ['to handed-over', 'cc queued'])
    const { rows } = await database.pool.query(
      "select tries, next_try_at > now() + interval '50 seconds' as later, trouble from message_recipient where message_id = $1 and part = 'cc'",
      [id],
    )
    assert.deepEqual([rows[0].tries, rows[0].later], [1, true])
    await delivery.deliverNow()
    assert.equal(server.taken.length, 1, 'not before its time')

    delete manners['head']
    await makeDue()
    await delivery.deliverNow()
    assert.deepEqual(server.taken.at(-1)?.to, ['head-900002@example.org'])
    assert.deepEqual(await statesOf(key), ['to handed-over', 'cc handed-over'])

    const second = await queueNew()
    manners['head'] = 451
    for (let tries = 0; tries < 9; tries += 1) {
      await makeDue()
      await delivery.deliverNow()
    }
    assert.deepEqual(await statesOf(second.key), ['to handed-over', 'cc given-up'])
    assert.deepEqual(
      told.map(({ state }) => state),
      ['failing', 'failing', 'given-up'],
    )
  })

  it('that is not there, or does not know the sender, costs nobody their letter', async () => {
    const { key } = await queueNew()
    const gone = await startSmtpServer()
    await gone.close()
    const mail = smtpMail({ url: gone.url, from: FROM })
    await openDelivery({ database, mail }).deliverNow()
    assert.deepEqual(await statesOf(key), ['to queued', 'cc queued'])
    const [state] = await readDelivery(database.db, { record: ABOUT.record, key })
    assert.match(state?.trouble ?? '', /ECONNREFUSED/)
  })

  it('a handler that fails is told again, and stops no other', async () => {
    const { key } = await queueNew()
    const server = await startSmtpServer({ head: 550, ceo: 550 })
    const mail = smtpMail({ url: server.url, from: FROM })
    closing.push(server.close, () => mail.close?.())
    const told: string[] = []
    let isBroken = true
    const handler = async (_: unknown, { name }: Undelivered) => {
      if (isBroken && name === 'Bram Oake') throw new Error('The step is locked')
      told.push(name)
    }
    const errors: string[] = []
    const delivery = openDelivery({
      database,
      mail,
      undelivered: [{ undelivered: handler, arrived: async () => undefined }],
      tell: ({ message }) => errors.push(message),
    })
    await delivery.deliverNow()
    assert.deepEqual([told, errors], [['Cora Finch'], ['The step is locked']])
    isBroken = false
    await delivery.deliverNow()
    assert.deepEqual(told, ['Cora Finch', 'Bram Oake'])
    assert.deepEqual(await statesOf(key), ['to bounced', 'cc bounced'])
  })
})

describe('GOV.UK Notify', () => {
  const SERVICE = '26785a09-ab16-4eb0-8407-a37497a57506'
  const SECRET = '3d844edf-8d35-48ac-975b-e847b4f122b0'
  const settings = { key: `test-${SERVICE}-${SECRET}`, template: 'f33517ff-2a88-4f6e-b855-c550268ce08a' }

  it('gets a call for each recipient with a signed token, and tells later what became of it', async () => {
    const { key, id } = await queueNew()
    const fates: Record<string, string> = { 'n-1': 'sending', 'n-2': 'permanent-failure' }
    let number = 0
    const server = await startNotifyServer(({ path }) => {
      if (path.startsWith('POST')) return { status: 201, value: { id: `n-${++number}` } }
      return { status: 200, value: { status: fates[path.split('/').at(-1) ?? ''] } }
    })
    closing.push(server.close)
    const delivery = openDelivery({ database, mail: notifyMail({ ...settings, url: server.url }) })
    await delivery.deliverNow()
    assert.deepEqual(await statesOf(key), ['to handed-over', 'cc handed-over'])
    const [first] = server.calls
    assert.equal(first?.path, 'POST /v2/notifications/email')
    const { payload } = await jwtVerify(first?.token ?? '', new TextEncoder().encode(SECRET))
    assert.equal(payload.iss, SERVICE)
    const { rows } = await database.pool.query(
      'select id from message_recipient where message_id = $1 order by part desc',
      [id],
    )
    const { personalisation, ...rest } = Object(first?.body)
    assert.deepEqual(rest, {
      email_address: 'ceo-01@example.org',
      template_id: settings.template,
      reference: `alongside-${id}-${rows[0].id}`,
    })
    assert.match(personalisation.subject, /^TSI-24-0001: your system leader is Ada Quill$/)
    assert.match(personalisation.body, /To: Bram Oake\nCopy: Cora Finch$/)

    await makeDue()
    await delivery.deliverNow()
    assert.deepEqual(await statesOf(key), ['to handed-over', 'cc bounced'])
    fates['n-1'] = 'delivered'
    await makeDue()
    await delivery.deliverNow()
    assert.deepEqual(await statesOf(key), ['to delivered', 'cc bounced'])
  })

  it('that says nothing for three days leaves it unknown; a wrong address bounces, a limit is tried again', async () => {
    const { key } = await queueNew()
    let status = 201
    const server = await startNotifyServer(({ path }) => {
      if (path.startsWith('GET')) return { status: 200, value: { status: 'sending' } }
      const errors = [{ error: 'BadRequestError', message: 'email_address is not a valid address' }]
      return { status, value: status === 201 ? { id: 'n-9' } : { errors } }
    })
    closing.push(server.close)
    const delivery = openDelivery({ database, mail: notifyMail({ ...settings, url: server.url }) })
    await delivery.deliverNow()
    await database.pool.query(
      `update message_recipient set state_at = now() - interval '73 hours' where state = 'handed-over'`,
    )
    await delivery.deliverNow()
    assert.deepEqual(await statesOf(key), ['to unknown', 'cc unknown'])

    const wrong = await queueNew()
    status = 400
    await delivery.deliverNow()
    assert.deepEqual(await statesOf(wrong.key), ['to bounced', 'cc bounced'])
    const limited = await queueNew()
    status = 429
    await delivery.deliverNow()
    assert.deepEqual(await statesOf(limited.key), ['to queued', 'cc queued'])
  })
})

describe('The settings of mail', () => {
  it('are none, a mail server or Notify; a half set up one is refused by name', () => {
    assert.equal(openMail(readMailSettings({})), null)
    const smtpUrl = { ALONGSIDE_MAIL: 'smtp', ALONGSIDE_SMTP_URL: 'smtp://127.0.0.1:25', ALONGSIDE_MAIL_FROM: FROM }
    assert.equal(openMail(readMailSettings(smtpUrl))?.channel, 'mail server')
    const refusals: [Record<string, string>, RegExp][] = [
      [{ ALONGSIDE_MAIL: 'pigeon' }, /must be smtp or notify/],
      [{ ALONGSIDE_MAIL: 'smtp' }, /needs ALONGSIDE_SMTP_URL/],
      [{ ...smtpUrl, ALONGSIDE_SMTP_URL: 'http://secret@x' }, /^(?!.*secret).*must begin with smtp/],
      [{ ...smtpUrl, ALONGSIDE_MAIL_FROM: 'nobody' }, /must be an e-mail address/],
      [
        { ALONGSIDE_MAIL: 'notify', ALONGSIDE_NOTIFY_KEY: 'k', ALONGSIDE_NOTIFY_TEMPLATE: 't' },
        /ALONGSIDE_NOTIFY_KEY is no key/,
      ],
    ]
    for (const [env, message] of refusals) assert.throws(() => readMailSettings(env), { message })
  })

  it('letters stay as they were composed though the pack moves on', async () => {
    const { letter } = await situationOf(LETTER)
    const { id } = await queueNew()
    const { rows } = await database.pool.query('select letter_digest, pack_version from message where id = $1', [id])
    assert.deepEqual(rows, [{ letter_digest: letter.digest, pack_version: '1.0' }])
  })
})
