import { test } from 'node:test'
import { AFTER, DEPLOYMENT, PEOPLE, SCHOOL, STUDY } from './deployment-story.ts'
import { fillAndSend } from './fill-form.ts'
import { expectHeading, expectWords } from './story.ts'
import { openCast, press } from './story-cast.ts'

test('in the browser: six people bring help to a school, from who qualifies to the published case study', async (t) => {
  const cast = await openCast(t, '2023-11-22', [PEOPLE.leader, PEOPLE.head])
  const { at, origin } = cast
  const officer = await cast.open(PEOPLE.rg, '/eligibility/tsi@2023-24')
  await officer.getByRole('link', { name: 'Larkbeck Primary School', exact: true }).first().click()
  await expectHeading(officer, 'Larkbeck Primary School')
  const reference = await cast.begin(PEOPLE.rg, SCHOOL)
  await cast.lives(reference, DEPLOYMENT, 'pages')

  const leader = await cast.open(PEOPLE.leader, `/cases/${reference}/money`)
  await expectWords(leader, /£9,000/)
  await cast.pays(PEOPLE.rg, PEOPLE.payments)
  await leader.reload()
  await expectWords(leader, /Paid/)

  await cast.lives(reference, [AFTER], 'pages')
  const rdp = await at(PEOPLE.rdp)
  await rdp.goto(`${origin}/case-studies/new`)
  await fillAndSend(rdp, { cases: reference }, 'Begin the study')
  const study = /CS-\d+/.exec(rdp.url())?.[0] ?? ''
  await rdp.goto(`${origin}/case-studies/${study}/edit`)
  const texts = Object.entries(STUDY.sections).map(([id, words]) => [`text-${id}`, words])
  await fillAndSend(rdp, Object.fromEntries(texts), 'Write the study')
  const head = await at(PEOPLE.head)
  await head.goto(`${origin}/case-studies/${study}/publishing`)
  const { answer, way, givenBy, givenOn } = STUDY.consent
  await fillAndSend(head, { answer, way, givenBy, givenOn }, 'Agree to the study')
  const publisher = await at(PEOPLE.rg)
  await publisher.goto(`${origin}/case-studies/${study}/publishing`)
  await press(publisher, 'Approve as it stands')
  await publisher.goto(`${origin}/case-studies/${study}/publishing`)
  await press(publisher, /^Publish/)
  await head.goto(`${origin}/case-studies/${study}`)
  await expectWords(head, /Calm corridors/)
  await publisher.goto(`${origin}/cases/${reference}`)
  await expectWords(publisher, /Closed/i)
})
