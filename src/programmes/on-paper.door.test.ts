import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { startTestService, type TestService } from '../../world/test-service.ts'

const ON_PAPER = ['lle@2017', 'lln@2026-27'] as const
const TITLES = /Good to Great|Local leaders of education|Local learning networks/

let service: TestService
before(async () => {
  service = await startTestService({ today: '2024-01-15', world: true })
})
after(() => service.close())

describe('A programme that is only described', () => {
  it('stands apart in the list of programmes, and its page says that nothing of it begins', async () => {
    const list = await service.get('/programmes')
    const [running = '', inPart = '', onPaper = ''] = list.text.split(
      /Run in part by this release|Described, not run by this release/,
    )
    assert.match(inPart, /Good to Great : Academic year /)
    assert.match(running, /Trust and school improvement offer/)
    assert.doesNotMatch(running, TITLES)
    assert.match(onPaper, /Local leaders of education : .*Local learning networks : /)
    for (const ref of ON_PAPER) {
      assert.ok(list.body.includes(`href="/programmes/${ref}"`), ref)
      const page = await service.get(`/programmes/${ref}`)
      assert.match(page.text, /described, not run by this release: no case of it can begin, nothing falls due/)
      assert.doesNotMatch(page.body, new RegExp(`href="/(eligibility/${ref}|programmes/${ref}/values)`))
      assert.match(page.body, /<svg[^>]*aria-label="Steps of /)
    }
    const runs = await service.get('/programmes/tsi@2023-24')
    assert.doesNotMatch(runs.text, /not run by this release/)
    assert.match(runs.body, /href="\/eligibility\/tsi@2023-24"/)
  })

  it('says the same as data', async () => {
    const { programmes } = (await service.get('/api/v1/programmes')).json<{
      programmes: { ref: string; notRun: string }[]
    }>()
    assert.deepEqual(programmes.map(({ ref, notRun }) => [ref, notRun !== '']).sort(), [
      ['gtg@2023', true],
      ...ON_PAPER.map((ref) => [ref, true]),
      ['tsi@2023-24', false],
    ])
    const { process } = (await service.get('/api/v1/programmes/lln@2026-27')).json<{
      process: { duties: { title: string; when: string }[] }
    }>()
    assert.equal(process.duties[0]?.when, 'Every year, between 1 June and 31 July, for the next year')
  })

  it('is not among those whose list, case or match somebody may choose', async () => {
    for (const path of [
      '/eligibility',
      '/cases/new',
      '/matching/new',
      '/schools/900016/eligibility',
      '/leaders',
      '/',
    ]) {
      const answer = await service.get(path)
      assert.ok(answer.status === 200 || answer.status === 303, `${path} ${answer.status}`)
      assert.doesNotMatch(answer.text, TITLES, path)
      for (const ref of ON_PAPER) assert.ok(!`${answer.body} ${answer.location}`.includes(ref), `${path} ${ref}`)
    }
  })

  it('is refused where its address or name is typed all the same, and nothing is kept', async () => {
    for (const ref of ON_PAPER) {
      for (const path of [
        `/eligibility/${ref}`,
        `/eligibility/${ref}/requests`,
        `/eligibility/${ref}/schools/900016`,
        `/programmes/${ref}/values`,
        `/programmes/${ref}/catalogue`,
      ])
        assert.equal((await service.get(path)).status, 404, path)
      const begun = await service.postJson('/api/v1/cases', { programme: ref, urn: 900016 })
      assert.equal(begun.status, 422, begun.text)
      assert.match(begun.body, /programme\.unknown/)
      assert.equal((await service.post('/cases/new', { programme: ref, subject: '900016' })).status, 422)
      const match = { programme: ref, name: 'Typed', urns: '900001', term: 'spring-2024', days: '2' }
      assert.equal((await service.post('/matching', match)).status, 422)
    }
    const { rows } = await service.database.pool.query('select id from support_case union all select id from scenario')
    assert.equal(rows.length, 0)
  })

  it('has roles that can be granted and that let nobody do anything', async () => {
    const { cookie } = await service.postJson('/demo/sign-in', { person: 'tsc-rep' })
    const person = service.as(cookie)
    assert.match((await person.get('/account')).text, /Regional representative of the council/)
    const { rows } = await service.database.pool.query(
      "select id from person where 'tsc-rep' = any (demonstration_ids)",
    )
    assert.match((await service.get(`/people/${rows[0].id}`)).text, /Local leaders of education, not run yet/)
    assert.equal((await person.get('/cases')).status, 403)
    assert.equal((await person.get('/programmes/lle@2017')).status, 200)
  })
})
