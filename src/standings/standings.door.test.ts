import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { buildRegister } from '../../world/register-builder.ts'
import { startTestService, type TestService } from '../../world/test-service.ts'
import { PACKS_FOLDER, standingParts } from '../app.ts'
import { loadPacks } from '../programmes/index.ts'
import { followStandings } from './index.ts'

const LIST = '/standings/gtg@2023/support-level'
const RISK = '/eligibility/gtg@2023/schools'

type School = { urn: number; level: string | null; words: string; state: string; history: { level: string }[] }

let service: TestService
before(async () => {
  service = await startTestService({ today: '2026-10-05', world: true })
})
after(() => service.close())

async function as(person: string) {
  const { cookie } = await service.postJson('/demo/sign-in', { person })
  return service.as(cookie)
}

async function standingOf(urn: number): Promise<School> {
  const senior = await as('so-1')
  return (await senior.get(`/api/v1${LIST}/schools/${urn}`)).json<School>()
}

async function follow(): Promise<number> {
  const packs = await loadPacks(PACKS_FOLDER)
  assert.ok(packs.ok)
  const { database, clock } = service.cases
  return followStandings(standingParts({ database, clock, packs: packs.value }))
}

describe('Levels that follow from a rule', () => {
  it('begin with the night: grade 3 and special measures, each with the row, the data and its date', async () => {
    assert.ok((await follow()) > 0)
    assert.equal(await follow(), 0)
    const senior = await as('so-1')
    const page = await senior.get(`${LIST}/schools/900205`)
    assert.match(page.text, /Enhanced \(automatic, to confirm\) , since 5 October 2026/)
    assert.match(
      page.text,
      /Enhanced or higher\. Requires improvement on 12 May 2026: Grade 3 at the latest graded inspection/,
    )
    assert.match(page.text, /Level raised by a rule/)
    assert.equal((await standingOf(900208)).words, 'Intensive B (automatic, to confirm)')
    assert.deepEqual((await standingOf(900201)).history, [])
  })

  it('are for the schools of those who set them: nobody else’s school is raised', async () => {
    const { rows } = await service.database.pool.query(
      "select e.authority_code from standing s join establishment e on e.id = s.establishment_id where e.authority_code <> 'LA-L1'",
    )
    assert.deepEqual(rows, [])
  })

  it('begin at once where an adviser records a risk, and a headteacher may not record it', async () => {
    const risk = { rationale: 'Two leaders left', on: '2026-10-05', row: 'risk-recorded' }
    const head = await as('head-900201')
    const refused = await head.postJson('/api/v1/eligibility/gtg@2023/judgements', { ...risk, urn: 900201 })
    assert.equal(refused.status, 403, refused.text)
    assert.equal((await standingOf(900201)).level, null)
    const adviser = await as('lama-1')
    assert.equal((await adviser.post(`${RISK}/900201/judge/risk-recorded`, risk)).status, 303)
    assert.equal((await standingOf(900201)).words, 'Enhanced (automatic, to confirm)')
    assert.equal((await adviser.get(`${LIST}/schools/900208`)).status, 403)
  })

  it('stay when the rule is met no more; an adviser’s word does not lift a recorded risk, a senior officer’s does', async () => {
    const adviser = await as('lama-1')
    const gone = { rationale: 'Both posts are filled', holds: 'no' }
    await adviser.post(`${RISK}/900201/judge/risk-recorded`, gone)
    assert.equal((await standingOf(900201)).state, 'to confirm')
    const senior = await as('so-1')
    await senior.post(`${RISK}/900201/judge/risk-recorded`, gone)
    assert.deepEqual((({ level, state }) => ({ level, state }))(await standingOf(900201)), {
      level: 'enhanced',
      state: 'to review',
    })
    const register = await buildRegister(service.database)
    await register.inspection(900205, '2026-09-29', { overall: 2 })
    await register.done()
    await follow()
    assert.match((await standingOf(900205)).words, /Enhanced \(automatic, to review/)
  })
})

describe('The list of levels', () => {
  it('has the schools that somebody looks after, by level, with a file', async () => {
    const senior = await as('so-1')
    const list = await senior.get(LIST)
    assert.match(list.text, /10 schools/i)
    assert.match(list.text, /Not categorised \(6\)/)
    const some = await senior.get(`${LIST}?level=intensive-b`)
    assert.match(some.text, /1 school/)
    assert.match((await senior.get(`${LIST}/list.csv?level=intensive-b`)).body, /900208,.*Intensive B/)
    const none = await senior.get(`${LIST}?q=zzzz`)
    assert.match(none.text, /No school fits these filters/)
    const adviser = await as('lama-1')
    const { location } = await adviser.get('/standings')
    assert.match((await adviser.get(location)).text, /3 schools/)
    const outsider = await as('head-900001')
    assert.equal((await outsider.get(LIST)).status, 403)
    assert.equal((await service.get(LIST)).status, 403)
  })
})
