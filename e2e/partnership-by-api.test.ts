import assert from 'node:assert/strict'
import { test } from 'node:test'
import { PEOPLE } from './deployment-story.ts'
import {
  AGREED,
  AGREES,
  APPLIES,
  ASKS_FOR_BOTH,
  ASSESSED,
  BEFORE,
  CLOSES,
  CONFIRMED,
  DECIDED,
  ENDED,
  HEAD,
  REPORTED,
  REQUEST,
  REST_OF_THE_DAYS,
  SCHOOL,
  SIGNED,
} from './partnership-story.ts'
import { openApiStory } from './story-api.ts'

const { rg: RG, leader: LEADER, payments: PAYMENTS } = PEOPLE

test('by the API alone: a school goes on with a funded partnership, is refused the extra days, and both payments are made', async (t) => {
  const story = await openApiStory(t, '2023-11-22')
  const { desk, lives } = story
  const reference = await (await desk.as(RG)).start({ urn: SCHOOL })
  const grant = `${reference}-1`
  await lives(reference, BEFORE)
  await lives(reference, [{ on: '2024-02-26', deeds: [ASSESSED, AGREES, ...APPLIES, ...ASKS_FOR_BOTH] }])

  const leader = await desk.as(LEADER)
  const refused = await leader.act(reference, 'request-extra-days', REQUEST)
  assert.deepEqual([refused.status, refused.codes], [409, ['child.one-of-group']])
  assert.match(refused.message, new RegExp(`Only one of Extra days and Funded partnership.*${grant}, is open already`))
  const { extraDays } = (await leader.get(`/api/v1/cases/${reference}`)).json<{ extraDays: number }>()
  assert.equal(extraDays, 0)

  await lives(reference, [REST_OF_THE_DAYS, { on: '2024-03-12', deeds: DECIDED }])
  const due = async () => (await story.books(RG, grant))['due']
  await lives(reference, [{ on: '2024-04-11', deeds: [SIGNED] }])
  assert.equal(await due(), 0, 'not before both have signed the agreement')
  await story.does(reference, AGREED)
  assert.equal(await due(), 5000)
  await story.pays(RG, PAYMENTS)
  // The case counts what stands beside it: ten days at £600, and half of the grant.
  assert.equal((await story.books(LEADER, reference))['paid'], 11000)
  assert.equal((await story.books(RG, grant))['paid'], 5000)
  await lives(reference, [{ on: '2024-04-11', deeds: CLOSES }])
  assert.equal((await leader.read(reference)).caseStatus, 'closed')

  desk.setToday('2025-04-16')
  await story.does(reference, REPORTED)
  assert.equal(await due(), 0, 'not before the school has confirmed the report')
  for (const deed of CONFIRMED) await story.does(reference, deed)
  assert.equal(await due(), 5000)
  await story.pays(RG, PAYMENTS)
  assert.equal((await story.books(RG, grant))['paid'], 10000)
  await story.does(reference, ENDED)
  assert.equal((await (await desk.as(HEAD)).read(grant)).caseStatus, 'closed')
})
