import assert from 'node:assert/strict'
import { test } from 'node:test'
import { DEPLOYMENT, PEOPLE, type StoryDay } from './deployment-story.ts'
import { fillAndSend } from './fill-form.ts'
import { expectWords, readMain } from './story.ts'
import { keepPicture, openCast } from './story-cast.ts'

const { rg: RG, rdp: RDP } = PEOPLE
const HEAD_MAIL = 'elspeth.larkinroe@example.org'

/** The first day of the first story, up to what the delivery partner is to send to the school. */
function untilSuggested(): StoryDay {
  const [first = { on: '', deeds: [] }] = DEPLOYMENT
  const end = first.deeds.findIndex(({ at }) => at === 'steps/suggest')
  return { on: first.on, deeds: first.deeds.slice(0, end) }
}

test('the delivery partner sees that a letter bounced, sends it anew, and sees who is late', async (t) => {
  const cast = await openCast(t, '2023-11-22', [])
  const { desk } = cast
  const reference = await (await desk.as(RG)).start({ urn: '900001' })
  await cast.lives(reference, [untilSuggested()], 'api')

  // What is sent is read first; then it bounces, and its step is there again.
  await desk.service.put('/demo/mail', { mail: 'bounces', only: HEAD_MAIL })
  const partner = await cast.open(RDP, '/my-work')
  await partner
    .getByRole('link', { name: /Suggestion of the leader/ })
    .first()
    .click()
  await expectWords(partner, new RegExp(`This sends:.*${HEAD_MAIL}`))
  await keepPicture(partner, RDP)
  await fillAndSend(partner, {}, 'Suggest the leader')
  await desk.service.get('/demo/outbox')
  await partner.goto(`${cast.origin}/my-work`)
  await keepPicture(partner, RDP)
  await expectWords(partner, /Not delivered to Elspeth Larkin-Roe/i)
  await partner.goto(`${cast.origin}/cases/${reference}`)
  await keepPicture(partner, RDP)
  await expectWords(partner, /not delivered to Elspeth Larkin-Roe/i)
  await partner.getByRole('link', { name: 'Messages of the case' }).first().click()
  await expectWords(partner, /Refused.*The address does not exist/)
  await keepPicture(partner, RDP)

  // The address works again: the same step, sent anew, and the school is asked.
  await desk.service.put('/demo/mail', { mail: 'works' })
  await cast.does(reference, { by: RDP, at: 'steps/suggest' })
  await partner.goto(`${cast.origin}/cases/${reference}`)
  assert.doesNotMatch(await readMain(partner), /not delivered/i)
  await expectWords(partner, /School confirmation/)

  // Two weeks later nobody has answered: the report names who is late and by how much.
  desk.setToday('2023-12-06')
  const late = await cast.open(RDP, '/reports/late')
  await expectWords(late, new RegExp(`School confirmation.*${reference}|${reference}.*School confirmation`))
  await expectWords(late, /Supported school or trust/)
  const work = await cast.open(RDP, '/my-work')
  await expectWords(work, /Waiting on others.*School confirmation.*7 working days late/)
})
