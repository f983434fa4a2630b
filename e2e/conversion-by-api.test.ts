import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openChangeNights } from '../world/case-desk.ts'
import { CHIEF, CLOSED, DECIDED, days, HEAD, LEADER, LINK, NEW, OLD, WORKED } from './conversion-story.ts'
import { PEOPLE } from './deployment-story.ts'
import { openApiStory, send } from './story-api.ts'

const { rg: RG, payments: PAYMENTS } = PEOPLE

test('by the API alone: a school becomes an academy half way, its case moves with it and is paid under the new number', async (t) => {
  const story = await openApiStory(t, '2023-11-22')
  const { desk, lives } = story
  const nights = await openChangeNights(desk)
  t.after(() => nights.remove())
  await nights.night('2023-11-21', [OLD])
  const owner = await desk.as(RG)
  const reference = await owner.start({ urn: OLD.urn })
  await lives(reference, days('2023-11-22', '2023-12-04', HEAD))

  desk.setToday('2024-01-08')
  assert.equal(await nights.night('2024-01-08', [{ ...OLD, status: 'Closed', closed: '31-12-2023' }, NEW], [LINK]), 1)
  const { subjectChanges } = (await owner.get(`/api/v1/cases/${reference}`)).json<{
    subjectChanges: readonly { id: number }[]
  }>()
  const path = `/cases/${reference}/subject-changes/${subjectChanges[0]?.id}`
  const { seen } = (await owner.get(`/api/v1${path}`)).json<{ seen: string }>()
  await send(owner, path, {
    choice: 'move',
    successor: NEW.urn,
    reason: 'The academy goes on with the same staff',
    seen,
  })
  type Moved = { subject: { urn: number; name: string } }
  const moved = (await owner.get(`/api/v1/cases/${reference}`)).json<Moved>()
  assert.deepEqual([moved.subject.urn, moved.subject.name], [NEW.urn, NEW.name])
  assert.equal((await (await desk.as(HEAD)).read(reference)).status, 404)
  assert.equal((await (await desk.as(CHIEF)).read(reference)).status, 200)

  // Nobody is recorded there as head teacher: whoever it is from now on is entered by the administrator.
  const person = { name: 'Odette Marlbank', email: 'odette.marlbank@example.org' }
  const role = { role: 'tsi/head', scope: 'establishment', values: String(NEW.urn) }
  await send(await desk.as('admin'), '/people', { ...person, ...role })

  await lives(reference, days('2024-01-22', '2024-01-22', CHIEF))
  await lives(reference, [{ on: '2024-02-23', deeds: WORKED }, ...CLOSED, { on: '2024-02-27', deeds: DECIDED }])
  await story.pays(RG, PAYMENTS)
  assert.equal((await story.books(LEADER, reference))['paid'], 6000)
  assert.equal((await (await desk.as(CHIEF)).read(reference)).caseStatus, 'closed')
  assert.match((await owner.get(`/api/v1/cases?q=${NEW.urn}`)).body, new RegExp(reference))
})
