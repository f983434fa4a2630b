import assert from 'node:assert/strict'
import { join, resolve } from 'node:path'
import { test } from 'node:test'
import { readConfig } from './config.ts'

test('nothing given: port 3000, data beside the code, the embedded database, no demonstration', () => {
  assert.deepEqual(readConfig({ PORT: '', DATABASE_URL: '', ALONGSIDE_DATA: '' }), {
    port: 3000,
    host: '127.0.0.1',
    dataDir: resolve(import.meta.dirname, '../../data'),
    databaseUrl: undefined,
    demonstration: false,
  })
})

test('the environment is read, and a flag wins over it', () => {
  const env = { PORT: '4000', ALONGSIDE_DATA: '/srv/alongside', DATABASE_URL: 'postgresql://db.example/alongside' }
  const fromEnvironment = readConfig(env)
  assert.equal(fromEnvironment.port, 4000)
  assert.equal(fromEnvironment.dataDir, '/srv/alongside')
  assert.equal(fromEnvironment.databaseUrl, env.DATABASE_URL)

  const fromFlags = readConfig(env, { port: '0', data: 'here', demo: true })
  assert.equal(fromFlags.port, 0)
  assert.equal(fromFlags.dataDir, join(process.cwd(), 'here'))
  assert.equal(fromFlags.demonstration, true)
})

test('a port that is none is refused', () => {
  for (const port of ['http', '-1', '65536', '80.5', ' ', ''])
    assert.throws(() => readConfig({}, { port }), { name: 'StartRefusal', message: /whole number/ }, port)
})

test('an address that is not of PostgreSQL is refused without repeating its password', () => {
  assert.throws(
    () => readConfig({ DATABASE_URL: 'mysql://user:hidden@db.example/x' }),
    (error) => error instanceof Error && /DATABASE_URL must begin/.test(error.message) && !/hidden/.test(error.message),
  )
})
