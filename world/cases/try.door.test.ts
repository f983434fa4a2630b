import { it } from 'node:test'
import { startTestService } from '../test-service.ts'

it('tries', async () => {
  const service = await startTestService({ movingDay: true, signedOut: true })
  const ids = (process.env['SCENES'] ?? '').split(',')
  for (const id of ids) {
    const from = performance.now()
    const answer = await service.postJson('/demo/reset', { scene: id })
    console.log(id, answer.status, Math.round(performance.now() - from), answer.body.slice(0, 300))
    if (answer.status !== 200) continue
    const { cookie } = await service.postJson('/demo/sign-in', { person: 'rg-all' })
    const list = await service.as(cookie).get('/api/v1/cases')
    for (const one of list.json<any>().cases ?? [])
      console.log('  ', one.reference, one.stage, JSON.stringify(one).slice(0, 250))
  }
  await service.close()
})
