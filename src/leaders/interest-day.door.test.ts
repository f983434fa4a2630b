import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { fixedClock, startTestService, type TestService } from '../../world/test-service.ts'

const TODAY = '2024-01-15'
/** Instants of a running service are real, whatever day a demonstration is on. */
const clock = { ...fixedClock(TODAY), now: () => Temporal.Now.instant() }

let service: TestService
before(async () => {
  service = await startTestService({ world: true, clock })
})
after(() => service.close())

type Interest = { id: number; key: string | null; declaredOn: string; withdrawnOn: string | null }
const interestsOf = async (leader: string) =>
  (await service.get(`/api/v1/leaders/${leader}`)).json<{ interests: Interest[] }>().interests

describe('The day of a declared interest', () => {
  it('is that of the service, at the page and in the API, and so is the end of the answer that there is none', async () => {
    assert.deepEqual(
      (await interestsOf('L-04')).map(({ key, declaredOn, withdrawnOn }) => [key, declaredOn, withdrawnOn]),
      [[null, '2023-09-01', null]],
      'the invented England declares at the beginning of its year',
    )
    const declared = { year: '2023', nothing: 'no', target: '900001', nature: 'Governor' }
    assert.equal((await service.post('/leaders/L-04/interests/declare', declared)).status, 303)
    const added = await service.postJson('/api/v1/leaders/L-04/interests', { target: '900005', nature: 'Parent' })
    assert.equal(added.status, 201, added.body)
    assert.deepEqual(
      (await interestsOf('L-04')).map(({ key, declaredOn, withdrawnOn }) => [key, declaredOn, withdrawnOn]),
      [
        ['900001', TODAY, null],
        ['900005', TODAY, null],
        [null, '2023-09-01', TODAY],
      ],
    )
    const { text } = await service.get('/leaders/L-04/interests')
    assert.equal(text.split('15 January 2024, Test Officer').length, 3, 'both')
    assert.match(text, /Withdrawn 15 January 2024: An interest was declared/)
  })

  it('is that of the service too when it is withdrawn, at the page and in the API', async () => {
    const [one, other] = await interestsOf('L-04')
    const path = (id: number | undefined) => `/leaders/L-04/interests/${id}/withdraw`
    assert.equal((await service.post(path(one?.id), { reason: 'Term of office ended' })).status, 303)
    const moved = await service.postJson(`/api/v1${path(other?.id)}`, { reason: 'Moved away' })
    assert.equal(moved.status, 200, moved.body)
    assert.deepEqual(
      (await interestsOf('L-04')).map(({ withdrawnOn }) => withdrawnOn),
      [TODAY, TODAY, TODAY],
    )
    const { text } = await service.get('/leaders/L-04/interests')
    assert.match(text, /Withdrawn 15 January 2024: Term of office ended/)
    assert.match(text, /Withdrawn 15 January 2024: Moved away/)
  })
})
