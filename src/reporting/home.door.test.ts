import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { startTestService, type TestService } from '../../world/test-service.ts'

let service: TestService
before(async () => {
  service = await startTestService({ today: '2024-02-08', world: true })
})
after(() => service.close())

test('the first page counts who qualifies on the day, the open schools and the leaders with free days', async () => {
  const page = await service.get('/')
  assert.match(page.text, /22 schools qualify for the Trust and school improvement offer 2023-24 as at 8 February 2024/)
  assert.match(page.text, /8 leaders at work; 7 leaders with [\d.]+ free days in the spring term 2024/)
  assert.match(page.text, /\d+ open schools and other establishments/)
})
