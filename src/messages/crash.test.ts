import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { after, before, it } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { type TestDatabase, testDatabase } from '../platform/test-database.ts'
import { openDelivery } from './delivery.ts'
import { findMessage, listMessages } from './message-store.ts'
import { smtpMail } from './smtp-mail.ts'
import { ABOUT, queue } from './test-letters.ts'
import { startSmtpServer } from './test-mail-servers.ts'

let database: TestDatabase
before(async () => {
  database = await testDatabase()
})
after(() => database.close())

async function until(holds: () => boolean | Promise<boolean>, what: string): Promise<void> {
  for (let tries = 0; tries < 600; tries += 1) {
    if (await holds()) return
    await sleep(50)
  }
  throw new Error(`${what} did not come`)
}

it('a service killed while a message is on its way loses none: that one may go twice, and is listed', async () => {
  const first = await queue(database, 'deployment-to-school')
  const second = await queue(database, 'deployment-to-leader', { about: { ...ABOUT, key: 2 } })
  const manners: Record<string, number> = { 'never-answers': 0 }
  const server = await startSmtpServer(manners)
  const child = spawn(process.execPath, [join(import.meta.dirname, 'test-sender.ts'), database.url, server.url])
  await until(() => server.taken.length === 1, 'the first mail')
  child.kill('SIGKILL')
  await once(child, 'exit')
  assert.equal((await findMessage(database.db, first))?.attempts.filter(({ endedAt }) => !endedAt).length, 2)

  delete manners['never-answers']
  const mail = smtpMail({ url: server.url, from: 'letters@example.org' })
  const end = openDelivery({ database, mail }).start(20)
  const sent = async (id: number) => (await findMessage(database.db, id))?.state === 'handed-over'
  await until(async () => (await sent(first)) && (await sent(second)), 'the delivery of both')
  await end()

  const ids = server.taken.map(({ text }) => /^Message-ID: (.*)$/m.exec(text)?.[1] ?? '')
  assert.equal(ids.length, 3, 'the one that was on its way went twice')
  assert.equal(new Set(ids).size, 2, 'under the same number, so that mail programs show it once')
  const asked = { text: '', state: 'perhaps-twice', oldestFirst: true, limit: 50, offset: 0 }
  const { rows } = await listMessages(database.db, asked)
  assert.deepEqual(
    rows.map(({ id }) => id),
    [first],
  )
  const outcomes = (await findMessage(database.db, first))?.attempts.map(({ outcome }) => outcome)
  assert.deepEqual(outcomes, ['handed-over', 'handed-over', 'interrupted', 'interrupted'])
  await server.close()
})
