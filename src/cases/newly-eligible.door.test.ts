import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { startTestService, type TestService } from '../../world/test-service.ts'

const URN = 900008

let service: TestService
before(async () => {
  service = await startTestService({ world: true, today: '2024-03-05' })
})
after(() => service.close())

type Answer = { results: { urn?: number; name: string; outcome: string }[] }

describe('A judgement that comes in', () => {
  it('TSI-016 puts its school on the list the same day, once; a second case while the first is open is a conflict', async () => {
    const listed = async () =>
      (await service.get('/api/v1/eligibility/tsi@2023-24?on=2024-03-05'))
        .json<Answer>()
        .results.filter(({ name }) => name === 'Otterholme Primary School')
    const page = async () =>
      [...(await service.get('/eligibility/tsi@2023-24?on=2024-03-05')).body.matchAll(/Otterholme Primary School/g)]
        .length
    assert.deepEqual([await listed(), await page()], [[], 0])
    const early = await service.postJson('/api/v1/cases', { programme: 'tsi@2023-24', urn: URN })
    assert.equal(early.status, 422)
    const taken = await service.upload('/api/v1/register-files', { kind: 'inspections' }, 'judged.csv', [
      'URN,InspectionDate,Kind,OverallEffectiveness',
      `${URN},2022-05-17,graded,3`,
      `${URN},2024-03-05,graded,3`,
    ])
    assert.ok(taken.status < 300, taken.body)
    assert.equal((await listed()).length, 1)
    assert.ok((await page()) > 0)
    const first = await service.postJson('/api/v1/cases', { programme: 'tsi@2023-24', urn: URN })
    assert.equal(first.status, 201, first.body)
    const { reference } = first.json<{ reference: string }>()
    const second = await service.postJson('/api/v1/cases', { programme: 'tsi@2023-24', urn: URN })
    assert.equal(second.status, 409)
    assert.match(second.body, new RegExp(`has an open case already: ${reference}`))
    const { rows } = await service.database.pool.query<{ n: number }>(
      'select count(*)::int as n from support_case where urn = $1',
      [URN],
    )
    assert.equal(rows[0]?.n, 1, 'nothing was saved')
  })
})
