import assert from 'node:assert/strict'
import { once } from 'node:events'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { fetchFiles } from './fetch-files.ts'
import { readNightSource } from './night-source.ts'

const TODAY = Temporal.PlainDate.from('2024-01-15')
const server = createServer((request, answer) => {
  if (request.url === '/edubasealldata20240115.csv') answer.end('URN\n900001\n')
  else if (request.url === '/broken.csv') answer.write('URN\n9', () => answer.destroy())
  else answer.writeHead(404).end()
})
let folder = ''
let base = ''
before(async () => {
  folder = join(await mkdtemp(join(tmpdir(), 'register-fetch-')), 'files')
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  base = `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`
})
after(async () => {
  server.close()
  await rm(join(folder, '..'), { recursive: true })
})

test('each address is fetched whole under its name, the date filled in; what fails is told and leaves nothing', async () => {
  const addresses = [`${base}/edubasealldata{date}.csv`, `${base}/gone.csv`, `${base}/broken.csv`]
  const problems = await fetchFiles({ folder, addresses }, TODAY)
  assert.equal(problems.length, 2)
  assert.match(problems[0] ?? '', /gone\.csv could not be fetched: it answered 404/)
  assert.match(problems[1] ?? '', /broken\.csv could not be fetched/)
  assert.deepEqual(await readdir(folder), ['edubasealldata20240115.csv'])
  assert.equal(await readFile(join(folder, 'edubasealldata20240115.csv'), 'utf8'), 'URN\n900001\n')
})

test('the source is a folder, or addresses kept in the data folder, or none; two or a strange address are refused', () => {
  const read = (env: Record<string, string>) => readNightSource(env, '/data')
  assert.deepEqual(read({}), { ok: true, value: null })
  assert.deepEqual(read({ ALONGSIDE_REGISTER_FOLDER: '/register' }), {
    ok: true,
    value: { folder: '/register', addresses: [] },
  })
  const addresses = 'https://a.example/x.csv  http://b.example/y.csv'
  assert.deepEqual(read({ ALONGSIDE_REGISTER_ADDRESSES: addresses }), {
    ok: true,
    value: { folder: '/data/register-files', addresses: ['https://a.example/x.csv', 'http://b.example/y.csv'] },
  })
  const both = read({ ALONGSIDE_REGISTER_FOLDER: '/register', ALONGSIDE_REGISTER_ADDRESSES: addresses })
  assert.ok(!both.ok && both.refusals[0]?.code === 'register.two-sources')
  const strange = read({ ALONGSIDE_REGISTER_ADDRESSES: 'file:///etc/passwd' })
  assert.ok(!strange.ok && strange.refusals[0]?.code === 'register.address')
})
