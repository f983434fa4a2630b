import assert from 'node:assert/strict'
import { test } from 'node:test'
import { AFTER, DEPLOYMENT, PEOPLE, SCHOOL, STUDY } from './deployment-story.ts'
import { openApiStory, send } from './story-api.ts'

test('by the API alone: a school that qualifies gets fifteen days, the claim of £9,000 is paid and a case study is published', async (t) => {
  const story = await openApiStory(t, '2023-11-22')
  const { desk } = story
  const rg = await desk.as(PEOPLE.rg)
  const qualifying = (await rg.get('/api/v1/eligibility/tsi@2023-24?on=2023-11-22')).json<{
    qualifying?: unknown
  }>()
  assert.match(JSON.stringify(qualifying), new RegExp(SCHOOL))
  const reference = await rg.start({ urn: SCHOOL })
  await story.lives(reference, DEPLOYMENT)

  const books = () => story.books(PEOPLE.leader, reference)
  assert.deepEqual(await books(), { committed: 0, claimed: 0, due: 9000, 'with-payer': 0, paid: 0 })
  await story.pays(PEOPLE.rg, PEOPLE.payments)
  assert.deepEqual(await books(), { committed: 0, claimed: 0, due: 0, 'with-payer': 0, paid: 9000 })

  await story.lives(reference, [AFTER])
  assert.equal((await rg.read(reference)).caseStatus, 'closed')
  const rdp = await desk.as(PEOPLE.rdp)
  const { reference: study = '' } = await send(rdp, '/case-studies', { cases: [reference] })
  const { version } = (await rdp.get(`/api/v1/case-studies/${study}`)).json<{ version: number }>()
  await send(rdp, `/case-studies/${study}`, { version, sections: STUDY.sections })
  await send(await desk.as(PEOPLE.head), `/case-studies/${study}/consents`, { ...STUDY.consent, subject: SCHOOL })
  await send(rg, `/case-studies/${study}/approval`)
  await send(rg, `/case-studies/${study}/publish`)
  const read = await desk.as('L-01')
  assert.match((await read.get(`/api/v1/case-studies/${study}`)).body, /"state":"published"/)
})
