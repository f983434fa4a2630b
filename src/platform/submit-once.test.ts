import assert from 'node:assert/strict'
import { after, describe, test } from 'node:test'
import { startTestService } from '../../world/test-service.ts'
import { accept, refuse } from './decision.ts'
import { submitOnce } from './submit-once.ts'

const service = await startTestService({ world: true })
after(() => service.close())

async function tokenOf(path: string): Promise<string> {
  const { body } = await service.get(path)
  const token = /name="submission" value="([0-9a-f-]{36})"/.exec(body)?.[1]
  assert.ok(token, `${path} has no token`)
  return token
}

async function countOf(table: 'leader' | 'scenario' | 'eligibility_run'): Promise<number> {
  const { rows } = await service.database.pool.query<{ count: number }>(`select count(*) from ${table}`)
  return rows[0]?.count ?? 0
}

const LEADER = {
  reference: 'L-91',
  name: 'Trial Person',
  type: 'nle',
  organisation: '900012',
  region: 'North East',
  worksOutOfRegion: 'yes',
  state: 'active',
  phases: ['primary'],
  expertise: ['attendance'],
}
const SCENARIO = {
  programme: 'tsi@2023-24',
  name: 'Sent twice',
  source: 'named',
  urns: '900001 900002',
  term: '2023-24-spring',
  days: '8',
}

describe('a form that is sent twice', () => {
  const forms = [
    { form: '/leaders/new', to: '/leaders/new', fields: LEADER, table: 'leader' },
    { form: '/matching/new', to: '/matching', fields: SCENARIO, table: 'scenario' },
    {
      form: '/eligibility/tsi@2023-24',
      to: '/eligibility/tsi@2023-24/runs',
      fields: { on: '2024-01-15', reason: 'Twice' },
      table: 'eligibility_run',
    },
  ] as const
  for (const { form, to, fields, table } of forms) {
    test(`does it once and leads to the same place: ${form}`, async () => {
      const before = await countOf(table)
      const sent = { ...fields, submission: await tokenOf(form) }
      const atOnce = await Promise.all([service.post(to, sent), service.post(to, sent)])
      const later = await service.post(to, sent)
      const answers = [...atOnce, later]
      assert.deepEqual(
        answers.map(({ status }) => status),
        [303, 303, 303],
      )
      const places = new Set(answers.map(({ location }) => location.replace('/solving', '')))
      assert.equal(places.size, 1)
      assert.equal(await countOf(table), before + 1)
    })
  }

  test('is another when its content was changed, and when it was shown anew', async () => {
    const before = await countOf('scenario')
    const submission = await tokenOf('/matching/new')
    await service.post('/matching', { ...SCENARIO, submission })
    await service.post('/matching', { ...SCENARIO, name: 'Changed', submission })
    await service.post('/matching', { ...SCENARIO, submission: await tokenOf('/matching/new') })
    assert.equal(await countOf('scenario'), before + 3)
  })

  test('over the API answers as the first time', async () => {
    const asked = { ...LEADER, reference: 'L-92', submission: 'made-by-the-caller' }
    const first = await service.postJson('/api/v1/leaders', asked)
    const second = await service.postJson('/api/v1/leaders', asked)
    assert.deepEqual([first.status, second.status], [201, 201])
    assert.deepEqual(second.json(), first.json())
    const without = await service.postJson('/api/v1/leaders', { ...LEADER, reference: 'L-92' })
    assert.equal(without.status, 422)
  })
})

test('a refusal and a fault are not kept: the mended form goes through', async () => {
  const { db } = service.database
  const once = (work: Parameters<typeof submitOnce<number>>[2]) =>
    db.transaction().execute((transaction) => submitOnce(transaction, 'key', work))
  const refused = await once(async () => refuse({ code: 'no', message: 'No' }))
  assert.equal(refused.ok, false)
  await assert.rejects(
    once(async () => {
      throw new Error('broken')
    }),
    /broken/,
  )
  assert.deepEqual(await once(async () => accept(1)), accept(1))
  assert.deepEqual(await once(async () => accept(2)), accept(1))
})
