import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { startTestService, type TestService } from '../../world/test-service.ts'

let service: TestService
before(async () => {
  service = await startTestService()
})
after(() => service.close())

const HEADER =
  'URN,EstablishmentName,EstablishmentStatus (name),LA (code),TypeOfEstablishment (name),PhaseOfEducation (name)'
const row = (urn: string) => `${urn},Invented School ${urn},Open,805,Community school,Primary`

test('an uploaded file keeps its good rows and lists the bad one; the record of the file is linked', async () => {
  const answer = await service.upload('/about-the-data/take-in', { kind: 'schools', asAt: '2024-01-10' }, 'part.csv', [
    HEADER,
    row('900801'),
    row('9008'),
  ])
  assert.equal(answer.status, 200)
  assert.match(
    answer.text,
    /part\.csv, as at 10 January 2024: 2 rows read, 1 added, 0 changed, 0 as before, 1 left out/,
  )
  assert.match(answer.text, /3 .*URN must have 6 digits/)
  assert.equal((await service.get('/schools/900801')).status, 200)
})

test('page and API refuse a missing file, a missing kind and a missing column alike, and nothing is stored', async () => {
  const files = async () => (await service.database.pool.query('select from data_file')).rows.length
  const before = await files()
  const nothing = await service.upload('/about-the-data/take-in', {}, 'empty.csv', [])
  assert.equal(nothing.status, 422)
  assert.match(nothing.text, /Choose what the file holds .*Choose a file/)
  const lacking = await service.upload('/about-the-data/take-in', { kind: 'schools' }, 'lacking.csv', [
    'URN,Name',
    '900802,School',
  ])
  const api = await service.upload('/api/v1/register-files', { kind: 'schools' }, 'lacking.csv', [
    'URN,Name',
    '900802,School',
  ])
  assert.deepEqual([lacking.status, api.status], [422, 422])
  for (const { message } of api.json<{ refusals: { message: string }[] }>().refusals)
    assert.ok(lacking.text.includes(message), message)
  assert.equal(await files(), before)
})
